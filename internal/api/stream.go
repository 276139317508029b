package api

import (
	"errors"
	"sync"

	"lobby/internal/workspace"
)

// errTooManyStreams refuses a request that would wait for changes.
var errTooManyStreams = errors.New("too many clients wait for changes")

// maxStreams and maxOwnStreams are how many requests may wait for changes at once: in all, and in one workspace.
const maxStreams, maxOwnStreams = 500, 50

// streams counts the requests that wait for changes.
type streams struct {
	mu  sync.Mutex
	all int
	of  map[workspace.ID]int
}

// begin counts one more, or reports false when there are too many.
func (s *streams) begin(ws workspace.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all >= maxStreams || s.of[ws] >= maxOwnStreams {
		return false
	}
	if s.of == nil {
		s.of = map[workspace.ID]int{}
	}
	s.all++
	s.of[ws]++
	return true
}

func (s *streams) end(ws workspace.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.of[ws]--; s.of[ws] == 0 {
		delete(s.of, ws)
	}
}

package httpserver

import (
	"crypto/rand"
	"encoding/hex"
	"sync"
)

// idSource makes request ids, UUIDs of version 4. Asking the system for the randomness of many at once makes each
// several times cheaper.
type idSource struct {
	mu     sync.Mutex
	random [4096]byte
	used   int
}

func newIDSource() *idSource {
	s := new(idSource)
	s.used = len(s.random)
	return s
}

func (s *idSource) next() string {
	s.mu.Lock()
	if s.used == len(s.random) {
		rand.Read(s.random[:]) // never fails: without randomness it ends the program
		s.used = 0
	}
	id := [16]byte(s.random[s.used:])
	s.used += len(id)
	s.mu.Unlock()

	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	text := [36]byte{8: '-', 13: '-', 18: '-', 23: '-'}
	hex.Encode(text[0:], id[0:4])
	hex.Encode(text[9:], id[4:6])
	hex.Encode(text[14:], id[6:8])
	hex.Encode(text[19:], id[8:10])
	hex.Encode(text[24:], id[10:16])
	return string(text[:])
}

package sqlengine

import (
	"context"
	"sync"
)

// shares bounds how many transactions of one owner run at once, so that others find room. Owners are texts; those that
// wait take turns in the order in which they came.
type shares struct {
	max int

	mu     sync.Mutex
	owners map[string]*share
}

type share struct {
	running int
	waiting []chan struct{} // closed when it is their turn
}

// newShares returns shares of at least one.
func newShares(maxEach int) *shares {
	return &shares{max: max(1, maxEach), owners: map[string]*share{}}
}

// enter waits until the owner may begin another transaction, or returns the error of ctx. A nil error asks for one leave.
func (s *shares) enter(ctx context.Context, owner string) error {
	s.mu.Lock()
	own := s.owners[owner]
	if own == nil {
		own = &share{}
		s.owners[owner] = own
	}
	if own.running < s.max {
		own.running++
		s.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	own.waiting = append(own.waiting, turn)
	s.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, waiting := range own.waiting {
		if waiting == turn {
			own.waiting = append(own.waiting[:i], own.waiting[i+1:]...)
			return ctx.Err()
		}
	}
	s.pass(owner, own) // its turn came in the same moment
	return ctx.Err()
}

// leave ends what enter began.
func (s *shares) leave(owner string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pass(owner, s.owners[owner])
}

// pass gives a place to whoever waits for it longest.
func (s *shares) pass(owner string, own *share) {
	if len(own.waiting) > 0 {
		close(own.waiting[0])
		own.waiting = own.waiting[1:]
		return
	}
	if own.running--; own.running == 0 {
		delete(s.owners, owner)
	}
}

package messenger

import (
	"sync"

	"lobby/internal/cache"
)

// session is what was handled of one boot-to-shutdown of a script. Every ping carries all that was not yet answered. So
// an older ping that arrives after a newer one has nothing to add, and an event that was stored comes again when the
// response was lost.
//
// It is kept in memory only. After a restart the natural keys of what is stored do the same, but for what happened twice
// in a second.
type session struct {
	mu sync.Mutex // held while a ping is handled: those of one session come one after the other
	// ping and event are the numbers of the last ping and the last event that were handled.
	ping, event int64
}

// lockSession returns the session of a call, locked.
func (m *messenger) lockSession(c *call) *session {
	s := &session{}
	if c.session != "" {
		s, _ = m.sessions.Get(cache.DigestOf(string(c.workspace.ID), c.session), func() (*session, error) { return s, nil })
	}
	s.mu.Lock()
	return s
}

// isLate reports whether a newer ping was handled before this one.
func (s *session) isLate(c *call) bool { return c.number != 0 && c.number <= s.ping }

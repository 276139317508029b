package messenger

import (
	"sync"

	"lobby/internal/people"
)

// session is how far one boot-to-shutdown of a script has been heard. Every ping carries all that was not yet answered
// for, so an older one that arrives after a newer one has nothing to add, and a deed that was stored comes again when
// the answer was lost.
//
// It is kept in memory only: after a restart the natural keys of what is stored do the same but for what happened twice
// in a second.
type session struct {
	mu         sync.Mutex // held while a ping is handled: those of one session come one after the other
	ping, deed int64
}

type sessionKey struct {
	workspace people.WorkspaceID
	id        string
}

// enter answers the session of a call, locked.
func (m *messenger) enter(c *call) *session {
	s := &session{}
	if c.session != "" {
		s, _ = m.sessions.get(sessionKey{c.workspace.ID, c.session}, func() (*session, error) { return s, nil })
	}
	s.mu.Lock()
	return s
}

// isLate reports whether a newer ping was heard before this one.
func (s *session) isLate(c *call) bool { return c.number != 0 && c.number <= s.ping }

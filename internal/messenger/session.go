package messenger

import (
	"encoding/hex"
	"sync"

	"lobby/internal/cache"
	"lobby/internal/visit"
)

// session is what was handled of one boot-to-shutdown of a script. Every ping carries all that was not yet answered. So
// an older ping that arrives after a newer one has nothing to add, and an event that was stored comes again when the
// response was lost.
//
// This is what this server handled itself, which saves a question in most cases. The database has what all servers handled;
// see [visit.PageSession].
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

// pageSession returns the place of a call among those of its page, but for its events.
func (c *call) pageSession() visit.PageSession {
	s := visit.PageSession{Ping: c.number, FollowsUnanswered: c.form.Get("u") != ""}
	if c.session != "" {
		id := cache.DigestOf(string(c.workspace.ID), c.session)
		s.ID = hex.EncodeToString(id[:])
	}
	return s
}

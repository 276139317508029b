package visit

import (
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// PageSession is the place of a ping among those of one page, from boot to shutdown. A ping contains everything that was
// not yet answered, so an older one that is handled after a newer one has nothing to add.
type PageSession struct {
	// ID identifies the session; "" for a ping without an order, which is handled whenever it comes.
	ID string
	// Ping is the number of the ping.
	Ping int64
	// FollowsUnanswered says that an earlier ping of the session has no answer yet, so that it may still arrive.
	FollowsUnanswered bool
}

func (s *PageSession) hasOrder() bool { return s.ID != "" && s.Ping > 0 }

// enterPageSession stores that the ping is handled, and reports true, with IsLate in the result, when a newer one was.
func (run *pingRun) enterPageSession() (isLate bool, err error) {
	s := &run.ping.PageSession
	if !s.hasOrder() {
		return false, nil
	}
	last, isNewer, err := run.pageSessions().EnterPageSession(run.caller.Workspace, s.ID, s.Ping, run.visits.Unix())
	run.lastEvent, run.result.IsLate = last, err == nil && !isNewer
	return run.result.IsLate, err
}

// isFirstSight reports whether the ping needs its place only if its visitor is known already: a newer ping would have made
// the visitor, and no older one can come. Most pings that write are such, and so they cost no statement more.
func (run *pingRun) isFirstSight() bool {
	p := run.ping
	return !p.IsProven && !p.hasSession() && !p.ProvenOnly && p.User == people.UserRef{} && len(p.Events) == 0 && !p.FollowsUnanswered
}

// leavePageSession stores which events were handled. A ping of which a part is left may come again.
func (run *pingRun) leavePageSession() error {
	s, result := &run.ping.PageSession, run.result
	ping, event := s.Ping, run.lastEvent
	for _, e := range run.ping.Events[:result.Handled] {
		event = max(event, e.Number)
	}
	if result.Limited != nil {
		ping--
	}
	if !s.hasOrder() || ping == s.Ping && event == run.lastEvent {
		return nil
	}
	return run.pageSessions().SetPageSession(run.caller.Workspace, s.ID, ping, event)
}

// wasHandled reports whether an event was handled with a former ping of the session.
func (run *pingRun) wasHandled(e *PingEvent) bool { return e.Number > 0 && e.Number <= run.lastEvent }

// pageSessions returns the writer of page sessions in the transaction of the ping; see [people.Store.Workspaces].
func (run *pingRun) pageSessions() workspace.PageSessionWriter {
	return run.writer.(workspace.PageSessionWriter)
}

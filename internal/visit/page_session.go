package visit

import "lobby/internal/workspace"

// PageSession is the place of a ping among those of one page, from boot to shutdown. A ping contains everything that was
// not yet answered, so an older one that is handled after a newer one has nothing to add.
type PageSession struct {
	// ID identifies the session; "" for a ping without an order, which is handled whenever it comes.
	ID string
	// Ping is the number of the ping and LastEvent the highest number of its events, page views included.
	Ping, LastEvent int64
	// FollowsUnanswered says that an earlier ping of the session has no answer yet, so that it may still arrive.
	FollowsUnanswered bool
}

func (s *PageSession) hasOrder() bool { return s.ID != "" && s.Ping > 0 }

// enterPageSession stores that the ping is handled, and reports false when a newer one was.
func (run *pingRun) enterPageSession() (isNewer bool, err error) {
	s := &run.ping.PageSession
	if !s.hasOrder() {
		return true, nil
	}
	run.lastEvent, isNewer, err = run.pageSessions().EnterPageSession(run.caller.Workspace, s.ID, s.Ping, run.visits.Unix())
	return isNewer, err
}

// leavePageSession stores which events were handled. A ping of which a part is left may come again.
func (run *pingRun) leavePageSession() error {
	s, result := &run.ping.PageSession, run.result
	ping, event := s.Ping, max(run.lastEvent, s.LastEvent)
	if result.Limited != nil {
		ping, event = ping-1, run.lastEvent
		if result.Handled > 0 {
			event = max(event, run.ping.Events[result.Handled-1].Number)
		}
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

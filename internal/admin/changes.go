package admin

import (
	"errors"
	"net/http"
	"time"

	"lobby/internal/account"
	"lobby/internal/live"
)

const (
	// changesPause is the least time between two events, so that a busy inbox is not read all the time.
	changesPause = time.Second
	// changesBeat is how often a stream without changes sends something. The rights of its page are then looked at again.
	changesBeat = 15 * time.Second
	// changesPatience is how long a page may take to take an event.
	changesPatience = 30 * time.Second
)

// tellChanges sends an event now and whenever something has changed: in the conversation whose id the address names, else in
// any. It tells that something has changed, never what: the page reads itself again, under its own rights.
func (a *admin) tellChanges(r *request) error {
	if a.hub == nil {
		return live.ErrTooMany
	}
	sub, err := a.hub.Subscribe(r.member.Workspace, "login/"+r.presence.Login.ID)
	if err != nil {
		return err
	}
	defer sub.End()
	if id := r.URL.Query().Get("id"); id != "" {
		sub.Watch(live.SubjectKey(id))
	} else {
		sub.Watch(live.TopicKey("conversation"))
	}
	h := r.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // nginx would keep the events back
	r.w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	for event := "data: changed\n\n"; r.tell(event); {
		if !r.pause(changesPause) {
			return nil
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-a.hub.Closed():
			return nil
		case <-sub.Changed():
			event = "data: changed\n\n"
		case <-time.After(changesBeat):
			event = ":\n\n"
		}
		if !r.isStillMember() {
			return nil
		}
	}
	return nil
}

// pause waits, and reports false when the page has gone or the server stops.
func (r *request) pause(d time.Duration) bool {
	select {
	case <-r.Context().Done():
		return false
	case <-r.admin.hub.Closed():
		return false
	case <-time.After(d):
		return true
	}
}

// tell reports whether the page took a piece of a stream.
func (r *request) tell(piece string) bool {
	on := http.NewResponseController(r.w)
	// Where a deadline cannot be set there is none, as in tests.
	_ = on.SetReadDeadline(time.Time{})
	_ = on.SetWriteDeadline(time.Now().Add(changesPatience))
	_, err := r.w.Write([]byte(piece))
	return err == nil && on.Flush() == nil
}

// isStillMember reports whether who opened the page is signed in and in the team. A database that cannot say so now decides nothing.
func (r *request) isStillMember() bool {
	p, err := r.admin.accounts.Present(r.Context(), r.key)
	if err != nil {
		return !errors.Is(err, account.ErrSignedOut)
	}
	return p.Membership(r.member.Workspace) != nil
}

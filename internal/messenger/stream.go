package messenger

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"lobby/internal/live"
	"lobby/internal/workspace"
)

const (
	// heartbeat is how often a stream without changes sends something, so that no proxy believes it to be dead. The rights
	// of its page are then looked at again.
	heartbeat = 15 * time.Second
	// streamPatience is how long a page may take to take a piece of a stream.
	streamPatience = 30 * time.Second
)

// stream sends the list of a person's conversations as server-sent events, now and whenever it becomes another one, until
// the page goes, the server stops, or the page may not see it any more. What it returns came before the first byte.
//
// A page reads it with fetch: its proof is in the body, as in every other request, and in no address that somebody logs.
func (m *messenger) stream(w http.ResponseWriter, r *http.Request) error {
	if m.hub == nil {
		return live.ErrTooMany
	}
	s := &ownStream{m: m, w: w, r: r}
	err := m.inTurn(r, func() (err error) {
		if s.ask, err = m.readAsker(w, r); err != nil {
			return err
		}
		client := m.limiter.anonymous.key(s.ask.address, m.lobby.Now())
		if s.sub, err = m.hub.Subscribe(s.ask.caller.Workspace, string(client[:])); err != nil {
			return err
		}
		return s.look()
	})
	if s.sub != nil {
		defer s.sub.End()
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no") // nginx would keep the events back
	w.WriteHeader(http.StatusOK)
	s.run()
	return nil
}

// ownStream is one stream of a page.
type ownStream struct {
	m    *messenger
	w    http.ResponseWriter
	r    *http.Request
	ask  *asker
	sub  *live.Subscription
	keys []string // that the subscription waits for
	list []byte   // as it was read last
	sent []byte
	// retry is when it looks again after a failure; nil for not at all.
	retry <-chan time.Time
}

// look reads the list, and waits for whatever would change it.
func (s *ownStream) look() error {
	for {
		found, err := s.m.ownList(s.r.Context(), s.ask)
		if err != nil {
			return err
		}
		if s.list, err = json.Marshal(shownList(found)); err != nil {
			return err
		}
		keys := []string{live.PersonKey(found.PersonID)}
		for _, c := range found.Conversations {
			keys = append(keys, live.SubjectKey(c.OwnRef().String()))
		}
		slices.Sort(keys)
		if slices.Equal(keys, s.keys) {
			return nil
		}
		s.keys = keys
		s.sub.Watch(keys...) // what changed before it waited is read now
	}
}

// lookAgain is look, for whoever the page speaks for by now.
func (s *ownStream) lookAgain() error {
	c := s.ask.call
	ws, err := s.m.workspace(s.r.Context(), c.workspace.ID)
	if err != nil {
		return err
	}
	c.workspace = ws
	if err := checkOrigin(ws, c.header.Get("Origin"), c.isApp()); err != nil {
		return err
	}
	return s.m.inTurn(s.r, func() (err error) {
		if s.ask, err = s.m.ask(c); err != nil {
			return err
		}
		return s.look()
	})
}

// run sends what changes.
func (s *ownStream) run() {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		piece := []byte(":\n\n")
		if !bytes.Equal(s.list, s.sent) {
			s.sent = s.list
			piece = slices.Concat([]byte("data: "), s.list, []byte("\n\n"))
		}
		if !s.send(piece) {
			return
		}
		for isSame := true; isSame; isSame = isSame && bytes.Equal(s.list, s.sent) { // a note, say, is nothing that a page learns of
			select {
			case <-s.r.Context().Done():
				return
			case <-s.m.hub.Closed():
				return
			case <-s.sub.Changed():
			case <-s.retry:
			case <-beat.C:
				isSame = false
			}
			s.retry = nil
			switch err := s.lookAgain(); {
			case isPassing(err):
				s.retry = time.After(retryPause)
			case err != nil:
				return
			}
		}
	}
}

// retryPause is how long a stream waits after a failure that will pass.
const retryPause = time.Second

// isPassing reports whether a failure says nothing of a page's rights.
func isPassing(err error) bool {
	var many *errTooManyRequests
	return errors.As(err, &many) || errors.Is(err, workspace.ErrUnavailable)
}

// send reports whether the page took a piece.
func (s *ownStream) send(piece []byte) bool {
	on := http.NewResponseController(s.w)
	// Where a deadline cannot be set there is none, as in tests.
	_ = on.SetReadDeadline(time.Time{})
	_ = on.SetWriteDeadline(time.Now().Add(streamPatience))
	_, err := s.w.Write(piece)
	return err == nil && on.Flush() == nil
}

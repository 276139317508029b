package live_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"lobby/internal/live"
	"lobby/internal/workspace"
)

const (
	acme  workspace.ID = "acme"
	rival workspace.ID = "rival"
)

func subscribe(t *testing.T, h *live.Hub, ws workspace.ID, keys ...string) *live.Subscription {
	t.Helper()
	s, err := h.Subscribe(ws, "a client")
	if err != nil {
		t.Fatal(err)
	}
	s.Watch(keys...)
	return s
}

// woken reports whether a subscription has a change to look for, and takes it.
func woken(s *live.Subscription) bool {
	select {
	case <-s.Changed():
		return true
	default:
		return false
	}
}

func TestOnlyWhoWaitsForATopicIsWoken(t *testing.T) {
	t.Parallel()
	h := live.New(live.Limits{All: 10, Workspace: 10, Client: 10})
	one, other, elsewhere := subscribe(t, h, acme, "a", "b"), subscribe(t, h, acme, "c"), subscribe(t, h, rival, "a")
	for range 1000 { // that nobody reads
		h.Tell(live.Topic{Workspace: acme, Key: "a"}, live.Topic{Workspace: acme, Key: "b"})
	}
	if !woken(one) || woken(one) || woken(other) || woken(elsewhere) {
		t.Error("not exactly the one who waits is woken, once")
	}
	one.Watch("c")
	h.Tell(live.Topic{Workspace: acme, Key: "a"})
	if woken(one) {
		t.Error("it still waits for what it waited for before")
	}
	one.End()
	one.End()
	h.Tell(live.Topic{Workspace: acme, Key: "c"})
	if woken(one) || !woken(other) {
		t.Error("who has ended is woken, or who has not is not")
	}
	h.Close()
	<-h.Closed()
}

func TestSubscriptionsAreLimited(t *testing.T) {
	t.Parallel()
	h := live.New(live.Limits{All: 4, Workspace: 3, Client: 2})
	add := func(ws workspace.ID, client string, want error) *live.Subscription {
		t.Helper()
		s, err := h.Subscribe(ws, client)
		if !errors.Is(err, want) {
			t.Errorf("%s of %s: %v, want %v", client, ws, err, want)
		}
		return s
	}
	first := add(acme, "a", nil)
	add(acme, "a", nil)
	add(acme, "a", live.ErrTooMany)
	add(acme, "b", nil)
	add(acme, "c", live.ErrTooMany)
	add(rival, "c", nil)
	add(rival, "d", live.ErrTooMany)
	first.End()
	add(acme, "a", nil)
	if h.Open() != 4 {
		t.Errorf("there are %d", h.Open())
	}
}

// outbox is what servers have committed.
type outbox struct {
	entries []*workspace.OutboxEntry
	reads   int
}

func (o *outbox) commit(person, subject string) {
	o.entries = append(o.entries, &workspace.OutboxEntry{Workspace: acme, PersonID: person, SubjectID: subject, Sequence: int64(len(o.entries) + 1)})
}

func (o *outbox) LastSequence(ws workspace.ID) (int64, error) {
	o.reads++
	if ws != acme {
		return 0, nil
	}
	return int64(len(o.entries)), nil
}

func (o *outbox) Outbox(_ workspace.ID, after int64, limit int) ([]*workspace.OutboxEntry, error) {
	all := slices.Clone(o.entries[after:])
	return all[:min(len(all), limit)], nil
}

func TestTheOutboxOfOtherServersIsFollowed(t *testing.T) {
	t.Parallel()
	h, o := live.New(live.Limits{All: 10, Workspace: 10, Client: 10}), &outbox{}
	follow := func() {
		t.Helper()
		err := h.Follow(t.Context(), func(_ context.Context, fn func(live.Outbox) error) error { return fn(o) })
		if err != nil {
			t.Fatal(err)
		}
	}
	o.commit("ada", "1/7")
	if follow(); o.reads != 0 {
		t.Error("it reads although nobody waits")
	}
	ada, one := subscribe(t, h, acme, live.PersonKey("ada")), subscribe(t, h, acme, live.SubjectKey("1"))
	if follow(); !woken(ada) || !woken(one) {
		t.Error("who waits first does not look again, and may have missed something")
	}
	if follow(); woken(ada) || woken(one) {
		t.Error("nothing wakes")
	}
	o.commit("bob", "1/8")
	if follow(); woken(ada) || !woken(one) {
		t.Error("not exactly the one is woken")
	}
	o.commit("ada", "2")
	if follow(); !woken(ada) || woken(one) {
		t.Error("not exactly Ada is woken")
	}
	for range 1000 {
		o.commit("bob", "3")
	}
	if follow(); !woken(ada) || !woken(one) {
		t.Error("more than can be read does not wake everybody")
	}
	o.entries = o.entries[:2] // an older copy of the data
	if follow(); !woken(ada) || !woken(one) {
		t.Error("an outbox that has shrunk does not wake everybody")
	}
	o.commit("ada", "4")
	if follow(); !woken(ada) || woken(one) {
		t.Error("after that it is not followed")
	}
	ada.End()
	one.End()
	reads := o.reads
	if follow(); o.reads != reads {
		t.Error("it reads although nobody waits any more")
	}
}

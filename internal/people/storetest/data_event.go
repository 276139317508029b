package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
)

func dataEvents(s suite) {
	s.test("a data event comes back as it was, each workspace its own", wholeDataEvent)
	s.test("the same event in the same second is one event", sameSecond)
	s.test("the events of a person are newest first and those of the absorbed among them", deedsOfAbsorbed)
	s.test("a page tracks events of visitors and leads", tracked)
	s.test("a page tracks nothing of anybody else", notTracked)
	s.test("an event has a time that has been", eventTime)
	s.test("an event is told of once", toldOnce)
}

func dataEvent(p *people.Person, name string, at int64) *people.DataEvent {
	return &people.DataEvent{Workspace: p.Workspace, ID: newID(time.Unix(begin, 0)), PersonID: p.ID, Name: name, CreatedAt: at}
}

// deeds answers the data events of a person of acme.
func (w *world) deeds(t *testing.T, id string) []*people.DataEvent {
	t.Helper()
	return get(t, w, func(r people.Reader) ([]*people.DataEvent, error) { return r.DataEvents(acme, id, 1000) })
}

// did stores data events and answers for each whether it was new.
func (w *world) did(t *testing.T, all ...*people.DataEvent) []bool {
	t.Helper()
	var fresh []bool
	w.write(t, func(tx people.Writer) error {
		fresh = nil
		for _, e := range all {
			new, err := tx.InsertDataEvent(e)
			if err != nil {
				return err
			}
			fresh = append(fresh, new)
		}
		return nil
	})
	return fresh
}

func wholeDataEvent(t *testing.T, w *world) {
	ours := w.has(t, people.Visitor)
	theirs := ours.Clone()
	theirs.Workspace = rival
	w.insert(t, theirs)
	our, bare, their := dataEvent(ours, "ordered 日本", begin+1), dataEvent(ours, "left", begin), dataEvent(theirs, "ordered", begin)
	our.Metadata = `{"price": {"amount": 1999, "currency": "eur"}, "big": 12345678901234567890, "é": "'\u0000"}`
	expect(t, "what was new", []bool{true, true, true}, w.did(t, our, bare, their))
	expect(t, "our events", []*people.DataEvent{our, bare}, w.deeds(t, ours.ID))
	all := get(t, w, func(r people.Reader) ([]*people.DataEvent, error) { return r.DataEvents(rival, theirs.ID, 10) })
	expect(t, "their events", []*people.DataEvent{their}, all)
}

func sameSecond(t *testing.T, w *world) {
	p, other := w.has(t, people.Visitor), w.has(t, people.Visitor)
	first, again := dataEvent(p, "ordered", begin), dataEvent(p, "ordered", begin)
	first.Metadata, again.Metadata = `{"n": 1}`, `{"n": 2}`
	renamed, later, others := dataEvent(p, "Ordered", begin), dataEvent(p, "ordered", begin+1), dataEvent(other, "ordered", begin)
	expect(t, "what was new", []bool{true, false, true, true, true}, w.did(t, first, again, renamed, later, others))
	expect(t, "what was new in another write", []bool{false, false}, w.did(t, again, dataEvent(p, "ordered", begin+1)))
	expect(t, "the events", []*people.DataEvent{later, renamed, first}, w.deeds(t, p.ID))
}

func deedsOfAbsorbed(t *testing.T, w *world) {
	user, other := w.has(t, people.User), w.has(t, people.User)
	spent, spentToo := w.absorbed(t, user), w.absorbed(t, user)
	w.did(t, dataEvent(w.absorbed(t, other), "not ours", begin+9))
	all := []*people.DataEvent{
		dataEvent(spent, "a", begin+1), dataEvent(user, "b", begin+3), dataEvent(spentToo, "c", begin+2),
		dataEvent(spent, "d", begin+3), dataEvent(user, "e", begin),
	}
	w.did(t, all...)
	want := []*people.DataEvent{all[3], all[1], all[2], all[0], all[4]}
	expect(t, "the user's events", want, w.deeds(t, user.ID))
	page := get(t, w, func(r people.Reader) ([]*people.DataEvent, error) { return r.DataEvents(acme, user.ID, 2) })
	expect(t, "the newest two", want[:2], page)
	expect(t, "the absorbed one's own", []*people.DataEvent{all[3], all[0]}, w.deeds(t, spent.ID))
}

func tracked(t *testing.T, w *world) {
	visitor := w.has(t, people.Visitor)
	lead := w.has(t, people.Lead, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	w.clock.pass(time.Minute)
	for _, p := range []*people.Person{visitor, lead} {
		for _, name := range []string{"x", strings.Repeat("x", 255)} {
			e := people.DataEvent{Name: name, Metadata: `{"n": 1}`}
			if err := w.TrackEvent(t.Context(), w.caller, p.AnonymousID, e); err != nil {
				t.Fatalf("TrackEvent of a %s: %v", p.Role, err)
			}
			got := w.deeds(t, p.ID)[0]
			want := &people.DataEvent{
				Workspace: acme, ID: got.ID, PersonID: p.ID, Name: name, CreatedAt: begin + 60, Metadata: `{"n": 1}`,
			}
			expect(t, "the event", want, got)
			outbox := w.outbox(t)
			last := outbox[len(outbox)-1]
			expect(t, "the outbox", &people.Event{
				Workspace: acme, ID: last.ID, Topic: people.DataEventCreated, PersonID: p.ID, SubjectID: got.ID, CreatedAt: begin + 60,
			}, last)
		}
		expect(t, "the person", p, w.stored(t, p.ID))
	}
}

func notTracked(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	visitor := w.has(t, people.Visitor)
	archived := w.has(t, people.Visitor, func(p *people.Person) { p.State = people.Archived })
	blocked := w.has(t, people.Lead, func(p *people.Person) { p.State, p.AnonymousID = people.Blocked, w.NewUUID() })
	elsewhere := w.has(t, people.Visitor, func(p *people.Person) { p.Workspace = rival })
	for what, c := range map[string]struct {
		id   string
		want error
	}{
		"a user":           {user.AnonymousID, people.ErrSpent},
		"an absorbed one":  {w.absorbed(t, user).AnonymousID, people.ErrSpent},
		"an archived one":  {archived.AnonymousID, people.ErrSpent},
		"a blocked one":    {blocked.AnonymousID, people.ErrSpent},
		"an id":            {visitor.ID, people.ErrPersonNotFound},
		"another's":        {elsewhere.AnonymousID, people.ErrPersonNotFound},
		"nobody":           {"", people.ErrPersonNotFound},
		"an unheard of id": {w.NewUUID(), people.ErrPersonNotFound},
	} {
		if err := w.TrackEvent(t.Context(), w.caller, c.id, people.DataEvent{Name: "ordered"}); !errors.Is(err, c.want) {
			t.Errorf("TrackEvent of %s: %v, want %v", what, err, c.want)
		}
	}
	for _, name := range []string{"", strings.Repeat("x", 256)} {
		err := w.TrackEvent(t.Context(), w.caller, visitor.AnonymousID, people.DataEvent{Name: name})
		if _, invalid := errors.AsType[*people.InvalidError](err); !invalid {
			t.Errorf("TrackEvent of a name with %d bytes: %v", len(name), err)
		}
	}
	for _, p := range []*people.Person{user, visitor, archived, blocked} {
		if all := w.deeds(t, p.ID); len(all) != 0 {
			t.Errorf("%s did %v", p.ID, all)
		}
	}
	expect(t, "the outbox", []*people.Event(nil), w.outbox(t))
}

func eventTime(t *testing.T, w *world) {
	for given, want := range map[int64]int64{
		0: begin, -1: begin, begin - 1000: begin - 1000, begin: begin, begin + 1: begin, 1 << 60: begin,
	} {
		p := w.has(t, people.Visitor)
		if err := w.TrackEvent(t.Context(), w.caller, p.AnonymousID, people.DataEvent{Name: "x", CreatedAt: given}); err != nil {
			t.Fatal(err)
		}
		if got := w.deeds(t, p.ID)[0].CreatedAt; got != want {
			t.Errorf("an event of %d is of %d, want %d", given, got, want)
		}
	}
}

func toldOnce(t *testing.T, w *world) {
	p := w.has(t, people.Visitor)
	for range 3 {
		if err := w.TrackEvent(t.Context(), w.caller, p.AnonymousID, people.DataEvent{Name: "ordered"}); err != nil {
			t.Fatal(err)
		}
	}
	if deeds, outbox := w.deeds(t, p.ID), w.outbox(t); len(deeds) != 1 || len(outbox) != 1 {
		t.Errorf("there are %d events and %d entries in the outbox, want one of each", len(deeds), len(outbox))
	}
}

package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func events(s suite) {
	s.test("a data event comes back as it was, each workspace its own", wholeEvent)
	s.test("the same event in the same second is one event", sameSecond)
	s.test("the events of a person are newest first and those of the absorbed among them", eventsOfAbsorbed)
	s.test("what an absorbed person did in the same second is the same event", sameSecondAfterMerge)
	s.test("the events of a person are read in pages, and those of one second are told apart", pagesOfEvents)
	s.test("an event is listed for 90 days", forgottenEvents)
	s.test("a server tells of events of contacts, however it names them", submitted)
	s.test("a server tells of nobody else", notSubmitted)
	s.test("a page tracks events of visitors and leads", tracked)
	s.test("a page tracks nothing of anybody else", notTracked)
	s.test("a proven user's events are tracked by its id, and nobody else's", trackedUser)
	s.test("an event has a time that has been", eventTime)
	s.test("an event is told of once", toldOnce)
}

func eventOf(p *people.Person, name string, at int64) *people.Event {
	return &people.Event{Workspace: p.Workspace, ID: newID(time.Unix(begin, 0)), PersonID: p.ID, Name: name, CreatedAt: at}
}

// eventsOf answers the data events of a person of acme.
func (w *world) eventsOf(t *testing.T, id string) []*people.Event {
	t.Helper()
	return w.eventsWithin(t, acme, id, people.EventSpan{}, 1000)
}

// eventsWithin answers data events without their places.
func (w *world) eventsWithin(t *testing.T, ws workspace.ID, id string, span people.EventSpan, limit int) []*people.Event {
	t.Helper()
	all := get(t, w, func(r people.Reader) ([]*people.Event, error) { return r.Events(ws, id, span, limit) })
	for _, e := range all {
		e.Place = 0
	}
	return all
}

// did stores data events and answers for each whether it was new.
func (w *world) did(t *testing.T, all ...*people.Event) []bool {
	t.Helper()
	var fresh []bool
	w.write(t, func(tx people.Writer) error {
		fresh = nil
		for _, e := range all {
			new, err := tx.InsertEvent(e)
			if err != nil {
				return err
			}
			fresh = append(fresh, new)
		}
		return nil
	})
	return fresh
}

func wholeEvent(t *testing.T, w *world) {
	ours := w.has(t, people.Visitor)
	theirs := ours.Clone()
	theirs.Workspace = rival
	w.insert(t, theirs)
	our, bare, their := eventOf(ours, "ordered 日本", begin+1), eventOf(ours, "left", begin), eventOf(theirs, "ordered", begin)
	our.Metadata = `{"price": {"amount": 1999, "currency": "eur"}, "big": 12345678901234567890, "é": "'\u0000"}`
	expect(t, "what was new", []bool{true, true, true}, w.did(t, our, bare, their))
	expect(t, "our events", []*people.Event{our, bare}, w.eventsOf(t, ours.ID))
	expect(t, "their events", []*people.Event{their}, w.eventsWithin(t, rival, theirs.ID, people.EventSpan{}, 10))
}

func sameSecond(t *testing.T, w *world) {
	p, other := w.has(t, people.Visitor), w.has(t, people.Visitor)
	first, again := eventOf(p, "ordered", begin), eventOf(p, "ordered", begin)
	first.Metadata, again.Metadata = `{"n": 1}`, `{"n": 2}`
	renamed, later, others := eventOf(p, "Ordered", begin), eventOf(p, "ordered", begin+1), eventOf(other, "ordered", begin)
	expect(t, "what was new", []bool{true, false, true, true, true}, w.did(t, first, again, renamed, later, others))
	expect(t, "what was new in another write", []bool{false, false}, w.did(t, again, eventOf(p, "ordered", begin+1)))
	expect(t, "the events", []*people.Event{later, renamed, first}, w.eventsOf(t, p.ID))
}

func eventsOfAbsorbed(t *testing.T, w *world) {
	user, other := w.has(t, people.User), w.has(t, people.User)
	spent, spentToo := w.absorbed(t, user), w.absorbed(t, user)
	w.did(t, eventOf(w.absorbed(t, other), "not ours", begin+9))
	all := []*people.Event{
		eventOf(spent, "a", begin+1), eventOf(user, "b", begin+3), eventOf(spentToo, "c", begin+2),
		eventOf(spent, "d", begin+3), eventOf(user, "e", begin),
	}
	w.did(t, all...)
	want := []*people.Event{all[3], all[1], all[2], all[0], all[4]}
	expect(t, "the user's events", want, w.eventsOf(t, user.ID))
	expect(t, "the newest two", want[:2], w.eventsWithin(t, acme, user.ID, people.EventSpan{}, 2))
	expect(t, "the absorbed one's own", []*people.Event{all[3], all[0]}, w.eventsOf(t, spent.ID))
}

// tryEvent handles a ping of a browser, or of a user that is proven by its id, that tells of an event.
func (w *world) tryEvent(t *testing.T, id string, e people.Event) (*visit.PingResult, error) {
	t.Helper()
	in := visit.SignIn{Visit: visit.Visit{AnonymousID: id}}
	return w.tryPing(t, visit.Ping{SignIn: in, Events: []visit.PingEvent{{Event: e}}})
}

func (w *world) tryUserEvent(t *testing.T, id string, e people.Event) (*visit.PingResult, error) {
	t.Helper()
	in := visit.SignIn{User: people.UserRef{ID: id}, IsProven: true}
	return w.tryPing(t, visit.Ping{SignIn: in, Events: []visit.PingEvent{{Event: e}}})
}

func tracked(t *testing.T, w *world) {
	visitor, other := w.visit(t, visit.Visit{}).Person, w.visit(t, visit.Visit{}).Person
	lead := w.convert(t, toLead(other)).Contact
	w.clock.pass(time.Minute)
	for _, p := range []*people.Person{visitor, lead} {
		for _, name := range []string{"x", strings.Repeat("x", 255)} {
			e := people.Event{Name: name, Metadata: `{"n": 1}`}
			if done, err := w.tryEvent(t, p.AnonymousID, e); err != nil || len(done.Refusals) > 0 || done.Handled != 1 {
				t.Fatalf("the event of a %s: %+v, %v", p.Role, done, err)
			}
			got := w.eventsOf(t, p.ID)[0]
			want := &people.Event{
				Workspace: acme, ID: got.ID, PersonID: p.ID, Name: name, CreatedAt: begin + 60, Metadata: `{"n": 1}`,
			}
			expect(t, "the event", want, got)
			outbox := w.outbox(t)
			last := outbox[len(outbox)-1]
			expect(t, "the outbox", &workspace.OutboxEntry{
				Workspace: acme, ID: last.ID, Topic: people.EventCreated, PersonID: p.ID, SubjectID: got.ID, CreatedAt: begin + 60,
			}, last)
		}
		p.LastSeenAt = begin + 60
		expect(t, "the person", p, w.stored(t, p.ID))
	}
}

func trackedUser(t *testing.T, w *world) {
	user := w.has(t, people.User)
	w.clock.pass(time.Minute)
	if _, err := w.tryUserEvent(t, user.ID, people.Event{Name: "ordered"}); err != nil {
		t.Fatal(err)
	}
	if all := w.eventsOf(t, user.ID); len(all) != 1 || all[0].Name != "ordered" || all[0].CreatedAt != begin+60 {
		t.Errorf("the user did %v", all)
	}
	for _, other := range []*people.Person{
		w.has(t, people.Visitor), w.has(t, people.User, func(p *people.Person) { p.State = people.Archived }),
		w.has(t, people.User, func(p *people.Person) { p.Workspace = rival }),
		{ID: w.NewUUID()},
	} {
		if done, err := w.tryUserEvent(t, other.ID, people.Event{Name: "ordered"}); err == nil || len(w.eventsOf(t, other.ID)) != 0 {
			t.Errorf("the event of %+v: %+v, %v", other, done, err)
		}
	}
}

func notTracked(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	visitor := w.has(t, people.Visitor)
	archived := w.has(t, people.Visitor, func(p *people.Person) { p.State = people.Archived })
	blocked := w.has(t, people.Lead, func(p *people.Person) { p.State, p.AnonymousID = people.Blocked, w.NewUUID() })
	elsewhere := w.has(t, people.Visitor, func(p *people.Person) { p.Workspace = rival })
	for _, name := range []string{"", strings.Repeat("x", 256)} {
		done, err := w.tryEvent(t, visitor.AnonymousID, people.Event{Name: name})
		if err != nil || len(done.Refusals) != 1 {
			t.Fatalf("an event with a name of %d bytes: %+v, %v", len(name), done, err)
		}
		if _, invalid := errors.AsType[*workspace.InvalidError](done.Refusals[0]); !invalid {
			t.Errorf("an event with a name of %d bytes: %v", len(name), done.Refusals)
		}
	}
	if done, err := w.tryEvent(t, visitor.ID, people.Event{Name: "ordered"}); err == nil {
		t.Errorf("an event of the id of a visitor: %+v", done)
	}
	expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.outbox(t))
	all := []*people.Person{user, visitor, archived, blocked, w.absorbed(t, user)}
	for what, id := range map[string]string{
		"a user":           user.AnonymousID,
		"an absorbed one":  all[4].AnonymousID,
		"an archived one":  archived.AnonymousID,
		"a blocked one":    blocked.AnonymousID,
		"another's":        elsewhere.AnonymousID,
		"nobody":           "",
		"an unheard of id": w.NewUUID(),
	} {
		done, err := w.tryEvent(t, id, people.Event{Name: "ordered"})
		if err != nil || len(w.eventsOf(t, done.Person.ID)) != 1 {
			t.Errorf("the event of %s is not its successor's: %+v, %v", what, done, err)
		}
	}
	for _, p := range all {
		if all := w.eventsOf(t, p.ID); len(all) != 0 {
			t.Errorf("%s did %v", p.ID, all)
		}
	}
	if all := w.eventsWithin(t, rival, elsewhere.ID, people.EventSpan{}, 10); len(all) != 0 {
		t.Errorf("somebody in another workspace did %v", all)
	}
}

func eventTime(t *testing.T, w *world) {
	for given, want := range map[int64]int64{
		0: begin, -1: begin, begin - 1000: begin - 1000, begin: begin, begin + 1: begin, 1 << 60: begin,
	} {
		p := w.has(t, people.Visitor)
		if _, err := w.tryEvent(t, p.AnonymousID, people.Event{Name: "x", CreatedAt: given}); err != nil {
			t.Fatal(err)
		}
		if got := w.eventsOf(t, p.ID)[0].CreatedAt; got != want {
			t.Errorf("an event of %d is of %d, want %d", given, got, want)
		}
	}
}

func toldOnce(t *testing.T, w *world) {
	p := w.has(t, people.Visitor)
	for range 3 {
		if _, err := w.tryEvent(t, p.AnonymousID, people.Event{Name: "ordered"}); err != nil {
			t.Fatal(err)
		}
	}
	if deeds, outbox := w.eventsOf(t, p.ID), w.outbox(t); len(deeds) != 1 || len(outbox) != 1 {
		t.Errorf("there are %d events and %d entries in the outbox, want one of each", len(deeds), len(outbox))
	}
}

func sameSecondAfterMerge(t *testing.T, w *world) {
	user, other := w.has(t, people.User), w.has(t, people.User)
	spent, spentToo := w.absorbed(t, user), w.absorbed(t, user)
	first, too := eventOf(spent, "ordered", begin), eventOf(spentToo, "ordered", begin)
	again, others := eventOf(user, "ordered", begin), eventOf(other, "ordered", begin)
	expect(t, "what was new", []bool{true, true, false, true}, w.did(t, first, too, again, others))
	expect(t, "the events", []*people.Event{too, first}, w.eventsOf(t, user.ID))
}

func pagesOfEvents(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.ExternalID = "u" })
	spent := w.absorbed(t, user)
	var want []string
	for i, p := range []*people.Person{user, spent, user, user, spent, user, user} {
		e := eventOf(p, string(rune('a'+i)), begin+int64(i/3))
		w.did(t, e)
		want = append([]string{e.Name}, want...)
	}
	names := func(page *people.EventPage) (all []string) {
		for _, e := range page.Events {
			all = append(all, e.Name)
		}
		return all
	}
	look := func(span people.EventSpan, limit int) *people.EventPage {
		t.Helper()
		page, err := w.Events(t.Context(), w.caller, people.UserRef{UserID: "u"}, span, limit)
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	for size := 1; size <= 8; size++ {
		var all []string
		var span people.EventSpan
		for {
			page := look(span, size)
			all = append(all, names(page)...)
			if !page.More {
				break
			}
			span.Before = page.Events[len(page.Events)-1].Place
		}
		expect(t, "all pages", want, all)
	}
	newest := look(people.EventSpan{}, 2).Events[0]
	if page := look(people.EventSpan{Since: newest.Place + 1}, 10); len(page.Events) != 0 || page.More {
		t.Errorf("since the newest there are %v", names(page))
	}
	w.did(t, eventOf(spent, "later", begin+2), eventOf(user, "last", begin+3))
	expect(t, "what is new since", []string{"last", "later"}, names(look(people.EventSpan{Since: newest.Place + 1}, 10)))
	middle := look(people.EventSpan{Since: begin*1000 + 1, Before: (begin+1)*1000 + 2}, 10)
	expect(t, "the middle", []string{"e", "d", "c", "b"}, names(middle))
}

func forgottenEvents(t *testing.T, w *world) {
	user := w.has(t, people.User)
	const days = 24 * 60 * 60
	w.did(t, eventOf(user, "just", begin-90*days), eventOf(user, "before", begin-90*days-1))
	page, err := w.Events(t.Context(), w.caller, people.UserRef{ID: user.ID}, people.EventSpan{}, 10)
	if err != nil || len(page.Events) != 1 || page.Events[0].Name != "just" || page.More {
		t.Errorf("got %+v, %v", page, err)
	}
	_, all, err := w.EventSummaries(t.Context(), w.caller, people.UserRef{ID: user.ID})
	if err != nil || len(all) != 2 {
		t.Errorf("got %d summaries, %v", len(all), err)
	}
}

func submitted(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "u-1", "Ann@example.com" })
	w.has(t, people.Lead, func(p *people.Person) { p.Email, p.LastSeenAt = "ann@example.com", begin+60 })
	lead := w.has(t, people.Lead, func(p *people.Person) { p.Email = "leo@example.com" })
	spent := w.absorbed(t, user)
	resolving := w.caller
	resolving.FollowMerged = true
	at := begin
	for _, c := range []struct {
		caller workspace.Caller
		ref    people.UserRef
		who    *people.Person
	}{
		{w.caller, people.UserRef{ID: user.ID, UserID: "nobody", Email: "leo@example.com"}, user},
		{w.caller, people.UserRef{UserID: "u-1", Email: "leo@example.com"}, user},
		{w.caller, people.UserRef{Email: "ANN@example.com"}, user},
		{w.caller, people.UserRef{ID: lead.ID}, lead},
		{w.caller, people.UserRef{Email: "leo@example.com"}, lead},
		{resolving, people.UserRef{ID: spent.ID}, user},
	} {
		at++ // also ahead of the clock
		for range 2 {
			if err := w.SubmitEvent(t.Context(), c.caller, c.ref, people.Event{Name: "ordered", CreatedAt: at, Metadata: `{"n":1}`}); err != nil {
				t.Fatalf("SubmitEvent of %+v: %v", c.ref, err)
			}
		}
		got := w.eventsOf(t, c.who.ID)[0]
		want := &people.Event{
			Workspace: acme, ID: got.ID, PersonID: c.who.ID, Name: "ordered", CreatedAt: at, Metadata: `{"n":1}`,
		}
		expect(t, "the event", want, got)
		outbox := w.outbox(t)
		last := outbox[len(outbox)-1]
		if len(outbox) != int(at-begin) || last.Topic != people.EventCreated || last.PersonID != c.who.ID || last.SubjectID != got.ID {
			t.Errorf("after %+v there are %d entries in the outbox, the last %+v", c.ref, len(outbox), last)
		}
		expect(t, "the person", c.who, w.stored(t, c.who.ID))
	}
}

func notSubmitted(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.ExternalID = "u-1" })
	spent := w.absorbed(t, user)
	visitor := w.has(t, people.Visitor, func(p *people.Person) { p.Email = "v@example.com" })
	archived := w.has(t, people.User, func(p *people.Person) { p.State, p.ExternalID, p.Email = people.Archived, "old", "old@example.com" })
	elsewhere := w.has(t, people.User, func(p *people.Person) { p.Workspace, p.ExternalID = rival, "theirs" })
	var merged *people.MergedError
	for _, c := range []struct {
		ref  people.UserRef
		want error
	}{
		{people.UserRef{}, people.ErrContactUnnamed},
		{people.UserRef{ID: "nobody", UserID: "u-1"}, people.ErrUserNotFound},
		{people.UserRef{UserID: "nobody"}, people.ErrUserNotFound},
		{people.UserRef{Email: "nobody@example.com"}, people.ErrUserNotFound},
		{people.UserRef{ID: visitor.ID}, people.ErrUserNotFound},
		{people.UserRef{UserID: visitor.AnonymousID}, people.ErrUserNotFound},
		{people.UserRef{Email: "v@example.com"}, people.ErrUserNotFound},
		{people.UserRef{ID: archived.ID}, people.ErrUserNotFound},
		{people.UserRef{UserID: "old"}, people.ErrUserNotFound},
		{people.UserRef{Email: "old@example.com"}, people.ErrUserNotFound},
		{people.UserRef{ID: elsewhere.ID}, people.ErrUserNotFound},
		{people.UserRef{UserID: "theirs"}, people.ErrUserNotFound},
		{people.UserRef{ID: spent.ID}, &people.MergedError{IntoID: user.ID, Role: spent.Role}},
	} {
		err := w.SubmitEvent(t.Context(), w.caller, c.ref, people.Event{Name: "ordered", CreatedAt: begin})
		errs := []error{err}
		_, err = w.Events(t.Context(), w.caller, c.ref, people.EventSpan{}, 1)
		errs = append(errs, err)
		_, _, err = w.EventSummaries(t.Context(), w.caller, c.ref)
		errs = append(errs, err, w.SummarizeEvents(t.Context(), w.caller, c.ref, []people.EventSummary{{Name: "x", Count: 1}}))
		for _, err := range errs {
			if errors.As(c.want, &merged) {
				got, is := errors.AsType[*people.MergedError](err)
				if !is || *got != *merged {
					t.Errorf("%+v: %v, want %v", c.ref, err, c.want)
				}
			} else if !errors.Is(err, c.want) {
				t.Errorf("%+v: %v, want %v", c.ref, err, c.want)
			}
		}
	}
	for _, name := range []string{"", strings.Repeat("x", 256)} {
		err := w.SubmitEvent(t.Context(), w.caller, people.UserRef{ID: user.ID}, people.Event{Name: name, CreatedAt: begin})
		if _, invalid := errors.AsType[*workspace.InvalidError](err); !invalid {
			t.Errorf("SubmitEvent of a name with %d bytes: %v", len(name), err)
		}
	}
	expect(t, "the events", []*people.Event(nil), w.eventsOf(t, user.ID))
	expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.outbox(t))
}

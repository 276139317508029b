package nouns

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func Events(s fixtures.Suite) {
	s.Test("a data event comes back as it was, each workspace its own", wholeEvent)
	s.Test("the same event in the same second is one event", sameSecond)
	s.Test("the events of a person are newest first and those of the absorbed among them", eventsOfAbsorbed)
	s.Test("what an absorbed person did in the same second is the same event", sameSecondAfterMerge)
	s.Test("the events of a person are read in pages, and those of one second are told apart", pagesOfEvents)
	s.Test("an event is listed for 90 days", forgottenEvents)
	s.Test("a server tells of events of contacts, however it names them", submitted)
	s.Test("a server tells of nobody else", notSubmitted)
	s.Test("a page tracks events of visitors and leads", tracked)
	s.Test("a page tracks nothing of anybody else", notTracked)
	s.Test("a proven user's events are tracked by its id, and nobody else's", trackedUser)
	s.Test("an event has a time that has been", eventTime)
	s.Test("an event is told of once", toldOnce)
}

func wholeEvent(t *testing.T, w *fixtures.Fixtures) {
	ours := w.Has(t, people.Visitor)
	theirs := ours.Clone()
	theirs.Workspace = fixtures.Rival
	w.Insert(t, theirs)
	our, bare, their := fixtures.EventOf(ours, "ordered 日本", fixtures.Begin+1), fixtures.EventOf(ours, "left", fixtures.Begin), fixtures.EventOf(theirs, "ordered", fixtures.Begin)
	our.Metadata = `{"price": {"amount": 1999, "currency": "eur"}, "big": 12345678901234567890, "é": "'\u0000"}`
	fixtures.Expect(t, "what was new", []bool{true, true, true}, w.Did(t, our, bare, their))
	fixtures.Expect(t, "our events", []*people.Event{our, bare}, w.StoredEvents(t, ours.ID))
	fixtures.Expect(t, "their events", []*people.Event{their}, w.EventsWithin(t, fixtures.Rival, theirs.ID, people.EventSpan{}, 10))
}

func sameSecond(t *testing.T, w *fixtures.Fixtures) {
	p, other := w.Has(t, people.Visitor), w.Has(t, people.Visitor)
	first, again := fixtures.EventOf(p, "ordered", fixtures.Begin), fixtures.EventOf(p, "ordered", fixtures.Begin)
	first.Metadata, again.Metadata = `{"n": 1}`, `{"n": 2}`
	renamed, later, others := fixtures.EventOf(p, "Ordered", fixtures.Begin), fixtures.EventOf(p, "ordered", fixtures.Begin+1), fixtures.EventOf(other, "ordered", fixtures.Begin)
	fixtures.Expect(t, "what was new", []bool{true, false, true, true, true}, w.Did(t, first, again, renamed, later, others))
	fixtures.Expect(t, "what was new in another write", []bool{false, false}, w.Did(t, again, fixtures.EventOf(p, "ordered", fixtures.Begin+1)))
	fixtures.Expect(t, "the events", []*people.Event{later, renamed, first}, w.StoredEvents(t, p.ID))
}

func eventsOfAbsorbed(t *testing.T, w *fixtures.Fixtures) {
	user, other := w.Has(t, people.User), w.Has(t, people.User)
	spent, spentToo := w.Absorbed(t, user), w.Absorbed(t, user)
	w.Did(t, fixtures.EventOf(w.Absorbed(t, other), "not ours", fixtures.Begin+9))
	all := []*people.Event{
		fixtures.EventOf(spent, "a", fixtures.Begin+1), fixtures.EventOf(user, "b", fixtures.Begin+3), fixtures.EventOf(spentToo, "c", fixtures.Begin+2),
		fixtures.EventOf(spent, "d", fixtures.Begin+3), fixtures.EventOf(user, "e", fixtures.Begin),
	}
	w.Did(t, all...)
	want := []*people.Event{all[3], all[1], all[2], all[0], all[4]}
	fixtures.Expect(t, "the user's events", want, w.StoredEvents(t, user.ID))
	fixtures.Expect(t, "the newest two", want[:2], w.EventsWithin(t, fixtures.Acme, user.ID, people.EventSpan{}, 2))
	fixtures.Expect(t, "the absorbed one's own", []*people.Event{all[3], all[0]}, w.StoredEvents(t, spent.ID))
}

func tracked(t *testing.T, w *fixtures.Fixtures) {
	visitor, other := w.Visit(t, visit.Visit{}).Person, w.Visit(t, visit.Visit{}).Person
	lead := w.Convert(t, fixtures.ToLead(other)).Contact
	w.Clock.Pass(time.Minute)
	for _, p := range []*people.Person{visitor, lead} {
		for _, name := range []string{"x", strings.Repeat("x", 255)} {
			e := people.Event{Name: name, Metadata: `{"n": 1}`}
			if done, err := w.TryEvent(t, p.AnonymousID, e); err != nil || len(done.Refusals) > 0 || done.Handled != 1 {
				t.Fatalf("the event of a %s: %+v, %v", p.Role, done, err)
			}
			got := w.StoredEvents(t, p.ID)[0]
			want := &people.Event{
				Workspace: fixtures.Acme, ID: got.ID, PersonID: p.ID, Name: name, CreatedAt: fixtures.Begin + 60, Metadata: `{"n": 1}`,
			}
			fixtures.Expect(t, "the event", want, got)
			outbox := w.Outbox(t)
			last := outbox[len(outbox)-1]
			fixtures.Expect(t, "the outbox", &workspace.OutboxEntry{
				Workspace: fixtures.Acme, ID: last.ID, Topic: people.EventCreated, PersonID: p.ID, SubjectID: got.ID, CreatedAt: fixtures.Begin + 60,
			}, last)
		}
		p.LastSeenAt = fixtures.Begin + 60
		fixtures.Expect(t, "the person", p, w.Stored(t, p.ID))
	}
}

func trackedUser(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	w.Clock.Pass(time.Minute)
	if _, err := w.TryUserEvent(t, user.ID, people.Event{Name: "ordered"}); err != nil {
		t.Fatal(err)
	}
	if all := w.StoredEvents(t, user.ID); len(all) != 1 || all[0].Name != "ordered" || all[0].CreatedAt != fixtures.Begin+60 {
		t.Errorf("the user did %v", all)
	}
	for _, other := range []*people.Person{
		w.Has(t, people.Visitor), w.Has(t, people.User, func(p *people.Person) { p.State = people.Archived }),
		w.Has(t, people.User, func(p *people.Person) { p.Workspace = fixtures.Rival }),
		{ID: w.NewUUID()},
	} {
		if done, err := w.TryUserEvent(t, other.ID, people.Event{Name: "ordered"}); err == nil || len(w.StoredEvents(t, other.ID)) != 0 {
			t.Errorf("the event of %+v: %+v, %v", other, done, err)
		}
	}
}

func notTracked(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	visitor := w.Has(t, people.Visitor)
	archived := w.Has(t, people.Visitor, func(p *people.Person) { p.State = people.Archived })
	blocked := w.Has(t, people.Lead, func(p *people.Person) { p.State, p.AnonymousID = people.Blocked, w.NewUUID() })
	elsewhere := w.Has(t, people.Visitor, func(p *people.Person) { p.Workspace = fixtures.Rival })
	for _, name := range []string{"", strings.Repeat("x", 256)} {
		done, err := w.TryEvent(t, visitor.AnonymousID, people.Event{Name: name})
		if err != nil || len(done.Refusals) != 1 {
			t.Fatalf("an event with a name of %d bytes: %+v, %v", len(name), done, err)
		}
		if _, invalid := errors.AsType[*workspace.InvalidError](done.Refusals[0]); !invalid {
			t.Errorf("an event with a name of %d bytes: %v", len(name), done.Refusals)
		}
	}
	if done, err := w.TryEvent(t, visitor.ID, people.Event{Name: "ordered"}); err == nil {
		t.Errorf("an event of the id of a visitor: %+v", done)
	}
	fixtures.Expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.Outbox(t))
	all := []*people.Person{user, visitor, archived, blocked, w.Absorbed(t, user)}
	for what, id := range map[string]string{
		"a user":           user.AnonymousID,
		"an absorbed one":  all[4].AnonymousID,
		"an archived one":  archived.AnonymousID,
		"a blocked one":    blocked.AnonymousID,
		"another's":        elsewhere.AnonymousID,
		"nobody":           "",
		"an unheard of id": w.NewUUID(),
	} {
		done, err := w.TryEvent(t, id, people.Event{Name: "ordered"})
		if err != nil || len(w.StoredEvents(t, done.Person.ID)) != 1 {
			t.Errorf("the event of %s is not its successor's: %+v, %v", what, done, err)
		}
	}
	for _, p := range all {
		if all := w.StoredEvents(t, p.ID); len(all) != 0 {
			t.Errorf("%s did %v", p.ID, all)
		}
	}
	if all := w.EventsWithin(t, fixtures.Rival, elsewhere.ID, people.EventSpan{}, 10); len(all) != 0 {
		t.Errorf("somebody in another workspace did %v", all)
	}
}

func eventTime(t *testing.T, w *fixtures.Fixtures) {
	for given, want := range map[int64]int64{
		0: fixtures.Begin, -1: fixtures.Begin, fixtures.Begin - 1000: fixtures.Begin - 1000, fixtures.Begin: fixtures.Begin, fixtures.Begin + 1: fixtures.Begin, 1 << 60: fixtures.Begin,
	} {
		p := w.Has(t, people.Visitor)
		if _, err := w.TryEvent(t, p.AnonymousID, people.Event{Name: "x", CreatedAt: given}); err != nil {
			t.Fatal(err)
		}
		if got := w.StoredEvents(t, p.ID)[0].CreatedAt; got != want {
			t.Errorf("an event of %d is of %d, want %d", given, got, want)
		}
	}
}

func toldOnce(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor)
	for range 3 {
		if _, err := w.TryEvent(t, p.AnonymousID, people.Event{Name: "ordered"}); err != nil {
			t.Fatal(err)
		}
	}
	if deeds, outbox := w.StoredEvents(t, p.ID), w.Outbox(t); len(deeds) != 1 || len(outbox) != 1 {
		t.Errorf("there are %d events and %d entries in the outbox, want one of each", len(deeds), len(outbox))
	}
}

func sameSecondAfterMerge(t *testing.T, w *fixtures.Fixtures) {
	user, other := w.Has(t, people.User), w.Has(t, people.User)
	spent, spentToo := w.Absorbed(t, user), w.Absorbed(t, user)
	first, too := fixtures.EventOf(spent, "ordered", fixtures.Begin), fixtures.EventOf(spentToo, "ordered", fixtures.Begin)
	again, others := fixtures.EventOf(user, "ordered", fixtures.Begin), fixtures.EventOf(other, "ordered", fixtures.Begin)
	fixtures.Expect(t, "what was new", []bool{true, true, false, true}, w.Did(t, first, too, again, others))
	fixtures.Expect(t, "the events", []*people.Event{too, first}, w.StoredEvents(t, user.ID))
}

func pagesOfEvents(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID = "u" })
	spent := w.Absorbed(t, user)
	var want []string
	for i, p := range []*people.Person{user, spent, user, user, spent, user, user} {
		e := fixtures.EventOf(p, string(rune('a'+i)), fixtures.Begin+int64(i/3))
		w.Did(t, e)
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
		page, err := w.Events(t.Context(), w.Caller, people.UserRef{UserID: "u"}, span, limit)
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
		fixtures.Expect(t, "all pages", want, all)
	}
	newest := look(people.EventSpan{}, 2).Events[0]
	if page := look(people.EventSpan{Since: newest.Place + 1}, 10); len(page.Events) != 0 || page.More {
		t.Errorf("since the newest there are %v", names(page))
	}
	w.Did(t, fixtures.EventOf(spent, "later", fixtures.Begin+2), fixtures.EventOf(user, "last", fixtures.Begin+3))
	fixtures.Expect(t, "what is new since", []string{"last", "later"}, names(look(people.EventSpan{Since: newest.Place + 1}, 10)))
	middle := look(people.EventSpan{Since: fixtures.Begin*1000 + 1, Before: (fixtures.Begin+1)*1000 + 2}, 10)
	fixtures.Expect(t, "the middle", []string{"e", "d", "c", "b"}, names(middle))
}

func forgottenEvents(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	const days = 24 * 60 * 60
	w.Did(t, fixtures.EventOf(user, "just", fixtures.Begin-90*days), fixtures.EventOf(user, "before", fixtures.Begin-90*days-1))
	page, err := w.Events(t.Context(), w.Caller, people.UserRef{ID: user.ID}, people.EventSpan{}, 10)
	if err != nil || len(page.Events) != 1 || page.Events[0].Name != "just" || page.More {
		t.Errorf("got %+v, %v", page, err)
	}
	_, all, err := w.EventSummaries(t.Context(), w.Caller, people.UserRef{ID: user.ID})
	if err != nil || len(all) != 2 {
		t.Errorf("got %d summaries, %v", len(all), err)
	}
}

func submitted(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "u-1", "Ann@example.com" })
	w.Has(t, people.Lead, func(p *people.Person) { p.Email, p.LastSeenAt = "ann@example.com", fixtures.Begin+60 })
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.Email = "leo@example.com" })
	spent := w.Absorbed(t, user)
	resolving := w.Caller
	resolving.FollowMerged = true
	at := fixtures.Begin
	for _, c := range []struct {
		caller workspace.Caller
		ref    people.UserRef
		who    *people.Person
	}{
		{w.Caller, people.UserRef{ID: user.ID, UserID: "nobody", Email: "leo@example.com"}, user},
		{w.Caller, people.UserRef{UserID: "u-1", Email: "leo@example.com"}, user},
		{w.Caller, people.UserRef{Email: "ANN@example.com"}, user},
		{w.Caller, people.UserRef{ID: lead.ID}, lead},
		{w.Caller, people.UserRef{Email: "leo@example.com"}, lead},
		{resolving, people.UserRef{ID: spent.ID}, user},
	} {
		at++ // also ahead of the clock
		for range 2 {
			if err := w.SubmitEvent(t.Context(), c.caller, c.ref, people.Event{Name: "ordered", CreatedAt: at, Metadata: `{"n":1}`}); err != nil {
				t.Fatalf("SubmitEvent of %+v: %v", c.ref, err)
			}
		}
		got := w.StoredEvents(t, c.who.ID)[0]
		want := &people.Event{
			Workspace: fixtures.Acme, ID: got.ID, PersonID: c.who.ID, Name: "ordered", CreatedAt: at, Metadata: `{"n":1}`,
		}
		fixtures.Expect(t, "the event", want, got)
		outbox := w.Outbox(t)
		last := outbox[len(outbox)-1]
		if len(outbox) != int(at-fixtures.Begin) || last.Topic != people.EventCreated || last.PersonID != c.who.ID || last.SubjectID != got.ID {
			t.Errorf("after %+v there are %d entries in the outbox, the last %+v", c.ref, len(outbox), last)
		}
		fixtures.Expect(t, "the person", c.who, w.Stored(t, c.who.ID))
	}
}

func notSubmitted(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID = "u-1" })
	spent := w.Absorbed(t, user)
	visitor := w.Has(t, people.Visitor, func(p *people.Person) { p.Email = "v@example.com" })
	archived := w.Has(t, people.User, func(p *people.Person) { p.State, p.ExternalID, p.Email = people.Archived, "old", "old@example.com" })
	elsewhere := w.Has(t, people.User, func(p *people.Person) { p.Workspace, p.ExternalID = fixtures.Rival, "theirs" })
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
		err := w.SubmitEvent(t.Context(), w.Caller, c.ref, people.Event{Name: "ordered", CreatedAt: fixtures.Begin})
		errs := []error{err}
		_, err = w.Events(t.Context(), w.Caller, c.ref, people.EventSpan{}, 1)
		errs = append(errs, err)
		_, _, err = w.EventSummaries(t.Context(), w.Caller, c.ref)
		errs = append(errs, err, w.SummarizeEvents(t.Context(), w.Caller, c.ref, []people.EventSummary{{Name: "x", Count: 1}}))
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
		err := w.SubmitEvent(t.Context(), w.Caller, people.UserRef{ID: user.ID}, people.Event{Name: name, CreatedAt: fixtures.Begin})
		if _, invalid := errors.AsType[*workspace.InvalidError](err); !invalid {
			t.Errorf("SubmitEvent of a name with %d bytes: %v", len(name), err)
		}
	}
	fixtures.Expect(t, "the events", []*people.Event(nil), w.StoredEvents(t, user.ID))
	fixtures.Expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.Outbox(t))
}

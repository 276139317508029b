package identity

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func Visits(s fixtures.Suite) {
	s.Test("a first visit makes a visitor", firstVisit)
	s.Test("a browser without an id gets one", visitWithoutID)
	s.Test("a later visit touches the same person", laterVisit)
	s.Test("a visit says what it knows and leaves the rest", statedVisit)
	s.Test("a session ends after half an hour of silence or a day", sessions)
	s.Test("a spent id gets a new one and is not revived", spentVisit)
	s.Test("a lead visits as itself", leadVisit)
	s.Test("a visit with what is no UUID is refused", junkVisit)
}

func firstVisit(t *testing.T, w *fixtures.Fixtures) {
	id := w.NewUUID()
	visited := w.Visit(t, visit.Visit{AnonymousID: id})
	want := &people.Person{
		Workspace: fixtures.Acme, ID: visited.Person.ID, Role: people.Visitor, AnonymousID: id, Pseudonym: "Teal Whale",
		CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin, LastSeenAt: fixtures.Begin, SessionCount: 1, SessionStartedAt: fixtures.Begin,
	}
	fixtures.Expect(t, "the visitor", &visit.PingResult{Person: want, AnonymousID: id, NewSession: true}, visited)
	fixtures.Expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.Outbox(t))
}

func visitWithoutID(t *testing.T, w *fixtures.Fixtures) {
	first, second := w.Visit(t, visit.Visit{}).Person, w.Visit(t, visit.Visit{}).Person
	if first.AnonymousID == "" || first.AnonymousID == second.AnonymousID || first.ID == second.ID {
		t.Errorf("two browsers are %s and %s", first.AnonymousID, second.AnonymousID)
	}
	if again := w.Visit(t, visit.Visit{AnonymousID: first.AnonymousID}).Person; again.ID != first.ID {
		t.Errorf("the first browser comes back as %s, want %s", again.ID, first.ID)
	}
}

func laterVisit(t *testing.T, w *fixtures.Fixtures) {
	p := w.Visit(t, visit.Visit{}).Person
	w.Clock.Pass(time.Minute)
	visited := w.Visit(t, visit.Visit{AnonymousID: p.AnonymousID})
	p.LastSeenAt = fixtures.Begin + 60
	fixtures.Expect(t, "the visitor", &visit.PingResult{Person: p, AnonymousID: p.AnonymousID}, visited)
}

func statedVisit(t *testing.T, w *fixtures.Fixtures) {
	text := func(s string) *string { return &s }
	p := w.Visit(t, visit.Visit{
		Referrer: "https://search.example", UTM: people.UTM{Source: "search", Term: "lobby"}, DoNotTrack: people.No,
		Browser: "Firefox", BrowserVersion: "1", BrowserLanguage: "en", OS: "Plan 9", Timezone: "Europe/Oslo",
		Name: text("Ada"), Phone: text("+47"), Avatar: text("a.png"), LanguageOverride: text("nb"),
		UnsubscribedFromEmails: people.Yes, CustomAttributes: search.Attributes{"plan": search.TextValue("pro"), "seats": search.IntValue(1)},
	}).Person
	want := &people.Person{
		Workspace: fixtures.Acme, ID: p.ID, Role: people.Visitor, AnonymousID: p.AnonymousID, Pseudonym: "Teal Whale",
		CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin, LastSeenAt: fixtures.Begin, SessionCount: 1, SessionStartedAt: fixtures.Begin,
		Referrer: "https://search.example", UTM: people.UTM{Source: "search", Term: "lobby"}, DoNotTrack: people.No,
		Browser: "Firefox", BrowserVersion: "1", BrowserLanguage: "en", OS: "Plan 9", Location: people.Location{Timezone: "Europe/Oslo"},
		Name: "Ada", Phone: "+47", Avatar: "a.png", LanguageOverride: "nb", UnsubscribedFromEmails: true,
		CustomAttributes: search.Attributes{"plan": search.TextValue("pro"), "seats": search.IntValue(1)},
	}
	fixtures.Expect(t, "the visitor", want, p)

	w.Clock.Pass(time.Minute) // what a page finds out by itself is no update
	p = w.Visit(t, visit.Visit{
		AnonymousID: p.AnonymousID, Referrer: "https://other.example", UTM: people.UTM{Campaign: "spring"},
		DoNotTrack: people.Yes, Browser: "Lynx",
	}).Person
	want.LastSeenAt, want.UTM, want.DoNotTrack, want.Browser = fixtures.Begin+60, people.UTM{Campaign: "spring"}, people.Yes, "Lynx"
	fixtures.Expect(t, "the visitor with another browser", want, p)

	w.Clock.Pass(time.Minute)
	p = w.Visit(t, visit.Visit{
		AnonymousID: p.AnonymousID, Name: text(""), Phone: text("+46"), UnsubscribedFromEmails: people.No,
		CustomAttributes: search.Attributes{"plan": search.NullValue(), "seats": search.IntValue(2)},
	}).Person
	want.Name, want.Phone, want.UnsubscribedFromEmails = "", "+46", false
	want.CustomAttributes = search.Attributes{"seats": search.IntValue(2)}
	want.LastSeenAt, want.UpdatedAt = fixtures.Begin+120, fixtures.Begin+120
	fixtures.Expect(t, "the visitor with another name", want, p)
}

func sessions(t *testing.T, w *fixtures.Fixtures) {
	id := w.Visit(t, visit.Visit{}).Person.AnonymousID
	count := int64(1)
	for _, c := range []struct {
		pass time.Duration
		new  bool
	}{
		{0, false}, {30 * time.Minute, false}, {30*time.Minute + time.Second, true}, {29 * time.Minute, false}, {48 * time.Hour, true},
	} {
		w.Clock.Pass(c.pass)
		visited := w.Visit(t, visit.Visit{AnonymousID: id})
		if c.new {
			count++
		}
		if visited.NewSession != c.new || visited.Person.SessionCount != count {
			t.Errorf("after %v: session %d, new: %v, want %d, %v", c.pass, visited.Person.SessionCount, visited.NewSession, count, c.new)
		}
	}
	began := w.Now()
	for w.Now().Sub(began) < 24*time.Hour {
		w.Clock.Pass(20 * time.Minute)
		if w.Visit(t, visit.Visit{AnonymousID: id}).NewSession {
			t.Fatalf("a session of a restless visitor ended after %v", w.Now().Sub(began))
		}
	}
	w.Clock.Pass(20 * time.Minute)
	if visited := w.Visit(t, visit.Visit{AnonymousID: id}); !visited.NewSession || visited.Person.SessionStartedAt != w.Now().Unix() {
		t.Errorf("a session goes on after a day: %+v", visited.Person)
	}
}

func spentVisit(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	for what, p := range map[string]*people.Person{
		"a user":              user,
		"an absorbed visitor": w.Absorbed(t, user),
		"an archived visitor": w.Has(t, people.Visitor, func(p *people.Person) { p.State = people.Archived }),
		"a blocked lead":      w.Has(t, people.Lead, func(p *people.Person) { p.State, p.AnonymousID = people.Blocked, w.NewUUID() }),
	} {
		name := "spoilt"
		visited := w.Visit(t, visit.Visit{AnonymousID: p.AnonymousID, Name: &name})
		if visited.Person.ID == p.ID || visited.Person.AnonymousID == p.AnonymousID || visited.Person.Role != people.Visitor {
			t.Errorf("the id of %s makes %+v, want a new visitor", what, visited.Person)
		}
		fixtures.Expect(t, what, p, w.Stored(t, p.ID))
	}
	theirs := w.Has(t, people.Visitor, func(p *people.Person) { p.Workspace = fixtures.Rival })
	if p := w.Visit(t, visit.Visit{AnonymousID: theirs.AnonymousID}).Person; p.AnonymousID != theirs.AnonymousID || p.ID == theirs.ID {
		t.Errorf("an id of another workspace makes %+v, want a visitor with it", p)
	}
}

func leadVisit(t *testing.T, w *fixtures.Fixtures) {
	visitor := w.Visit(t, visit.Visit{}).Person
	lead := w.Convert(t, fixtures.ToLead(visitor)).Contact
	w.Clock.Pass(time.Minute)
	visited := w.Visit(t, visit.Visit{AnonymousID: visitor.AnonymousID})
	lead.LastSeenAt = fixtures.Begin + 60
	fixtures.Expect(t, "the lead", &visit.PingResult{Person: lead, AnonymousID: lead.AnonymousID}, visited)
}

func junkVisit(t *testing.T, w *fixtures.Fixtures) {
	for _, id := range []string{
		"null", " ", "00000000-0000-1000-8000-000000000000", "00000000-0000-4000-8000-00000000000", "00000000-0000-4000-8000-00000000000G",
		"000000000000040008000000000000000000", "00000000-0000-4000-8000-0000000000000", "ABCDEF00-0000-4000-8000-000000000000",
	} {
		_, err := w.TryVisit(t, visit.Visit{AnonymousID: id})
		if invalid, ok := errors.AsType[*workspace.InvalidError](err); !ok || invalid.Field != "anonymous_id" {
			t.Errorf("Visit of %q: %v", id, err)
		}
	}
	fixtures.Expect(t, "the list", []string{}, fixtures.List(t, w, people.VisitorFilter{}))
}

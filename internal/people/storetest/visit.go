package storetest

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func visits(s suite) {
	s.test("a first visit makes a visitor", firstVisit)
	s.test("a browser without an id gets one", visitWithoutID)
	s.test("a later visit touches the same person", laterVisit)
	s.test("a visit says what it knows and leaves the rest", statedVisit)
	s.test("a session ends after half an hour of silence or a day", sessions)
	s.test("a spent id gets a new one and is not revived", spentVisit)
	s.test("a lead visits as itself", leadVisit)
	s.test("a visit with what is no UUID is refused", junkVisit)
}

// tryPing handles a ping of acme.
func (w *world) tryPing(t *testing.T, p visit.Ping) (*visit.PingResult, error) {
	t.Helper()
	p.Workspace = w.workspace(t, acme)
	return visit.Visits{Lobby: w.Lobby}.Ping(t.Context(), w.caller, &p)
}

// tryVisit handles a ping that names nobody.
func (w *world) tryVisit(t *testing.T, v visit.Visit) (*visit.PingResult, error) {
	t.Helper()
	return w.tryPing(t, visit.Ping{SignIn: visit.SignIn{Visit: v}})
}

func (w *world) visit(t *testing.T, v visit.Visit) *visit.PingResult {
	t.Helper()
	visited, err := w.tryVisit(t, v)
	if err != nil {
		t.Fatalf("Visit(%+v): %v", v, err)
	}
	expect(t, "the visitor as stored", visited.Person, w.stored(t, visited.Person.ID))
	return visited
}

func firstVisit(t *testing.T, w *world) {
	id := w.NewUUID()
	visited := w.visit(t, visit.Visit{AnonymousID: id})
	want := &people.Person{
		Workspace: acme, ID: visited.Person.ID, Role: people.Visitor, AnonymousID: id, Pseudonym: "Teal Whale",
		CreatedAt: begin, UpdatedAt: begin, LastSeenAt: begin, SessionCount: 1, SessionStartedAt: begin,
	}
	expect(t, "the visitor", &visit.PingResult{Person: want, AnonymousID: id, NewSession: true}, visited)
	expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.outbox(t))
}

func visitWithoutID(t *testing.T, w *world) {
	first, second := w.visit(t, visit.Visit{}).Person, w.visit(t, visit.Visit{}).Person
	if first.AnonymousID == "" || first.AnonymousID == second.AnonymousID || first.ID == second.ID {
		t.Errorf("two browsers are %s and %s", first.AnonymousID, second.AnonymousID)
	}
	if again := w.visit(t, visit.Visit{AnonymousID: first.AnonymousID}).Person; again.ID != first.ID {
		t.Errorf("the first browser comes back as %s, want %s", again.ID, first.ID)
	}
}

func laterVisit(t *testing.T, w *world) {
	p := w.visit(t, visit.Visit{}).Person
	w.clock.pass(time.Minute)
	visited := w.visit(t, visit.Visit{AnonymousID: p.AnonymousID})
	p.LastSeenAt = begin + 60
	expect(t, "the visitor", &visit.PingResult{Person: p, AnonymousID: p.AnonymousID}, visited)
}

func statedVisit(t *testing.T, w *world) {
	text := func(s string) *string { return &s }
	p := w.visit(t, visit.Visit{
		Referrer: "https://search.example", UTM: people.UTM{Source: "search", Term: "lobby"}, DoNotTrack: people.No,
		Browser: "Firefox", BrowserVersion: "1", BrowserLanguage: "en", OS: "Plan 9", Timezone: "Europe/Oslo",
		Name: text("Ada"), Phone: text("+47"), Avatar: text("a.png"), LanguageOverride: text("nb"),
		UnsubscribedFromEmails: people.Yes, CustomAttributes: search.Attributes{"plan": search.TextValue("pro"), "seats": search.IntValue(1)},
	}).Person
	want := &people.Person{
		Workspace: acme, ID: p.ID, Role: people.Visitor, AnonymousID: p.AnonymousID, Pseudonym: "Teal Whale",
		CreatedAt: begin, UpdatedAt: begin, LastSeenAt: begin, SessionCount: 1, SessionStartedAt: begin,
		Referrer: "https://search.example", UTM: people.UTM{Source: "search", Term: "lobby"}, DoNotTrack: people.No,
		Browser: "Firefox", BrowserVersion: "1", BrowserLanguage: "en", OS: "Plan 9", Location: people.Location{Timezone: "Europe/Oslo"},
		Name: "Ada", Phone: "+47", Avatar: "a.png", LanguageOverride: "nb", UnsubscribedFromEmails: true,
		CustomAttributes: search.Attributes{"plan": search.TextValue("pro"), "seats": search.IntValue(1)},
	}
	expect(t, "the visitor", want, p)

	w.clock.pass(time.Minute) // what a page finds out by itself is no update
	p = w.visit(t, visit.Visit{
		AnonymousID: p.AnonymousID, Referrer: "https://other.example", UTM: people.UTM{Campaign: "spring"},
		DoNotTrack: people.Yes, Browser: "Lynx",
	}).Person
	want.LastSeenAt, want.UTM, want.DoNotTrack, want.Browser = begin+60, people.UTM{Campaign: "spring"}, people.Yes, "Lynx"
	expect(t, "the visitor with another browser", want, p)

	w.clock.pass(time.Minute)
	p = w.visit(t, visit.Visit{
		AnonymousID: p.AnonymousID, Name: text(""), Phone: text("+46"), UnsubscribedFromEmails: people.No,
		CustomAttributes: search.Attributes{"plan": search.NullValue(), "seats": search.IntValue(2)},
	}).Person
	want.Name, want.Phone, want.UnsubscribedFromEmails = "", "+46", false
	want.CustomAttributes = search.Attributes{"seats": search.IntValue(2)}
	want.LastSeenAt, want.UpdatedAt = begin+120, begin+120
	expect(t, "the visitor with another name", want, p)
}

func sessions(t *testing.T, w *world) {
	id := w.visit(t, visit.Visit{}).Person.AnonymousID
	count := int64(1)
	for _, c := range []struct {
		pass time.Duration
		new  bool
	}{
		{0, false}, {30 * time.Minute, false}, {30*time.Minute + time.Second, true}, {29 * time.Minute, false}, {48 * time.Hour, true},
	} {
		w.clock.pass(c.pass)
		visited := w.visit(t, visit.Visit{AnonymousID: id})
		if c.new {
			count++
		}
		if visited.NewSession != c.new || visited.Person.SessionCount != count {
			t.Errorf("after %v: session %d, new: %v, want %d, %v", c.pass, visited.Person.SessionCount, visited.NewSession, count, c.new)
		}
	}
	began := w.Now()
	for w.Now().Sub(began) < 24*time.Hour {
		w.clock.pass(20 * time.Minute)
		if w.visit(t, visit.Visit{AnonymousID: id}).NewSession {
			t.Fatalf("a session of a restless visitor ended after %v", w.Now().Sub(began))
		}
	}
	w.clock.pass(20 * time.Minute)
	if visited := w.visit(t, visit.Visit{AnonymousID: id}); !visited.NewSession || visited.Person.SessionStartedAt != w.Now().Unix() {
		t.Errorf("a session goes on after a day: %+v", visited.Person)
	}
}

func spentVisit(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	for what, p := range map[string]*people.Person{
		"a user":              user,
		"an absorbed visitor": w.absorbed(t, user),
		"an archived visitor": w.has(t, people.Visitor, func(p *people.Person) { p.State = people.Archived }),
		"a blocked lead":      w.has(t, people.Lead, func(p *people.Person) { p.State, p.AnonymousID = people.Blocked, w.NewUUID() }),
	} {
		name := "spoilt"
		visited := w.visit(t, visit.Visit{AnonymousID: p.AnonymousID, Name: &name})
		if visited.Person.ID == p.ID || visited.Person.AnonymousID == p.AnonymousID || visited.Person.Role != people.Visitor {
			t.Errorf("the id of %s makes %+v, want a new visitor", what, visited.Person)
		}
		expect(t, what, p, w.stored(t, p.ID))
	}
	theirs := w.has(t, people.Visitor, func(p *people.Person) { p.Workspace = rival })
	if p := w.visit(t, visit.Visit{AnonymousID: theirs.AnonymousID}).Person; p.AnonymousID != theirs.AnonymousID || p.ID == theirs.ID {
		t.Errorf("an id of another workspace makes %+v, want a visitor with it", p)
	}
}

func leadVisit(t *testing.T, w *world) {
	visitor := w.visit(t, visit.Visit{}).Person
	lead := w.convert(t, toLead(visitor)).Contact
	w.clock.pass(time.Minute)
	visited := w.visit(t, visit.Visit{AnonymousID: visitor.AnonymousID})
	lead.LastSeenAt = begin + 60
	expect(t, "the lead", &visit.PingResult{Person: lead, AnonymousID: lead.AnonymousID}, visited)
}

func junkVisit(t *testing.T, w *world) {
	for _, id := range []string{
		"null", " ", "00000000-0000-1000-8000-000000000000", "00000000-0000-4000-8000-00000000000", "00000000-0000-4000-8000-00000000000G",
		"000000000000040008000000000000000000", "00000000-0000-4000-8000-0000000000000", "ABCDEF00-0000-4000-8000-000000000000",
	} {
		_, err := w.tryVisit(t, visit.Visit{AnonymousID: id})
		if invalid, ok := errors.AsType[*workspace.InvalidError](err); !ok || invalid.Field != "anonymous_id" {
			t.Errorf("Visit of %q: %v", id, err)
		}
	}
	expect(t, "the list", []string{}, list(t, w, people.VisitorFilter{}))
}

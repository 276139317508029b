package identity

import (
	"context"
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func Pings(s fixtures.Suite) {
	s.Test("a ping of a proven user is all there or nothing, wherever its write fails", failedUserPing)
	s.Test("a ping of a visitor is all there or nothing, wherever its write fails", failedVisitorPing)
	s.Test("a ping of a claim is all there or nothing, wherever its write fails", failedClaimPing)
	s.Test("a part that is refused costs nothing else and leaves nothing of itself", refusedParts)
	s.Test("what comes after an event that is not admitted is left for another ping", limitedPing)
}

// failing is a store whose writes fail at the call with a number, counted from 1, that changes anything; 0 for none.
type failing struct {
	people.Store
	at, calls int
}

func (s *failing) Write(ctx context.Context, fn func(people.Writer) error) error {
	s.calls = 0
	return s.Store.Write(ctx, func(w people.Writer) error { return fn(failingWriter{w, s}) })
}

// next counts a call, or makes it fail.
func (s *failing) next(call func() error) error {
	if s.calls++; s.calls == s.at {
		return fixtures.ErrOnPurpose
	}
	return call()
}

// failingWriter has every call that a ping may make.
type failingWriter struct {
	people.Writer
	s *failing
}

func (w failingWriter) InsertPerson(p *people.Person) error {
	return w.s.next(func() error { return w.Writer.InsertPerson(p) })
}

func (w failingWriter) UpdatePerson(before, after *people.Person) error {
	return w.s.next(func() error { return w.Writer.UpdatePerson(before, after) })
}

func (w failingWriter) InsertChange(c *people.Change) error {
	return w.s.next(func() error { return w.Writer.InsertChange(c) })
}

func (w failingWriter) Emit(e *workspace.OutboxEntry) error {
	return w.s.next(func() error { return w.Writer.Emit(e) })
}

func (w failingWriter) DefineAttribute(a *people.Attribute) error {
	return w.s.next(func() error { return w.Writer.DefineAttribute(a) })
}

func (w failingWriter) InsertEvent(e *people.Event) (isNew bool, err error) {
	err = w.s.next(func() (err error) { isNew, err = w.Writer.InsertEvent(e); return err })
	return isNew, err
}

func (w failingWriter) PutBrowserSession(k *people.BrowserSession) error {
	return w.s.next(func() error { return w.Writer.PutBrowserSession(k) })
}

func (w failingWriter) DeleteBrowserSession(ws workspace.ID, hash string) error {
	return w.s.next(func() error { return w.Writer.DeleteBrowserSession(ws, hash) })
}

func (w failingWriter) InsertCompany(c *people.Company) error {
	return w.s.next(func() error { return w.Writer.InsertCompany(c) })
}

func (w failingWriter) InsertPlan(ws workspace.ID, plan *people.CompanyPlan) error {
	return w.s.next(func() error { return w.Writer.InsertPlan(ws, plan) })
}

func (w failingWriter) AttachCompany(ws workspace.ID, personID, companyID string, at int64) error {
	return w.s.next(func() error { return w.Writer.AttachCompany(ws, personID, companyID, at) })
}

// traces is what pings can leave in acme.
type traces struct {
	People     []*people.Person
	Events     map[string][]*people.Event
	Changes    map[string][]*people.Change
	Companies  []*people.Company
	Attributes []*people.Attribute
	Outbox     []*workspace.OutboxEntry
	HasSession bool
}

func tracesOf(t *testing.T, w *fixtures.Fixtures, session string, companyIDs ...string) traces {
	t.Helper()
	all := traces{Events: map[string][]*people.Event{}, Changes: map[string][]*people.Change{}}
	all.Attributes, all.Outbox = w.Defined(t, fixtures.Acme), w.Outbox(t)
	all.HasSession = fixtures.Get(t, w, func(r people.Reader) (*people.BrowserSession, error) {
		return r.BrowserSession(fixtures.Acme, workspace.HashToken(session))
	}) != nil
	all.People = append(
		fixtures.Get(t, w, func(r people.Reader) ([]*people.Person, error) {
			return r.Visitors(fixtures.Acme, people.VisitorFilter{}, 100)
		}),
		fixtures.Get(t, w, func(r people.Reader) ([]*people.Person, error) { return r.Contacts(fixtures.Acme, "", 100) })...)
	for _, p := range all.People {
		all.Events[p.ID], all.Changes[p.ID] = w.StoredEvents(t, p.ID), w.Journal(t, p.ID)
	}
	for _, id := range companyIDs {
		all.Companies = append(all.Companies, fixtures.Get(t, w, func(r people.Reader) (*people.Company, error) { return r.CompanyByCompanyID(fixtures.Acme, id) }))
	}
	return all
}

// failsEverywhere handles a ping with a write that fails at its first change, then at its second, and so on until it does
// not fail. It returns how many changes there are, and the result.
func failsEverywhere(t *testing.T, w *fixtures.Fixtures, ping visit.Ping) (changes int, done *visit.PingResult) {
	t.Helper()
	companies := make([]string, 0, len(ping.Companies))
	for _, c := range ping.Companies {
		companies = append(companies, c.CompanyID)
	}
	before := tracesOf(t, w, ping.SessionToken, companies...)
	store := &failing{Store: w.Store}
	defer func() { w.Store = store.Store }()
	for store.at = 1; ; store.at++ {
		w.Store = store
		done, err := w.TryPing(t, ping)
		w.Store = store.Store
		if err == nil {
			w.Sound(t)
			return store.calls, done
		}
		if !errors.Is(err, fixtures.ErrOnPurpose) {
			t.Fatalf("the write that fails at change %d: %v", store.at, err)
		}
		fixtures.Expect(t, "what is there after a failed ping", before, tracesOf(t, w, ping.SessionToken, companies...))
	}
}

func failedUserPing(t *testing.T, w *fixtures.Fixtures) {
	visitor := w.Visit(t, visit.Visit{}).Person
	w.Has(t, people.Lead, func(p *people.Person) { p.Email = "ada@example.com" })
	w.Clock.Pass(time.Hour)
	plan := "gold"
	company := people.CompanyUpdate{Plan: &plan, CustomAttributes: search.Attributes{"tier": search.IntValue(1)}}
	changes, done := failsEverywhere(t, w, visit.Ping{
		SignIn: visit.SignIn{
			Visit: visit.Visit{AnonymousID: visitor.AnonymousID, CustomAttributes: search.Attributes{"score": search.IntValue(1)}},
			User:  claimOf("42", "ada@example.com"), IsProven: true, EmailIsProven: true, Device: "d",
			Companies: []visit.CompanyVisit{{CompanyID: "7", Update: company}, {CompanyID: "6"}},
		},
		Events: []visit.PingEvent{{Event: people.Event{Name: "ordered"}}, {Event: people.Event{Name: "paid"}}},
	})
	if changes < 20 || done.Handled != 2 || len(done.Refusals) != 0 || done.SessionToken == "" || !done.Person.Attached {
		t.Errorf("after %d changes the ping is %+v", changes, done)
	}
	all := tracesOf(t, w, done.SessionToken, "7", "6")
	if len(all.People) != 1 || len(all.Events[done.Person.ID]) != 2 || len(all.Attributes) != 2 || !all.HasSession ||
		all.Companies[0].Plan.Name != "gold" || all.Companies[0].UserCount != 1 || all.Companies[1].UserCount != 1 {
		t.Errorf("there is %+v", all)
	}
	_, done = failsEverywhere(t, w, visit.Ping{SignIn: visit.SignIn{
		Visit: visit.Visit{AnonymousID: visitor.AnonymousID}, SessionToken: done.SessionToken, Device: "d", Ends: true,
	}})
	if done.Person == nil || done.Person.Role != people.User || tracesOf(t, w, done.SessionToken).HasSession {
		t.Errorf("the last ping is %+v", done)
	}
}

func failedVisitorPing(t *testing.T, w *fixtures.Fixtures) {
	id := w.NewUUID()
	changes, done := failsEverywhere(t, w, visit.Ping{
		SignIn: visit.SignIn{Visit: visit.Visit{AnonymousID: id, CustomAttributes: search.Attributes{"score": search.IntValue(1)}}},
		Email:  "ada@example.com", Events: []visit.PingEvent{{Event: people.Event{Name: "ordered"}}},
	})
	if changes < 8 || done.Person.Role != people.Lead || len(w.StoredEvents(t, done.Person.ID)) != 1 || len(w.Defined(t, fixtures.Acme)) != 1 {
		t.Errorf("after %d changes the ping is %+v", changes, done)
	}
	fixtures.Expect(t, "the lead", done.Person, w.Stored(t, done.Person.ID))
}

func failedClaimPing(t *testing.T, w *fixtures.Fixtures) {
	changes, done := failsEverywhere(t, w, visit.Ping{
		SignIn: visit.SignIn{User: claimOf("42", "")}, Events: []visit.PingEvent{{Event: people.Event{Name: "ordered"}}},
	})
	if changes < 4 || !done.IsUnproven || len(w.StoredEvents(t, done.Person.ID)) != 1 {
		t.Errorf("after %d changes the ping is %+v", changes, done)
	}
}

func refusedParts(t *testing.T, w *fixtures.Fixtures) {
	size := int64(-1)
	junk := people.CompanyUpdate{Size: &size, CustomAttributes: search.Attributes{"tier": search.IntValue(1)}}
	unread := errors.New("unread")
	user := visit.Ping{
		SignIn: visit.SignIn{
			User: claimOf("42", ""), IsProven: true,
			Companies: []visit.CompanyVisit{{}, {CompanyID: "null"}, {CompanyID: "6", Update: junk}, {CompanyID: "7"}},
		},
		Events: []visit.PingEvent{{}, {Event: people.Event{Name: "bad"}, Refusal: unread}, {Event: people.Event{Name: "ordered"}}},
	}
	done, err := w.TryPing(t, user)
	if err != nil || len(done.Refusals) != 5 || !errors.Is(done.Refusals[4], unread) || done.Handled != 3 {
		t.Fatalf("the ping is %+v, %v", done, err)
	}
	all := tracesOf(t, w, "", "6", "7", "null")
	if all.Companies[0] != nil || all.Companies[1] == nil || all.Companies[2] != nil || len(all.Attributes) != 0 || len(all.Events[done.Person.ID]) != 1 {
		t.Errorf("there is %+v", all)
	}
	w.Sound(t)
	visitor := w.Visit(t, visit.Visit{}).Person
	w.Has(t, people.User, func(p *people.Person) { p.ExternalID = visitor.AnonymousID })
	done, err = w.TryPing(t, visit.Ping{
		SignIn: visit.SignIn{Visit: visit.Visit{AnonymousID: visitor.AnonymousID}}, Email: "ada@example.com",
		Events: []visit.PingEvent{{Event: people.Event{Name: "ordered"}}},
	})
	if err != nil || len(done.Refusals) != 1 || len(w.StoredEvents(t, visitor.ID)) != 1 {
		t.Fatalf("the ping is %+v, %v", done, err)
	}
	if _, isConflict := errors.AsType[*people.ConflictError](done.Refusals[0]); !isConflict {
		t.Errorf("the address is refused by %v", done.Refusals)
	}
	fixtures.Expect(t, "the visitor", visitor, w.Stored(t, visitor.ID))
}

func limitedPing(t *testing.T, w *fixtures.Fixtures) {
	full := errors.New("full")
	asked := 0
	ping := visit.Ping{
		Email: "ada@example.com",
		Events: []visit.PingEvent{
			{Event: people.Event{Name: "a"}}, {Event: people.Event{Name: "b"}}, {Event: people.Event{Name: "c"}},
		},
		AdmitEvent: func(string) error {
			if asked++; asked > 2 {
				return full
			}
			return nil
		},
	}
	ping.AnonymousID = w.NewUUID()
	done, err := w.TryPing(t, ping)
	if err != nil || !errors.Is(done.Limited, full) || done.Handled != 2 || done.Person.Role != people.Visitor || asked != 3 {
		t.Fatalf("the ping is %+v, %v", done, err)
	}
	if all := w.StoredEvents(t, done.Person.ID); len(all) != 2 {
		t.Errorf("the visitor did %v", all)
	}
}

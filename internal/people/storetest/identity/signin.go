package identity

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func SignIns(s fixtures.Suite) {
	s.Test("a proven user is made of the visitor, and touched when it comes again", signedIn)
	s.Test("a visitor and a lead go into the proven user", signedInto)
	s.Test("an id that is somebody else's stays theirs", signedInElsewhere)
	s.Test("a browser that keeps nothing brings nobody along", signedInBare)
	s.Test("leads of a proven address go into the user, and of no other", signedInLeads)
	s.Test("a proof takes from an unverified user what names another", signedInUnverified)
	s.Test("an identifier that somebody known has is refused and changes nothing", signedInRefused)
	s.Test("a claim makes a user that is unverified, and touches no other", claims)
	s.Test("whoever is not let in is not made", notAdmitted)
	s.Test("a browser session comes back as it was, each workspace its own", wholeBrowserSession)
	s.Test("a session signs in until it ends", browserSessionLife)
}

func claimOf(userID, email string) people.UserRef {
	return people.UserRef{UserID: userID, Email: email}
}

func signedIn(t *testing.T, w *fixtures.Fixtures) {
	visitor := w.Visit(t, visit.Visit{}).Person
	name := "Ada"
	in := visit.SignIn{
		Visit: visit.Visit{AnonymousID: visitor.AnonymousID, Name: &name}, User: claimOf("42", "ada@example.com"), SignedUpAt: fixtures.Begin - 9,
	}
	done := w.SignIn(t, in)
	want := visitor.Clone()
	want.Role, want.ExternalID, want.Email, want.Name, want.SignedUpAt = people.User, "42", "ada@example.com", "Ada", fixtures.Begin-9
	fixtures.Expect(t, "the user", want, done.Person)
	if done.Decision != people.DecidedConverted || done.AnonymousID != visitor.AnonymousID || done.NewSession || done.SessionToken != "" {
		t.Errorf("the sign-in is %+v", done)
	}
	w.Clock.Pass(time.Hour)
	again := w.SignIn(t, in)
	want.LastSeenAt, want.SessionCount, want.SessionStartedAt = fixtures.Begin+3600, 2, fixtures.Begin+3600
	fixtures.Expect(t, "the user an hour later", want, again.Person)
	if again.Decision != people.DecidedRepeated || again.ChangeID != done.ChangeID || !again.NewSession {
		t.Errorf("the second sign-in is %+v", again)
	}
}

func signedInto(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID = "42" })
	visitor := w.Has(t, people.Visitor)
	phone := "+1"
	lead := w.Convert(t, fixtures.ToLead(w.Visit(t, visit.Visit{Phone: &phone}).Person)).Contact
	for _, p := range []*people.Person{visitor, lead} {
		done := w.SignIn(t, visit.SignIn{Visit: visit.Visit{AnonymousID: p.AnonymousID}, User: claimOf("42", "")})
		if done.Person.ID != user.ID || done.Decision != people.DecidedMerged || w.Stored(t, p.ID).MergedInto != user.ID {
			t.Errorf("the sign-in is %+v", done)
		}
	}
	if got := w.Stored(t, user.ID); got.Phone != "+1" {
		t.Errorf("the user is %+v", got)
	}
	if all := w.Journal(t, user.ID); len(all) != 3 { // how the lead became one, too
		t.Errorf("the journal has %v", all)
	}
}

func signedInElsewhere(t *testing.T, w *fixtures.Fixtures) {
	ada := w.SignIn(t, visit.SignIn{User: claimOf("ada", "")}).Person
	done := w.SignIn(t, visit.SignIn{Visit: visit.Visit{AnonymousID: ada.AnonymousID}, User: claimOf("bob", "")})
	if done.Person.ID == ada.ID || done.AnonymousID == ada.AnonymousID {
		t.Errorf("the sign-in is %+v", done)
	}
	fixtures.Expect(t, "the other user", ada, w.Stored(t, ada.ID))
}

func signedInBare(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID = "42" })
	done := w.SignIn(t, visit.SignIn{User: claimOf("42", "")})
	if done.Person.ID != user.ID || done.AnonymousID != "" || done.ChangeID != "" || !done.NewSession {
		t.Errorf("the sign-in is %+v", done)
	}
	if fresh := w.SignIn(t, visit.SignIn{User: claimOf("43", "")}); fresh.AnonymousID == "" || fresh.Person.ExternalID != "43" {
		t.Errorf("the sign-in of somebody new is %+v", fresh)
	}
}

func signedInLeads(t *testing.T, w *fixtures.Fixtures) {
	ofAda := func(p *people.Person) { p.Email = "Ada@example.com" }
	ours, theirs := w.Has(t, people.Lead, ofAda), w.Has(t, people.Lead, func(p *people.Person) { p.Workspace, p.Email = fixtures.Rival, "ada@example.com" })
	other := w.Has(t, people.Lead, func(p *people.Person) { p.Email = "bob@example.com" })
	in := visit.SignIn{User: claimOf("42", "ada@example.com")}
	w.SignIn(t, in)
	if w.Stored(t, ours.ID).State != people.Active {
		t.Error("an address that is not proven merged a lead")
	}
	in.User, in.EmailIsProven, in.AnonymousID = claimOf("42", "ada@example.com"), true, w.NewUUID()
	user := w.SignIn(t, in).Person
	if got := w.Stored(t, ours.ID); got.MergedInto != user.ID {
		t.Errorf("the lead is %+v", got)
	}
	fixtures.Expect(t, "a lead of another address", other, w.Stored(t, other.ID))
	got := fixtures.Get(t, w, func(r people.Reader) (*people.Person, error) { return r.Person(fixtures.Rival, theirs.ID) })
	fixtures.Expect(t, "a lead of another workspace", theirs, got)
}

func signedInUnverified(t *testing.T, w *fixtures.Fixtures) {
	claim := func(userID, email string) *people.Person {
		p, err := w.TryClaim(t, visit.Visit{}, claimOf(userID, email))
		if err != nil || p == nil {
			t.Fatalf("the claim of %s, %s: %+v, %v", userID, email, p, err)
		}
		return p
	}
	first, squatter, byAddress := claim("42", "mallory@example.com"), claim("squatter", "ada@example.com"), claim("", "bob@example.com")
	user := w.SignIn(t, visit.SignIn{User: claimOf("42", "ada@example.com")}).Person
	if user.ID != first.ID || user.Unverified || user.Email != "ada@example.com" {
		t.Errorf("the user is %+v", user)
	}
	if got := w.Stored(t, squatter.ID); got.Email != "" || got.ExternalID != "squatter" || !got.Unverified {
		t.Errorf("the squatter is %+v", got)
	}
	bob := w.SignIn(t, visit.SignIn{User: claimOf("bob", "bob@example.com"), EmailIsProven: true}).Person
	if bob.ID == byAddress.ID || bob.ExternalID != "bob" || bob.Email != "bob@example.com" || bob.Unverified {
		t.Errorf("Bob is %+v", bob)
	}
	if got := w.Stored(t, byAddress.ID); got.Email != "" || !got.Unverified {
		t.Errorf("who claimed Bob's address is %+v", got)
	}
	byAddress = claim("", "eve@example.com")
	eve := w.SignIn(t, visit.SignIn{User: claimOf("", "eve@example.com"), EmailIsProven: true}).Person
	if eve.ID != byAddress.ID || eve.Email != "eve@example.com" || eve.Unverified {
		t.Errorf("Eve is %+v", eve)
	}
}

func signedInRefused(t *testing.T, w *fixtures.Fixtures) {
	ada := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	gone := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email, p.State = "gone", "gone@example.com", people.Archived })
	visitor := w.Has(t, people.Visitor)
	for _, in := range []visit.SignIn{
		{User: claimOf("gone", "")}, {User: claimOf("", "gone@example.com"), EmailIsProven: true},
	} {
		in.AnonymousID = visitor.AnonymousID
		_, err := w.TrySignIn(t, in)
		if _, conflict := errors.AsType[*people.ConflictError](err); !conflict {
			t.Errorf("SignIn(%+v): %v", in, err)
		}
	}
	for _, in := range []visit.SignIn{
		{User: claimOf("null", "")}, {User: claimOf("", "ada")}, {User: claimOf("42", ""), Visit: visit.Visit{AnonymousID: "x"}},
	} {
		_, err := w.TrySignIn(t, in)
		if _, invalid := errors.AsType[*workspace.InvalidError](err); !invalid {
			t.Errorf("SignIn(%+v): %v", in, err)
		}
	}
	for _, p := range []*people.Person{ada, gone, visitor} {
		fixtures.Expect(t, "who was there before", p, w.Stored(t, p.ID))
	}
	fixtures.Expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.Outbox(t))
}

func claims(t *testing.T, w *fixtures.Fixtures) {
	known := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "known", "known@example.com" })
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.ExternalID = "lead" })
	for _, ref := range []people.UserRef{
		claimOf("known", ""), claimOf("", "KNOWN@example.com"), claimOf("new", "known@example.com"), claimOf("lead", ""),
	} {
		if p, err := w.TryClaim(t, visit.Visit{}, ref); p != nil || err != nil {
			t.Errorf("the claim of %+v: %+v, %v", ref, p, err)
		}
	}
	fixtures.Expect(t, "somebody known", known, w.Stored(t, known.ID))
	fixtures.Expect(t, "a lead", lead, w.Stored(t, lead.ID))
	made, err := w.TryClaim(t, visit.Visit{}, claimOf("42", " ada@example.com "))
	if err != nil {
		t.Fatal(err)
	}
	want := &people.Person{
		Workspace: fixtures.Acme, ID: made.ID, Role: people.User, Unverified: true, ExternalID: "42", Email: "ada@example.com", Pseudonym: "Teal Whale",
		CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin, SignedUpAt: fixtures.Begin, LastSeenAt: fixtures.Begin, SessionCount: 1, SessionStartedAt: fixtures.Begin,
	}
	fixtures.Expect(t, "the unverified user", want, w.Stored(t, made.ID))
	w.Clock.Pass(time.Minute)
	again, err := w.TryClaim(t, visit.Visit{}, claimOf("42", "other@example.com"))
	want.LastSeenAt += 60
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the unverified user again", want, again)
	if p, err := w.TryClaim(t, visit.Visit{}, claimOf("guest", "")); p != nil || err == nil {
		t.Errorf("a placeholder is %+v, %v", p, err)
	}
}

func notAdmitted(t *testing.T, w *fixtures.Fixtures) {
	full := errors.New("full")
	v := visit.Visit{AnonymousID: w.NewUUID(), Admit: func() error { return full }}
	if _, err := w.TryVisit(t, v); !errors.Is(err, full) {
		t.Errorf("Visit: %v", err)
	}
	if _, err := w.TryClaim(t, v, claimOf("42", "")); !errors.Is(err, full) {
		t.Errorf("the claim: %v", err)
	}
	fixtures.Expect(t, "the list", []string{}, fixtures.List(t, w, people.VisitorFilter{}))
	v.AnonymousID = w.Has(t, people.Visitor).AnonymousID
	w.Visit(t, v)
}

func wholeBrowserSession(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	ours := &people.BrowserSession{Workspace: fixtures.Acme, Hash: "h", PersonID: user.ID, DeviceID: "d", Life: 60, ExpiresAt: fixtures.Begin + 60}
	theirs := *ours
	theirs.Workspace, theirs.PersonID = fixtures.Rival, w.Has(t, people.User, func(p *people.Person) { p.Workspace = fixtures.Rival }).ID
	w.Write(t, func(tx people.Writer) error {
		return errors.Join(tx.PutBrowserSession(ours), tx.PutBrowserSession(&theirs))
	})
	session := func(ws workspace.ID, hash string) *people.BrowserSession {
		return fixtures.Get(t, w, func(r people.Reader) (*people.BrowserSession, error) { return r.BrowserSession(ws, hash) })
	}
	fixtures.Expect(t, "our session", ours, session(fixtures.Acme, "h"))
	fixtures.Expect(t, "their session", &theirs, session(fixtures.Rival, "h"))
	fixtures.Expect(t, "no session", (*people.BrowserSession)(nil), session(fixtures.Acme, "x"))
	ours.ExpiresAt = fixtures.Begin + 90
	w.Write(t, func(tx people.Writer) error { return tx.PutBrowserSession(ours) })
	fixtures.Expect(t, "the longer session", ours, session(fixtures.Acme, "h"))
	fixtures.Expect(t, "their session", &theirs, session(fixtures.Rival, "h"))
	w.Write(t, func(tx people.Writer) error {
		return errors.Join(tx.DeleteExpiredBrowserSessions(fixtures.Acme, fixtures.Begin+89), tx.DeleteExpiredBrowserSessions(fixtures.Rival, fixtures.Begin+60))
	})
	fixtures.Expect(t, "a session that has not expired", ours, session(fixtures.Acme, "h"))
	fixtures.Expect(t, "a session that has", (*people.BrowserSession)(nil), session(fixtures.Rival, "h"))
	w.Write(t, func(tx people.Writer) error { return tx.DeleteBrowserSession(fixtures.Acme, "h") })
	fixtures.Expect(t, "a deleted session", (*people.BrowserSession)(nil), session(fixtures.Acme, "h"))
}

func browserSessionLife(t *testing.T, w *fixtures.Fixtures) {
	in := visit.SignIn{User: claimOf("42", ""), Device: "d"}
	first := w.SignIn(t, in)
	bare := visit.SignIn{Visit: visit.Visit{AnonymousID: first.AnonymousID}, SessionToken: first.SessionToken, Device: "d"}
	if done := w.SignIn(t, bare); done.Person.ID != first.Person.ID || done.SessionToken != first.SessionToken {
		t.Errorf("by its session the user is %+v", done)
	}
	other := w.SignIn(t, visit.SignIn{Visit: visit.Visit{AnonymousID: w.NewUUID()}, User: claimOf("43", ""), Device: "d", SessionToken: first.SessionToken})
	if other.SessionToken == first.SessionToken || other.SessionToken == "" {
		t.Error("another user has the same session")
	}
	refused := func(what string, in visit.SignIn) {
		t.Helper()
		if done, err := w.TrySignIn(t, in); err != nil || done.Person != nil || done.SessionToken != "" {
			t.Errorf("%s: %+v, %v", what, done, err)
		}
	}
	refused("a session of who was there before", bare)
	bare.SessionToken = other.SessionToken
	refused("another's browser", bare)
	bare.AnonymousID = other.AnonymousID
	refused("another device", visit.SignIn{Visit: bare.Visit, SessionToken: other.SessionToken, Device: "e"})
	refused("no session", visit.SignIn{})
	w.SignIn(t, bare)
	if _, err := w.DeleteContact(t.Context(), w.Caller, other.Person.ID); err != nil {
		t.Fatal(err)
	}
	refused("a session of nobody", bare)
	w.Sound(t)
	in.AnonymousID = first.AnonymousID
	bare.AnonymousID, bare.SessionToken, bare.Ends = first.AnonymousID, w.SignIn(t, in).SessionToken, true
	w.SignIn(t, bare)
	bare.Ends = false
	refused("a session that was ended", bare)
	bare.SessionToken = w.SignIn(t, in).SessionToken
	w.Clock.Pass(7 * 24 * time.Hour)
	refused("a session of last week", bare)
}

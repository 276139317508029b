package storetest

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func signIns(s suite) {
	s.test("a proven user is made of the visitor, and touched when it comes again", signedIn)
	s.test("a visitor and a lead go into the proven user", signedInto)
	s.test("an id that is somebody else's stays theirs", signedInElsewhere)
	s.test("a browser that keeps nothing brings nobody along", signedInBare)
	s.test("leads of a proven address go into the user, and of no other", signedInLeads)
	s.test("a proof takes from an unverified user what names another", signedInUnverified)
	s.test("an identifier that somebody known has is refused and changes nothing", signedInRefused)
	s.test("a claim makes a user that is unverified, and touches no other", claims)
	s.test("whoever is not let in is not made", notAdmitted)
	s.test("a browser session comes back as it was, each workspace its own", wholeBrowserSession)
	s.test("a session signs in until it ends", browserSessionLife)
}

// trySignIn handles a ping of the user that a proof or else a session names, and of nobody else.
func (w *world) trySignIn(t *testing.T, in visit.SignIn) (*visit.PingResult, error) {
	t.Helper()
	in.IsProven = in.User != people.UserRef{}
	return w.tryPing(t, visit.Ping{SignIn: in, ProvenOnly: true})
}

func (w *world) signIn(t *testing.T, in visit.SignIn) *visit.PingResult {
	t.Helper()
	done, err := w.trySignIn(t, in)
	if err != nil || done.Person == nil {
		t.Fatalf("the sign-in of %+v: %+v, %v", in, done, err)
	}
	expect(t, "the user as stored", done.Person, w.stored(t, done.Person.ID))
	w.sound(t)
	return done
}

// tryClaim handles a ping that names a user without proof.
func (w *world) tryClaim(t *testing.T, v visit.Visit, ref people.UserRef) (*people.Person, error) {
	t.Helper()
	done, err := w.tryPing(t, visit.Ping{SignIn: visit.SignIn{Visit: v, User: ref}})
	if err != nil {
		return nil, err
	}
	return done.Person, nil
}

func claimOf(userID, email string) people.UserRef {
	return people.UserRef{UserID: userID, Email: email}
}

func signedIn(t *testing.T, w *world) {
	visitor := w.visit(t, visit.Visit{}).Person
	name := "Ada"
	in := visit.SignIn{
		Visit: visit.Visit{AnonymousID: visitor.AnonymousID, Name: &name}, User: claimOf("42", "ada@example.com"), SignedUpAt: begin - 9,
	}
	done := w.signIn(t, in)
	want := visitor.Clone()
	want.Role, want.ExternalID, want.Email, want.Name, want.SignedUpAt = people.User, "42", "ada@example.com", "Ada", begin-9
	expect(t, "the user", want, done.Person)
	if done.Decision != people.DecidedConverted || done.AnonymousID != visitor.AnonymousID || done.NewSession || done.SessionToken != "" {
		t.Errorf("the sign-in is %+v", done)
	}
	w.clock.pass(time.Hour)
	again := w.signIn(t, in)
	want.LastSeenAt, want.SessionCount, want.SessionStartedAt = begin+3600, 2, begin+3600
	expect(t, "the user an hour later", want, again.Person)
	if again.Decision != people.DecidedRepeated || again.ChangeID != done.ChangeID || !again.NewSession {
		t.Errorf("the second sign-in is %+v", again)
	}
}

func signedInto(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.ExternalID = "42" })
	visitor := w.has(t, people.Visitor)
	phone := "+1"
	lead := w.convert(t, toLead(w.visit(t, visit.Visit{Phone: &phone}).Person)).Contact
	for _, p := range []*people.Person{visitor, lead} {
		done := w.signIn(t, visit.SignIn{Visit: visit.Visit{AnonymousID: p.AnonymousID}, User: claimOf("42", "")})
		if done.Person.ID != user.ID || done.Decision != people.DecidedMerged || w.stored(t, p.ID).MergedInto != user.ID {
			t.Errorf("the sign-in is %+v", done)
		}
	}
	if got := w.stored(t, user.ID); got.Phone != "+1" {
		t.Errorf("the user is %+v", got)
	}
	if all := w.journal(t, user.ID); len(all) != 3 { // how the lead became one, too
		t.Errorf("the journal has %v", all)
	}
}

func signedInElsewhere(t *testing.T, w *world) {
	ada := w.signIn(t, visit.SignIn{User: claimOf("ada", "")}).Person
	done := w.signIn(t, visit.SignIn{Visit: visit.Visit{AnonymousID: ada.AnonymousID}, User: claimOf("bob", "")})
	if done.Person.ID == ada.ID || done.AnonymousID == ada.AnonymousID {
		t.Errorf("the sign-in is %+v", done)
	}
	expect(t, "the other user", ada, w.stored(t, ada.ID))
}

func signedInBare(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.ExternalID = "42" })
	done := w.signIn(t, visit.SignIn{User: claimOf("42", "")})
	if done.Person.ID != user.ID || done.AnonymousID != "" || done.ChangeID != "" || !done.NewSession {
		t.Errorf("the sign-in is %+v", done)
	}
	if fresh := w.signIn(t, visit.SignIn{User: claimOf("43", "")}); fresh.AnonymousID == "" || fresh.Person.ExternalID != "43" {
		t.Errorf("the sign-in of somebody new is %+v", fresh)
	}
}

func signedInLeads(t *testing.T, w *world) {
	ofAda := func(p *people.Person) { p.Email = "Ada@example.com" }
	ours, theirs := w.has(t, people.Lead, ofAda), w.has(t, people.Lead, func(p *people.Person) { p.Workspace, p.Email = rival, "ada@example.com" })
	other := w.has(t, people.Lead, func(p *people.Person) { p.Email = "bob@example.com" })
	in := visit.SignIn{User: claimOf("42", "ada@example.com")}
	w.signIn(t, in)
	if w.stored(t, ours.ID).State != people.Active {
		t.Error("an address that is not proven merged a lead")
	}
	in.User, in.EmailIsProven, in.AnonymousID = claimOf("42", "ada@example.com"), true, w.NewUUID()
	user := w.signIn(t, in).Person
	if got := w.stored(t, ours.ID); got.MergedInto != user.ID {
		t.Errorf("the lead is %+v", got)
	}
	expect(t, "a lead of another address", other, w.stored(t, other.ID))
	got := get(t, w, func(r people.Reader) (*people.Person, error) { return r.Person(rival, theirs.ID) })
	expect(t, "a lead of another workspace", theirs, got)
}

func signedInUnverified(t *testing.T, w *world) {
	claim := func(userID, email string) *people.Person {
		p, err := w.tryClaim(t, visit.Visit{}, claimOf(userID, email))
		if err != nil || p == nil {
			t.Fatalf("the claim of %s, %s: %+v, %v", userID, email, p, err)
		}
		return p
	}
	first, squatter, byAddress := claim("42", "mallory@example.com"), claim("squatter", "ada@example.com"), claim("", "bob@example.com")
	user := w.signIn(t, visit.SignIn{User: claimOf("42", "ada@example.com")}).Person
	if user.ID != first.ID || user.Unverified || user.Email != "ada@example.com" {
		t.Errorf("the user is %+v", user)
	}
	if got := w.stored(t, squatter.ID); got.Email != "" || got.ExternalID != "squatter" || !got.Unverified {
		t.Errorf("the squatter is %+v", got)
	}
	bob := w.signIn(t, visit.SignIn{User: claimOf("bob", "bob@example.com"), EmailIsProven: true}).Person
	if bob.ID == byAddress.ID || bob.ExternalID != "bob" || bob.Email != "bob@example.com" || bob.Unverified {
		t.Errorf("Bob is %+v", bob)
	}
	if got := w.stored(t, byAddress.ID); got.Email != "" || !got.Unverified {
		t.Errorf("who claimed Bob's address is %+v", got)
	}
	byAddress = claim("", "eve@example.com")
	eve := w.signIn(t, visit.SignIn{User: claimOf("", "eve@example.com"), EmailIsProven: true}).Person
	if eve.ID != byAddress.ID || eve.Email != "eve@example.com" || eve.Unverified {
		t.Errorf("Eve is %+v", eve)
	}
}

func signedInRefused(t *testing.T, w *world) {
	ada := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	gone := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email, p.State = "gone", "gone@example.com", people.Archived })
	visitor := w.has(t, people.Visitor)
	for _, in := range []visit.SignIn{
		{User: claimOf("gone", "")}, {User: claimOf("", "gone@example.com"), EmailIsProven: true},
	} {
		in.AnonymousID = visitor.AnonymousID
		_, err := w.trySignIn(t, in)
		if _, conflict := errors.AsType[*people.ConflictError](err); !conflict {
			t.Errorf("SignIn(%+v): %v", in, err)
		}
	}
	for _, in := range []visit.SignIn{
		{User: claimOf("null", "")}, {User: claimOf("", "ada")}, {User: claimOf("42", ""), Visit: visit.Visit{AnonymousID: "x"}},
	} {
		_, err := w.trySignIn(t, in)
		if _, invalid := errors.AsType[*workspace.InvalidError](err); !invalid {
			t.Errorf("SignIn(%+v): %v", in, err)
		}
	}
	for _, p := range []*people.Person{ada, gone, visitor} {
		expect(t, "who was there before", p, w.stored(t, p.ID))
	}
	expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.outbox(t))
}

func claims(t *testing.T, w *world) {
	known := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "known", "known@example.com" })
	lead := w.has(t, people.Lead, func(p *people.Person) { p.ExternalID = "lead" })
	for _, ref := range []people.UserRef{
		claimOf("known", ""), claimOf("", "KNOWN@example.com"), claimOf("new", "known@example.com"), claimOf("lead", ""),
	} {
		if p, err := w.tryClaim(t, visit.Visit{}, ref); p != nil || err != nil {
			t.Errorf("the claim of %+v: %+v, %v", ref, p, err)
		}
	}
	expect(t, "somebody known", known, w.stored(t, known.ID))
	expect(t, "a lead", lead, w.stored(t, lead.ID))
	made, err := w.tryClaim(t, visit.Visit{}, claimOf("42", " ada@example.com "))
	if err != nil {
		t.Fatal(err)
	}
	want := &people.Person{
		Workspace: acme, ID: made.ID, Role: people.User, Unverified: true, ExternalID: "42", Email: "ada@example.com", Pseudonym: "Teal Whale",
		CreatedAt: begin, UpdatedAt: begin, SignedUpAt: begin, LastSeenAt: begin, SessionCount: 1, SessionStartedAt: begin,
	}
	expect(t, "the unverified user", want, w.stored(t, made.ID))
	w.clock.pass(time.Minute)
	again, err := w.tryClaim(t, visit.Visit{}, claimOf("42", "other@example.com"))
	want.LastSeenAt += 60
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "the unverified user again", want, again)
	if p, err := w.tryClaim(t, visit.Visit{}, claimOf("guest", "")); p != nil || err == nil {
		t.Errorf("a placeholder is %+v, %v", p, err)
	}
}

func notAdmitted(t *testing.T, w *world) {
	full := errors.New("full")
	v := visit.Visit{AnonymousID: w.NewUUID(), Admit: func() error { return full }}
	if _, err := w.tryVisit(t, v); !errors.Is(err, full) {
		t.Errorf("Visit: %v", err)
	}
	if _, err := w.tryClaim(t, v, claimOf("42", "")); !errors.Is(err, full) {
		t.Errorf("the claim: %v", err)
	}
	expect(t, "the list", []string{}, list(t, w, people.VisitorFilter{}))
	v.AnonymousID = w.has(t, people.Visitor).AnonymousID
	w.visit(t, v)
}

func wholeBrowserSession(t *testing.T, w *world) {
	user := w.has(t, people.User)
	ours := &people.BrowserSession{Workspace: acme, Hash: "h", PersonID: user.ID, DeviceID: "d", Life: 60, ExpiresAt: begin + 60}
	theirs := *ours
	theirs.Workspace, theirs.PersonID = rival, w.has(t, people.User, func(p *people.Person) { p.Workspace = rival }).ID
	w.write(t, func(tx people.Writer) error {
		return errors.Join(tx.PutBrowserSession(ours), tx.PutBrowserSession(&theirs))
	})
	session := func(ws workspace.ID, hash string) *people.BrowserSession {
		return get(t, w, func(r people.Reader) (*people.BrowserSession, error) { return r.BrowserSession(ws, hash) })
	}
	expect(t, "our session", ours, session(acme, "h"))
	expect(t, "their session", &theirs, session(rival, "h"))
	expect(t, "no session", (*people.BrowserSession)(nil), session(acme, "x"))
	ours.ExpiresAt = begin + 90
	w.write(t, func(tx people.Writer) error { return tx.PutBrowserSession(ours) })
	expect(t, "the longer session", ours, session(acme, "h"))
	expect(t, "their session", &theirs, session(rival, "h"))
	w.write(t, func(tx people.Writer) error {
		return errors.Join(tx.DeleteExpiredBrowserSessions(acme, begin+89), tx.DeleteExpiredBrowserSessions(rival, begin+60))
	})
	expect(t, "a session that has not expired", ours, session(acme, "h"))
	expect(t, "a session that has", (*people.BrowserSession)(nil), session(rival, "h"))
	w.write(t, func(tx people.Writer) error { return tx.DeleteBrowserSession(acme, "h") })
	expect(t, "a deleted session", (*people.BrowserSession)(nil), session(acme, "h"))
}

func browserSessionLife(t *testing.T, w *world) {
	in := visit.SignIn{User: claimOf("42", ""), Device: "d"}
	first := w.signIn(t, in)
	bare := visit.SignIn{Visit: visit.Visit{AnonymousID: first.AnonymousID}, SessionToken: first.SessionToken, Device: "d"}
	if done := w.signIn(t, bare); done.Person.ID != first.Person.ID || done.SessionToken != first.SessionToken {
		t.Errorf("by its session the user is %+v", done)
	}
	other := w.signIn(t, visit.SignIn{Visit: visit.Visit{AnonymousID: w.NewUUID()}, User: claimOf("43", ""), Device: "d", SessionToken: first.SessionToken})
	if other.SessionToken == first.SessionToken || other.SessionToken == "" {
		t.Error("another user has the same session")
	}
	refused := func(what string, in visit.SignIn) {
		t.Helper()
		if done, err := w.trySignIn(t, in); err != nil || done.Person != nil || done.SessionToken != "" {
			t.Errorf("%s: %+v, %v", what, done, err)
		}
	}
	refused("a session of who was there before", bare)
	bare.SessionToken = other.SessionToken
	refused("another's browser", bare)
	bare.AnonymousID = other.AnonymousID
	refused("another device", visit.SignIn{Visit: bare.Visit, SessionToken: other.SessionToken, Device: "e"})
	refused("no session", visit.SignIn{})
	w.signIn(t, bare)
	if _, err := w.DeleteContact(t.Context(), w.caller, other.Person.ID); err != nil {
		t.Fatal(err)
	}
	refused("a session of nobody", bare)
	w.sound(t)
	in.AnonymousID = first.AnonymousID
	bare.AnonymousID, bare.SessionToken, bare.Ends = first.AnonymousID, w.signIn(t, in).SessionToken, true
	w.signIn(t, bare)
	bare.Ends = false
	refused("a session that was ended", bare)
	bare.SessionToken = w.signIn(t, in).SessionToken
	w.clock.pass(7 * 24 * time.Hour)
	refused("a session of last week", bare)
}

package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/visit"
)

func uniqueness(s suite) {
	s.test("users share an email when each has an external id", sharedEmail)
	s.test("who has no external id takes no user's email", claimedEmail)
	s.test("an external id is taken away where one without it remains", strippedExternalID)
	s.test("nobody comes back as a second one without an external id", returnedEmail)
	s.test("an email that several have means the one seen last", meantByEmail)
	s.test("a conversion by email may be asked for again for ever", repeatedByEmail)
	s.test("the database refuses a second user without an external id", emailKeptUnique)
	s.test("many who become one new user at once are that user", becomeOneUser)
	s.test("many who sign in as one new user at once are that user", signInAsOneUser)
	s.test("identifiers move between contacts while others take them", movedIdentifiers)
}

const shared = "ada@example.com"

// hasUser makes a user with an email and perhaps an external id as the API does.
func (w *world) hasUser(t *testing.T, externalID, email string) *people.Person {
	t.Helper()
	p, err := w.CreateContact(t.Context(), w.caller, people.ContactFields{ExternalID: text(externalID), Email: text(email)})
	if err != nil {
		t.Fatalf("CreateContact(%q, %q): %v", externalID, email, err)
	}
	return p
}

// rename updates the identifiers of a contact.
func (w *world) rename(t *testing.T, p *people.Person, fields people.ContactFields) (*people.Person, error) {
	t.Helper()
	after, _, err := w.UpdateContact(t.Context(), w.caller, p.ID, fields)
	return after, err
}

// stands fails the test unless err says that p is in the way, and all are as they were.
func (w *world) stands(t *testing.T, what string, err error, p *people.Person, all ...*people.Person) {
	t.Helper()
	if !inTheWay(err, p) {
		t.Errorf("%s: %v, want that %s is in the way", what, err, p.ID)
	}
	for _, q := range all {
		expect(t, what+": who was there before", q, w.stored(t, q.ID))
	}
}

func sharedEmail(t *testing.T, w *world) {
	alone := w.hasUser(t, "", shared)
	all := map[string]bool{alone.ID: true}
	for _, id := range []string{"1", "2"} {
		all[w.hasUser(t, id, "ADA@example.com").ID] = true
	}
	if moved, err := w.rename(t, w.hasUser(t, "3", "other@example.com"), people.ContactFields{Email: text(shared)}); err != nil {
		t.Errorf("an update to the shared email: %v", err)
	} else {
		all[moved.ID] = true
	}
	converted := w.convert(t, toUser(w.has(t, people.Visitor), people.UserRef{UserID: "4", Email: shared})).Contact
	withOwn := w.convert(t, toUser(w.has(t, people.Visitor, func(p *people.Person) { p.Email = shared }), people.UserRef{UserID: "5"})).Contact
	signedIn := w.signIn(t, visit.SignIn{User: claimOf("6", shared), EmailIsProven: true}).Person
	unproven := w.signIn(t, visit.SignIn{User: claimOf("7", shared)}).Person
	merged := w.hasUser(t, "8", "")
	merged = w.merge(t, w.has(t, people.Lead, func(p *people.Person) { p.Email = shared }), merged).Contact
	for _, p := range []*people.Person{converted, withOwn, signedIn, unproven, merged} {
		if p.Email != shared || p.ExternalID == "" {
			t.Errorf("%s has the email %q and the external id %q", p.ID, p.Email, p.ExternalID)
		}
		all[p.ID] = true
	}
	if len(all) != 9 {
		t.Errorf("%d users share the email, want 9", len(all))
	}
	for range 2 { // archived and back
		if _, err := w.ArchiveContact(t.Context(), w.caller, alone.ID); err != nil {
			t.Error(err)
		}
		if _, err := w.UnarchiveContact(t.Context(), w.caller, alone.ID); err != nil {
			t.Error(err)
		}
	}
	if _, err := w.rename(t, alone, people.ContactFields{Email: text("Ada@Example.com")}); err != nil {
		t.Errorf("another spelling of the own email: %v", err)
	}
	w.sound(t)
}

func claimedEmail(t *testing.T, w *world) {
	first := w.hasUser(t, "1", shared)
	w.hasUser(t, "2", shared)
	w.clock.pass(time.Minute)
	last := w.signIn(t, visit.SignIn{User: claimOf("2", "")}).Person // seen last
	other := w.hasUser(t, "", "other@example.com")
	lead := w.has(t, people.Lead, func(p *people.Person) { p.Email = shared })
	before := []*people.Person{first, last, other, lead}
	_, err := w.CreateContact(t.Context(), w.caller, people.ContactFields{Email: text("ADA@example.com")})
	w.stands(t, "a new user", err, last, before...)
	_, err = w.rename(t, other, people.ContactFields{Email: text(shared)})
	w.stands(t, "an update of the email", err, last, before...)
	_, err = w.rename(t, lead, people.ContactFields{Role: role(people.User)})
	w.stands(t, "a lead that becomes a user", err, last, before...)
	_, err = w.CreateContact(t.Context(), w.caller, people.ContactFields{ExternalID: text("2"), Email: text("new@example.com")})
	w.stands(t, "an external id that is taken", err, last, before...)
	for _, p := range []*people.Person{first, last} {
		archived, err := w.ArchiveContact(t.Context(), w.caller, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		*p = *archived
	}
	_, err = w.CreateContact(t.Context(), w.caller, people.ContactFields{Email: text(shared)})
	w.stands(t, "the email of users in the archive", err, last, before...)
	if _, err := w.CreateContact(t.Context(), w.caller, people.ContactFields{ExternalID: text("3"), Email: text(shared)}); err != nil {
		t.Errorf("a user with an external id and the email of users in the archive: %v", err)
	}
	w.sound(t)
}

func strippedExternalID(t *testing.T, w *world) {
	alone, other, third := w.hasUser(t, "", shared), w.hasUser(t, "1", shared), w.hasUser(t, "2", "third@example.com")
	_, err := w.rename(t, other, people.ContactFields{ExternalID: text("")})
	w.stands(t, "a second one without", err, alone, alone, other)
	_, err = w.rename(t, other, people.ContactFields{ExternalID: text(""), Email: text("third@example.com")})
	w.stands(t, "and with another email", err, third, alone, other)
	if _, err := w.rename(t, third, people.ContactFields{ExternalID: text("")}); err != nil {
		t.Errorf("the only one with an email: %v", err)
	}
	if _, err := w.rename(t, alone, people.ContactFields{ExternalID: text("3")}); err != nil {
		t.Error(err)
	}
	if _, err := w.rename(t, other, people.ContactFields{ExternalID: text("")}); err != nil {
		t.Errorf("the only one without, beside one with: %v", err)
	}
	w.sound(t)
}

func returnedEmail(t *testing.T, w *world) {
	alone, other := w.hasUser(t, "", shared), w.hasUser(t, "1", shared)
	visitor := w.has(t, people.Visitor)
	filled := w.convert(t, toUser(visitor, people.UserRef{ID: alone.ID, UserID: "2"}))
	if filled.Contact.ExternalID != "2" {
		t.Fatalf("the user is %+v", filled.Contact)
	}
	stripped, err := w.rename(t, other, people.ContactFields{ExternalID: text("")})
	if err != nil {
		t.Fatal(err)
	}
	spent := w.stored(t, visitor.ID)
	_, _, err = w.UndoChange(t.Context(), w.caller, filled.ChangeID)
	w.stands(t, "the undo", err, stripped, filled.Contact, stripped, spent)

	archived, err := w.ArchiveContact(t.Context(), w.caller, other.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.undo(t, filled.ChangeID)
	now := w.stored(t, alone.ID)
	if now.ExternalID != "" || now.Email != shared {
		t.Errorf("after the undo the user is %+v", now)
	}
	outbox := w.outbox(t)
	_, err = w.UnarchiveContact(t.Context(), w.caller, other.ID)
	w.stands(t, "the return from the archive", err, now, now, archived)
	expect(t, "the outbox", outbox, w.outbox(t))
	w.sound(t)
}

func meantByEmail(t *testing.T, w *world) {
	users := []*people.Person{w.hasUser(t, "1", shared), w.hasUser(t, "2", shared), w.hasUser(t, "3", shared)}
	for _, i := range []int{1, 0, 2} {
		w.clock.pass(time.Minute)
		w.signIn(t, visit.SignIn{User: people.UserRef{ID: users[i].ID}})
		if got := w.convert(t, toUser(w.has(t, people.Visitor), people.UserRef{Email: shared})); got.Contact.ID != users[i].ID {
			t.Errorf("the visitor went into %s, want %s", got.Contact.ID, users[i].ID)
		}
		if got := w.signIn(t, visit.SignIn{User: claimOf("", shared), EmailIsProven: true}).Person; got.ID != users[i].ID {
			t.Errorf("%s was signed in, want %s", got.ID, users[i].ID)
		}
		tag, err := w.ApplyTagging(t.Context(), w.caller, people.Tagging{Name: "vip", Users: []people.TagTarget{{UserRef: people.UserRef{Email: shared}}}})
		if err != nil || len(tag.Users) != 1 || tag.Users[0].ID != users[i].ID {
			t.Errorf("tagged are %+v (%v), want %s", tag, err, users[i].ID)
		}
	}
	// What a page claims of an address never comes before what the owner says.
	claim, err := w.tryClaim(t, visit.Visit{}, claimOf("page", "eve@example.com"))
	if err != nil {
		t.Fatal(err)
	}
	eve := w.hasUser(t, "eve", "eve@example.com")
	if got := w.convert(t, toUser(w.has(t, people.Visitor), people.UserRef{Email: "eve@example.com"})); got.Contact.ID != eve.ID {
		t.Errorf("the visitor went into %s, want %s, not the claim %s", got.Contact.ID, eve.ID, claim.ID)
	}
}

func repeatedByEmail(t *testing.T, w *world) {
	first, second := w.hasUser(t, "1", shared), w.hasUser(t, "2", shared)
	w.signIn(t, visit.SignIn{User: people.UserRef{ID: first.ID}})
	order := toUser(w.has(t, people.Visitor), people.UserRef{Email: shared})
	if got := w.convert(t, order); got.Contact.ID != first.ID {
		t.Fatalf("the visitor went into %s", got.Contact.ID)
	}
	w.clock.pass(time.Minute)
	w.signIn(t, visit.SignIn{User: people.UserRef{ID: second.ID}})
	if again := w.convert(t, order); again.Contact.ID != first.ID || again.Decision != people.DecidedRepeated {
		t.Errorf("the same conversion again: %s of %s", again.Decision, again.Contact.ID)
	}
	order.User = people.UserRef{UserID: "2", Email: shared}
	if _, err := w.ConvertVisitor(t.Context(), w.caller, order); !errors.Is(err, people.ErrVisitorNotFound) {
		t.Errorf("another user: %v", err)
	}
}

func emailKeptUnique(t *testing.T, w *world) {
	alone := func(p *people.Person) { p.Email = shared }
	w.has(t, people.User, alone)
	w.has(t, people.User, alone, func(p *people.Person) { p.ExternalID = "1" })
	w.has(t, people.User, alone, func(p *people.Person) { p.ExternalID = "2" })
	second := w.person(people.User, alone, func(p *people.Person) { p.Email = "ADA@example.com" })
	w.taken(t, "a second user without an external id", func(tx people.Writer) error { return tx.InsertPerson(second) })
}

// rounds are how often a crowd tries.
const rounds = 12

func becomeOneUser(t *testing.T, w *world) {
	for round := range sized(10*rounds, rounds) {
		for what, ref := range map[string]people.UserRef{
			"user id": {UserID: fmt.Sprint("u-", round)},
			"email":   {Email: fmt.Sprintf("e-%d@example.com", round)},
			"both":    {UserID: fmt.Sprint("b-", round), Email: shared},
		} {
			var visitors [12]*people.Person
			for i := range visitors {
				visitors[i] = w.has(t, people.Visitor)
			}
			var ids [len(visitors)]string
			crowded(len(visitors), func(i int) {
				result, err := w.ConvertVisitor(context.WithoutCancel(t.Context()), w.caller, toUser(visitors[i], ref))
				if err != nil {
					t.Errorf("by %s: %v", what, err)
					return
				}
				ids[i] = result.Contact.ID
			})
			for _, id := range ids {
				if id != ids[0] {
					t.Fatalf("by %s they became %v", what, ids)
				}
			}
		}
	}
	w.sound(t)
}

func signInAsOneUser(t *testing.T, w *world) {
	for round := range sized(10*rounds, rounds) {
		for what, in := range map[string]visit.SignIn{
			"user id": {User: claimOf(fmt.Sprint("u-", round), "")},
			"email":   {User: claimOf("", fmt.Sprintf("e-%d@example.com", round)), EmailIsProven: true},
			"both":    {User: claimOf(fmt.Sprint("b-", round), shared), EmailIsProven: true},
		} {
			var ids [12]string
			crowded(len(ids), func(i int) {
				in := in
				in.AnonymousID = w.NewUUID()
				done, err := w.trySignIn(t, in)
				if err != nil {
					t.Errorf("by %s: %v", what, err)
					return
				}
				ids[i] = done.Person.ID
			})
			for _, id := range ids {
				if id != ids[0] {
					t.Fatalf("by %s they are %v", what, ids)
				}
			}
		}
	}
	w.sound(t)
}

// movedIdentifiers: contacts take, lose and share identifiers at once; whoever is refused is refused for a reason that
// holds, and what is left is sound.
func movedIdentifiers(t *testing.T, w *world) {
	for round := range rounds {
		email := fmt.Sprintf("m-%d@example.com", round)
		var all [8]*people.Person
		for i := range all {
			all[i] = w.hasUser(t, fmt.Sprint(round, "-", i), email)
		}
		crowded(2*len(all), func(i int) {
			ctx, p := context.WithoutCancel(t.Context()), all[i/2]
			var err error
			if i%2 == 0 {
				_, _, err = w.UpdateContact(ctx, w.caller, p.ID, people.ContactFields{ExternalID: text("")})
			} else {
				_, err = w.CreateContact(ctx, w.caller, people.ContactFields{Email: text(email)})
			}
			if _, refused := errors.AsType[*people.ConflictError](err); err != nil && !refused {
				t.Errorf("writer %d: %v", i, err)
			}
		})
		without := 0
		for _, p := range get(t, w, func(r people.Reader) ([]*people.Person, error) { return r.PeopleByEmail(acme, email) }) {
			if p.ExternalID == "" {
				without++
			}
		}
		if without != 1 {
			t.Errorf("%d users have no external id, want 1", without)
		}
	}
	w.sound(t)
}

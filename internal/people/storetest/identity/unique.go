package identity

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/visit"
)

func Uniqueness(s fixtures.Suite) {
	s.Test("users share an email when each has an external id", sharedEmail)
	s.Test("who has no external id takes no user's email", claimedEmail)
	s.Test("an external id is taken away where one without it remains", strippedExternalID)
	s.Test("nobody comes back as a second one without an external id", returnedEmail)
	s.Test("an email that several have means the one seen last", meantByEmail)
	s.Test("a conversion by email may be asked for again for ever", repeatedByEmail)
	s.Test("the database refuses a second user without an external id", emailKeptUnique)
	s.Test("many who become one new user at once are that user", becomeOneUser)
	s.Test("many who sign in as one new user at once are that user", signInAsOneUser)
	s.Test("identifiers move between contacts while others take them", movedIdentifiers)
}

const shared = "ada@example.com"

func sharedEmail(t *testing.T, w *fixtures.Fixtures) {
	alone := w.HasUser(t, "", shared)
	all := map[string]bool{alone.ID: true}
	for _, id := range []string{"1", "2"} {
		all[w.HasUser(t, id, "ADA@example.com").ID] = true
	}
	if moved, err := w.Rename(t, w.HasUser(t, "3", "other@example.com"), people.ContactFields{Email: fixtures.Text(shared)}); err != nil {
		t.Errorf("an update to the shared email: %v", err)
	} else {
		all[moved.ID] = true
	}
	converted := w.Convert(t, fixtures.ToUser(w.Has(t, people.Visitor), people.UserRef{UserID: "4", Email: shared})).Contact
	withOwn := w.Convert(t, fixtures.ToUser(w.Has(t, people.Visitor, func(p *people.Person) { p.Email = shared }), people.UserRef{UserID: "5"})).Contact
	signedIn := w.SignIn(t, visit.SignIn{User: claimOf("6", shared), EmailIsProven: true}).Person
	unproven := w.SignIn(t, visit.SignIn{User: claimOf("7", shared)}).Person
	merged := w.HasUser(t, "8", "")
	merged = w.Merge(t, w.Has(t, people.Lead, func(p *people.Person) { p.Email = shared }), merged).Contact
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
		if _, err := w.ArchiveContact(t.Context(), w.Caller, alone.ID); err != nil {
			t.Error(err)
		}
		if _, err := w.UnarchiveContact(t.Context(), w.Caller, alone.ID); err != nil {
			t.Error(err)
		}
	}
	if _, err := w.Rename(t, alone, people.ContactFields{Email: fixtures.Text("Ada@Example.com")}); err != nil {
		t.Errorf("another spelling of the own email: %v", err)
	}
	w.Sound(t)
}

func claimedEmail(t *testing.T, w *fixtures.Fixtures) {
	first := w.HasUser(t, "1", shared)
	w.HasUser(t, "2", shared)
	w.Clock.Pass(time.Minute)
	last := w.SignIn(t, visit.SignIn{User: claimOf("2", "")}).Person // seen last
	other := w.HasUser(t, "", "other@example.com")
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.Email = shared })
	before := []*people.Person{first, last, other, lead}
	_, err := w.CreateContact(t.Context(), w.Caller, people.ContactFields{Email: fixtures.Text("ADA@example.com")})
	w.Stands(t, "a new user", err, last, before...)
	_, err = w.Rename(t, other, people.ContactFields{Email: fixtures.Text(shared)})
	w.Stands(t, "an update of the email", err, last, before...)
	_, err = w.Rename(t, lead, people.ContactFields{Role: role(people.User)})
	w.Stands(t, "a lead that becomes a user", err, last, before...)
	_, err = w.CreateContact(t.Context(), w.Caller, people.ContactFields{ExternalID: fixtures.Text("2"), Email: fixtures.Text("new@example.com")})
	w.Stands(t, "an external id that is taken", err, last, before...)
	for _, p := range []*people.Person{first, last} {
		archived, err := w.ArchiveContact(t.Context(), w.Caller, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		*p = *archived
	}
	_, err = w.CreateContact(t.Context(), w.Caller, people.ContactFields{Email: fixtures.Text(shared)})
	w.Stands(t, "the email of users in the archive", err, last, before...)
	if _, err := w.CreateContact(t.Context(), w.Caller, people.ContactFields{ExternalID: fixtures.Text("3"), Email: fixtures.Text(shared)}); err != nil {
		t.Errorf("a user with an external id and the email of users in the archive: %v", err)
	}
	w.Sound(t)
}

func strippedExternalID(t *testing.T, w *fixtures.Fixtures) {
	alone, other, third := w.HasUser(t, "", shared), w.HasUser(t, "1", shared), w.HasUser(t, "2", "third@example.com")
	_, err := w.Rename(t, other, people.ContactFields{ExternalID: fixtures.Text("")})
	w.Stands(t, "a second one without", err, alone, alone, other)
	_, err = w.Rename(t, other, people.ContactFields{ExternalID: fixtures.Text(""), Email: fixtures.Text("third@example.com")})
	w.Stands(t, "and with another email", err, third, alone, other)
	if _, err := w.Rename(t, third, people.ContactFields{ExternalID: fixtures.Text("")}); err != nil {
		t.Errorf("the only one with an email: %v", err)
	}
	if _, err := w.Rename(t, alone, people.ContactFields{ExternalID: fixtures.Text("3")}); err != nil {
		t.Error(err)
	}
	if _, err := w.Rename(t, other, people.ContactFields{ExternalID: fixtures.Text("")}); err != nil {
		t.Errorf("the only one without, beside one with: %v", err)
	}
	w.Sound(t)
}

func returnedEmail(t *testing.T, w *fixtures.Fixtures) {
	alone, other := w.HasUser(t, "", shared), w.HasUser(t, "1", shared)
	visitor := w.Has(t, people.Visitor)
	filled := w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: alone.ID, UserID: "2"}))
	if filled.Contact.ExternalID != "2" {
		t.Fatalf("the user is %+v", filled.Contact)
	}
	stripped, err := w.Rename(t, other, people.ContactFields{ExternalID: fixtures.Text("")})
	if err != nil {
		t.Fatal(err)
	}
	spent := w.Stored(t, visitor.ID)
	_, _, err = w.UndoChange(t.Context(), w.Caller, filled.ChangeID)
	w.Stands(t, "the undo", err, stripped, filled.Contact, stripped, spent)

	archived, err := w.ArchiveContact(t.Context(), w.Caller, other.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.Undo(t, filled.ChangeID)
	now := w.Stored(t, alone.ID)
	if now.ExternalID != "" || now.Email != shared {
		t.Errorf("after the undo the user is %+v", now)
	}
	outbox := w.Outbox(t)
	_, err = w.UnarchiveContact(t.Context(), w.Caller, other.ID)
	w.Stands(t, "the return from the archive", err, now, now, archived)
	fixtures.Expect(t, "the outbox", outbox, w.Outbox(t))
	w.Sound(t)
}

func meantByEmail(t *testing.T, w *fixtures.Fixtures) {
	users := []*people.Person{w.HasUser(t, "1", shared), w.HasUser(t, "2", shared), w.HasUser(t, "3", shared)}
	for _, i := range []int{1, 0, 2} {
		w.Clock.Pass(time.Minute)
		w.SignIn(t, visit.SignIn{User: people.UserRef{ID: users[i].ID}})
		if got := w.Convert(t, fixtures.ToUser(w.Has(t, people.Visitor), people.UserRef{Email: shared})); got.Contact.ID != users[i].ID {
			t.Errorf("the visitor went into %s, want %s", got.Contact.ID, users[i].ID)
		}
		if got := w.SignIn(t, visit.SignIn{User: claimOf("", shared), EmailIsProven: true}).Person; got.ID != users[i].ID {
			t.Errorf("%s was signed in, want %s", got.ID, users[i].ID)
		}
		tag, err := w.ApplyTagging(t.Context(), w.Caller, people.Tagging{Name: "vip", Users: []people.TagTarget{{UserRef: people.UserRef{Email: shared}}}})
		if err != nil || len(tag.Users) != 1 || tag.Users[0].ID != users[i].ID {
			t.Errorf("tagged are %+v (%v), want %s", tag, err, users[i].ID)
		}
	}
	// What a page claims of an address never comes before what the owner says.
	claim, err := w.TryClaim(t, visit.Visit{}, claimOf("page", "eve@example.com"))
	if err != nil {
		t.Fatal(err)
	}
	eve := w.HasUser(t, "eve", "eve@example.com")
	if got := w.Convert(t, fixtures.ToUser(w.Has(t, people.Visitor), people.UserRef{Email: "eve@example.com"})); got.Contact.ID != eve.ID {
		t.Errorf("the visitor went into %s, want %s, not the claim %s", got.Contact.ID, eve.ID, claim.ID)
	}
}

func repeatedByEmail(t *testing.T, w *fixtures.Fixtures) {
	first, second := w.HasUser(t, "1", shared), w.HasUser(t, "2", shared)
	w.SignIn(t, visit.SignIn{User: people.UserRef{ID: first.ID}})
	order := fixtures.ToUser(w.Has(t, people.Visitor), people.UserRef{Email: shared})
	if got := w.Convert(t, order); got.Contact.ID != first.ID {
		t.Fatalf("the visitor went into %s", got.Contact.ID)
	}
	w.Clock.Pass(time.Minute)
	w.SignIn(t, visit.SignIn{User: people.UserRef{ID: second.ID}})
	if again := w.Convert(t, order); again.Contact.ID != first.ID || again.Decision != people.DecidedRepeated {
		t.Errorf("the same conversion again: %s of %s", again.Decision, again.Contact.ID)
	}
	order.User = people.UserRef{UserID: "2", Email: shared}
	if _, err := w.ConvertVisitor(t.Context(), w.Caller, order); !errors.Is(err, people.ErrVisitorNotFound) {
		t.Errorf("another user: %v", err)
	}
}

func emailKeptUnique(t *testing.T, w *fixtures.Fixtures) {
	alone := func(p *people.Person) { p.Email = shared }
	w.Has(t, people.User, alone)
	w.Has(t, people.User, alone, func(p *people.Person) { p.ExternalID = "1" })
	w.Has(t, people.User, alone, func(p *people.Person) { p.ExternalID = "2" })
	second := w.Person(people.User, alone, func(p *people.Person) { p.Email = "ADA@example.com" })
	w.Taken(t, "a second user without an external id", func(tx people.Writer) error { return tx.InsertPerson(second) })
}

// rounds are how often a crowd tries.
const rounds = 12

func becomeOneUser(t *testing.T, w *fixtures.Fixtures) {
	for round := range fixtures.Sized(10*rounds, rounds) {
		for what, ref := range map[string]people.UserRef{
			"user id": {UserID: fmt.Sprint("u-", round)},
			"email":   {Email: fmt.Sprintf("e-%d@example.com", round)},
			"both":    {UserID: fmt.Sprint("b-", round), Email: shared},
		} {
			var visitors [12]*people.Person
			for i := range visitors {
				visitors[i] = w.Has(t, people.Visitor)
			}
			var ids [len(visitors)]string
			fixtures.Crowded(len(visitors), func(i int) {
				result, err := w.ConvertVisitor(context.WithoutCancel(t.Context()), w.Caller, fixtures.ToUser(visitors[i], ref))
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
	w.Sound(t)
}

func signInAsOneUser(t *testing.T, w *fixtures.Fixtures) {
	for round := range fixtures.Sized(10*rounds, rounds) {
		for what, in := range map[string]visit.SignIn{
			"user id": {User: claimOf(fmt.Sprint("u-", round), "")},
			"email":   {User: claimOf("", fmt.Sprintf("e-%d@example.com", round)), EmailIsProven: true},
			"both":    {User: claimOf(fmt.Sprint("b-", round), shared), EmailIsProven: true},
		} {
			var ids [12]string
			fixtures.Crowded(len(ids), func(i int) {
				in := in
				in.AnonymousID = w.NewUUID()
				done, err := w.TrySignIn(t, in)
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
	w.Sound(t)
}

// movedIdentifiers: contacts take, lose and share identifiers at once; whoever is refused is refused for a reason that
// holds, and what is left is sound.
func movedIdentifiers(t *testing.T, w *fixtures.Fixtures) {
	for round := range rounds {
		email := fmt.Sprintf("m-%d@example.com", round)
		var all [8]*people.Person
		for i := range all {
			all[i] = w.HasUser(t, fmt.Sprint(round, "-", i), email)
		}
		fixtures.Crowded(2*len(all), func(i int) {
			ctx, p := context.WithoutCancel(t.Context()), all[i/2]
			var err error
			if i%2 == 0 {
				_, _, err = w.UpdateContact(ctx, w.Caller, p.ID, people.ContactFields{ExternalID: fixtures.Text("")})
			} else {
				_, err = w.CreateContact(ctx, w.Caller, people.ContactFields{Email: fixtures.Text(email)})
			}
			if _, refused := errors.AsType[*people.ConflictError](err); err != nil && !refused {
				t.Errorf("writer %d: %v", i, err)
			}
		})
		without := 0
		for _, p := range fixtures.Get(t, w, func(r people.Reader) ([]*people.Person, error) { return r.PeopleByEmail(fixtures.Acme, email) }) {
			if p.ExternalID == "" {
				without++
			}
		}
		if without != 1 {
			t.Errorf("%d users have no external id, want 1", without)
		}
	}
	w.Sound(t)
}

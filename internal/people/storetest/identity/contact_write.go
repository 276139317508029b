package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func ContactWrites(s fixtures.Suite) {
	s.Test("live contacts are listed newest first and nobody else", listedContacts)
	s.Test("a created contact is stored as answered and told of", createdContact)
	s.Test("of many who create one contact at once one succeeds", createdAtOnce)
	s.Test("an update tells of itself, and a new role is in the journal", updatedContact)
	s.Test("a contact is hidden and shown again once, however often it is asked", movedContact)
	s.Test("a deleted contact goes with all that hangs on it and is told of", deletedContact)
	s.Test("a contact cannot define an attribute", strictAttributes)
}

func listedContacts(t *testing.T, w *fixtures.Fixtures) {
	var want []string
	for i := range 7 {
		w.Clock.Pass(time.Duration(i%2) * time.Second)
		role := []people.Role{people.Lead, people.User}[i%2]
		want = append(want, w.Has(t, role, func(p *people.Person) { p.LastSeenAt = fixtures.Begin - int64(i) }).ID)
	}
	slices.Reverse(want)
	w.Has(t, people.Visitor)
	w.Has(t, people.User, func(p *people.Person) { p.State = people.Archived })
	w.Has(t, people.Lead, func(p *people.Person) { p.State = people.Blocked })
	w.Has(t, people.Lead, func(p *people.Person) { p.State, p.MergedInto = people.Merged, want[0] })
	w.Has(t, people.User, func(p *people.Person) { p.Workspace = fixtures.Rival })
	for limit := 1; limit < 9; limit++ {
		var got []string
		for before := ""; ; before = got[len(got)-1] {
			page := w.ListContacts(t, before, limit)
			if page.Total != 7 || page.Newer != len(got) || len(page.Contacts) > limit {
				t.Fatalf("after %d by %d: %d of %d after %d", len(got), limit, len(page.Contacts), page.Total, page.Newer)
			}
			if got = append(got, fixtures.IDs(page.Contacts)...); !page.More() {
				break
			}
		}
		fixtures.Expect(t, fmt.Sprintf("the list by %d", limit), want, got)
	}
	if page := w.ListContacts(t, want[6], 5); len(page.Contacts) != 0 || page.Newer != 7 || page.More() {
		t.Errorf("after the last there is %+v", page)
	}
}

func role(r people.Role) *people.Role { return &r }

func createdContact(t *testing.T, w *fixtures.Fixtures) {
	w.Define(t, &people.Attribute{Workspace: fixtures.Acme, Model: people.ContactModel, Name: "plan", Type: people.StringAttribute, CreatedAt: fixtures.Begin})
	on, at := true, fixtures.Begin-5
	made, err := w.CreateContact(t.Context(), w.Caller, people.ContactFields{
		ExternalID: fixtures.Text("ada"), Email: fixtures.Text(" Ada@example.com "), Phone: fixtures.Text("+1"), Name: fixtures.Text("Ada"), Avatar: fixtures.Text("https://a.example/x"),
		LanguageOverride: fixtures.Text("cy"), SignedUpAt: &at, LastSeenAt: &at, UnsubscribedFromEmails: &on,
		CustomAttributes: search.Attributes{"plan": search.TextValue("pro")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &people.Person{
		Workspace: fixtures.Acme, ID: made.ID, Role: people.User, ExternalID: "ada", Email: "Ada@example.com", Phone: "+1", Name: "Ada",
		Avatar: "https://a.example/x", LanguageOverride: "cy", SignedUpAt: at, LastSeenAt: at, UnsubscribedFromEmails: true,
		CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin, CustomAttributes: search.Attributes{"plan": search.TextValue("pro")},
	}
	fixtures.Expect(t, "the contact", want, made)
	fixtures.Expect(t, "the contact as stored", want, w.Stored(t, made.ID))
	w.Told(t, "contact.created "+made.ID)
	fixtures.Expect(t, "the journal", 0, len(w.Journal(t, made.ID)))
}

func createdAtOnce(t *testing.T, w *fixtures.Fixtures) {
	for name, fields := range map[string]people.ContactFields{
		"email": {Email: fixtures.Text("one@example.com")}, "external id": {ExternalID: fixtures.Text("one"), Role: role(people.Lead)},
	} {
		var mu sync.Mutex
		var made, inTheWay []string
		fixtures.Crowded(16, func(int) {
			p, err := w.CreateContact(context.WithoutCancel(t.Context()), w.Caller, fields)
			conflict, refused := errors.AsType[*people.ConflictError](err)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				made = append(made, p.ID)
			case refused:
				inTheWay = append(inTheWay, conflict.ExistingID)
			default:
				t.Errorf("by %s: %v", name, err)
			}
		})
		if len(made) != 1 || len(inTheWay) != 15 || strings.Join(slices.Compact(inTheWay), " ") != made[0] {
			t.Errorf("by %s %v were made, and %v in the way", name, made, inTheWay)
		}
	}
}

func updatedContact(t *testing.T, w *fixtures.Fixtures) {
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.ExternalID, p.Name = "lea", "Lea" })
	w.Clock.Pass(time.Minute)
	got, changeID, err := w.UpdateContact(t.Context(), w.Caller, lead.ID, people.ContactFields{Phone: fixtures.Text("+1"), Name: fixtures.Text("")})
	if err != nil || changeID != "" {
		t.Fatalf("UpdateContact: %q, %v", changeID, err)
	}
	want := lead.Clone()
	want.Phone, want.Name, want.UpdatedAt = "+1", "", fixtures.Begin+60
	fixtures.Expect(t, "the lead", want, got)
	fixtures.Expect(t, "the lead as stored", want, w.Stored(t, lead.ID))

	w.Clock.Pass(time.Minute)
	got, changeID, err = w.UpdateContact(t.Context(), w.Caller, lead.ID, people.ContactFields{Role: role(people.User)})
	if err != nil {
		t.Fatal(err)
	}
	user := want.Clone()
	user.Role, user.UpdatedAt = people.User, fixtures.Begin+120
	fixtures.Expect(t, "the user", user, got)
	fixtures.Expect(t, "the journal", []*people.Change{{
		Workspace: fixtures.Acme, ID: changeID, Kind: people.ChangeConverted, From: people.Lead, To: people.User, SubjectID: lead.ID,
		SurvivorID: lead.ID, Actor: w.Caller.Actor, RequestID: w.Caller.RequestID, CreatedAt: fixtures.Begin + 120, Subject: want, Result: user,
	}}, w.Journal(t, lead.ID))
	w.Told(t, "contact.updated "+lead.ID, "contact.converted "+lead.ID)
	if told := w.Outbox(t)[1]; told.SubjectID != changeID {
		t.Errorf("the event is about %s, not about the change %s", told.SubjectID, changeID)
	}
	if _, _, err := w.UpdateContact(t.Context(), w.Caller, lead.ID, people.ContactFields{Role: role(people.Lead)}); !errors.Is(err, people.ErrUserStays) {
		t.Errorf("a user becomes a lead: %v", err)
	}
}

func movedContact(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	var want []string
	for _, c := range []struct {
		move  func(context.Context, workspace.Caller, string) (*people.Person, error)
		state people.State
		topic string
	}{
		{w.UnarchiveContact, people.Active, ""},
		{w.ArchiveContact, people.Archived, "contact.archived"},
		{w.ArchiveContact, people.Archived, ""},
		{w.UnarchiveContact, people.Active, "contact.unarchived"},
		{w.ArchiveContact, people.Archived, "contact.archived"},
		{w.BlockContact, people.Blocked, "contact.blocked"},
		{w.BlockContact, people.Blocked, ""},
	} {
		w.Clock.Pass(time.Minute)
		before := w.Stored(t, p.ID)
		got, err := c.move(t.Context(), w.Caller, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		after := before.Clone()
		if after.State = c.state; c.topic != "" {
			after.UpdatedAt = w.Now().Unix()
			want = append(want, c.topic+" "+p.ID)
		}
		fixtures.Expect(t, "the contact", after, got)
		fixtures.Expect(t, "the contact as stored", after, w.Stored(t, p.ID))
	}
	w.Told(t, want...)
	if _, err := w.UnarchiveContact(t.Context(), w.Caller, p.ID); err == nil {
		t.Error("a blocked contact came back")
	}
	if _, err := w.ArchiveContact(t.Context(), w.Caller, p.ID); !errors.Is(err, people.ErrUserNotFound) {
		t.Errorf("a blocked contact is archived: %v", err)
	}
}

func deletedContact(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.Name = "Ada" })
	spent := w.Absorbed(t, user)
	w.Did(t, fixtures.EventOf(user, "ordered", fixtures.Begin), fixtures.EventOf(spent, "looked", fixtures.Begin))
	foreign := w.Caller
	foreign.Workspace = fixtures.Rival
	if _, err := w.DeleteContact(t.Context(), foreign, user.ID); !errors.Is(err, people.ErrUserNotFound) {
		t.Errorf("DeleteContact in another workspace: %v", err)
	}
	following := w.Caller
	following.FollowMerged = true
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.State, p.MergedInto = people.Merged, user.ID })
	for _, caller := range []workspace.Caller{w.Caller, following} {
		_, err := w.DeleteContact(t.Context(), caller, spent.ID)
		if merged, ok := errors.AsType[*people.MergedError](err); !ok || merged.IntoID != user.ID {
			t.Errorf("DeleteContact of a visitor that went into the user: %v", err)
		}
		got, err := w.DeleteContact(t.Context(), caller, lead.ID)
		if err != nil {
			t.Errorf("DeleteContact of a lead that went into the user: %v", err)
		}
		fixtures.Expect(t, "the lead", lead, got)
		for _, p := range []*people.Person{user, spent, lead} {
			fixtures.Expect(t, "who stays", p, w.Stored(t, p.ID))
		}
	}
	w.Told(t)
	got, err := w.DeleteContact(t.Context(), following, user.ID)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the answer", user, got)
	for _, p := range []*people.Person{user, spent, lead} {
		fixtures.Expect(t, "the record", (*people.Person)(nil), w.Stored(t, p.ID))
		fixtures.Expect(t, "its events", []*people.Event(nil), w.StoredEvents(t, p.ID))
		fixtures.Expect(t, "its journal", []*people.Change(nil), w.Journal(t, p.ID))
	}
	w.Told(t, "contact.deleted "+user.ID)
}

func strictAttributes(t *testing.T, w *fixtures.Fixtures) {
	lead := w.Has(t, people.Lead)
	set := people.ContactFields{CustomAttributes: search.Attributes{"plan": search.TextValue("pro")}}
	for range 2 {
		_, _, err := w.UpdateContact(t.Context(), w.Caller, lead.ID, set)
		if unknown, ok := errors.AsType[*people.UnknownAttributeError](err); !ok || unknown.Name != "plan" {
			t.Errorf("UpdateContact: %v", err)
		}
	}
	fixtures.Expect(t, "the definitions", []*people.Attribute(nil), w.Defined(t, fixtures.Acme))
	w.Define(t, &people.Attribute{Workspace: fixtures.Rival, Model: people.ContactModel, Name: "plan", Type: people.StringAttribute, CreatedAt: fixtures.Begin})
	if _, _, err := w.UpdateContact(t.Context(), w.Caller, lead.ID, set); err == nil {
		t.Error("another workspace's definition counts")
	}
	w.Define(t, &people.Attribute{Workspace: fixtures.Acme, Model: people.ContactModel, Name: "plan", Type: people.StringAttribute, CreatedAt: fixtures.Begin})
	if _, _, err := w.UpdateContact(t.Context(), w.Caller, lead.ID, set); err != nil {
		t.Errorf("a defined attribute: %v", err)
	}
	fixtures.Expect(t, "the attributes", set.CustomAttributes, w.Stored(t, lead.ID).CustomAttributes)
}

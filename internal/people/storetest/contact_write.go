package storetest

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
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func contactWrites(s suite) {
	s.test("live contacts are listed newest first and nobody else", listedContacts)
	s.test("a created contact is stored as answered and told of", createdContact)
	s.test("of many who create one contact at once one succeeds", createdAtOnce)
	s.test("an update tells of itself, and a new role is in the journal", updatedContact)
	s.test("a contact is hidden and shown again once, however often it is asked", movedContact)
	s.test("a deleted contact goes with all that hangs on it and is told of", deletedContact)
	s.test("a contact cannot define an attribute", strictAttributes)
}

func (w *world) listContacts(t *testing.T, before string, limit int) *people.ContactPage {
	t.Helper()
	page, err := w.Contacts(t.Context(), by(acme), before, limit)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func listedContacts(t *testing.T, w *world) {
	var want []string
	for i := range 7 {
		w.clock.pass(time.Duration(i%2) * time.Second)
		role := []people.Role{people.Lead, people.User}[i%2]
		want = append(want, w.has(t, role, func(p *people.Person) { p.LastSeenAt = begin - int64(i) }).ID)
	}
	slices.Reverse(want)
	w.has(t, people.Visitor)
	w.has(t, people.User, func(p *people.Person) { p.State = people.Archived })
	w.has(t, people.Lead, func(p *people.Person) { p.State = people.Blocked })
	w.has(t, people.Lead, func(p *people.Person) { p.State, p.MergedInto = people.Merged, want[0] })
	w.has(t, people.User, func(p *people.Person) { p.Workspace = rival })
	for limit := 1; limit < 9; limit++ {
		var got []string
		for before := ""; ; before = got[len(got)-1] {
			page := w.listContacts(t, before, limit)
			if page.Total != 7 || page.Newer != len(got) || len(page.Contacts) > limit {
				t.Fatalf("after %d by %d: %d of %d after %d", len(got), limit, len(page.Contacts), page.Total, page.Newer)
			}
			if got = append(got, ids(page.Contacts)...); !page.More() {
				break
			}
		}
		expect(t, fmt.Sprintf("the list by %d", limit), want, got)
	}
	if page := w.listContacts(t, want[6], 5); len(page.Contacts) != 0 || page.Newer != 7 || page.More() {
		t.Errorf("after the last there is %+v", page)
	}
}

func text(s string) *string { return &s }

func role(r people.Role) *people.Role { return &r }

func createdContact(t *testing.T, w *world) {
	w.define(t, &people.Attribute{Workspace: acme, Model: people.ContactModel, Name: "plan", Type: people.StringAttribute, CreatedAt: begin})
	on, at := true, begin-5
	made, err := w.CreateContact(t.Context(), w.caller, people.ContactFields{
		ExternalID: text("ada"), Email: text(" Ada@example.com "), Phone: text("+1"), Name: text("Ada"), Avatar: text("https://a.example/x"),
		LanguageOverride: text("cy"), SignedUpAt: &at, LastSeenAt: &at, UnsubscribedFromEmails: &on,
		CustomAttributes: search.Attributes{"plan": search.TextValue("pro")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &people.Person{
		Workspace: acme, ID: made.ID, Role: people.User, ExternalID: "ada", Email: "Ada@example.com", Phone: "+1", Name: "Ada",
		Avatar: "https://a.example/x", LanguageOverride: "cy", SignedUpAt: at, LastSeenAt: at, UnsubscribedFromEmails: true,
		CreatedAt: begin, UpdatedAt: begin, CustomAttributes: search.Attributes{"plan": search.TextValue("pro")},
	}
	expect(t, "the contact", want, made)
	expect(t, "the contact as stored", want, w.stored(t, made.ID))
	w.told(t, "contact.created "+made.ID)
	expect(t, "the journal", 0, len(w.journal(t, made.ID)))
}

// told expects that the outbox tells just this of contacts, each as "topic id".
func (w *world) told(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, e := range w.outbox(t) {
		if e.PersonID != e.SubjectID && e.Topic != people.ContactConverted {
			t.Errorf("%s is about %s, not about the contact %s", e.Topic, e.SubjectID, e.PersonID)
		}
		got = append(got, string(e.Topic)+" "+e.PersonID)
	}
	expect(t, "the outbox", want, got)
}

func createdAtOnce(t *testing.T, w *world) {
	for name, fields := range map[string]people.ContactFields{
		"email": {Email: text("one@example.com")}, "external id": {ExternalID: text("one"), Role: role(people.Lead)},
	} {
		var mu sync.Mutex
		var made, inTheWay []string
		crowded(16, func(int) {
			p, err := w.CreateContact(context.WithoutCancel(t.Context()), w.caller, fields)
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

func updatedContact(t *testing.T, w *world) {
	lead := w.has(t, people.Lead, func(p *people.Person) { p.ExternalID, p.Name = "lea", "Lea" })
	w.clock.pass(time.Minute)
	got, changeID, err := w.UpdateContact(t.Context(), w.caller, lead.ID, people.ContactFields{Phone: text("+1"), Name: text("")})
	if err != nil || changeID != "" {
		t.Fatalf("UpdateContact: %q, %v", changeID, err)
	}
	want := lead.Clone()
	want.Phone, want.Name, want.UpdatedAt = "+1", "", begin+60
	expect(t, "the lead", want, got)
	expect(t, "the lead as stored", want, w.stored(t, lead.ID))

	w.clock.pass(time.Minute)
	got, changeID, err = w.UpdateContact(t.Context(), w.caller, lead.ID, people.ContactFields{Role: role(people.User)})
	if err != nil {
		t.Fatal(err)
	}
	user := want.Clone()
	user.Role, user.UpdatedAt = people.User, begin+120
	expect(t, "the user", user, got)
	expect(t, "the journal", []*people.Change{{
		Workspace: acme, ID: changeID, Kind: people.ChangeConverted, From: people.Lead, To: people.User, SubjectID: lead.ID,
		SurvivorID: lead.ID, Actor: w.caller.Actor, RequestID: w.caller.RequestID, CreatedAt: begin + 120, Subject: want, Result: user,
	}}, w.journal(t, lead.ID))
	w.told(t, "contact.updated "+lead.ID, "contact.converted "+lead.ID)
	if told := w.outbox(t)[1]; told.SubjectID != changeID {
		t.Errorf("the event is about %s, not about the change %s", told.SubjectID, changeID)
	}
	if _, _, err := w.UpdateContact(t.Context(), w.caller, lead.ID, people.ContactFields{Role: role(people.Lead)}); !errors.Is(err, people.ErrUserStays) {
		t.Errorf("a user becomes a lead: %v", err)
	}
}

func movedContact(t *testing.T, w *world) {
	p := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
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
		w.clock.pass(time.Minute)
		before := w.stored(t, p.ID)
		got, err := c.move(t.Context(), w.caller, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		after := before.Clone()
		if after.State = c.state; c.topic != "" {
			after.UpdatedAt = w.Now().Unix()
			want = append(want, c.topic+" "+p.ID)
		}
		expect(t, "the contact", after, got)
		expect(t, "the contact as stored", after, w.stored(t, p.ID))
	}
	w.told(t, want...)
	if _, err := w.UnarchiveContact(t.Context(), w.caller, p.ID); err == nil {
		t.Error("a blocked contact came back")
	}
	if _, err := w.ArchiveContact(t.Context(), w.caller, p.ID); !errors.Is(err, people.ErrUserNotFound) {
		t.Errorf("a blocked contact is archived: %v", err)
	}
}

func deletedContact(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.Name = "Ada" })
	spent := w.absorbed(t, user)
	w.did(t, eventOf(user, "ordered", begin), eventOf(spent, "looked", begin))
	foreign := w.caller
	foreign.Workspace = rival
	if _, err := w.DeleteContact(t.Context(), foreign, user.ID); !errors.Is(err, people.ErrUserNotFound) {
		t.Errorf("DeleteContact in another workspace: %v", err)
	}
	following := w.caller
	following.FollowMerged = true
	lead := w.has(t, people.Lead, func(p *people.Person) { p.State, p.MergedInto = people.Merged, user.ID })
	for _, caller := range []workspace.Caller{w.caller, following} {
		_, err := w.DeleteContact(t.Context(), caller, spent.ID)
		if merged, ok := errors.AsType[*people.MergedError](err); !ok || merged.IntoID != user.ID {
			t.Errorf("DeleteContact of a visitor that went into the user: %v", err)
		}
		got, err := w.DeleteContact(t.Context(), caller, lead.ID)
		if err != nil {
			t.Errorf("DeleteContact of a lead that went into the user: %v", err)
		}
		expect(t, "the lead", lead, got)
		for _, p := range []*people.Person{user, spent, lead} {
			expect(t, "who stays", p, w.stored(t, p.ID))
		}
	}
	w.told(t)
	got, err := w.DeleteContact(t.Context(), following, user.ID)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "the answer", user, got)
	for _, p := range []*people.Person{user, spent, lead} {
		expect(t, "the record", (*people.Person)(nil), w.stored(t, p.ID))
		expect(t, "its events", []*people.Event(nil), w.eventsOf(t, p.ID))
		expect(t, "its journal", []*people.Change(nil), w.journal(t, p.ID))
	}
	w.told(t, "contact.deleted "+user.ID)
}

func strictAttributes(t *testing.T, w *world) {
	lead := w.has(t, people.Lead)
	set := people.ContactFields{CustomAttributes: search.Attributes{"plan": search.TextValue("pro")}}
	for range 2 {
		_, _, err := w.UpdateContact(t.Context(), w.caller, lead.ID, set)
		if unknown, ok := errors.AsType[*people.UnknownAttributeError](err); !ok || unknown.Name != "plan" {
			t.Errorf("UpdateContact: %v", err)
		}
	}
	expect(t, "the definitions", []*people.Attribute(nil), w.defined(t, acme))
	w.define(t, &people.Attribute{Workspace: rival, Model: people.ContactModel, Name: "plan", Type: people.StringAttribute, CreatedAt: begin})
	if _, _, err := w.UpdateContact(t.Context(), w.caller, lead.ID, set); err == nil {
		t.Error("another workspace's definition counts")
	}
	w.define(t, &people.Attribute{Workspace: acme, Model: people.ContactModel, Name: "plan", Type: people.StringAttribute, CreatedAt: begin})
	if _, _, err := w.UpdateContact(t.Context(), w.caller, lead.ID, set); err != nil {
		t.Errorf("a defined attribute: %v", err)
	}
	expect(t, "the attributes", set.CustomAttributes, w.stored(t, lead.ID).CustomAttributes)
}

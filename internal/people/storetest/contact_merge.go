package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func contactMerges(s suite) {
	s.test("a lead of whom all is known goes into a user of whom nothing is", leadIntoBlank)
	s.test("a user of whom all is known keeps it when a lead goes into it", leadIntoKnown)
	s.test("what led to a lead leads to the user that it went into", forwardedOn)
	s.test("the same merge again answers the same contact and writes nothing", repeatedMerge)
	s.test("a merge leaves the events of both where they were", leadsEvents)
	s.test("a preview says what the merge right after it does", previewedMerge)
	s.test("of many merges of one lead at once one succeeds", mergedAtOnce)
	s.test("no update that was acknowledged is lost to a merge", updatedWhileMerged)
	s.test("a visitor converted into a lead that goes into a user comes out at the user", convertedWhileMerged)
	s.test("two contacts that are merged into each other at once stay as they are", crossedMerges)
}

func intoUser(lead, user *people.Person) people.MergeOrder {
	return people.MergeOrder{FromID: lead.ID, IntoID: user.ID}
}

func (w *world) merge(t *testing.T, lead, user *people.Person) *people.ConversionResult {
	t.Helper()
	result, err := w.MergeContacts(t.Context(), w.caller, intoUser(lead, user))
	if err != nil {
		t.Fatalf("MergeContacts: %v", err)
	}
	return result
}

// merged is converted for a merge of contacts.
func (w *world) merged(t *testing.T, result *people.ConversionResult, want *people.Change) {
	t.Helper()
	if result.Decision != people.DecidedMerged {
		t.Errorf("the decision is %s", result.Decision)
	}
	lead, user := want.Subject, want.Survivor
	expect(t, "the answer", want.Result, result.Contact)
	expect(t, "the user", want.Result, w.stored(t, user.ID))
	expect(t, "what is left of the lead", forwarding(lead, user), w.stored(t, lead.ID))
	want.Workspace, want.ID, want.CreatedAt, want.Kind = acme, result.ChangeID, w.Now().Unix(), people.ChangeMerged
	want.Actor, want.RequestID, want.From, want.To = w.caller.Actor, w.caller.RequestID, people.Lead, people.User
	want.SubjectID, want.SurvivorID = lead.ID, user.ID
	expect(t, "the journal", []*people.Change{want}, w.journal(t, user.ID))
	outbox := w.outbox(t)
	if len(outbox) != 1 || outbox[0].Topic != people.ContactMerged || outbox[0].PersonID != user.ID || outbox[0].SubjectID != result.ChangeID {
		t.Errorf("the outbox has %+v", outbox)
	}
	w.sound(t)
}

// knownLead is a lead of whom everything is known that can be.
func knownLead(t *testing.T) func(*people.Person) {
	return func(p *people.Person) {
		fill(t, p, 1)
		p.AnonymousID, p.Email = "", "ada@example.com"
	}
}

func leadIntoBlank(t *testing.T, w *world) {
	lead := w.has(t, people.Lead, knownLead(t))
	user := w.has(t, people.User, func(p *people.Person) { p.LastSeenAt = 0 })
	w.clock.pass(time.Minute)
	result := w.merge(t, lead, user)

	adopts := func(f *people.Field) bool {
		return slices.Contains(adoptable, f.Rule) || f.Rule == people.EmailFlag || f.Name == "email"
	}
	want := user.Clone()
	for i := range people.Fields {
		if f := &people.Fields[i]; adopts(f) {
			f.Copy(want, lead)
		}
	}
	want.UpdatedAt = begin + 60
	w.merged(t, result, &people.Change{Subject: lead, Survivor: user, Result: want, Outcomes: verdicts(lead, adopts)})
}

func leadIntoKnown(t *testing.T, w *world) {
	lead := w.has(t, people.Lead, knownLead(t))
	user := w.has(t, people.User, func(p *people.Person) {
		fill(t, p, 2)
		p.AnonymousID, p.Email = w.NewUUID(), "ADA@example.com"
		p.CustomAttributes["seats 1"] = search.IntValue(7)
		p.UnsubscribedFromEmails = false
	})
	w.insert(t, w.person(people.User, func(p *people.Person) { p.Email = "other@example.com" }))
	w.write(t, func(tx people.Writer) error { return becameSomebody(tx, w, user) })
	w.clock.pass(time.Minute)
	order := intoUser(lead, user)
	order.OnlyDuplicates = true
	result, err := w.MergeContacts(t.Context(), w.caller, order)
	if err != nil {
		t.Fatal(err)
	}
	want := user.Clone()
	want.UpdatedAt = begin + 60
	expect(t, "the user", want, result.Contact)
	journal := w.journal(t, user.ID)
	expect(t, "the verdicts", verdicts(lead, func(*people.Field) bool { return false }), journal[0].Outcomes)
	expect(t, "the lead's image", lead, journal[0].Subject)
	expect(t, "the user's image", user, journal[0].Survivor)
	w.sound(t)
}

// becameSomebody writes down how a person with an anonymous id stopped being a visitor, as every store has it.
func becameSomebody(tx people.Writer, w *world, p *people.Person) error {
	c := w.conversion(p, p)
	c.ID = fmt.Sprintf("%024x", made.Add(1)) // before all others
	return errors.Join(tx.InsertChange(c), tx.Emit(&workspace.OutboxEntry{
		Workspace: acme, ID: c.ID, Topic: people.VisitorConverted, PersonID: p.ID, SubjectID: c.ID, CreatedAt: begin,
	}))
}

func forwardedOn(t *testing.T, w *world) {
	lead, user := w.has(t, people.Lead), w.has(t, people.User)
	first, second := w.absorbed(t, lead), w.absorbed(t, lead)
	other := w.absorbed(t, user)
	result := w.merge(t, lead, user)
	for _, p := range []*people.Person{first, second, other} {
		if into := w.stored(t, p.ID).MergedInto; into != user.ID {
			t.Errorf("%s leads to %s, not to the user", p.ID, into)
		}
	}
	forwarded := w.journal(t, user.ID)[0].Forwarded
	slices.Sort(forwarded)
	expect(t, "what the journal says was led on", []string{first.ID, second.ID}, forwarded)

	if _, _, err := w.UndoChange(t.Context(), w.caller, result.ChangeID); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*people.Person{first, second, other} {
		expect(t, "a forwarding address after the undo", p, w.stored(t, p.ID))
	}
}

func repeatedMerge(t *testing.T, w *world) {
	lead, user := w.has(t, people.Lead), w.has(t, people.User)
	first := w.merge(t, lead, user)
	w.clock.pass(time.Hour)
	again := w.merge(t, lead, user)
	expect(t, "the answer", &people.ConversionResult{Contact: w.stored(t, user.ID), Decision: people.DecidedRepeated, ChangeID: first.ChangeID}, again)
	if n, told := len(w.journal(t, user.ID)), len(w.outbox(t)); n != 1 || told != 1 {
		t.Errorf("there are %d entries and %d events, want one of each", n, told)
	}
	for what, c := range map[string]struct {
		order people.MergeOrder
		want  error
	}{
		"a lead into itself":          {people.MergeOrder{FromID: lead.ID, IntoID: lead.ID}, new(people.MergedError)},
		"a user into itself":          {people.MergeOrder{FromID: user.ID, IntoID: user.ID}, people.ErrMergeRoles},
		"a spent lead into another":   {intoUser(lead, w.has(t, people.User)), new(people.MergedError)},
		"somebody of whom is nothing": {people.MergeOrder{}, people.ErrUserNotFound},
	} {
		_, err := w.MergeContacts(t.Context(), w.caller, c.order)
		if merged := new(people.MergedError); !errors.Is(err, c.want) && !(errors.As(c.want, &merged) && errors.As(err, &merged)) {
			t.Errorf("%s: %v", what, err)
		}
	}
	w.sound(t)
}

func leadsEvents(t *testing.T, w *world) {
	lead, user := w.has(t, people.Lead), w.has(t, people.User)
	first, second := eventOf(lead, "saw", begin), eventOf(user, "bought", begin+1)
	w.did(t, first, second)
	result := w.merge(t, lead, user)
	expect(t, "the user's events", []*people.Event{second, first}, w.eventsOf(t, user.ID))
	if _, _, err := w.UndoChange(t.Context(), w.caller, result.ChangeID); err != nil {
		t.Fatal(err)
	}
	expect(t, "the lead's events after the undo", []*people.Event{first}, w.eventsOf(t, lead.ID))
	expect(t, "the user's events after the undo", []*people.Event{second}, w.eventsOf(t, user.ID))
	w.sound(t)
}

// somebody draws a person with any of its fields blank, alike or different.
func somebody(draw *rapid.T, w *world, role people.Role, who string) *people.Person {
	p := w.person(role)
	for i := range people.Fields {
		f := &people.Fields[i]
		if f.Rule == people.Own || f.Rule == people.Either {
			continue
		}
		n := rapid.IntRange(0, 2).Draw(draw, who+" "+f.Name)
		switch {
		case f.Kind == search.KindText && n > 0:
			f.SetValue(p, search.TextValue(fmt.Sprint(f.Name, n)))
		case f.Kind == search.KindInt:
			f.SetValue(p, search.IntValue(int64(n)))
		case f.Kind == search.KindBool:
			f.SetValue(p, search.BoolValue(n > 0))
		default:
			f.SetValue(p, search.NullValue())
		}
		if f.Attributes != nil {
			for i := range n {
				*f.Attributes(p) = search.Attributes{"a": search.IntValue(int64(i)), fmt.Sprint("b", rapid.IntRange(0, 1).Draw(draw, who)): search.BoolValue(true)}
			}
		}
	}
	if p.ExternalID != "" {
		p.ExternalID += p.ID // nobody else's
	}
	if p.Email != "" && role == people.User {
		p.Email += p.ID
	}
	return p
}

func previewedMerge(t *testing.T, w *world) {
	rapid.Check(t, func(draw *rapid.T) {
		lead, user := somebody(draw, w, people.Lead, "lead"), somebody(draw, w, people.User, "user")
		w.insert(t, lead, user)
		w.clock.pass(time.Second)
		plan, err := w.PreviewMerge(t.Context(), w.caller, intoUser(lead, user))
		if err != nil {
			draw.Fatal(err)
		}
		expect(t, "the lead after the preview", lead, w.stored(t, lead.ID))
		expect(t, "the user after the preview", user, w.stored(t, user.ID))

		result := w.merge(t, lead, user)
		made := w.journal(t, user.ID)[0]
		expect(t, "the decision", plan.Decision, result.Decision)
		expect(t, "the answer", plan.Contact, result.Contact)
		expect(t, "the verdicts", plan.Change.Outcomes, made.Outcomes)
		expect(t, "the image of the lead", plan.Change.Subject, made.Subject)
		expect(t, "the image of the user", plan.Change.Survivor, made.Survivor)
		expect(t, "the result", plan.Change.Result, made.Result)

		w.clock.pass(time.Second)
		if _, _, err := w.UndoChange(t.Context(), w.caller, result.ChangeID); err != nil {
			draw.Fatal(err)
		}
		lead.UpdatedAt, user.UpdatedAt = w.Now().Unix(), w.Now().Unix()
		expect(t, "the lead after the undo", lead, w.stored(t, lead.ID))
		expect(t, "the user after the undo", user, w.stored(t, user.ID))
		if t.Failed() {
			draw.FailNow()
		}
	})
	w.sound(t)
}

func mergedAtOnce(t *testing.T, w *world) {
	for range 10 {
		lead := w.has(t, people.Lead)
		users := []*people.Person{w.has(t, people.User), w.has(t, people.User), w.has(t, people.User)}
		var mu sync.Mutex
		decisions := map[people.Decision]int{}
		into := map[string]bool{}
		crowded(12, func(i int) {
			result, err := w.MergeContacts(t.Context(), w.caller, intoUser(lead, users[i%3]))
			mu.Lock()
			defer mu.Unlock()
			if elsewhere, spent := errors.AsType[*people.MergedError](err); spent {
				decisions["elsewhere"]++
				into[elsewhere.IntoID] = true
				return
			}
			if err != nil {
				t.Errorf("MergeContacts: %v", err)
				return
			}
			decisions[result.Decision]++
			into[result.Contact.ID] = true
		})
		want := map[people.Decision]int{people.DecidedMerged: 1, people.DecidedRepeated: 3, "elsewhere": 8}
		expect(t, "the decisions", want, decisions)
		if len(into) != 1 {
			t.Errorf("the lead went into %v", into)
		}
	}
	w.sound(t)
}

func updatedWhileMerged(t *testing.T, w *world) {
	const updaters, each = 6, 8
	for i := range updaters * each {
		w.define(t, &people.Attribute{
			Workspace: acme, ID: int64(i + 1), Model: people.ContactModel, Name: fmt.Sprintf("u%d n%d", i/each, i%each), Type: people.BooleanAttribute, CreatedAt: begin,
		})
	}
	for range 4 {
		lead, user := w.has(t, people.Lead), w.has(t, people.User)
		var mu sync.Mutex
		var written []string
		begun := make(chan struct{}, updaters*each)
		crowded(updaters+1, func(i int) {
			if i == updaters {
				for range 1 + rand.IntN(updaters*each/2) {
					<-begun
				}
				w.merge(t, lead, user)
				return
			}
			caller := w.caller
			caller.FollowMerged = i%2 == 0
			for n := range each {
				name := fmt.Sprintf("u%d n%d", i, n)
				begun <- struct{}{}
				_, _, err := w.UpdateContact(t.Context(), caller, lead.ID, people.ContactFields{CustomAttributes: search.Attributes{name: search.BoolValue(true)}})
				if _, spent := errors.AsType[*people.MergedError](err); spent && !caller.FollowMerged {
					continue
				}
				if err != nil {
					t.Errorf("UpdateContact: %v", err)
					continue
				}
				mu.Lock()
				written = append(written, name)
				mu.Unlock()
			}
		})
		got := w.stored(t, user.ID).CustomAttributes
		for _, name := range written {
			if _, has := got[name]; !has {
				t.Errorf("the update %s was acknowledged, and the survivor lacks it", name)
			}
		}
	}
	w.sound(t)
}

func convertedWhileMerged(t *testing.T, w *world) {
	for range 20 {
		visitor, lead, user := w.has(t, people.Visitor), w.has(t, people.Lead), w.has(t, people.User)
		var merged, converted error
		crowded(2, func(i int) {
			if i == 0 {
				_, converted = w.ConvertVisitor(t.Context(), w.caller, toUser(visitor, people.UserRef{ID: lead.ID}))
				return
			}
			_, merged = w.MergeContacts(t.Context(), w.caller, intoUser(lead, user))
		})
		if converted != nil || merged != nil && !errors.Is(merged, people.ErrMergeRoles) {
			t.Errorf("the conversion: %v, the merge: %v", converted, merged)
		}
		want := user.ID
		if merged != nil {
			want = lead.ID // was a user already
		}
		if into := w.stored(t, visitor.ID).MergedInto; into != want {
			t.Errorf("the visitor leads to %s, want %s", into, want)
		}
	}
	w.sound(t)
}

func crossedMerges(t *testing.T, w *world) {
	lead, user := w.has(t, people.Lead), w.has(t, people.User)
	crowded(8, func(i int) {
		order := people.MergeOrder{FromID: user.ID, IntoID: lead.ID}
		if i%2 == 0 {
			order = people.MergeOrder{FromID: lead.ID, IntoID: user.ID, OnlyDuplicates: true}
		}
		_, err := w.MergeContacts(t.Context(), w.caller, order)
		if !errors.Is(err, people.ErrMergeRoles) && !errors.Is(err, people.ErrNotDuplicates) {
			t.Errorf("MergeContacts: %v", err)
		}
	})
	expect(t, "the lead", lead, w.stored(t, lead.ID))
	expect(t, "the user", user, w.stored(t, user.ID))
}

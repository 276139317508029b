package identity

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
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func ContactMerges(s fixtures.Suite) {
	s.Test("a lead of whom all is known goes into a user of whom nothing is", leadIntoBlank)
	s.Test("a user of whom all is known keeps it when a lead goes into it", leadIntoKnown)
	s.Test("what led to a lead leads to the user that it went into", forwardedOn)
	s.Test("the same merge again answers the same contact and writes nothing", repeatedMerge)
	s.Test("a merge leaves the events of both where they were", leadsEvents)
	s.Test("a preview says what the merge right after it does", previewedMerge)
	s.Test("of many merges of one lead at once one succeeds", mergedAtOnce)
	s.Test("no update that was acknowledged is lost to a merge", updatedWhileMerged)
	s.Test("a visitor converted into a lead that goes into a user comes out at the user", convertedWhileMerged)
	s.Test("two contacts that are merged into each other at once stay as they are", crossedMerges)
}

// knownLead is a lead of whom everything is known that can be.
func knownLead(t *testing.T) func(*people.Person) {
	return func(p *people.Person) {
		fixtures.Fill(t, p, 1)
		p.AnonymousID, p.Email = "", "ada@example.com"
	}
}

func leadIntoBlank(t *testing.T, w *fixtures.Fixtures) {
	lead := w.Has(t, people.Lead, knownLead(t))
	user := w.Has(t, people.User, func(p *people.Person) { p.LastSeenAt = 0 })
	w.Clock.Pass(time.Minute)
	result := w.Merge(t, lead, user)

	adopts := func(f *people.Field) bool {
		return slices.Contains(adoptable, f.Rule) || f.Rule == people.EmailFlag || f.Name == "email"
	}
	want := user.Clone()
	for i := range people.Fields {
		if f := &people.Fields[i]; adopts(f) {
			f.Copy(want, lead)
		}
	}
	want.UpdatedAt = fixtures.Begin + 60
	w.Merged(t, result, &people.Change{Subject: lead, Survivor: user, Result: want, Outcomes: verdicts(lead, adopts)})
}

func leadIntoKnown(t *testing.T, w *fixtures.Fixtures) {
	lead := w.Has(t, people.Lead, knownLead(t))
	user := w.Has(t, people.User, func(p *people.Person) {
		fixtures.Fill(t, p, 2)
		p.AnonymousID, p.Email = w.NewUUID(), "ADA@example.com"
		p.CustomAttributes["seats 1"] = search.IntValue(7)
		p.UnsubscribedFromEmails = false
	})
	w.Insert(t, w.Person(people.User, func(p *people.Person) { p.Email = "other@example.com" }))
	w.Write(t, func(tx people.Writer) error { return becameSomebody(tx, w, user) })
	w.Clock.Pass(time.Minute)
	order := fixtures.IntoUser(lead, user)
	order.OnlyDuplicates = true
	result, err := w.MergeContacts(t.Context(), w.Caller, order)
	if err != nil {
		t.Fatal(err)
	}
	want := user.Clone()
	want.UpdatedAt = fixtures.Begin + 60
	fixtures.Expect(t, "the user", want, result.Contact)
	journal := w.Journal(t, user.ID)
	fixtures.Expect(t, "the verdicts", verdicts(lead, func(*people.Field) bool { return false }), journal[0].Outcomes)
	fixtures.Expect(t, "the lead's image", lead, journal[0].Subject)
	fixtures.Expect(t, "the user's image", user, journal[0].Survivor)
	w.Sound(t)
}

// becameSomebody writes down how a person with an anonymous id stopped being a visitor, as every store has it.
func becameSomebody(tx people.Writer, w *fixtures.Fixtures, p *people.Person) error {
	c := w.Conversion(p, p)
	c.ID = fmt.Sprintf("%024x", fixtures.Made.Add(1)) // before all others
	return errors.Join(tx.InsertChange(c), tx.Emit(&workspace.OutboxEntry{
		Workspace: fixtures.Acme, ID: c.ID, Topic: people.VisitorConverted, PersonID: p.ID, SubjectID: c.ID, CreatedAt: fixtures.Begin,
	}))
}

func forwardedOn(t *testing.T, w *fixtures.Fixtures) {
	lead, user := w.Has(t, people.Lead), w.Has(t, people.User)
	first, second := w.Absorbed(t, lead), w.Absorbed(t, lead)
	other := w.Absorbed(t, user)
	result := w.Merge(t, lead, user)
	for _, p := range []*people.Person{first, second, other} {
		if into := w.Stored(t, p.ID).MergedInto; into != user.ID {
			t.Errorf("%s leads to %s, not to the user", p.ID, into)
		}
	}
	forwarded := w.Journal(t, user.ID)[0].Forwarded
	slices.Sort(forwarded)
	fixtures.Expect(t, "what the journal says was led on", []string{first.ID, second.ID}, forwarded)

	if _, _, err := w.UndoChange(t.Context(), w.Caller, result.ChangeID); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*people.Person{first, second, other} {
		fixtures.Expect(t, "a forwarding address after the undo", p, w.Stored(t, p.ID))
	}
}

func repeatedMerge(t *testing.T, w *fixtures.Fixtures) {
	lead, user := w.Has(t, people.Lead), w.Has(t, people.User)
	first := w.Merge(t, lead, user)
	w.Clock.Pass(time.Hour)
	again := w.Merge(t, lead, user)
	fixtures.Expect(t, "the answer", &people.ConversionResult{Contact: w.Stored(t, user.ID), Decision: people.DecidedRepeated, ChangeID: first.ChangeID}, again)
	if n, told := len(w.Journal(t, user.ID)), len(w.Outbox(t)); n != 1 || told != 1 {
		t.Errorf("there are %d entries and %d events, want one of each", n, told)
	}
	for what, c := range map[string]struct {
		order people.MergeOrder
		want  error
	}{
		"a lead into itself":          {people.MergeOrder{FromID: lead.ID, IntoID: lead.ID}, new(people.MergedError)},
		"a user into itself":          {people.MergeOrder{FromID: user.ID, IntoID: user.ID}, people.ErrMergeRoles},
		"a spent lead into another":   {fixtures.IntoUser(lead, w.Has(t, people.User)), new(people.MergedError)},
		"somebody of whom is nothing": {people.MergeOrder{}, people.ErrUserNotFound},
	} {
		_, err := w.MergeContacts(t.Context(), w.Caller, c.order)
		if merged := new(people.MergedError); !errors.Is(err, c.want) && !(errors.As(c.want, &merged) && errors.As(err, &merged)) {
			t.Errorf("%s: %v", what, err)
		}
	}
	w.Sound(t)
}

func leadsEvents(t *testing.T, w *fixtures.Fixtures) {
	lead, user := w.Has(t, people.Lead), w.Has(t, people.User)
	first, second := fixtures.EventOf(lead, "saw", fixtures.Begin), fixtures.EventOf(user, "bought", fixtures.Begin+1)
	w.Did(t, first, second)
	result := w.Merge(t, lead, user)
	fixtures.Expect(t, "the user's events", []*people.Event{second, first}, w.StoredEvents(t, user.ID))
	if _, _, err := w.UndoChange(t.Context(), w.Caller, result.ChangeID); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the lead's events after the undo", []*people.Event{first}, w.StoredEvents(t, lead.ID))
	fixtures.Expect(t, "the user's events after the undo", []*people.Event{second}, w.StoredEvents(t, user.ID))
	w.Sound(t)
}

// somebody draws a person with any of its fields blank, alike or different.
func somebody(draw *rapid.T, w *fixtures.Fixtures, role people.Role, who string) *people.Person {
	p := w.Person(role)
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

func previewedMerge(t *testing.T, w *fixtures.Fixtures) {
	rapid.Check(t, func(draw *rapid.T) {
		lead, user := somebody(draw, w, people.Lead, "lead"), somebody(draw, w, people.User, "user")
		w.Insert(t, lead, user)
		w.Clock.Pass(time.Second)
		plan, err := w.PreviewMerge(t.Context(), w.Caller, fixtures.IntoUser(lead, user))
		if err != nil {
			draw.Fatal(err)
		}
		fixtures.Expect(t, "the lead after the preview", lead, w.Stored(t, lead.ID))
		fixtures.Expect(t, "the user after the preview", user, w.Stored(t, user.ID))

		result := w.Merge(t, lead, user)
		made := w.Journal(t, user.ID)[0]
		fixtures.Expect(t, "the decision", plan.Decision, result.Decision)
		fixtures.Expect(t, "the answer", plan.Contact, result.Contact)
		fixtures.Expect(t, "the verdicts", plan.Change.Outcomes, made.Outcomes)
		fixtures.Expect(t, "the image of the lead", plan.Change.Subject, made.Subject)
		fixtures.Expect(t, "the image of the user", plan.Change.Survivor, made.Survivor)
		fixtures.Expect(t, "the result", plan.Change.Result, made.Result)

		w.Clock.Pass(time.Second)
		if _, _, err := w.UndoChange(t.Context(), w.Caller, result.ChangeID); err != nil {
			draw.Fatal(err)
		}
		lead.UpdatedAt, user.UpdatedAt = w.Now().Unix(), w.Now().Unix()
		fixtures.Expect(t, "the lead after the undo", lead, w.Stored(t, lead.ID))
		fixtures.Expect(t, "the user after the undo", user, w.Stored(t, user.ID))
		if t.Failed() {
			draw.FailNow()
		}
	})
	w.Sound(t)
}

func mergedAtOnce(t *testing.T, w *fixtures.Fixtures) {
	for range 10 {
		lead := w.Has(t, people.Lead)
		users := []*people.Person{w.Has(t, people.User), w.Has(t, people.User), w.Has(t, people.User)}
		var mu sync.Mutex
		decisions := map[people.Decision]int{}
		into := map[string]bool{}
		fixtures.Crowded(12, func(i int) {
			result, err := w.MergeContacts(t.Context(), w.Caller, fixtures.IntoUser(lead, users[i%3]))
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
		fixtures.Expect(t, "the decisions", want, decisions)
		if len(into) != 1 {
			t.Errorf("the lead went into %v", into)
		}
	}
	w.Sound(t)
}

func updatedWhileMerged(t *testing.T, w *fixtures.Fixtures) {
	const updaters, each = 6, 8
	for i := range updaters * each {
		w.Define(t, &people.Attribute{
			Workspace: fixtures.Acme, ID: int64(i + 1), Model: people.ContactModel, Name: fmt.Sprintf("u%d n%d", i/each, i%each), Type: people.BooleanAttribute, CreatedAt: fixtures.Begin,
		})
	}
	for range 4 {
		lead, user := w.Has(t, people.Lead), w.Has(t, people.User)
		var mu sync.Mutex
		var written []string
		begun := make(chan struct{}, updaters*each)
		fixtures.Crowded(updaters+1, func(i int) {
			if i == updaters {
				for range 1 + rand.IntN(updaters*each/2) {
					<-begun
				}
				w.Merge(t, lead, user)
				return
			}
			caller := w.Caller
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
		got := w.Stored(t, user.ID).CustomAttributes
		for _, name := range written {
			if _, has := got[name]; !has {
				t.Errorf("the update %s was acknowledged, and the survivor lacks it", name)
			}
		}
	}
	w.Sound(t)
}

func convertedWhileMerged(t *testing.T, w *fixtures.Fixtures) {
	for range 20 {
		visitor, lead, user := w.Has(t, people.Visitor), w.Has(t, people.Lead), w.Has(t, people.User)
		var merged, converted error
		fixtures.Crowded(2, func(i int) {
			if i == 0 {
				_, converted = w.ConvertVisitor(t.Context(), w.Caller, fixtures.ToUser(visitor, people.UserRef{ID: lead.ID}))
				return
			}
			_, merged = w.MergeContacts(t.Context(), w.Caller, fixtures.IntoUser(lead, user))
		})
		if converted != nil || merged != nil && !errors.Is(merged, people.ErrMergeRoles) {
			t.Errorf("the conversion: %v, the merge: %v", converted, merged)
		}
		want := user.ID
		if merged != nil {
			want = lead.ID // was a user already
		}
		if into := w.Stored(t, visitor.ID).MergedInto; into != want {
			t.Errorf("the visitor leads to %s, want %s", into, want)
		}
	}
	w.Sound(t)
}

func crossedMerges(t *testing.T, w *fixtures.Fixtures) {
	lead, user := w.Has(t, people.Lead), w.Has(t, people.User)
	fixtures.Crowded(8, func(i int) {
		order := people.MergeOrder{FromID: user.ID, IntoID: lead.ID}
		if i%2 == 0 {
			order = people.MergeOrder{FromID: lead.ID, IntoID: user.ID, OnlyDuplicates: true}
		}
		_, err := w.MergeContacts(t.Context(), w.Caller, order)
		if !errors.Is(err, people.ErrMergeRoles) && !errors.Is(err, people.ErrNotDuplicates) {
			t.Errorf("MergeContacts: %v", err)
		}
	})
	fixtures.Expect(t, "the lead", lead, w.Stored(t, lead.ID))
	fixtures.Expect(t, "the user", user, w.Stored(t, user.ID))
}

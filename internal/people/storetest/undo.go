package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
)

func undos(s suite) {
	s.test("what everything is known of is as it was after an undo, and as it became after the next", undoneKnown)
	s.test("a set of values goes back whole or not at all", undoneSets)
	s.test("what hangs on both hangs on the survivor, and on each of them again after an undo", hangingOnBoth)
	s.test("what was undone may be done anew", doneAnew)
	s.test("an undo is undone once however many ask", undoneAtOnce)
	s.test("no update that was acknowledged is lost to an undo", updatedWhileUndone)
	s.test("an undo and a merge of one lead at once are one after the other", mergedWhileUndone)
}

func (w *world) undo(t *testing.T, id string) *people.Change {
	t.Helper()
	entry, decision, err := w.UndoChange(t.Context(), w.caller, id)
	if err != nil || decision != people.DecidedUndone {
		t.Fatalf("UndoChange: %s, %v", decision, err)
	}
	return entry
}

func undoneKnown(t *testing.T, w *world) {
	for what, change := range map[string]func() (string, []*people.Person){
		"a merge of a lead": func() (string, []*people.Person) {
			lead, user := w.has(t, people.Lead, knownLead(t)), w.has(t, people.User)
			return w.merge(t, lead, user).ChangeID, []*people.Person{lead, user}
		},
		"a merge of a visitor": func() (string, []*people.Person) {
			visitor, user := w.has(t, people.Visitor, known(t)), w.has(t, people.User)
			order := toUser(visitor, people.UserRef{ID: user.ID, UserID: "ada", Email: "ada@example.com"})
			return w.convert(t, order).ChangeID, []*people.Person{visitor, user}
		},
		"a conversion": func() (string, []*people.Person) {
			visitor := w.has(t, people.Visitor, known(t))
			return w.convert(t, toUser(visitor, people.UserRef{UserID: "ada"})).ChangeID, []*people.Person{visitor}
		},
	} {
		entry, before := change()
		var made []*people.Person
		for _, p := range before {
			made = append(made, w.stored(t, p.ID))
		}
		for range 3 {
			w.clock.pass(time.Minute)
			undo := w.undo(t, entry)
			for i, p := range before {
				p.UpdatedAt = w.Now().Unix()
				p.Attached = w.stored(t, p.ID).Attached // is looked at rather too often
				expect(t, fmt.Sprintf("person %d after the undo of %s", i, what), p, w.stored(t, p.ID))
			}
			w.sound(t)
			w.clock.pass(time.Minute)
			entry = w.undo(t, undo.ID).ID
			for i, p := range made {
				if p.UpdatedAt = w.Now().Unix(); p.State == people.Merged {
					p.UpdatedAt -= 60 // as it was when it went into the other
				}
				p.Attached = w.stored(t, p.ID).Attached
				expect(t, fmt.Sprintf("person %d after %s was done again", i, what), p, w.stored(t, p.ID))
			}
			w.sound(t)
		}
		for _, p := range before {
			w.write(t, func(tx people.Writer) error { return tx.DeletePerson(acme, p.ID) })
		}
	}
}

func undoneSets(t *testing.T, w *world) {
	lead := w.has(t, people.Lead, func(p *people.Person) {
		p.Name, p.UTM, p.Location = "Leo", people.UTM{Campaign: "spring", Source: "ad"}, people.Location{City: "Dublin", Region: "Leinster"}
	})
	user := w.has(t, people.User)
	entry := w.merge(t, lead, user)
	written := entry.Contact.Clone()
	written.UTM.Source, written.Location.City = "mail", "Galway"
	w.write(t, func(tx people.Writer) error { return tx.UpdatePerson(entry.Contact, written) })
	undo := w.undo(t, entry.ChangeID)
	want := user.Clone()
	want.UTM, want.Location = written.UTM, written.Location
	expect(t, "the user", want, w.stored(t, user.ID))
	expect(t, "the lead", lead, w.stored(t, lead.ID))
	expect(t, "the verdicts", []people.Outcome{
		{Field: "name", Verdict: people.Returned},
		{Field: "location_city", Verdict: people.Kept},
		{Field: "location_region", Verdict: people.Kept},
		{Field: "utm_campaign", Verdict: people.Kept},
		{Field: "utm_source", Verdict: people.Kept},
	}, undo.Outcomes)
}

func doneAnew(t *testing.T, w *world) {
	lead, user, other := w.has(t, people.Lead), w.has(t, people.User), w.has(t, people.User)
	first := w.merge(t, lead, user)
	w.undo(t, first.ChangeID)
	second := w.merge(t, lead, other)
	if second.Decision != people.DecidedMerged || second.ChangeID == first.ChangeID {
		t.Errorf("the merge after the undo is %+v", second)
	}
	expect(t, "the merges", map[string][]people.Merge{
		other.ID: {{ChangeID: second.ChangeID, ContactID: lead.ID, Role: people.Lead, At: begin}},
	}, get(t, w, func(r people.Reader) (map[string][]people.Merge, error) {
		return r.Merges(acme, []string{user.ID, other.ID})
	}))
	_, _, err := w.UndoChange(t.Context(), w.caller, w.journal(t, user.ID)[0].ID)
	if refused, is := errors.AsType[*people.UndoError](err); !is || refused.ChangeID != second.ChangeID {
		t.Errorf("the first merge was made again over the second: %v", err)
	}
	w.sound(t)
}

func undoneAtOnce(t *testing.T, w *world) {
	for range 10 {
		lead, user := w.has(t, people.Lead), w.has(t, people.User)
		merged := w.merge(t, lead, user)
		var mu sync.Mutex
		entries, decisions := map[string]bool{}, map[people.Decision]int{}
		crowded(8, func(int) {
			entry, decision, err := w.UndoChange(t.Context(), w.caller, merged.ChangeID)
			if err != nil {
				t.Errorf("UndoChange: %v", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			entries[entry.ID] = true
			decisions[decision]++
		})
		expect(t, "the decisions", map[people.Decision]int{people.DecidedUndone: 1, people.DecidedRepeated: 7}, decisions)
		if len(entries) != 1 {
			t.Errorf("there are %d entries of one undo", len(entries))
		}
		expect(t, "the lead", lead, w.stored(t, lead.ID))
	}
	w.sound(t)
}

func updatedWhileUndone(t *testing.T, w *world) {
	const updaters, each = 6, 6
	for range 4 {
		lead, user := w.has(t, people.Lead, func(p *people.Person) { p.Name = "Leo" }), w.has(t, people.User)
		merged := w.merge(t, lead, user)
		var mu sync.Mutex
		phones := map[string]bool{}
		crowded(updaters+1, func(i int) {
			if i == updaters {
				w.undo(t, merged.ChangeID)
				return
			}
			for n := range each {
				phone := fmt.Sprintf("+%d%d", i, n)
				if _, _, err := w.UpdateContact(t.Context(), w.caller, user.ID, people.ContactFields{Phone: &phone}); err != nil {
					t.Errorf("UpdateContact: %v", err)
				}
				mu.Lock()
				phones[phone] = n == each-1
				mu.Unlock()
			}
		})
		got := w.stored(t, user.ID)
		if !phones[got.Phone] || got.Name != "" {
			t.Errorf("the user has the phone %q and the name %q, want a last update and what was before the merge", got.Phone, got.Name)
		}
		expect(t, "the lead", lead, w.stored(t, lead.ID))
	}
	w.sound(t)
}

func mergedWhileUndone(t *testing.T, w *world) {
	for range 10 {
		lead, user, other := w.has(t, people.Lead), w.has(t, people.User), w.has(t, people.User)
		merged := w.merge(t, lead, user)
		var again error
		crowded(3, func(i int) {
			switch i {
			case 0:
				w.undo(t, merged.ChangeID)
			case 1:
				_, again = w.MergeContacts(t.Context(), w.caller, intoUser(lead, other))
			case 2:
				_, err := w.ConvertVisitor(t.Context(), w.caller, toUser(w.has(t, people.Visitor), people.UserRef{ID: other.ID}))
				if err != nil {
					t.Errorf("ConvertVisitor: %v", err)
				}
			}
		})
		now := w.stored(t, lead.ID)
		if _, early := errors.AsType[*people.MergedError](again); early {
			expect(t, "the lead", lead, now)
		} else if again != nil || now.MergedInto != other.ID {
			t.Errorf("the second merge: %v, and the lead leads to %q", again, now.MergedInto)
		}
	}
	w.sound(t)
}

func hangingOnBoth(t *testing.T, w *world) {
	hanger, can := w.Store.(interface {
		Hang(ctx context.Context, p *people.Person, n int64) error
	})
	if !can {
		t.Skip("the store cannot hang anything on anybody by itself")
	}
	hang := func(p *people.Person, all ...int64) {
		t.Helper()
		for _, n := range all {
			if err := hanger.Hang(t.Context(), p, n); err != nil {
				t.Fatal(err)
			}
		}
	}
	has := func(what string, p *people.Person, notes int, want ...string) {
		t.Helper()
		found, err := w.Resolve(t.Context(), by(acme), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		linked := people.Linked{First: want, Total: len(want)}
		expect(t, what, &people.Links{Tags: linked, Companies: linked, OptedIn: linked, Notes: people.Linked{First: found.Links.Notes.First, Total: notes}}, found.Links)
	}
	lead, user := w.has(t, people.Lead), w.has(t, people.User)
	hang(lead, 1, 2)
	hang(user, 2, 3)
	plan, err := w.PreviewMerge(t.Context(), w.caller, intoUser(lead, user))
	if err != nil {
		t.Fatal(err)
	}
	for who, links := range map[string]*people.Links{"lead": plan.Change.Subject.Links, "user": plan.Change.Survivor.Links} {
		if links.Tags.Total != 2 || links.Notes.Total != 2 || links.Companies.Total != 2 {
			t.Errorf("the preview says that on the %s hangs %+v", who, links)
		}
	}
	merged := w.merge(t, w.stored(t, lead.ID), user)
	has("what hangs on the user after the merge", user, 4, "1", "2", "3")
	expect(t, "what the answer shows", w.resolved(t, user.ID).Links, merged.Contact.Links)
	verdicts := w.journal(t, user.ID)[0].Outcomes
	expect(t, "the verdicts", []people.Outcome{
		{Field: "tags", Verdict: people.United},
		{Field: "companies", Verdict: people.United},
		{Field: "subscriptions", Verdict: people.United},
		{Field: "notes", Verdict: people.Kept},
	}, verdicts[len(verdicts)-4:])
	expect(t, "what the preview said", verdicts, plan.Change.Outcomes)

	hang(user, 4)
	w.undo(t, merged.ChangeID)
	has("what hangs on the lead after the undo", lead, 2, "1", "2")
	has("what hangs on the user after the undo", user, 3, "2", "3", "4")
	w.sound(t)

	bare := w.has(t, people.User)
	first := w.merge(t, w.stored(t, lead.ID), bare)
	has("what hangs on a user on whom nothing hung", bare, 2, "1", "2")
	undo := w.undo(t, first.ChangeID)
	if links := w.resolved(t, bare.ID).Links; links != nil {
		t.Errorf("on the user still hangs %+v", links)
	}
	hang(lead, 5)
	w.undo(t, undo.ID)
	has("what hangs on the user when the merge is made again", bare, 3, "1", "2", "5")

	lead, bare = w.has(t, people.Lead), w.has(t, people.User)
	undo = w.undo(t, w.merge(t, lead, bare).ChangeID)
	hang(lead, 6)
	w.undo(t, undo.ID)
	has("what hangs on the user when somebody comes back with more", bare, 1, "6")
	w.sound(t)
}

func (w *world) resolved(t *testing.T, id string) *people.Person {
	t.Helper()
	p, err := w.Resolve(t.Context(), by(acme), id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

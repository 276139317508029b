package identity

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
)

func Undos(s fixtures.Suite) {
	s.Test("what everything is known of is as it was after an undo, and as it became after the next", undoneKnown)
	s.Test("a set of values goes back whole or not at all", undoneSets)
	s.Test("what hangs on both hangs on the survivor, and on each of them again after an undo", hangingOnBoth)
	s.Test("what was undone may be done anew", doneAnew)
	s.Test("whose merge was undone is erased from the entries of that time, too", erasedAfterUndo)
	s.Test("an undo is undone once however many ask", undoneAtOnce)
	s.Test("no update that was acknowledged is lost to an undo", updatedWhileUndone)
	s.Test("an undo and a merge of one lead at once are one after the other", mergedWhileUndone)
}

func undoneKnown(t *testing.T, w *fixtures.Fixtures) {
	for what, change := range map[string]func() (string, []*people.Person){
		"a merge of a lead": func() (string, []*people.Person) {
			lead, user := w.Has(t, people.Lead, knownLead(t)), w.Has(t, people.User)
			return w.Merge(t, lead, user).ChangeID, []*people.Person{lead, user}
		},
		"a merge of a visitor": func() (string, []*people.Person) {
			visitor, user := w.Has(t, people.Visitor, fixtures.Known(t)), w.Has(t, people.User)
			order := fixtures.ToUser(visitor, people.UserRef{ID: user.ID, UserID: "ada", Email: "ada@example.com"})
			return w.Convert(t, order).ChangeID, []*people.Person{visitor, user}
		},
		"a conversion": func() (string, []*people.Person) {
			visitor := w.Has(t, people.Visitor, fixtures.Known(t))
			return w.Convert(t, fixtures.ToUser(visitor, people.UserRef{UserID: "ada"})).ChangeID, []*people.Person{visitor}
		},
	} {
		entry, before := change()
		var made []*people.Person
		for _, p := range before {
			made = append(made, w.Stored(t, p.ID))
		}
		for range 3 {
			w.Clock.Pass(time.Minute)
			undo := w.Undo(t, entry)
			for i, p := range before {
				p.UpdatedAt = w.Now().Unix()
				p.Attached = w.Stored(t, p.ID).Attached // is looked at rather too often
				fixtures.Expect(t, fmt.Sprintf("person %d after the undo of %s", i, what), p, w.Stored(t, p.ID))
			}
			w.Sound(t)
			w.Clock.Pass(time.Minute)
			entry = w.Undo(t, undo.ID).ID
			for i, p := range made {
				if p.UpdatedAt = w.Now().Unix(); p.State == people.Merged {
					p.UpdatedAt -= 60 // as it was when it went into the other
				}
				p.Attached = w.Stored(t, p.ID).Attached
				fixtures.Expect(t, fmt.Sprintf("person %d after %s was done again", i, what), p, w.Stored(t, p.ID))
			}
			w.Sound(t)
		}
		for _, p := range before {
			w.Write(t, func(tx people.Writer) error { return tx.DeletePerson(fixtures.Acme, p.ID, 0) })
		}
	}
}

func undoneSets(t *testing.T, w *fixtures.Fixtures) {
	lead := w.Has(t, people.Lead, func(p *people.Person) {
		p.Name, p.UTM, p.Location = "Leo", people.UTM{Campaign: "spring", Source: "ad"}, people.Location{City: "Dublin", Region: "Leinster"}
	})
	user := w.Has(t, people.User)
	entry := w.Merge(t, lead, user)
	written := entry.Contact.Clone()
	written.UTM.Source, written.Location.City = "mail", "Galway"
	w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(entry.Contact, written) })
	undo := w.Undo(t, entry.ChangeID)
	want := user.Clone()
	want.UTM, want.Location = written.UTM, written.Location
	fixtures.Expect(t, "the user", want, w.Stored(t, user.ID))
	fixtures.Expect(t, "the lead", lead, w.Stored(t, lead.ID))
	fixtures.Expect(t, "the verdicts", []people.Outcome{
		{Field: "name", Verdict: people.Returned},
		{Field: "location_city", Verdict: people.Kept},
		{Field: "location_region", Verdict: people.Kept},
		{Field: "utm_campaign", Verdict: people.Kept},
		{Field: "utm_source", Verdict: people.Kept},
	}, undo.Outcomes)
}

func doneAnew(t *testing.T, w *fixtures.Fixtures) {
	lead, user, other := w.Has(t, people.Lead), w.Has(t, people.User), w.Has(t, people.User)
	first := w.Merge(t, lead, user)
	w.Undo(t, first.ChangeID)
	second := w.Merge(t, lead, other)
	if second.Decision != people.DecidedMerged || second.ChangeID == first.ChangeID {
		t.Errorf("the merge after the undo is %+v", second)
	}
	fixtures.Expect(t, "the merges", map[string][]people.Merge{
		other.ID: {{ChangeID: second.ChangeID, ContactID: lead.ID, Role: people.Lead, At: fixtures.Begin}},
	}, fixtures.Get(t, w, func(r people.Reader) (map[string][]people.Merge, error) {
		return r.Merges(fixtures.Acme, []string{user.ID, other.ID})
	}))
	_, _, err := w.UndoChange(t.Context(), w.Caller, w.Journal(t, user.ID)[0].ID)
	if refused, is := errors.AsType[*people.UndoError](err); !is || refused.ChangeID != second.ChangeID {
		t.Errorf("the first merge was made again over the second: %v", err)
	}
	w.Sound(t)
}

func erasedAfterUndo(t *testing.T, w *fixtures.Fixtures) {
	erased := w.Has(t, people.Lead, func(p *people.Person) { p.Name, p.Phone = "Leo", "+35315550100" })
	user, others := w.Has(t, people.User), []*people.Person{w.Has(t, people.Lead), w.Has(t, people.Lead), w.Has(t, people.Lead)}
	before := w.Merge(t, others[0], user)
	first := w.Merge(t, erased, user)
	w.Undo(t, w.Merge(t, others[1], user).ChangeID)
	again := w.Undo(t, w.Undo(t, first.ChangeID).ID)
	w.Undo(t, w.Merge(t, others[1], user).ChangeID)
	w.Undo(t, again.ID)
	after := w.Merge(t, others[2], user)

	w.Write(t, func(tx people.Writer) error { return tx.DeletePerson(fixtures.Acme, erased.ID, fixtures.Begin) })

	var left []string
	for _, entry := range w.Journal(t, user.ID) {
		left = append(left, entry.ID)
		for _, image := range []*people.Person{entry.Subject, entry.Survivor, entry.Result} {
			if image != nil && (image.Name != "" || image.Phone != "") {
				t.Errorf("the entry %s still holds the values of the erased person: %+v", entry.ID, image)
			}
		}
	}
	fixtures.Expect(t, "the journal of the user", []string{after.ChangeID, before.ChangeID}, left)
	w.Undo(t, after.ChangeID)
	w.Undo(t, before.ChangeID)
	w.Sound(t)
}

func undoneAtOnce(t *testing.T, w *fixtures.Fixtures) {
	for range 10 {
		lead, user := w.Has(t, people.Lead), w.Has(t, people.User)
		merged := w.Merge(t, lead, user)
		var mu sync.Mutex
		entries, decisions := map[string]bool{}, map[people.Decision]int{}
		fixtures.Crowded(8, func(int) {
			entry, decision, err := w.UndoChange(t.Context(), w.Caller, merged.ChangeID)
			if err != nil {
				t.Errorf("UndoChange: %v", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			entries[entry.ID] = true
			decisions[decision]++
		})
		fixtures.Expect(t, "the decisions", map[people.Decision]int{people.DecidedUndone: 1, people.DecidedRepeated: 7}, decisions)
		if len(entries) != 1 {
			t.Errorf("there are %d entries of one undo", len(entries))
		}
		fixtures.Expect(t, "the lead", lead, w.Stored(t, lead.ID))
	}
	w.Sound(t)
}

func updatedWhileUndone(t *testing.T, w *fixtures.Fixtures) {
	const updaters, each = 6, 6
	for range 4 {
		lead, user := w.Has(t, people.Lead, func(p *people.Person) { p.Name = "Leo" }), w.Has(t, people.User)
		merged := w.Merge(t, lead, user)
		var mu sync.Mutex
		phones := map[string]bool{}
		fixtures.Crowded(updaters+1, func(i int) {
			if i == updaters {
				w.Undo(t, merged.ChangeID)
				return
			}
			for n := range each {
				phone := fmt.Sprintf("+%d%d", i, n)
				if _, _, err := w.UpdateContact(t.Context(), w.Caller, user.ID, people.ContactFields{Phone: &phone}); err != nil {
					t.Errorf("UpdateContact: %v", err)
				}
				mu.Lock()
				phones[phone] = n == each-1
				mu.Unlock()
			}
		})
		got := w.Stored(t, user.ID)
		if !phones[got.Phone] || got.Name != "" {
			t.Errorf("the user has the phone %q and the name %q, want a last update and what was before the merge", got.Phone, got.Name)
		}
		fixtures.Expect(t, "the lead", lead, w.Stored(t, lead.ID))
	}
	w.Sound(t)
}

func mergedWhileUndone(t *testing.T, w *fixtures.Fixtures) {
	for range 10 {
		lead, user, other := w.Has(t, people.Lead), w.Has(t, people.User), w.Has(t, people.User)
		merged := w.Merge(t, lead, user)
		var again error
		fixtures.Crowded(3, func(i int) {
			switch i {
			case 0:
				w.Undo(t, merged.ChangeID)
			case 1:
				_, again = w.MergeContacts(t.Context(), w.Caller, fixtures.IntoUser(lead, other))
			case 2:
				_, err := w.ConvertVisitor(t.Context(), w.Caller, fixtures.ToUser(w.Has(t, people.Visitor), people.UserRef{ID: other.ID}))
				if err != nil {
					t.Errorf("ConvertVisitor: %v", err)
				}
			}
		})
		now := w.Stored(t, lead.ID)
		if _, early := errors.AsType[*people.MergedError](again); early {
			fixtures.Expect(t, "the lead", lead, now)
		} else if again != nil || now.MergedInto != other.ID {
			t.Errorf("the second merge: %v, and the lead leads to %q", again, now.MergedInto)
		}
	}
	w.Sound(t)
}

func hangingOnBoth(t *testing.T, w *fixtures.Fixtures) {
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
		found, err := w.Resolve(t.Context(), fixtures.By(fixtures.Acme), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		linked := people.FirstIDs{First: want, Total: len(want)}
		fixtures.Expect(t, what, &people.Associations{Tags: linked, Companies: linked, OptedIn: linked, Notes: people.FirstIDs{First: found.Associations.Notes.First, Total: notes}}, found.Associations)
	}
	lead, user := w.Has(t, people.Lead), w.Has(t, people.User)
	hang(lead, 1, 2)
	hang(user, 2, 3)
	plan, err := w.PreviewMerge(t.Context(), w.Caller, fixtures.IntoUser(lead, user))
	if err != nil {
		t.Fatal(err)
	}
	for who, links := range map[string]*people.Associations{"lead": plan.Change.Subject.Associations, "user": plan.Change.Survivor.Associations} {
		if links.Tags.Total != 2 || links.Notes.Total != 2 || links.Companies.Total != 2 {
			t.Errorf("the preview says that on the %s hangs %+v", who, links)
		}
	}
	merged := w.Merge(t, w.Stored(t, lead.ID), user)
	has("what hangs on the user after the merge", user, 4, "1", "2", "3")
	fixtures.Expect(t, "what the answer shows", w.Resolved(t, user.ID).Associations, merged.Contact.Associations)
	verdicts := w.Journal(t, user.ID)[0].Outcomes
	fixtures.Expect(t, "the verdicts", []people.Outcome{
		{Field: "tags", Verdict: people.United},
		{Field: "companies", Verdict: people.United},
		{Field: "subscriptions", Verdict: people.United},
		{Field: "notes", Verdict: people.Kept},
	}, verdicts[len(verdicts)-4:])
	fixtures.Expect(t, "what the preview said", verdicts, plan.Change.Outcomes)

	hang(user, 4)
	w.Undo(t, merged.ChangeID)
	has("what hangs on the lead after the undo", lead, 2, "1", "2")
	has("what hangs on the user after the undo", user, 3, "2", "3", "4")
	w.Sound(t)

	bare := w.Has(t, people.User)
	first := w.Merge(t, w.Stored(t, lead.ID), bare)
	has("what hangs on a user on whom nothing hung", bare, 2, "1", "2")
	undo := w.Undo(t, first.ChangeID)
	if links := w.Resolved(t, bare.ID).Associations; links != nil {
		t.Errorf("on the user still hangs %+v", links)
	}
	hang(lead, 5)
	w.Undo(t, undo.ID)
	has("what hangs on the user when the merge is made again", bare, 3, "1", "2", "5")

	lead, bare = w.Has(t, people.Lead), w.Has(t, people.User)
	undo = w.Undo(t, w.Merge(t, lead, bare).ChangeID)
	hang(lead, 6)
	w.Undo(t, undo.ID)
	has("what hangs on the user when somebody comes back with more", bare, 1, "6")
	w.Sound(t)
}

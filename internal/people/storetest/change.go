package storetest

import (
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func changes(s suite) {
	s.test("a change comes back with both images and every verdict", wholeChange)
	s.test("a change may say as little as possible", barestChange)
	s.test("the journal of a person is newest first and has what it absorbed", journalOrder)
	s.test("a conversion is found by the visitor and nobody else", conversionOfVisitor)
	s.test("a life passes each stage once", stageOnce)
	s.test("two workspaces have two journals", journalsApart)
	s.test("the journal is found by every id of a life", journalByAnyID)
}

// conversion makes the entry by which visitor became contact, not yet stored.
func (w *world) conversion(visitor, contact *people.Person) *people.Change {
	c := &people.Change{
		Workspace: visitor.Workspace, ID: w.NewID(w.Now()), Kind: people.ChangeConverted, From: people.Visitor, To: people.Lead,
		SubjectID: visitor.ID, SurvivorID: contact.ID, CreatedAt: w.Now().Unix(), Subject: visitor, Result: contact,
	}
	if visitor.ID != contact.ID {
		c.Kind, c.Survivor = people.ChangeMerged, contact
	}
	return c
}

func (w *world) note(t *testing.T, all ...*people.Change) {
	t.Helper()
	w.write(t, func(tx people.Writer) error {
		for _, c := range all {
			if err := tx.InsertChange(c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) conversionOf(t *testing.T, ws workspace.ID, id string) *people.Change {
	t.Helper()
	return get(t, w, func(r people.Reader) (*people.Change, error) { return r.Conversion(ws, id, people.Visitor) })
}

func wholeChange(t *testing.T, w *world) {
	visitor, user := w.has(t, people.Visitor), w.has(t, people.User)
	c := w.conversion(visitor, user)
	c.To, c.Actor, c.RequestID = people.User, workspace.Actor{Kind: "browser", ID: "https://example.com"}, "request é"
	c.Subject, c.Survivor, c.Result = fill(t, visitor.Clone(), 1), fill(t, user.Clone(), 2), fill(t, user.Clone(), 3)
	c.Subject.State, c.Subject.MergedInto = people.Merged, user.ID
	for _, verdict := range []people.Verdict{people.Adopted, people.Discarded, people.Kept} {
		for _, f := range people.Fields {
			c.Outcomes = append(c.Outcomes, people.Outcome{Field: f.Name, Verdict: verdict})
		}
		for _, text := range texts {
			c.Outcomes = append(c.Outcomes, people.Outcome{Field: "custom_attributes." + text, Verdict: verdict})
		}
	}
	for _, text := range texts {
		c.Subject.CustomAttributes[text], c.Subject.Name = search.TextValue(text), c.Subject.Name+text
	}
	w.note(t, c)
	expect(t, "the journal", []*people.Change{c}, w.journal(t, user.ID))
}

func barestChange(t *testing.T, w *world) {
	p := w.has(t, people.Visitor)
	c := w.conversion(p, p)
	w.note(t, c)
	expect(t, "the journal", []*people.Change{c}, w.journal(t, p.ID))
	expect(t, "the conversion", c, w.conversionOf(t, acme, p.ID))
}

func journalOrder(t *testing.T, w *world) {
	user, other := w.has(t, people.User), w.has(t, people.User)
	var visitors []*people.Person
	var want []string
	for i := range 5 {
		w.clock.pass(time.Duration(i/2) * time.Second) // some in the same second
		visitor := w.absorbed(t, user)
		c := w.conversion(visitor, user)
		w.note(t, c)
		visitors, want = append(visitors, visitor), append([]string{c.ID}, want...)
	}
	w.note(t, w.conversion(w.absorbed(t, other), other))
	expect(t, "the user's journal", want, changeIDs(w.journal(t, user.ID)))
	expect(t, "the first visitor's journal", want[4:], changeIDs(w.journal(t, visitors[0].ID)))
}

func changeIDs(all []*people.Change) []string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = c.ID
	}
	return out
}

func conversionOfVisitor(t *testing.T, w *world) {
	p, user := w.has(t, people.Visitor), w.has(t, people.User)
	became := w.conversion(p, p)
	later := w.conversion(p, user)
	later.From = people.Lead
	w.note(t, became, later)
	expect(t, "the visitor's conversion", became, w.conversionOf(t, acme, p.ID))
	expect(t, "the user's conversion", (*people.Change)(nil), w.conversionOf(t, acme, user.ID))
	expect(t, "a stranger's conversion", (*people.Change)(nil), w.conversionOf(t, acme, "stranger"))
}

func stageOnce(t *testing.T, w *world) {
	p, user := w.has(t, people.Visitor), w.has(t, people.User)
	first, second := w.conversion(p, p), w.conversion(p, user)
	w.note(t, first)
	w.taken(t, "a second conversion", func(tx people.Writer) error { return tx.InsertChange(second) })
	expect(t, "the journal", []*people.Change{first}, w.journal(t, p.ID))
	expect(t, "the user's journal", []*people.Change(nil), w.journal(t, user.ID))
}

func journalsApart(t *testing.T, w *world) {
	ours := w.has(t, people.Visitor)
	theirs := ours.Clone()
	theirs.Workspace, theirs.Name = rival, "Mallory"
	w.insert(t, theirs)
	our, their := w.conversion(ours, ours), w.conversion(theirs, theirs)
	their.ID = our.ID
	w.note(t, our, their)
	expect(t, "our journal", []*people.Change{our}, w.journal(t, ours.ID))
	expect(t, "our conversion", our, w.conversionOf(t, acme, ours.ID))
	expect(t, "their conversion", their, w.conversionOf(t, rival, ours.ID))
}

func journalByAnyID(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.ExternalID = "ada" })
	visitor := w.absorbed(t, user)
	c := w.conversion(visitor, user)
	w.note(t, c)
	for _, id := range []string{user.ID, user.ExternalID, visitor.ID, visitor.AnonymousID} {
		all, _, err := w.Changes(t.Context(), by(acme), id, "", 10)
		if err != nil {
			t.Errorf("Changes of %s: %v", id, err)
		}
		expect(t, "the journal by "+id, []*people.Change{c}, all)
	}
	if _, _, err := w.Changes(t.Context(), by(rival), user.ID, "", 10); err != people.ErrPersonNotFound {
		t.Errorf("Changes in another workspace: %v, want that there is nobody", err)
	}
}

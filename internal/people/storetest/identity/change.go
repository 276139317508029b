package identity

import (
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func Changes(s fixtures.Suite) {
	s.Test("a change comes back with both images and every verdict", wholeChange)
	s.Test("a change may say as little as possible", barestChange)
	s.Test("the journal of a person is newest first and has what it absorbed", journalOrder)
	s.Test("a conversion is found by the visitor and nobody else", conversionOfVisitor)
	s.Test("a life passes each stage once", stageOnce)
	s.Test("two workspaces have two journals", journalsApart)
	s.Test("the journal is found by every id of a life", journalByAnyID)
}

func wholeChange(t *testing.T, w *fixtures.Fixtures) {
	visitor, user := w.Has(t, people.Visitor), w.Has(t, people.User)
	c := w.Conversion(visitor, user)
	c.To, c.Actor, c.RequestID = people.User, workspace.Actor{Kind: "browser", ID: "https://example.com"}, "request é"
	c.Subject, c.Survivor, c.Result = fixtures.Fill(t, visitor.Clone(), 1), fixtures.Fill(t, user.Clone(), 2), fixtures.Fill(t, user.Clone(), 3)
	c.Subject.State, c.Subject.MergedInto = people.Merged, user.ID
	for _, verdict := range []people.Verdict{people.Adopted, people.Discarded, people.Kept} {
		for _, f := range people.Fields {
			c.Outcomes = append(c.Outcomes, people.Outcome{Field: f.Name, Verdict: verdict})
		}
		for _, text := range fixtures.Texts {
			c.Outcomes = append(c.Outcomes, people.Outcome{Field: "custom_attributes." + text, Verdict: verdict})
		}
	}
	for _, text := range fixtures.Texts {
		c.Subject.CustomAttributes[text], c.Subject.Name = search.TextValue(text), c.Subject.Name+text
	}
	w.Note(t, c)
	fixtures.Expect(t, "the journal", []*people.Change{c}, w.Journal(t, user.ID))
}

func barestChange(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor)
	c := w.Conversion(p, p)
	w.Note(t, c)
	fixtures.Expect(t, "the journal", []*people.Change{c}, w.Journal(t, p.ID))
	fixtures.Expect(t, "the conversion", c, w.ConversionOf(t, fixtures.Acme, p.ID))
}

func journalOrder(t *testing.T, w *fixtures.Fixtures) {
	user, other := w.Has(t, people.User), w.Has(t, people.User)
	var visitors []*people.Person
	var want []string
	for i := range 5 {
		w.Clock.Pass(time.Duration(i/2) * time.Second) // some in the same second
		visitor := w.Absorbed(t, user)
		c := w.Conversion(visitor, user)
		w.Note(t, c)
		visitors, want = append(visitors, visitor), append([]string{c.ID}, want...)
	}
	w.Note(t, w.Conversion(w.Absorbed(t, other), other))
	fixtures.Expect(t, "the user's journal", want, changeIDs(w.Journal(t, user.ID)))
	fixtures.Expect(t, "the first visitor's journal", want[4:], changeIDs(w.Journal(t, visitors[0].ID)))
}

func changeIDs(all []*people.Change) []string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = c.ID
	}
	return out
}

func conversionOfVisitor(t *testing.T, w *fixtures.Fixtures) {
	p, user := w.Has(t, people.Visitor), w.Has(t, people.User)
	became := w.Conversion(p, p)
	later := w.Conversion(p, user)
	later.From = people.Lead
	w.Note(t, became, later)
	fixtures.Expect(t, "the visitor's conversion", became, w.ConversionOf(t, fixtures.Acme, p.ID))
	fixtures.Expect(t, "the user's conversion", (*people.Change)(nil), w.ConversionOf(t, fixtures.Acme, user.ID))
	fixtures.Expect(t, "a stranger's conversion", (*people.Change)(nil), w.ConversionOf(t, fixtures.Acme, "stranger"))
}

func stageOnce(t *testing.T, w *fixtures.Fixtures) {
	p, user := w.Has(t, people.Visitor), w.Has(t, people.User)
	first, second := w.Conversion(p, p), w.Conversion(p, user)
	w.Note(t, first)
	w.Taken(t, "a second conversion", func(tx people.Writer) error { return tx.InsertChange(second) })
	fixtures.Expect(t, "the journal", []*people.Change{first}, w.Journal(t, p.ID))
	fixtures.Expect(t, "the user's journal", []*people.Change(nil), w.Journal(t, user.ID))
}

func journalsApart(t *testing.T, w *fixtures.Fixtures) {
	ours := w.Has(t, people.Visitor)
	theirs := ours.Clone()
	theirs.Workspace, theirs.Name = fixtures.Rival, "Mallory"
	w.Insert(t, theirs)
	our, their := w.Conversion(ours, ours), w.Conversion(theirs, theirs)
	their.ID = our.ID
	w.Note(t, our, their)
	fixtures.Expect(t, "our journal", []*people.Change{our}, w.Journal(t, ours.ID))
	fixtures.Expect(t, "our conversion", our, w.ConversionOf(t, fixtures.Acme, ours.ID))
	fixtures.Expect(t, "their conversion", their, w.ConversionOf(t, fixtures.Rival, ours.ID))
}

func journalByAnyID(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID = "ada" })
	visitor := w.Absorbed(t, user)
	c := w.Conversion(visitor, user)
	w.Note(t, c)
	for _, id := range []string{user.ID, user.ExternalID, visitor.ID, visitor.AnonymousID} {
		all, _, err := w.Changes(t.Context(), fixtures.By(fixtures.Acme), id, "", 10)
		if err != nil {
			t.Errorf("Changes of %s: %v", id, err)
		}
		fixtures.Expect(t, "the journal by "+id, []*people.Change{c}, all)
	}
	if _, _, err := w.Changes(t.Context(), fixtures.By(fixtures.Rival), user.ID, "", 10); err != people.ErrPersonNotFound {
		t.Errorf("Changes in another workspace: %v, want that there is nobody", err)
	}
}

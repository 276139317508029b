package identity

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/provenance"
	"lobby/internal/search"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func Origins(s fixtures.Suite) {
	s.Test("who creates a person gave its values, and who changes one that value", originOfValues)
	s.Test("origins are stored as they are, and cleared", originsStored)
	s.Test("a conversion, a merge and what unsigned pages claim say who wrote what", originOfIdentity)
	s.Test("after a merge and its undo the origins are as they were", originsUndone)
}

// Callers of every kind, and one of whom nothing is known.
var callers = []workspace.Actor{
	{Kind: "token", ID: "0123456789abcdef01234567"},
	{Kind: "login", ID: "76543210fedcba9876543210"},
	{Kind: "browser"},
	{Kind: "import"},
	{Kind: "mail"},
	{},
}

// comesFrom compares who wrote fields of a person that is stored, and when, in seconds after the beginning.
func comesFrom(t *testing.T, w *fixtures.Fixtures, id string, want map[string]provenance.Source) {
	t.Helper()
	p := w.Stored(t, id)
	for field, source := range want {
		if source.Kind != "" {
			source.At += fixtures.Begin
		}
		if got := p.Origins.Of(field); got != source {
			t.Errorf("%s of %s came from %+v, want %+v (%s)", field, id, got, source, p.Origins)
		}
	}
}

func originOfValues(t *testing.T, w *fixtures.Fixtures) {
	w.Creates(t, "plan", people.StringAttribute)
	program, page := provenance.Source{Kind: "token"}, provenance.Source{Kind: "browser"}
	at := func(s provenance.Source, seconds int64) provenance.Source { s.At = seconds; return s }
	contact, err := w.CreateContact(t.Context(), w.Caller, people.ContactFields{Email: fixtures.Given("ada@example.com"), Name: fixtures.Given("Ada")})
	if err != nil {
		t.Fatal(err)
	}
	comesFrom(t, w, contact.ID, map[string]provenance.Source{"email": program, "name": program, "phone": program})
	w.Clock.Pass(time.Minute)
	attributes := search.Attributes{"plan": search.TextValue("pro")}
	if _, _, err := w.UpdateContact(t.Context(), w.Caller, contact.ID, people.ContactFields{Name: fixtures.Given("Ada"), CustomAttributes: attributes}); err != nil {
		t.Fatal(err)
	}
	comesFrom(t, w, contact.ID, map[string]provenance.Source{"email": program, "name": program, "custom_attributes.plan": at(program, 60)})

	w.Caller.Actor = workspace.Actor{Kind: "browser", ID: "https://example.com"}
	visitor := w.Visit(t, visit.Visit{Browser: "Firefox"}).Person
	w.Clock.Pass(time.Minute)
	w.Visit(t, visit.Visit{AnonymousID: visitor.AnonymousID, Name: fixtures.Given("Eve"), UTM: people.UTM{Source: "ad"}})
	comesFrom(t, w, visitor.ID, map[string]provenance.Source{"browser": at(page, 60), "name": at(page, 120), "campaign": at(page, 120), "location": at(page, 60)})
	w.Caller.Actor = workspace.Actor{Kind: "token"}
	if _, err := w.UpdateVisitor(t.Context(), w.Caller, people.VisitorRef{ID: visitor.ID}, people.VisitorUpdate{Name: fixtures.Given("Eva")}); err != nil {
		t.Fatal(err)
	}
	comesFrom(t, w, visitor.ID, map[string]provenance.Source{"browser": at(page, 60), "name": at(program, 120)})
	before := w.Stored(t, visitor.ID).Origins
	w.Clock.Pass(time.Minute)
	w.Visit(t, visit.Visit{AnonymousID: visitor.AnonymousID, Browser: "Firefox"})
	if after := w.Stored(t, visitor.ID).Origins; after != before {
		t.Errorf("a visit that says nothing new changed %q to %q", before, after)
	}
}

func originsStored(t *testing.T, w *fixtures.Fixtures) {
	old := w.Has(t, people.User)
	if got := w.Stored(t, old.ID).Origins; got != "" {
		t.Errorf("a person without origins is stored with %q", got)
	}
	one := old.Clone()
	one.Origins = "bs44we8=* as44we9:ABEiM0RVZneImaq7=.日本 %2C,n"
	w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(old, one) })
	if got := w.Stored(t, old.ID).Origins; got != one.Origins {
		t.Errorf("%q is stored as %q", one.Origins, got)
	}
	w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(one, old) })
	if got := w.Stored(t, old.ID).Origins; got != "" {
		t.Errorf("origins that were cleared are stored as %q", got)
	}
}

func originOfIdentity(t *testing.T, w *fixtures.Fixtures) {
	program, page := provenance.Source{Kind: "token", At: 60}, provenance.Source{Kind: "browser"}
	token := w.Caller.Actor
	w.Caller.Actor = workspace.Actor{Kind: "browser"}
	visitor := w.Visit(t, visit.Visit{Name: fixtures.Given("Ada"), Browser: "Firefox"}).Person
	other := w.Visit(t, visit.Visit{Name: fixtures.Given("Eve"), Browser: "Lynx"}).Person
	w.Caller.Actor = token
	w.Clock.Pass(time.Minute)
	user := w.Convert(t, fixtures.ToUser(visitor, people.UserRef{UserID: "u-1", Email: "ada@example.com"})).Contact
	comesFrom(t, w, user.ID, map[string]provenance.Source{"external_id": program, "email": program, "signed_up_at": program, "name": page, "browser": page})

	old := w.Has(t, people.User, func(p *people.Person) { p.Name, p.ExternalID, p.Email, p.Browser = "Old", "old", "", "" })
	w.Convert(t, fixtures.ToUser(other, people.UserRef{UserID: "old", Email: "old@example.com"}))
	comesFrom(t, w, old.ID, map[string]provenance.Source{"name": {}, "external_id": {}, "email": program, "browser": page})
	comesFrom(t, w, other.ID, map[string]provenance.Source{"name": page, "browser": page})
}

func originsUndone(t *testing.T, w *fixtures.Fixtures) {
	rapid.Check(t, func(draw *rapid.T) {
		by := func(what string) workspace.Actor { return rapid.SampledFrom(callers).Draw(draw, what) }
		made := func(role people.Role, who string) *people.Person {
			p := somebody(draw, w, role, who)
			if rapid.Bool().Draw(draw, who+" has origins") {
				p.Trace(nil, nil, by(who), w.Now().Unix())
			}
			for range rapid.IntRange(0, 2).Draw(draw, who+" changes") {
				before := p.Clone()
				p.Name, p.Location.City = rapid.SampledFrom([]string{"", "A", "é", "日本", ","}).Draw(draw, who+" name"), rapid.SampledFrom([]string{"", "Riga"}).Draw(draw, who+" city")
				p.Trace(before, before, by(who), w.Now().Unix()+1)
			}
			return p
		}
		lead, user := made(people.Lead, "lead"), made(people.User, "user")
		w.Insert(t, lead, user)
		w.Clock.Pass(time.Second)
		result := w.Merge(t, lead, user)
		merged := w.Stored(t, user.ID)
		for i := range people.Fields {
			f := &people.Fields[i]
			if f.Origin() != f.Name || f.IsBlank(merged) || f.Equal(merged, user) {
				continue
			}
			if got, want := merged.Origins.Of(f.Name), lead.Origins.Of(f.Name); got != want {
				t.Errorf("%s, which the merge took over, came from %+v, want %+v", f.Name, got, want)
			}
		}
		undo := w.Undo(t, result.ChangeID)
		expectOrigins(t, w, "after the undo", lead, user)
		w.Undo(t, undo.ID)
		expectOrigins(t, w, "after the undo of the undo", lead, merged)
		if t.Failed() {
			draw.FailNow()
		}
	})
	w.Sound(t)
}

func expectOrigins(t *testing.T, w *fixtures.Fixtures, when string, all ...*people.Person) {
	t.Helper()
	for _, p := range all {
		if got := w.Stored(t, p.ID).Origins; got != p.Origins {
			t.Errorf("%s the origins of %s %s are %q, want %q", when, p.Role, p.ID, got, p.Origins)
		}
	}
}

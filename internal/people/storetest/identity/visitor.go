package identity

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func Visitors(s fixtures.Suite) {
	s.Test("visitors are listed newest first and nobody else", listed)
	s.Test("a list is narrowed by each filter and by all together", filtered)
	s.Test("pages show every visitor once while visitors come and go", paged)
	s.Test("a visitor is found by what names it", foundVisitor)
	s.Test("an update changes what it says and the time", updatedVisitor)
	s.Test("the first update gives a pseudonym for life", pseudonym)
	s.Test("an update needs a live visitor that is named", notUpdated)
	s.Test("a created visitor gets what it lacks", createdVisitor)
	s.Test("a visitor is not created with an id that was ever used", spentUserID)
	s.Test("a visitor is not created with a placeholder for an id", junkUserID)
	s.Test("a deleted visitor is answered once and gone", deletedVisitor)
}

func listed(t *testing.T, w *fixtures.Fixtures) {
	var want []string
	for i := range 6 {
		w.Clock.Pass(time.Duration(i%2) * time.Second)
		p := w.Has(t, people.Visitor, func(p *people.Person) {
			p.LastSeenAt, p.UpdatedAt = fixtures.Begin-int64(i), fixtures.Begin+int64(7*i%5)
		})
		want = append(want, p.ID)
	}
	slices.Reverse(want)
	w.Has(t, people.Lead, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	w.Absorbed(t, w.Has(t, people.User))
	w.Has(t, people.Visitor, func(p *people.Person) { p.State = people.Archived })
	w.Has(t, people.Visitor, func(p *people.Person) { p.State = people.Blocked })
	w.Has(t, people.Visitor, func(p *people.Person) { p.Workspace = fixtures.Rival })
	fixtures.Expect(t, "the list", want, fixtures.List(t, w, people.VisitorFilter{}))
	for limit := range 8 {
		page, more, err := w.Lobby.Visitors(t.Context(), fixtures.By(fixtures.Acme), people.VisitorFilter{}, limit)
		if err != nil {
			t.Fatal(err)
		}
		fixtures.Expect(t, fmt.Sprintf("the first %d", limit), want[:min(limit, 6)], fixtures.IDs(page))
		if more != (limit < 6) {
			t.Errorf("after the first %d of 6 there are more: %v", limit, more)
		}
	}
}

func filtered(t *testing.T, w *fixtures.Fixtures) {
	var all []*people.Person
	for i := range int64(5) {
		w.Clock.Pass(10 * time.Second)
		all = append(all, w.Has(t, people.Visitor, func(p *people.Person) {
			p.Name, p.Email = fmt.Sprintf("Ada %d", i), fmt.Sprintf("Ada%d@example.com", i)
			p.LastSeenAt, p.UpdatedAt = fixtures.Begin+100+i, fixtures.Begin+200+i
		}))
	}
	w.Has(t, people.Visitor, func(p *people.Person) {
		p.ID, p.CreatedAt, p.UpdatedAt, p.LastSeenAt = fixtures.NewID(time.Unix(1, 0)), 1, 1, 0
	})
	old := fixtures.Begin + 1
	for what, c := range map[string]struct {
		filter people.VisitorFilter
		want   []int // indices into all
	}{
		"email":                 {people.VisitorFilter{Email: " ADA3@example.com"}, []int{3}},
		"unknown email":         {people.VisitorFilter{Email: "ada@example.com"}, nil},
		"name":                  {people.VisitorFilter{Name: "Ada 2"}, []int{2}},
		"part of a name":        {people.VisitorFilter{Name: "Ada"}, nil},
		"name in another case":  {people.VisitorFilter{Name: "ada 2"}, nil},
		"created after":         {people.VisitorFilter{CreatedAfter: all[3].CreatedAt}, []int{4, 3}},
		"created before":        {people.VisitorFilter{CreatedAfter: old, CreatedBefore: all[1].CreatedAt}, []int{1, 0}},
		"request after":         {people.VisitorFilter{LastRequestAfter: fixtures.Begin + 103}, []int{4, 3}},
		"request before":        {people.VisitorFilter{LastRequestAfter: old, LastRequestBefore: fixtures.Begin + 101}, []int{1, 0}},
		"updated after":         {people.VisitorFilter{UpdatedAfter: fixtures.Begin + 203}, []int{4, 3}},
		"updated before":        {people.VisitorFilter{UpdatedAfter: old, UpdatedBefore: fixtures.Begin + 201}, []int{1, 0}},
		"before":                {people.VisitorFilter{CreatedAfter: old, Before: all[2].ID}, []int{1, 0}},
		"at one second":         {people.VisitorFilter{CreatedAfter: all[2].CreatedAt, CreatedBefore: all[2].CreatedAt}, []int{2}},
		"an empty span of time": {people.VisitorFilter{CreatedAfter: all[3].CreatedAt, CreatedBefore: all[2].CreatedAt}, nil},
		"all together": {people.VisitorFilter{
			Email: "ada2@example.com", Name: "Ada 2", CreatedAfter: old, CreatedBefore: fixtures.Begin + 50, LastRequestAfter: old,
			LastRequestBefore: fixtures.Begin + 102, UpdatedAfter: old, UpdatedBefore: fixtures.Begin + 202, Before: all[3].ID,
		}, []int{2}},
	} {
		var want []string
		for _, i := range c.want {
			want = append(want, all[i].ID)
		}
		fixtures.Expect(t, "by "+what, want, fixtures.List(t, w, c.filter))
	}
}

func paged(t *testing.T, w *fixtures.Fixtures) {
	stays := map[string]int{}
	var goes []*people.Person
	for i := range 30 {
		w.Clock.Pass(time.Duration(i%3/2) * time.Second)
		if p := w.Has(t, people.Visitor); i%5 == 0 {
			goes = append(goes, p)
		} else {
			stays[p.ID] = 0
		}
	}
	for filter, more := (people.VisitorFilter{}), true; more; {
		page, next, err := w.Lobby.Visitors(t.Context(), fixtures.By(fixtures.Acme), filter, 4)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page {
			stays[p.ID]++
		}
		if more = next; more {
			filter.Before = page[len(page)-1].ID
		}
		for _, p := range page { // the one that the next page begins with may go meanwhile
			if slices.ContainsFunc(goes, func(q *people.Person) bool { return q.ID == p.ID }) {
				w.Write(t, func(tx people.Writer) error { return tx.DeletePerson(fixtures.Acme, p.ID, 0) })
			}
		}
		w.Clock.Pass(time.Second)
		w.Has(t, people.Visitor) // newer than where the list began
	}
	for id, n := range stays {
		if n != 1 {
			t.Errorf("%s is on %d pages, want 1", id, n)
		}
	}
}

func foundVisitor(t *testing.T, w *fixtures.Fixtures) {
	ada := w.Has(t, people.Visitor, func(p *people.Person) { p.Email = "Ada@example.com" })
	bob := w.Has(t, people.Visitor, func(p *people.Person) { p.Email = "shared@example.com" })
	w.Has(t, people.Visitor, func(p *people.Person) { p.Email = "shared@example.com" })
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.AnonymousID, p.Email = w.NewUUID(), "lead@example.com" })
	user := w.Has(t, people.User, func(p *people.Person) { p.Email = "ada@example.com" })
	spent := w.Absorbed(t, user)
	for what, c := range map[string]struct {
		ref  people.VisitorRef
		want *people.Person
	}{
		"id":                         {people.VisitorRef{ID: ada.ID}, ada},
		"user_id":                    {people.VisitorRef{UserID: ada.AnonymousID}, ada},
		"id before user_id":          {people.VisitorRef{ID: ada.ID, UserID: bob.AnonymousID}, ada},
		"user_id for an unknown id":  {people.VisitorRef{ID: "unknown", UserID: bob.AnonymousID}, bob},
		"a user_id in both":          {people.VisitorRef{ID: bob.AnonymousID, UserID: bob.AnonymousID}, bob},
		"an email of one visitor":    {people.VisitorRef{Email: "ADA@EXAMPLE.COM"}, ada},
		"an email of two":            {people.VisitorRef{Email: "shared@example.com"}, nil},
		"an email beside another id": {people.VisitorRef{UserID: "unknown", Email: "ada@example.com"}, nil},
		"an email of a lead":         {people.VisitorRef{Email: "lead@example.com"}, nil},
		"a lead's user_id":           {people.VisitorRef{UserID: lead.AnonymousID}, nil},
		"a contact's id":             {people.VisitorRef{ID: user.ID}, nil},
		"a spent id":                 {people.VisitorRef{ID: spent.ID}, nil},
		"a spent user_id":            {people.VisitorRef{UserID: spent.AnonymousID}, nil},
		"an unknown id":              {people.VisitorRef{ID: "unknown"}, nil},
	} {
		got, err := w.FindVisitor(t.Context(), fixtures.By(fixtures.Acme), c.ref)
		fixtures.Expect(t, "by "+what, c.want, got)
		if (c.want == nil) != errors.Is(err, people.ErrVisitorNotFound) || c.want != nil && err != nil {
			t.Errorf("by %s: %v", what, err)
		}
		if got, err := w.FindVisitor(t.Context(), fixtures.By(fixtures.Rival), c.ref); !errors.Is(err, people.ErrVisitorNotFound) {
			t.Errorf("in another workspace by %s: %v, %v", what, got, err)
		}
	}
	if _, err := w.FindVisitor(t.Context(), fixtures.By(fixtures.Acme), people.VisitorRef{}); !errors.Is(err, people.ErrVisitorNotNamed) {
		t.Errorf("by nothing: %v", err)
	}
}

func updatedVisitor(t *testing.T, w *fixtures.Fixtures) {
	text := func(s string) *string { return &s }
	p := w.Has(t, people.Visitor, func(p *people.Person) {
		p.Pseudonym, p.Name = "Red Fox", "Ada"
		p.CustomAttributes = search.Attributes{"plan": search.TextValue("pro"), "seats": search.IntValue(1)}
	})
	want := p.Clone()
	for what, c := range map[string]struct {
		update people.VisitorUpdate
		change func(*people.Person)
	}{
		"nothing": {people.VisitorUpdate{}, func(*people.Person) {}},
		"a name":  {people.VisitorUpdate{Name: text("Zoë")}, func(p *people.Person) { p.Name = "Zoë" }},
		"no name": {people.VisitorUpdate{Name: text("")}, func(p *people.Person) { p.Name = "" }},
		"one attribute": {
			people.VisitorUpdate{CustomAttributes: search.Attributes{"paid": search.BoolValue(true)}},
			func(p *people.Person) { p.CustomAttributes["paid"] = search.BoolValue(true) },
		},
		"one changed and one removed": {
			people.VisitorUpdate{CustomAttributes: search.Attributes{"seats": search.IntValue(2), "plan": search.NullValue()}},
			func(p *people.Person) {
				delete(p.CustomAttributes, "plan")
				p.CustomAttributes["seats"] = search.IntValue(2)
			},
		},
	} {
		w.Clock.Pass(time.Minute)
		c.change(want)
		want.UpdatedAt = w.Now().Unix()
		got, err := w.UpdateVisitor(t.Context(), w.Caller, people.VisitorRef{UserID: p.AnonymousID}, c.update)
		if err != nil {
			t.Fatal(err)
		}
		fixtures.Expect(t, "the answer to "+what, want, got)
		fixtures.Expect(t, "the visitor after "+what, want, w.Stored(t, p.ID))
	}
	fixtures.Expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.Outbox(t))
}

func pseudonym(t *testing.T, w *fixtures.Fixtures) {
	for city, want := range map[string]string{"": "Teal Whale", "Lund": "Teal Whale from Lund"} {
		p := w.Has(t, people.Visitor, func(p *people.Person) { p.Location.City = city })
		got, err := w.UpdateVisitor(t.Context(), w.Caller, people.VisitorRef{ID: p.ID}, people.VisitorUpdate{})
		if err != nil || got.Pseudonym != want {
			t.Errorf("the pseudonym is %q, %v, want %q", got.Pseudonym, err, want)
		}
		moved := got.Clone()
		moved.Location.City = "Oslo"
		w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(got, moved) })
		if got, err = w.UpdateVisitor(t.Context(), w.Caller, people.VisitorRef{ID: p.ID}, people.VisitorUpdate{}); err != nil || got.Pseudonym != want {
			t.Errorf("the pseudonym became %q, %v, want %q", got.Pseudonym, err, want)
		}
	}
}

func notUpdated(t *testing.T, w *fixtures.Fixtures) {
	spent := w.Absorbed(t, w.Has(t, people.User))
	live := w.Has(t, people.Visitor, func(p *people.Person) { p.Email = "ada@example.com" })
	name := "spoilt"
	for ref, want := range map[people.VisitorRef]error{
		{}:                          people.ErrVisitorNotNamed,
		{Email: live.Email}:         people.ErrVisitorNotNamed,
		{ID: spent.ID}:              people.ErrVisitorNotFound,
		{UserID: spent.AnonymousID}: people.ErrVisitorNotFound,
		{ID: spent.MergedInto}:      people.ErrVisitorNotFound,
		{UserID: "unknown"}:         people.ErrVisitorNotFound,
	} {
		_, err := w.UpdateVisitor(t.Context(), w.Caller, ref, people.VisitorUpdate{Name: &name})
		if !errors.Is(err, want) {
			t.Errorf("UpdateVisitor of %+v: %v, want %v", ref, err, want)
		}
	}
	fixtures.Expect(t, "the spent one", spent, w.Stored(t, spent.ID))
	fixtures.Expect(t, "the live one", live, w.Stored(t, live.ID))
}

func createdVisitor(t *testing.T, w *fixtures.Fixtures) {
	bare, err := w.CreateVisitor(t.Context(), w.Caller, &people.Person{})
	if err != nil {
		t.Fatal(err)
	}
	want := &people.Person{
		Workspace: fixtures.Acme, ID: bare.ID, Role: people.Visitor, AnonymousID: bare.AnonymousID, CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin,
	}
	fixtures.Expect(t, "the bare one", want, bare)
	fixtures.Expect(t, "the bare one as stored", want, w.Stored(t, bare.ID))
	if bare.ID == "" || bare.AnonymousID == "" {
		t.Errorf("an id is missing in %+v", bare)
	}
	given := &people.Person{
		AnonymousID: "my own", Email: "Ada@example.com", Name: "Ada", CreatedAt: fixtures.Begin - 500, UpdatedAt: fixtures.Begin - 400,
		LastSeenAt: fixtures.Begin - 300, CustomAttributes: search.Attributes{"plan": search.TextValue("pro")},
	}
	made, err := w.CreateVisitor(t.Context(), w.Caller, given)
	if err != nil {
		t.Fatal(err)
	}
	given.Workspace, given.ID, given.Role = fixtures.Acme, made.ID, people.Visitor
	fixtures.Expect(t, "the given one", given, made)
	fixtures.Expect(t, "the given one as stored", given, w.Stored(t, made.ID))
	fixtures.Expect(t, "the list, by age", []string{bare.ID, made.ID}, fixtures.List(t, w, people.VisitorFilter{}))
}

func spentUserID(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	visitor, absorbed := w.Has(t, people.Visitor), w.Absorbed(t, user)
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	for p, inTheWay := range map[*people.Person]*people.Person{visitor: visitor, absorbed: user, lead: lead} {
		_, err := w.CreateVisitor(t.Context(), w.Caller, &people.Person{AnonymousID: p.AnonymousID})
		conflict, ok := errors.AsType[*people.ConflictError](err)
		if !ok || conflict.ExistingID != inTheWay.ID || conflict.Visitor != (p == visitor) {
			t.Errorf("CreateVisitor: %v, want that %s is in the way", err, inTheWay.ID)
		}
		c := w.Caller
		c.Workspace = fixtures.Rival
		if _, err := w.CreateVisitor(t.Context(), c, &people.Person{AnonymousID: p.AnonymousID}); err != nil {
			t.Errorf("CreateVisitor in another workspace: %v", err)
		}
	}
}

func junkUserID(t *testing.T, w *fixtures.Fixtures) {
	for _, p := range []*people.Person{{AnonymousID: "null"}, {AnonymousID: " "}, {Email: "undefined"}, {Email: "ada"}} {
		_, err := w.CreateVisitor(t.Context(), w.Caller, p)
		if _, invalid := errors.AsType[*workspace.InvalidError](err); !invalid {
			t.Errorf("CreateVisitor of %+v: %v", p, err)
		}
	}
	fixtures.Expect(t, "the list", []string{}, fixtures.List(t, w, people.VisitorFilter{}))
}

func deletedVisitor(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor, func(p *people.Person) { p.Name = "Ada" })
	w.Did(t, fixtures.EventOf(p, "ordered", fixtures.Begin))
	c := w.Caller
	c.Workspace = fixtures.Rival
	if _, err := w.DeleteVisitor(t.Context(), c, people.VisitorRef{ID: p.ID}); !errors.Is(err, people.ErrVisitorNotFound) {
		t.Errorf("DeleteVisitor in another workspace: %v", err)
	}
	got, err := w.DeleteVisitor(t.Context(), w.Caller, people.VisitorRef{UserID: p.AnonymousID})
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the answer", p, got)
	fixtures.Expect(t, "the visitor", (*people.Person)(nil), w.Stored(t, p.ID))
	fixtures.Expect(t, "its events", []*people.Event(nil), w.StoredEvents(t, p.ID))
	lead := w.Has(t, people.Lead)
	for _, ref := range []people.VisitorRef{{}, {ID: p.ID}, {ID: lead.ID}} {
		if _, err := w.DeleteVisitor(t.Context(), w.Caller, ref); !errors.Is(err, people.ErrVisitorNotFound) {
			t.Errorf("DeleteVisitor of %+v: %v", ref, err)
		}
	}
}

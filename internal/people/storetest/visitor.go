package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func visitors(s suite) {
	s.test("visitors are listed newest first and nobody else", listed)
	s.test("a list is narrowed by each filter and by all together", filtered)
	s.test("pages show every visitor once while visitors come and go", paged)
	s.test("a visitor is found by what names it", foundVisitor)
	s.test("an update changes what it says and the time", updatedVisitor)
	s.test("the first update gives a pseudonym for life", pseudonym)
	s.test("an update needs a live visitor that is named", notUpdated)
	s.test("a created visitor gets what it lacks", createdVisitor)
	s.test("a visitor is not created with an id that was ever used", spentUserID)
	s.test("a visitor is not created with a placeholder for an id", junkUserID)
	s.test("a deleted visitor is answered once and gone", deletedVisitor)
}

func list(t *testing.T, w *world, filter people.VisitorFilter) []string {
	t.Helper()
	return ids(get(t, w, func(r people.Reader) ([]*people.Person, error) { return r.Visitors(acme, filter, 1000) }))
}

func listed(t *testing.T, w *world) {
	var want []string
	for i := range 6 {
		w.clock.pass(time.Duration(i%2) * time.Second)
		p := w.has(t, people.Visitor, func(p *people.Person) { p.LastSeenAt, p.UpdatedAt = begin-int64(i), begin+int64(7*i%5) })
		want = append(want, p.ID)
	}
	slices.Reverse(want)
	w.has(t, people.Lead, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	w.absorbed(t, w.has(t, people.User))
	w.has(t, people.Visitor, func(p *people.Person) { p.State = people.Archived })
	w.has(t, people.Visitor, func(p *people.Person) { p.State = people.Blocked })
	w.has(t, people.Visitor, func(p *people.Person) { p.Workspace = rival })
	expect(t, "the list", want, list(t, w, people.VisitorFilter{}))
	for limit := range 8 {
		page, more, err := w.Lobby.Visitors(t.Context(), by(acme), people.VisitorFilter{}, limit)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, fmt.Sprintf("the first %d", limit), want[:min(limit, 6)], ids(page))
		if more != (limit < 6) {
			t.Errorf("after the first %d of 6 there are more: %v", limit, more)
		}
	}
}

func filtered(t *testing.T, w *world) {
	var all []*people.Person
	for i := range int64(5) {
		w.clock.pass(10 * time.Second)
		all = append(all, w.has(t, people.Visitor, func(p *people.Person) {
			p.Name, p.Email = fmt.Sprintf("Ada %d", i), fmt.Sprintf("Ada%d@example.com", i)
			p.LastSeenAt, p.UpdatedAt = begin+100+i, begin+200+i
		}))
	}
	w.has(t, people.Visitor, func(p *people.Person) { p.ID, p.CreatedAt, p.UpdatedAt, p.LastSeenAt = newID(time.Unix(1, 0)), 1, 1, 0 })
	old := begin + 1
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
		"request after":         {people.VisitorFilter{LastRequestAfter: begin + 103}, []int{4, 3}},
		"request before":        {people.VisitorFilter{LastRequestAfter: old, LastRequestBefore: begin + 101}, []int{1, 0}},
		"updated after":         {people.VisitorFilter{UpdatedAfter: begin + 203}, []int{4, 3}},
		"updated before":        {people.VisitorFilter{UpdatedAfter: old, UpdatedBefore: begin + 201}, []int{1, 0}},
		"before":                {people.VisitorFilter{CreatedAfter: old, Before: all[2].ID}, []int{1, 0}},
		"at one second":         {people.VisitorFilter{CreatedAfter: all[2].CreatedAt, CreatedBefore: all[2].CreatedAt}, []int{2}},
		"an empty span of time": {people.VisitorFilter{CreatedAfter: all[3].CreatedAt, CreatedBefore: all[2].CreatedAt}, nil},
		"all together": {people.VisitorFilter{
			Email: "ada2@example.com", Name: "Ada 2", CreatedAfter: old, CreatedBefore: begin + 50, LastRequestAfter: old,
			LastRequestBefore: begin + 102, UpdatedAfter: old, UpdatedBefore: begin + 202, Before: all[3].ID,
		}, []int{2}},
	} {
		var want []string
		for _, i := range c.want {
			want = append(want, all[i].ID)
		}
		expect(t, "by "+what, want, list(t, w, c.filter))
	}
}

func paged(t *testing.T, w *world) {
	stays := map[string]int{}
	var goes []*people.Person
	for i := range 30 {
		w.clock.pass(time.Duration(i%3/2) * time.Second)
		if p := w.has(t, people.Visitor); i%5 == 0 {
			goes = append(goes, p)
		} else {
			stays[p.ID] = 0
		}
	}
	for filter, more := (people.VisitorFilter{}), true; more; {
		page, next, err := w.Lobby.Visitors(t.Context(), by(acme), filter, 4)
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
				w.write(t, func(tx people.Writer) error { return tx.DeletePerson(acme, p.ID) })
			}
		}
		w.clock.pass(time.Second)
		w.has(t, people.Visitor) // newer than where the list began
	}
	for id, n := range stays {
		if n != 1 {
			t.Errorf("%s is on %d pages, want 1", id, n)
		}
	}
}

func foundVisitor(t *testing.T, w *world) {
	ada := w.has(t, people.Visitor, func(p *people.Person) { p.Email = "Ada@example.com" })
	bob := w.has(t, people.Visitor, func(p *people.Person) { p.Email = "shared@example.com" })
	w.has(t, people.Visitor, func(p *people.Person) { p.Email = "shared@example.com" })
	lead := w.has(t, people.Lead, func(p *people.Person) { p.AnonymousID, p.Email = w.NewUUID(), "lead@example.com" })
	user := w.has(t, people.User, func(p *people.Person) { p.Email = "ada@example.com" })
	spent := w.absorbed(t, user)
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
		got, err := w.FindVisitor(t.Context(), by(acme), c.ref)
		expect(t, "by "+what, c.want, got)
		if (c.want == nil) != errors.Is(err, people.ErrVisitorNotFound) || c.want != nil && err != nil {
			t.Errorf("by %s: %v", what, err)
		}
		if got, err := w.FindVisitor(t.Context(), by(rival), c.ref); !errors.Is(err, people.ErrVisitorNotFound) {
			t.Errorf("in another workspace by %s: %v, %v", what, got, err)
		}
	}
	if _, err := w.FindVisitor(t.Context(), by(acme), people.VisitorRef{}); !errors.Is(err, people.ErrVisitorNotNamed) {
		t.Errorf("by nothing: %v", err)
	}
}

func updatedVisitor(t *testing.T, w *world) {
	text := func(s string) *string { return &s }
	p := w.has(t, people.Visitor, func(p *people.Person) {
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
		w.clock.pass(time.Minute)
		c.change(want)
		want.UpdatedAt = w.Now().Unix()
		got, err := w.UpdateVisitor(t.Context(), w.caller, people.VisitorRef{UserID: p.AnonymousID}, c.update)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "the answer to "+what, want, got)
		expect(t, "the visitor after "+what, want, w.stored(t, p.ID))
	}
	expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.outbox(t))
}

func pseudonym(t *testing.T, w *world) {
	for city, want := range map[string]string{"": "Teal Whale", "Lund": "Teal Whale from Lund"} {
		p := w.has(t, people.Visitor, func(p *people.Person) { p.Location.City = city })
		got, err := w.UpdateVisitor(t.Context(), w.caller, people.VisitorRef{ID: p.ID}, people.VisitorUpdate{})
		if err != nil || got.Pseudonym != want {
			t.Errorf("the pseudonym is %q, %v, want %q", got.Pseudonym, err, want)
		}
		moved := got.Clone()
		moved.Location.City = "Oslo"
		w.write(t, func(tx people.Writer) error { return tx.UpdatePerson(got, moved) })
		if got, err = w.UpdateVisitor(t.Context(), w.caller, people.VisitorRef{ID: p.ID}, people.VisitorUpdate{}); err != nil || got.Pseudonym != want {
			t.Errorf("the pseudonym became %q, %v, want %q", got.Pseudonym, err, want)
		}
	}
}

func notUpdated(t *testing.T, w *world) {
	spent := w.absorbed(t, w.has(t, people.User))
	live := w.has(t, people.Visitor, func(p *people.Person) { p.Email = "ada@example.com" })
	name := "spoilt"
	for ref, want := range map[people.VisitorRef]error{
		{}:                          people.ErrVisitorNotNamed,
		{Email: live.Email}:         people.ErrVisitorNotNamed,
		{ID: spent.ID}:              people.ErrVisitorNotFound,
		{UserID: spent.AnonymousID}: people.ErrVisitorNotFound,
		{ID: spent.MergedInto}:      people.ErrVisitorNotFound,
		{UserID: "unknown"}:         people.ErrVisitorNotFound,
	} {
		_, err := w.UpdateVisitor(t.Context(), w.caller, ref, people.VisitorUpdate{Name: &name})
		if !errors.Is(err, want) {
			t.Errorf("UpdateVisitor of %+v: %v, want %v", ref, err, want)
		}
	}
	expect(t, "the spent one", spent, w.stored(t, spent.ID))
	expect(t, "the live one", live, w.stored(t, live.ID))
}

func createdVisitor(t *testing.T, w *world) {
	bare, err := w.CreateVisitor(t.Context(), w.caller, &people.Person{})
	if err != nil {
		t.Fatal(err)
	}
	want := &people.Person{
		Workspace: acme, ID: bare.ID, Role: people.Visitor, AnonymousID: bare.AnonymousID, CreatedAt: begin, UpdatedAt: begin,
	}
	expect(t, "the bare one", want, bare)
	expect(t, "the bare one as stored", want, w.stored(t, bare.ID))
	if bare.ID == "" || bare.AnonymousID == "" {
		t.Errorf("an id is missing in %+v", bare)
	}
	given := &people.Person{
		AnonymousID: "my own", Email: "Ada@example.com", Name: "Ada", CreatedAt: begin - 500, UpdatedAt: begin - 400,
		LastSeenAt: begin - 300, CustomAttributes: search.Attributes{"plan": search.TextValue("pro")},
	}
	made, err := w.CreateVisitor(t.Context(), w.caller, given)
	if err != nil {
		t.Fatal(err)
	}
	given.Workspace, given.ID, given.Role = acme, made.ID, people.Visitor
	expect(t, "the given one", given, made)
	expect(t, "the given one as stored", given, w.stored(t, made.ID))
	expect(t, "the list, by age", []string{bare.ID, made.ID}, list(t, w, people.VisitorFilter{}))
}

func spentUserID(t *testing.T, w *world) {
	user := w.has(t, people.User)
	visitor, absorbed := w.has(t, people.Visitor), w.absorbed(t, user)
	lead := w.has(t, people.Lead, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	for p, inTheWay := range map[*people.Person]*people.Person{visitor: visitor, absorbed: user, lead: lead} {
		_, err := w.CreateVisitor(t.Context(), w.caller, &people.Person{AnonymousID: p.AnonymousID})
		conflict, ok := errors.AsType[*people.ConflictError](err)
		if !ok || conflict.ExistingID != inTheWay.ID || conflict.Visitor != (p == visitor) {
			t.Errorf("CreateVisitor: %v, want that %s is in the way", err, inTheWay.ID)
		}
		c := w.caller
		c.Workspace = rival
		if _, err := w.CreateVisitor(t.Context(), c, &people.Person{AnonymousID: p.AnonymousID}); err != nil {
			t.Errorf("CreateVisitor in another workspace: %v", err)
		}
	}
}

func junkUserID(t *testing.T, w *world) {
	for _, p := range []*people.Person{{AnonymousID: "null"}, {AnonymousID: " "}, {Email: "undefined"}, {Email: "ada"}} {
		_, err := w.CreateVisitor(t.Context(), w.caller, p)
		if _, invalid := errors.AsType[*workspace.InvalidError](err); !invalid {
			t.Errorf("CreateVisitor of %+v: %v", p, err)
		}
	}
	expect(t, "the list", []string{}, list(t, w, people.VisitorFilter{}))
}

func deletedVisitor(t *testing.T, w *world) {
	p := w.has(t, people.Visitor, func(p *people.Person) { p.Name = "Ada" })
	w.did(t, eventOf(p, "ordered", begin))
	c := w.caller
	c.Workspace = rival
	if _, err := w.DeleteVisitor(t.Context(), c, people.VisitorRef{ID: p.ID}); !errors.Is(err, people.ErrVisitorNotFound) {
		t.Errorf("DeleteVisitor in another workspace: %v", err)
	}
	got, err := w.DeleteVisitor(t.Context(), w.caller, people.VisitorRef{UserID: p.AnonymousID})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "the answer", p, got)
	expect(t, "the visitor", (*people.Person)(nil), w.stored(t, p.ID))
	expect(t, "its events", []*people.Event(nil), w.eventsOf(t, p.ID))
	lead := w.has(t, people.Lead)
	for _, ref := range []people.VisitorRef{{}, {ID: p.ID}, {ID: lead.ID}} {
		if _, err := w.DeleteVisitor(t.Context(), w.caller, ref); !errors.Is(err, people.ErrVisitorNotFound) {
			t.Errorf("DeleteVisitor of %+v: %v", ref, err)
		}
	}
}

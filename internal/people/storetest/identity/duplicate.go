package identity

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"lobby/internal/duplicate"
	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func Duplicates(s fixtures.Suite) {
	s.Test("who shares an address, a number, an id or a forwarding address is in one cluster", clustered)
	s.Test("clusters come page by page, the largest first", clusterPages)
	s.Test("what too many have joins nobody", sharedByMany)
	s.Test("whatever becomes of addresses and numbers, all who share one are listed", movingValues)
	s.Test("who comes at once with others of the same address is listed with them", sharersAtOnce)
	s.Test("users become one, and what they were again", usersMerged)
	s.Test("the identifiers of an absorbed user lead to the survivor and are not free", absorbedIdentifiers)
	s.Test("leads become one, and a visitor with them", leadsMerged)
	s.Test("who was absorbed before is counted once in its companies", absorbedInCompanies)
	s.Test("nobody goes into somebody who is less trusted", rankRefusals)
	s.Test("a preview of several says what the merge right after it does", severalPreviewed)
	s.Test("of crossed merges and repeated ones at once one is made", duplicatesAtOnce)
	s.Test("different people are not suggested, nor merged, until that is taken back", distinguished)
	s.Test("what was told of different people follows merges, undos and erasures", distinctionsFollow)
}

func duplicates(w *fixtures.Fixtures) duplicate.Duplicates {
	return duplicate.Duplicates{Lobby: w.Lobby}
}

// clustersOf returns the ids in each cluster of acme, as they are listed.
func clustersOf(t *testing.T, w *fixtures.Fixtures) (all [][]string) {
	t.Helper()
	page, err := duplicates(w).Clusters(t.Context(), w.Caller, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	if page.Total != len(page.Clusters) || page.Next != "" {
		t.Errorf("the total is %d of %d, next %q", page.Total, len(page.Clusters), page.Next)
	}
	for _, c := range page.Clusters {
		ids := fixtures.IDs(c.People)
		slices.Sort(ids)
		all = append(all, ids)
		for _, p := range c.People {
			again, err := duplicates(w).Cluster(t.Context(), w.Caller, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			fixtures.Expect(t, "the cluster of "+p.ID, c.Reasons, again.Reasons)
			fixtures.Expect(t, "the people around "+p.ID, fixtures.IDs(c.People), fixtures.IDs(again.People))
			fixtures.Expect(t, "the distinctions around "+p.ID, len(c.Distinctions), len(again.Distinctions))
		}
	}
	return all
}

// A lead that absorbed somebody of a company goes into a user, who is of the same company or of none: the company has one
// user then, and after the undo the two that it had.
func absorbedInCompanies(t *testing.T, w *fixtures.Fixtures) {
	for _, isMember := range []bool{true, false} {
		company := w.HasCompany(t, fmt.Sprint("company-", isMember))
		mail := fmt.Sprint(isMember, "@example.com")
		has := func(role people.Role) *people.Person {
			return w.Has(t, role, func(p *people.Person) { p.Email = mail })
		}
		member, lead, user := has(people.Lead), has(people.Lead), has(people.User)
		attached := []*people.Person{member}
		if isMember {
			attached = append(attached, user)
		}
		for _, p := range attached {
			if _, err := w.AttachCompany(t.Context(), w.Caller, fixtures.Holder(p), company.ID); err != nil {
				t.Fatal(err)
			}
		}
		expect := func(when string, want int) {
			t.Helper()
			c, err := w.FindCompany(t.Context(), w.Caller, company.ID)
			if err != nil || c.UserCount != int64(want) {
				t.Errorf("%s the company has %d users, want %d, %v", when, c.UserCount, want, err)
			}
		}
		mergeAll(t, w, lead, member)
		expect("after the first merge", len(attached))
		second := mergeAll(t, w, user, lead)
		expect("after the second merge", 1)
		undoAll(t, w, second)
		expect("after the undo", len(attached))
	}
}

// mergeAll merges people into one, which must succeed.
func mergeAll(t *testing.T, w *fixtures.Fixtures, into *people.Person, from ...*people.Person) *duplicate.Result {
	t.Helper()
	result, err := duplicates(w).Merge(t.Context(), w.Caller, duplicate.Order{IntoID: into.ID, FromIDs: fixtures.IDs(from)})
	if err != nil {
		t.Fatalf("Merge: %v", err)
	}
	return result
}

// undoAll undoes a merge, the last entry first.
func undoAll(t *testing.T, w *fixtures.Fixtures, result *duplicate.Result) {
	t.Helper()
	for _, entry := range slices.Backward(result.Changes) {
		w.Undo(t, entry.ID)
	}
}

func withEmail(email string) func(*people.Person) {
	return func(p *people.Person) { p.Email = email }
}

func withPhone(phone string) func(*people.Person) {
	return func(p *people.Person) { p.Phone = phone }
}

func known(externalID, email string) func(*people.Person) {
	return func(p *people.Person) { p.ExternalID, p.Email = externalID, email }
}

func clustered(t *testing.T, w *fixtures.Fixtures) {
	ada := w.Has(t, people.User, known("ada", "Ada@Example.com"))
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.Email, p.Phone = " ada@EXAMPLE.com", "+1 (202) 555-0123" })
	caller := w.Has(t, people.Lead, withPhone("+12025550123"))
	visitor := w.Has(t, people.Visitor, withEmail("ada@example.com"))
	archived := w.Has(t, people.Lead, withEmail("ada@example.com"))
	if _, err := w.ArchiveContact(t.Context(), w.Caller, archived.ID); err != nil {
		t.Fatal(err)
	}
	product := w.Has(t, people.User, func(p *people.Person) { p.ExternalID = visitor.AnonymousID })
	other := w.Has(t, people.User, withEmail("bob@example.com"))
	gone := w.Has(t, people.Lead, withEmail("carl@example.com"))
	w.Merge(t, gone, other)
	carl := w.Has(t, people.Lead, withEmail("carl@example.com"))
	w.Has(t, people.Lead) // shares nothing
	w.Has(t, people.User, func(p *people.Person) { p.Workspace, p.Email = fixtures.Rival, "ada@example.com" })

	fixtures.Expect(t, "the clusters", [][]string{{ada.ID, lead.ID, caller.ID}, {visitor.ID, product.ID}, {other.ID, carl.ID}}, clustersOf(t, w))
	page, err := duplicates(w).Clusters(t.Context(), w.Caller, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	first := page.Clusters[0]
	fixtures.Expect(t, "the reasons", []duplicate.Reason{
		{Field: "email", Value: "ada@example.com", IDs: []string{ada.ID, lead.ID}},
		{Field: "phone", Value: "+12025550123", IDs: []string{lead.ID, caller.ID}},
	}, first.Reasons)
	if first.ID != ada.ID || first.Size != 3 || first.People[0].ID != ada.ID || first.ActiveAt != fixtures.Begin || page.Total != 3 {
		t.Errorf("the first cluster is %+v, of %d", first, page.Total)
	}
	for _, id := range []string{gone.ID, "carl"} {
		c, err := duplicates(w).Cluster(t.Context(), w.Caller, id)
		if id == gone.ID && (err != nil || c.ID != other.ID) || id != gone.ID && !errors.Is(err, people.ErrPersonNotFound) {
			t.Errorf("the cluster of %s is %+v: %v", id, c, err)
		}
	}
	if _, err := duplicates(w).Cluster(t.Context(), w.Caller, archived.ID); !errors.Is(err, duplicate.ErrNone) {
		t.Errorf("an archived lead is in a cluster: %v", err)
	}
}

func clusterPages(t *testing.T, w *fixtures.Fixtures) {
	var want []string
	for n := range 7 {
		for range 2 + n%3 {
			w.Has(t, people.Lead, withEmail(fmt.Sprintf("l%d@example.com", n)))
		}
	}
	whole, err := duplicates(w).Clusters(t.Context(), w.Caller, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	last := duplicate.Cluster{Size: 1000}
	for _, c := range whole.Clusters {
		if c.Size > last.Size || c.Size == last.Size && c.ID <= last.ID {
			t.Errorf("%s with %d comes after %s with %d", c.ID, c.Size, last.ID, last.Size)
		}
		want, last = append(want, c.ID), *c
	}
	var got []string
	for after := ""; ; {
		page, err := duplicates(w).Clusters(t.Context(), w.Caller, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Clusters {
			got = append(got, c.ID)
			if len(got)%2 == 1 { // a cluster that was shown changes meanwhile, and others stay where they are
				mergeAll(t, w, c.People[0], c.People[1:]...)
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	fixtures.Expect(t, "all pages", want, got)
	for _, bad := range []string{"x", "3", "1-" + want[0], "3-x", "-3-" + want[0], "3-" + want[0] + "0"} {
		if _, err := duplicates(w).Clusters(t.Context(), w.Caller, bad, 2); !isInvalid(err, "starting_after") {
			t.Errorf("the place %q is taken: %v", bad, err)
		}
	}
}

func isInvalid(err error, field string) bool {
	invalid, is := errors.AsType[*workspace.InvalidError](err)
	return is && invalid.Field == field
}

func sharedByMany(t *testing.T, w *fixtures.Fixtures) {
	var all []*people.Person
	for range duplicate.MaxRecords {
		all = append(all, w.Person(people.Lead, withEmail("info@example.com")))
	}
	w.Insert(t, all...)
	page, err := duplicates(w).Clusters(t.Context(), w.Caller, "", 1)
	if err != nil || page.Total != 1 || page.Clusters[0].Size != len(all) || len(page.Clusters[0].People) != duplicate.MaxShown {
		t.Fatalf("%d leads are %+v, %v", len(all), page, err)
	}
	w.Has(t, people.Lead, withEmail("info@example.com"))
	if page, err = duplicates(w).Clusters(t.Context(), w.Caller, "", 1); err != nil || page.Total != 0 {
		t.Errorf("an address of more is in %+v, %v", page, err)
	}
}

// The list finds values by marks that writers leave, and the cluster of one person without them.
func movingValues(t *testing.T, w *fixtures.Fixtures) {
	random := rand.New(rand.NewPCG(1, 2))
	valued := func(p *people.Person) {
		p.Email, p.Phone = fmt.Sprintf("%c@example.com", 'a'+random.IntN(9)), fmt.Sprintf("+120255501%02d", random.IntN(9))
	}
	all, merges := []*people.Person{}, []*duplicate.Result{}
	for step := range 50 {
		some := func() *people.Person { return w.Stored(t, all[random.IntN(len(all))].ID) }
		switch what := random.IntN(12); {
		case len(all) < 4 || what == 0:
			all = append(all, w.Has(t, []people.Role{people.Visitor, people.Lead, people.Lead}[random.IntN(3)], valued))
		case what == 1:
			if p := some(); p.Role != people.Visitor && p.State == people.Active {
				if _, err := w.ArchiveContact(t.Context(), w.Caller, p.ID); err != nil {
					t.Fatal(err)
				}
			}
		case what == 2:
			if p := some(); p.Role == people.Visitor && p.State == people.Active {
				w.Convert(t, fixtures.ToLead(p))
			}
		case what == 3:
			into, from := some(), some()
			if into.ID != from.ID && into.State == people.Active && from.State == people.Active && into.Role == people.Lead {
				merges = append(merges, mergeAll(t, w, into, from))
			}
		case what == 4 && len(merges) > 0:
			for _, entry := range slices.Backward(merges[len(merges)-1].Changes) {
				_, _, err := w.UndoChange(t.Context(), w.Caller, entry.ID)
				if _, isRefused := errors.AsType[*people.UndoError](err); err != nil && !isRefused {
					t.Fatal(err)
				}
			}
			merges = merges[:len(merges)-1]
		case what > 6:
			if p := some(); p.State == people.Active {
				after := p.Clone()
				valued(after)
				w.Update(t, p, after)
			}
		}
		listed := slices.Concat(clustersOf(t, w)...)
		for _, p := range all {
			_, err := duplicates(w).Cluster(t.Context(), w.Caller, p.ID)
			if err != nil && !errors.Is(err, duplicate.ErrNone) {
				t.Fatal(err)
			}
			if today := w.Resolved(t, p.ID); slices.Contains(listed, today.ID) != (err == nil) {
				t.Fatalf("step %d: %s is listed: %v, and has a cluster: %v", step, today.ID, slices.Contains(listed, today.ID), err)
			}
		}
	}
	w.Sound(t)
}

func sharersAtOnce(t *testing.T, w *fixtures.Fixtures) {
	const crowd = 12
	fixtures.Crowded(crowd, func(i int) {
		role, mail, phone := people.Lead, "ada@example.com", "+12025550123"
		fields := people.ContactFields{Role: &role, Email: &mail}
		if i%2 == 0 {
			fields.Phone = &phone
		}
		if _, err := w.CreateContact(t.Context(), w.Caller, fields); err != nil {
			t.Error(err)
		}
	})
	if all := clustersOf(t, w); len(all) != 1 || len(all[0]) != crowd {
		t.Errorf("of %d at once these are listed: %v", crowd, all)
	}
	w.Sound(t)
}

func usersMerged(t *testing.T, w *fixtures.Fixtures) {
	full := func(n int64) func(*people.Person) {
		return func(p *people.Person) {
			fixtures.Fill(t, p, n)
			p.AnonymousID, p.Email, p.ExternalID, p.Unverified = "", "ada@example.com", fmt.Sprint("ada-", n), false
		}
	}
	survivor := w.Has(t, people.User, known("ada", "ada@example.com"))
	others := []*people.Person{w.Has(t, people.User, full(1)), w.Has(t, people.User, full(2)), w.Has(t, people.Lead, withEmail("ada@example.com"))}
	absorbedBefore := w.Has(t, people.Lead)
	w.Merge(t, absorbedBefore, others[0])
	var before []*people.Person
	for _, p := range append(others, survivor, absorbedBefore) {
		before = append(before, w.Stored(t, p.ID))
	}
	w.Clock.Pass(time.Minute)
	result := mergeAll(t, w, survivor, others...)
	if result.Decision != people.DecidedMerged || len(result.Changes) != 3 || result.Contact.ExternalID != "ada" || result.Contact.Name == "" {
		t.Errorf("the merge is %+v of %+v", result, result.Contact)
	}
	fixtures.Expect(t, "the survivor", result.Contact, w.Stored(t, survivor.ID))
	for _, p := range append(others, absorbedBefore) {
		if got := w.Resolved(t, p.ID); got.ID != survivor.ID {
			t.Errorf("%s leads to %s", p.ID, got.ID)
		}
	}
	topics := map[workspace.Topic]int{}
	for _, e := range w.Outbox(t) {
		topics[e.Topic]++
	}
	fixtures.Expect(t, "what is told", map[workspace.Topic]int{people.ContactMerged: 4}, topics)
	w.Sound(t)

	again := mergeAll(t, w, survivor, others...)
	if again.Decision != people.DecidedRepeated || len(again.Changes) != 3 || len(w.Outbox(t)) != 4 {
		t.Errorf("the same again is %+v", again)
	}
	_, _, err := w.UndoChange(t.Context(), w.Caller, result.Changes[0].ID)
	if refused, is := errors.AsType[*people.UndoError](err); !is || refused.Reason != people.LaterChange {
		t.Errorf("the first of several is undone first: %v", err)
	}
	for range 2 {
		w.Clock.Pass(time.Minute)
		undoAll(t, w, result)
		for _, p := range before {
			if p.State != people.Merged {
				p.UpdatedAt = w.Now().Unix()
			}
			p.Attached = w.Stored(t, p.ID).Attached // is looked at rather too often
			fixtures.Expect(t, "after the undo", p, w.Stored(t, p.ID))
		}
		w.Sound(t)
		w.Clock.Pass(time.Minute)
		result = mergeAll(t, w, survivor, others...)
		w.Sound(t)
	}
}

func absorbedIdentifiers(t *testing.T, w *fixtures.Fixtures) {
	survivor, absorbed := w.Has(t, people.User, known("ada", "ada@example.com")), w.Has(t, people.User, withEmail("old@example.com"))
	third := w.Has(t, people.User, known("old", "third@example.com"))
	result := mergeAll(t, w, survivor, absorbed, third)

	user, isTaken := people.User, map[string]bool{}
	create := func(externalID, email string) error {
		fields := people.ContactFields{Role: &user, Email: &email}
		if externalID != "" {
			fields.ExternalID = &externalID
		}
		_, err := w.CreateContact(t.Context(), w.Caller, fields)
		return err
	}
	for _, try := range []struct{ externalID, email string }{{"old", "new@example.com"}, {"", "OLD@example.com"}, {"", "third@example.com"}} {
		conflict, is := errors.AsType[*people.ConflictError](create(try.externalID, try.email))
		isTaken[try.externalID+try.email] = is
		if !is || conflict.ExistingID != survivor.ID {
			t.Errorf("%+v is taken: %v", try, conflict)
		}
	}
	for _, ref := range []people.UserRef{{UserID: "old"}, {Email: "Old@example.com"}, {Email: "third@example.com"}, {ID: third.ID}} {
		visitor := w.Has(t, people.Visitor)
		if got := w.Convert(t, fixtures.ToUser(visitor, ref)); got.Contact.ID != survivor.ID || got.Contact.ExternalID != "ada" || got.Contact.Email != "ada@example.com" {
			t.Errorf("%+v means %+v", ref, got.Contact)
		} else {
			w.Undo(t, got.ChangeID)
		}
	}
	if got := w.Resolved(t, "old"); got.ID != survivor.ID {
		t.Errorf("the external id leads to %s", got.ID)
	}
	if err := create("shares", "old@example.com"); err != nil {
		t.Errorf("a user with an id of its own may not have the address: %v", err)
	}
	w.Sound(t)
	undoAll(t, w, result)
	for _, p := range []*people.Person{survivor, absorbed, third} {
		fixtures.Expect(t, "after the undo", p, w.Stored(t, p.ID))
	}
	if got := w.Convert(t, fixtures.ToUser(w.Has(t, people.Visitor), people.UserRef{UserID: "old"})); got.Contact.ID != third.ID {
		t.Errorf("after the undo the id means %s", got.Contact.ID)
	}
	w.Sound(t)
}

func leadsMerged(t *testing.T, w *fixtures.Fixtures) {
	lead := w.Has(t, people.Lead, withPhone("+12025550123"))
	visitor := w.Has(t, people.Visitor)
	other := w.Has(t, people.Lead, func(p *people.Person) {
		p.Email, p.Phone, p.ExternalID = "ada@example.com", "+12025550123", visitor.AnonymousID
	})
	fixtures.Expect(t, "the clusters", [][]string{{lead.ID, visitor.ID, other.ID}}, clustersOf(t, w))
	w.Clock.Pass(time.Minute)
	result := mergeAll(t, w, lead, visitor, other)
	if got := result.Contact; got.Role != people.Lead || got.Email != "ada@example.com" || got.ExternalID != lead.ExternalID {
		t.Errorf("the lead is %+v", got)
	}
	w.Sound(t)
	user := w.Has(t, people.User)
	w.Merge(t, w.Stored(t, lead.ID), user)
	for _, p := range []*people.Person{lead, visitor, other} {
		if got := w.Resolved(t, p.ID); got.ID != user.ID {
			t.Errorf("%s leads to %s", p.ID, got.ID)
		}
	}
	fixtures.Expect(t, "the clusters afterwards", [][]string(nil), clustersOf(t, w))
	w.Undo(t, w.Journal(t, user.ID)[0].ID)
	undoAll(t, w, result)
	for _, p := range []*people.Person{lead, visitor, other} {
		p.UpdatedAt = w.Now().Unix()
		fixtures.Expect(t, "after the undos", p, w.Stored(t, p.ID))
	}
	w.Sound(t)
}

func rankRefusals(t *testing.T, w *fixtures.Fixtures) {
	visitor, lead := w.Has(t, people.Visitor), w.Has(t, people.Lead)
	claimed := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Unverified = "claimed", true })
	user := w.Has(t, people.User, withEmail("ada@example.com"))
	known := w.Has(t, people.User, known("ada", "ada@example.com"))
	order := []*people.Person{visitor, lead, claimed, user, known}
	for i, into := range order {
		for j, from := range order {
			_, err := duplicates(w).Preview(t.Context(), w.Caller, duplicate.Order{IntoID: into.ID, FromIDs: []string{from.ID}})
			_, refused := errors.AsType[*duplicate.RankError](err)
			switch {
			case i == j && !isInvalid(err, "from"):
				t.Errorf("%s into itself: %v", from.ID, err)
			case i != j && refused != (j > i):
				t.Errorf("rank %d into rank %d: %v", j, i, err)
			}
		}
	}
	hidden := w.Has(t, people.Lead)
	if _, err := w.BlockContact(t.Context(), w.Caller, hidden.ID); err != nil {
		t.Fatal(err)
	}
	foreign := w.Has(t, people.Lead, func(p *people.Person) { p.Workspace = fixtures.Rival })
	for _, c := range []struct {
		into string
		from []string
		want func(error) bool
	}{
		{"", []string{lead.ID}, func(err error) bool { return isInvalid(err, "into") }},
		{lead.ID, nil, func(err error) bool { return isInvalid(err, "from") }},
		{lead.ID, slices.Repeat([]string{user.ID}, duplicate.MaxMerged+1), func(err error) bool { return isInvalid(err, "from") }},
		{user.ID, []string{hidden.ID}, func(err error) bool { return errors.Is(err, duplicate.ErrHidden) }},
		{hidden.ID, []string{lead.ID}, func(err error) bool { return errors.Is(err, duplicate.ErrHidden) }},
		{user.ID, []string{foreign.ID}, func(err error) bool { return errors.Is(err, people.ErrPersonNotFound) }},
		{"nobody", []string{lead.ID}, func(err error) bool { return errors.Is(err, people.ErrPersonNotFound) }},
	} {
		_, err := duplicates(w).Merge(t.Context(), w.Caller, duplicate.Order{IntoID: c.into, FromIDs: c.from})
		if !c.want(err) {
			t.Errorf("%d into %s: %v", len(c.from), c.into, err)
		}
	}
	fixtures.Expect(t, "nothing is told", 0, len(slices.DeleteFunc(w.Outbox(t), func(e *workspace.OutboxEntry) bool { return e.Topic != people.ContactMerged })))
}

func severalPreviewed(t *testing.T, w *fixtures.Fixtures) {
	into := w.Has(t, people.User, known("ada", ""))
	from := []*people.Person{
		w.Has(t, people.User, known("ada-2", "ada@example.com"), func(p *people.Person) { p.Name = "Ada" }),
		w.Has(t, people.Lead, func(p *people.Person) { p.Name, p.Phone, p.LastSeenAt = "Leo", "+12025550123", 9 }), w.Has(t, people.Lead, withEmail("x@example.com")),
	}
	order := duplicate.Order{IntoID: into.ID, FromIDs: fixtures.IDs(from)}
	plan, err := duplicates(w).Preview(t.Context(), w.Caller, order)
	if err != nil || len(plan.Plans) != len(from) {
		t.Fatalf("the preview is %+v, %v", plan, err)
	}
	result := mergeAll(t, w, into, from...)
	for i, p := range plan.Plans {
		fixtures.Expect(t, "the outcomes", p.Change.Outcomes, result.Changes[i].Outcomes)
	}
	fixtures.Expect(t, "the result", plan.Plans[len(from)-1].Contact, result.Contact)
	if result.Contact.Name != "Ada" || result.Contact.Email != "ada@example.com" || result.Contact.Phone == "" {
		t.Errorf("the survivor is %+v", result.Contact)
	}
}

func duplicatesAtOnce(t *testing.T, w *fixtures.Fixtures) {
	for n := range 5 {
		email := fmt.Sprintf("ada%d@example.com", n)
		a, b := w.Has(t, people.User, known(fmt.Sprint("a", n), email)), w.Has(t, people.User, known(fmt.Sprint("b", n), email))
		c := w.Has(t, people.Lead, withEmail(email))
		var mu sync.Mutex
		made := 0
		fixtures.Crowded(9, func(i int) {
			order := duplicate.Order{IntoID: a.ID, FromIDs: []string{b.ID, c.ID}}
			if i%3 == 1 {
				order = duplicate.Order{IntoID: b.ID, FromIDs: []string{c.ID, a.ID}}
			}
			result, err := duplicates(w).Merge(t.Context(), w.Caller, order)
			if err != nil && !isInvalid(err, "from") {
				t.Errorf("Merge: %v", err)
			}
			if err == nil && result.Decision == people.DecidedMerged {
				mu.Lock()
				defer mu.Unlock()
				made++
			}
		})
		if made != 1 || w.Resolved(t, a.ID).ID != w.Resolved(t, b.ID).ID || w.Resolved(t, c.ID).ID != w.Resolved(t, a.ID).ID {
			t.Errorf("%d merges were made", made)
		}
	}
	w.Sound(t)
}

func distinguished(t *testing.T, w *fixtures.Fixtures) {
	var family []*people.Person
	for range 4 {
		family = append(family, w.Has(t, people.Lead, withEmail("family@example.com")))
	}
	ids := fixtures.IDs(family)
	tell := func(forget bool, who ...string) []duplicate.Distinction {
		t.Helper()
		told, err := duplicates(w).Distinguish(t.Context(), w.Caller, who, forget)
		if err != nil {
			t.Fatal(err)
		}
		return told
	}
	for range 2 {
		if told := tell(false, ids[1], ids[0]); len(told) != 1 || told[0].People != [2]string{ids[0], ids[1]} {
			t.Errorf("told %+v", told)
		}
	}
	fixtures.Expect(t, "who is connected by others", [][]string{ids}, clustersOf(t, w))
	_, err := duplicates(w).Merge(t.Context(), w.Caller, duplicate.Order{IntoID: ids[2], FromIDs: ids[:2]})
	if apart, is := errors.AsType[*duplicate.DistinctError](err); !is || apart.IDs != [2]string{ids[0], ids[1]} {
		t.Errorf("different people are merged: %v", err)
	}
	tell(false, ids[0], ids[2])
	tell(false, ids[0], ids[3])
	fixtures.Expect(t, "without the first", [][]string{ids[1:]}, clustersOf(t, w))
	tell(false, ids...)
	fixtures.Expect(t, "all are different", [][]string(nil), clustersOf(t, w))
	all, more, err := duplicates(w).Distinctions(t.Context(), w.Caller, "", 5)
	if err != nil || !more || len(all) != 5 {
		t.Fatalf("the pairs are %+v, %v, %v", all, more, err)
	}
	rest, more, err := duplicates(w).Distinctions(t.Context(), w.Caller, all[4].Place(), 5)
	if err != nil || more || len(rest) != 1 || rest[0].People != [2]string{ids[2], ids[3]} {
		t.Errorf("the rest is %+v, %v, %v", rest, more, err)
	}
	tell(true, ids[3], ids[2])
	fixtures.Expect(t, "taken back", [][]string{ids[2:]}, clustersOf(t, w))
	mergeAll(t, w, family[2], family[3])
	for _, bad := range [][]string{nil, ids[:1], {ids[0], ids[0]}, {ids[2], ids[3]}, slices.Repeat(ids, 13)} {
		if _, err := duplicates(w).Distinguish(t.Context(), w.Caller, bad, false); !isInvalid(err, "people") {
			t.Errorf("%v is told: %v", bad, err)
		}
	}
	if _, err := duplicates(w).Distinguish(t.Context(), w.Caller, []string{ids[0], "nobody"}, false); !errors.Is(err, people.ErrPersonNotFound) {
		t.Errorf("told of nobody: %v", err)
	}
	w.Sound(t)
}

func distinctionsFollow(t *testing.T, w *fixtures.Fixtures) {
	email := withEmail("family@example.com")
	mother, child := w.Has(t, people.User, known("mother", "family@example.com")), w.Has(t, people.User, known("child", "family@example.com"))
	lead := w.Has(t, people.Lead, email)
	if _, err := duplicates(w).Distinguish(t.Context(), w.Caller, []string{mother.ID, child.ID}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := duplicates(w).Distinguish(t.Context(), w.Caller, []string{lead.ID, child.ID}, false); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "before", [][]string{{mother.ID, lead.ID}}, clustersOf(t, w))
	merged := w.Merge(t, lead, mother)
	fixtures.Expect(t, "after the merge", [][]string(nil), clustersOf(t, w))
	pairs, _, err := duplicates(w).Distinctions(t.Context(), w.Caller, "", 9)
	if err != nil || len(pairs) != 1 || pairs[0].People != [2]string{mother.ID, child.ID} {
		t.Errorf("the pairs are %+v, %v", pairs, err)
	}
	w.Undo(t, merged.ChangeID)
	fixtures.Expect(t, "after the undo", [][]string{{mother.ID, lead.ID}}, clustersOf(t, w))

	// The public merge does not ask; the pair rests while it stands.
	against := w.Merge(t, lead, child)
	if pairs, _, _ := duplicates(w).Distinctions(t.Context(), w.Caller, "", 9); len(pairs) != 1 {
		t.Errorf("the pairs are %+v", pairs)
	}
	w.Undo(t, against.ChangeID)
	if pairs, _, _ := duplicates(w).Distinctions(t.Context(), w.Caller, "", 9); len(pairs) != 2 {
		t.Errorf("the pairs are %+v", pairs)
	}

	if _, err := duplicates(w).Distinguish(t.Context(), w.Caller, []string{lead.ID, mother.ID}, false); err != nil {
		t.Fatal(err)
	}
	mergeAgain := w.Merge(t, lead, child) // whichever of its records is named
	if _, err := duplicates(w).Distinguish(t.Context(), w.Caller, []string{child.ID, mother.ID}, true); err != nil {
		t.Fatal(err)
	}
	if pairs, _, _ := duplicates(w).Distinctions(t.Context(), w.Caller, "", 9); len(pairs) != 0 {
		t.Errorf("the pairs are %+v", pairs)
	}
	w.Undo(t, mergeAgain.ChangeID)
	for _, gone := range []*people.Person{child, mother} {
		if _, err := duplicates(w).Distinguish(t.Context(), w.Caller, []string{gone.ID, lead.ID}, false); err != nil {
			t.Fatal(err)
		}
		if _, err := w.DeleteContact(t.Context(), w.Caller, gone.ID); err != nil {
			t.Fatal(err)
		}
		if pairs, _, _ := duplicates(w).Distinctions(t.Context(), w.Caller, "", 9); len(pairs) != 0 {
			t.Errorf("after the erasure of one the pairs are %+v", pairs)
		}
	}
	w.Sound(t)
}

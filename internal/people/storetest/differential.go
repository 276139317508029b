package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lobby/internal/duplicate"
	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Differential does the same at random, lifeSteps steps for each life that rapid draws, in all stores and in a model. The
// answers must agree after every step, and what is stored after every life.
func Differential(t *testing.T, lives int, stores ...people.Store) {
	t.Helper()
	for range (lives + checksEach - 1) / checksEach {
		rapid.Check(t, func(rt *rapid.T) {
			l := newLife(rt, t, stores)
			for at, seed := range rapid.SliceOfN(rapid.Uint64(), lifeSteps, lifeSteps).Draw(rt, "steps") {
				l.step(rt, stepOf(seed, uint64(at)))
			}
			l.compareWorlds(rt)
		})
	}
	for _, store := range stores {
		fixtures.Over(store).Sound(t)
	}
}

const (
	lifeSteps  = 100
	checksEach = 100 // as many times rapid runs a check
)

// step is one thing to do, with whom, and to what else.
type step struct {
	Do         string
	Who, Other int
	What       int
}

// stepOf chooses evenly, which rapid itself does not: it prefers what is small. It shrinks to a step that does little.
func stepOf(seed, at uint64) step {
	if seed == 0 {
		return step{Do: "time"}
	}
	even := rand.New(rand.NewPCG(seed, at))
	return step{deeds[even.IntN(len(deeds))], even.IntN(12), even.IntN(12), even.IntN(12)}
}

var deeds = []string{
	"time", "visitor", "visitor", "lead", "lead", "user", "user", "update", "archive", "unarchive", "block", "delete", "delete visitor", "to lead", "to user", "into", "into",
	"merge", "merge", "join", "join", "undo", "undo", "tag", "tag", "untag", "untag", "attach", "attach", "detach", "subscribe", "unsubscribe", "note", "list", "search",
}

// life is one workspace in each of the stores, and the model of it.
type life struct {
	model
	worlds    []*fixtures.Fixtures
	workspace []*workspace.Workspace
	companies []string
}

func newLife(rt *rapid.T, t *testing.T, stores []people.Store) *life {
	l := &life{model: model{people: map[string]*being{}, deeds: map[string]*deed{}}}
	from := fixtures.Made.Load()
	for _, store := range stores {
		w := fixtures.Over(store)
		next := from
		w.NewID = func(at time.Time) string { next++; return fmt.Sprintf("%08x%016x", at.Unix(), next) }
		w.NewEntryID = w.NewID
		w.NewUUID = func() string { next++; return fmt.Sprintf("00000000-0000-4000-8000-%012x", next) }
		w.Secret = func(n int) string { next++; return fmt.Sprintf("%0*d", n, next) }
		created, err := w.CreateWorkspace(t.Context(), workspace.Draft{})
		if err != nil {
			rt.Fatal(err)
		}
		w.Caller = workspace.Caller{Workspace: created.Workspace.ID, AdminID: created.Token.AdminID}
		l.companies = nil
		for n := range 2 {
			_, err := w.ApplyTagging(t.Context(), w.Caller, people.Tagging{Name: fmt.Sprint("tag ", n)})
			company, companyErr := w.SaveCompany(t.Context(), w.Caller, fmt.Sprint("company-", n), people.CompanyUpdate{})
			if err := errors.Join(err, companyErr); err != nil {
				rt.Fatal(err)
			}
			l.companies = append(l.companies, company.ID)
		}
		l.worlds, l.workspace = append(l.worlds, w), append(l.workspace, created.Workspace)
		fixtures.Made.Store(from + 1000*lifeSteps)
	}
	return l
}

// outcome is what a store answered.
type outcome struct {
	answer any
	err    error
}

func (o outcome) String() string { return fmt.Sprint(o.err) }

// all does one thing in every store, and answers what it came to, in all of them alike.
func (l *life) all(rt *rapid.T, do func(w *fixtures.Fixtures, ws *workspace.Workspace) (any, error)) outcome {
	var first outcome
	for i, w := range l.worlds {
		answer, err := do(w, l.workspace[i])
		if err != nil {
			answer = nil
		}
		got := outcome{answer, err}
		if i == 0 {
			first = got
			continue
		}
		if got.String() != first.String() {
			rt.Fatalf("one store says %v, the other %v", first, got)
		}
		if d := fixtures.Diff(first.answer, got.answer); d != "" {
			rt.Fatalf("the stores answer differently:\n%s", d)
		}
	}
	return first
}

func (l *life) step(rt *rapid.T, s step) {
	ctx := rt.Context()
	id, other := l.choose(&s)
	l.now = l.worlds[0].Now().Unix()
	external := fmt.Sprint("x-", s.What)
	var want error
	var after func(answer any)
	var do func(*fixtures.Fixtures, *workspace.Workspace) (any, error)
	switch s.Do {
	case "time":
		for _, w := range l.worlds {
			w.Clock.Pass(time.Second)
		}
		return
	case "visitor":
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			return w.CreateVisitor(ctx, w.Caller, new(people.Person))
		}
		after = func(answer any) { l.born(answer.(*people.Person)) }
	case "lead", "user":
		role := people.Role(s.Do)
		want = l.unique("", external)
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			return w.CreateContact(ctx, w.Caller, people.ContactFields{Role: &role, ExternalID: &external})
		}
		after = func(answer any) { l.born(answer.(*people.Person)) }
	case "update":
		want = l.update(id, external)
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			p, _, err := w.UpdateContact(ctx, w.Caller, id, people.ContactFields{ExternalID: &external})
			return p, err
		}
	case "archive", "unarchive", "block":
		move := map[string]func(*fixtures.Fixtures) (*people.Person, error){
			"archive":   func(w *fixtures.Fixtures) (*people.Person, error) { return w.ArchiveContact(ctx, w.Caller, id) },
			"unarchive": func(w *fixtures.Fixtures) (*people.Person, error) { return w.UnarchiveContact(ctx, w.Caller, id) },
			"block":     func(w *fixtures.Fixtures) (*people.Person, error) { return w.BlockContact(ctx, w.Caller, id) },
		}[s.Do]
		want = l.move(id, map[string]people.State{"archive": people.Archived, "unarchive": people.Active, "block": people.Blocked}[s.Do])
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) { return move(w) }
	case "delete":
		want = l.erase(id)
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			return w.DeleteContact(ctx, w.Caller, id)
		}
	case "delete visitor":
		want = l.eraseVisitor(id)
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			return w.DeleteVisitor(ctx, w.Caller, people.VisitorRef{ID: id})
		}
	case "to lead", "to user", "into", "merge", "join", "undo":
		l.identity(rt, s, id, other, external)
		return
	case "list", "search":
		l.look(rt, s, id)
		return
	default:
		do, want = l.hang(rt, s, id)
	}
	got := l.all(rt, do)
	if fmt.Sprint(want) != got.String() {
		rt.Fatalf("%+v of %s came to %v, want %v", s, id, got, want)
	}
	if want == nil && after != nil {
		after(got.answer)
	}
	l.agree(rt, id)
}

// identity is a step that makes one person of two, or another of one, or takes that back.
func (l *life) identity(rt *rapid.T, s step, id, other, external string) {
	ctx := rt.Context()
	var want error
	var change *deed
	var do func(*fixtures.Fixtures, *workspace.Workspace) (any, error)
	switch s.Do {
	case "undo":
		l.undo(rt, s)
		return
	case "merge":
		change, want = l.merge(id, other)
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			return w.MergeContacts(ctx, w.Caller, people.MergeOrder{FromID: id, IntoID: other})
		}
	case "join":
		change, want = l.join(id, other)
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			result, err := duplicate.Duplicates{Lobby: w.Lobby}.Merge(ctx, w.Caller, duplicate.Order{IntoID: other, FromIDs: []string{id}})
			if err != nil {
				return nil, err
			}
			return &people.ConversionResult{Contact: result.Contact, Decision: result.Decision, ChangeID: result.Changes[0].ID}, nil
		}
	default:
		order := people.ConvertRequest{To: people.User, Visitor: people.VisitorRef{ID: id}}
		switch s.Do {
		case "to lead":
			order.To = people.Lead
		case "to user":
			order.User.UserID = external
		case "into":
			order.User.ID = other
		}
		change, want = l.convert(order)
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			return w.ConvertVisitor(ctx, w.Caller, order)
		}
	}
	got := l.all(rt, do)
	if fmt.Sprint(want) != got.String() {
		rt.Fatalf("%+v of %s and %s came to %v, want %v", s, id, other, got, want)
	}
	if want != nil {
		return
	}
	result := got.answer.(*people.ConversionResult)
	if repeated := change == nil; repeated != (result.Decision == people.DecidedRepeated) {
		rt.Fatalf("%+v of %s and %s was %s", s, id, other, result.Decision)
	}
	if change != nil {
		change.entries = []string{result.ChangeID}
		l.deeds[result.ChangeID] = change
		l.order = append(l.order, result.ChangeID)
	}
	l.agree(rt, id)
	l.agree(rt, result.Contact.ID)
}

// undo leaves to the stores whether a change can still be taken back, and holds them to what that then means.
func (l *life) undo(rt *rapid.T, s step) {
	if len(l.order) == 0 {
		return
	}
	id := l.order[s.Who%len(l.order)]
	type answer struct {
		Entry    *people.Change
		Decision people.Decision
	}
	got := l.all(rt, func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
		entry, decision, err := w.UndoChange(rt.Context(), w.Caller, id)
		return answer{entry, decision}, err
	})
	if got.err != nil || got.answer.(answer).Decision == people.DecidedRepeated {
		return
	}
	d, entry := l.deeds[id], got.answer.(answer).Entry.ID
	l.turn(d)
	d.entries, l.deeds[entry] = append(d.entries, entry), d
	l.order = append(l.order, entry)
	l.agree(rt, d.subject)
	if d.survivor != "" {
		l.agree(rt, d.survivor)
	}
}

// hang is a step about what hangs on somebody, and how the model takes it.
func (l *life) hang(rt *rapid.T, s step, id string) (do func(*fixtures.Fixtures, *workspace.Workspace) (any, error), want error) {
	ctx, h := rt.Context(), people.Target{ContactID: id}
	if p := l.people[id]; p != nil && p.isLiveVisitor() && s.Do != "subscribe" && s.Do != "unsubscribe" {
		h = people.Target{VisitorID: id}
	}
	n := int64(s.What%3) + 1 // of three two exist
	company := append(l.companies, "ffffffffffffffffffffffff")[n-1]
	consent := []people.Consent{people.OptOut, people.OptIn, people.OptOut}[n-1]
	switch s.Do {
	case "tag":
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) { return w.Tag(ctx, w.Caller, h, n) }
		want = l.put(id, h, "tag", n, people.ErrResourceNotFound)
	case "untag":
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) { return w.Untag(ctx, w.Caller, h, n) }
		want = l.take(id, h, "tag", n, people.ErrResourceNotFound)
	case "attach":
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			return w.AttachCompany(ctx, w.Caller, h, company)
		}
		want = l.put(id, h, "company", n, people.ErrCompanyNotFound)
	case "detach":
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			return w.DetachCompany(ctx, w.Caller, h, company)
		}
		want = l.take(id, h, "company", n, people.ErrCompanyNotFound)
	case "subscribe":
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			return w.AttachSubscription(ctx, w.Caller, id, n, consent)
		}
		want = l.put(id, h, "type", n, people.ErrResourceNotFound)
	case "unsubscribe":
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			return w.DetachSubscription(ctx, w.Caller, id, n)
		}
		unknown := error(nil) // what was not chosen is taken back without an error
		if n > 2 {
			unknown = people.ErrResourceNotFound
		}
		want = l.take(id, h, "type", n, unknown)
	default:
		do = func(w *fixtures.Fixtures, _ *workspace.Workspace) (any, error) {
			return w.CreateNote(ctx, w.Caller, h, 0, "X")
		}
		want = l.put(id, h, "note", int64(len(l.notes)+1), nil)
		l.notes = append(l.notes, id)
	}
	return do, want
}

// agree holds all stores to what the model knows of a person.
func (l *life) agree(rt *rapid.T, id string) {
	got := l.all(rt, func(w *fixtures.Fixtures, ws *workspace.Workspace) (any, error) {
		p, err := w.Resolve(rt.Context(), fixtures.By(ws.ID), id)
		if err != nil {
			return nil, err
		}
		var links map[string]*people.Associations
		err = w.Store.Read(rt.Context(), func(r people.Reader) (err error) {
			links, err = r.Associations(ws.ID, []string{p.ID})
			return err
		})
		p.Associations = links[p.ID] // those of a contact, whatever it is
		return p, err
	})
	p := l.people[id]
	if p != nil && p.into != "" {
		p = l.people[p.into]
	}
	if p == nil {
		if !errors.Is(got.err, people.ErrPersonNotFound) {
			rt.Fatalf("%s is found: %v", id, got)
		}
		return
	}
	if got.err != nil {
		rt.Fatalf("%s is not found: %v", id, got)
	}
	found := got.answer.(*people.Person)
	if found.ID != p.id || found.Role != p.role || found.State != p.state || found.ExternalID != p.external || found.UpdatedAt != p.updated {
		rt.Fatalf("%s is %+v, want %+v", id, found, p)
	}
	links := found.Associations
	if links == nil {
		links = new(people.Associations)
	}
	shown := map[string]int{
		"tag": links.Tags.Total, "company": links.Companies.Total, "type": links.OptedIn.Total + links.OptedOut.Total, "note": links.Notes.Total,
	}
	for kind, n := range shown {
		if want := l.count(p.id, kind); n != want {
			rt.Fatalf("%s has %d of %s, want %d", p.id, n, kind, want)
		}
	}
}

// look lists contacts or searches them.
func (l *life) look(rt *rapid.T, s step, id string) {
	ctx, limit := rt.Context(), s.Other%7+1
	if s.Do == "list" {
		got := l.all(rt, func(w *fixtures.Fixtures, ws *workspace.Workspace) (any, error) {
			return w.Contacts(ctx, fixtures.By(ws.ID), id, limit)
		})
		page := got.answer.(*people.ContactPage)
		var want []string
		total := 0
		for _, known := range slices.Backward(l.known) {
			if p := l.people[known]; p != nil && p.isLiveContact() {
				total++
				if known < id && len(want) < limit {
					want = append(want, known)
				}
			}
		}
		if !slices.Equal(fixtures.IDs(page.Contacts), want) || page.Total != total {
			rt.Fatalf("after %s: %v of %d, want %v of %d", id, fixtures.IDs(page.Contacts), page.Total, want, total)
		}
		return
	}
	query := []search.Query{
		{Field: "role", Operator: search.Equal, Values: []search.Value{search.TextValue("lead")}},
		{Field: "tag_id", Operator: search.Equal, Values: []search.Value{search.TextValue("1")}},
		{Field: "external_id", Operator: search.Equal, Values: []search.Value{search.TextValue("x-1")}},
		{Field: "id", Operator: search.NotEqual, Values: []search.Value{search.TextValue(id)}},
	}[s.What%4]
	meets := []func(*being) bool{
		func(p *being) bool { return p.role == people.Lead },
		func(p *being) bool { return l.has(p.id, "tag", 1) },
		func(p *being) bool { return p.external == "x-1" },
		func(p *being) bool { return p.id != id },
	}[s.What%4]
	got := l.all(rt, func(w *fixtures.Fixtures, ws *workspace.Workspace) (any, error) {
		return w.SearchContacts(ctx, ws.Caller(), people.SearchOrder{Query: query, Limit: people.MaxPage})
	})
	if got.err != nil {
		rt.Fatal(got.err)
	}
	found := fixtures.IDs(got.answer.(*search.Page[*people.Person]).Found)
	slices.Sort(found)
	var want []string
	for _, known := range l.known {
		if p := l.people[known]; p != nil && p.isLiveContact() && meets(p) {
			want = append(want, known)
		}
	}
	if !slices.Equal(found, want) {
		rt.Fatalf("a search of %+v finds %v, want %v", query, found, want)
	}
}

// compareWorlds compares all that the stores have of a workspace.
func (l *life) compareWorlds(rt *rapid.T) {
	l.all(rt, func(w *fixtures.Fixtures, ws *workspace.Workspace) (any, error) {
		var all []any
		err := w.Store.Read(rt.Context(), func(r people.Reader) error {
			all = nil // a read may run again
			for _, id := range l.known {
				p, err := r.Person(ws.ID, id)
				changes, changesErr := r.Changes(ws.ID, id, "", 1000)
				if err := errors.Join(err, changesErr); err != nil {
					return err
				}
				all = append(all, p, changes)
			}
			links, err := r.Associations(ws.ID, l.known)
			all = append(all, links)
			return err
		})
		return all, err
	})
}

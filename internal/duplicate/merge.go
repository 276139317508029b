package duplicate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// MaxMerged is how many people are merged at once.
const MaxMerged = 100

// ErrHidden says that somebody to be merged is archived or blocked.
var ErrHidden = errors.New("somebody who is archived or blocked cannot be merged")

// RankError says that somebody cannot go into another, who is less trusted.
type RankError struct{ ID, IntoID string }

func (e *RankError) Error() string {
	return fmt.Sprintf("%s cannot go into %s: a user stays rather than a lead, one that is proven rather than one that is not, "+
		"and one with an external_id rather than one without", e.ID, e.IntoID)
}

// DistinctError says that two to be merged were told to be different.
type DistinctError struct{ IDs [2]string }

func (e *DistinctError) Error() string {
	return fmt.Sprintf("%s and %s were told to be different people; take that back first", e.IDs[0], e.IDs[1])
}

// Order names the one who stays and those who go into that person, by their ids. An id of somebody who was merged stands for
// the survivor.
type Order struct {
	IntoID  string
	FromIDs []string
}

// Plan is what a merge does: one plan for each who is absorbed, in order.
type Plan struct {
	Into  *people.Person
	Plans []*people.Plan
	// Repeated are the entries of those who went into the survivor before.
	Repeated []*people.Change
}

// Result is a merge that was made.
type Result struct {
	// Contact is who stayed.
	Contact  *people.Person
	Decision people.Decision // DecidedMerged, or DecidedRepeated when nothing was written
	// Changes are the entries of the journal in the order in which they were made. To undo the merge, undo the last one first.
	Changes []*people.Change
}

// Preview returns what Merge would do now, or its error, and writes nothing. The people in the plans have their links.
func (d Duplicates) Preview(ctx context.Context, c workspace.Caller, order Order) (*Plan, error) {
	return read(ctx, d, func(r people.Reader) (*Plan, error) {
		plan, err := d.plan(r, c, order, func(ids []string) ([]*people.Person, error) { return r.(Reader).PeopleByIDs(c.Workspace, ids) })
		if err != nil {
			return nil, err
		}
		for _, p := range plan.Plans {
			if err := p.Link(r); err != nil {
				return nil, err
			}
		}
		return plan, nil
	})
}

// Merge merges people into one of them, all in one transaction. The survivor keeps its identifiers; those of the others lead to
// it. The same order again writes nothing.
//
// Errors: workspace.InvalidError of "into" or "from", people.ErrPersonNotFound, ErrHidden, RankError, DistinctError.
func (d Duplicates) Merge(ctx context.Context, c workspace.Caller, order Order) (*Result, error) {
	return write(ctx, d, func(w people.Writer) (*Result, error) {
		plan, err := d.plan(w.Unlocked(), c, order, func(ids []string) ([]*people.Person, error) { return locked(w, c.Workspace, ids) })
		if err != nil {
			return nil, err
		}
		result := &Result{Contact: plan.Into, Decision: people.DecidedRepeated, Changes: plan.Repeated}
		for _, p := range plan.Plans {
			done, err := d.Lobby.CarryOut(w, c, p)
			if err != nil {
				return nil, err
			}
			result.Contact, result.Decision = done.Contact, people.DecidedMerged
			result.Changes = append(result.Changes, p.Change)
		}
		return result, nil
	})
}

func (o Order) check() error {
	switch {
	case o.IntoID == "":
		return workspace.Invalid("into", "names nobody")
	case len(o.FromIDs) == 0:
		return workspace.Invalid("from", "names nobody")
	case len(o.FromIDs) > MaxMerged:
		return workspace.Invalid("from", fmt.Sprintf("names more than %d people; merge them in several steps", MaxMerged))
	case slices.Contains(o.FromIDs, o.IntoID):
		return workspace.Invalid("from", "names who is to stay")
	}
	return nil
}

// plan plans a merge. lookUp returns the people as they are to be changed.
func (d Duplicates) plan(r people.Reader, c workspace.Caller, order Order, lookUp func([]string) ([]*people.Person, error)) (*Plan, error) {
	if err := order.check(); err != nil {
		return nil, err
	}
	today, err := resolve(r, c.Workspace, append([]string{order.IntoID}, order.FromIDs...))
	if err != nil {
		return nil, err
	}
	plan := new(Plan)
	ids := []string{today[0].ID}
	for i, p := range today[1:] {
		switch id := order.FromIDs[i]; {
		case p.ID == ids[0] && p.ID != id:
			entry, err := entryOf(r, c.Workspace, id)
			if err != nil {
				return nil, err
			}
			if entry != nil {
				plan.Repeated = append(plan.Repeated, entry)
			}
		case p.ID == ids[0]:
			return nil, workspace.Invalid("from", "names "+p.ID+", which is who stays by now")
		case !slices.Contains(ids, p.ID):
			ids = append(ids, p.ID)
		}
	}
	found, err := lookUp(ids)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(found, func(p *people.Person) bool { return p.ID == ids[0] })
	if at < 0 || len(found) != len(ids) {
		return nil, people.ErrPersonNotFound // erased meanwhile
	}
	plan.Into = found[at]
	absorbed := slices.Delete(found, at, at+1)
	if err := mayMerge(r, plan.Into, absorbed); err != nil {
		return nil, err
	}
	slices.SortStableFunc(absorbed, func(p, q *people.Person) int {
		return cmp.Or(cmp.Compare(rankOf(q), rankOf(p)), cmp.Compare(activeAt(q), activeAt(p)), cmp.Compare(p.ID, q.ID))
	})
	survivor := plan.Into
	for _, p := range absorbed {
		next, err := d.planOne(r, p, survivor)
		if err != nil {
			return nil, err
		}
		plan.Plans, survivor = append(plan.Plans, next), next.Contact
	}
	return plan, nil
}

func (d Duplicates) planOne(r people.Reader, p, survivor *people.Person) (*people.Plan, error) {
	address := ""
	if p.Role.IsContact() {
		var err error
		if address, err = people.FreeAddress(r, p, survivor); err != nil {
			return nil, err
		}
	}
	return d.Lobby.PlanMerge(r, p, survivor, address)
}

// resolve returns the people to whom ids lead today, in the order of the ids.
func resolve(r people.Reader, ws workspace.ID, ids []string) ([]*people.Person, error) {
	named, err := byID(r, ws, ids)
	if err != nil {
		return nil, err
	}
	var leads []string
	for _, id := range ids {
		if named[id] == nil {
			return nil, people.ErrPersonNotFound
		}
		if named[id].State == people.Merged {
			leads = append(leads, named[id].MergedInto)
		}
	}
	led, err := byID(r, ws, leads)
	if err != nil {
		return nil, err
	}
	var today []*people.Person
	for _, id := range ids {
		p := named[id]
		if p.State == people.Merged {
			p = led[p.MergedInto]
		}
		if p == nil {
			return nil, people.ErrPersonNotFound
		}
		today = append(today, p)
	}
	return today, nil
}

func byID(r people.Reader, ws workspace.ID, ids []string) (map[string]*people.Person, error) {
	all, err := r.(Reader).PeopleByIDs(ws, ids)
	found := make(map[string]*people.Person, len(all))
	for _, p := range all {
		found[p.ID] = p
	}
	return found, err
}

// entryOf returns the entry by which somebody was merged; nil where there is none.
func entryOf(r people.Reader, ws workspace.ID, id string) (*people.Change, error) {
	p, err := r.Person(ws, id)
	if err != nil || p == nil {
		return nil, err
	}
	return r.ChangeFrom(ws, id, p.Role)
}

// locked looks people up for a change in the order of all writers: visitors before leads before users, and each by id. Who is
// gone is left out.
func locked(w people.Writer, ws workspace.ID, ids []string) ([]*people.Person, error) {
	all, err := w.Unlocked().(Reader).PeopleByIDs(ws, ids)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(p, q *people.Person) int {
		return cmp.Or(cmp.Compare(stageOf(p), stageOf(q)), cmp.Compare(p.ID, q.ID))
	})
	found := all[:0]
	for _, p := range all {
		p, err := w.Person(ws, p.ID)
		if err != nil {
			return nil, err
		}
		if p != nil {
			found = append(found, p)
		}
	}
	return found, nil
}

func stageOf(p *people.Person) int {
	return slices.Index([]people.Role{people.Visitor, people.Lead, people.User}, p.Role)
}

// The ranks, from the one whom only a browser knows to the one whom the owner's product knows.
const (
	rankVisitor = iota
	rankLead
	rankUnverified
	rankUser
	rankKnown
)

// rankOf says how far somebody is to be believed to be who it says. Nobody goes into somebody of a lower rank.
func rankOf(p *people.Person) int {
	switch {
	case p.Role == people.Visitor:
		return rankVisitor
	case p.Role == people.Lead:
		return rankLead
	case p.Unverified:
		return rankUnverified
	case p.ExternalID == "":
		return rankUser
	}
	return rankKnown
}

// mayMerge refuses what must not be merged. Errors: ErrHidden, RankError, DistinctError.
func mayMerge(r people.Reader, into *people.Person, absorbed []*people.Person) error {
	ids := []string{into.ID}
	for _, p := range absorbed {
		ids = append(ids, p.ID)
		switch {
		case p.State != people.Active || into.State != people.Active:
			return ErrHidden
		case rankOf(p) > rankOf(into) || into.Role == people.Visitor:
			return &RankError{p.ID, into.ID}
		}
	}
	told, err := distinctions(r, into.Workspace, ids)
	for _, t := range told {
		if slices.Contains(ids, t.People[0]) && slices.Contains(ids, t.People[1]) {
			return &DistinctError{t.People}
		}
	}
	return err
}

package duplicate

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// Distinction is a pair of whom the team said that they are not the same person.
type Distinction struct {
	// People are the ids of the two people today, in order.
	People [2]string
	// AdminID is who said so; 0 for nobody. At is when, in Unix seconds.
	AdminID, At int64
	// Shown are the two themselves, in a list of distinctions.
	Shown [2]*people.Person

	records [2]string
}

// MaxTold is how many people can be told to be different at once: that many times half as many pairs.
const MaxTold = 50

// Distinguish remembers that people are different, each from each other, or with forget that they may be the same after all. It
// returns the pairs that are remembered afterwards among them. Doing it again changes nothing.
//
// Errors: workspace.InvalidError of "people"; people.ErrPersonNotFound.
func (d Duplicates) Distinguish(ctx context.Context, c workspace.Caller, ids []string, forget bool) ([]Distinction, error) {
	if len(ids) < 2 || len(ids) > MaxTold {
		return nil, workspace.Invalid("people", "must be the ids of 2 to 50 people")
	}
	return write(ctx, d, func(w people.Writer) ([]Distinction, error) {
		today, err := resolve(w.Unlocked(), c.Workspace, ids)
		if err != nil {
			return nil, err
		}
		var named []string
		for _, p := range today {
			if slices.Contains(named, p.ID) {
				return nil, workspace.Invalid("people", "names "+p.ID+" twice")
			}
			named = append(named, p.ID)
		}
		known, err := distinctions(w.Unlocked(), c.Workspace, named)
		if err != nil {
			return nil, err
		}
		among := slices.DeleteFunc(known, func(t Distinction) bool {
			return !slices.Contains(named, t.People[0]) || !slices.Contains(named, t.People[1])
		})
		if forget {
			return nil, forgetAll(w, c.Workspace, among)
		}
		return d.rememberAll(w, c, named, among)
	})
}

// forgetAll deletes the pairs of all records that lead to these people.
func forgetAll(w people.Writer, ws workspace.ID, all []Distinction) error {
	for _, told := range all {
		if err := w.(Writer).DeleteDistinction(ws, told.records[0], told.records[1]); err != nil {
			return err
		}
	}
	return nil
}

// rememberAll writes the pairs that are missing. It locks the people, so that none of them is erased meanwhile.
func (d Duplicates) rememberAll(w people.Writer, c workspace.Caller, ids []string, known []Distinction) ([]Distinction, error) {
	if _, err := locked(w, c.Workspace, ids); err != nil {
		return nil, err
	}
	slices.Sort(ids)
	all, now := slices.Clone(known), d.Lobby.Unix()
	for i, id := range ids {
		for _, other := range ids[i+1:] {
			pair := [2]string{id, other}
			if slices.ContainsFunc(known, func(t Distinction) bool { return t.People == pair }) {
				continue
			}
			if err := w.(Writer).PutDistinction(c.Workspace, id, other, c.AdminID, now); err != nil {
				return nil, err
			}
			all = append(all, Distinction{People: pair, AdminID: c.AdminID, At: now, records: pair})
		}
	}
	slices.SortFunc(all, compare)
	return slices.CompactFunc(all, func(t, u Distinction) bool { return t.People == u.People }), nil
}

// Distinctions lists the pairs that are remembered, at most limit, in the order of their ids. Only pairs behind the place
// after, which is the ids of a pair with a hyphen between, are listed, unless that is empty. more says that there are others.
func (d Duplicates) Distinctions(ctx context.Context, c workspace.Caller, after string, limit int) (all []Distinction, more bool, err error) {
	all, err = read(ctx, d, func(r people.Reader) ([]Distinction, error) {
		all, err := distinctions(r, c.Workspace, nil)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(all, compare)
		all = slices.CompactFunc(all, func(t, u Distinction) bool { return t.People == u.People })
		all = slices.DeleteFunc(all, func(t Distinction) bool { return t.Place() <= after })
		all = all[:min(limit+1, len(all))]
		var ids []string
		for _, t := range all {
			ids = append(ids, t.People[:]...)
		}
		found, err := byID(r, c.Workspace, ids)
		for i := range all {
			all[i].Shown = [2]*people.Person{found[all[i].People[0]], found[all[i].People[1]]}
		}
		return all, err
	})
	return all[:min(limit, len(all))], len(all) > limit, err
}

// Place is where a pair stands in the list of all.
func (t Distinction) Place() string { return t.People[0] + "-" + t.People[1] }

func compare(t, u Distinction) int {
	return cmp.Or(strings.Compare(t.People[0], u.People[0]), strings.Compare(t.People[1], u.People[1]))
}

// distinctions returns the pairs of a workspace, or with ids those with one of these people. Pairs of records that lead to one
// person by now are left out: they count again when the merge is undone.
func distinctions(r people.Reader, ws workspace.ID, ids []string) (all []Distinction, err error) {
	err = r.(Reader).EachDistinction(ws, ids, func(records, today [2]string, adminID, at int64) {
		if today[0] != today[1] {
			all = append(all, Distinction{People: pairOf(today[0], today[1]), AdminID: adminID, At: at, records: records})
		}
	})
	return all, err
}

package sqlstore

import (
	"hash/maphash"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// keepsKeys reports whether a database has search keys. They are for several servers; one alone has an index in memory.
func keepsKeys(d sqlengine.Dialect) bool { return d.Locks }

// hasKeys reports whether all search keys are there.
func (t *tx) hasKeys() bool { return keepsKeys(t.dialect) && !t.left[searchKeysLeft] }

// reindex has searches find a person by its next image instead of the one before; nil stands for no person.
func (t *tx) reindex(before, after *people.Person) error {
	if keepsKeys(t.dialect) {
		return t.rekey(before, after)
	}
	if t.noted++; t.noted > maxNoted {
		t.noteMany()
		return nil
	}
	p := after
	if p == nil {
		p = before
	}
	t.noteChange(p.Workspace, changeOf(before, after))
	return nil
}

// rekey changes the search keys of a contact from one image of it to the next; nil stands for no contact.
func (t *tx) rekey(before, after *people.Person) error {
	var old, fresh map[string]string
	if before != nil {
		old = before.SearchKeys()
	}
	if after != nil {
		fresh = after.SearchKeys()
	}
	if len(old) == 0 && len(fresh) == 0 {
		return nil
	}
	p := after
	if p == nil {
		p = before
	}
	// The columns of people that are repeated with each key, for sorting and filtering without a join.
	role, created, signedUp := string(p.Role), p.SearchKey("created_at"), sqlengine.OrNil(p.SearchKey("signed_up_at"))
	was := created // that of the keys that are there
	if before != nil {
		was = before.SearchKey("created_at")
	}
	isStale := before != nil && after != nil &&
		(before.Role != after.Role || before.CreatedAt != after.CreatedAt || before.SignedUpAt != after.SignedUpAt)
	for field, key := range old {
		switch now, stays := fresh[field]; {
		case !stays:
			if err := t.Exec(`DELETE FROM search_keys WHERE workspace = $1 AND field = $2 AND key = $3 AND created_at = $4 AND contact_id = $5`,
				[]any{string(p.Workspace), field, key, was, p.ID}); err != nil {
				return err
			}
		case now != key || isStale:
			if err := t.Exec(`UPDATE search_keys SET key = $6, role = $7, created_at = $8, signed_up_at = $9
				WHERE workspace = $1 AND field = $2 AND key = $3 AND created_at = $4 AND contact_id = $5`,
				[]any{string(p.Workspace), field, key, was, p.ID, now, role, created, signedUp}); err != nil {
				return err
			}
		}
	}
	args := []any{string(p.Workspace), p.ID, role, created, signedUp}
	shared := len(args)
	for field, key := range fresh {
		if _, had := old[field]; !had {
			args = append(args, field, key)
		}
	}
	if n := (len(args) - shared) / 2; n > 0 {
		return t.Exec(insertKeys(n, t.mayHaveKeys), args)
	}
	return nil
}

// insertKeys returns the statement that writes n keys of one contact. Where some may be there, each costs PostgreSQL another look-up.
func insertKeys(n int, mayHave bool) string {
	var sql strings.Builder
	sql.WriteString("INSERT INTO search_keys (workspace, contact_id, role, created_at, signed_up_at, field, key) VALUES ")
	separator := ""
	for i := range n {
		sql.WriteString(separator + "($1, $2, $3, $4, $5, $" + strconv.Itoa(6+2*i) + ", $" + strconv.Itoa(7+2*i) + ")")
		separator = ", "
	}
	if mayHave {
		return sql.String() + " ON CONFLICT DO NOTHING"
	}
	return sql.String()
}

// checkSearchKeys finds contacts without one of the keys that they should have, and keys that no contact should have. It reads
// both once and compares their sums; only when these differ it looks each key up.
func (s *Store) checkSearchKeys(on sqlengine.Session, found *[]Finding) error {
	t := s.reader()
	if t.Session = on; !t.hasKeys() {
		return nil
	}
	expected, sums := map[string]int64{}, map[string]uint64{}
	seed := maphash.MakeSeed()
	err := t.eachContact(func(p *people.Person) error {
		ws := string(p.Workspace)
		for field, key := range p.SearchKeys() {
			expected[ws]++
			sums[ws] += maphash.Comparable(seed, keyRow{p.ID, field, key, string(p.Role), p.SearchKey("created_at"), p.SearchKey("signed_up_at")})
		}
		return nil
	})
	if err != nil {
		return err
	}
	has := map[string]int64{}
	err = t.Query(`SELECT workspace, contact_id, field, key, role, created_at, signed_up_at FROM search_keys`, nil, func(r sqlengine.Row) error {
		ws := r.Text(0)
		has[ws]++
		sums[ws] -= maphash.Comparable(seed, keyRow{r.Text(1), r.Text(2), r.Text(3), r.Text(4), r.Text(5), r.Text(6)})
		return nil
	})
	if err != nil {
		return err
	}
	for ws, sum := range sums {
		if sum == 0 && has[ws] == expected[ws] {
			continue
		}
		if err := t.findKeys(found); err != nil {
			return err
		}
		for _, ws := range slices.Sorted(maps.Keys(has)) {
			if has[ws] > expected[ws] && len(*found) < 100 {
				*found = append(*found, Finding{Invariant: "search", Workspace: ws, What: "keys of contacts that do not have them"})
			}
		}
		break
	}
	return nil
}

// eachContact calls do for every live contact of every workspace.
func (t *tx) eachContact(do func(*people.Person) error) error {
	spaces, err := sqlengine.List(t, `SELECT id FROM workspaces ORDER BY id`, nil, func(r sqlengine.Row) (workspace.ID, error) {
		return workspace.ID(r.Text(0)), nil
	})
	if err != nil {
		return err
	}
	for _, ws := range spaces {
		for before := ""; ; {
			page, err := t.Contacts(ws, before, batch)
			if err != nil {
				return err
			}
			for _, p := range page {
				if err := do(p); err != nil {
					return err
				}
			}
			if len(page) < batch {
				break
			}
			last := page[len(page)-1]
			before = workspace.ListPlace(last.ID, last.CreatedAt)
		}
	}
	return nil
}

// keyRow is what a row of search_keys has beside its workspace.
type keyRow struct{ contact, field, key, role, created, signedUp string }

// findKeys finds contacts without one of the keys that they should have.
func (t *tx) findKeys(found *[]Finding) error {
	return t.eachContact(func(p *people.Person) error {
		for field, key := range p.SearchKeys() {
			has := false
			err := t.Query(`SELECT role, created_at, signed_up_at FROM search_keys
				WHERE workspace = $1 AND field = $2 AND key = $3 AND contact_id = $4`,
				[]any{string(p.Workspace), field, key, p.ID}, func(r sqlengine.Row) error {
					has = r.Text(0) == string(p.Role) && r.Text(1) == p.SearchKey("created_at") && r.Text(2) == p.SearchKey("signed_up_at")
					return nil
				})
			if err != nil {
				return err
			}
			if !has && len(*found) < 100 {
				*found = append(*found, Finding{Invariant: "search", Workspace: string(p.Workspace), ID: p.ID, What: "a contact that cannot be found by its " + field})
			}
		}
		return nil
	})
}

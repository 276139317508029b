package sqlstore

import (
	"slices"
	"strconv"
	"strings"

	"lobby/internal/enrich"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// reindex brings the keys by which a contact is found from one image of it to the next; nil stands for nobody.
func (t *tx) reindex(before, after *people.Person) error {
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
	// What rides along with every key.
	role, created, signedUp := string(p.Role), p.SearchKey("created_at"), orNil(p.SearchKey("signed_up_at"))
	riding := before != nil && after != nil &&
		(before.Role != after.Role || before.CreatedAt != after.CreatedAt || before.SignedUpAt != after.SignedUpAt)
	for field, key := range old {
		switch now, stays := fresh[field]; {
		case !stays:
			err := t.exec(`DELETE FROM search_keys WHERE workspace = $1 AND field = $2 AND key = $3 AND contact_id = $4`,
				[]any{string(p.Workspace), field, key, p.ID})
			if err != nil {
				return err
			}
		case now != key || riding:
			err := t.exec(`UPDATE search_keys SET key = $5, role = $6, created_at = $7, signed_up_at = $8
				WHERE workspace = $1 AND field = $2 AND key = $3 AND contact_id = $4`,
				[]any{string(p.Workspace), field, key, p.ID, now, role, created, signedUp})
			if err != nil {
				return err
			}
		}
	}
	riders := []any{string(p.Workspace), p.ID, role, created, signedUp}
	args := slices.Clone(riders)
	for field, key := range fresh {
		if _, had := old[field]; had {
			continue
		}
		args = append(args, field, key)
		if t.dialect.rowByRow {
			if err := t.exec(insertKey, args); err != nil {
				return err
			}
			args = args[:len(riders)]
		}
	}
	if len(args) == len(riders) {
		return nil
	}
	return t.exec(insertKeys((len(args)-len(riders))/2), args)
}

var insertKey = insertKeys(1)

// insertKeys writes so many keys of one contact.
func insertKeys(n int) string {
	var sql strings.Builder
	sql.WriteString("INSERT INTO search_keys (workspace, contact_id, role, created_at, signed_up_at, field, key) VALUES ")
	for i := range n {
		if i > 0 {
			sql.WriteString(", ")
		}
		sql.WriteString("($1, $2, $3, $4, $5, $" + strconv.Itoa(6+2*i) + ", $" + strconv.Itoa(7+2*i) + ")")
	}
	return sql.String()
}

// E164 returns the form of a phone number in which it is kept and found.
func (*tx) E164(phone string) string { return enrich.E164(phone) }

// batch is how many people are handled at once where all are.
const batch = 500

// chores does what migrations have left to do.
func chores(on session, d dialect) error {
	t := &tx{session: on, dialect: d}
	for _, chore := range []struct {
		name string
		do   func() error
	}{
		{"phones", t.formatPhones},
		{"email_keys", t.rekeyEmails},
		{"search_keys", t.reindexAll}, // the formatted phone is one of the keys
	} {
		// Of servers that start together, the others wait here.
		mine, err := on.insert(`DELETE FROM chores WHERE name = $1`, []any{chore.name})
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		if err := chore.do(); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) reindexAll() error {
	if err := t.exec(`DELETE FROM search_keys`, nil); err != nil {
		return err
	}
	return t.eachContact(func(p *people.Person) error { return t.reindex(nil, p) })
}

// formatPhones derives the form of every phone number that has another, or none, by now.
func (t *tx) formatPhones() error {
	type phone struct{ ws, id, old, form string }
	all, err := list(t, `SELECT workspace, id, phone_e164, phone FROM people WHERE phone IS NOT NULL`, nil, func(r row) (phone, error) {
		return phone{r.text(0), r.text(1), r.text(2), enrich.E164(r.text(3))}, nil
	})
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.form == p.old {
			continue
		}
		if err := t.exec(`UPDATE people SET phone_e164 = $3 WHERE workspace = $1 AND id = $2`, []any{p.ws, p.id, orNil(p.form)}); err != nil {
			return err
		}
	}
	return nil
}

// rekeyEmails derives the key of every email address that has another by now. Of active users without an external id only one
// may have an address: another that thereby got it keeps the old key, since only people can tell whether the two are one.
func (t *tx) rekeyEmails() error {
	type address struct{ ws, id, old, key string }
	all, err := list(t, `SELECT workspace, id, email_key, email FROM people WHERE email IS NOT NULL`, nil, func(r row) (address, error) {
		return address{r.text(0), r.text(1), r.text(2), workspace.EmailKey(r.text(3))}, nil
	})
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.key == a.old {
			continue
		}
		err := t.exec(`UPDATE people SET email_key = $3 WHERE workspace = $1 AND id = $2 AND NOT (
			role = 'user' AND state IS NULL AND external_id IS NULL AND EXISTS (
				SELECT 1 FROM people o
				WHERE o.workspace = $1 AND o.email_key = $3 AND o.role = 'user' AND o.state IS NULL AND o.external_id IS NULL))`,
			[]any{a.ws, a.id, orNil(a.key)})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachContact calls do for every live contact of every workspace.
func (t *tx) eachContact(do func(*people.Person) error) error {
	spaces, err := list(t, `SELECT id FROM workspaces ORDER BY id`, nil, func(r row) (workspace.ID, error) {
		return workspace.ID(r.text(0)), nil
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
			before = page[len(page)-1].ID
		}
	}
	return nil
}

// checkSearchKeys compares the keys with the contacts: each contact has the keys that it should have, and there are no
// others.
func checkSearchKeys(on session, found *[]Finding) error {
	t := &tx{session: on}
	expected := map[workspace.ID]int64{}
	err := t.eachContact(func(p *people.Person) error {
		for field, key := range p.SearchKeys() {
			expected[p.Workspace]++
			has := false
			err := t.query(`SELECT role, created_at, signed_up_at FROM search_keys
				WHERE workspace = $1 AND field = $2 AND key = $3 AND contact_id = $4`,
				[]any{string(p.Workspace), field, key, p.ID}, func(r row) error {
					has = r.text(0) == string(p.Role) && r.text(1) == p.SearchKey("created_at") && r.text(2) == p.SearchKey("signed_up_at")
					return nil
				})
			if err != nil {
				return err
			}
			if !has && len(*found) < 100 {
				*found = append(*found, Finding{"search", string(p.Workspace), p.ID, "a contact that cannot be found by its " + field})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return t.query(`SELECT workspace, count(*) FROM search_keys GROUP BY workspace`, nil, func(r row) error {
		if ws := r.text(0); r.int(1) > expected[workspace.ID(ws)] && len(*found) < 100 {
			*found = append(*found, Finding{"search", ws, "", "keys of contacts that do not have them"})
		}
		return nil
	})
}

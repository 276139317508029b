package sqlstore

import (
	"errors"
	"fmt"
	"slices"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// batch is how many people are handled at once where all of them are.
const batch = 500

// backfill does what migrations leave to be done. The table chores has the names of what is left.
func (t *tx) backfill() error {
	// A start must not write when nothing is left, since it would do so on every node of a cluster.
	left, err := sqlengine.List(t, `SELECT name FROM chores`, nil, func(r sqlengine.Row) (string, error) { return r.Text(0), nil })
	if err != nil {
		return err
	}
	for _, task := range []struct {
		name string
		do   func() error
	}{
		{"phones", t.formatPhones},
		{"email_keys", t.rekeyEmails},
		{"search_keys", t.reindexAll}, // the formatted phone is one of the keys
		{"statistics", t.countParts},
	} {
		if !slices.Contains(left, task.name) {
			continue
		}
		// When servers start together, the others wait here.
		isMine, err := t.Insert(`DELETE FROM chores WHERE name = $1`, []any{task.name})
		if err != nil {
			return err
		}
		if !isMine {
			continue
		}
		if err := task.do(); err != nil {
			return fmt.Errorf("backfill of %s: %w", task.name, err)
		}
	}
	return nil
}

func (t *tx) reindexAll() error {
	if !keepsKeys(t.dialect) {
		return nil
	}
	if err := t.Exec(`DELETE FROM search_keys`, nil); err != nil {
		return err
	}
	return t.eachContact(func(p *people.Person) error { return t.rekey(nil, p) })
}

// errNoPhoneFormat: there are numbers to format, and the store was opened without WithPhoneFormat.
var errNoPhoneFormat = errors.New("nothing formats the phone numbers")

// formatPhones derives the form of every phone number whose stored form is another, or missing.
func (t *tx) formatPhones() error {
	type phone struct{ ws, id, old, number string }
	all, err := sqlengine.List(t, `SELECT workspace, id, phone_e164, phone FROM people WHERE phone IS NOT NULL`, nil, func(r sqlengine.Row) (phone, error) {
		if t.formatPhone == nil {
			return phone{}, errNoPhoneFormat
		}
		return phone{r.Text(0), r.Text(1), r.Text(2), t.e164(r.Text(3))}, nil
	})
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.number == p.old {
			continue
		}
		if err := t.Exec(`UPDATE people SET phone_e164 = $3 WHERE workspace = $1 AND id = $2`, []any{p.ws, p.id, sqlengine.OrNil(p.number)}); err != nil {
			return err
		}
	}
	return nil
}

// rekeyEmails derives the key of every email address whose stored key is another. Of active users without an external id
// only one may have an address: a second one that would thereby get it keeps the old key, since only people can tell
// whether the two are one.
func (t *tx) rekeyEmails() error {
	type address struct{ ws, id, old, key string }
	all, err := sqlengine.List(t, `SELECT workspace, id, email_key, email FROM people WHERE email IS NOT NULL`, nil, func(r sqlengine.Row) (address, error) {
		return address{r.Text(0), r.Text(1), r.Text(2), workspace.EmailKey(r.Text(3))}, nil
	})
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.key == a.old {
			continue
		}
		err := t.Exec(`UPDATE people SET email_key = $3 WHERE workspace = $1 AND id = $2 AND NOT (
			role = 'user' AND state IS NULL AND external_id IS NULL AND EXISTS (
				SELECT 1 FROM people o
				WHERE o.workspace = $1 AND o.email_key = $3 AND o.role = 'user' AND o.state IS NULL AND o.external_id IS NULL))`,
			[]any{a.ws, a.id, sqlengine.OrNil(a.key)})
		if err != nil {
			return err
		}
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

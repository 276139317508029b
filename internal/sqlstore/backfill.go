package sqlstore

import (
	"errors"
	"fmt"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// batch is how many people are handled at once where all of them are.
const batch = 500

// backfill does what migrations leave to be done. The table chores has the names of what is left.
func (t *tx) backfill() error {
	for _, task := range []struct {
		name string
		do   func() error
	}{
		{"phones", t.formatPhones},
		{"search_keys", t.reindexAll}, // the formatted phone is one of the keys
	} {
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
	if err := t.Exec(`DELETE FROM search_keys`, nil); err != nil {
		return err
	}
	return t.eachContact(func(p *people.Person) error { return t.reindex(nil, p) })
}

// errNoPhoneFormat: there are numbers to format, and the store was opened without WithPhoneFormat.
var errNoPhoneFormat = errors.New("nothing formats the phone numbers")

// formatPhones derives the form of every phone number that was stored before there was one.
func (t *tx) formatPhones() error {
	type phone struct{ ws, id, number string }
	all, err := sqlengine.List(t, `SELECT workspace, id, phone FROM people WHERE phone IS NOT NULL`, nil, func(r sqlengine.Row) (phone, error) {
		if t.formatPhone == nil {
			return phone{}, errNoPhoneFormat
		}
		return phone{r.Text(0), r.Text(1), t.e164(r.Text(2))}, nil
	})
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.number == "" {
			continue
		}
		if err := t.Exec(`UPDATE people SET phone_e164 = $3 WHERE workspace = $1 AND id = $2`, []any{p.ws, p.id, p.number}); err != nil {
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
			before = page[len(page)-1].ID
		}
	}
	return nil
}

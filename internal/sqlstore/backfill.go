package sqlstore

import (
	"lobby/internal/enrich"
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// batch is how many people are handled at once where all are.
const batch = 500

// backfills does what migrations have left to do.
func backfills(on sqlengine.Session, d sqlengine.Dialect) error {
	t := &tx{Session: on, dialect: d}
	for _, chore := range []struct {
		name string
		do   func() error
	}{
		{"phones", t.formatPhones},
		{"search_keys", t.reindexAll}, // the formatted phone is one of the keys
	} {
		// Of servers that start together, the others wait here.
		mine, err := on.Insert(`DELETE FROM chores WHERE name = $1`, []any{chore.name})
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
	if err := t.Exec(`DELETE FROM search_keys`, nil); err != nil {
		return err
	}
	return t.eachContact(func(p *people.Person) error { return t.reindex(nil, p) })
}

// formatPhones derives the form of every phone number that was stored before there was one.
func (t *tx) formatPhones() error {
	type phone struct{ ws, id, number string }
	all, err := sqlengine.List(t, `SELECT workspace, id, phone FROM people WHERE phone IS NOT NULL`, nil, func(r sqlengine.Row) (phone, error) {
		return phone{r.Text(0), r.Text(1), enrich.E164(r.Text(2))}, nil
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

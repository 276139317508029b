package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// batch is how many people are handled at once where all of them are, and backfillRows is how many a step of a backfill reads.
const (
	batch        = 500
	backfillRows = 2000
)

// The backfills. While one is not done, what depends on it is answered without it, or is refused for the moment.
const (
	statisticsLeft = "statistics"  // no conversation is read
	emailKeysLeft  = "email_keys"  // nobody is looked up by an address, and nobody gets one
	phonesLeft     = "phones"      // numbers are formatted when they are read
	searchKeysLeft = "search_keys" // searches read rows
)

// backfills returns what migrations leave to be done. What others wait for comes first.
func (o options) backfills() []sqlengine.Backfill {
	of := func(name, table string, step func(t *tx, after []string) (next []string, rows int64, err error)) sqlengine.Backfill {
		return sqlengine.Backfill{Name: name, Table: table, Step: func(on sqlengine.Session, d sqlengine.Dialect, after string) (string, int64, error) {
			var at []string
			if after != "" {
				if err := json.Unmarshal([]byte(after), &at); err != nil {
					return "", 0, err
				}
			}
			next, rows, err := step(&tx{Session: on, lock: d.Locks, dialect: d, formatPhone: o.formatPhone, index: o.index}, at)
			if err != nil || next == nil {
				return "", rows, err
			}
			position, err := json.Marshal(next)
			return string(position), rows, err
		}}
	}
	return []sqlengine.Backfill{
		of(statisticsLeft, "conversations", (*tx).countParts),
		of(emailKeysLeft, personTable, (*tx).rekeyEmails),
		of(phonesLeft, personTable, (*tx).formatPhones),
		of(searchKeysLeft, personTable, (*tx).rekeyContacts), // the formatted phone is one of the keys
	}
}

// leftovers are the names of the backfills that are not done, as far as this process knows. Those that others have done
// meanwhile do no harm.
type leftovers struct {
	atomic.Pointer[map[string]bool]
}

func (l *leftovers) set(all []sqlengine.Progress) {
	var names map[string]bool
	if len(all) > 0 {
		names = make(map[string]bool, len(all))
	}
	for _, p := range all {
		names[p.Name] = true
	}
	l.Store(&names)
}

// errUpgrading refuses what needs the data of a backfill that is not done.
var errUpgrading = fmt.Errorf("%w: an upgrade of the database is under way", workspace.ErrUnavailable)

// Backfill does what migrations have left to be done, until all of it is done. It calls tell after each step with the
// table, the number of its rows that are done, and the number of all when it began. It may run on several servers at once.
func (s *Store) Backfill(ctx context.Context, tell func(name string, done, total int64)) error {
	name, total := "", int64(0)
	for len(*s.left.Load()) > 0 {
		left, err := s.schema.Step(ctx, s.engine)
		if err != nil {
			return translated(err)
		}
		s.left.set(left)
		if len(left) == 0 {
			return nil
		}
		if left[0].Name != name {
			name = left[0].Name
			err := s.engine.ReadLong(ctx, func(on sqlengine.Session) (err error) {
				total, err = sqlengine.Number(on, `SELECT count(*) FROM `+left[0].Table, nil)
				return err
			})
			if err != nil {
				return translated(err)
			}
		}
		tell(name, left[0].Rows, total)
	}
	return nil
}

// nextPeople reads the next people after a position, with some columns. It returns the position of the last one, nil when no
// people are left, and how many it has read.
func (t *tx) nextPeople(after []string, columns, lock string, each func(r sqlengine.Row, ws, id string) error) (next []string, rows int64, err error) {
	if len(after) == 0 {
		after = []string{"", ""}
	}
	workspaceColumn := strings.Count(columns, ",") + 1
	err = t.Query(fmt.Sprintf(`SELECT %s, workspace, id FROM people WHERE (workspace, id) > ($1, $2) ORDER BY workspace, id LIMIT %d%s`,
		columns, backfillRows, lock), []any{after[0], after[1]}, func(r sqlengine.Row) error {
		rows++
		next = []string{r.Text(workspaceColumn), r.Text(workspaceColumn + 1)}
		return each(r, next[0], next[1])
	})
	if rows < backfillRows {
		next = nil
	}
	return next, rows, err
}

// staleRow is a person whose derived column is to get a value.
type staleRow struct{ ws, id, from, value string }

// errNoPhoneFormat: there are numbers to format, and the store was opened without WithPhoneFormat.
var errNoPhoneFormat = errors.New("nothing formats the phone numbers")

// formatPhones derives the form of every phone number whose stored form is another, or missing.
func (t *tx) formatPhones(after []string) ([]string, int64, error) {
	var stale []staleRow
	next, rows, err := t.nextPeople(after, "phone, phone_e164", "", func(r sqlengine.Row, ws, id string) error {
		phone := r.Text(0)
		if phone != "" && t.formatPhone == nil {
			return errNoPhoneFormat
		}
		if number := t.e164(phone); phone != "" && number != r.Text(1) {
			stale = append(stale, staleRow{ws, id, phone, number})
		}
		return nil
	})
	for _, p := range stale {
		if err == nil { // unless another server has changed the number meanwhile
			err = t.Exec(`UPDATE people SET phone_e164 = $3 WHERE workspace = $1 AND id = $2 AND phone = $4`, []any{p.ws, p.id, sqlengine.OrNil(p.value), p.from})
		}
	}
	return next, rows, err
}

// rekeyEmails derives the key of every email address whose stored key is another. Of active users without an external id
// only one may have an address: a second one that would thereby get it keeps the old key, since only people can tell
// whether the two are one.
func (t *tx) rekeyEmails(after []string) ([]string, int64, error) {
	var stale []staleRow
	next, rows, err := t.nextPeople(after, "email, email_key", "", func(r sqlengine.Row, ws, id string) error {
		email := r.Text(0)
		if key := workspace.EmailKey(email); email != "" && key != r.Text(1) {
			stale = append(stale, staleRow{ws, id, email, key})
		}
		return nil
	})
	for _, p := range stale {
		if err == nil {
			err = t.Exec(`UPDATE people SET email_key = $3 WHERE workspace = $1 AND id = $2 AND email = $4 AND NOT (
				role = 'user' AND state IS NULL AND external_id IS NULL AND EXISTS (
					SELECT 1 FROM people o
					WHERE o.workspace = $1 AND o.email_key = $3 AND o.role = 'user' AND o.state IS NULL AND o.external_id IS NULL))`,
				[]any{p.ws, p.id, sqlengine.OrNil(p.value), p.from})
		}
	}
	return next, rows, err
}

// rekeyContacts makes the search keys of all contacts anew. It drops the old ones first, because what they were made of is
// not known any more.
func (t *tx) rekeyContacts(after []string) ([]string, int64, error) {
	if !keepsKeys(t.dialect) {
		return nil, 0, nil
	}
	if len(after) != 2 {
		if next, err := t.dropKeys(after); next != nil || err != nil {
			return next, 0, err
		}
		after = nil
	}
	var contacts []*people.Person
	next, rows, err := t.nextPeople(after, personColumns+", phone_e164", sqlengine.ForUpdate, func(r sqlengine.Row, ws, _ string) error {
		p := &people.Person{Workspace: workspace.ID(ws)}
		err := t.readFields(r, p)
		if p.IsLiveContact() {
			contacts = append(contacts, p)
		}
		return err
	})
	for _, p := range contacts {
		if err == nil {
			err = t.rekey(nil, p)
		}
	}
	return next, rows, err
}

// dropKeys deletes the next search keys after a position, in the order of their primary key. It returns where the last one
// was, nil when no keys are left.
func (t *tx) dropKeys(after []string) (next []string, err error) {
	const key = `(workspace, field, key, created_at, contact_id)`
	args := []any{"", "", "", "", ""}
	for i, column := range after {
		args[i] = column
	}
	err = t.Query(fmt.Sprintf(`SELECT workspace, field, key, created_at, contact_id FROM search_keys WHERE `+key+` > ($1, $2, $3, $4, $5)
		ORDER BY workspace, field, key, created_at, contact_id LIMIT 1 OFFSET %d`, 5*backfillRows), args, func(r sqlengine.Row) error {
		next = []string{r.Text(0), r.Text(1), r.Text(2), r.Text(3), r.Text(4)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	sql := `DELETE FROM search_keys WHERE ` + key + ` > ($1, $2, $3, $4, $5)`
	if next == nil {
		return nil, t.Exec(sql, args)
	}
	for _, column := range next {
		args = append(args, column)
	}
	return next, t.Exec(sql+` AND `+key+` <= ($6, $7, $8, $9, $10)`, args)
}

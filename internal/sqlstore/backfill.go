package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// batch is how many people are handled at once where all of them are.
const batch = 500

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
		return sqlengine.Backfill{Name: name, Table: table, Step: func(on sqlengine.Session, d sqlengine.Dialect, after []string, isAgain bool) ([]string, int64, error) {
			return step(&tx{Session: on, lock: d.Locks, dialect: d, formatPhone: o.formatPhone, index: o.index, mayHaveKeys: isAgain}, after)
		}}
	}
	return []sqlengine.Backfill{
		of(statisticsLeft, conversationTable, (*tx).countParts),
		of(emailKeysLeft, personTable, (*tx).rekeyEmails),
		of(phonesLeft, personTable, (*tx).formatPhones),
		of(searchKeysLeft, personTable, (*tx).rekeyContacts), // the formatted phone is one of the keys
	}
}

// errUpgrading refuses what needs the data of a backfill that is not done.
var errUpgrading = fmt.Errorf("%w: an upgrade of the database is under way", workspace.ErrUnavailable)

// Backfill does what migrations have left to do; see [sqlengine.Schema.Finish].
func (s *Store) Backfill(ctx context.Context, tell func(name string, done, total int64)) error {
	return translated(s.schema.Finish(ctx, s.engine, tell))
}

// What backfills walk through.
var (
	allPeople = sqlengine.Walk{Table: personTable, Key: []string{"workspace", "id"}, Rows: 2000}
	allKeys   = sqlengine.Walk{Table: "search_keys", Key: []string{"workspace", "field", "key", "created_at", "contact_id"}, Rows: 10_000}
)

// staleRow is a person whose derived column is to get a value.
type staleRow struct{ ws, id, from, value string }

// errNoPhoneFormat: there are numbers to format, and the store was opened without WithPhoneFormat.
var errNoPhoneFormat = errors.New("nothing formats the phone numbers")

// formatPhones derives the form of every phone number whose stored form is another, or missing.
func (t *tx) formatPhones(after []string) ([]string, int64, error) {
	var stale []staleRow
	next, rows, err := allPeople.Next(t, after, "phone, phone_e164", "", func(r sqlengine.Row, key []string) error {
		phone := r.Text(0)
		if phone != "" && t.formatPhone == nil {
			return errNoPhoneFormat
		}
		if number := t.e164(phone); phone != "" && number != r.Text(1) {
			stale = append(stale, staleRow{key[0], key[1], phone, number})
		}
		return nil
	})
	for _, p := range stale {
		if err == nil { // unless another server has changed the number meanwhile
			err = t.Exec(`UPDATE people SET phone_e164 = $3, phone_again = `+again("phone_e164", 3, 1, 2)+`
				WHERE workspace = $1 AND id = $2 AND phone = $4`, []any{p.ws, p.id, sqlengine.OrNil(p.value), p.from})
		}
	}
	return next, rows, err
}

// rekeyEmails derives the key of every email address whose stored key is another. Of active users without an external id
// only one may have an address: a second one that would thereby get it keeps the old key, since only people can tell
// whether the two are one.
func (t *tx) rekeyEmails(after []string) ([]string, int64, error) {
	var stale []staleRow
	next, rows, err := allPeople.Next(t, after, "email, email_key", "", func(r sqlengine.Row, key []string) error {
		email := r.Text(0)
		if now := workspace.EmailKey(email); email != "" && now != r.Text(1) {
			stale = append(stale, staleRow{key[0], key[1], email, now})
		}
		return nil
	})
	for _, p := range stale {
		if err == nil {
			err = t.Exec(`UPDATE people SET email_key = $3, email_again = `+again("email_key", 3, 1, 2)+`
				WHERE workspace = $1 AND id = $2 AND email = $4 AND NOT (
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
		if next, err := allKeys.Drop(t, after); next != nil || err != nil {
			return next, 0, err
		}
		after = nil
	}
	var contacts []*people.Person
	next, rows, err := allPeople.Next(t, after, personColumns+", phone_e164", sqlengine.ForUpdate, func(r sqlengine.Row, key []string) error {
		p := &people.Person{Workspace: workspace.ID(key[0])}
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

package sqlstore

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/people"
	"lobby/internal/personindex"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// personRecords are joined in [records]. An import inserts people by [tx.InsertPerson].
var personRecords = []record{{
	name: "person", table: personTable, order: "id", columns: personRecordColumns(),
	derived:  []derivedColumn{{"email_key", "email", workspace.EmailKey}, {"phone_e164", "phone", nil}},
	computed: []string{"email_again", "phone_again"},
}}

const personTable = "people"

func personRecordColumns() []recordColumn {
	var all []recordColumn
	for i := range people.Fields {
		all = append(all, fieldColumn(&people.Fields[i].Column))
	}
	for i := range all {
		switch all[i].name {
		case "role":
			all[i] = all[i].key().among(string(people.Visitor), string(people.Lead), string(people.User))
		case "state":
			all[i] = all[i].among(string(people.Archived), string(people.Blocked), string(people.Merged))
		}
	}
	return all
}

// personColumns are the columns of people.Fields. The workspace is missing, because every query knows it.
var personColumns = columnNames(people.Fields)

func columnNames(fields []people.Field) string {
	names := make([]string, 0, len(fields))
	for i := range fields {
		names = append(names, fields[i].Name)
	}
	return strings.Join(names, ", ")
}

// selectPerson begins every query for persons.
var selectPerson = "SELECT " + personColumns + ", phone_e164" + fromPeople

const fromPeople = " FROM people WHERE workspace = $1 "

// lookUp is a query for persons by one key: as it is, and with the lock that a writer takes. Most writers need the version
// of the definitions next, so it comes along.
type lookUp struct{ plain, locking string }

func newLookUp(where string) lookUp {
	return lookUp{
		selectPerson + where,
		"SELECT " + personColumns + ", phone_e164, " + definitionsVersion + " AS definitions" + fromPeople + where + sqlengine.ForUpdate,
	}
}

// These repeat the conditions of the indexes on identifiers, because a database uses a partial index only when the query
// has its condition.
var (
	byID          = newLookUp("AND id = $2")
	byAnonymousID = newLookUp("AND anonymous_id = $2")
	byExternalID  = newLookUpIn("AND external_id = $2 AND state IS NULL", "AND external_id = $2 AND state IS NOT NULL")
	byEmail       = newLookUpIn("AND email_key = $2"+aloneWithEmail, "AND email_key = $2"+othersWithEmail)
)

// newLookUpIn is newLookUp for a key that is in two indexes: the unique one, and that of the rest. Only a query of its own
// can lock what it finds, so each is one within the other. The last row has the version alone: what follows must take
// equally long whether somebody is found or not.
func newLookUpIn(unique, rest string) lookUp {
	u, r := newLookUp(unique), newLookUp(rest)
	return lookUp{
		u.plain + " UNION ALL " + r.plain,
		"SELECT * FROM (" + u.locking + ") AS found UNION ALL SELECT * FROM (" + r.locking + ") AS others UNION ALL SELECT " +
			strings.Repeat("NULL, ", len(people.Fields)+1) + "definitions FROM workspaces WHERE id = $1",
	}
}

// The conditions of the two indexes on email addresses.
const (
	aloneWithEmail  = " AND role = 'user' AND state IS NULL AND external_id IS NULL"
	othersWithEmail = " AND (role <> 'user' OR state IS NOT NULL OR external_id IS NOT NULL)"
)

// people runs a look-up.
func (t *tx) people(q lookUp, ws workspace.ID, key string) ([]*people.Person, error) {
	return t.peopleBy(q, ws, key, t.lock)
}

func (t *tx) peopleBy(q lookUp, ws workspace.ID, key string, lock bool) ([]*people.Person, error) {
	read := t.readPerson(ws)
	if !lock {
		return sqlengine.List(t, q.plain, []any{string(ws), key}, read)
	}
	var all []*people.Person
	err := t.Query(q.locking, []any{string(ws), key}, func(r sqlengine.Row) error {
		t.definitions.note(ws, r.Int(len(people.Fields)+1))
		p, err := read(r)
		if p != nil && p.ID != "" {
			all = append(all, p)
		}
		return err
	})
	return all, err
}

// person is people for a key that at most one person has. It returns nil when there is none.
func (t *tx) person(q lookUp, ws workspace.ID, key string) (*people.Person, error) {
	all, err := t.people(q, ws, key)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// insertPerson writes every column, and what is derived from the email address and the phone number.
var insertPerson = func() string {
	n := len(people.Fields)
	id := 1 + slices.IndexFunc(people.Fields, func(f people.Field) bool { return f.Name == "id" })
	return "INSERT INTO people (" + personColumns + ", workspace, email_key, phone_e164, email_again, phone_again) VALUES (" +
		marks(1, n+3) + ", " + again("email_key", n+2, n+1, id) + ", " + again("phone_e164", n+3, n+1, id) + ")"
}()

// again is 1 where another record of the workspace has a value in a column, and otherwise null. The numbers are those of the
// arguments. Where writers do not see each other, a unique index lets only one of them write null.
func again(column string, value, ws, id int) string {
	return fmt.Sprintf("(SELECT 1 FROM people o WHERE o.workspace = $%d AND o.%s = $%d AND o.id <> $%d LIMIT 1)", ws, column, value, id)
}

func (t *tx) readPerson(ws workspace.ID) func(sqlengine.Row) (*people.Person, error) {
	read := t.readRow(ws)
	return func(r sqlengine.Row) (*people.Person, error) {
		p, err := read(r)
		if err != nil {
			return nil, err
		}
		return t.showing(p), nil
	}
}

// showing returns the person of a row with what waits to be written of it.
func (t *tx) showing(p *people.Person) *people.Person {
	if p.IsLiveVisitor() {
		p.LastSeenAt = max(p.LastSeenAt, t.touches.Seen(visitorKey{p.Workspace, p.ID}))
	}
	return p
}

// readRow reads a person as the row has it.
func (t *tx) readRow(ws workspace.ID) func(sqlengine.Row) (*people.Person, error) {
	return func(r sqlengine.Row) (*people.Person, error) {
		p := &people.Person{Workspace: ws}
		return p, t.readFields(r, p)
	}
}

// readFields reads what a row has of a person, who is blank.
func (t *tx) readFields(r sqlengine.Row, p *people.Person) error {
	for i := range people.Fields {
		if err := readColumn(r, i, &people.Fields[i].Column, p); err != nil {
			return fmt.Errorf("%s of %s: %w", people.Fields[i].Name, p.ID, err)
		}
	}
	if p.FormattedPhone = r.Text(len(people.Fields)); t.left[phonesLeft] {
		p.FormattedPhone = t.e164(p.Phone)
	}
	return nil
}

func (t *tx) Person(ws workspace.ID, id string) (*people.Person, error) {
	return t.cachedPerson(byID, ws, id)
}

func (t *tx) PersonByAnonymousID(ws workspace.ID, anonymousID string) (*people.Person, error) {
	return t.cachedPerson(byAnonymousID, ws, anonymousID)
}

func (t *tx) ContactsByExternalID(ws workspace.ID, externalID string) ([]*people.Person, error) {
	return t.byIdentifier(byExternalID, ws, externalID, t.lock)
}

func (t *tx) PeopleByEmail(ws workspace.ID, email string) ([]*people.Person, error) {
	if t.left[emailKeysLeft] {
		return nil, errUpgrading
	}
	return t.byIdentifier(byEmail, ws, workspace.EmailKey(email), false)
}

// byIdentifier looks an identifier up. A conversion looks the same one up twice, to find and to refuse; a writer on a server
// elsewhere asks once.
func (t *tx) byIdentifier(q lookUp, ws workspace.ID, key string, lock bool) ([]*people.Person, error) {
	as := identifier{q.plain, ws, key}
	if t.lock && t.found.identifier == as {
		return slices.Clone(t.found.people), nil
	}
	all, err := t.peopleBy(q, ws, key, lock)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, activeFirst)
	t.found = found{as, slices.Clone(all)}
	return all, nil
}

// identifier is what a look-up looks for.
type identifier struct {
	sql string
	ws  workspace.ID
	key string
}

// found is what the last look-up by an identifier has found. It is forgotten when a person changes.
type found struct {
	identifier
	people []*people.Person
}

// activeFirst compares records with the same identifier by importance: active ones first, of these those that a page
// alone does not vouch for, then the latest seen.
func activeFirst(p, q *people.Person) int {
	active := func(p *people.Person) int {
		if p.State == people.Active {
			return 0
		}
		return 1
	}
	unverified := func(p *people.Person) int {
		if p.Unverified {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(active(p), active(q)), cmp.Compare(unverified(p), unverified(q)), cmp.Compare(q.LastSeenAt, p.LastSeenAt),
		cmp.Compare(q.UpdatedAt, p.UpdatedAt), cmp.Compare(p.ID, q.ID),
	)
}

func (t *tx) Visitors(ws workspace.ID, f people.VisitorFilter, limit int) ([]*people.Person, error) {
	where := strings.Builder{}
	args := []any{string(ws)}
	if f.Before != "" {
		before, err := t.placeIn(personTable, ws, f.Before)
		if err != nil {
			return nil, err
		}
		args = append(args, before.createdAt, before.id)
		where.WriteString(" AND (created_at, id) < ($2, $3)")
	}
	narrow := func(condition string, value any) {
		args = append(args, value)
		where.WriteString(" AND " + condition + " $" + strconv.Itoa(len(args)))
	}
	if f.Email != "" && t.left[emailKeysLeft] {
		return nil, errUpgrading
	}
	if f.Email != "" {
		narrow("email_key =", workspace.EmailKey(f.Email))
	}
	if f.Name != "" {
		narrow("name =", f.Name)
	}
	for _, bound := range []struct {
		condition string
		at        int64
	}{
		{"created_at >=", f.CreatedAfter},
		{"created_at <=", f.CreatedBefore},
		{"last_seen_at >=", f.LastRequestAfter},
		{"last_seen_at <=", f.LastRequestBefore},
		{"updated_at >=", f.UpdatedAfter},
		{"updated_at <=", f.UpdatedBefore},
	} {
		if bound.at != 0 {
			narrow(bound.condition, bound.at)
		}
	}
	sql := selectPerson + "AND role = 'visitor' AND state IS NULL" + where.String() + newestFirst + " LIMIT " + strconv.Itoa(limit)
	return sqlengine.List(t, sql, args, t.readPerson(ws))
}

// newestFirst is the order of lists by age. They walk an index that has it, so that a page is read without sorting.
const newestFirst = " ORDER BY created_at DESC, id DESC"

// forgotten walks the index of lists by age. One by the time of the last visit would be written at every visit and read
// once an hour.
const forgotten = `SELECT id, created_at FROM people WHERE workspace = $1 AND (created_at, id) > ($2, $3) AND created_at < $4
	AND role = 'visitor' AND state IS NULL AND (last_seen_at IS NULL OR last_seen_at < $4) ORDER BY created_at, id LIMIT $5`

func (t *tx) VisitorsUnseenSince(ws workspace.ID, before int64, after string, limit int) (ids []string, last string, err error) {
	from, err := t.placeIn(personTable, ws, after)
	if err != nil {
		return nil, "", err
	}
	ids, err = sqlengine.List(t, forgotten, []any{string(ws), from.createdAt, from.id, before, int64(limit)}, func(r sqlengine.Row) (string, error) {
		id := r.Text(0)
		last = workspace.ListPlace(id, r.Int(1))
		return id, nil
	})
	return ids, last, err
}

// liveContacts is the condition of those that the Contacts API shows.
const liveContacts = "AND role <> 'visitor' AND state IS NULL"

var (
	newestContacts = selectPerson + liveContacts + newestFirst + " LIMIT $2"
	olderContacts  = selectPerson + liveContacts + " AND (created_at, id) < ($3, $4)" + newestFirst + " LIMIT $2"
)

func (t *tx) Contacts(ws workspace.ID, before string, limit int) ([]*people.Person, error) {
	if before == "" {
		return sqlengine.List(t, newestContacts, []any{string(ws), int64(limit)}, t.readPerson(ws))
	}
	at, err := t.placeIn(personTable, ws, before)
	if err != nil {
		return nil, err
	}
	return sqlengine.List(t, olderContacts, []any{string(ws), int64(limit), at.createdAt, at.id}, t.readPerson(ws))
}

// errNotCommitted says that the index lacks what the same transaction has changed.
var errNotCommitted = errors.New("people were changed who are not in the index yet")

// countContacts counts the contacts on either side of a place, each once. It reads search keys, which are shorter than
// people and belong to contacts only.
const countContacts = `SELECT
	(SELECT count(*) FROM search_keys WHERE workspace = $1 AND field = 'role' AND key IN ('lead', 'user') AND (created_at, contact_id) >= ($2, $3)),
	(SELECT count(*) FROM search_keys WHERE workspace = $1 AND field = 'role' AND key IN ('lead', 'user') AND (created_at, contact_id) < ($2, $3))`

// countRows is countContacts where there are no search keys.
const countRows = `SELECT
	(SELECT count(*) FROM people WHERE workspace = $1 AND role <> 'visitor' AND state IS NULL AND (created_at, id) >= ($2, $3)),
	(SELECT count(*) FROM people WHERE workspace = $1 AND role <> 'visitor' AND state IS NULL AND (created_at, id) < ($2, $3))`

func (t *tx) CountContacts(ws workspace.ID, until string) (all, shown int, err error) {
	at, err := t.placeIn(personTable, ws, until)
	if err != nil {
		return 0, 0, err
	}
	has, err := t.askIndex(ws, func(x *personindex.Index, changed []string) error {
		if len(changed) > 0 {
			return errNotCommitted
		}
		all, shown = x.Count(string(ws), personindex.Contacts, search.Place{Created: createdKey(at.createdAt), ID: at.id})
		return nil
	})
	if err != nil && !errors.Is(err, errNotCommitted) {
		return 0, 0, err
	}
	if !has || err != nil {
		if t.mustAwait() {
			return 0, 0, errAwaitIndex
		}
		if all, shown, err = t.countStored(ws, at); err != nil {
			return 0, 0, err
		}
	}
	if until == "" { // the list begins
		shown = 0
	}
	return all, shown, nil
}

// countStored is CountContacts without an index in memory.
func (t *tx) countStored(ws workspace.ID, until place) (all, shown int, err error) {
	count, args := countRows, []any{string(ws), until.createdAt, until.id}
	if t.hasKeys() {
		count, args[1] = countContacts, createdKey(until.createdAt)
	}
	err = t.Query(count, args, func(r sqlengine.Row) error {
		all, shown = int(r.Int(0)+r.Int(1)), int(r.Int(0))
		return nil
	})
	return all, shown, err
}

func (t *tx) InsertPerson(p *people.Person) error {
	if p.Email != "" && t.left[emailKeysLeft] {
		return errUpgrading
	}
	t.args = slices.Grow(t.args[:0], len(people.Fields)+3)
	for i := range people.Fields {
		t.args = append(t.args, column(&people.Fields[i].Column, p))
	}
	t.found = found{}
	p.FormattedPhone = t.e164(p.Phone)
	t.args = append(t.args, string(p.Workspace), sqlengine.OrNil(workspace.EmailKey(p.Email)), sqlengine.OrNil(p.FormattedPhone))
	if err := t.Exec(insertPerson, t.args); err != nil {
		return err
	}
	return t.reindex(nil, p)
}

// e164 returns the E.164 form of a phone number, or "" for none.
func (t *tx) e164(phone string) string {
	if t.formatPhone == nil {
		return ""
	}
	return t.formatPhone(phone)
}

// UpdatePerson names only the columns that changed, because a database rewrites the indexes of every column that is
// named.
func (t *tx) UpdatePerson(before, after *people.Person) error {
	sql := make([]byte, 0, 128)
	sql = append(sql, "UPDATE people SET "...)
	args := make([]any, 2, 8)
	args[0], args[1] = string(before.Workspace), before.ID
	set := func(name string, value any) {
		if len(args) > 2 {
			sql = append(sql, ", "...)
		}
		args = append(args, value)
		sql = append(sql, name...)
		sql = append(sql, " = $"...)
		sql = strconv.AppendInt(sql, int64(len(args)), 10)
	}
	row := t.cachedRow(before)
	for i := range people.Fields {
		if f := &people.Fields[i]; !f.Equal(before, after) {
			set(f.Name, column(&f.Column, after))
			f.Copy(row, after)
		}
	}
	if seen := t.touches.Seen(visitorKey{before.Workspace, before.ID}); seen != 0 && seen == before.LastSeenAt && seen == after.LastSeenAt {
		set("last_seen_at", seen) // as both images have it, but not the row yet
		row.LastSeenAt = seen
		t.noteChange(before.Workspace, seenChange(listOf(after), before.ID, seen))
	}
	if before.Email != after.Email && t.left[emailKeysLeft] {
		return errUpgrading
	}
	if before.Email != after.Email {
		set("email_key", sqlengine.OrNil(workspace.EmailKey(after.Email)))
		sql = append(sql, ", email_again = "+again("email_key", len(args), 1, 2)...)
	}
	if before.Phone != after.Phone {
		after.FormattedPhone = t.e164(after.Phone)
		row.FormattedPhone = after.FormattedPhone
		set("phone_e164", sqlengine.OrNil(after.FormattedPhone))
		sql = append(sql, ", phone_again = "+again("phone_e164", len(args), 1, 2)...)
	}
	if len(args) == 2 {
		return nil
	}
	t.found = found{}
	err := t.counting(before, after, func() error {
		return t.Exec(string(append(sql, whereOnePerson...)), args)
	})
	if err != nil {
		return err
	}
	t.cacheRow(row)
	return t.reindex(before, after)
}

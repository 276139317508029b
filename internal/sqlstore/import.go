package sqlstore

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// Importer adds the records of an export to a database, in one transaction.
type Importer struct {
	tx        *tx
	workspace workspace.ID
	// imported are the workspaces that records were added to.
	imported []workspace.ID
	defines  bool             // whether custom attributes were added to the workspace
	numbers  map[string]int64 // the highest id that was added to the workspace, by the kind of number
	// uncounted are conversations of the workspace without statistics of a contact's words. Older exports have none at all.
	uncounted []inbox.Address
	at        int64
	ids       idSource
	inserts   map[string]string // by the name of a record
	logins    map[string]string // by the id of a login in the file: the id that it has here
}

// A RowError says why a row was not added.
type RowError struct {
	// Column is empty when the row as a whole is wrong.
	Column, What string
}

func (e *RowError) Error() string {
	if e.Column == "" {
		return e.What
	}
	return e.Column + " " + e.What
}

func refuseRow(column, format string, args ...any) error {
	return &RowError{column, fmt.Sprintf(format, args...)}
}

// ErrBroken says that what was added breaks an invariant. Nothing was written.
var ErrBroken = errors.New("the records do not fit together")

// Import runs fn with an importer. All that fn adds is written, or nothing when it returns an error. Records that come
// before that of a workspace are added to the one with the given id, which must then exist; it is empty for none. On
// PostgreSQL fn may run again from the start. What was added is checked like a whole database: an ErrBroken has the
// findings. With dryRun nothing is written, and the errors are the same.
func (s *Store) Import(ctx context.Context, into workspace.ID, at time.Time, fn func(*Importer) error, dryRun bool) error {
	err := translated(s.engine.Script(ctx, func(on sqlengine.Session) error {
		i := s.importer(on, at)
		if into != "" {
			if err := i.enter(into); err != nil {
				return err
			}
		}
		if err := fn(i); err != nil {
			return err
		}
		if err := i.finish(); err != nil || !dryRun {
			return err
		}
		return errDryRun
	}))
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}

// errDryRun ends a transaction that is not to be kept.
var errDryRun = errors.New("a dry run")

func (s *Store) importer(on sqlengine.Session, at time.Time) *Importer {
	d := s.engine.Dialect()
	return &Importer{
		tx: &tx{Session: promptly(on, d), lock: d.Locks, dialect: d, limits: s.limits, formatPhone: s.formatPhone},
		at: at.Unix(), ids: newIDSource(), inserts: map[string]string{}, logins: map[string]string{},
	}
}

// enter makes a workspace that exists the one that records are added to.
func (i *Importer) enter(ws workspace.ID) error {
	found, err := i.tx.Workspace(ws)
	if err == nil && found == nil {
		err = fmt.Errorf("%w: %s", workspace.ErrWorkspaceNotFound, ws)
	}
	i.begin(ws)
	return err
}

func (i *Importer) begin(ws workspace.ID) {
	i.workspace, i.numbers, i.uncounted = ws, map[string]int64{}, nil
	i.imported = append(i.imported, ws)
}

// Add writes one record. Errors: a *RowError; workspace.ErrWorkspaceExists; and those of the database.
func (i *Importer) Add(name string, object []byte) error {
	r := recordNamed(name)
	if r == nil {
		return refuseRow("", "there is no kind of record that is called %q", name)
	}
	return i.add(r, i.insertOf(r), object)
}

// add writes a record with a statement, which people have of their own.
func (i *Importer) add(r *record, sql string, object []byte) error {
	row, err := i.read(r, object)
	if err != nil {
		return err
	}
	switch {
	case r.table == workspaceRecords[0].table:
		err = i.addWorkspace(r, row)
	case i.workspace == "":
		return refuseRow("", "no workspace comes before it")
	case r.table == loginTable:
		err = i.addLogin(r, sql, row)
	case r.table == membershipTable:
		row.set("login_id", i.logins[row.value("login_id").(string)])
		err = i.insert(r, sql, row)
	case r.table == personTable:
		err = i.addPerson(row)
	case r.table == erasureTable:
		err = i.tx.remember(i.workspace, []string{row.value("id").(string)}, row.value("erased_at").(int64))
	case r.table == numberTable:
		kind := row.value("kind").(string)
		i.numbers[kind] = max(i.numbers[kind], row.value("last").(int64))
	default:
		err = i.insert(r, sql, row)
		i.defines = i.defines || r.table == attributeTable
		if r.table == conversationTable && row.value("last_contact_reply_at") == nil {
			i.uncounted = append(i.uncounted, inbox.Address{Workspace: i.workspace, ID: row.value("id").(int64)})
		}
	}
	if r.number != "" {
		i.numbers[r.number] = max(i.numbers[r.number], row.value("id").(int64))
	}
	if errors.Is(err, sqlengine.ErrTaken) {
		return refuseRow("", "another record has its key") // not the error of the database, after which it would all run again
	}
	return err
}

func (i *Importer) addWorkspace(r *record, row *importedRow) error {
	ws := workspace.ID(row.value("id").(string))
	old, err := i.tx.Workspace(ws)
	if err != nil {
		return err
	}
	if old != nil {
		return fmt.Errorf("%w: %s", workspace.ErrWorkspaceExists, ws)
	}
	if created, ok := row.value("created_at").(int64); ok {
		deleted, err := i.tx.wasDeleted(ws, created)
		if err != nil {
			return err
		}
		if deleted {
			return refuseRow("id", "is that of a workspace that was deleted here, and what was deleted stays deleted")
		}
	}
	if err := i.leave(); err != nil {
		return err
	}
	i.begin(ws)
	return i.insert(r, i.insertOf(r), row)
}

// addLogin keeps the login that has the address already: its password is that of somebody who is here.
func (i *Importer) addLogin(r *record, sql string, row *importedRow) error {
	id, email := row.value("id").(string), row.value("email").(string)
	known, err := (accountTx{i.tx}).LoginByEmail(email)
	if err != nil {
		return err
	}
	if known != nil {
		i.logins[id] = known.ID
		return nil
	}
	i.logins[id] = id
	return i.insert(r, sql, row)
}

func (i *Importer) addPerson(row *importedRow) error {
	p := &people.Person{Workspace: i.workspace}
	if err := row.apply(p, false); err != nil {
		return err
	}
	return i.tx.InsertPerson(p)
}

// apply sets the fields of a person to the values of its row; with onlyGiven those that the object has.
func (r *importedRow) apply(p *people.Person, onlyGiven bool) error {
	for n := range people.Fields { // the columns have the order of the fields
		f := &people.Fields[n].Column
		if onlyGiven && !r.given[n] {
			continue
		}
		switch v := r.values[n].(type) {
		case nil:
			f.SetValue(p, search.NullValue())
		case string:
			if f.Attributes == nil {
				f.SetValue(p, search.TextValue(v))
			} else if err := jsonio.ReadField(f, p, json.RawMessage(v)); err != nil {
				return err
			}
		case int64:
			f.SetValue(p, search.IntValue(v))
		case bool:
			f.SetValue(p, search.BoolValue(v))
		}
	}
	return nil
}

func (i *Importer) insert(r *record, sql string, row *importedRow) error {
	args := make([]any, 0, len(r.columns)+len(r.derived)+len(r.computed)+1)
	for n := range r.columns {
		args = append(args, row.values[n])
	}
	for _, d := range r.derived {
		text, _ := row.value(d.from).(string)
		args = append(args, sqlengine.OrNil(d.derive(text)))
	}
	for range r.computed {
		args = append(args, int64(0))
	}
	if r.scope() == "workspace" {
		args = append(args, string(i.workspace))
	}
	return i.tx.Exec(sql, args)
}

// insertOf is insertRow, made once.
func (i *Importer) insertOf(r *record) string {
	sql := i.inserts[r.name]
	if sql == "" {
		sql = r.insertRow()
		i.inserts[r.name] = sql
	}
	return sql
}

// insertRow is the statement that writes one row.
func (r *record) insertRow() string {
	var names []string
	for _, c := range r.columns {
		names = append(names, c.name)
	}
	for _, d := range r.derived {
		names = append(names, d.name)
	}
	names = append(names, r.computed...)
	if r.scope() == "workspace" {
		names = append(names, "workspace")
	}
	return "INSERT INTO " + r.table + " (" + strings.Join(names, ", ") + ") VALUES (" + marks(1, len(names)) + ")"
}

// These compute what an export leaves out, from all rows of a workspace.
var computeImported = []string{
	`UPDATE companies SET user_count = (
		SELECT count(DISTINCT o.id) FROM person_companies a
		JOIN people r ON r.workspace = $1 AND r.id = a.person_id
		JOIN people o ON o.workspace = $1 AND o.id = coalesce(r.merged_into, r.id)
		WHERE a.workspace = $1 AND a.company_id = companies.id AND o.role <> 'visitor' AND o.state IS NULL
	) WHERE workspace = $1`,
	`UPDATE people SET attached = true WHERE workspace = $1 AND attached IS NULL AND id IN (
		SELECT coalesce(q.merged_into, q.id) FROM (
			SELECT person_id FROM person_tags WHERE workspace = $1 UNION SELECT person_id FROM person_companies WHERE workspace = $1
			UNION SELECT person_id FROM person_subscriptions WHERE workspace = $1
			UNION SELECT person_id FROM notes WHERE workspace = $1 AND person_id IS NOT NULL
		) a JOIN people q ON q.workspace = $1 AND q.id = a.person_id)`,
}

// leave computes what the workspace lacks when all of its records are there.
func (i *Importer) leave() error {
	if i.workspace == "" {
		return nil
	}
	if err := i.tx.eraseAllAgain(i.workspace); err != nil {
		return err
	}
	for _, sql := range computeImported {
		if err := i.tx.Exec(sql, []any{string(i.workspace)}); err != nil {
			return err
		}
	}
	if err := i.tx.writeStatistics(i.uncounted); err != nil {
		return err
	}
	return i.keepNumbers()
}

// keepNumbers has new ids begin above those that were added, and tells other servers of definitions.
func (i *Importer) keepNumbers() error {
	if i.defines {
		i.defines = false
		if err := i.tx.changeDefinitions(i.workspace); err != nil {
			return err
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(i.numbers)) {
		if err := i.tx.keepNumber(i.workspace, kind, i.numbers[kind]); err != nil {
			return err
		}
	}
	return nil
}

// finish checks the invariants of the workspaces that records were added to.
func (i *Importer) finish() error {
	if err := i.leave(); err != nil {
		return err
	}
	all, err := checkRows(i.tx)
	if err != nil {
		return err
	}
	var found []error
	for _, f := range all {
		if slices.Contains(i.imported, workspace.ID(f.Workspace)) && len(found) < 20 {
			found = append(found, errors.New(f.String()))
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("%w:\n%w", ErrBroken, errors.Join(found...))
	}
	return nil
}

// importedRow is a row with a value for each column of its record: a string, an int64, a bool or nil.
type importedRow struct {
	record *record
	values []any
	given  []bool // which columns the object has
	of     *Importer
}

// value returns the value of a column.
func (r *importedRow) value(name string) any {
	return r.values[slices.IndexFunc(r.record.columns, func(c recordColumn) bool { return c.name == name })]
}

func (r *importedRow) set(name string, value any) {
	r.values[slices.IndexFunc(r.record.columns, func(c recordColumn) bool { return c.name == name })] = value
}

func (r *importedRow) now() any { return r.of.at }

func (r *importedRow) newID() any {
	at, _ := r.value("created_at").(int64)
	if at == 0 {
		at = r.of.at
	}
	return r.of.ids.next(at)
}

// idSource makes ids in the form of the public API.
type idSource struct {
	random string
	count  *int
}

func newIDSource() idSource {
	var b [5]byte
	rand.Read(b[:]) //nolint:errcheck // it never fails
	return idSource{hex.EncodeToString(b[:]), new(int)}
}

func (s idSource) next(at int64) string {
	*s.count++
	return fmt.Sprintf("%08x%s%06x", at, s.random, *s.count)
}

// read returns the row that an object describes.
func (i *Importer) read(r *record, object []byte) (*importedRow, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil || members == nil {
		return nil, refuseRow("", "the record is no JSON object")
	}
	row := &importedRow{r, make([]any, len(r.columns)), make([]bool, len(r.columns)), i}
	read := 0
	for n := range r.columns {
		c := &r.columns[n]
		raw, has := members[c.name]
		if !has {
			continue
		}
		read++
		v, what := c.read(raw)
		if what != "" {
			return nil, refuseRow(c.name, "%s", what)
		}
		row.values[n], row.given[n] = v, true
	}
	if read < len(members) {
		for name := range members {
			if !slices.ContainsFunc(r.columns, func(c recordColumn) bool { return c.name == name }) {
				return nil, refuseRow(name, "is no member of this record")
			}
		}
	}
	return row, row.complete()
}

// complete gives the columns without a value the one that they have then. The id comes last, because it tells of the time
// of creation.
func (r *importedRow) complete() error {
	id := -1
	for n := range r.values {
		c := &r.record.columns[n]
		switch {
		case r.values[n] != nil:
		case c.needed:
			return refuseRow(c.name, "is missing")
		case r.given[n] && !c.filled:
		case c.name == "id" && c.fallback != nil:
			id = n
		case c.fallback != nil:
			r.values[n] = c.fallback(r)
		case c.filled && c.kind == textKind:
			r.values[n] = ""
		case c.filled:
			r.values[n] = int64(0)
		}
	}
	if id >= 0 {
		r.values[id] = r.record.columns[id].fallback(r)
	}
	return nil
}

// read returns the value of a column as a statement takes it, or what is wrong with it. A zero value is as good as none,
// except in a key.
func (c *recordColumn) read(raw json.RawMessage) (value any, what string) {
	if string(raw) == "null" {
		return nil, ""
	}
	switch c.kind {
	case numberKind:
		n, err := strconv.ParseInt(string(raw), 10, 64)
		if err != nil {
			return nil, "must be a whole number"
		}
		if n == 0 && !c.needed && !c.filled {
			return nil, ""
		}
		return n, ""
	case flagKind, maybeKind:
		return c.readFlag(string(raw))
	case jsonKind:
		text := string(raw)
		if c.check != nil {
			var err error
			if text, err = c.check(text); err != nil {
				return nil, "cannot be read: " + err.Error()
			}
		}
		return sqlengine.OrNil(text), ""
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, "must be a text"
	}
	switch {
	case !workspace.IsText(text):
		return nil, "must be valid UTF-8 without NUL"
	case len(c.oneOf) > 0 && !slices.Contains(c.oneOf, text):
		return nil, "must be one of " + strings.Join(c.oneOf, ", ")
	case text == "" && !c.needed:
		return nil, ""
	case c.isID && !workspace.IsID(text):
		return nil, "must be 24 hexadecimal digits in lower case"
	}
	return text, ""
}

// readFlag reads a boolean. False is stored only where it is another than unknown.
func (c *recordColumn) readFlag(text string) (value any, what string) {
	switch {
	case text != "true" && text != "false":
		return nil, "must be true or false"
	case c.kind == maybeKind:
		return int64(people.MaybeOf(text == "true")), ""
	case text == "false":
		return nil, ""
	}
	return true, ""
}

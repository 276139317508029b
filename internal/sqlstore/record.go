package sqlstore

import (
	"slices"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
)

// record is one kind of line in an export: the rows of a table. The file of each noun declares its own.
type record struct {
	name  string // of a line
	table string
	order string // what the rows of a workspace are sorted by: a unique key, in its order
	// member selects the rows that a workspace $1 has, of a table in which workspaces share rows; empty for all other tables.
	member  string
	columns []recordColumn
	// derived are columns that an export leaves out and an import computes from others.
	derived []derivedColumn
	// computed are columns that an export leaves out and an import computes when all rows are there.
	computed []string
	// secret records have hashes or secrets. They leave only when the operator asks for them.
	secret bool
	// number is the kind of [tx.NextNumber] from which new ids come; empty for none.
	number string
}

// recordKind is what the values of a column are, in JSON too.
type recordKind int

const (
	textKind   recordKind = iota
	numberKind            // whole numbers
	flagKind              // booleans
	maybeKind             // people.Maybe: a number in the database, a boolean in JSON
	jsonKind              // JSON that the database keeps as text
)

// recordColumn is a column that an export has. A value that is null, empty, zero or false is left out.
type recordColumn struct {
	name string
	kind recordKind
	// needed says that an import refuses a row without it; filled that a row without it has the zero value, not NULL.
	needed, filled bool
	// fallback is the value of a row that lacks the column; nil for none.
	fallback func(*importedRow) any
	// shown says that the zero value is written too, because the fallback is another.
	shown bool
	// check returns the JSON of a column as it is stored, or what is wrong with it; nil lets any JSON through.
	check func(string) (string, error)
	// isID says that a text must have the form of an id.
	isID bool
	// oneOf are the texts that the column may have; nil for any.
	oneOf []string
}

// derivedColumn is computed from another column of the same row.
type derivedColumn struct {
	name, from string
	derive     func(string) string
}

func textOf(name string) recordColumn   { return recordColumn{name: name, kind: textKind} }
func numberOf(name string) recordColumn { return recordColumn{name: name, kind: numberKind} }
func flagOf(name string) recordColumn   { return recordColumn{name: name, kind: flagKind} }

// jsonOf is a column of JSON, which read must be able to read.
func jsonOf[T any](name string, read func(string) (T, error)) recordColumn {
	return recordColumn{name: name, kind: jsonKind, check: func(text string) (string, error) {
		_, err := read(text)
		return text, err
	}}
}

// key is a column that every row must have.
func (c recordColumn) key() recordColumn {
	c.needed = true
	return c
}

// orZero is a column that is never NULL, and zero or empty where a row lacks it.
func (c recordColumn) orZero() recordColumn {
	c.filled = true
	return c
}

func (c recordColumn) among(texts ...string) recordColumn {
	c.oneOf = texts
	return c
}

func (c recordColumn) orElse(fallback func(*importedRow) any) recordColumn {
	c.filled, c.fallback = true, fallback
	return c
}

// newID is the id of a record in the form of the public API. A row without one gets one.
func newID() recordColumn {
	c := textOf("id").orElse((*importedRow).newID)
	c.isID = true
	return c
}

// createdAt is the time of the import in a row that lacks it, updatedAt the time of creation.
func createdAt() recordColumn { return numberOf("created_at").orElse((*importedRow).now) }

func updatedAt() recordColumn {
	return numberOf("updated_at").orElse(func(r *importedRow) any { return r.value("created_at") })
}

// records are all that an export has, in its order: first a workspace, then what belongs to it.
var records = slices.Concat(
	workspaceRecords, adminRecords, loginRecords, teamRecords, tokenRecords, attributeRecords, tagRecords, segmentRecords, subscriptionRecords,
	companyRecords, personRecords, distinctionRecords, companyPersonRecords, personTagRecords, noteRecords, eventRecords, changeRecords, browserSessionRecords,
	messageRecords, recipientRecords, receiptRecords, mailRecords, conversationRecords, partRecords, participantRecords, conversationTagRecords, uploadRecords,
	trafficRecords, activityRecords, awayReasonRecords, outboxRecords, webhookRecords, deliveryRecords, erasureRecords, numberRecords,
)

// notExported are the tables without records, and why.
var notExported = map[string]string{
	"migrations":      "is the state of one database",
	"chores":          "is the state of one database",
	"leases":          "is the state of the servers at one database",
	"nodes":           "is the state of the servers at one database",
	"company_scrolls": "ends after a minute",
	"page_sessions":   "ends with the visit of a page",
	"sent_words":      "ends after a day",
	"presences":       "ends after minutes",
	"daily_salts":     "is deleted with its day",
	"search_keys":     "is derived from people",
	"login_links":     "ends by itself, after days",
	"login_sessions":  "ends by itself, and who has moved signs in again",
	"login_attempts":  "is forgotten within the hour",
}

// RecordNames returns the names of all kinds of records, in the order of an export.
func RecordNames() (all []string) {
	for _, r := range records {
		all = append(all, r.name)
	}
	return all
}

// recordNamed returns the record with a name; nil for none.
func recordNamed(name string) *record {
	i := slices.IndexFunc(records, func(r record) bool { return r.name == name })
	if i < 0 {
		return nil
	}
	return &records[i]
}

// fieldColumns returns the columns of a record whose fields are in a table, except for some.
func fieldColumns[T any](fields []search.Column[T], except ...string) (all []recordColumn) {
	for i := range fields {
		if !slices.Contains(except, fields[i].Name) {
			all = append(all, fieldColumn(&fields[i]))
		}
	}
	return all
}

// fieldColumn returns the column that has a field.
func fieldColumn[T any](f *search.Column[T]) recordColumn {
	c := recordColumn{name: f.Name}
	switch {
	case f.Attributes != nil:
		c.kind, c.check = jsonKind, jsonio.NormalAttributes
	case f.Kind == search.KindBool:
		c.kind = flagKind
	case f.Kind == search.KindInt && isMaybe(f):
		c.kind = maybeKind
	case f.Kind == search.KindInt:
		c.kind = numberKind
	}
	switch f.Name {
	case "id":
		return newID()
	case "created_at":
		return createdAt()
	case "updated_at":
		return updatedAt()
	}
	return c
}

// isMaybe reports whether a number is shown as a boolean.
func isMaybe[T any](f *search.Column[T]) bool {
	record := new(T)
	f.SetValue(record, search.IntValue(int64(people.Yes)))
	return f.Shown(record).Kind() == search.KindBool
}

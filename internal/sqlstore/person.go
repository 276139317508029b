package sqlstore

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/people"
)

// personColumns is the one list of columns: people.Fields, and behind them the workspace.
var personColumns = func() string {
	names := make([]string, 0, len(people.Fields)+1)
	for _, f := range people.Fields {
		names = append(names, f.Name)
	}
	return strings.Join(append(names, "workspace"), ", ")
}()

// selectPerson begins every look-up of persons.
var selectPerson = "SELECT " + personColumns + " FROM people WHERE workspace = $1 "

// insertPerson writes every column, and the derived key of the email address.
var insertPerson = func() string {
	marks := make([]string, len(people.Fields)+2)
	for i := range marks {
		marks[i] = "$" + strconv.Itoa(i+1)
	}
	return "INSERT INTO people (" + personColumns + ", email_key) VALUES (" + strings.Join(marks, ", ") + ")"
}()

// attachments are the tables whose rows hang on a person, by its own id. They are deleted with it, and fsck follows them.
var attachments = []string{"data_events"}

func readPerson(r row) (*people.Person, error) {
	p := &people.Person{}
	for i := range people.Fields {
		switch at := people.Fields[i].At(p).(type) {
		case *string:
			*at = r.text(i)
		case *int64:
			*at = r.int(i)
		case *bool:
			*at = r.bool(i)
		case *people.Role:
			*at = people.Role(r.text(i))
		case *people.State:
			*at = people.State(r.text(i))
		case *people.Maybe:
			*at = people.Maybe(r.int(i))
		case *people.Attributes:
			attributes, err := readAttributes(r.text(i))
			if err != nil {
				return nil, fmt.Errorf("custom attributes of %s: %w", p.ID, err)
			}
			*at = attributes
		}
	}
	p.Workspace = people.WorkspaceID(r.text(len(people.Fields)))
	return p, nil
}

// column answers how a field of p is stored.
func column(f *people.Field, p *people.Person) any {
	switch at := f.At(p).(type) {
	case *string:
		return orNil(*at)
	case *int64:
		return orNil(*at)
	case *bool:
		return orNil(*at)
	case *people.Role:
		return orNil(string(*at))
	case *people.State:
		return orNil(string(*at))
	case *people.Maybe:
		return orNil(int64(*at))
	case *people.Attributes:
		return orNil(writeAttributes(*at))
	}
	panic("sqlstore: field " + f.Name + " has a type that the store does not know")
}

func (t *tx) Person(ws people.WorkspaceID, id string) (*people.Person, error) {
	return one(t, selectPerson+"AND id = $2"+t.lock, []any{string(ws), id}, readPerson)
}

func (t *tx) PersonByAnonymousID(ws people.WorkspaceID, anonymousID string) (*people.Person, error) {
	return one(t, selectPerson+"AND anonymous_id = $2"+t.lock, []any{string(ws), anonymousID}, readPerson)
}

// The conditions of the indexes on identifiers, word for word: a database takes a partial index only when it sees its
// condition in the question.
const (
	isActive     = "AND state IS NULL "
	isInactive   = "AND state IS NOT NULL "
	isActiveUser = "AND role = 'user' AND state IS NULL "
	isNoSuchUser = "AND (role <> 'user' OR state IS NOT NULL) "
)

func (t *tx) ContactsByExternalID(ws people.WorkspaceID, externalID string) ([]*people.Person, error) {
	return t.byIdentifier("AND external_id = $2 ", isActive, isInactive, []any{string(ws), externalID})
}

func (t *tx) PeopleByEmail(ws people.WorkspaceID, email string) ([]*people.Person, error) {
	return t.byIdentifier("AND email_key = $2 ", isActiveUser, isNoSuchUser, []any{string(ws), people.EmailKey(email)})
}

// byIdentifier asks the index of those who can be meant by an identifier, then that of the rest.
func (t *tx) byIdentifier(where, meant, rest string, args []any) ([]*people.Person, error) {
	all, err := list(t, selectPerson+where+meant+t.lock, args, readPerson)
	if err != nil {
		return nil, err
	}
	others, err := list(t, selectPerson+where+rest+t.lock, args, readPerson)
	all = append(all, others...)
	slices.SortFunc(all, activeFirst)
	return all, err
}

// activeFirst is the order in which several records with one identifier matter: active ones, then the latest seen.
func activeFirst(p, q *people.Person) int {
	active := func(p *people.Person) int {
		if p.State == people.Active {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(active(p), active(q)), cmp.Compare(q.LastSeenAt, p.LastSeenAt),
		cmp.Compare(q.UpdatedAt, p.UpdatedAt), cmp.Compare(p.ID, q.ID),
	)
}

func (t *tx) Visitors(ws people.WorkspaceID, f people.VisitorFilter, limit int) ([]*people.Person, error) {
	where := strings.Builder{}
	args := []any{string(ws)}
	narrow := func(condition string, value any) {
		args = append(args, value)
		where.WriteString(" AND " + condition + " $" + strconv.Itoa(len(args)))
	}
	if f.Email != "" {
		narrow("email_key =", people.EmailKey(f.Email))
	}
	if f.Name != "" {
		narrow("name =", f.Name)
	}
	if f.Before != "" {
		narrow("id <", f.Before)
	}
	for _, bound := range []struct {
		condition string
		at        int64
	}{
		{"created_at >=", f.CreatedAfter}, {"created_at <=", f.CreatedBefore},
		{"last_seen_at >=", f.LastRequestAfter}, {"last_seen_at <=", f.LastRequestBefore},
		{"updated_at >=", f.UpdatedAfter}, {"updated_at <=", f.UpdatedBefore},
	} {
		if bound.at != 0 {
			narrow(bound.condition, bound.at)
		}
	}
	sql := selectPerson + "AND role = 'visitor' AND state IS NULL" + where.String() + " ORDER BY id DESC LIMIT " + strconv.Itoa(limit)
	return list(t, sql, args, readPerson)
}

func (t *tx) InsertPerson(p *people.Person) error {
	args := make([]any, 0, len(people.Fields)+2)
	for i := range people.Fields {
		args = append(args, column(&people.Fields[i], p))
	}
	args = append(args, string(p.Workspace), orNil(people.EmailKey(p.Email)))
	return t.exec(insertPerson, args)
}

// UpdatePerson names only the columns that changed: a database rewrites the indexes of every column that is named.
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
	for i := range people.Fields {
		if f := &people.Fields[i]; !f.Equal(before, after) {
			set(f.Name, column(f, after))
		}
	}
	if before.Email != after.Email {
		set("email_key", orNil(people.EmailKey(after.Email)))
	}
	if len(args) == 2 {
		return nil
	}
	return t.exec(string(append(sql, " WHERE workspace = $1 AND id = $2"...)), args)
}

// lives are the records of one person: its own and those that it absorbed.
const lives = "(SELECT id FROM people WHERE workspace = $1 AND (id = $2 OR merged_into = $2))"

func (t *tx) DeletePerson(ws people.WorkspaceID, id string) error {
	args := []any{string(ws), id}
	for _, table := range attachments {
		if err := t.exec("DELETE FROM "+table+" WHERE workspace = $1 AND person_id IN "+lives, args); err != nil {
			return err
		}
	}
	// The journal holds images of the person, which must go with it.
	for _, column := range []string{"subject_id", "survivor_id"} {
		if err := t.exec("DELETE FROM changes WHERE workspace = $1 AND "+column+" IN "+lives, args); err != nil {
			return err
		}
	}
	return t.exec(`DELETE FROM people WHERE workspace = $1 AND (id = $2 OR merged_into = $2)`, args)
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"time"
)

// plainSchema is the smallest schema for the scenarios with contacts, with an index for each query.
const plainSchema = `
	CREATE TABLE contacts (
		id TEXT NOT NULL PRIMARY KEY, role TEXT NOT NULL, external_id TEXT NOT NULL, email TEXT NOT NULL, name TEXT NOT NULL,
		created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, custom_attributes JSONB NOT NULL
	);
	CREATE UNIQUE INDEX contacts_external_id ON contacts (external_id);
	CREATE UNIQUE INDEX contacts_email ON contacts (email);
	CREATE INDEX contacts_plan ON contacts ((custom_attributes ->> 'plan'), role, id);
	CREATE INDEX contacts_seats ON contacts ((CAST(custom_attributes ->> 'seats' AS INTEGER)), role, id);
	CREATE TABLE contact_tags (
		contact_id TEXT NOT NULL, tag_id BIGINT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (contact_id, tag_id)
	);`

const (
	// plainUpdate changes a visitor's name and attributes in the server's own tables.
	plainUpdate = `UPDATE people SET name = $1, updated_at = $2, custom_attributes = $3 WHERE workspace = 'bench' AND id = $4`

	plainColumns = `SELECT id, role, external_id, email, name, created_at, updated_at, custom_attributes FROM contacts `
	plainInsert  = `INSERT INTO contacts (id, role, external_id, email, name, created_at, updated_at, custom_attributes)
		VALUES ($1, 'user', $2, $3, $4, $5, $5, $6)`
	plainGet    = plainColumns + `WHERE id = $1`
	plainList   = plainColumns + `WHERE id < $1 ORDER BY id DESC LIMIT 50`
	plainCounts = `SELECT (SELECT count(*) FROM contacts), (SELECT count(*) FROM contacts WHERE id >= $1)`
	plainEmail  = plainColumns + `WHERE email = $1`
	isOnPlan    = `WHERE custom_attributes ->> 'plan' = $1 AND role = 'user'`
	plainPlan   = plainColumns + isOnPlan + ` ORDER BY id DESC LIMIT 50`
	plainOnPlan = `SELECT count(*) FROM contacts ` + isOnPlan
	hasSeats    = `WHERE role = 'user' AND CAST(custom_attributes ->> 'seats' AS INTEGER) > $1`
	plainHalf   = plainColumns + hasSeats + ` ORDER BY id DESC LIMIT 50`
	plainInHalf = `SELECT count(*) FROM contacts ` + hasSeats
	hasName     = `WHERE name LIKE '%' || $1 || '%'`
	plainText   = plainColumns + hasName + ` ORDER BY id DESC LIMIT 50`
	plainInText = `SELECT count(*) FROM contacts ` + hasName
	plainTag    = `INSERT INTO contact_tags (contact_id, tag_id, applied_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
)

func (n contact) plainRow() []any {
	return []any{n.id(), n.externalID(), n.email(), n.name(), n.createdAt(), n.attributes()}
}

// plainDatabase runs prepared statements on several connections.
type plainDatabase interface {
	// read runs a query, reads every column of every row, and returns the number of rows.
	read(sql string, args ...any) (int, error)
	// write runs a statement, and returns when it is as durable as a write that the server has acknowledged.
	write(sql string, args ...any) error
	close() error
}

// plainWork returns a function that does the work of one request of a scenario with SQL alone. People is the number of
// visitors or contacts in the database.
func plainWork(name string, people int, on plainDatabase) func() error {
	contacts, visitors := people, dataset{people}
	anybody := func() contact { return contact(rand.IntN(contacts)) }
	found := func(sql string, key any) error {
		rows, err := on.read(sql, key)
		if err == nil && rows == 0 {
			err = fmt.Errorf("nothing was found for %v", key)
		}
		return err
	}
	switch name {
	case "put":
		return func() error {
			v, serial := visitors.permanentVisitor(rand.IntN(visitors.permanent())), serials.Add(1)
			attributes := `{"beta":false,"plan":"` + string(appendPlan(nil, serial)) + `","visits":7}`
			return on.write(plainUpdate, string(appendName(nil, serial)), time.Now().Unix(), attributes, v.id())
		}
	case "arrive":
		return func() error {
			v := visitors.newcomer(serials.Add(1))
			return on.write(seedVisitor, v.id(), string(v.appendUUID(nil)), v.createdAt())
		}
	case "get contact":
		return func() error { return found(plainGet, anybody().id()) }
	case "list contacts":
		return func() error {
			after := max(anybody(), pageSize).id()
			return errors.Join(found(plainList, after), found(plainCounts, after))
		}
	case "search email":
		return func() error { return found(plainEmail, anybody().email()) }
	case "search plan":
		return func() error {
			of := plan(rand.IntN(plans))
			return errors.Join(found(plainPlan, of), found(plainOnPlan, of))
		}
	case "search half":
		return func() error {
			seats := int64(halfSeats + rand.IntN(9))
			return errors.Join(found(plainHalf, seats), found(plainInHalf, seats))
		}
	case "search text":
		return func() error {
			part := partOfName(anybody())
			return errors.Join(found(plainText, part), found(plainInText, part))
		}
	case "create contact":
		return func() error {
			return on.write(plainInsert, (contact(contacts) + contact(serials.Add(1))).plainRow()...)
		}
	case "tag contact":
		return func() error {
			return on.write(plainTag, anybody().id(), int64(1+rand.IntN(tags)), time.Now().Unix())
		}
	}
	return nil
}

// task is a line of the SQL baseline's input. The baseline writes a measurement as a line for each.
type task struct {
	Name    string
	Callers int
	Window  time.Duration
	// Database is the pid of the database; 0 for an embedded one.
	Database int
}

// plain is the SQL baseline: it does the work of the scenarios with SQL alone. The args are the database, which is a folder
// or a postgres:// address, and the number of visitors or contacts in it.
func plain(args []string, in io.Reader, out io.Writer) (err error) {
	people, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	on, err := openPlain(args[0])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, on.close()) }()
	lines, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var t task
		if err := lines.Decode(&t); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		work := plainWork(t.Name, people, on)
		m, err := load{t.Callers, t.Window, []int{os.Getpid(), t.Database}}.run(func(int) error { return work() })
		if err != nil {
			return err
		}
		if err := answers.Encode(m); err != nil {
			return err
		}
	}
}

package main

import (
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// update is what changing a visitor's name and one attribute comes down to.
const update = `UPDATE people SET name = $name, updated_at = $at, custom_attributes = $attributes
	WHERE workspace = 'bench' AND id = $id`

// pragmas are those of the server.
var pragmas = []string{
	"synchronous = FULL", "busy_timeout = 10000", "temp_store = MEMORY", "cache_size = -32768",
	"wal_autocheckpoint = 4000", "journal_size_limit = 67108864",
}

// task is a line that the statement yardstick is given; it answers each with a line that is a measurement.
type task struct {
	// Callers who wait for an update share a commit, as the server's do; a single one commits one by one.
	Callers int
	Window  time.Duration
}

// statement does the update of PUT on a database of its own. args are its folder and how many visitors are in it.
func statement(args []string, in io.Reader, out io.Writer) error {
	visitors, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	conn, err := open(args[0])
	if err != nil {
		return err
	}
	for _, pragma := range pragmas {
		if err := sqlitex.ExecuteTransient(conn, "PRAGMA "+pragma, nil); err != nil {
			return err
		}
	}
	d := &database{crowd{visitors}, conn.Prep(`BEGIN IMMEDIATE`), conn.Prep(update), conn.Prep(`COMMIT`)}
	tasks, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var t task
		if err := tasks.Decode(&t); errors.Is(err, io.EOF) {
			return conn.Close()
		} else if err != nil {
			return err
		}
		m, err := d.do(t)
		if err != nil {
			return err
		}
		if err := answers.Encode(m); err != nil {
			return err
		}
	}
}

// database is what the one goroutine that writes needs.
type database struct {
	crowd                 crowd
	begin, update, commit *sqlite.Stmt
}

func (d *database) do(t task) (measurement, error) {
	waiting := make(chan chan error, 512)
	written := make(chan struct{})
	go func() {
		defer close(written)
		for caller := range waiting {
			d.write(caller, waiting)
		}
	}()
	done := make([]chan error, t.Callers)
	for i := range done {
		done[i] = make(chan error, 1)
	}
	m, err := load{t.Callers, t.Window, os.Getpid()}.run(func(caller int) error {
		waiting <- done[caller]
		return <-done[caller]
	})
	close(waiting)
	<-written
	return m, err
}

// write does an update for the caller and for everyone who waits behind it, commits once, and then answers them all.
func (d *database) write(caller chan error, waiting <-chan chan error) {
	var group []chan error
	err := step(d.begin)
	for caller != nil {
		group = append(group, caller)
		if err == nil {
			err = d.change(d.crowd.lastingVisitor(rand.IntN(d.crowd.lasting())))
		}
		select {
		case caller = <-waiting:
		default:
			caller = nil
		}
	}
	if err == nil {
		err = step(d.commit)
	}
	for _, caller := range group {
		caller <- err
	}
}

func (d *database) change(v visitor) error {
	serial := serials.Add(1)
	d.update.SetText("$name", string(appendName(nil, serial)))
	d.update.SetInt64("$at", time.Now().Unix())
	d.update.SetText("$attributes", `{"beta":false,"plan":"`+string(appendPlan(nil, serial))+`","visits":7}`)
	d.update.SetText("$id", v.id())
	return step(d.update)
}

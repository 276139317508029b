package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// pragmas are the same as the server's.
var pragmas = []string{
	"synchronous = FULL", "busy_timeout = 10000", "temp_store = MEMORY", "cache_size = -32768",
	"wal_autocheckpoint = 4000", "journal_size_limit = 67108864",
}

// openPlain opens the embedded database in a folder, or the one that a postgres:// address names.
func openPlain(address string) (plainDatabase, error) {
	if strings.HasPrefix(address, "postgres://") {
		return openPlainPostgres(address)
	}
	return openPlainSQLite(address)
}

// plainSQLite has one goroutine that writes, and as many reading connections as the server. Concurrent writes share a
// commit, as in the server; a single caller commits each write by itself.
type plainSQLite struct {
	readers *sqlitex.Pool
	writer  *sqlite.Conn
	jobs    chan *plainJob
	written chan struct{} // closed when the last job is done
}

// plainJob is a statement that waits to be committed.
type plainJob struct {
	sql  string
	args []any
	done chan error
}

func openPlainSQLite(folder string) (*plainSQLite, error) {
	writer, err := open(folder)
	if err != nil {
		return nil, err
	}
	if err := configure(writer); err != nil {
		return nil, err
	}
	readers, err := sqlitex.NewPool(filepath.Join(folder, databaseName), sqlitex.PoolOptions{
		Flags: sqlite.OpenReadWrite, PoolSize: max(2, runtime.GOMAXPROCS(0)), PrepareConn: configure,
	})
	if err != nil {
		return nil, err
	}
	p := &plainSQLite{readers, writer, make(chan *plainJob, 512), make(chan struct{})}
	go p.commitAll()
	return p, nil
}

func configure(conn *sqlite.Conn) error {
	for _, pragma := range pragmas {
		if err := sqlitex.ExecuteTransient(conn, "PRAGMA "+pragma, nil); err != nil {
			return err
		}
	}
	return nil
}

func (p *plainSQLite) read(sql string, args ...any) (int, error) {
	conn, err := p.readers.Take(context.Background())
	if err != nil {
		return 0, err
	}
	defer p.readers.Put(conn)
	return execute(conn, sql, args)
}

// execute runs a prepared statement, reads every column of every row, and returns the number of rows.
func execute(conn *sqlite.Conn, sql string, args []any) (int, error) {
	s, err := conn.Prepare(sql)
	if err != nil {
		return 0, err
	}
	defer s.Reset() //nolint:errcheck // it repeats the error of Step
	for i, arg := range args {
		switch v := arg.(type) {
		case string:
			s.BindText(i+1, v)
		case int64:
			s.BindInt64(i+1, v)
		default:
			return 0, fmt.Errorf("argument %d of %s has type %T", i+1, sql, arg)
		}
	}
	for rows := 0; ; rows++ {
		has, err := s.Step()
		if err != nil || !has {
			return rows, err
		}
		for i := range s.ColumnCount() {
			_ = s.ColumnText(i)
		}
	}
}

func (p *plainSQLite) write(sql string, args ...any) error {
	j := &plainJob{sql, args, make(chan error, 1)}
	p.jobs <- j
	return <-j.done
}

func (p *plainSQLite) commitAll() {
	defer close(p.written)
	for first := range p.jobs {
		p.commit(first)
	}
}

// commit runs a statement and those that wait behind it in one transaction, and reports its result to all of them.
func (p *plainSQLite) commit(j *plainJob) {
	var group []*plainJob
	_, err := execute(p.writer, "BEGIN IMMEDIATE", nil)
	for j != nil {
		group = append(group, j)
		if err == nil {
			_, err = execute(p.writer, j.sql, j.args)
		}
		select {
		case j = <-p.jobs:
		default:
			j = nil
		}
	}
	if err == nil {
		_, err = execute(p.writer, "COMMIT", nil)
	}
	for _, j := range group {
		j.done <- err
	}
}

func (p *plainSQLite) close() error {
	close(p.jobs)
	<-p.written
	return errors.Join(p.readers.Close(), p.writer.Close())
}

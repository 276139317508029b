package transfer_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"lobby/internal/testkit"
	"lobby/internal/transfer"
)

// manyPeople are lines of so many people.
func manyPeople(n int) string {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `{"external_id":"user-%d","email":"person%d@example.com","name":"Person %d","signed_up_at":%d,"custom_attributes":{"plan":"pro","seats":%d}}`+"\n",
			i, i, i, 1_600_000_000+i, i%50)
	}
	return b.String()
}

// BenchmarkPeople tells how many people come in a second, and compares that with bare prepared inserts of the same rows into
// the same tables in one transaction: by the time that passes, and by the time of the processor, which tells more on a
// machine that does other things too.
func BenchmarkPeople(b *testing.B) {
	const n = 30_000
	text := manyPeople(n)
	var imports, inserts spent
	for b.Loop() {
		folder := b.TempDir()
		s := testkit.Start(b, testkit.OnFolder(folder))
		imports.add(b, func() error {
			result, err := importPeople(b, s, text, transfer.PeopleOptions{})
			if err == nil && result.Created != n {
				err = fmt.Errorf("%+v", result)
			}
			return err
		})
		conn, insert := bareInserts(b, folder, n)
		inserts.add(b, insert)
		if err := conn.Close(); err != nil {
			b.Fatal(err)
		}
	}
	total := float64(b.N) * n
	b.ReportMetric(total/imports.wall.Seconds(), "people/s")
	b.ReportMetric(total/imports.cpu.Seconds(), "people/cpu-s")
	b.ReportMetric(inserts.wall.Seconds()/imports.wall.Seconds(), "of-inserts")
	b.ReportMetric(inserts.cpu.Seconds()/imports.cpu.Seconds(), "of-inserts-cpu")
}

// spent is time that passed, and time of the processor.
type spent struct{ wall, cpu time.Duration }

func (s *spent) add(b *testing.B, do func() error) {
	b.Helper()
	processor := func() time.Duration {
		var used syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
			b.Fatal(err)
		}
		return time.Duration(used.Utime.Nano() + used.Stime.Nano())
	}
	began, used := time.Now(), processor()
	if err := do(); err != nil {
		b.Fatal(err)
	}
	s.wall += time.Since(began)
	s.cpu += processor() - used
}

// bareInserts returns a function that inserts the people of a folder, in their order, into a copy of its database in which
// there are none. It has one prepared statement with the columns that are not null, and one transaction.
func bareInserts(b *testing.B, folder string, n int) (*sqlite.Conn, func() error) {
	b.Helper()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	to := filepath.Join(b.TempDir(), "copy.db")
	from, err := sqlite.OpenConn(filepath.Join(folder, "lobby.db"), sqlite.OpenReadOnly)
	must(err)
	var names []string
	rows := make([][]any, 0, n)
	must(sqlitex.ExecuteTransient(from, "SELECT * FROM people ORDER BY rowid", &sqlitex.ExecOptions{ResultFunc: func(r *sqlite.Stmt) error {
		names = names[:0]
		var row []any
		for i := range r.ColumnCount() {
			switch r.ColumnType(i) {
			case sqlite.TypeText:
				row = append(row, r.ColumnText(i))
			case sqlite.TypeInteger:
				row = append(row, r.ColumnInt64(i))
			default:
				continue
			}
			names = append(names, r.ColumnName(i))
		}
		rows = append(rows, row)
		return nil
	}}))
	if len(rows) != n {
		b.Fatalf("%d rows", len(rows))
	}
	must(sqlitex.ExecuteTransient(from, "VACUUM INTO '"+to+"'", nil))
	must(from.Close())
	conn, err := sqlite.OpenConn(to, sqlite.OpenReadWrite)
	must(err)
	for _, sql := range []string{"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA cache_size = -65536", "DELETE FROM people", "VACUUM"} {
		must(sqlitex.ExecuteTransient(conn, sql, nil))
	}
	return conn, func() (err error) {
		defer sqlitex.Transaction(conn)(&err)
		insert := conn.Prep("INSERT INTO people (" + strings.Join(names, ", ") + ") VALUES (" + strings.Repeat("?, ", len(names)-1) + "?)")
		for _, row := range rows {
			for i, v := range row {
				switch v := v.(type) {
				case string:
					insert.BindText(i+1, v)
				case int64:
					insert.BindInt64(i+1, v)
				}
			}
			if _, err := insert.Step(); err != nil {
				return err
			}
			if err := insert.Reset(); err != nil {
				return err
			}
		}
		return nil
	}
}

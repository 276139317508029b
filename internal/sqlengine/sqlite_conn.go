package sqlengine

import (
	"fmt"
	"regexp"
	"strings"

	"zombiezen.com/go/sqlite"
)

// maxStatements is how many statements one connection keeps prepared.
const maxStatements = 256

// sqliteConn is one connection with its prepared statements. It is a session, used by one goroutine at a time.
type sqliteConn struct {
	conn     *sqlite.Conn // nil once closed
	prepared map[string]*sqliteStmt
	// settings are pragmas that come before the first statement; nil when they have come.
	settings []string
	view
	// dataVersion is what SQLite calls the state that other processes left at the last commit of this connection; nextVersion
	// is that of the transaction under way.
	dataVersion, nextVersion int64
	// wrote is whether a statement ran that may have changed something. It is reset by runJob.
	wrote bool
}

// sqliteStmt is a prepared statement. arg[i] is the number of the argument for parameter i+1; SQLite numbers
// parameters by their first appearance.
type sqliteStmt struct {
	*sqlite.Stmt
	sql    string
	arg    []int
	writes bool // whether it may change something
	// habit is that of the reads that began with it.
	habit habit
	// changes says that it changes rows, and table which; empty for any.
	changes bool
	table   string
	// numbers are those that are bound to the parameters, as far as these are numbers.
	numbers []boundNumber
}

type boundNumber struct {
	is    bool
	value int64
}

// bindNumber binds a number, unless it is bound already: SQLite plans a query with LIMIT $n anew after each binding of n.
func (s *sqliteStmt) bindNumber(i int, v int64) {
	if b := (boundNumber{true, v}); s.numbers[i] != b {
		s.numbers[i] = b
		s.BindInt64(i+1, v)
	}
}

func newSQLiteConn(c *sqlite.Conn, s *steps) *sqliteConn {
	return &sqliteConn{conn: c, prepared: map[string]*sqliteStmt{}, view: view{steps: s}}
}

func (c *sqliteConn) close() error {
	c.forget()
	err := c.conn.Close()
	c.conn = nil
	return err
}

func (c *sqliteConn) forget() {
	for _, s := range c.prepared {
		s.Finalize() //nolint:errcheck // it repeats the last error of the statement, which was handled then
	}
	clear(c.prepared)
}

// set makes the settings of the connection.
func (c *sqliteConn) set() error {
	all := c.settings
	c.settings = nil
	for _, pragma := range all {
		if err := c.Exec("PRAGMA "+pragma, nil); err != nil {
			c.settings = all
			return err
		}
	}
	return nil
}

func (c *sqliteConn) prepare(sql string) (*sqliteStmt, error) {
	if s := c.prepared[sql]; s != nil {
		return s, nil
	}
	if c.settings != nil {
		if err := c.set(); err != nil {
			return nil, err
		}
	}
	if len(c.prepared) >= maxStatements {
		c.forget()
	}
	stmt, _, err := c.conn.PrepareTransient(sql)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, sql)
	}
	s := &sqliteStmt{Stmt: stmt, sql: sql, arg: make([]int, stmt.BindParamCount()), numbers: make([]boundNumber, stmt.BindParamCount())}
	s.writes = stmt.ColumnCount() == 0 || strings.Contains(sql, "RETURNING")
	s.changes, s.table = changedBy(sql, s.writes)
	for i := range s.arg {
		if _, err := fmt.Sscanf(stmt.BindParamName(i+1), "$%d", &s.arg[i]); err != nil {
			return nil, fmt.Errorf("parameter %d of %s is not $n", i+1, sql)
		}
	}
	c.prepared[sql] = s
	return s, nil
}

// ofTable are the statements that name the table which they change, ofNone those that change no rows.
var (
	ofTable = regexp.MustCompile(`^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)`)
	ofNone  = regexp.MustCompile(`^\s*(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA)\b`)
)

// changedBy returns whether a statement changes rows, and of which table; "" for any.
func changedBy(sql string, writes bool) (changes bool, table string) {
	if !writes || ofNone.MatchString(sql) {
		return false, ""
	}
	if found := ofTable.FindStringSubmatch(sql); found != nil {
		return true, found[1]
	}
	return true, ""
}

func (c *sqliteConn) Query(sql string, args []any, each func(Row) error) error {
	s, err := c.prepare(sql)
	if err != nil {
		return err
	}
	defer s.Reset() //nolint:errcheck // it repeats the error of Step
	for i, n := range s.arg {
		if v, is := args[n-1].(int64); is {
			s.bindNumber(i, v)
			continue
		}
		s.numbers[i].is = false
		switch v := args[n-1].(type) {
		case nil:
			s.BindNull(i + 1)
		case string:
			s.BindText(i+1, v)
		case bool:
			s.BindBool(i+1, v)
		case []byte:
			s.BindBytes(i+1, v)
		default:
			return fmt.Errorf("argument %d of %s has type %T", n, sql, v)
		}
	}
	if err := c.reads(s); err != nil {
		return err
	}
	c.wrote = c.wrote || s.writes
	if s.changes && c.steps.writing != nil {
		c.steps.writing(s.table, s.sql, args)
	}
	for {
		has, err := s.Step()
		if err != nil {
			return sqliteError(err)
		}
		if !has {
			return nil
		}
		if err := each(sqliteRow{s.Stmt}); err != nil {
			return err
		}
	}
}

func (c *sqliteConn) Exec(sql string, args []any) error {
	return c.Query(sql, args, func(Row) error { return nil })
}

func (c *sqliteConn) Insert(sql string, args []any) (bool, error) {
	err := c.Exec(sql, args)
	return err == nil && c.conn.Changes() > 0, err
}

func sqliteError(err error) error {
	switch sqlite.ErrCode(err) {
	case sqlite.ResultConstraintUnique, sqlite.ResultConstraintPrimaryKey:
		return fmt.Errorf("%w: %w", ErrTaken, err)
	}
	return err
}

type sqliteRow struct{ s *sqlite.Stmt }

func (r sqliteRow) IsNull(i int) bool { return r.s.ColumnIsNull(i) }

func (r sqliteRow) Text(i int) string { return r.s.ColumnText(i) }

func (r sqliteRow) Int(i int) int64 { return r.s.ColumnInt64(i) }

func (r sqliteRow) Bool(i int) bool { return r.s.ColumnInt64(i) != 0 }

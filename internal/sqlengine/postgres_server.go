package sqlengine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// postgresServer is what is known of the server behind a URL. Each new connection is looked at, since a URL may lead to a
// pooler, which lends another server connection to each transaction: then nothing may be kept in a session.
type postgresServer struct {
	// chooses says that the URL leaves the query mode to us.
	chooses bool
	// isPooled says that a pooler was seen.
	isPooled atomic.Bool
	// commit is the synchronous_commit of writes; nil on a server without the setting.
	commit atomic.Pointer[string]
	// statementTimeout is the server's own in milliseconds; 0 for none.
	statementTimeout atomic.Int64
	// timeout is that of the options; 0 for none.
	timeout time.Duration
}

func newPostgresServer(cfg *pgx.ConnConfig, dsn string, timeout time.Duration) *postgresServer {
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "lobby"
	}
	// Without it, the database's own encoding would decide in which bytes texts come.
	cfg.RuntimeParams["client_encoding"] = "UTF8"
	cfg.OnNotice = noteUnreplicated
	return &postgresServer{chooses: !strings.Contains(dsn, "default_query_exec_mode"), timeout: timeout}
}

// connect opens a connection outside the pool.
func (s *postgresServer) connect(ctx context.Context, cfg *pgx.ConnConfig) (*pgx.Conn, error) {
	for {
		own := cfg.Copy()
		if err := s.beforeConnect(ctx, own); err != nil {
			return nil, err
		}
		conn, err := pgx.ConnectConfig(ctx, own)
		if err != nil {
			return nil, err
		}
		if err = s.afterConnect(ctx, conn); err == nil {
			return conn, nil
		}
		_ = conn.Close(ctx) // the error before it counts
		if !errors.Is(err, errPooled) {
			return nil, err
		}
	}
}

// errCancel is why no cancel request is sent. One that met a COMMIT that waits for its standby would end the waiting: the
// write could be seen, and a repetition of the request be acknowledged, before a second server has it. What is abandoned
// ends by the time-outs of its transaction.
var errCancel = errors.New("no statement is cancelled")

func (s *postgresServer) beforeConnect(_ context.Context, cfg *pgx.ConnConfig) error {
	if s.chooses && s.isPooled.Load() {
		cfg.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	var isConnected atomic.Bool
	dial := cfg.DialFunc
	cfg.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if isConnected.Load() { // pgx dials again for a cancel request only
			return nil, errCancel
		}
		return dial(ctx, network, address)
	}
	cfg.Config.AfterConnect = func(context.Context, *pgconn.PgConn) error {
		isConnected.Store(true)
		return nil
	}
	return nil
}

// errPooled is the end of a connection that was opened with named statements and leads to a pooler.
var errPooled = errors.New("the connection leads to a pooler")

const lookSQL = `SELECT pg_backend_pid(), current_setting('server_encoding', true), current_setting('synchronous_commit', true),
	CAST(EXTRACT(EPOCH FROM CAST(current_setting('statement_timeout', true) AS INTERVAL)) * 1000 AS BIGINT)`

// afterConnect looks at a new connection. A pooler makes up the process number that it tells its clients.
func (s *postgresServer) afterConnect(ctx context.Context, conn *pgx.Conn) error {
	results, err := conn.PgConn().Exec(ctx, lookSQL).ReadAll()
	if err != nil {
		return err
	}
	if len(results) != 1 || len(results[0].Rows) != 1 {
		return errors.New("the server does not say what it is")
	}
	row := results[0].Rows[0]
	if encoding := string(row[1]); encoding != "UTF8" && encoding != "SQL_ASCII" && encoding != "" {
		return fmt.Errorf("the database has the encoding %s: create one with ENCODING 'UTF8'", encoding)
	}
	switch commit := string(row[2]); commit {
	case "":
	case "off": // what is acknowledged must not be lost
		on := "on"
		s.commit.Store(&on)
	default:
		s.commit.Store(&commit)
	}
	limit, _ := strconv.ParseInt(string(row[3]), 10, 64) // 0 on a server without the setting
	s.statementTimeout.Store(limit)
	conn.PgConn().CustomData()[made] = now()
	if string(row[0]) == strconv.FormatUint(uint64(conn.PgConn().PID()), 10) {
		return s.settle(ctx, conn)
	}
	s.isPooled.Store(true)
	if s.chooses && conn.Config().DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		return errPooled
	}
	return nil
}

// made is set on a connection to the moment at which it was ready.
const made = "made"

// settled is set on a connection whose session has the usual settings.
const settled = "settled"

// settle gives a session the usual settings. No pooler is between, so they stay.
func (s *postgresServer) settle(ctx context.Context, conn *pgx.Conn) error {
	var sql []string
	for _, one := range append(s.commitSetting(), s.timeouts(s.timeout)...) {
		sql = append(sql, "SET "+one.name+" = "+one.value)
	}
	if len(sql) > 0 {
		if _, err := conn.Exec(ctx, strings.Join(sql, "; ")); err != nil {
			return err
		}
	}
	conn.PgConn().CustomData()[settled] = true
	return nil
}

// begin returns the statements that begin a transaction on a connection, with all settings that its session lacks. Before
// a question that is asked alone there are settings only, which end with it.
func (s *postgresServer) begin(conn *pgconn.PgConn, w work, opts pgx.TxOptions, isAlone bool) []statement {
	isSettled, isRead := conn.CustomData()[settled] != nil, opts.AccessMode == pgx.ReadOnly
	var all []statement
	if !isAlone {
		begin := "BEGIN ISOLATION LEVEL " + string(opts.IsoLevel)
		if isRead {
			begin += " READ ONLY"
		}
		all = append(all, statement{sql: begin})
	}
	var settings []setting
	switch {
	case isSettled && w.limit == s.timeout:
	case w.limit > 0:
		settings = s.timeouts(w.limit)
	case isSettled: // without a time-out of ours, the server's own counts
		settings = []setting{{statementTimeout, strconv.FormatInt(s.statementTimeout.Load(), 10)}, {idleTimeout, "0"}}
	}
	switch {
	case isSettled:
	case !isRead:
		settings = append(settings, s.commitSetting()...)
	case isAlone:
		settings = append(settings, setting{"transaction_read_only", "on"})
	}
	if len(settings) > 0 {
		all = append(all, localSettings(settings))
	}
	return all
}

// setting is a setting of PostgreSQL.
type setting struct{ name, value string }

const (
	statementTimeout = "statement_timeout"
	idleTimeout      = "idle_in_transaction_session_timeout"
)

// localSettings returns the statement that makes settings for the present transaction. Values are arguments, so that there
// are few texts to parse.
func localSettings(all []setting) statement {
	var sql strings.Builder
	args, separator := make([]any, len(all)), "SELECT "
	for i, s := range all {
		sql.WriteString(separator + "set_config('" + s.name + "', $" + strconv.Itoa(i+1) + ", true)")
		separator = ", "
		args[i] = s.value
	}
	return statement{sql.String(), args}
}

// commitSetting returns the setting for durable commits; none on a server without it.
func (s *postgresServer) commitSetting() []setting {
	if commit := s.commit.Load(); commit != nil {
		return []setting{{"synchronous_commit", *commit}}
	}
	return nil
}

// timeouts returns the settings after which the server ends what takes longer than a limit; none for 0. It gives up a
// little earlier than we do, so that the connection lives on.
func (s *postgresServer) timeouts(limit time.Duration) []setting {
	if limit == 0 {
		return nil
	}
	statement := max(1, limit.Milliseconds()*9/10)
	if own := s.statementTimeout.Load(); own > 0 {
		statement = min(statement, own)
	}
	return []setting{
		{statementTimeout, strconv.FormatInt(statement, 10)},
		{idleTimeout, strconv.FormatInt(max(1, limit.Milliseconds()), 10)},
	}
}

// passed are the startup parameters that poolers pass on.
var passed = []string{"application_name", "client_encoding", "datestyle", "timezone", "standard_conforming_strings"}

// meet opens a first connection, and refuses a URL that would not do what it says.
func (s *postgresServer) meet(ctx context.Context, cfg *pgx.ConnConfig) error {
	conn, err := s.connect(ctx, cfg)
	if err != nil {
		if refused, ok := errors.AsType[*pgconn.PgError](err); ok && strings.HasPrefix(refused.Message, "unsupported startup parameter") {
			return fmt.Errorf("the pooler does not take the database URL: %s: %s", refused.Message, givenToRole)
		}
		return unavailable(err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing was written
	if !s.isPooled.Load() {
		return nil
	}
	for name, value := range cfg.RuntimeParams {
		if slices.Contains(passed, strings.ToLower(name)) {
			continue
		}
		// A pooler that ignores a parameter does so silently.
		var is, wanted string
		const sql = `SELECT current_setting($1)`
		err := conn.QueryRow(ctx, sql, name).Scan(&is)
		if err == nil {
			err = conn.QueryRow(ctx, `SELECT set_config($1, $2, true)`, name, value).Scan(&wanted)
		}
		if err != nil || is != wanted {
			return fmt.Errorf("behind a pooler the database URL must not set %s: %s", name, givenToRole)
		}
	}
	return nil
}

const givenToRole = "take it out, and set it by ALTER ROLE … SET"

// checkQueryMode refuses the modes in which values come as text, or from the description of another query.
func checkQueryMode(cfg *pgx.ConnConfig) error {
	switch mode := cfg.DefaultQueryExecMode; mode {
	case pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeExec, pgx.QueryExecModeDescribeExec:
		return fmt.Errorf("the database URL must not set default_query_exec_mode=%s: behind a pooler of transactions set it to cache_describe",
			strings.ReplaceAll(mode.String(), " ", "_"))
	}
	if cfg.StatementCacheCapacity == 0 || cfg.DescriptionCacheCapacity == 0 {
		return errors.New("the database URL must not set statement_cache_capacity or description_cache_capacity to 0: " +
			"behind a pooler of transactions set default_query_exec_mode=cache_describe")
	}
	return nil
}

// unreplicated is set on a connection whose COMMIT was told to wait for its standby no longer.
const unreplicated = "unreplicated"

func noteUnreplicated(conn *pgconn.PgConn, n *pgconn.Notice) {
	if n.Routine == "SyncRepWaitForLSN" { // the message is in the language of the server, and has no code of its own
		conn.CustomData()[unreplicated] = true
	}
}

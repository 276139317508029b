package sqlengine_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"lobby/internal/sqlengine"
	"lobby/internal/testkit"
)

func TestAQueryModeThatChangesTheFormOfValuesIsRefused(t *testing.T) {
	t.Parallel()
	dsn := testkit.Postgres(t)
	for mode, isRefused := range map[string]bool{
		"cache_statement": false, "cache_describe": false, "describe_exec": true, "exec": true, "simple_protocol": true,
	} {
		u, err := url.Parse(dsn)
		if err != nil {
			t.Fatal(err)
		}
		query := u.Query()
		query.Set("default_query_exec_mode", mode)
		u.RawQuery = query.Encode()
		e, err := sqlengine.OpenPostgres(t.Context(), u.String(), schemaOf(items).Migrate, sqlengine.Defaults())
		if err == nil {
			err = e.Close()
		}
		if isRefused != (err != nil && strings.Contains(err.Error(), "cache_describe")) {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestAValueOfAnotherTypeIsAnError(t *testing.T) {
	t.Parallel()
	e := mustOpenPostgres(t)
	for _, sql := range []string{"SELECT 1.5", "SELECT CAST(7 AS SMALLINT)", "SELECT now()"} {
		err := e.Read(t.Context(), func(on sqlengine.Session) error {
			return on.Query(sql, nil, func(r sqlengine.Row) error {
				t.Errorf("%s was read as %d", sql, r.Int(0))
				return nil
			})
		})
		if err == nil {
			t.Errorf("%s: no error", sql)
		}
	}
}

// A server that cannot write now, as an old primary after a failover, is not available; nothing is wrong with the request.
func TestAServerThatOnlyReadsIsUnavailable(t *testing.T) {
	t.Parallel()
	e := mustOpenPostgres(t)
	for _, first := range []string{"SET TRANSACTION READ ONLY", "SET LOCAL statement_timeout = 1"} {
		err := e.Write(t.Context(), func(on sqlengine.Session) error {
			if err := on.Exec(first, nil); err != nil {
				return err
			}
			return errors.Join(on.Exec("INSERT INTO items (id) SELECT CAST(pg_sleep(0.1) AS TEXT)", nil))
		})
		if !errors.Is(err, sqlengine.ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", first, err)
		}
	}
}

func mustOpenPostgres(t *testing.T) sqlengine.Engine {
	t.Helper()
	return mustOpen(t, onPostgres(testkit.Postgres(t)), sqlengine.Defaults())
}

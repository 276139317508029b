package config_test

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"lobby/internal/config"
)

// env is an environment; what is not in it is not set.
type env map[string]string

func (e env) get(name string) string { return e[name] }

func TestNothingGivenIsTheDefaults(t *testing.T) {
	t.Parallel()
	got, rest := mustParse(t, config.Serve, nil, nil)
	want := config.Config{
		Listen: "127.0.0.1:8080", Data: "./lobby-data", RateLimit: 10000, Pages: true, LogFormat: "text", LogLevel: slog.LevelInfo,
		MaxBody: 1 << 20, MaxPageRequests: 6, MaxConnections: 16_384, MaxAddressConnections: 256, HeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		DrainTimeout: 10 * time.Second, DrainDelay: 100 * time.Millisecond, DatabaseTimeout: 5 * time.Second, SQLiteReaders: 3, SQLiteCache: 4 << 20,
		SocketMode: 0o660,
	}
	if !reflect.DeepEqual(got, want) || len(rest) != 0 {
		t.Errorf("got %+v and %q, want %+v", got, rest, want)
	}
}

func TestEveryOptionIsReadFromItsFlagAndFromItsVariable(t *testing.T) {
	t.Parallel()
	const token = "abcdefgh.IJKLMNOP_1234"
	for _, c := range []struct {
		flag, env, text string
		want            func(config.Config) bool
	}{
		{"--listen", "LOBBY_LISTEN", ":0", func(c config.Config) bool { return c.Listen == ":0" }},
		{"--data", "LOBBY_DATA", "/srv/lobby", func(c config.Config) bool { return c.Data == "/srv/lobby" }},
		{"--database", "LOBBY_DATABASE", "postgres://u:p@db/lobby", func(c config.Config) bool { return c.Database == "postgres://u:p@db/lobby" }},
		{"--ephemeral", "LOBBY_EPHEMERAL", "yes", func(c config.Config) bool { return c.Ephemeral }},
		{"--public-url", "LOBBY_PUBLIC_URL", "https://l.example", func(c config.Config) bool { return c.PublicURL == "https://l.example" }},
		{"--app-id", "LOBBY_APP_ID", "my_app-1", func(c config.Config) bool { return c.AppID == "my_app-1" }},
		{"--access-token", "LOBBY_ACCESS_TOKEN", token, func(c config.Config) bool { return c.AccessToken == token }},
		{"--rate-limit", "LOBBY_RATE_LIMIT", "0", func(c config.Config) bool { return c.RateLimit == 0 }},
		{"--geoip", "LOBBY_GEOIP", "/srv/city.mmdb", func(c config.Config) bool { return c.GeoIP == "/srv/city.mmdb" }},
		{"--trusted-proxies", "LOBBY_TRUSTED_PROXIES", "10.1.2.3/8, ::1", func(c config.Config) bool {
			return fmt.Sprint(c.TrustedProxies) == "[10.0.0.0/8 ::1/128]"
		}},
		{"--log-format", "LOBBY_LOG_FORMAT", "json", func(c config.Config) bool { return c.LogFormat == "json" }},
		{"--log-level", "LOBBY_LOG_LEVEL", "warn", func(c config.Config) bool { return c.LogLevel == slog.LevelWarn }},
		{"--max-body", "LOBBY_MAX_BODY", "3MiB", func(c config.Config) bool { return c.MaxBody == 3<<20 }},
		{"--max-page-requests", "LOBBY_MAX_PAGE_REQUESTS", "1", func(c config.Config) bool { return c.MaxPageRequests == 1 }},
		{"--read-timeout", "LOBBY_READ_TIMEOUT", "1m30s", func(c config.Config) bool { return c.ReadTimeout == 90*time.Second }},
		{"--write-timeout", "LOBBY_WRITE_TIMEOUT", "1h", func(c config.Config) bool { return c.WriteTimeout == time.Hour }},
		{"--idle-timeout", "LOBBY_IDLE_TIMEOUT", "1s", func(c config.Config) bool { return c.IdleTimeout == time.Second }},
		{"--drain-delay", "LOBBY_DRAIN_DELAY", "5s", func(c config.Config) bool { return c.DrainDelay == 5*time.Second }},
		{"--database-timeout", "LOBBY_DATABASE_TIMEOUT", "2s", func(c config.Config) bool { return c.DatabaseTimeout == 2*time.Second }},
		{"--drain-timeout", "LOBBY_DRAIN_TIMEOUT", "25s", func(c config.Config) bool { return c.DrainTimeout == 25*time.Second }},
		{"--sqlite-readers", "LOBBY_SQLITE_READERS", "1000", func(c config.Config) bool { return c.SQLiteReaders == 1000 }},
		{"--sqlite-cache", "LOBBY_SQLITE_CACHE", "100000", func(c config.Config) bool { return c.SQLiteCache == 100_000 }},
		{"--postgres-pool", "LOBBY_POSTGRES_POOL", "40", func(c config.Config) bool { return c.PostgresPool == 40 }},
	} {
		if got, _ := mustParse(t, config.Serve, []string{c.flag + "=" + c.text}, nil); !c.want(got) {
			t.Errorf("%s=%s: got %+v", c.flag, c.text, got)
		}
		if got, _ := mustParse(t, config.Serve, nil, env{c.env: c.text}); !c.want(got) {
			t.Errorf("%s=%s: got %+v", c.env, c.text, got)
		}
	}
}

func TestAFlagBeatsTheEnvironmentWhichBeatsTheDefault(t *testing.T) {
	t.Parallel()
	got, _ := mustParse(t, config.Serve, []string{"--listen", ":1"}, env{
		"LOBBY_LISTEN": "this one is not even looked at", "LOBBY_RATE_LIMIT": "60", "LOBBY_LOG_LEVEL": "",
	})
	if got.Listen != ":1" || got.RateLimit != 60 || got.LogLevel != slog.LevelInfo {
		t.Errorf("got %+v", got)
	}
	if got, _ := mustParse(t, config.Serve, []string{"--ephemeral=false"}, env{"LOBBY_EPHEMERAL": "on"}); got.Ephemeral {
		t.Error("the flag could not switch off what the environment switched on")
	}
}

func TestFlagsAreWrittenInEveryUsualWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args      string
		listen    string
		ephemeral bool
		rest      string
	}{
		{"--listen=:1", ":1", false, ""},
		{"--listen :1", ":1", false, ""},
		{"-listen=:1", ":1", false, ""},
		{"-listen :1", ":1", false, ""},
		{"--listen :1 --listen :2", ":2", false, ""},
		{"--ephemeral --listen :1", ":1", true, ""},
		{"-ephemeral=1 -listen :1", ":1", true, ""},
		{"--ephemeral=OFF --listen :1", ":1", false, ""},
		{"create --listen :1 name --ephemeral - last", ":1", true, "create name - last"},
		{"--listen :1 -- --ephemeral --help", ":1", false, "--ephemeral --help"},
	} {
		got, rest := mustParse(t, config.Serve, strings.Fields(c.args), nil)
		if got.Listen != c.listen || got.Ephemeral != c.ephemeral || strings.Join(rest, " ") != c.rest {
			t.Errorf("%s: got %+v and %q", c.args, got, rest)
		}
	}
}

func TestExactlyOnePlaceKeepsThePeople(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args           string
		data, database string
		ephemeral      bool
	}{
		{"", "./lobby-data", "", false},
		{"--data x", "x", "", false},
		{"--database postgresql:///lobby?host=/run", "", "postgresql:///lobby?host=/run", false},
		{"--ephemeral", "", "", true},
		{"--ephemeral --data x", "", "", true},
		{"--ephemeral=no --database postgres://db", "", "postgres://db", false},
	} {
		got, _ := mustParse(t, config.Serve, strings.Fields(c.args), nil)
		if got.Data != c.data || got.Database != c.database || got.Ephemeral != c.ephemeral {
			t.Errorf("%q: got %+v", c.args, got)
		}
	}
}

func TestStoreCommandsTakeTheStoreOptionsOnly(t *testing.T) {
	t.Parallel()
	got, rest := mustParse(t, config.Store, []string{"create", "--data=x", "demo"}, env{
		"LOBBY_RATE_LIMIT": "many", "LOBBY_EPHEMERAL": "on", "LOBBY_LISTEN": "nonsense",
	})
	if want := (config.Config{Data: "x"}); !reflect.DeepEqual(got, want) || !slices.Equal(rest, []string{"create", "demo"}) {
		t.Errorf("got %+v and %q, want %+v", got, rest, want)
	}
	got, _ = mustParse(t, config.Store, nil, env{"LOBBY_DATABASE": "postgres://db"})
	if want := (config.Config{Database: "postgres://db"}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestHelpIsAskedForInThreeWays(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]bool{
		"-h":                         true,
		"--help":                     true,
		"-help":                      true,
		"help":                       true,
		"create -h":                  true,
		"--rate-limit many --help":   true,
		"--no-such-option --help":    true,
		"create help":                false,
		"-- help":                    false,
		"-- -h":                      false,
		"--data=help --log-level=-h": false,
	} {
		_, _, err := config.Parse(config.Serve, strings.Fields(args), env{}.get)
		if got := errors.Is(err, config.ErrHelp); got != want {
			t.Errorf("%s: %v", args, err)
		}
	}
}

func mustParse(t *testing.T, set config.Set, args []string, e env) (config.Config, []string) {
	t.Helper()
	c, rest, err := config.ParseOn(3, 80<<20, set, args, e.get)
	if err != nil {
		t.Fatalf("Parse(%q, %v): %v", args, e, err)
	}
	return c, rest
}

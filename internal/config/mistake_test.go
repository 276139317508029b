package config_test

import (
	"reflect"
	"strings"
	"testing"

	"lobby/internal/config"
)

func TestAMistakeIsOneLineThatNamesTheOptionAsWritten(t *testing.T) {
	t.Parallel()
	const (
		listen    = " is not host:port, such as 127.0.0.1:8080 or :8080"
		publicURL = "must be an absolute http or https address without user, query and fragment, such as https://lobby.example.com"
		database  = "must begin with postgres:// or postgresql://"
		appID     = "must be 3 to 32 characters out of a-z, 0-9, _ and -"
		token     = "must be 16 to 200 visible ASCII characters without space and colon"
	)
	for _, c := range []struct {
		arg  string // an argument, or NAME=value for the environment
		want string
	}{
		{`LOBBY_RATE_LIMIT=many`, `LOBBY_RATE_LIMIT: "many" is not a whole number of 0 or more`},
		{`--rate-limit=many`, `--rate-limit: "many" is not a whole number of 0 or more`},
		{`-rate-limit=-1`, `--rate-limit: "-1" is not a whole number of 0 or more`},
		{`--rate-limit=1.5`, `--rate-limit: "1.5" is not a whole number of 0 or more`},

		{`--listen=8080`, `--listen: "8080"` + listen},
		{`--listen=localhost`, `--listen: "localhost"` + listen},
		{`--listen=localhost:`, `--listen: "localhost:"` + listen},
		{`--listen=localhost:http`, `--listen: "localhost:http"` + listen},
		{`--listen=localhost:65536`, `--listen: "localhost:65536"` + listen},
		{`--listen=::1:80`, `--listen: "::1:80"` + listen},
		{`LOBBY_LISTEN=my host:80`, `LOBBY_LISTEN: "my host:80"` + listen},
		{`LOBBY_LISTEN=http://x:80`, `LOBBY_LISTEN: "http://x:80"` + listen},
		{"LOBBY_LISTEN=a\nb", `LOBBY_LISTEN: "a\nb"` + listen},

		{`--database=mysql://db`, `--database: ` + database},
		{`--database=lobby.db`, `--database: ` + database},
		{`LOBBY_DATABASE=host=db user=me`, `LOBBY_DATABASE: ` + database},
		{`--database=postgres://u:%zz@db`, `--database: is not a valid address; percent-encode what is special in the user name and the password`},

		{`--smtp=mail.example.com:587`, `--smtp: must begin with smtp:// or smtps://`},
		{`--smtp=http://mail.example.com`, `--smtp: must begin with smtp:// or smtps://`},
		{`LOBBY_SMTP=smtp://u:p@ss@mail.example.com`, `LOBBY_SMTP: is not a valid address; percent-encode what is special in the user name and the password`},
		{`--smtp=smtp://u:%zz@mail.example.com`, `--smtp: is not a valid address; percent-encode what is special in the user name and the password`},
		{`--smtp=smtp://`, `--smtp: must be smtp://USER:PASSWORD@HOST:PORT, with the user or without`},
		{`--smtp=smtp://mail.example.com:99999`, `--smtp: must be smtp://USER:PASSWORD@HOST:PORT, with the user or without`},
		{`--smtp=smtp://mail.example.com/inbox`, `--smtp: must be smtp://USER:PASSWORD@HOST:PORT, with the user or without`},
		{`--smtp=smtp://mail.example.com?tls=maybe`, `--smtp: knows ?tls=off only`},
		{`--smtp=smtps://mail.example.com?tls=off`, `--smtp: smtps:// is TLS; smtp://…?tls=off is without`},
		{`--smtp=smtp://u:p@mail.example.com?tls=off`, `--smtp: a password is not sent without TLS, except to this machine`},

		{`LOBBY_EPHEMERAL=maybe`, `LOBBY_EPHEMERAL: "maybe" is neither on nor off`},
		{`--ephemeral=2`, `--ephemeral: "2" is neither on nor off`},

		{`--public-url=lobby.example.com`, `--public-url: ` + publicURL},
		{`--public-url=/lobby`, `--public-url: ` + publicURL},
		{`--public-url=ftp://lobby.example.com`, `--public-url: ` + publicURL},
		{`--public-url=https://`, `--public-url: ` + publicURL},
		{`--public-url=https://:443`, `--public-url: ` + publicURL},
		{`--public-url=https://a:99999`, `--public-url: ` + publicURL},
		{`--public-url=https://a/?`, `--public-url: ` + publicURL},
		{`--public-url=https://a/?b=c`, `--public-url: ` + publicURL},
		{`--public-url=https://a/#b`, `--public-url: ` + publicURL},
		{`--public-url=https://u:p@a`, `--public-url: ` + publicURL},
		{`--public-url=https://a"><script>`, `--public-url: ` + publicURL},

		{`--app-id=ab`, `--app-id: ` + appID},
		{`--app-id=Demo`, `--app-id: ` + appID},
		{`--app-id=my app`, `--app-id: ` + appID},
		{`LOBBY_APP_ID=` + strings.Repeat("a", 33), `LOBBY_APP_ID: ` + appID},

		{`--access-token=fifteen-letters`, `--access-token: ` + token},
		{`--access-token=` + strings.Repeat("a", 201), `--access-token: ` + token},
		{`--access-token=with-a:colon-in-it`, `--access-token: ` + token},
		{`--access-token=with-a space-in-it`, `--access-token: ` + token},
		{`--access-token=with-an-ü-in-its-middle`, `--access-token: ` + token},
		{"LOBBY_ACCESS_TOKEN=with-a-line-break-at-the-end\n", `LOBBY_ACCESS_TOKEN: ` + token},

		{`--max-body=many`, `--max-body: "many" is not a size from 64KiB to 1GiB, such as 2MiB`},
		{`--max-body=1MB`, `--max-body: "1MB" is not a size from 64KiB to 1GiB, such as 2MiB`},
		{`--max-body=63KiB`, `--max-body: "63KiB" is not a size from 64KiB to 1GiB, such as 2MiB`},
		{`--max-body=2GiB`, `--max-body: "2GiB" is not a size from 64KiB to 1GiB, such as 2MiB`},
		{`--max-body=9223372036854775807GiB`, `--max-body: "9223372036854775807GiB" is not a size from 64KiB to 1GiB, such as 2MiB`},
		{`--sqlite-cache=-1MiB`, `--sqlite-cache: "-1MiB" is not a size from 64KiB to 64GiB, such as 2MiB`},
		{`--sqlite-readers=0`, `--sqlite-readers: "0" is not a whole number from 1 to 1000`},
		{`--postgres-pool=10001`, `--postgres-pool: "10001" is not a whole number from 1 to 10000`},
		{`LOBBY_DRAIN_TIMEOUT=10`, `LOBBY_DRAIN_TIMEOUT: "10" is not a time from 1s to 1h, such as 30s or 2m`},
		{`--idle-timeout=2h`, `--idle-timeout: "2h" is not a time from 1s to 1h, such as 30s or 2m`},

		{`--log-format=xml`, `--log-format: "xml" is neither text nor json`},
		{`--log-level=loud`, `--log-level: "loud" is not debug, info, warn or error`},
		{`LOBBY_LOG_LEVEL=INFO`, `LOBBY_LOG_LEVEL: "INFO" is not debug, info, warn or error`},

		{`--listen`, `--listen: needs a value`},
		{`--listen=`, `--listen: needs a value`},
		{`--ephemeral=`, `--ephemeral: needs a value`},
	} {
		var args []string
		e := env{}
		if name, value, _ := strings.Cut(c.arg, "="); strings.HasPrefix(name, "LOBBY_") {
			e[name] = value
		} else {
			args = []string{c.arg}
		}
		wantMistakes(t, config.Serve, args, e, c.want)
	}
}

func TestValuesAtTheEdgeAreAccepted(t *testing.T) {
	t.Parallel()
	for _, arg := range []string{
		"--listen=:0", "--listen=[::1]:65535", "--listen=localhost:80", "--listen=[fe80::1%eth0]:80",
		"--database=postgresql://u:p%40ss@a,b:5432/lobby?sslmode=require",
		"--public-url=http://[::1]:8080", "--public-url=https://a/lobby",
		"--app-id=abc", "--app-id=" + strings.Repeat("a", 32),
		"--access-token=" + strings.Repeat("~", 16), "--access-token=" + strings.Repeat("!", 200), "--access-token=a=b=c=d=e=f=g=h=",
	} {
		mustParse(t, config.Serve, []string{arg}, nil)
	}
	// A token that begins with dashes is a value, not the next flag.
	if c, _ := mustParse(t, config.Serve, []string{"--access-token", "--0123456789abcdef"}, nil); c.AccessToken != "--0123456789abcdef" {
		t.Errorf("got %+v", c)
	}
}

func TestThePublicURLLosesItsTrailingSlash(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://a":         "https://a",
		"https://a/":        "https://a",
		"https://a//":       "https://a",
		"https://a/lobby/":  "https://a/lobby",
		"HTTPS://a:8443/":   "https://a:8443",
		"http://[::1]:8080": "http://[::1]:8080",
	} {
		if c, _ := mustParse(t, config.Serve, []string{"--public-url", given}, nil); c.PublicURL != want {
			t.Errorf("%s became %s, want %s", given, c.PublicURL, want)
		}
	}
}

func TestTwoPlacesForThePeopleAreRefused(t *testing.T) {
	t.Parallel()
	const db = "postgres://u:hunter2@db"
	const folder, memory = ": people are kept either there or in a folder, drop one", ": people are kept either there or in memory, drop one"
	wantMistakes(t, config.Serve, []string{"--database", db, "--data", "x"}, nil, "--database and --data"+folder)
	wantMistakes(t, config.Serve, []string{"--database", db}, env{"LOBBY_DATA": "x"}, "--database and LOBBY_DATA"+folder)
	wantMistakes(t, config.Store, []string{"--data", "./lobby-data"}, env{"LOBBY_DATABASE": db}, "LOBBY_DATABASE and --data"+folder)
	wantMistakes(t, config.Serve, []string{"--ephemeral"}, env{"LOBBY_DATABASE": db}, "LOBBY_DATABASE and --ephemeral"+memory)
}

func TestAnUnknownOptionIsMetWithTheNearest(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string]string{
		"--lisen":               `unknown option "--lisen", did you mean --listen?`,
		"--lsiten=:1":           `unknown option "--lsiten", did you mean --listen?`,
		"-ratelimit":            `unknown option "--ratelimit", did you mean --rate-limit?`,
		"--token":               `unknown option "--token", did you mean --access-token?`,
		"--Data":                `unknown option "--Data", did you mean --data?`,
		"--log_level":           `unknown option "--log_level", did you mean --log-level?`,
		"--quite-another-thing": `unknown option "--quite-another-thing", --help lists them all`,
		"-x":                    `unknown option "--x", --help lists them all`,
		"--a\nb":                `unknown option "--a\nb", --help lists them all`,
	} {
		wantMistakes(t, config.Serve, []string{arg}, nil, want)
	}
	wantMistakes(t, config.Store, []string{"--rate-limit", "5"}, nil, "--rate-limit: only lobby serve takes this option")
	wantMistakes(t, config.Store, []string{"--listn"}, nil, `unknown option "--listn", --help lists them all`)
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	t.Parallel()
	wantMistakes(t, config.Serve, []string{"--lisen", ":1", "--data", "--log-level=loud", "file"}, env{"LOBBY_RATE_LIMIT": "many"},
		`unknown option "--lisen", did you mean --listen?`,
		`--data: needs a value`,
		`LOBBY_RATE_LIMIT: "many" is not a whole number of 0 or more`,
		`--log-level: "loud" is not debug, info, warn or error`,
	)
}

func TestAFlagDoesNotSwallowWhatEndsIt(t *testing.T) {
	t.Parallel()
	wantMistakes(t, config.Serve, []string{"--data", "--", "x"}, nil, "--data: needs a value")
	wantMistakes(t, config.Serve, []string{"--data", "--ephemeral"}, nil, "--data: needs a value")
	wantMistakes(t, config.Serve, []string{"--data", "-listen=:1"}, nil, "--data: needs a value")
}

func TestNoMistakeRepeatsASecret(t *testing.T) {
	t.Parallel()
	const secret = "s3cr:t"
	for _, args := range [][]string{
		{"--access-token", secret},
		{"--access-token=" + secret},
		{"--acces-token", secret},
		{"--acces-token", "--" + secret},
		{"--acces-token=" + secret},
		{"--app-id", secret},
		{"--database", "mysql://u:" + secret + "@db"},
		{"--database", "postgres://u:" + secret + "/%zz@db"},
		{"--database", "postgres://u:" + secret + "@db", "--data", "x"},
		{"--database", "postgres://u:" + secret + "@db", "--ephemeral"},
		{"--database", "postgres://u:" + secret + "@db:port"},
		{"--public-url", "https://u:" + secret + "@host"},
		{"--public-url", "https://host/?token=" + secret},
		{"--public-url", "https://host:" + secret},
	} {
		_, rest, err := config.Parse(config.Serve, args, env{}.get)
		if err == nil || strings.Contains(err.Error(), secret) || len(rest) != 0 {
			t.Errorf("%q: %v and the rest %q", args, err, rest)
		}
	}
}

func wantMistakes(t *testing.T, set config.Set, args []string, e env, want ...string) {
	t.Helper()
	c, rest, err := config.Parse(set, args, e.get)
	if err == nil {
		t.Errorf("%q, %v: accepted, want %q", args, e, want)
		return
	}
	if got := err.Error(); got != strings.Join(want, "\n") {
		t.Errorf("%q, %v:\n got %s\nwant %s", args, e, got, strings.Join(want, "\n"))
	}
	if !reflect.DeepEqual(c, config.Config{}) || rest != nil {
		t.Errorf("%q, %v: a mistake came with %+v and %q", args, e, c, rest)
	}
}

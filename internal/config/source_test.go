package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lobby/internal/config"
)

// fileOf writes a value into a file and returns the file's name.
func fileOf(t *testing.T, value string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "value")
	if err := os.WriteFile(name, []byte(value), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestEveryOptionMayBeInAFile(t *testing.T) {
	t.Parallel()
	const token = "abcdefgh.IJKLMNOP_1234"
	for _, end := range []string{"", "\n", "\r\n"} {
		got, _ := mustParse(t, config.Serve, nil, env{
			"LOBBY_ACCESS_TOKEN_FILE": fileOf(t, token+end), "LOBBY_RATE_LIMIT_FILE": fileOf(t, "60"+end),
			"LOBBY_DATABASE_FILE": fileOf(t, "postgres://u:p%2Fq@db"+end), "LOBBY_LISTEN_FILE": "",
		})
		if got.AccessToken != token || got.RateLimit != 60 || got.Database != "postgres://u:p%2Fq@db" {
			t.Errorf("with %q at its end: %+v", end, got)
		}
	}
	// One line end only belongs to the file, and a flag beats all of the environment.
	wantMistakes(t, config.Serve, nil, env{"LOBBY_ACCESS_TOKEN_FILE": fileOf(t, token+"\n\n")},
		"LOBBY_ACCESS_TOKEN_FILE: must be 16 to 200 visible ASCII characters without space and colon")
	if got, _ := mustParse(t, config.Serve, []string{"--rate-limit=7"}, env{"LOBBY_RATE_LIMIT_FILE": "/nowhere"}); got.RateLimit != 7 {
		t.Errorf("the flag lost against the file: %+v", got)
	}
	store, _ := mustParse(t, config.Store, nil, env{"LOBBY_DATABASE_FILE": fileOf(t, "postgres://db\n")})
	if store.Database != "postgres://db" {
		t.Errorf("the store commands read no file: %+v", store)
	}
}

func TestWhatIsWrongWithAFileIsToldWithoutItsContent(t *testing.T) {
	t.Parallel()
	const secret = "s3cret-s3cret"
	folder := t.TempDir()
	for value, want := range map[string]string{
		filepath.Join(folder, secret):            "LOBBY_LISTEN_FILE: cannot read the file: no such file or directory",
		folder:                                   "LOBBY_LISTEN_FILE: cannot read the file: is a directory",
		fileOf(t, ""):                            "LOBBY_LISTEN_FILE: the file is empty",
		fileOf(t, "\n"):                          "LOBBY_LISTEN_FILE: the file is empty",
		fileOf(t, strings.Repeat("x", 64<<10+1)): "LOBBY_LISTEN_FILE: the file is too long for a value",
		fileOf(t, secret+"\n"):                   "LOBBY_LISTEN_FILE: what it holds is not host:port, such as 127.0.0.1:8080 or :8080",
		fileOf(t, secret+"\"\x00\n"):             "LOBBY_LISTEN_FILE: what it holds is not host:port, such as 127.0.0.1:8080 or :8080",
	} {
		wantMistakes(t, config.Serve, nil, env{"LOBBY_LISTEN_FILE": value}, want)
	}
	wantMistakes(t, config.Serve, nil, env{"LOBBY_DATABASE": secret, "LOBBY_DATABASE_FILE": secret},
		"LOBBY_DATABASE and LOBBY_DATABASE_FILE: the value is given twice, drop one")
	wantMistakes(t, config.Serve, []string{"--data=x"}, env{"LOBBY_DATABASE_FILE": fileOf(t, "postgres://u:"+secret+"@db")},
		"LOBBY_DATABASE_FILE and --data: people are kept either there or in a folder, drop one")
}

func TestAFileCountsLikeItsVariable(t *testing.T) {
	t.Parallel()
	e := env{"LOBBY_DATABASE_FILE": fileOf(t, "postgres://u:secret@db"), "LOBBY_SQLITE_CACHE_FILE": fileOf(t, "1MiB")}
	if got, want := config.Differing(config.Serve, nil, e.get), []string{"database=(set)", "sqlite-cache=1MiB"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	got := config.Unheeded(config.Serve, nil, e.get, []string{"LOBBY_DATABASE_FILE=x", "LOBBY_SQLITE_CACHE_FILE=x", "LOBBY_DATABSE_FILE=x"})
	if want := []string{
		"LOBBY_DATABSE_FILE has no effect: there is no such option, did you mean LOBBY_DATABASE_FILE?",
		"LOBBY_SQLITE_CACHE_FILE has no effect: people are kept in PostgreSQL",
	}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestASocketFileIsAnAddress(t *testing.T) {
	t.Parallel()
	got, _ := mustParse(t, config.Serve, []string{"--listen=unix:/run/lobby.sock", "--admin-listen=unix:admin.sock", "--socket-mode=0600"}, nil)
	if got.Listen != "unix:/run/lobby.sock" || got.AdminListen != "unix:admin.sock" || got.SocketMode != 0o600 {
		t.Errorf("got %+v", got)
	}
	const path = ": a socket file needs a path of 1 to 103 bytes, such as unix:/run/lobby/lobby.sock"
	wantMistakes(t, config.Serve, []string{"--listen=unix:"}, nil, "--listen"+path)
	wantMistakes(t, config.Serve, []string{"--listen=unix:/" + strings.Repeat("a", 103)}, nil, "--listen"+path)
	for _, mode := range []string{"rw", "1777", "0888", "-1"} {
		wantMistakes(t, config.Serve, []string{"--socket-mode=" + mode}, nil, `--socket-mode: "`+mode+`" is not a mode, such as 0660`)
	}
}

func TestCertificatesComeFromOnePlace(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"--acme-domain=A.example.com, b.example.com --data=x":                  "[a.example.com b.example.com] x/acme",
		"--acme-domain=a.example.com --ephemeral --acme-folder=y":              "[a.example.com] y",
		"--acme-domain=a.example.com --database=postgres://db --acme-folder=y": "[a.example.com] y",
		"--tls-cert=a --tls-key=b":                                             "[] ",
	} {
		got, _ := mustParse(t, config.Serve, strings.Split(strings.ReplaceAll(args, ", ", ","), " "), nil)
		if shown := "[" + strings.Join(got.ACMEDomains, " ") + "] " + got.ACMEFolder; shown != want {
			t.Errorf("%s: %s, want %s", args, shown, want)
		}
	}
	for args, want := range map[string]string{
		"--tls-cert=a": "--tls-cert: needs --tls-key, the key of the certificate",
		"--tls-key=a":  "--tls-key: needs --tls-cert, the certificate of the key",
		"--tls-cert=a --tls-key=b --acme-domain=a.example.com": "--tls-cert and --acme-domain: certificates come either from files or by ACME, drop one",
		"--acme-domain=a.example.com --ephemeral":              "--acme-domain: needs --acme-folder, since there is no folder of data to keep the certificates in",
		"--acme-domain=lobby":                                  `--acme-domain: "lobby" is not a name such as lobby.example.com`,
		"--acme-domain=lobby.":                                 `--acme-domain: "lobby." is not a name such as lobby.example.com`,
		"--acme-domain=10.0.0.1":                               `--acme-domain: "10.0.0.1" is not a name such as lobby.example.com`,
		"--acme-domain=*.example.com":                          `--acme-domain: "*.example.com" is not a name such as lobby.example.com`,
		"--acme-directory=http://ca.example.com":               "--acme-directory: must be an https address without user",
		"--acme-directory=https://u:s3cret@ca.example.com":     "--acme-directory: must be an https address without user",
	} {
		wantMistakes(t, config.Serve, strings.Fields(args), nil, want)
	}
	got := config.Unheeded(config.Serve, []string{"--acme-email=a@b", "--socket-mode=0600"}, env{}.get, nil)
	if want := []string{"--socket-mode has no effect: there is no socket file", "--acme-email has no effect: --acme-domain names no domain"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestASpecialPasswordMustBeEncoded(t *testing.T) {
	t.Parallel()
	for _, password := range []string{"12/34", "12?34", "12#34", "12/3@4", "a/b", "a#b", "a?b", "a@b", "@", "1/2?3#4", "[", "%zz"} {
		for _, tail := range []string{"@db/lobby", "@db:5432/lobby?sslmode=disable", "@a,b/lobby"} {
			wantMistakes(t, config.Serve, []string{"--database=postgres://u:" + password + tail}, nil,
				"--database: is not a valid address; percent-encode what is special in the user name and the password")
		}
	}
	for _, fine := range []string{
		"postgres://u:12%2F34@db/lobby", "postgres://u:a%40b@db/lobby?application_name=a%40b", "postgres://u:a:b@db/lobby",
		"postgres://db/lobby?user=u&password=a%23b", "postgres:///lobby?host=/run/postgresql",
	} {
		mustParse(t, config.Serve, []string{"--database=" + fine}, nil)
	}
}

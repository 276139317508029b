package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// serving is an App that serves until it is stopped.
type serving struct {
	*app.App
	url  string
	stop context.CancelCauseFunc
	err  chan error
	log  logged
}

func serve(t *testing.T, args ...string) *serving {
	t.Helper()
	noenv := func(string) string { return "" }
	cfg, _, err := config.Parse(config.Serve, args, noenv)
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{err: make(chan error, 1)}
	s.App, err = app.New(t.Context(), app.Options{
		Config: cfg, Version: "1.2.3", Differing: config.Differing(config.Serve, args, noenv), Log: slog.New(slog.NewJSONHandler(&s.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.url = "http://" + l.Addr().String()
	ctx, stop := context.WithCancelCause(context.Background())
	s.stop = stop
	go func() { s.err <- s.Serve(ctx, l) }()
	return s
}

// ends stops a server and closes its store.
func (s *serving) ends(t *testing.T, cause error) {
	t.Helper()
	s.stop(cause)
	if err := <-s.err; err != nil {
		t.Errorf("serving ended with %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestTheLogSaysWhatStartsAndWhyItEnds(t *testing.T) {
	t.Parallel()
	const secret = "a-token-nobody-may-see"
	folder := filepath.Join(t.TempDir(), "data")
	s := serve(t, "--data", folder, "--rate-limit=5", "--access-token="+secret)
	s.get(t, "/livez")
	s.ends(t, errors.New("somebody pulled the plug"))

	ready := s.log.one(t, "ready")
	if ready["version"] != "1.2.3" || ready["database"] != "sqlite" || ready["data"] != folder || "http://"+ready["address"].(string) != s.url {
		t.Errorf("ready: %v", ready)
	}
	if schema, _ := ready["schema"].(float64); schema < 10 {
		t.Errorf("the schema is %v", ready["schema"])
	}
	if _, ok := ready["ms"].(float64); !ok {
		t.Errorf("ready after %v ms", ready["ms"])
	}
	if got, _ := json.Marshal(ready["options"]); string(got) != `["data=`+folder+`","access-token=(set)","rate-limit=5"]` {
		t.Errorf("the options are %s", got)
	}
	if strings.Contains(s.log.String(), secret) {
		t.Error("the log has a secret")
	}
	if stopping := s.log.one(t, "stopping"); stopping["reason"] != "somebody pulled the plug" {
		t.Errorf("stopping: %v", stopping)
	}
	s.log.one(t, "drained")
	s.log.one(t, "store closed")
}

func TestTheStoreIsInTheMetrics(t *testing.T) {
	t.Parallel()
	s := serve(t, "--ephemeral")
	defer s.ends(t, nil)
	created, err := s.Lobby.CreateWorkspace(t.Context(), workspace.Draft{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Lobby.CreateVisitor(t.Context(), workspace.Caller{Workspace: created.Workspace.ID}, &people.Person{}); err != nil {
		t.Fatal(err)
	}
	page := s.get(t, "/metrics")
	for _, line := range []string{`lobby_people{role="visitor"} 1`, `lobby_people{role="user"} 0`, "lobby_store_max_connections 1"} {
		if !strings.Contains(page, "\n"+line+"\n") {
			t.Errorf("the metrics lack %s", line)
		}
	}
	if strings.Contains(page, "\nlobby_store_commit_writes_count 0\n") {
		t.Error("no commit was counted")
	}
}

func TestTheLimitsOfTheOptionsHold(t *testing.T) {
	t.Parallel()
	s := serve(t, "--data", t.TempDir(), "--max-body=64KiB", "--sqlite-readers=5")
	defer s.ends(t, nil)
	created, err := s.Lobby.CreateWorkspace(t.Context(), workspace.Draft{})
	if err != nil {
		t.Fatal(err)
	}
	for length, want := range map[int]int{64 << 10: http.StatusNotFound, 64<<10 + 1: http.StatusRequestEntityTooLarge} {
		body := `{"id":"nobody"}`
		r, err := http.NewRequest(http.MethodPut, s.url+"/visitors", strings.NewReader(body+strings.Repeat(" ", length-len(body))))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+created.Token.Secret)
		r.Header.Set("Content-Type", "application/json")
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got.Body.Close() //nolint:errcheck // nothing was read
		if got.StatusCode != want {
			t.Errorf("%d bytes: %d, want %d", length, got.StatusCode, want)
		}
	}
	if page := s.get(t, "/metrics"); !strings.Contains(page, "\nlobby_store_max_connections 5\n") {
		t.Error("there are not five readers")
	}
}

func TestAMistakeInTheOptionsIsOneLine(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, cfg := range map[string]config.Config{
		"--geoip: ":                  {Ephemeral: true, GeoIP: file},
		"cannot open the database: ": {Data: file},
	} {
		_, err := app.New(t.Context(), app.Options{Config: cfg, Log: slog.New(slog.DiscardHandler)})
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, want %s…", err, want)
		}
	}
}

func (s *serving) get(t *testing.T, path string) string {
	t.Helper()
	r, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close() //nolint:errcheck // it is read to its end
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", path, r.StatusCode, err)
	}
	return string(body)
}

// logged is a log of JSON lines.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// one returns the only record with a message.
func (l *logged) one(t *testing.T, message string) (found map[string]any) {
	t.Helper()
	for line := range strings.Lines(l.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		if record["msg"] != message {
			continue
		}
		if found != nil {
			t.Errorf("%q is logged twice", message)
		}
		found = record
	}
	if found == nil {
		t.Fatalf("%q is not in the log:\n%s", message, l)
	}
	return found
}

func TestAStartWarnsOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--data", folder)
	created, err := s.Lobby.CreateWorkspace(t.Context(), workspace.Draft{ID: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	weak := map[string]string{"identity_web": "off", "identity_ios": "accept"}
	if _, err := s.Lobby.ChangeSettings(t.Context(), created.Workspace.Caller(), weak); err != nil {
		t.Fatal(err)
	}
	s.ends(t, nil)
	const open = "the folder of the database is open to other accounts: take their rights away, as chmod 700 does"
	if line := s.log.one(t, open); line["data"] != folder || line["level"] != "WARN" {
		t.Errorf("%v", line)
	}

	if err := os.Chmod(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	s = serve(t, "--data", folder)
	s.get(t, "/livez")
	s.ends(t, nil)
	for _, text := range []string{"identity_web is off", "identity_ios is accept"} {
		if line := s.log.one(t, text+": pages and apps may name users without a proof"); line["workspace"] != "shop" {
			t.Errorf("%v", line)
		}
	}
	if text := s.log.String(); strings.Contains(text, open) || strings.Contains(text, "identity_android") {
		t.Errorf("warned without need: %s", text)
	}
}

package app_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lobby/internal/app"
	"lobby/internal/workspace"
)

// standin is a server for tests, and a client of its first workspace.
type standin struct {
	*app.TestServer
}

func startStandin(t *testing.T, args ...string) standin {
	t.Helper()
	s, err := app.StartTest(t.Context(), args, func(string) string { return "" }, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return standin{s}
}

// answer is a response, with its JSON by path.
type answer struct {
	status int
	header http.Header
	body   string
}

// get returns the value at a path of names and indexes joined by dots.
func (a answer) get(path string) any {
	var v any
	if json.Unmarshal([]byte(a.body), &v) != nil {
		return nil
	}
	for name := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case []any:
			i := 0
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

func (s standin) do(t *testing.T, method, path, body string, headers ...string) (a answer, err error) {
	t.Helper()
	r, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.Token)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := fresh.Do(r)
	if err != nil {
		return a, err
	}
	defer response.Body.Close() //nolint:errcheck // it is read to its end
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text)}, err
}

// fresh uses no connection twice: on one that breaks later Go makes a request again by itself.
var fresh = http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// must makes a request that must have a status.
func (s standin) must(t *testing.T, status int, method, path, body string, headers ...string) answer {
	t.Helper()
	a, err := s.do(t, method, path, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	if a.status != status {
		t.Fatalf("%s %s %s: %d %s, want %d", method, path, body, a.status, a.body, status)
	}
	return a
}

const door = "/lobby/v1/test/"

func (s standin) control(t *testing.T, name, body string) answer {
	t.Helper()
	a, err := s.do(t, "POST", door+name, body)
	if err != nil {
		t.Fatal(err)
	}
	if a.status >= 300 {
		t.Fatalf("%s %s: %d %s", name, body, a.status, a.body)
	}
	return a
}

func (s standin) contacts(t *testing.T, headers ...string) float64 {
	t.Helper()
	return s.must(t, 200, "GET", "/contacts", "", headers...).get("total_count").(float64)
}

func (s standin) newContact(t *testing.T, externalID string, headers ...string) answer {
	t.Helper()
	return s.must(t, 200, "POST", "/contacts", `{"role":"user","external_id":"`+externalID+`"}`, headers...)
}

var doorPaths = []string{
	"POST reset", "POST seed", "POST snapshot", "POST restore", "POST workspaces", "DELETE workspaces/x", "GET clock", "POST clock", "GET faults",
	"POST faults", "DELETE faults", "DELETE faults/1", "GET requests", "DELETE requests", "GET requests/page", "GET deliveries", "DELETE deliveries", "POST sink/x", "GET mails", "DELETE mails",
}

// allDoors finds the routes in the source of the door: their patterns, the paths of which begin with a letter.
var allDoors = regexp.MustCompile(`"((?:GET|POST|DELETE) )(?:"\+Prefix\+")?([a-z]+[a-z/{}.]*)"`)

func TestWithoutTestThereIsNoDoor(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../standin/door.go")
	if err != nil {
		t.Fatal(err)
	}
	found := allDoors.FindAllStringSubmatch(string(source), -1)
	if len(found) != len(doorPaths) {
		t.Errorf("the door has %d routes, and %d are tested: %q", len(found), len(doorPaths), found)
	}
	for _, route := range found {
		name, _, _ := strings.Cut(route[2], "{")
		if !slices.ContainsFunc(doorPaths, func(path string) bool { return strings.HasPrefix(path, route[1]+name) }) {
			t.Errorf("%s%s is not tested", route[1], route[2])
		}
	}
	s := serve(t, "--ephemeral", "--access-token=a-token-for-this-test")
	defer s.ends(t, nil)
	if _, _, err := s.Lobby.FirstWorkspace(t.Context(), draftOf("a-token-for-this-test")); err != nil {
		t.Fatal(err)
	}
	plain := standin{&app.TestServer{URL: s.url, Token: "a-token-for-this-test"}}
	unknown := plain.must(t, 404, "GET", "/lobby/v1/no-such-thing", "")
	for _, path := range doorPaths {
		method, name, _ := strings.Cut(path, " ")
		a := plain.must(t, 404, method, door+name, "{}")
		if a.get("errors") == nil || fmt.Sprint(a.get("errors")) != fmt.Sprint(unknown.get("errors")) {
			t.Errorf("%s: %s, want %s", path, a.body, unknown.body)
		}
	}
}

func TestTheDoorOpensForTheFirstWorkspaceOnly(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	token := s.control(t, "workspaces", `{"id":"second"}`).get("access_token").(string)
	for _, header := range []string{"Bearer " + token, "Bearer nonsense", ""} {
		for _, path := range doorPaths {
			method, name, _ := strings.Cut(path, " ")
			if strings.HasPrefix(name, "sink/") {
				continue // webhooks have no token
			}
			if a := s.must(t, 401, method, door+name, "{}", "Authorization", header); a.get("errors.0.code") != "unauthorized" {
				t.Errorf("%s: %s", path, a.body)
			}
		}
	}
	s.must(t, 404, "POST", door+"nothing", "")
	if a := s.must(t, 405, "PUT", door+"reset", ""); a.header.Get("Allow") != "POST" {
		t.Errorf("allowed is %q", a.header.Get("Allow"))
	}
}

func TestAResetPutsEverythingBack(t *testing.T) {
	t.Parallel()
	seed := filepath.Join(t.TempDir(), "seed.ndjson")
	if err := os.WriteFile(seed, []byte(`{"person":{"role":"user","external_id":"seeded"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"memory": {"--rate-limit=60"}, "seed": {"--seed", seed}, "data": {"--data", filepath.Join(t.TempDir(), "data"), "--seed", seed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startStandin(t, args...)
			began := s.contacts(t)
			other := s.control(t, "workspaces", `{}`).get("access_token").(string)
			s.newContact(t, "a", "Authorization", "Bearer "+other)
			s.newContact(t, "b")
			s.must(t, 200, "POST", "/data_attributes", `{"name":"plan","model":"contact","data_type":"string"}`)
			s.control(t, "clock", `{"freeze":true,"set":"2030-01-01T00:00:00Z"}`)
			s.control(t, "faults", `{"path":"/me","status":500}`)
			s.must(t, 500, "GET", "/me", "")
			s.control(t, "reset", "")
			if got := s.contacts(t); got != began {
				t.Errorf("there are %v contacts, want %v", got, began)
			}
			s.must(t, 401, "GET", "/me", "", "Authorization", "Bearer "+other)
			s.must(t, 200, "GET", "/me", "")
			if a := s.must(t, 200, "POST", "/contacts/search", `{"query":{"field":"external_id","operator":"=","value":"b"}}`); a.get("total_count") != 0.0 {
				t.Errorf("the search finds %v", a.body)
			}
			s.must(t, 400, "POST", "/contacts", `{"role":"user","external_id":"c","custom_attributes":{"plan":"x"}}`)
			if clock := s.must(t, 200, "GET", door+"clock", ""); clock.get("frozen") != false || clock.get("now").(float64) > 1_890_000_000 {
				t.Errorf("the clock says %s", clock.body)
			}
			s.newContact(t, "b")
		})
	}
}

func TestARateCountIsResetToo(t *testing.T) {
	t.Parallel()
	s := startStandin(t, "--rate-limit=60")
	s.control(t, "clock", `{"freeze":true}`)
	limited := func() (n int) {
		for ; ; n++ {
			if a, err := s.do(t, "GET", "/me", ""); err != nil || a.status == 429 {
				return n
			}
		}
	}
	limited()
	s.control(t, "reset", "")
	s.control(t, "clock", `{"freeze":true}`)
	if n := limited(); n < 10 {
		t.Errorf("after a reset %d calls are admitted, want 10", n)
	}
	s.control(t, "clock", `{"advance":"10 seconds"}`)
	if n := limited(); n < 10 {
		t.Errorf("in the next window %d calls are admitted, want 10", n)
	}
}

func TestAWorkspaceIsResetAlone(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	made := s.control(t, "workspaces", `{"id":"second","api_version":"2.14"}`)
	second := []string{"Authorization", "Bearer " + made.get("access_token").(string)}
	s.newContact(t, "a")
	person := s.newContact(t, "a", second...).get("id").(string)
	s.must(t, 200, "DELETE", "/contacts/"+person, "", second...)
	s.newContact(t, "a", second...)
	for range 2 {
		s.control(t, "reset", `{"workspace":"second"}`)
		if first, other := s.contacts(t), s.contacts(t, second...); first != 1 || other != 0 {
			t.Errorf("there are %v and %v contacts, want 1 and 0", first, other)
		}
		s.newContact(t, "a", second...)
		if a := s.must(t, 200, "POST", "/contacts/search", `{"query":{"field":"external_id","operator":"=","value":"a"}}`, second...); a.get("total_count") != 1.0 {
			t.Errorf("the search finds %v", a.body)
		}
	}
	s.must(t, 204, "DELETE", door+"workspaces/second", "")
	s.must(t, 401, "GET", "/me", "", second...)
	s.must(t, 404, "DELETE", door+"workspaces/second", "")
	s.must(t, 404, "POST", door+"reset", `{"workspace":"second"}`)
	s.must(t, 409, "DELETE", door+"workspaces/"+string(s.AppID), "")
	s.control(t, "workspaces", `{"id":"second"}`)
	if a := s.must(t, 409, "POST", door+"workspaces", `{"id":"second"}`); a.get("errors.0.code") != "conflict" {
		t.Error(a.body)
	}
	for field, body := range map[string]string{
		"id": `{"id":"X"}`, "access_token": `{"access_token":"short"}`, "api_version": `{"api_version":"9"}`, "nmae": `{"nmae":"x"}`,
	} {
		if a := s.must(t, 400, "POST", door+"workspaces", body); a.get("errors.0.field") != field {
			t.Errorf("%s: %s", body, a.body)
		}
	}
}

func TestASnapshotIsPutBackAsOftenAsAsked(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	s.newContact(t, "a")
	s.control(t, "snapshot", `{"name":"one"}`)
	for range 3 {
		s.newContact(t, "b")
		if got := s.contacts(t); got != 2 {
			t.Errorf("there are %v contacts, want 2", got)
		}
		s.control(t, "restore", `{"name":"one"}`)
		if got := s.contacts(t); got != 1 {
			t.Errorf("there are %v contacts, want 1", got)
		}
	}
	s.must(t, 404, "POST", door+"restore", `{"name":"two"}`)
	for _, path := range []string{"snapshot", "restore"} {
		if a := s.must(t, 400, "POST", door+path, `{}`); a.get("errors.0.field") != "name" {
			t.Error(a.body)
		}
	}
	onDisk := startStandin(t, "--data", filepath.Join(t.TempDir(), "data"))
	onDisk.must(t, 409, "POST", door+"snapshot", `{"name":"one"}`)
}

func TestASeedIsAddedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	const id = "507f1f77bcf86cd799439011"
	for n, body := range []string{
		`{"person":{"id":"` + id + `","role":"user","external_id":"a"}}`,
		"{\"lobby_export\":1}\n{\"person\":{\"role\":\"user\",\"external_id\":\"b\"}}\n",
		`[{"person":{"role":"user","external_id":"c"}},` + "\n" + `{"tag":{"id":1,"name":"x","created_at":1}}]`,
		`{"workspace":{"id":"came-along","name":"x","created_at":1}}` + "\n" + `{"person":{"role":"user","external_id":"c"}}`,
	} {
		a, err := s.do(t, "POST", door+"seed", body)
		if err != nil || a.status != 200 && n != 2 {
			t.Fatalf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := s.must(t, 200, "GET", "/contacts/"+id, ""); a.get("external_id") != "a" {
		t.Error(a.body)
	}
	before := s.contacts(t)
	for _, body := range []string{`{"person":{"role":"user","external_id":"d"}}` + "\n" + `{"person":{"role":"king"}}`, `{`, `[{]`, `{"person":{},"tag":{}}`, `{"nobody":{}}`} {
		if a := s.must(t, 400, "POST", door+"seed", body); a.get("errors.0.message") == nil {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	if after := s.contacts(t); after != before {
		t.Errorf("there are %v contacts, want %v", after, before)
	}
}

// draftOf is a workspace with a token.
func draftOf(token string) workspace.Draft { return workspace.Draft{AccessToken: token} }

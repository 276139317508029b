package app_test

import (
	"fmt"
	"path/filepath"
	"testing"
)

// finds says how many contacts and conversations lists and searches show.
func (s standin) finds(t *testing.T, headers ...string) string {
	t.Helper()
	all := `{"query":{"field":"created_at","operator":">","value":1}}`
	return fmt.Sprint(
		s.contacts(t, headers...), s.must(t, 200, "POST", "/contacts/search", all, headers...).get("total_count"),
		s.must(t, 200, "GET", "/conversations", "", headers...).get("total_count"),
		s.must(t, 200, "POST", "/conversations/search", all, headers...).get("total_count"),
	)
}

func TestStaleReadsLag(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"memory": nil, "data": {"--data", filepath.Join(t.TempDir(), "data")}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startStandin(t, append(args, "--rate-limit=0")...)
			s.control(t, "clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
			old := s.newContact(t, "old").get("id").(string)
			for _, path := range []string{"/contacts/**", "/contacts", "/conversations/**", "/conversations"} {
				s.control(t, "faults", `{"path":"`+path+`","stale":"10s"}`)
			}
			fresh := s.newContact(t, "new").get("id").(string)
			s.must(t, 200, "POST", "/conversations", `{"from":{"type":"user","id":"`+fresh+`"},"body":"hello"}`)
			s.must(t, 200, "DELETE", "/contacts/"+old, "")
			if got := s.finds(t); got != "1 1 0 0" {
				t.Errorf("what is found at once is %s", got)
			}
			s.control(t, "clock", `{"advance":"5 seconds"}`)
			s.newContact(t, "newer")
			for _, step := range []struct{ advance, want string }{{"4 seconds", "1 1 0 0"}, {"1 second", "1 1 1 1"}, {"4 seconds", "1 1 1 1"}, {"1 second", "2 2 1 1"}} {
				s.control(t, "clock", `{"advance":"`+step.advance+`"}`)
				if got := s.finds(t); got != step.want {
					t.Errorf("%s later %s is found, want %s", step.advance, got, step.want)
				}
			}
			s.newContact(t, "newest")
			if got := s.finds(t); got != "2 2 1 1" {
				t.Errorf("of a new lag %s is found", got)
			}
			s.must(t, 204, "DELETE", door+"faults", "")
			if got := s.finds(t); got != "3 3 1 1" {
				t.Errorf("without the fault %s is found", got)
			}
		})
	}
}

func TestOnlyTheReadsThatAreNamedAreStale(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	s.control(t, "clock", `{"freeze":true}`)
	made := s.control(t, "workspaces", `{"id":"second"}`)
	second := []string{"Authorization", "Bearer " + made.get("access_token").(string)}
	person := s.newContact(t, "a").get("id").(string)
	s.control(t, "faults", `{"path":"/contacts/search","stale":"1h","times":2}`)
	s.must(t, 200, "PUT", "/contacts/"+person, `{"name":"Ada"}`)
	s.newContact(t, "b", second...)
	find := func(headers ...string) answer {
		return s.must(t, 200, "POST", "/contacts/search", `{"query":{"field":"role","operator":"=","value":"user"}}`, headers...)
	}
	if a := find(second...); a.get("total_count") != 1.0 {
		t.Errorf("another workspace is stale: %s", a.body)
	}
	for n := range 3 {
		if name := find().get("data.0.name"); (name == "Ada") != (n == 2) {
			t.Errorf("search %d finds the name %v", n, name)
		}
		if name := s.must(t, 200, "GET", "/contacts/"+person, "").get("name"); name != "Ada" {
			t.Errorf("the contact itself has the name %v", name)
		}
	}
	if list := s.must(t, 200, "GET", door+"faults", ""); list.get("data.0.happened") != 2.0 || list.get("data.0.workspace") != string(s.AppID) {
		t.Error(list.body)
	}
	if list := s.must(t, 200, "GET", door+"requests?fault=1", ""); list.get("total_count") != 2.0 || list.get("data.0.route") != "/contacts/search" {
		t.Error(list.body)
	}
	for field, body := range map[string]string{
		"stale": `{"path":"/contacts","stale":"a bit"}`, "path": `{"stale":"2s"}`, "workspace": `{"path":"/contacts","stale":"2s","workspace":"nobody"}`,
	} {
		if a := s.must(t, 400, "POST", door+"faults", body); a.get("errors.0.field") != field {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	s.must(t, 400, "POST", door+"faults", `{"path":"/contacts","stale":"2s","status":500}`)
}

// What was put back is no news, and what a seed adds is.
func TestStaleReadsKnowNothingOfBeforeARestore(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	s.control(t, "clock", `{"freeze":true}`)
	s.newContact(t, "a")
	s.control(t, "snapshot", `{"name":"one"}`)
	s.control(t, "faults", `{"path":"/contacts","stale":"10s"}`)
	s.newContact(t, "b")
	if got := s.contacts(t); got != 1 {
		t.Errorf("there are %v contacts, want 1", got)
	}
	s.control(t, "restore", `{"name":"one"}`)
	s.control(t, "seed", `{"person":{"role":"user","external_id":"c"}}`)
	if got := s.contacts(t); got != 1 {
		t.Errorf("after a seed there are %v contacts, want 1", got)
	}
	s.control(t, "clock", `{"advance":"10 seconds"}`)
	if got := s.contacts(t); got != 2 {
		t.Errorf("in the end there are %v contacts, want 2", got)
	}
	s.newContact(t, "d")
	s.control(t, "reset", `{"workspace":"`+string(s.AppID)+`"}`)
	if got := s.contacts(t); got != 0 {
		t.Errorf("after a reset there are %v contacts, want 0", got)
	}
}

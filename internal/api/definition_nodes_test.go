package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// The clock stands still: what one server defines or changes counts on the other one with the next request.
func TestTwoServersSeeADefinitionAtOnce(t *testing.T) {
	t.Parallel()
	a := testkit.Start(t, testkit.OnPostgres())
	b := a.Beside(t)
	expect := func(l *testkit.Instance, want int, method, path, body string) *testkit.Response {
		t.Helper()
		r := l.Do(t, method, path, body)
		if r.Status != want {
			t.Fatalf("%s %s %s: %d %s, want %d", method, path, body, r.Status, r.Text, want)
		}
		return r
	}
	n := 0
	contact := func(l *testkit.Instance, want int, attributes string) {
		t.Helper()
		n++
		expect(l, want, http.MethodPost, "/contacts", fmt.Sprintf(`{"role":"user","external_id":"u%d","custom_attributes":%s}`, n, attributes))
	}
	contact(b, http.StatusBadRequest, `{"plan":"pro"}`) // b has seen that there are none
	plan := expect(a, http.StatusOK, http.MethodPost, "/data_attributes", `{"name":"plan","model":"contact","data_type":"string"}`).Get("id")
	contact(b, http.StatusOK, `{"plan":"pro"}`)

	expect(a, http.StatusOK, http.MethodPut, fmt.Sprintf("/data_attributes/%v", plan), `{"options":[{"value":"pro"},{"value":"free"}]}`)
	contact(b, http.StatusBadRequest, `{"plan":"gold"}`)
	contact(b, http.StatusOK, `{"plan":"free"}`)

	v, err := b.Lobby.CreateVisitor(t.Context(), workspace.Caller{Workspace: b.Workspace}, &people.Person{})
	if err != nil {
		t.Fatal(err)
	}
	expect(b, http.StatusOK, http.MethodPut, "/visitors", fmt.Sprintf(`{"id":%q,"custom_attributes":{"seats":3}}`, v.ID))
	contact(a, http.StatusBadRequest, `{"seats":"many"}`)
	contact(a, http.StatusOK, `{"seats":4}`)

	expect(a, http.StatusOK, http.MethodPut, fmt.Sprintf("/data_attributes/%v", plan), `{"archived":true}`)
	if all := expect(b, http.StatusOK, http.MethodGet, "/data_attributes?model=contact", "").Text; strings.Contains(all, `"name":"plan"`) {
		t.Errorf("an archived attribute is listed: %s", all)
	}
}

// A write with attributes that are all defined holds nothing that others need.
func TestWritesWithKnownAttributesDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	l := testkit.Start(t, testkit.OnPostgres())
	by := workspace.Caller{Workspace: l.Workspace}
	set := search.Attributes{"plan": search.TextValue("pro")}
	update := func() error {
		v, err := l.Lobby.CreateVisitor(t.Context(), by, &people.Person{CustomAttributes: set})
		if err != nil {
			return err
		}
		_, err = l.Lobby.UpdateVisitor(t.Context(), by, people.VisitorRef{ID: v.ID}, people.VisitorUpdate{CustomAttributes: set})
		return err
	}
	if err := update(); err != nil { // which defines it
		t.Fatal(err)
	}
	l.Clock.Pass(time.Minute)
	err := l.Store.Write(t.Context(), func(w people.Writer) error {
		if _, err := l.Lobby.Definitions(w, l.Workspace).FromFile(w, set); err != nil {
			return err
		}
		done := make(chan error, 1)
		go func() { done <- update() }()
		select {
		case err := <-done:
			return err
		case <-time.After(time.Minute):
			t.Error("a write waits for another that defines nothing")
			return nil
		}
	})
	if err != nil {
		t.Error(err)
	}
}

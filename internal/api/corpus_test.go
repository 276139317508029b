package api_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"lobby/internal/api"
	"lobby/internal/people"
	"lobby/internal/testkit"
)

// asks serves a request without a network. Whatever it was, the answer has to be JSON and no failure of the server.
func asks(t *testing.T, s *testkit.Instance, c *testkit.Client, r *http.Request) (status int, body map[string]any) {
	t.Helper()
	r.Header.Set("Authorization", "Bearer "+c.Token)
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	if w.Code >= 500 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%d %v: %s", w.Code, err, w.Body)
	}
	return w.Code, body
}

func TestNoBodyBreaksAConversion(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, body := range api.ConvertBodies {
		c := s.NewWorkspace(t)
		visitor := &people.Person{
			Workspace: c.Workspace, ID: api.CorpusVisitor, Role: people.Visitor, AnonymousID: api.CorpusUserID, Email: "v@example.com", CreatedAt: 1, UpdatedAt: 1,
		}
		user := &people.Person{Workspace: c.Workspace, ID: api.CorpusUser, Role: people.User, ExternalID: "u-1", CreatedAt: 1, UpdatedAt: 1}
		on := &stage{Instance: s, client: c, names: map[string]string{api.CorpusVisitor: "visitor", api.CorpusUser: "user"}}
		err := s.Store.Write(t.Context(), func(w people.Writer) error {
			if err := w.InsertPerson(visitor); err != nil {
				return err
			}
			return w.InsertPerson(user)
		})
		if err != nil {
			t.Fatal(err)
		}
		before := on.snapshot(t)
		status, answer := asks(t, s, c, httptest.NewRequest("POST", "/visitors/convert", strings.NewReader(body)))
		if status == 200 {
			if answer["type"] != "contact" || answer["id"] != api.CorpusVisitor && answer["id"] != api.CorpusUser {
				t.Errorf("%s is answered %v", body, answer)
			}
			continue
		}
		if answer["type"] != "error.list" {
			t.Errorf("%s is answered %d %v", body, status, answer)
		}
		if diff := on.changed(t, before); diff != "" {
			t.Errorf("%s is refused and changed\n%s", body, diff)
		}
	}
}

func TestNoBodyBreaksAContact(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, body := range api.ContactBodies {
		c := s.NewWorkspace(t)
		lead := &people.Person{Workspace: c.Workspace, ID: api.CorpusUser, Role: people.Lead, ExternalID: "u-1", CreatedAt: 1, UpdatedAt: 1}
		if err := s.Store.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(lead) }); err != nil {
			t.Fatal(err)
		}
		on := &stage{Instance: s, client: c, names: map[string]string{api.CorpusUser: "lead"}}
		for _, do := range [][2]string{{"POST", "/contacts"}, {"PUT", "/contacts/" + api.CorpusUser}} {
			before := on.snapshot(t)
			status, answer := asks(t, s, c, httptest.NewRequest(do[0], do[1], strings.NewReader(body)))
			switch {
			case status == 200 && answer["type"] == "contact":
				role, anonymous := answer["role"], answer["external_id"] == nil && answer["email"] == nil
				if role != "lead" && role != "user" || role == "user" && anonymous {
					t.Errorf("%s %s makes %v", do[0], body, answer)
				}
			case answer["type"] != "error.list":
				t.Errorf("%s %s is answered %d %v", do[0], body, status, answer)
			default:
				if diff := on.changed(t, before); diff != "" {
					t.Errorf("%s %s is refused and changed\n%s", do[0], body, diff)
				}
			}
		}
	}
}

func TestNoCursorBreaksAList(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	s.Do(t, "POST", "/lobby/v1/visitors", `{}`)
	pages := [][2]string{{"", "-1"}, {"", "99999999999999999999"}}
	for _, cursor := range []string{
		"", api.CorpusVisitor, strings.Repeat("f", 24), strings.Repeat("F", 24), "x", "%00", "\x00", "\xff", "' OR 1=1 --",
		api.CorpusVisitor + ".", api.CorpusVisitor + ".x", api.CorpusVisitor + ".-1", api.CorpusVisitor + ".99999999999999999999", ".",
	} {
		pages = append(pages, [2]string{cursor, "10"})
	}
	for _, page := range pages {
		cursor, perPage := page[0], page[1]
		query := url.Values{"starting_after": {cursor}, "per_page": {perPage}}.Encode()
		status, answer := asks(t, s, s.Client, httptest.NewRequest("GET", "/lobby/v1/visitors?"+query, nil))
		switch {
		case status == 200 && answer["type"] == "list" && (cursor == "" || strings.Trim(cursor, "0123456789abcdef") == "" && len(cursor) == 24):
		case status == 400 && answer["type"] == "error.list":
		default:
			t.Errorf("%q, %q: %d %v", cursor, perPage, status, answer)
		}
	}
}

func TestNoVersionHeaderBreaksAList(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, version := range []string{"", " ", "2.7", "2.16", "Preview", "Unstable", "1.4", "2.17", "2.7\n", "\xff", "2.7,2.7"} {
		r := httptest.NewRequest("GET", "/lobby/v1/visitors", nil)
		r.Header.Set("Intercom-Version", version)
		status, answer := asks(t, s, s.Client, r)
		if status == 200 && answer["type"] == "list" {
			continue
		}
		all, _ := answer["errors"].([]any)
		if status != 400 || len(all) != 1 || all[0].(map[string]any)["code"] != "intercom_version_invalid" {
			t.Errorf("%q: %d %v", version, status, answer)
		}
	}
}

func TestNoBodyBreaksAnEvent(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, body := range api.EventBodies {
		c := s.NewWorkspace(t)
		user := &people.Person{Workspace: c.Workspace, ID: api.CorpusUser, Role: people.User, ExternalID: "u-1", CreatedAt: 1, UpdatedAt: 1}
		on := &stage{Instance: s, client: c, names: map[string]string{api.CorpusUser: "user"}}
		if err := s.Store.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(user) }); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/events", "/events/summaries", "/admins/activity_logs/search"} {
			before := on.snapshot(t)
			r := httptest.NewRequest("POST", path, strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer "+c.Token)
			r.Header.Set("Intercom-Version", "Preview")
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, r)
			if w.Code >= 500 {
				t.Fatalf("%s %s: %d %s", path, body, w.Code, w.Body)
			}
			if diff := on.changed(t, before); w.Code >= 400 && diff != "" {
				t.Errorf("%s %s is refused and changed\n%s", path, body, diff)
			}
		}
	}
}

func TestNoBodyBreaksASearch(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	s.Do(t, "POST", "/contacts", `{"email":"ada@example.com","name":"Ada"}`)
	s.Do(t, "POST", "/data_attributes", `{"name":"seats","model":"contact","data_type":"integer"}`)
	for _, body := range api.SearchBodies {
		for _, version := range []string{"2.7", "Preview"} {
			for _, path := range []string{"/contacts/search", "/lobby/v1/visitors/search"} {
				r := httptest.NewRequest("POST", path, strings.NewReader(body))
				r.Header.Set("Intercom-Version", version)
				status, answer := asks(t, s, s.Client, r)
				if !(status == 200 && answer["type"] == "list" || (status == 400 || status == 415) && answer["type"] == "error.list") {
					t.Errorf("%s is answered %d %v", body, status, answer)
				}
			}
		}
	}
}

func TestNoCursorBreaksASearch(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	s.Do(t, "POST", "/contacts", `{"email":"ada@example.com","name":"Ada"}`)
	for _, text := range api.SearchCursors {
		for field, order := range map[string]string{"name": "ascending", "": "descending"} {
			body := fmt.Sprintf(`{"query":{"field":"role","operator":"=","value":"user"},"sort":{"field":%q,"order":%q},"pagination":{"starting_after":%q}}`,
				field, order, base64.RawURLEncoding.EncodeToString([]byte(text)))
			status, answer := asks(t, s, s.Client, httptest.NewRequest("POST", "/contacts/search", strings.NewReader(body)))
			if !(status == 200 && answer["type"] == "list" || status == 400 && answer["type"] == "error.list") {
				t.Errorf("%s is answered %d %v", body, status, answer)
			}
		}
	}
}

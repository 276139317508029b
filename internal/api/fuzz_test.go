package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

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

// Ids that the seeds name; the database is another for each input.
const (
	fuzzVisitor = "6657a9246abd0160d35d1f68"
	fuzzUserID  = "3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3"
	fuzzUser    = "6657a9276abd0160d35d1f75"
)

func FuzzConvertBody(f *testing.F) {
	for _, body := range []string{
		`{"visitor":{"user_id":"` + fuzzUserID + `"},"user":{"email":"foo@bar.com"},"type":"user"}`,
		`{"visitor":{"id":"` + fuzzVisitor + `"},"type":"lead"}`,
		`{"visitor":{"email":"v@example.com"},"user":{"id":"` + fuzzUser + `"},"type":"user"}`,
		`{"visitor":{"id":"` + fuzzVisitor + `"},"user":{"user_id":"u-1","email":"\ud83d\ude00@b"},"type":"user"}`,
		`{"visitor":{"id":"` + fuzzVisitor + `"},"user":{"user_id":1e3},"type":"user"}`,
		`{"visitor":{"id":` + "1" + `},"user":[],"type":"user"}`,
		`{"type":null}`, `[]`, ``, `null`, `{"type":"user"`, "{\"type\":\"\x00\"}", `{"a":"\ud800"}`, strings.Repeat("[", 40), "\xff",
	} {
		f.Add([]byte(body))
	}
	s := testkit.Start(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		c := s.NewWorkspace(t)
		visitor := &people.Person{
			Workspace: c.Workspace, ID: fuzzVisitor, Role: people.Visitor, AnonymousID: fuzzUserID, Email: "v@example.com", CreatedAt: 1, UpdatedAt: 1,
		}
		user := &people.Person{Workspace: c.Workspace, ID: fuzzUser, Role: people.User, ExternalID: "u-1", CreatedAt: 1, UpdatedAt: 1}
		on := &stage{Instance: s, client: c, names: map[string]string{fuzzVisitor: "visitor", fuzzUser: "user"}}
		err := s.Store.Write(t.Context(), func(w people.Writer) error {
			if err := w.InsertPerson(visitor); err != nil {
				return err
			}
			return w.InsertPerson(user)
		})
		if err != nil {
			t.Fatal(err)
		}
		before := on.world(t)
		status, answer := asks(t, s, c, httptest.NewRequest("POST", "/visitors/convert", strings.NewReader(string(body))))
		if status == 200 {
			if answer["type"] != "contact" || answer["id"] != fuzzVisitor && answer["id"] != fuzzUser {
				t.Errorf("%s is answered %v", body, answer)
			}
			return
		}
		if answer["type"] != "error.list" {
			t.Errorf("%s is answered %d %v", body, status, answer)
		}
		if diff := on.changed(t, before); diff != "" {
			t.Errorf("%s is refused and changed\n%s", body, diff)
		}
	})
}

func FuzzContactBody(f *testing.F) {
	for _, body := range []string{
		`{"role":"lead","avatar":{"image_url":"u"},"custom_attributes":{"n":1}}`, `{"email":"\ud83d\ude00@b","signed_up_at":"1"}`,
		`{"external_id":1e3,"role":"user"}`, `{"role":"user","external_id":null,"email":""}`, `{"role":"lead","owner_id":1.0,"avatar":[]}`,
		`{"email":"\u0000@b"}`, `{"role":"visitor"}`, `[]`, ``, `{"role":"lead"`, "\xff", strings.Repeat("[", 40),
	} {
		f.Add([]byte(body))
	}
	s := testkit.Start(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		c := s.NewWorkspace(t)
		lead := &people.Person{Workspace: c.Workspace, ID: fuzzUser, Role: people.Lead, ExternalID: "u-1", CreatedAt: 1, UpdatedAt: 1}
		if err := s.Store.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(lead) }); err != nil {
			t.Fatal(err)
		}
		on := &stage{Instance: s, client: c, names: map[string]string{fuzzUser: "lead"}}
		for _, do := range [][2]string{{"POST", "/contacts"}, {"PUT", "/contacts/" + fuzzUser}} {
			before := on.world(t)
			status, answer := asks(t, s, c, httptest.NewRequest(do[0], do[1], strings.NewReader(string(body))))
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
	})
}

func FuzzCursor(f *testing.F) {
	for _, cursor := range []string{"", fuzzVisitor, strings.Repeat("f", 24), strings.Repeat("F", 24), "x", "%00", "\x00", "\xff", "' OR 1=1 --"} {
		f.Add(cursor, "10")
	}
	f.Add("", "-1")
	f.Add("", "99999999999999999999")
	s := testkit.Start(f)
	s.Do(f, "POST", "/lobby/v1/visitors", `{}`)
	f.Fuzz(func(t *testing.T, cursor, perPage string) {
		query := url.Values{"starting_after": {cursor}, "per_page": {perPage}}.Encode()
		status, answer := asks(t, s, s.Client, httptest.NewRequest("GET", "/lobby/v1/visitors?"+query, nil))
		switch {
		case status == 200 && answer["type"] == "list" && (cursor == "" || strings.Trim(cursor, "0123456789abcdef") == "" && len(cursor) == 24):
		case status == 400 && answer["type"] == "error.list":
		default:
			t.Errorf("%q, %q: %d %v", cursor, perPage, status, answer)
		}
	})
}

func FuzzVersionHeader(f *testing.F) {
	for _, version := range []string{"", " ", "2.7", "2.16", "Preview", "Unstable", "1.4", "2.17", "2.7\n", "\xff", "2.7,2.7"} {
		f.Add(version)
	}
	s := testkit.Start(f)
	f.Fuzz(func(t *testing.T, version string) {
		r := httptest.NewRequest("GET", "/lobby/v1/visitors", nil)
		r.Header.Set("Intercom-Version", version)
		status, answer := asks(t, s, s.Client, r)
		if status == 200 && answer["type"] == "list" {
			return
		}
		all, _ := answer["errors"].([]any)
		if status != 400 || len(all) != 1 || all[0].(map[string]any)["code"] != "intercom_version_invalid" {
			t.Errorf("%q: %d %v", version, status, answer)
		}
	})
}

func FuzzEventBody(f *testing.F) {
	for _, body := range []string{
		`{"id":"` + fuzzUser + `","event_name":"x","created_at":1,"metadata":{"a":{"amount":1,"currency":"eur"},"b":{"url":"u","value":"v"}}}`,
		`{"user_id":"u-1","event_name":"x","created_at":"1","metadata":{"a":1e400,"b":[{}],"c":null}}`, `{"email":"\ud83d\ude00@b","event_name":"x"}`,
		`{"id":"` + fuzzUser + `","event_summaries":[{"event_name":"x","count":1,"first":1,"last":2},{}]}`,
		`{"user_id":"u-1","event_summaries":{"event_name":"x","count":9223372036854775807,"first":0,"last":2147483647}}`,
		`{"event_types":["app_name_change",{"value":"x"}],"page":9223372036854775807,"per_page":-1,"created_at_after":0}`,
		`{"metadata":[]}`, `[]`, ``, `{"id":`, "\xff", strings.Repeat("[", 40),
	} {
		f.Add([]byte(body))
	}
	s := testkit.Start(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		c := s.NewWorkspace(t)
		user := &people.Person{Workspace: c.Workspace, ID: fuzzUser, Role: people.User, ExternalID: "u-1", CreatedAt: 1, UpdatedAt: 1}
		on := &stage{Instance: s, client: c, names: map[string]string{fuzzUser: "user"}}
		if err := s.Store.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(user) }); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/events", "/events/summaries", "/admins/activity_logs/search"} {
			before := on.world(t)
			r := httptest.NewRequest("POST", path, strings.NewReader(string(body)))
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
	})
}

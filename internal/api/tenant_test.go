package api_test

import (
	"fmt"
	"strings"
	"testing"

	"lobby/internal/testkit"
)

// strangers are ids that nobody has, one for each form of a real one.
const (
	strangersID     = "6553f1000123456789abcdef"
	strangersUserID = "3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3"
)

// answerOf is all of an answer that could tell something, without what differs between any two.
func answerOf(r *testkit.Response) string {
	header := r.Header.Clone()
	for _, name := range []string{"X-Request-Id", "Date"} {
		header.Del(name)
	}
	return fmt.Sprint(r.Status, header, strings.ReplaceAll(r.Text, r.Header.Get("X-Request-Id"), ""))
}

func TestAnotherWorkspacesIDsAreLikeAnyUnknownOnes(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	ours, theirs := set(t, s, s.Client), set(t, s, s.NewWorkspace(t))
	theirs.becomeMerged(t)
	before := theirs.world(t)
	for _, name := range []string{"vera", "victor", "ada", "leo", "archie", "bob", "olga", "lena"} {
		foreign, unknown := theirs.ids["$"+name], strangersID
		userID, unknownUserID := theirs.ids["$"+name+".user_id"], strangersUserID
		if userID == "" {
			userID, unknownUserID = foreign, unknown
		}
		for _, request := range []struct{ do, body string }{
			{"GET /visitors/ID", ""},
			{"GET /visitors/USER", ""},
			{"GET /visitors?id=ID", ""},
			{"GET /visitors?user_id=USER", ""},
			{"DELETE /visitors/ID", ""},
			{"DELETE /visitors/USER", ""},
			{"PUT /visitors/ID", `{"name":"X"}`},
			{"PUT /visitors", `{"id":"ID","user_id":"USER","name":"X"}`},
			{"POST /visitors", `{"user_id":"USER","name":"X"}`},
			{convert, `{"type":"lead","visitor":{"id":"ID","user_id":"USER"}}`},
			{convert, `{"type":"user","visitor":{"user_id":"USER"},"user":{"id":"ID"}}`},
			{convert, `{"type":"user","visitor":{"id":"$vera"},"user":{"id":"ID"}}`},
			{"GET /contacts/ID", ""},
			{"PUT /contacts/ID", `{"name":"X"}`},
			{"DELETE /contacts/ID", ""},
			{"POST /contacts/ID/archive", ""},
			{"POST /contacts/ID/unarchive", ""},
			{"POST /contacts/ID/block", ""},
			{"GET /contacts/find_by_external_id/USER", ""},
			{"POST /contacts/search", `{"query":{"field":"id","operator":"=","value":"ID"}}`},
			{"POST /contacts/search", `{"query":{"field":"segment_id","operator":"=","value":"ID"}}`},
			{"POST /lobby/v1/visitors/search", `{"query":{"field":"user_id","operator":"=","value":"USER"}}`},
			{"GET /contacts/ID/segments", ""},
			{"GET /contacts/ID/subscriptions", ""},
			{"POST /contacts/ID/subscriptions", `{"id":1,"consent_type":"opt_out"}`},
			{"DELETE /contacts/ID/subscriptions/1", ""},
			{"GET /lobby/v1/people/ID", ""},
			{"GET /lobby/v1/people/USER", ""},
		} {
			answer := func(id, userID string) string {
				method, path, _ := strings.Cut(strings.NewReplacer("ID", id, "USER", userID).Replace(request.do), " ")
				body := ours.fill(strings.NewReplacer(`"ID"`, `"`+id+`"`, `"USER"`, `"`+userID+`"`).Replace(request.body))
				return answerOf(s.Do(t, method, path, body, "Intercom-Version: 2.16"))
			}
			if got, want := answer(foreign, userID), answer(unknown, unknownUserID); got != want {
				t.Errorf("%s %s with the %s of another workspace is answered\n%s\nand with an unknown id\n%s", request.do, request.body, name, got, want)
			}
		}
	}
	if diff := theirs.changed(t, before); diff != "" {
		t.Errorf("the other workspace changed:\n%s", diff)
	}
}

func TestIdentifiersBelongToOneWorkspace(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.OnPostgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testkit.Start(t, options...)
			ours, theirs := s.NewWorkspace(t), s.NewWorkspace(t)
			for _, user := range []string{`{"user_id":"x-1"}`, `{"email":"x@example.com"}`} {
				ids := map[any]bool{}
				for _, c := range []*testkit.Client{ours, theirs} {
					made := c.Do(t, "POST", "/lobby/v1/visitors", `{"user_id":"`+fmt.Sprintf("%x", user)+`","custom_attributes":{"n":1}}`)
					r := c.Do(t, "POST", "/visitors/convert", `{"type":"user","visitor":{"id":"`+made.Get("id").(string)+`"},"user":`+user+`}`)
					if r.Status != 200 || r.Get("workspace_id") != string(c.Workspace) || r.Get("id") != made.Get("id") {
						t.Errorf("%s: %d %s", user, r.Status, r.Text)
					}
					ids[r.Get("id")] = true
				}
				if len(ids) != 2 {
					t.Errorf("%s is one person in two workspaces", user)
				}
			}
			theirs.Do(t, "POST", "/lobby/v1/visitors", `{"name":"theirs"}`)
			if page := ours.Do(t, "GET", "/lobby/v1/visitors", nil); len(page.Get("data").([]any)) != 0 {
				t.Errorf("our list has their visitors: %s", page.Text)
			}
		})
	}
}

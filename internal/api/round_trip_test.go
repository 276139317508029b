package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// operation is a request whose traffic to PostgreSQL is known.
type operation struct {
	name string
	want testkit.Traffic
	// send makes the request for the nth time.
	send func(n int) *testkit.Response
}

// What an operation costs on PostgreSQL is mostly waiting: each round trip wakes two processes. A change that makes one of
// these numbers grow says why, and one that makes it shrink writes the new number down.
func TestRoundTripsOfOperationsOnPostgres(t *testing.T) {
	t.Parallel()
	wire, dsn := testkit.WatchPostgres(t, testkit.MigratedPostgres(t))
	lobby := testkit.Start(t, testkit.OnDatabase(dsn))
	for _, o := range operations(t, lobby) {
		t.Run(o.name, func(t *testing.T) {
			// The first requests describe statements to the server, and work in the background may come between: so the
			// least of several counts.
			const attempts, warming = 10, 4
			var least testkit.Traffic
			for n := range attempts {
				lobby.Clock.Pass(time.Second) // nothing that is remembered for a second helps
				before := wire.Sent()
				if r := o.send(n); r.Status >= http.StatusMultipleChoices {
					t.Fatal(r.Status, r.Text)
				}
				sent := wire.Sent().Minus(before)
				if n == warming || n > warming && sent.RoundTrips < least.RoundTrips {
					least = sent
				}
			}
			if least != o.want {
				t.Errorf("%d round trips with %d statements, want %d with %d",
					least.RoundTrips, least.Statements, o.want.RoundTrips, o.want.Statements)
			}
		})
	}
}

func operations(t *testing.T, l *testkit.Instance) []operation {
	// Without a version the client itself would ask the database for that of its workspace.
	do := func(method, path, body string) *testkit.Response {
		return l.Do(t, method, path, body, "Intercom-Version: 2.13")
	}
	get := func(path string) *testkit.Response {
		return l.Do(t, http.MethodGet, path, nil, "Intercom-Version: 2.13")
	}
	post := func(path, body string) *testkit.Response { return do(http.MethodPost, path, body) }
	mustPost := func(path, body string) *testkit.Response {
		r := post(path, body)
		if r.Status >= http.StatusMultipleChoices {
			t.Fatal(path, r.Status, r.Text)
		}
		return r
	}
	visitor := func() *people.Person {
		v, err := l.Lobby.CreateVisitor(t.Context(), workspace.Caller{Workspace: l.Workspace}, &people.Person{})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	mustPost("/data_attributes", `{"name":"plan","model":"contact","data_type":"string"}`)
	known := visitor()
	ada := mustPost("/contacts", `{"role":"user","external_id":"ada","email":"ada@example.com","custom_attributes":{"plan":"pro"}}`).Get("id").(string)
	tag := mustPost("/tags", `{"name":"vip"}`).Get("id").(string)
	talk := mustPost("/conversations", `{"from":{"type":"user","id":"`+ada+`"},"body":"Hello"}`).Get("conversation_id").(string)
	plain := mustPost("/contacts", `{"role":"user","external_id":"bob","email":"bob@example.com","custom_attributes":{"plan":"pro"}}`).Get("id").(string)
	var fresh []*people.Person
	for range 20 {
		fresh = append(fresh, visitor())
	}
	var leads, users []string
	for n := range 10 {
		leads = append(leads, mustPost("/contacts", fmt.Sprintf(`{"role":"lead","email":"lead%d@example.com"}`, n)).Get("id").(string))
		users = append(users, mustPost("/contacts", fmt.Sprintf(`{"role":"user","external_id":"user%d"}`, n)).Get("id").(string))
	}
	contact := func(n int) string {
		return fmt.Sprintf(`{"role":"user","external_id":"new%d","email":"new%d@example.com","custom_attributes":{"plan":"pro"}}`, n, n)
	}
	return []operation{
		{"get visitor", testkit.Traffic{RoundTrips: 1, Statements: 1}, func(int) *testkit.Response { return get("/visitors/" + known.ID) }},
		{"get contact", testkit.Traffic{RoundTrips: 1, Statements: 1}, func(int) *testkit.Response { return get("/contacts/" + plain) }},
		{"put visitor", testkit.Traffic{RoundTrips: 2, Statements: 4}, func(n int) *testkit.Response {
			return do(http.MethodPut, "/visitors", fmt.Sprintf(`{"id":%q,"name":"Ada %d"}`, known.ID, n))
		}},
		{"put visitor with an attribute", testkit.Traffic{RoundTrips: 2, Statements: 4}, func(n int) *testkit.Response {
			return do(http.MethodPut, "/visitors", fmt.Sprintf(`{"id":%q,"custom_attributes":{"plan":"plan %d"}}`, known.ID, n))
		}},
		{"ping of a known visitor", testkit.Traffic{RoundTrips: 1, Statements: 1}, func(int) *testkit.Response { return ping(t, l, known.AnonymousID) }},
		{"create contact", testkit.Traffic{RoundTrips: 2, Statements: 6}, func(n int) *testkit.Response { return post("/contacts", contact(n)) }},
		{"convert to user", testkit.Traffic{RoundTrips: 3, Statements: 8}, func(n int) *testkit.Response {
			return post("/visitors/convert", fmt.Sprintf(`{"type":"user","visitor":{"user_id":%q},"user":{"email":"convert%d@example.com"}}`, fresh[n].AnonymousID, n))
		}},
		{"convert to lead", testkit.Traffic{RoundTrips: 3, Statements: 8}, func(n int) *testkit.Response {
			return post("/visitors/convert", fmt.Sprintf(`{"type":"lead","visitor":{"user_id":%q}}`, fresh[10+n].AnonymousID))
		}},
		{"merge", testkit.Traffic{RoundTrips: 4, Statements: 16}, func(n int) *testkit.Response {
			return post("/contacts/merge", fmt.Sprintf(`{"from":%q,"into":%q}`, leads[n], users[n]))
		}},
		{"tag", testkit.Traffic{RoundTrips: 3, Statements: 8}, func(n int) *testkit.Response { return post("/contacts/"+users[n]+"/tags", `{"id":"`+tag+`"}`) }},
		{"list contacts", testkit.Traffic{RoundTrips: 4, Statements: 5}, func(int) *testkit.Response { return get("/contacts?per_page=20") }},
		{"search by email", testkit.Traffic{RoundTrips: 4, Statements: 5}, func(int) *testkit.Response {
			return post("/contacts/search", `{"query":{"field":"email","operator":"=","value":"bob@example.com"}}`)
		}},
		{"search by an attribute", testkit.Traffic{RoundTrips: 6, Statements: 7}, func(int) *testkit.Response {
			return post("/contacts/search", `{"query":{"operator":"AND","value":[{"field":"role","operator":"=","value":"user"},{"field":"custom_attributes.plan","operator":"=","value":"pro"}]}}`)
		}},
		{"reply to a conversation", testkit.Traffic{RoundTrips: 11, Statements: 17}, func(int) *testkit.Response {
			return post("/conversations/"+talk+"/reply", `{"message_type":"comment","type":"user","intercom_user_id":"`+ada+`","body":"More"}`)
		}},
	}
}

// ping sends what the script of a page says of a visitor who is known.
func ping(t *testing.T, l *testkit.Instance, anonymousID string) *testkit.Response {
	t.Helper()
	form := url.Values{"app_id": {string(l.Workspace)}, "v": {"3"}, "source": {"apiBoot"}, "cc": {"1"}, "user_data": {`{"anonymous_id":"` + anonymousID + `"}`}}
	return l.Do(t, http.MethodPost, "/messenger/web/ping", form.Encode(),
		"Content-Type: application/x-www-form-urlencoded", "Authorization:", "Intercom-Version: 2.13", "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
}

package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

const poolToken = "a-token-for-a-pooler"

// send makes a request with the token and returns the response, whose body the caller closes.
func (s *serving) send(ctx context.Context, method, path, body string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, s.url+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+poolToken)
	r.Header.Set("Intercom-Version", "2.13")
	r.Header.Set("Content-Type", "application/json")
	return http.DefaultClient.Do(r)
}

// call makes a request with the token, and returns the status and the JSON of the response.
func (s *serving) call(method, path, body string) (int, map[string]any, error) {
	answer, err := s.send(context.Background(), method, path, body)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, nil, err
	}
	var object map[string]any
	if len(text) > 0 {
		err = json.Unmarshal(text, &object)
	}
	return answer.StatusCode, object, err
}

// serveTogether starts servers on one empty database at once.
func serveTogether(t *testing.T, count int, args ...string) []*serving {
	t.Helper()
	all := make([]*serving, count)
	var starting sync.WaitGroup
	for i := range all {
		starting.Go(func() {
			all[i] = serve(t, append([]string{"--rate-limit=0", "--database-timeout=1m"}, args...)...)
			if _, _, err := all[i].Lobby.FirstWorkspace(t.Context(), workspace.Draft{ID: "pool", AccessToken: poolToken}); err != nil {
				t.Error(err)
			}
		})
	}
	starting.Wait()
	for _, s := range all {
		if s == nil {
			t.FailNow()
		}
		t.Cleanup(func() { s.ends(t, nil) })
	}
	return all
}

// Behind a pooler of transactions each transaction has another server connection.
func TestTwoServersBehindPgBouncerAnswerEverything(t *testing.T) {
	t.Parallel()
	mixed(t, 6, testkit.PgBouncer(t, testkit.Postgres(t)))
}

// mixed has 16 clients make calls of most kinds to two servers on one empty database.
func mixed(t *testing.T, turns int, dsn string, args ...string) {
	t.Helper()
	servers := serveTogether(t, 2, append(args, "--database", dsn)...)
	for name, kind := range map[string]string{"plan": "string", "seats": "integer", "paid": "boolean"} {
		status, object, err := servers[0].call("POST", "/data_attributes", `{"name":"`+name+`","model":"contact","data_type":"`+kind+`"}`)
		if err != nil || status != 200 {
			t.Fatal(status, object, err)
		}
	}
	const clients = 16
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			for turn := range turns {
				if err := mixedCalls(t, servers, client, turn); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// mixedCalls makes calls of most kinds, each on the next server.
func mixedCalls(t *testing.T, servers []*serving, client, turn int) error {
	v, err := servers[turn%len(servers)].Lobby.CreateVisitor(t.Context(), workspace.Caller{Workspace: "pool"}, &people.Person{})
	if err != nil {
		return err
	}
	email := fmt.Sprintf("c%d.t%d@example.com", client, turn)
	contact := ""
	for i, c := range []struct{ method, path, body string }{
		{"GET", "/visitors/" + v.ID, ""},
		{"PUT", "/visitors", `{"id":"` + v.ID + `","name":"Ada"}`},
		{"POST", "/visitors/convert", `{"type":"user","visitor":{"id":"` + v.ID + `"},"user":{"email":"` + email + `"}}`},
		{"GET", "/contacts/{id}", ""},
		{"PUT", "/contacts/{id}", `{"custom_attributes":{"plan":"pro","seats":7,"paid":true}}`},
		{"POST", "/events", `{"event_name":"ordered","created_at":1700000000,"id":"{id}"}`},
		{"POST", "/contacts/search", `{"query":{"field":"email","operator":"=","value":"` + email + `"}}`},
		{"GET", "/contacts?per_page=5", ""},
		{"POST", "/tags", `{"name":"vip"}`},
	} {
		s := servers[(client+turn+i)%len(servers)]
		status, object, err := s.call(c.method, strings.Replace(c.path, "{id}", contact, 1), strings.Replace(c.body, "{id}", contact, 1))
		if err != nil || status >= 300 {
			return fmt.Errorf("%s %s: %d %v %v", c.method, c.path, status, object, err)
		}
		switch i {
		case 2:
			contact, _ = object["id"].(string)
		case 4:
			custom, _ := object["custom_attributes"].(map[string]any)
			if custom["seats"] != 7.0 || custom["paid"] != true {
				return fmt.Errorf("the attributes are %v", custom)
			}
		case 6:
			if object["total_count"] != 1.0 {
				return fmt.Errorf("the search found %v", object["total_count"])
			}
		}
	}
	return nil
}

func TestAnAddressThatAPoolerWouldNotHeedIsRefused(t *testing.T) {
	t.Parallel()
	dsn := testkit.Postgres(t)
	strict, lenient := testkit.PgBouncer(t, dsn), testkit.PgBouncer(t, dsn, "ignore_startup_parameters = search_path,options")
	for _, c := range []struct {
		address string
		want    string // in the error; empty for none
	}{
		{strict + "&search_path=elsewhere", "search_path"},
		{strict + "&statement_timeout=3s", "statement_timeout"},
		{lenient + "&search_path=elsewhere", "search_path"},
		{lenient + "&options=-csearch_path%3Delsewhere", "options"},
		{strict + "&default_query_exec_mode=simple_protocol", "cache_describe"},
		{strict + "&statement_cache_capacity=0", "statement_cache_capacity"},
		{strict + "&application_name=mine&timezone=UTC", ""},
		{dsn + "&search_path=public&statement_timeout=3s", ""},
	} {
		cfg, _, err := config.Parse(config.Serve, []string{"--database", c.address}, func(string) string { return "" })
		if err != nil {
			t.Fatal(err)
		}
		store, err := app.Open(t.Context(), cfg)
		if err == nil {
			err = store.Close()
		}
		if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", strings.SplitN(c.address, "?", 2)[1], err, c.want)
		} else if err != nil {
			t.Log(err)
		}
	}
}

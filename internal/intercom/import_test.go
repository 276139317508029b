package intercom_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"lobby/internal/intercom"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/transfer"
	"lobby/internal/workspace"
)

func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }

// id is the id of the n-th of a kind.
func id(kind byte, n int) string {
	return fmt.Sprintf("%08x%02x%014x", testkit.Began-int64(1_000_000-n), kind, n)
}

// fill adds so many people, and companies, tags, notes, events and choices for them, to the workspace of a server.
func fill(t testing.TB, s *testkit.Instance, people int) {
	t.Helper()
	var b bytes.Buffer
	add := func(kind, row string, args ...any) {
		fmt.Fprintf(&b, "{%q:{"+row+"}}\n", append([]any{kind}, args...)...)
	}
	companies, tags := max(2, people/40), 20
	fmt.Fprintln(&b, `{"lobby_export":1}`)
	add("admin", `"id":2,"name":"Zoë","email":"zoe@example.com","away_mode_enabled":true,"away_status_reason_id":1`)
	add("away_reason", `"id":1,"label":"Lunch","emoji":"🥪","place":1,"created_at":5`)
	add("team", `"id":1,"name":"Support"`)
	add("team_member", `"team_id":1,"admin_id":2`)
	add("plan", `"id":3,"name":"Gold"`)
	add("attribute", `"name":"plan","id":1,"model":"contact","type":"string","options":["pro","free"],"description":"A plan","admin_id":1,"created_at":7`)
	add("attribute", `"name":"score","id":2,"model":"contact","type":"float","created_at":8`)
	add("attribute", `"name":"trial","id":3,"model":"company","type":"boolean","archived":true,"created_at":8`)
	add("segment", `"id":%q,"name":"Pros","role":"user","created_at":9,"query":{"combine":"AND","queries":[{"field":"custom_attributes.plan","operator":"=","values":["pro"]},{"field":"created_at","operator":">","days_ago":900}]}`, id(1, 1))
	add("subscription_type", `"id":9,"state":"live","consent":"opt_in","content_types":["email"],"translations":[{"name":"News","description":"","locale":"en"},{"name":"Neues","description":"","locale":"de"}],"created_at":9`)
	for n := 1; n <= tags; n++ {
		add("tag", `"id":%d,"name":"Tag %d"`, n, n)
	}
	for n := range companies {
		add("company", `"id":%q,"company_id":"acme-%d","name":"Acmé %d","plan_id":3,"size":%d,"monthly_spend":5,"website":"https://example.com","last_request_at":%d,"created_at":%d,"updated_at":%d,"custom_attributes":{"trial":true}`,
			id(2, n), n, n, n, testkit.Began-int64(n%7), testkit.Began-int64(1_000_000-n), testkit.Began-int64(n))
		add("company_tag", `"company_id":%q,"tag_id":%d,"applied_at":4`, id(2, n), n%tags+1)
		add("note", `"id":%d,"company_id":%q,"admin_id":2,"body":"<p>Company &amp; co.</p>","created_at":6`, 900_000+n, id(2, n))
	}
	for n := range people {
		role, external := "user", fmt.Sprintf(`"external_id":"user-%d",`, n)
		if n%5 == 0 {
			role, external = "lead", ""
		}
		// Every tenth shares an address with the one before.
		add("person", `"id":%q,"role":%q,`+external+`"email":"Person%d@Example.com","phone":"+353 1 234 %04d","name":"Ünï %d <x> \u2028","owner_id":2,
			"created_at":%d,"updated_at":%d,"signed_up_at":9,"last_seen_at":%d,"location_city":"Dublin","location_country":"Ireland","location_country_code":"IRL","browser":"Firefox",
			"utm_source":"ads","unsubscribed_from_emails":%t,"custom_attributes":{"plan":%q,"score":%d.5}`,
			id(3, n), role, n/10*10+min(n%10, 8), n%10000, n, testkit.Began-int64(1_000_000-n), testkit.Began-int64((n*7919)%5000), testkit.Began-int64(n), n%3 == 0, []string{"pro", "free"}[n%2], n)
		for k := range n % 3 * 6 {
			add("person_tag", `"person_id":%q,"tag_id":%d,"applied_at":%d,"admin_id":2`, id(3, n), k+1, 50-k)
		}
		if n%2 == 0 {
			add("person_company", `"person_id":%q,"company_id":%q,"created_at":3`, id(3, n), id(2, n%companies))
			add("person_company", `"person_id":%q,"company_id":%q,"created_at":2`, id(3, n), id(2, (n+1)%companies))
		}
		for k := range n % 4 {
			add("note", `"id":%d,"person_id":%q,"admin_id":1,"body":"<p>Note %d &lt;b&gt;</p>","created_at":%d`, n*4+k+1, id(3, n), k, 100+k)
			add("event", `"id":%q,"person_id":%q,"name":"bought %d","created_at":%d,"metadata":{"b":"<1>","a":{"url":"https://example.com/?a=1&b=2","value":"x"}}`,
				id(4+byte(k), n), id(3, n), k%2, testkit.Began-int64(100+k))
		}
		if n%6 == 1 {
			add("event_summary", `"person_id":%q,"name":"logged-in","count":4,"first_at":10,"last_at":20`, id(3, n))
			add("person_subscription", `"person_id":%q,"type_id":9,"consent":"opt_in","created_at":2`, id(3, n))
			add("person_subscription", `"person_id":%q,"type_id":1,"consent":"opt_out","created_at":1`, id(3, n))
		}
	}
	text := strings.ReplaceAll(b.String(), "\n\t\t\t", "")
	name := t.TempDir() + "/seed"
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := transfer.Import(t.Context(), s.Store, transfer.FileSource(name, nil), transfer.ImportOptions{Into: s.Workspace, Now: s.Clock.Now()}, func(int64) {})
	if err != nil {
		t.Fatal(err)
	}
}

// bring imports the workspace of a client into a store.
func bring(t testing.TB, from *testkit.Client, to *sqlstore.Store, o intercom.Options) (*intercom.Result, []intercom.Skipped, error) {
	t.Helper()
	client, err := intercom.NewClient(from.URL, from.Token)
	if err != nil {
		t.Fatal(err)
	}
	var skipped []intercom.Skipped
	o.Now, o.Parallel = time.Unix(testkit.Began, 0), 4
	o.Report = func(s intercom.Skipped) { skipped = append(skipped, s) }
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	result, err := intercom.Import(t.Context(), to, client, o)
	return result, skipped, err
}

// enter returns a client of a workspace that was imported.
func enter(t testing.TB, s *testkit.Instance, ws workspace.ID) *testkit.Client {
	t.Helper()
	token, err := s.Lobby.CreateToken(t.Context(), workspace.Caller{Workspace: ws}, workspace.TokenDraft{Scopes: workspace.AllScopes})
	if err != nil {
		t.Fatal(err)
	}
	c := *s.Client
	c.Workspace, c.Token, c.TokenID = ws, token.Secret, token.ID
	return &c
}

// reads calls each for every read of a workspace with so many people: all lists, page by page, and each record by itself.
func reads(people int, each func(method, path, body, version string) string) {
	for _, version := range []string{"2.7", "2.14", "Preview"} {
		get := func(path string, args ...any) { each("GET", fmt.Sprintf(path, args...), "", version) }
		for _, path := range []string{
			"/me", "/admins", "/admins/2", "/teams", "/teams/1", "/tags", "/segments?include_count=true", "/subscription_types",
			"/data_attributes?include_archived=true", "/companies?per_page=150", "/lobby/v1/segments", "/contacts?per_page=150",
		} {
			get("%s", path)
		}
		if version == "2.7" {
			get("/companies/scroll") // there is one at a time
		} else {
			get("/away_status_reasons")
		}
		for _, field := range []string{"created_at", "updated_at", "last_seen_at", "name"} {
			for _, order := range []string{"ascending", "descending"} {
				each("POST", "/contacts/search", fmt.Sprintf(`{"query":{"operator":"AND","value":[{"field":"custom_attributes.plan","operator":"=","value":"pro"},
					{"field":"created_at","operator":">","value":0}]},"sort":{"field":%q,"order":%q},"pagination":{"per_page":150}}`, field, order), version)
			}
		}
		for n := range max(2, people/40) {
			get("/companies/%s", id(2, n))
			get("/companies/%s/contacts", id(2, n))
			if version == "Preview" {
				get("/companies/%s/notes", id(2, n))
			}
		}
		for n := range people {
			if n%7 != 0 && (version != "2.14" || people > 100 && !testkit.IsDeep()) {
				continue
			}
			of := id(3, n)
			for _, path := range []string{"", "/tags", "/notes", "/companies", "/segments", "/subscriptions"} {
				get("/contacts/%s%s", of, path)
			}
			get("/events?type=user&intercom_user_id=%s&per_page=2", of)
			get("/events?type=user&intercom_user_id=%s&summary=true", of)
			if n%4 > 0 {
				get("/notes/%d", n*4+1)
			}
		}
	}
}

// Every read of the second server is that of the first, byte for byte but for the host.
func TestALobbyIsImportedAsItIs(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		people := 500
		if testkit.IsDeep() {
			people = 20_000
		} else if t.Name() != "TestALobbyIsImportedAsItIs/sqlite" {
			people = 45 // reads cost more there
		}
		first := testkit.Start(t)
		fill(t, first, people)
		conversations := min(max(30, people/10), 300)
		talk(t, first, people, conversations)
		second := testkit.Start(t, on)
		began := time.Now()
		result, skipped, err := bring(t, first.Client, second.Store, intercom.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d people in %s: %v", people, time.Since(began).Round(time.Millisecond), result.Counts)
		if result.Counts["contact"] != people || result.Counts["conversation"] != conversations-1 || len(skipped) != 3 {
			t.Errorf("of %d contacts came %d; skipped was %v", people, result.Counts["contact"], skipped)
		}
		there := enter(t, second, result.Workspace)
		mustReadAlike(t, first, there, people)
		second.Clock.Set(first.Clock.Now().Unix()) // for snoozes
		readsOfWords(t, conversations, compare(t, first, there))
		if file := fileOf(t, there, "/conversations/3"); file != "file 2" {
			t.Errorf("the uploaded file is %q", file)
		}
	})
}

func mustReadAlike(t *testing.T, first *testkit.Instance, there *testkit.Client, people int) {
	t.Helper()
	reads(people, compare(t, first, there))
}

// compare returns a function that sends a request to both servers, and compares what they answer.
func compare(t *testing.T, first *testkit.Instance, there *testkit.Client) func(method, path, body, version string) string {
	t.Helper()
	differing, compared := 0, 0
	ask := func(s *testkit.Client, method, path, body, version string) string {
		request, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+s.Token)
		request.Header.Set("Intercom-Version", version)
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close() //nolint:errcheck // it has been read
		var text bytes.Buffer
		if _, err := text.ReadFrom(response.Body); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(response.StatusCode, " ", strings.ReplaceAll(text.String(), s.URL, "https://host"))
	}
	t.Cleanup(func() { t.Logf("%d reads compared, %d differ", compared, differing) })
	return func(method, path, body, version string) string {
		want, got := ask(first.Client, method, path, body, version), ask(there, method, path, body, version)
		if !strings.HasPrefix(want, "200 ") {
			t.Fatalf("%s %s at %s: %s", method, path, version, want)
		}
		if strings.HasSuffix(path, "/scroll") { // whose cursor is random
			want, _, _ = strings.Cut(want, `"scroll_param"`)
			got, _, _ = strings.Cut(got, `"scroll_param"`)
		}
		compared++
		if want != got {
			if differing++; differing < 6 {
				at := 0
				for at < min(len(want), len(got)) && want[at] == got[at] {
					at++
				}
				cut := func(s string) string { return s[max(0, at-200):min(len(s), at+200)] }
				t.Errorf("%s %s at %s: the first says\n…%s…\nand the second\n…%s…", method, path, version, cut(want), cut(got))
			}
		}
		return want
	}
}

package transfer_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lobby/internal/account"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/transfer"
	"lobby/internal/workspace"
)

func exportOf(t *testing.T, store *sqlstore.Store, o sqlstore.ExportOptions) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := transfer.Export(t.Context(), store, &out, o, func() {}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func importOf(t *testing.T, store *sqlstore.Store, text string, o transfer.ImportOptions) error {
	t.Helper()
	if o.Now.IsZero() {
		o.Now = time.Unix(testkit.Began, 0)
	}
	name := filepath.Join(t.TempDir(), "export.ndjson")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := transfer.Import(t.Context(), store, transfer.FileSource(name, nil), o, func(int64) {})
	return err
}

func mustBeSound(t *testing.T, store *sqlstore.Store) {
	t.Helper()
	found, err := store.Check(t.Context())
	if err != nil || len(found) > 0 {
		t.Errorf("the database breaks invariants: %v, %v", found, err)
	}
}

var everything = sqlstore.ExportOptions{Secrets: true}

// A workspace with something of every noun goes from each database to each, and arrives as it was.
func TestAnExportArrivesAsItWas(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, from testkit.Option) {
		s := testkit.Start(t, from)
		furnish(t, s, s.Client)
		other := s.NewWorkspace(t)
		furnish(t, s, other)
		text := exportOf(t, s.Store, everything)
		for _, name := range sqlstore.RecordNames() {
			if !strings.Contains(text, `{"`+name+`":`) {
				t.Errorf("the export has no %s", name)
			}
		}
		testkit.EachDatabase(t, func(t *testing.T, to testkit.Option) {
			store := testkit.Open(t, to)
			if err := importOf(t, store, text, transfer.ImportOptions{}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(text, "\n"), strings.Split(exportOf(t, store, everything), "\n")); diff != "" {
				t.Errorf("another database has something else:\n%s", diff)
			}
			mustBeSound(t, store)
			if store.Kind() != s.Store.Kind() {
				return
			}
			for _, ws := range []workspace.ID{s.Workspace, other.Workspace} {
				want, got := dumpOf(t, s.Store, ws), dumpOf(t, store, ws)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("its tables have something else:\n%s", diff)
				}
			}
		})
	})
}

// An export that was written before conversations had statistics gets them from its parts, all but the reopenings, of which
// parts do not tell.
func TestAnOldExportGetsStatistics(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../sqlstore/migrations/sqlite/*_conversation_statistics.sql")
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	migration, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var since int
	if _, err := fmt.Sscanf(filepath.Base(files[0]), "%d_", &since); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, found := range regexp.MustCompile(`ADD COLUMN (\w+)`).FindAllSubmatch(migration, -1) {
		names = append(names, string(found[1]))
	}
	member := func(names ...string) *regexp.Regexp {
		return regexp.MustCompile(`,"(?:` + strings.Join(names, "|") + `)":(?:\d+|"(?:[^"\\]|\\.)*")`)
	}
	without := func(text string, no *regexp.Regexp) string {
		return regexp.MustCompile(`(?m)^\{"conversation":.*$`).ReplaceAllStringFunc(text, func(line string) string {
			return no.ReplaceAllString(line, "")
		})
	}
	s := testkit.Start(t)
	furnish(t, s, s.Client)
	converse(caller{s.Client, t}, s.Clock)
	text := exportOf(t, s.Store, everything)
	for _, name := range names {
		if !strings.Contains(text, `,"`+name+`":`) {
			t.Errorf("no conversation has %s", name)
		}
	}
	old := regexp.MustCompile(`"schema":\d+`).ReplaceAllString(without(text, member(names...)), fmt.Sprintf(`"schema":%d`, since-1))
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		store := testkit.Open(t, on)
		if err := importOf(t, store, old, transfer.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		mustBeSound(t, store)
		want, got := without(text, member("reopens")), exportOf(t, store, everything)
		if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("the database has something else:\n%s", diff)
		}
	})
}

// converse makes a conversation with every statistic, and one that an admin began and assigned.
func converse(c caller, clock *testkit.Clock) {
	c.t.Helper()
	contact, admin := c.id("/contacts", object{"role": "user", "external_id": "talker"}), "1"
	begin := func(with object) string {
		return "/conversations/" + fmt.Sprint(c.post("/conversations", with).Get("conversation_id"))
	}
	talk := begin(object{"from": object{"type": "user", "id": contact}, "body": "Hello"})
	manage := func(conversation string, with object) {
		clock.Pass(time.Minute)
		with["type"], with["admin_id"] = "admin", admin
		c.post(conversation+"/parts", with)
	}
	assign := object{"message_type": "assignment", "assignee_id": admin}
	manage(talk, maps.Clone(assign))
	clock.Pass(time.Minute)
	c.post(talk+"/reply", object{"message_type": "comment", "type": "admin", "admin_id": admin, "body": "Hi"})
	manage(talk, object{"message_type": "close", "body": "Bye"})
	c.post(talk+"/reply", object{"message_type": "comment", "type": "user", "intercom_user_id": contact, "body": "Wait"})
	sent := c.post("/messages", object{
		"from": object{"type": "admin", "id": admin}, "to": object{"type": "user", "id": contact}, "body": "News",
		"create_conversation_without_contact_reply": true,
	})
	manage("/conversations/"+fmt.Sprint(sent.Get("conversation_id")), maps.Clone(assign))
}

// dumpOf returns all rows of a workspace, without the one walk through companies.
func dumpOf(t *testing.T, store *sqlstore.Store, ws workspace.ID) map[string][]string {
	t.Helper()
	rows, err := store.Dump(t.Context(), ws)
	if err != nil {
		t.Fatal(err)
	}
	delete(rows, "company_scrolls")
	return rows
}

func TestSecretsLeaveOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	furnish(t, s, s.Client)
	text := exportOf(t, s.Store, sqlstore.ExportOptions{})
	ws, err := s.Lobby.Workspace(t.Context(), s.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	for _, no := range []string{`{"token":`, `{"login":`, `{"membership":`, "$argon2id$", `{"mail_key":`, `{"identity_secret":`, `{"browser_session":`, ws.IdentitySecrets[0].Secret, s.Token} {
		if strings.Contains(text, no) {
			t.Errorf("an export without secrets has %s", no)
		}
	}
	store := testkit.Open(t)
	if err := importOf(t, store, text, transfer.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if again := exportOf(t, store, everything); strings.Replace(again, `,"secrets":true`, "", 1) != text {
		t.Error("what was left out came back")
	}
}

// A login that is here keeps its password, and enters the workspace that was imported.
func TestALoginThatIsHereStays(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		from, to := testkit.Start(t), testkit.Start(t, on)
		furnishLogins(t, from, from.Client)
		into := to.NewWorkspace(t)
		if _, err := to.App.Accounts.Invite(t.Context(), workspace.Caller{Workspace: into.Workspace}, account.Invitation{Email: "boss@EXAMPLE.com", Role: account.ReadOnly}); err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(exportOf(t, from.Store, everything), string(from.Workspace), "moved")
		if err := importOf(t, to.Store, text, transfer.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		mustBeSound(t, to.Store)
		members, err := to.App.Accounts.Members(t.Context(), workspace.Caller{Workspace: "moved"})
		if err != nil || len(members) != 2 {
			t.Fatalf("%d members, %v", len(members), err)
		}
		for _, m := range members {
			if isBoss := m.Role == account.Owner; m.HasPassword || isBoss != (m.Email == "boss@EXAMPLE.com") || isBoss == m.Alone {
				t.Errorf("a member is %+v", m)
			}
		}
	})
}

func TestOneWorkspaceLeavesAlone(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	other := s.NewWorkspace(t)
	text := exportOf(t, s.Store, sqlstore.ExportOptions{Workspaces: []workspace.ID{other.Workspace}})
	if strings.Count(text, `{"workspace":`) != 1 || !strings.Contains(text, `{"workspace":{"id":"`+string(other.Workspace)+`"`) {
		t.Errorf("the export of one workspace is\n%s", text)
	}
	if err := importOf(t, s.Store, text, transfer.ImportOptions{}); !errors.Is(err, workspace.ErrWorkspaceExists) {
		t.Errorf("the import of a workspace that is there: %v", err)
	}
	_, err := transfer.Export(t.Context(), s.Store, io.Discard, sqlstore.ExportOptions{Workspaces: []workspace.ID{"nope"}}, func() {})
	if !errors.Is(err, workspace.ErrWorkspaceNotFound) {
		t.Errorf("the export of a workspace that is not there: %v", err)
	}
}

// seed is what somebody would write by hand.
const seed = `{"lobby_export":1}
{"workspace":{"id":"demo","name":"Demo"}}

{"admin":{"id":7,"name":"Ada","email":"ada@example.com"}}
{"tag":{"id":12,"name":"VIP"}}
{"company":{"id":"650000000000000000000001","company_id":"acme","name":"Acme"}}
{"person":{"id":"650000000000000000000002","role":"user","email":"Zoe@Example.com","phone":"+353 1 234 5678","enabled_push_messaging":false,"custom_attributes":{"plan":"pro","age":30}}}
{"person":{"role":"lead","name":"Nobody","created_at":1700000000}}
{"person_tag":{"person_id":"650000000000000000000002","tag_id":12}}
{"person_company":{"person_id":"650000000000000000000002","company_id":"650000000000000000000001"}}
{"note":{"id":5,"person_id":"650000000000000000000002","body":"<p>Hello</p>"}}
{"event":{"person_id":"650000000000000000000002","name":"bought"}}
`

func TestASeedIsWrittenByHand(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		s := testkit.Start(t, on)
		if err := importOf(t, s.Store, seed, transfer.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		rows := dumpOf(t, s.Store, "demo")
		for table, parts := range map[string][]string{
			"companies": {"user_count=1", "name_key=acme"},
			"tags":      {"name_key=vip", "created_at=" + "17"},
			"people":    {"email_key=zoe@example.com", "phone_e164=+35312345678", "attached=", "enabled_push_messaging=1"},
			"numbers":   {"kind=tag last=12", "kind=note last=5"},
		} {
			if table == "search_keys" && s.Store.Kind() != "postgres" {
				continue // people are indexed in memory
			}
			for _, part := range parts {
				if !slices.ContainsFunc(rows[table], func(row string) bool { return strings.Contains(row, part) }) {
					t.Errorf("no row of %s has %s: %q", table, part, rows[table])
				}
			}
		}
		if n := len(rows["people"]); n != 2 {
			t.Errorf("there are %d people", n)
		}
	})
}

func TestRecordsGoIntoAWorkspaceThatIsThere(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	text := "{\"lobby_export\":1}\n{\"person\":{\"role\":\"user\",\"external_id\":\"1\"}}\n"
	if err := importOf(t, s.Store, text, transfer.ImportOptions{Into: s.Workspace}); err != nil {
		t.Fatal(err)
	}
	found := caller{s.Client, t}.post("/contacts/search", object{"query": object{"field": "external_id", "operator": "=", "value": "1"}})
	if found.Get("total_count") != 1.0 {
		t.Errorf("the person is not found: %s", found.Text)
	}
	if err := importOf(t, s.Store, text, transfer.ImportOptions{Into: s.Workspace}); err == nil || !strings.Contains(err.Error(), "line 2: another record has its key") {
		t.Errorf("the same again: %v", err)
	}
}

// Whatever is wrong with a file is named with its line, and nothing of the file is written.
func TestAFaultyFileIsRefusedWhole(t *testing.T) {
	t.Parallel()
	const begin = "{\"lobby_export\":1}\n{\"workspace\":{\"id\":\"demo\"}}\n"
	files := map[string]struct{ text, says string }{
		"nothing":         {"", "line 1: it is no export"},
		"no header":       {`{"person":{}}`, "line 1: it is no export"},
		"a newer form":    {`{"lobby_export":2}`, "line 1: the export was made by a newer Lobby"},
		"a newer schema":  {`{"lobby_export":1,"schema":9999}`, "line 1: the export was made by a newer Lobby"},
		"no workspace":    {"{\"lobby_export\":1}\n{\"tag\":{\"id\":1,\"name\":\"x\"}}", "line 2: no workspace comes before it"},
		"no JSON":         {begin + "{", "line 3: it is no JSON object"},
		"two members":     {begin + `{"tag":{},"note":{}}`, "line 3: it must have exactly one member"},
		"no such kind":    {begin + `{"cat":{}}`, `line 3: there is no kind of record that is called "cat"`},
		"no such column":  {begin + `{"tag":{"id":1,"name":"x","colour":"red"}}`, "line 3: colour is no member"},
		"a missing key":   {begin + `{"tag":{"id":1}}`, "line 3: name is missing"},
		"a wrong kind":    {begin + `{"tag":{"id":"1","name":"x"}}`, "line 3: id must be a whole number"},
		"a wrong role":    {begin + `{"person":{"role":"admin"}}`, "line 3: role must be one of visitor, lead, user"},
		"a wrong flag":    {begin + `{"person":{"role":"user","has_hard_bounced":1}}`, "line 3: has_hard_bounced must be true or false"},
		"a nested value":  {begin + `{"person":{"role":"user","custom_attributes":{"a":[1]}}}`, "line 3: custom_attributes cannot be read"},
		"a wrong id":      {begin + `{"person":{"role":"user","id":"X"}}`, "line 3: id must be 24 hexadecimal digits"},
		"a NUL":           {begin + `{"person":{"role":"user","name":"a\u0000b"}}`, "line 3: name must be valid UTF-8 without NUL"},
		"a wrong query":   {begin + `{"segment":{"name":"x","role":"user","query":"x"}}`, "line 3: query cannot be read"},
		"a key twice":     {begin + `{"tag":{"id":1,"name":"x"}}` + "\n" + `{"tag":{"id":2,"name":"X"}}`, "line 4: another record has its key"},
		"nobody's tag":    {begin + `{"tag":{"id":1,"name":"x"}}` + "\n" + `{"person_tag":{"person_id":"650000000000000000000001","tag_id":1}}`, "hangs on nobody"},
		"a forged merge":  {begin + `{"person":{"role":"user","state":"merged","merged_into":"650000000000000000000001"}}`, "leads nowhere"},
		"a cut":           {"{\"lobby_export\":1,\"ends\":true}\n{\"workspace\":{\"id\":\"demo\"}}\n", "line 3: the file is cut short"},
		"a wrong count":   {begin + `{"end":2}`, "line 3: there are 1 records"},
		"more at the end": {begin + "{\"end\":1}\n{}", "line 4: nothing may come after the last line"},
	}
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		store := testkit.Open(t, on)
		for name, file := range files {
			err := importOf(t, store, file.text, transfer.ImportOptions{})
			if err == nil || !strings.Contains(err.Error(), file.says) {
				t.Errorf("%s: %v, want %s", name, err, file.says)
			}
		}
		if text := exportOf(t, store, everything); strings.Count(text, "\n") != 2 {
			t.Errorf("something was written:\n%s", text)
		}
	})
}

func TestADryRunWritesNothing(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		store := testkit.Open(t, on)
		if err := importOf(t, store, seed, transfer.ImportOptions{DryRun: true}); err != nil {
			t.Fatal(err)
		}
		if text := exportOf(t, store, everything); strings.Count(text, "\n") != 2 {
			t.Errorf("something was written:\n%s", text)
		}
	})
}

func TestAFileIsWholeOrAbsent(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"plain.ndjson", "short.ndjson.zst"} {
		name := filepath.Join(folder, name)
		failed := errors.New("the disk is full")
		if err := transfer.WriteFile(name, nil, func(io.Writer) error { return failed }); !errors.Is(err, failed) {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 && left[0].Name() != "plain.ndjson" {
			t.Errorf("something is left: %v, %v", left, err)
		}
		err := transfer.WriteFile(name, nil, func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Repeat(seed, 1))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
		if err := transfer.WriteFile(name, nil, nil); !errors.Is(err, os.ErrExist) {
			t.Errorf("%s is there already: %v", name, err)
		}
		store := testkit.Open(t)
		_, err = transfer.Import(t.Context(), store, transfer.FileSource(name, nil), transfer.ImportOptions{Now: time.Unix(testkit.Began, 0)}, func(int64) {})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

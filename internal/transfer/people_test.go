package transfer_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/transfer"
	"lobby/internal/workspace"
)

func importPeople(t testing.TB, s *testkit.Instance, text string, o transfer.PeopleOptions) (transfer.PeopleResult, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "people")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if o.Each == nil {
		o.Each = func(int64) {}
	}
	return transfer.ImportPeople(t.Context(), s.Lobby, s.Workspace, transfer.FileSource(name, nil), o)
}

// contactOf returns the contact with an external id.
func contactOf(t *testing.T, s *testkit.Instance, externalID string) *people.Person {
	t.Helper()
	p, err := s.Lobby.FindContactByExternalID(t.Context(), workspace.Caller{Workspace: s.Workspace}, externalID)
	if err != nil {
		t.Fatalf("%s: %v", externalID, err)
	}
	return p
}

func TestPeopleComeInEveryForm(t *testing.T) {
	t.Parallel()
	files := map[string]struct {
		text string
		o    transfer.PeopleOptions
	}{
		"own": {text: `{"external_id":"u1","email":"Zoe@Example.com","name":"Zoë","signed_up_at":1700000000,"unsubscribed_from_emails":true,"custom_attributes":{"plan":"pro","age":30}}`},
		"person of an export": {text: `{"person":{"role":"user","external_id":"u1","email":"Zoe@Example.com","name":"Zoë","signed_up_at":1700000000,
			"unsubscribed_from_emails":true,"custom_attributes":{"plan":"pro","age":30}}}`},
		"identify": {text: `{"type":"identify","userId":"u1","anonymousId":"a","timestamp":"2023-11-14T22:13:20.000Z","traits":{"email":"Zoe@Example.com",
			"name":"Zoë","signed_up_at":"2023-11-14T22:13:20.000Z","unsubscribed_from_emails":true,"plan":"pro","age":30,"address":{"street":"X"}}}`},
		"csv": {
			text: "\ufeffUser ID,Email,Name,Signed up (GMT),Unsubscribed from Emails,plan,Years,Nothing\nu1,Zoe@Example.com,Zoë,2023-11-14 22:13:20,TRUE,pro,30,x\n",
			o:    transfer.PeopleOptions{CSV: true, Map: map[string]string{"Years": "custom_attributes.age", "Nothing": ""}},
		},
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testkit.Start(t)
			caller{s.Client, t}.post("/data_attributes", object{"name": "age", "model": "contact", "data_type": "integer"})
			result, err := importPeople(t, s, strings.ReplaceAll(file.text, "\n\t\t\t", ""), file.o)
			if err != nil || result.Created != 1 {
				t.Fatalf("%+v, %v", result, err)
			}
			p := contactOf(t, s, "u1")
			if p.Email != "Zoe@Example.com" || p.Name != "Zoë" || p.SignedUpAt != 1_700_000_000 || !p.UnsubscribedFromEmails || p.Role != people.User ||
				p.CustomAttributes["plan"].Text() != "pro" || p.CustomAttributes["age"].Int() != 30 || len(p.CustomAttributes) != 2 {
				t.Errorf("the contact is %+v", p)
			}
			found := caller{s.Client, t}.post("/contacts/search", object{"query": object{"field": "custom_attributes.plan", "operator": "=", "value": "pro"}})
			if found.Get("total_count") != 1.0 {
				t.Errorf("a search finds %s", found.Text)
			}
			result, err = importPeople(t, s, strings.ReplaceAll(file.text, "\n\t\t\t", ""), file.o)
			if err != nil || result.Created != 0 || result.Updated != 1 {
				t.Errorf("once more: %+v, %v", result, err)
			}
		})
	}
}

func TestALineIsAboutWhoIsThere(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		s := testkit.Start(t, on)
		lines := []string{
			`{"external_id":"u1","email":"a@example.com","name":"One","custom_attributes":{"plan":"pro"}}`,
			`{"external_id":"u2","email":"a@example.com"}`,                               // a second user of the address
			`{"external_id":"u1","phone":"+353 1 234 5678","custom_attributes":{"a":1}}`, // the first again
			`{"email":"b@example.com"}`,
			`{"email":"B@example.com","name":"Bea"}`,
			`{"role":"lead","email":"c@example.com"}`,
			`{"id":"650000000000000000000001","role":"lead","created_at":1600000000}`,
			`{"external_id":"u2","name":null}`,
		}
		result, err := importPeople(t, s, strings.Join(lines, "\n"), transfer.PeopleOptions{})
		if want := (transfer.PeopleResult{Created: 5, Updated: 3}); err != nil || result != want {
			t.Fatalf("%+v, %v, want %+v", result, err, want)
		}
		if p := contactOf(t, s, "u1"); p.Name != "One" || p.Phone == "" || len(p.CustomAttributes) != 2 {
			t.Errorf("the first is %+v", p)
		}
		mustBeSound(t, s.Store)
	})
}

// What is wrong with a line is said with its number. Either nothing is imported then, or everything else.
func TestLinesThatCannotBeImported(t *testing.T) {
	t.Parallel()
	bad := map[string]string{
		`{`: "ends before its JSON does", `[]`: "needs an external_id or an email", `{}`: "needs an external_id or an email",
		`{"role":"admin","email":"x@example.com"}`:                              "role must be user or lead",
		`{"email":"nope"}`:                                                      "email",
		`{"external_id":"null"}`:                                                "placeholder",
		`{"external_id":"x","colour":"red"}`:                                    "colour is no field of a contact",
		`{"external_id":"x","owner_id":99}`:                                     "owner_id 99 is no admin",
		`{"external_id":"x","signed_up_at":"soon"}`:                             "signed_up_at must be",
		`{"external_id":"x","custom_attributes":{"a":[1]}}`:                     "custom_attributes.a must be",
		`{"external_id":"x","custom_attributes":{"age":"old"}}`:                 "custom_attributes.age",
		`{"id":"x","email":"x@example.com"}`:                                    "id must be 24 hexadecimal digits",
		`{"type":"track","event":"x","userId":"x","traits":{}}`:                 `of type "track" is about no contact`,
		`{"external_id":"archie"}`:                                              "it is archived",
		`{"id":"650000000000000000000009","role":"lead","external_id":"known"}`: "650000000000000000000008",
	}
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		s := testkit.Start(t, on)
		c := caller{s.Client, t}
		c.post("/data_attributes", object{"name": "age", "model": "contact", "data_type": "integer"})
		c.post("/contacts/"+c.id("/contacts", object{"role": "user", "external_id": "archie"})+"/archive", nil)
		if _, err := importPeople(t, s, `{"id":"650000000000000000000008","external_id":"known"}`, transfer.PeopleOptions{}); err != nil {
			t.Fatal(err)
		}
		before := dumpOf(t, s.Store, s.Workspace)
		const good = "{\"external_id\":\"good-1\"}\n"
		text := good
		for line, says := range bad {
			_, err := importPeople(t, s, good+line+"\n", transfer.PeopleOptions{})
			if err == nil || !strings.HasPrefix(err.Error(), "line 2: ") || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v, want %s", line, err, says)
			}
			if after := dumpOf(t, s.Store, s.Workspace); len(after["people"]) != len(before["people"]) {
				t.Errorf("%s: something was written", line)
			}
			text += line + "\n"
		}
		var skipped []*transfer.LineError
		result, err := importPeople(t, s, text+`{"external_id":"good-2"}`, transfer.PeopleOptions{
			PerLine: true, Skip: func(e *transfer.LineError) { skipped = append(skipped, e) },
		})
		if want := (transfer.PeopleResult{Created: 2, Skipped: len(bad)}); err != nil || result != want || len(skipped) != len(bad) || skipped[0].Line != 2 {
			t.Errorf("line by line: %+v, %v, want %+v", result, err, want)
		}
	})
}

func TestTablesThatCannotBeImported(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for text, says := range map[string]string{
		"":                                    "line 1: it does not name the columns",
		"a.b,email\nx,a@example.com":          `line 1: "a.b" cannot be the name`,
		"email,name\na@example.com":           "line 2: wrong number of fields",
		"email,signed_up_at\n\"a\nb\",soon\n": "line 2: signed_up_at cannot be \"soon\"",
		"email\n\"a@example.com":              "line 2: ",
	} {
		if _, err := importPeople(t, s, text, transfer.PeopleOptions{CSV: true}); err == nil || !strings.HasPrefix(err.Error(), says) {
			t.Errorf("%q: %v, want %s", text, err, says)
		}
	}
	_, err := importPeople(t, s, "Mail\na@example.com", transfer.PeopleOptions{CSV: true, Map: map[string]string{"Mail": "mail"}})
	if err == nil || !strings.Contains(err.Error(), "line 1: \"mail\" is no field of a contact") {
		t.Errorf("a wrong map: %v", err)
	}
	_, err = importPeople(t, s, "Mail\na@example.com", transfer.PeopleOptions{CSV: true, Map: map[string]string{"Mail": "email", "Nmae": "name"}})
	if err == nil || !strings.Contains(err.Error(), `there is no column "Nmae"`) {
		t.Errorf("a map of a column that is not there: %v", err)
	}
	result, err := importPeople(t, s, "Mail\na@example.com", transfer.PeopleOptions{CSV: true, Map: map[string]string{"Mail": "email"}, DryRun: true})
	if err != nil || result.Created != 1 || len(dumpOf(t, s.Store, s.Workspace)["people"]) != 0 {
		t.Errorf("a dry run: %+v, %v", result, err)
	}
	if _, err := transfer.ImportPeople(t.Context(), s.Lobby, "nope", transfer.FileSource("x", nil), transfer.PeopleOptions{}); !errors.Is(err, workspace.ErrWorkspaceNotFound) {
		t.Errorf("no workspace: %v", err)
	}
}

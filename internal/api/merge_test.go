package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

const (
	merge         = "POST /contacts/merge"
	wrongRoles    = "invalid_merge: Merging can only be performed on a lead into a user"
	notDuplicates = "invalid_merge: Contacts can only be merged when they are duplicates (matching email or phone). " +
		"Pass skip_duplicate_validation=true to override this check."
	goneElsewhere = "contact_merged: This contact has been merged. See the 'Link' header for the canonical contact."
)

// Leo goes into Eve, of whom nothing is known but an external id.
var leoIntoEve = step{
	do: merge, body: `{"from":"$leo","into":"$eve"}`, identity: "merged", fires: []string{"contact.merged eve"},
	has: `{"type":"contact","id":"$eve","role":"user","external_id":"eve-1","email":"leo@example.com","updated_at":1700000000,
		"created_at":1699913600}`,
	writes: "merged lead→user leo→eve: external_id discarded, email adopted",
}

func notMerged(says, body string, status int, refused string, headers ...string) scenario {
	reason, _, _ := strings.Cut(refused, ":")
	return one(says, step{do: merge, body: body, headers: headers, status: status, refused: refused, identity: "refused; reason=" + reason})
}

var merges = []scenario{
	one("what a user lacks is taken from the lead, its address too", leoIntoEve),
	one("what a user has stands", step{
		do: merge, body: `{"from":"$leo","into":"$ada"}`, identity: "merged", fires: []string{"contact.merged ada"},
		has:    `{"id":"$ada","external_id":"ada-1","email":"Ada@example.com","name":"Ada","custom_attributes":{"plan":"free"}}`,
		writes: "merged lead→user leo→ada: external_id discarded, email discarded",
	}),
	{"a user with an external id takes over the lead's address, whoever else has it", []step{
		{do: "PUT /contacts/$leo", body: `{"email":"ANN@example.com"}`, fires: []string{"contact.updated leo", "contact.email.updated leo"}},
		{
			do: merge, body: `{"from":"$leo","into":"$eve"}`, identity: "merged", fires: []string{"contact.merged eve"},
			has: `{"id":"$eve","email":"ANN@example.com"}`, writes: "merged lead→user leo→eve: external_id discarded, email adopted",
		},
	}},
	{"a client that lost the answer gets it again", []step{
		leoIntoEve,
		{do: merge, body: leoIntoEve.body, has: `{"id":"$eve","email":"leo@example.com"}`, identity: "repeated"},
		{do: merge, body: leoIntoEve.body, headers: []string{"Intercom-Version: 2.16"}, has: `{"id":"$eve"}`, identity: "repeated"},
	}},
	{"a lead that went into one user goes into no other", append([]step{leoIntoEve},
		notMerged("", `{"from":"$leo","into":"$ada"}`, 404, noUser).steps[0],
		notMerged("", `{"from":"$leo","into":"$ada"}`, 410, goneElsewhere, "Intercom-Version: 2.16").steps[0],
		notMerged("", `{"from":"$leo","into":"$leo"}`, 404, noUser).steps[0],
		step{do: "GET /contacts/$leo", status: 404, refused: noUser},
		step{do: "PUT /contacts/$leo", body: `{"name":"Ghost"}`, status: 404, refused: noUser},
		step{do: "GET /lobby/v1/people/leo-1", has: `{"id":"$eve"}`},
		step{do: "POST /contacts", body: `{"external_id":"leo-1","role":"lead"}`, status: 409, refused: "conflict: A contact matching those details already exists with id=$eve"},
	)},
	notMerged("a user into a user", `{"from":"$ann","into":"$ada"}`, 400, wrongRoles),
	notMerged("a user into a lead", `{"from":"$ada","into":"$leo"}`, 400, wrongRoles),
	notMerged("a user into itself", `{"from":"$ada","into":"$ada"}`, 400, wrongRoles),
	notMerged("a lead into itself", `{"from":"$leo","into":"$leo"}`, 400, wrongRoles),
	notMerged("nobody", `{}`, 404, noUser),
	notMerged("a lead into nobody, the key being wrong", `{"from":"$leo","to":"$ada"}`, 404, noUser),
	notMerged("nulls", `{"from":null,"into":null}`, 404, noUser),
	notMerged("an unknown lead", `{"from":"6657a9246abd0160d35d1f68","into":"$ada"}`, 404, noUser),
	notMerged("a lead into an unknown user", `{"from":"$leo","into":"6657a9246abd0160d35d1f68"}`, 404, noUser),
	notMerged("a lead by its external id", `{"from":"leo-1","into":"$ada"}`, 404, noUser),
	notMerged("a visitor", `{"from":"$vera","into":"$ada"}`, 404, noUser),
	notMerged("a lead into a visitor", `{"from":"$leo","into":"$vera"}`, 404, noUser),
	notMerged("an archived contact", `{"from":"$archie","into":"$ada"}`, 404, noUser),
	notMerged("a lead into an archived contact", `{"from":"$leo","into":"$archie"}`, 404, noUser),
	notMerged("a blocked contact", `{"from":"$bob","into":"$ada"}`, 404, noUser),
	notMerged("a lead into a blocked contact", `{"from":"$leo","into":"$bob"}`, 404, noUser),
	notMerged("a lead into a merged contact", `{"from":"$leo","into":"$olga"}`, 404, noUser),
	notMerged("a lead into a merged contact", `{"from":"$leo","into":"$olga"}`, 410, goneElsewhere, "Intercom-Version: 2.16"),
	one("a list for an id", step{do: merge, body: `{"from":["$leo"],"into":"$ada"}`, status: 400, refused: "type_mismatch: from must be a string or a whole number"}),
	one("a word for a boolean", step{
		do: merge, body: `{"from":"$leo","into":"$ada","skip_duplicate_validation":"yes"}`, headers: []string{"Intercom-Version: 2.16"},
		status: 400, refused: "type_mismatch: skip_duplicate_validation must be true or false",
	}),
	one("a word for a flag, before anything is written", step{
		do: merge + "?include_merge_history=yes", body: `{"from":"$leo","into":"$ada","skip_duplicate_validation":true}`,
		headers: []string{"Intercom-Version: 2.16"}, status: 400, refused: "parameter_invalid: include_merge_history must be true or false",
	}),
}

var duplicates = []scenario{
	notMerged("strangers are not merged from 2.16 on", `{"from":"$leo","into":"$eve"}`, 400, notDuplicates, "Intercom-Version: 2.16"),
	notMerged("strangers are not merged in Preview", `{"from":"$leo","into":"$eve","skip_duplicate_validation":false}`, 400, notDuplicates, "Intercom-Version: Preview"),
	notMerged("roles are looked at first", `{"from":"$ann","into":"$eve"}`, 400, wrongRoles, "Intercom-Version: 2.16"),
	one("strangers are merged by who knows better", step{
		do: merge, body: `{"from":"$leo","into":"$eve","skip_duplicate_validation":true}`, headers: []string{"Intercom-Version: 2.16"},
		has: `{"id":"$eve"}`, identity: "merged", fires: []string{"contact.merged eve"}, writes: "merged lead→user leo→eve",
	}),
	one("strangers are merged up to 2.15", step{
		do: merge, body: `{"from":"$leo","into":"$eve","skip_duplicate_validation":false}`, headers: []string{"Intercom-Version: 2.15"},
		has: `{"id":"$eve"}`, identity: "merged", fires: []string{"contact.merged eve"}, writes: "merged lead→user leo→eve",
	}),
	{"an address ignores case", []step{
		{do: "PUT /contacts/$leo", body: `{"email":"ada@Example.com"}`, fires: []string{"contact.updated leo", "contact.email.updated leo"}},
		{
			do: merge, body: `{"from":"$leo","into":"$ada"}`, headers: []string{"Intercom-Version: 2.16"},
			has: `{"id":"$ada"}`, identity: "merged", fires: []string{"contact.merged ada"}, writes: "merged lead→user leo→ada",
		},
	}},
	{"a number that is not possible in its country makes nobody the same", []step{
		{do: "PUT /contacts/$leo", body: `{"phone":"+1 555-0123"}`, fires: []string{"contact.updated leo"}},
		{do: "PUT /contacts/$eve", body: `{"phone":"+1 555-0123"}`, fires: []string{"contact.updated eve"}},
		{do: "POST /contacts/merge", headers: []string{in216}, body: `{"from":"$leo","into":"$eve"}`, status: 400, refused: notDuplicates, identity: "refused; reason=invalid_merge"},
	}},
	{"a phone number has no punctuation", []step{
		{do: "PUT /contacts/$leo", body: `{"phone":"+353 (1) 234-5678"}`, fires: []string{"contact.updated leo"}},
		{do: "PUT /contacts/$eve", body: `{"phone":"+35312345678"}`, fires: []string{"contact.updated eve"}},
		{
			do: merge, body: `{"from":"$leo","into":"$eve"}`, headers: []string{"Intercom-Version: 2.16"},
			has: `{"id":"$eve","phone":"+35312345678"}`, identity: "merged", fires: []string{"contact.merged eve"}, writes: "merged lead→user leo→eve",
		},
	}},
}

// history is a list of the merges of Eve.
const leoInHistory = `[{"type":"merge_history","source_contact_id":"$leo","source_contact_role":"lead","merged_at":1700000000}]`

var mergeHistories = []scenario{
	{"who went into a user is told to whom asks", []step{
		leoIntoEve,
		{do: "GET /contacts/$eve?include_merge_history=true", headers: []string{"Intercom-Version: 2.16"}, has: `{"merge_history":` + leoInHistory + `}`},
		{do: "GET /contacts/find_by_external_id/eve-1?include_merge_history=true", headers: []string{"Intercom-Version: Preview"}, has: `{"merge_history":` + leoInHistory + `}`},
		{
			do: "PUT /contacts/$eve?include_merge_history=true", body: `{}`, headers: []string{"Intercom-Version: 2.16"}, fires: []string{"contact.updated eve"},
			has: `{"merge_history":` + leoInHistory + `}`,
		},
		{do: merge + "?include_merge_history=true", body: leoIntoEve.body, headers: []string{"Intercom-Version: 2.16"}, identity: "repeated", has: `{"merge_history":` + leoInHistory + `}`},
		{
			do: "GET /contacts?include_merge_history=true", headers: []string{"Intercom-Version: 2.16"},
			has: `{"data":[{"id":"$eve","merge_history":` + leoInHistory + `},{"id":"$ann","merge_history":[]},{"id":"$ada","merge_history":[]}]}`,
		},
		{
			do: "POST /contacts/search?include_merge_history=true", headers: []string{"Intercom-Version: 2.16"},
			body: `{"query":{"field":"external_id","operator":"=","value":"eve-1"}}`, has: `{"data":[{"id":"$eve","merge_history":` + leoInHistory + `}]}`,
		},
		{
			do: "GET /contacts/$eve/merge_history", headers: []string{"Intercom-Version: 2.16"},
			has: `{"type":"list","data":` + leoInHistory + `,"next_cursor":null,"has_more":false}`,
		},
	}},
	one("a user into whom nobody went", step{
		do: "GET /contacts/$ann/merge_history", headers: []string{"Intercom-Version: 2.16"}, has: `{"data":[],"next_cursor":null,"has_more":false}`,
	}),
	noHistory("a lead has no merge history", "$leo"),
	noHistory("a visitor has no merge history", "$vera"),
	noHistory("an archived user has no merge history", "$archie"),
	noHistory("nobody has no merge history", "6657a9246abd0160d35d1f68"),
	one("a merged user's history is where it went", step{
		do: "GET /contacts/$olga/merge_history", headers: []string{"Intercom-Version: 2.16"}, status: 410, refused: goneElsewhere,
	}),
	one("a cursor of words", step{
		do: "GET /contacts/$ada/merge_history?cursor=x", headers: []string{"Intercom-Version: 2.16"}, status: 400,
		refused: "parameter_invalid: cursor must be the next_cursor of another page",
	}),
	one("an order of its own", step{
		do: "GET /contacts/$ada/merge_history?order=up", headers: []string{"Intercom-Version: 2.16"}, status: 400,
		refused: "parameter_invalid: order must be asc or desc",
	}),
}

func noHistory(says, id string) scenario {
	return one(says, step{
		do: "GET /contacts/" + id + "/merge_history", headers: []string{"Intercom-Version: 2.16"}, status: 404, refused: "not_found: Contact not found",
	})
}

func TestMerges(t *testing.T) {
	t.Parallel()
	play(t, groups{"merge": merges, "duplicates": duplicates, "history": mergeHistories})
}

func TestMergeHistoryIsThereFrom216OnForWhomAsks(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	s.Do(t, "POST", "/contacts/merge", on.fill(leoIntoEve.body))
	for _, version := range apiversion.All() {
		for query, asked := range map[string]bool{"": false, "?include_merge_history=false": false, "?include_merge_history=true": true} {
			r := s.Do(t, "GET", on.fill("/contacts/$eve"+query), nil, "Intercom-Version: "+version.String())
			_, has := r.JSON.(map[string]any)["merge_history"]
			if want := asked && version.AtLeast(apiversion.V2_16); has != want {
				t.Errorf("%q at %v: merge_history is there: %v", query, version, has)
			}
		}
	}
}

func TestAMergeHistoryIsReadPageByPageInBothOrders(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	user := s.Do(t, "POST", "/contacts", `{"email":"user@example.com"}`).Get("id").(string)
	var leads []string
	for range 5 {
		lead := s.Do(t, "POST", "/contacts", `{"role":"lead"}`).Get("id").(string)
		s.Do(t, "POST", "/contacts/merge", map[string]string{"from": lead, "into": user})
		leads = append(leads, lead)
	}
	for _, order := range []string{"asc", "desc", ""} {
		var got []string
		for cursor := ""; ; {
			r := s.Do(t, "GET", "/contacts/"+user+"/merge_history?per_page=2&order="+order+"&cursor="+cursor, nil, "Intercom-Version: 2.16")
			for i := range r.Get("data").([]any) {
				got = append(got, r.Get(fmt.Sprintf("data.%d.source_contact_id", i)).(string))
			}
			next, more := r.Get("next_cursor").(string)
			if more != r.Get("has_more") || len(got) > 5 {
				t.Fatalf("the page %s is followed by %q", r.Text, next)
			}
			if cursor = next; !more {
				break
			}
		}
		want := leads
		if order != "asc" {
			want = []string{leads[4], leads[3], leads[2], leads[1], leads[0]}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("in the order %q there are %v, want %v", order, got, want)
		}
	}
}

func TestAWorkspaceThatFollowsMergedIDsMergesByThemToo(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	_, err := s.Lobby.ChangeWorkspace(t.Context(), workspace.Caller{Workspace: s.Workspace}, func(ws *workspace.Workspace) error {
		ws.ResolveMerged = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"from":"$leo","into":"$olga"}`: "", `{"from":"$olga","into":"$ada"}`: wrongRoles, `{"from":"$olga","into":"$olga"}`: wrongRoles,
	} {
		r := s.Do(t, "POST", "/contacts/merge", on.fill(body))
		if r.Refusal() != want || want == "" && r.Get("id") != on.ids["$ada"] {
			t.Errorf("%s: %d %s", body, r.Status, r.Text)
		}
	}
	r := s.Do(t, "GET", on.fill("/contacts/$olga/merge_history"), nil, "Intercom-Version: 2.16")
	if r.Get("data.0.source_contact_id") != on.ids["$leo"] {
		t.Errorf("the history is %s", r.Text)
	}
}

func TestNobodyMergesOrUndoesInAnotherWorkspace(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	ours := set(t, s, s.Client)
	theirs := set(t, s, s.NewWorkspace(t))
	entry := strings.TrimPrefix(theirs.client.Do(t, "POST", "/contacts/merge", theirs.fill(leoIntoEve.body)).Header.Get("Lobby-Identity"), "merged; entry=")
	before := theirs.snapshot(t)
	for path, body := range map[string]string{
		"/contacts/merge":                      `{"from":"` + ours.ids["$leo"] + `","into":"` + theirs.ids["$ada"] + `"}`,
		"/contacts/merge?":                     `{"from":"` + theirs.ids["$lena"] + `","into":"` + ours.ids["$ada"] + `"}`,
		"/lobby/v1/contacts/merge/preview":     `{"from":"` + ours.ids["$leo"] + `","into":"` + theirs.ids["$ada"] + `"}`,
		"/lobby/v1/changes/" + entry + "/undo": ``,
	} {
		if r := s.Do(t, "POST", path, body); r.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, r.Status, r.Text)
		}
	}
	for _, path := range []string{"/lobby/v1/people/" + theirs.ids["$eve"] + "/history", "/contacts/" + theirs.ids["$eve"] + "/merge_history"} {
		if r := s.Do(t, "GET", path, nil, "Intercom-Version: 2.16"); r.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, r.Status, r.Text)
		}
	}
	if diff := theirs.changed(t, before); diff != "" {
		t.Errorf("the other workspace changed:\n%s", diff)
	}
}

package api_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lobby/internal/testkit"
)

// The fields that a preview shows, and whether it is one of a change that would be made.
var previews = []scenario{
	one("a merge is shown before it is made", step{
		do: "POST /contacts/merge/preview", headers: []string{"Intercom-Version: Preview"}, identity: "preview",
		body: `{"from":"$leo","into":"$eve","skip_duplicate_validation":true}`,
		has: `{"allowed":true,"summary":{"attribute_changes":{"total_count":2,"attributes":[
			{"field":"external_id","outcome":"discarded","from_value":"leo-1","into_value":"eve-1","new_into_value":"eve-1"},
			{"field":"email","outcome":"adopted","from_value":"leo@example.com","into_value":null,"new_into_value":"leo@example.com"}]},
			"reassignments":{"conversations":{"from":0,"into":0},"tickets":{"from":0,"into":0},"phone_calls":{"from":0,"into":0},
			"tags":{"from":0,"into":0},"notes":{"from":0,"into":0}}}}`,
	}),
	shown("roles that do not merge are told", "contacts/merge", `{"from":"$ada","into":"$leo"}`,
		`{"allowed":false,"reasons":[{"code":"invalid_merge_role_pair","message":"Merging can only be performed on a lead into a user"}]}`),
	shown("strangers do not merge from 2.16 on", "contacts/merge", `{"from":"$leo","into":"$eve"}`,
		`{"allowed":false,"reasons":[{"code":"no_shared_identifier"}]}`, "Intercom-Version: 2.16"),
	shown("strangers merge up to 2.15", "contacts/merge", `{"from":"$leo","into":"$eve"}`, `{"allowed":true}`),
	{"nobody is not shown", []step{{
		do: "POST /lobby/v1/contacts/merge/preview", body: `{"from":"$leo","into":"x"}`, status: 404, refused: noUser, identity: "refused; reason=not_found",
	}}},
	{"a merge that was made would do nothing more", []step{
		leoIntoEve,
		shown("", "contacts/merge", leoIntoEve.body, `{"allowed":true,"summary":{"attribute_changes":{"attributes":[],"total_count":0}}}`).steps[0],
	}},
	shown("a conversion in place is shown", "visitors/convert", `{"type":"user","visitor":{"id":"$victor"},"user":{"email":"new@example.com"}}`,
		`{"allowed":true,"summary":{"attribute_changes":{"total_count":2,"attributes":[
			{"field":"anonymous_id","outcome":"discarded","from_value":"$victor.user_id","new_into_value":"$victor.user_id"},
			{"field":"email","outcome":"discarded","from_value":"victor@example.com","into_value":null,"new_into_value":"new@example.com"}]}}}`),
	shown("a conversion into a user is shown", "visitors/convert", `{"type":"user","visitor":{"id":"$victor"},"user":{"user_id":"ada-1"}}`, `{"allowed":true}`),
	shown("a conversion that somebody is in the way of", "visitors/convert", `{"type":"user","visitor":{"id":"$vera"},"user":{"user_id":"archie-1"}}`,
		`{"allowed":false,"reasons":[{"code":"conflict","message":"`+strings.TrimPrefix(archiesWay, "conflict: ")+`"}]}`),
	shown("a conversion that a blocked contact is in the way of", "visitors/convert", `{"type":"user","visitor":{"id":"$vera"},"user":{"id":"$bob"}}`,
		`{"allowed":false,"reasons":[{"code":"not_restorable"}]}`),
	{"a conversion without a visitor", []step{{
		do: "POST /lobby/v1/visitors/convert/preview", body: `{"type":"user"}`, status: 400, refused: visitorUnnamed, identity: "refused; reason=parameter_not_found",
	}}},
}

func shown(says, what, body, has string, headers ...string) scenario {
	return one(says, step{do: "POST /lobby/v1/" + what + "/preview", body: body, headers: headers, has: has, identity: "preview"})
}

func TestPreviews(t *testing.T) {
	t.Parallel()
	play(t, groups{"preview": previews})
}

func TestAPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	before := on.snapshot(t)
	for _, scenario := range previews {
		if len(scenario.steps) == 1 {
			scenario.steps[0].run(t, on)
		}
	}
	if diff := on.changed(t, before); diff != "" {
		t.Errorf("a preview changed the database (-before +after):\n%s", diff)
	}
}

// deed sends a request that changes somebody's identity, and answers the entry in the journal.
func (s *stage) deed(t *testing.T, do, body string) string {
	t.Helper()
	method, path, _ := strings.Cut(do, " ")
	r := s.client.Do(t, method, s.fill(path), s.fill(body))
	_, entry, ok := strings.Cut(r.Header.Get("Lobby-Identity"), "entry=")
	if r.Status != 200 || !ok {
		t.Fatalf("%s %s: %d %s", do, body, r.Status, r.Text)
	}
	return entry
}

// undo takes an entry back, and answers the entry of that.
func (s *stage) undo(t *testing.T, entry string) string {
	t.Helper()
	return s.deed(t, "POST /lobby/v1/changes/"+entry+"/undo", "")
}

// views is what the API says of people, byte for byte.
func (s *stage) views(t *testing.T, paths ...string) string {
	t.Helper()
	var all strings.Builder
	for _, path := range paths {
		r := s.client.Do(t, "GET", s.fill(path), nil, "Intercom-Version: Preview")
		fmt.Fprintln(&all, r.Status, r.Text)
	}
	return all.String()
}

var identityDeeds = map[string][2]string{
	"a lead into a user":             {"POST /contacts/merge", `{"from":"$leo","into":"$ada"}`},
	"a lead into a user without any": {"POST /contacts/merge", `{"from":"$leo","into":"$eve"}`},
	"a visitor into a user":          {convert, `{"type":"user","visitor":{"id":"$victor"},"user":{"id":"$eve","email":"victor@example.com"}}`},
	"a visitor into a lead":          {convert, `{"type":"user","visitor":{"id":"$victor"},"user":{"id":"$leo"}}`},
	"a visitor to a lead":            {convert, `{"type":"lead","visitor":{"id":"$victor"}}`},
	"a visitor to a user":            {convert, `{"type":"user","visitor":{"id":"$victor"},"user":{"user_id":"new-1","email":"new@example.com"}}`},
	"a lead to a user":               {"PUT /contacts/$leo", `{"role":"user","name":"Leo","custom_attributes":{"plan":"pro"}}`},
}

func TestWhatIsUndoneAtOnceIsAsItWasByteForByte(t *testing.T) {
	t.Parallel()
	everybody := []string{
		"/visitors/$victor", "/visitors?user_id=$victor.user_id", "/contacts/$leo", "/contacts/$ada", "/contacts/$eve", "/contacts",
		"/lobby/v1/visitors", "/lobby/v1/people/$victor", "/lobby/v1/people/$leo",
	}
	for says, do := range identityDeeds {
		for _, name := range []string{"sqlite", "postgres"} {
			t.Run(says+"/"+name, func(t *testing.T) {
				t.Parallel()
				var options []testkit.Option
				if name == "postgres" {
					options = append(options, testkit.OnPostgres())
				}
				s := testkit.Start(t, options...)
				on := set(t, s, s.Client)
				before := on.snapshot(t)
				seen := undoable(on.views(t, everybody...))

				entry := on.deed(t, do[0], do[1])
				made := undoable(on.views(t, everybody...))
				if made == seen {
					t.Fatal("the change changed nothing")
				}
				s.Clock.Pass(60_000_000_000)
				undo := on.undo(t, entry)
				if now := undoable(on.views(t, everybody...)); now != seen {
					t.Errorf("after the undo there is\n%s\nwhere there was\n%s", now, seen)
				}
				after := on.snapshot(t)
				if len(after.Outbox) != len(before.Outbox)+2 {
					t.Errorf("%d events were fired, want one for each change", len(after.Outbox)-len(before.Outbox))
				}
				if last := after.Outbox[len(after.Outbox)-1]; last.Topic != "change.undone" || last.SubjectID != undo {
					t.Errorf("the last event is %+v", last)
				}
				if again := on.undo(t, entry); again != undo {
					t.Errorf("the same undo again is %s, not %s", again, undo)
				}

				redo := on.undo(t, undo)
				if now := undoable(on.views(t, everybody...)); now != made {
					t.Errorf("after the undo of the undo there is\n%s\nwhere there was\n%s", now, made)
				}
				on.undo(t, redo)
				if now := undoable(on.views(t, everybody...)); now != seen {
					t.Errorf("after the third undo there is\n%s\nwhere there was\n%s", now, seen)
				}
				on.deed(t, do[0], do[1]) // and the life goes on
			})
		}
	}
}

// undoable takes out of answers what is another in each, and when people were updated, which an undo says of itself.
func undoable(text string) string { return moves.ReplaceAllString(text, "") }

var moves = regexp.MustCompile(`"request_id":"[^"]*"|"updated_at":\d+`)

func TestAnUndoIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for says, c := range map[string]struct {
		deed    [2]string
		then    func(*testing.T, *stage)
		refused string
	}{
		"a later merge stands on top": {
			identityDeeds["a lead into a user"],
			func(t *testing.T, on *stage) {
				on.deed(t, convert, `{"type":"user","visitor":{"id":"$victor"},"user":{"id":"$ada"}}`)
			}, "later_change: The change cannot be undone: the change ",
		},
		"a later conversion stands on top": {
			identityDeeds["a visitor to a lead"],
			func(t *testing.T, on *stage) { on.deed(t, "PUT /contacts/$victor", `{"role":"user"}`) },
			"later_change: The change cannot be undone: the change ",
		},
		"the lead went on": {
			identityDeeds["a visitor to a lead"],
			func(t *testing.T, on *stage) { on.deed(t, merge, `{"from":"$victor","into":"$ada"}`) },
			"later_change: The change cannot be undone: the change ",
		},
		"somebody was erased": {
			identityDeeds["a lead into a user"],
			func(t *testing.T, on *stage) { on.client.Do(t, "DELETE", on.fill("/contacts/$ada"), nil) },
			"not_found: Change Not Found",
		},
		"the survivor took up the other's external id": {
			identityDeeds["a lead into a user without any"],
			func(t *testing.T, on *stage) {
				on.client.Do(t, "PUT", on.fill("/contacts/$eve"), `{"external_id":"leo-1"}`)
			}, "conflict: A contact matching those details already exists with id=$eve",
		},
		"a visitor would have an external id": {
			identityDeeds["a visitor to a lead"],
			func(t *testing.T, on *stage) {
				on.client.Do(t, "PUT", on.fill("/contacts/$victor"), `{"external_id":"x"}`)
			}, "written_since: The change cannot be undone: external_id was written since, and a visitor has none",
		},
		"a visitor would be archived": {
			identityDeeds["a visitor to a lead"],
			func(t *testing.T, on *stage) { on.client.Do(t, "POST", on.fill("/contacts/$victor/archive"), nil) },
			"written_since: The change cannot be undone: $victor was archived since",
		},
		"a user would be left without any identifier": {
			identityDeeds["a lead into a user without any"],
			func(t *testing.T, on *stage) {
				on.client.Do(t, "PUT", on.fill("/contacts/$eve"), `{"external_id":null}`)
			}, "written_since: The change cannot be undone: an identifier was cleared since, and $eve would be left without any",
		},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			on := set(t, s, s.NewWorkspace(t))
			entry := on.deed(t, c.deed[0], c.deed[1])
			c.then(t, on)
			before := on.snapshot(t)
			r := on.client.Do(t, "POST", "/lobby/v1/changes/"+entry+"/undo", nil)
			if !strings.HasPrefix(r.Refusal(), on.fill(c.refused)) || r.Status < 400 {
				t.Errorf("%d %s, want %s", r.Status, r.Text, on.fill(c.refused))
			}
			code, _, _ := strings.Cut(c.refused, ":")
			if got := r.Header.Get("Lobby-Identity"); got != "refused; reason="+code {
				t.Errorf("Lobby-Identity is %q", got)
			}
			if diff := on.changed(t, before); diff != "" {
				t.Errorf("the refusal changed the database:\n%s", diff)
			}
		})
	}
}

func TestOfTwoMergesTheLaterIsUndoneFirst(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	people := []string{"/contacts/$eve", "/contacts/$leo", "/visitors/$victor", "/visitors/$vera"}
	seen := undoable(on.views(t, people...))
	first := on.deed(t, merge, `{"from":"$leo","into":"$eve"}`)
	second := on.deed(t, convert, `{"type":"user","visitor":{"id":"$victor"},"user":{"id":"$eve"}}`)
	third := on.deed(t, convert, `{"type":"user","visitor":{"id":"$vera"},"user":{"id":"$eve"}}`)
	refused := func(entry, by string) {
		t.Helper()
		r := s.Do(t, "POST", "/lobby/v1/changes/"+entry+"/undo", nil)
		if r.Get("errors.0.code") != "later_change" || r.Get("errors.0.existing_id") != by {
			t.Errorf("%d %s, want that %s is in the way", r.Status, r.Text, by)
		}
	}
	refused(first, third)
	refused(second, third)
	ofThird := on.undo(t, third)
	on.undo(t, second)
	ofFirst := on.undo(t, first)
	if now := undoable(on.views(t, people...)); now != seen {
		t.Errorf("after all were undone there is\n%s\nwhere there was\n%s", now, seen)
	}
	refused(ofThird, ofFirst) // what it came back to is no more
}

func TestALaterValueStaysWhenAMergeIsUndone(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	s.Do(t, "PUT", on.fill("/contacts/$leo"), `{"name":"Leo","phone":"+1","custom_attributes":{"plan":"pro","seats":3}}`)
	entry := on.deed(t, merge, `{"from":"$leo","into":"$eve"}`)
	s.Do(t, "PUT", on.fill("/contacts/$eve"), `{"name":"Eve","custom_attributes":{"seats":4}}`)
	undo := s.Do(t, "POST", "/lobby/v1/changes/"+entry+"/undo", nil)
	on.expect(t, "the undo", undo, `{"type":"change","kind":"undone","undoes":"`+entry+`","undone":false,
		"from":{"id":"$leo","role":"lead"},"into":{"id":"$eve","role":"user"},"outcomes":[
		{"field":"email","outcome":"returned","into_value":"leo@example.com","new_into_value":null},
		{"field":"phone","outcome":"returned","into_value":"+1","new_into_value":null},
		{"field":"name","outcome":"kept","into_value":"Eve","new_into_value":"Eve"},
		{"field":"custom_attributes.plan","outcome":"returned","into_value":"pro","new_into_value":null},
		{"field":"custom_attributes.seats","outcome":"kept","into_value":4,"new_into_value":4}]}`)
	on.expect(t, "Eve", s.Do(t, "GET", on.fill("/contacts/$eve"), nil), `{"email":null,"phone":null,"name":"Eve","external_id":"eve-1"}`)
	on.expect(t, "Leo", s.Do(t, "GET", on.fill("/contacts/$leo"), nil),
		`{"email":"leo@example.com","phone":"+1","name":"Leo","external_id":"leo-1","custom_attributes":{"plan":"pro","seats":3}}`)
	if got := s.Do(t, "GET", on.fill("/contacts/$eve"), nil).Get("custom_attributes").(map[string]any); len(got) != 1 || got["seats"] != 4.0 {
		t.Errorf("Eve has the attributes %v", got)
	}

	// The undo is not undone over what Leo has learnt since.
	s.Do(t, "PUT", on.fill("/contacts/$leo"), `{"name":"Leonard"}`)
	r := s.Do(t, "POST", "/lobby/v1/changes/"+undo.Get("id").(string)+"/undo", nil)
	if want := on.fill("written_since: The change cannot be undone: name of $leo was written since; merge it anew"); r.Refusal() != want {
		t.Errorf("%d %s", r.Status, r.Text)
	}
}

func TestTheHistoryOfAPersonTellsAllOfItsLives(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	first := on.deed(t, convert, `{"type":"lead","visitor":{"id":"$victor"}}`)
	second := on.deed(t, merge, `{"from":"$victor","into":"$eve"}`)
	for _, id := range []string{"$eve", "eve-1", "$victor", "$victor.user_id"} {
		r := s.Do(t, "GET", on.fill("/lobby/v1/people/"+id+"/history"), nil)
		on.expect(t, "the history by "+id, r, `{"type":"list","data":[
			{"type":"change","id":"`+second+`","kind":"merged","created_at":1700000000,"actor":{"kind":"token","id":"`+s.TokenID+`"},
				"from":{"id":"$victor","role":"lead"},"into":{"id":"$eve","role":"user"},"undone":false,"undoes":null},
			{"type":"change","id":"`+first+`","kind":"converted","from":{"id":"$victor","role":"visitor"},"into":{"id":"$victor","role":"lead"}}],
			"pages":{"type":"pages","per_page":50,"next":null}}`)
		outcomes := map[any]any{}
		for _, outcome := range r.Get("data.0.outcomes").([]any) {
			outcomes[outcome.(map[string]any)["field"]] = outcome.(map[string]any)["new_into_value"]
		}
		if outcomes["name"] != "Victor" || outcomes["owner_id"] != 1.0 || outcomes["unsubscribed_from_emails"] != true ||
			outcomes["location_city"] != "Dublin" || outcomes["custom_attributes.trial"] != true {
			t.Errorf("the outcomes are %v", slices.Sorted(maps.Keys(map[string]bool{fmt.Sprint(outcomes): true})))
		}
	}
	page := s.Do(t, "GET", on.fill("/lobby/v1/people/$eve/history?per_page=1"), nil)
	on.expect(t, "a page", page, `{"data":[{"id":"`+second+`"}],"pages":{"next":{"per_page":1,"starting_after":"`+second+`"}}}`)
	page = s.Do(t, "GET", on.fill("/lobby/v1/people/$eve/history?per_page=1&starting_after="+second), nil)
	on.expect(t, "the next page", page, `{"data":[{"id":"`+first+`"}],"pages":{"next":null}}`)

	undo := on.undo(t, second)
	on.expect(t, "the history of who stayed", s.Do(t, "GET", on.fill("/lobby/v1/people/$eve/history"), nil),
		`{"data":[{"id":"`+undo+`","kind":"undone","undoes":"`+second+`"},{"id":"`+second+`","undone":true}]}`)
	if r := s.Do(t, "GET", "/lobby/v1/people/nobody/history", nil); r.Status != 404 || r.Refusal() != "not_found: Person Not Found" {
		t.Errorf("the history of nobody: %d %s", r.Status, r.Text)
	}
}

package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"lobby/internal/testkit"
)

// adas makes three contacts with one address: two users and a lead.
func adas(t *testing.T, c *testkit.Client) (ids []string) {
	t.Helper()
	for _, body := range []string{
		`{"role":"user","external_id":"customer-7","email":"ada@example.com","name":"Ada Byron"}`,
		`{"role":"user","external_id":"shop-12","email":"Ada@Example.com","phone":"+35315550123"}`,
		`{"role":"lead","email":"ada@example.com","phone":"+35315550199"}`,
	} {
		ids = append(ids, c.Do(t, "POST", "/contacts", body).Get("id").(string))
	}
	return ids
}

func joins(into string, from ...string) string {
	return fmt.Sprintf(`{"into":%q,"from":["%s"]}`, into, strings.Join(from, `","`))
}

func TestDuplicatesBecomeOneAndSeveralAgain(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	ids := adas(t, s.Client)
	before := []string{}
	for _, id := range ids {
		before = append(before, withoutUpdate(s.Do(t, "GET", "/contacts/"+id, nil).Text))
	}
	list := s.Do(t, "GET", "/lobby/v1/duplicates", nil)
	if list.Get("total_count") != 1.0 || list.Get("data.0.size") != 3.0 || list.Get("data.0.suggested_id") != ids[0] || list.Get("data.0.reasons.0.value") != "ada@example.com" {
		t.Fatalf("the list is %s", list.Text)
	}
	preview := s.Do(t, "POST", "/lobby/v1/duplicates/preview", joins(ids[0], ids[1:]...))
	if preview.Get("allowed") != true || preview.Get("merges.0.from") != ids[1] || preview.Get("merges.1.from") != ids[2] {
		t.Errorf("the preview is %s", preview.Text)
	}
	merged := s.Do(t, "POST", "/lobby/v1/duplicates/merge", joins(ids[0], ids[1:]...))
	if merged.Get("survivor.id") != ids[0] || merged.Get("survivor.phone") != "+35315550123" || !strings.HasPrefix(merged.Header.Get("Lobby-Identity"), "merged; entry=") {
		t.Errorf("the merge is %d %s", merged.Status, merged.Text)
	}
	for path, field := range map[string]string{"/lobby/v1/people/shop-12": "id", "/lobby/v1/people/" + ids[2]: "id"} {
		if r := s.Do(t, "GET", path, nil); r.Get(field) != ids[0] {
			t.Errorf("%s: %s", path, r.Text)
		}
	}
	if r := s.Do(t, "POST", "/contacts", `{"external_id":"shop-12"}`); r.Status != http.StatusConflict || r.Get("errors.0.existing_id") != ids[0] {
		t.Errorf("the external id of an absorbed user is free: %d %s", r.Status, r.Text)
	}
	if r := s.Do(t, "GET", "/contacts/find_by_external_id/shop-12", nil, "Intercom-Version: 2.16"); r.Status != http.StatusGone || !strings.Contains(r.Header.Get("Link"), ids[0]) {
		t.Errorf("the external id of an absorbed user is %d %s", r.Status, r.Text)
	}
	again := s.Do(t, "POST", "/lobby/v1/duplicates/merge", joins(ids[0], ids[1:]...))
	if !strings.HasPrefix(again.Header.Get("Lobby-Identity"), "repeated; entry=") || again.Get("changes.1.id") != merged.Get("changes.1.id") {
		t.Errorf("the same again is %d %s", again.Status, again.Text)
	}
	for _, n := range []int{1, 0} {
		if r := s.Do(t, "POST", fmt.Sprintf("/lobby/v1/changes/%v/undo", merged.Get(fmt.Sprintf("changes.%d.id", n))), nil); r.Status != 200 {
			t.Errorf("the undo is %d %s", r.Status, r.Text)
		}
	}
	for i, id := range ids {
		if got := withoutUpdate(s.Do(t, "GET", "/contacts/"+id, nil).Text); got != before[i] {
			t.Errorf("after the undo %s is\n%s, was\n%s", id, got, before[i])
		}
	}
}

// withoutUpdate is a text without the time of the last update.
func withoutUpdate(text string) string {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, `"updated_at"`) }), ",")
}

func TestDuplicatesAreRefused(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	ids := adas(t, s.Client)
	theirs := adas(t, s.NewWorkspace(t))
	for body, want := range map[string]string{
		joins(ids[2], ids[0]):                          "invalid_merge",
		joins(ids[0], ids[0]):                          "parameter_invalid",
		joins(ids[0], theirs[1]):                       "not_found",
		joins(theirs[0], ids[1]):                       "not_found",
		joins(ids[0], "nobody"):                        "not_found",
		`{"from":["` + ids[0] + `"]}`:                  "parameter_invalid",
		`{"into":"` + ids[0] + `"}`:                    "parameter_invalid",
		`{"into":["x"],"from":"x"}`:                    "type_mismatch",
		`{"into":"` + ids[0] + `","from":[{}]}`:        "parameter_invalid",
		joins(ids[0], slices.Repeat(ids[1:2], 101)...): "parameter_invalid",
	} {
		if r := s.Do(t, "POST", "/lobby/v1/duplicates/merge", body); r.Status/100 != 4 || r.Get("errors.0.code") != want {
			t.Errorf("%.80s: %d %s", body, r.Status, r.Text)
		}
	}
	for _, body := range []string{
		`{}`, `{"people":["` + ids[0] + `"]}`, `{"people":["` + ids[0] + `","` + theirs[0] + `"]}`, `{"people":["` + ids[0] + `","` + ids[0] + `"]}`,
		`{"people":["` + ids[0] + `","` + ids[1] + `"],"distinct":"no"}`,
	} {
		if r := s.Do(t, "POST", "/lobby/v1/duplicates/distinct", body); r.Status/100 != 4 {
			t.Errorf("%s: %d %s", body, r.Status, r.Text)
		}
	}
	for _, path := range []string{"/lobby/v1/duplicates/" + theirs[0], "/lobby/v1/duplicates/nobody"} {
		if r := s.Do(t, "GET", path, nil); r.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, r.Status, r.Text)
		}
	}
	for _, path := range []string{"/lobby/v1/duplicates?starting_after=x", "/lobby/v1/duplicates?per_page=x", "/lobby/v1/duplicates/distinct?starting_after=x-y"} {
		if r := s.Do(t, "GET", path, nil); r.Status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", path, r.Status, r.Text)
		}
	}
}

func TestDifferentPeopleStayTwo(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	ids := adas(t, s.Client)
	told := s.Do(t, "POST", "/lobby/v1/duplicates/distinct", `{"people":["`+ids[1]+`","`+ids[0]+`"]}`)
	if told.Status != 200 || told.Get("data.0.people.0") != ids[0] || told.Get("data.0.admin_id") == nil {
		t.Errorf("told %d %s", told.Status, told.Text)
	}
	if r := s.Do(t, "GET", "/lobby/v1/duplicates/"+ids[2], nil); r.Get("size") != 3.0 || r.Get("distinctions.0.people.1") != ids[1] {
		t.Errorf("the cluster is %s", r.Text)
	}
	if r := s.Do(t, "POST", "/lobby/v1/duplicates/merge", joins(ids[0], ids[1])); r.Status != http.StatusConflict {
		t.Errorf("the merge is %d %s", r.Status, r.Text)
	}
	if r := s.Do(t, "POST", "/lobby/v1/duplicates/preview", joins(ids[0], ids[1])); r.Get("allowed") != false || r.Get("reasons.0.code") != "conflict" {
		t.Errorf("the preview is %d %s", r.Status, r.Text)
	}
	if r := s.Do(t, "GET", "/lobby/v1/duplicates/distinct", nil); r.Get("data.0.people.0") != ids[0] {
		t.Errorf("the pairs are %s", r.Text)
	}
	s.Do(t, "POST", "/lobby/v1/duplicates/distinct", `{"people":["`+ids[1]+`","`+ids[0]+`"],"distinct":false}`)
	if r := s.Do(t, "POST", "/lobby/v1/duplicates/merge", joins(ids[0], ids[1])); r.Status != 200 {
		t.Errorf("the merge is %d %s", r.Status, r.Text)
	}
}

var joinings = []scenario{
	{"a user into a user, once", []step{
		{
			do: "POST /lobby/v1/duplicates/merge", body: `{"into":"$ada","from":["$ann"]}`, has: `{"survivor":{"id":"$ada"}}`,
			identity: "merged", fires: []string{"contact.merged ada"}, writes: "merged user→user ann→ada",
		},
		{do: "GET /contacts/$ann", status: 404, refused: noUser},
		{do: "POST /lobby/v1/duplicates/merge", body: `{"into":"$ada","from":["$ann"]}`, has: `{"survivor":{"id":"$ada"}}`, identity: "repeated"},
		{do: "POST /contacts/merge", body: `{"into":"$ada","from":"$ann"}`, has: `{"id":"$ada"}`, identity: "repeated"},
	}},
	{"a lead into a lead", []step{
		{do: "POST /contacts", body: `{"role":"lead"}`, as: "lora", fires: []string{"contact.created new"}},
		{
			do: "POST /lobby/v1/duplicates/merge", body: `{"into":"$lora","from":["$leo"]}`, has: `{"survivor":{"id":"$lora","role":"lead"}}`,
			identity: "merged", fires: []string{"contact.merged lora"}, writes: "merged lead→lead leo→lora",
		},
	}},
	one("a visitor into a lead", step{
		do: "POST /lobby/v1/duplicates/merge", body: `{"into":"$leo","from":["$vera"]}`, has: `{"survivor":{"id":"$leo","role":"lead"}}`,
		identity: "merged", fires: []string{"visitor.converted leo"}, writes: "merged visitor→lead vera→leo",
	}),
	one("a user into a lead", step{
		do: "POST /lobby/v1/duplicates/merge", body: `{"into":"$leo","from":["$ada"]}`, status: 400, identity: "refused; reason=invalid_merge",
		refused: "invalid_merge: $ada cannot go into $leo: a user stays rather than a lead, one that is proven rather than one that is not, and one with an external_id rather than one without",
	}),
	one("who is archived", step{
		do: "POST /lobby/v1/duplicates/merge", body: `{"into":"$ada","from":["$archie"]}`, status: 400, identity: "refused; reason=invalid_merge",
		refused: "invalid_merge: People who are archived or blocked cannot be merged",
	}),
}

func TestMergesOfDuplicates(t *testing.T) {
	t.Parallel()
	play(t, groups{"duplicates": joinings})
}

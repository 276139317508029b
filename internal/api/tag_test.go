package api_test

import (
	"fmt"
	"strings"
	"testing"

	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

const (
	noSuchTag = "not_found: Resource Not Found"
	badTag    = "parameter_invalid: invalid tag parameters"
	noCompany = "company_not_found: Company Not Found"

	makeVIP    = `{"name":"VIP"}`
	adasTags   = "/contacts/$ada/tags"
	verasTags  = "/lobby/v1/visitors/$vera/tags"
	appliedVIP = `{"type":"tag","id":"1","name":"VIP","applied_at":1700000000,"applied_by":{"type":"admin","id":"1"}}`
)

var ownTags = []scenario{
	one("a new workspace has none", step{do: "GET /tags", has: `{"type":"list","data":[]}`}),
	{"one is made, found by its name in any case, renamed and deleted", []step{
		{do: "POST /tags", body: makeVIP, has: `{"type":"tag","id":"1","name":"VIP"}`},
		{do: "POST /tags", body: `{"name":" vip "}`, has: `{"id":"1","name":"VIP"}`},
		{do: "POST /tags", body: `{"name":"Beta"}`, has: `{"id":"2","name":"Beta"}`},
		{do: "GET /tags", has: `{"data":[{"type":"tag","id":"1","name":"VIP"},{"type":"tag","id":"2","name":"Beta"}]}`},
		{do: "GET /tags/2", has: `{"type":"tag","id":"2","name":"Beta"}`},
		{do: "POST /tags", body: `{"id":2,"name":"beta 🦊"}`, has: `{"id":"2","name":"beta 🦊"}`},
		{do: "POST /tags", body: `{"id":"2","name":"vip"}`, status: 400, refused: "parameter_invalid: name is that of the tag with id=1"},
		{do: "DELETE /tags/1"},
		{do: "GET /tags/1", status: 404, refused: noSuchTag},
		{do: "DELETE /tags/1", status: 404, refused: noSuchTag},
		{do: "POST /tags", body: makeVIP, has: `{"id":"3"}`},
	}},
	turnsDown("nothing is said", "POST /tags", `{}`, 400, badTag),
	turnsDown("something else is said", "POST /tags", `{"test":"invalid"}`, 400, badTag),
	turnsDown("a blank name", "POST /tags", `{"name":" "}`, 400, badTag),
	turnsDown("a null name", "POST /tags", `{"name":null,"id":""}`, 400, badTag),
	turnsDown("a number for a name", "POST /tags", `{"name":1}`, 400, "type_mismatch: name must be a string"),
	turnsDown("a name of two lines", "POST /tags", `{"name":"a\nb"}`, 400, "parameter_invalid: name must be one line"),
	turnsDown("too long a name", "POST /tags", `{"name":"`+strings.Repeat("é", 256)+`"}`, 400, "parameter_invalid: name is longer than 255 characters"),
	one("the longest name", step{do: "POST /tags", body: `{"name":"` + strings.Repeat("é", 255) + `"}`}),
	turnsDown("an id without a name", "POST /tags", `{"id":1}`, 400, badTag),
	turnsDown("an unknown id", "POST /tags", `{"id":1,"name":"VIP"}`, 404, noSuchTag),
	turnsDown("an id that is none", "POST /tags", `{"id":"x","name":"VIP"}`, 404, noSuchTag),
	turnsDown("a broken id", "POST /tags", `{"id":1.5,"name":"VIP"}`, 400, "parameter_invalid: id must be a string or a whole number"),
	turnsDown("a path to none", "GET /tags/$vera", "", 404, noSuchTag),
	turnsDown("a path to nothing", "GET /tags/0", "", 404, noSuchTag),
	turnsDown("a path to delete none", "DELETE /tags/-1", "", 404, noSuchTag),
}

var contactTags = []scenario{
	{"a contact is tagged once, shows it, and is untagged once", []step{
		{do: "POST /tags", body: makeVIP},
		{do: "GET " + adasTags, has: `{"type":"list","data":[]}`},
		{do: "POST " + adasTags, body: `{"id":"1"}`, has: appliedVIP, fires: []string{"contact.tag.created ada"}},
		{do: "POST " + adasTags, body: `{"id":1}`, has: appliedVIP},
		{do: "GET " + adasTags + "?page=2", has: `{"data":[` + appliedVIP + `]}`},
		{do: "GET /contacts/$ada", has: `{"updated_at":1700000000,"tags":{
			"type":"list","data":[{"type":"tag","id":"1","url":"/tags/1"}],"url":"/contacts/$ada/tags","total_count":1,"has_more":false}}`},
		{do: "GET /contacts/$leo", has: `{"tags":{"data":[],"total_count":0}}`},
		{do: "DELETE " + adasTags + "/1", body: `{"id":"1"}`, has: appliedVIP, fires: []string{"contact.tag.deleted ada"}},
		{do: "DELETE " + adasTags + "/1", status: 404, refused: noSuchTag},
		{do: "GET /contacts/$ada", has: `{"tags":{"data":[],"total_count":0}}`},
	}},
	{"more tags than a contact shows are counted", func() (steps []step) {
		for i := range 11 {
			steps = append(steps,
				step{do: "POST /tags", body: fmt.Sprintf(`{"name":"tag %d"}`, i)},
				step{do: "POST " + adasTags, body: fmt.Sprintf(`{"id":%d}`, i+1), fires: []string{"contact.tag.created ada"}})
		}
		return append(steps, step{do: "GET /contacts/$ada", has: `{"tags":{"total_count":11,"has_more":true}}`})
	}()},
	{"a tag that is deleted is off", []step{
		{do: "POST /tags", body: makeVIP},
		{do: "POST " + adasTags, body: `{"id":"1"}`, fires: []string{"contact.tag.created ada"}},
		{do: "DELETE /tags/1"},
		{do: "GET " + adasTags, has: `{"data":[]}`},
	}},
	{"the contact is looked for before the tag", []step{
		{do: "POST /contacts/x/tags", body: `{"id":"7"}`, status: 404, refused: noUser},
		{do: "DELETE /contacts/x/tags/7", status: 404, refused: noUser},
		{do: "POST " + adasTags, body: `{"id":"7"}`, status: 404, refused: noSuchTag},
		{do: "DELETE " + adasTags + "/7", status: 404, refused: noSuchTag},
		{do: "POST " + adasTags, body: `{"id":"VIP"}`, status: 404, refused: noSuchTag},
		{do: "GET /contacts/x/tags", status: 404, refused: noUser},
	}},
	turnsDown("no tag is named", "POST "+adasTags, `{}`, 400, "parameter_not_found: id not specified"),
	turnsDown("null is no tag", "POST "+adasTags, `{"id":null}`, 400, "parameter_not_found: id not specified"),
	turnsDown("true is no tag", "POST "+adasTags, `{"id":true}`, 400, "type_mismatch: id must be a string or a whole number"),
	turnsDown("a visitor is no contact", "GET /contacts/$vera/tags", "", 404, noUser),
	turnsDown("an archived one cannot be seen", "GET /contacts/$archie/tags", "", 404, noUser),
	turnsDown("a blocked one cannot be seen", "POST /contacts/$bob/tags", `{"id":"1"}`, 404, noUser),
	turnsDown("an absorbed one is not looked behind", "GET /contacts/$olga/tags", "", 404, noUser),
	one("an absorbed one is gone", step{
		do: "GET /contacts/$olga/tags", headers: at("2.16"), status: 410,
		refused: "contact_merged: This contact has been merged. See the 'Link' header for the canonical contact.",
	}),
}

var visitorTags = []scenario{
	{"a visitor is tagged once, shows it, and is untagged once", []step{
		{do: "POST /tags", body: makeVIP},
		{do: "GET " + verasTags, has: `{"type":"list","data":[]}`},
		{do: "POST " + verasTags, body: `{"id":"1"}`, has: appliedVIP},
		{do: "GET /lobby/v1/visitors/$vera.user_id/tags", has: `{"data":[` + appliedVIP + `]}`},
		{do: "GET /visitors/$vera", has: `{"updated_at":1700000000,"tags":{"type":"tag.list","tags":[{"type":"tag","id":"1","name":"VIP"}]}}`},
		{do: "PUT /visitors", body: `{"id":"$vera"}`, has: `{"tags":{"tags":[{"id":"1"}]}}`},
		{do: "GET /lobby/v1/people/$vera", has: `{"visitor":{"tags":{"tags":[{"id":"1"}]}}}`},
		{do: "GET /lobby/v1/visitors?per_page=2", has: `{"data":[{"id":"$victor","tags":{"tags":[]}},{"id":"$vera","tags":{"tags":[{"name":"VIP"}]}}]}`},
		{do: "DELETE /lobby/v1/visitors/$vera.user_id/tags/1", has: appliedVIP},
		{do: "DELETE " + verasTags + "/1", status: 404, refused: noSuchTag},
		{do: "GET /visitors/$vera", has: `{"tags":{"tags":[]}}`},
	}},
	{"a visitor keeps its tags as a lead", []step{
		{do: "POST /tags", body: makeVIP},
		{do: "POST " + verasTags, body: `{"id":"1"}`},
		{
			do: convert, body: `{"type":"lead","visitor":{"id":"$vera"}}`, has: `{"tags":{"data":[{"id":"1"}],"total_count":1}}`, identity: "converted",
			fires: []string{"visitor.converted vera"}, writes: "converted visitor→lead vera→vera",
		},
		{do: "GET /contacts/$vera/tags", has: `{"data":[` + appliedVIP + `]}`},
		{do: "GET " + verasTags, status: 404, refused: noVisitor},
	}},
	{"a visitor brings its tags into a user, where they are taken off", []step{
		{do: "POST /tags", body: makeVIP},
		{do: "POST /tags", body: `{"name":"Beta"}`},
		{do: "POST " + verasTags, body: `{"id":"1"}`},
		{do: "POST " + verasTags, body: `{"id":"2"}`},
		{do: "POST " + adasTags, body: `{"id":"1"}`, fires: []string{"contact.tag.created ada"}},
		{
			do: convert, body: `{"type":"user","visitor":{"id":"$vera"},"user":{"id":"$ada"}}`, identity: "merged",
			has:   `{"tags":{"data":[{"id":"1"},{"id":"2"}],"total_count":2}}`,
			fires: []string{"visitor.converted ada"}, writes: "merged visitor→user vera→ada",
		},
		{do: "DELETE " + adasTags + "/1", fires: []string{"contact.tag.deleted ada"}},
		{do: "DELETE " + adasTags + "/1", status: 404, refused: noSuchTag},
		{do: "GET " + adasTags, has: `{"data":[{"id":"2"}]}`},
	}},
	{"who is deleted shows its tags for the last time", []step{
		{do: "POST /tags", body: makeVIP},
		{do: "POST " + verasTags, body: `{"id":"1"}`},
		{do: "DELETE /visitors/$vera", has: `{"tags":{"tags":[{"id":"1"}]}}`},
	}},
	turnsDown("a contact is no visitor", "GET /lobby/v1/visitors/$ada/tags", "", 404, noVisitor),
	turnsDown("nobody", "POST /lobby/v1/visitors/x/tags", `{"id":"1"}`, 404, noVisitor),
	turnsDown("nobody to untag", "DELETE /lobby/v1/visitors/x/tags/1", "", 404, noVisitor),
}

var taggings = []scenario{
	{"users are tagged and untagged together, however they are named", []step{
		{
			do: "POST /tags", body: `{"name":"VIP","users":[{"id":"$leo"},{"user_id":"ada-1"},{"email":"ANN@example.com"}]}`,
			has: `{"type":"tag","id":"1","name":"VIP"}`, fires: []string{"contact.tag.created leo", "contact.tag.created ada", "contact.tag.created ann"},
		},
		{do: "POST /tags", body: `{"name":"vip","users":[{"id":"$eve"},{"id":"$leo"}]}`, has: `{"id":"1"}`, fires: []string{"contact.tag.created eve"}},
		{ // as the Ruby client says it
			do: "POST /tags", body: `{"name":"VIP","users":[{"user_id":"ada-1","untag":true},{"id":"$eve","untag":false}],"tag_or_untag":"untag"}`,
			has: `{"id":"1"}`, fires: []string{"contact.tag.deleted ada"},
		},
		{do: "POST /tags", body: `{"id":1,"users":[{"id":"$ada","untag":true},{"id":"$leo","untag":true}]}`, fires: []string{"contact.tag.deleted leo"}},
		{do: "GET /contacts/$ann/tags", has: `{"data":[` + appliedVIP + `]}`},
		{do: "GET " + adasTags, has: `{"data":[]}`},
	}},
	{"from 2.16 on the answer says who is tagged, and who is unknown is left out", []step{
		{do: "POST /tags", body: makeVIP, headers: at("2.16"), has: `{"id":"1","users":[],"companies":[]}`},
		{
			do: "POST /tags", headers: at("2.16"),
			body:  `{"name":"VIP","users":[{"id":"x"},{"id":"$leo"},{"id":"$olga"},{"id":"$ada","untag":true},{"id":"$archie"}],"companies":[{"id":"x"},{"company_id":"x"}]}`,
			has:   `{"id":"1","users":[{"id":"$leo","tagged":true},{"id":"$ada","tagged":false}],"companies":[]}`,
			fires: []string{"contact.tag.created leo"},
		},
	}},
	turnsDown("somebody unknown among them", "POST /tags", `{"name":"VIP","users":[{"id":"$ada"},{"id":"123"}]}`, 404, noUser),
	turnsDown("a visitor among them", "POST /tags", `{"name":"VIP","users":[{"id":"$vera"}]}`, 404, noUser),
	turnsDown("an absorbed one among them", "POST /tags", `{"name":"VIP","users":[{"id":"$olga"}]}`, 404, noUser),
	turnsDown("an unknown company", "POST /tags", `{"name":"VIP","users":[{"id":"$ada"}],"companies":[{"company_id":"123"}]}`, 404, noCompany),
	turnsDown("an unknown company to untag", "POST /tags", `{"name":"VIP","companies":[{"id":"123","untag":true}]}`, 404, noCompany),
	turnsDown("an unknown tag", "POST /tags", `{"id":"9","users":[{"id":"$ada"}]}`, 404, noSuchTag),
	turnsDown("a user without a name", "POST /tags", `{"name":"VIP","users":[{"untag":true}]}`, 400, badTag),
	turnsDown("a company without a name", "POST /tags", `{"name":"VIP","companies":[{}]}`, 400, badTag),
	turnsDown("no list", "POST /tags", `{"name":"VIP","users":"$ada"}`, 400, "type_mismatch: users must be a list of objects"),
	turnsDown("a list of ids", "POST /tags", `{"name":"VIP","users":["$ada"]}`, 400, "type_mismatch: users must be a list of objects"),
	turnsDown("untag as a text", "POST /tags", `{"name":"VIP","users":[{"id":"$ada","untag":"true"}]}`, 400, "type_mismatch: users.0.untag must be true or false"),
	turnsDown("too many", "POST /tags", `{"name":"VIP","users":[`+strings.Repeat(`{"id":"$ada"},`, 1000)+`{"id":"$ada"}]}`, 400,
		"parameter_invalid: users has more than 1000 elements"),
	turnsDown("too many companies", "POST /tags", `{"name":"VIP","companies":[`+strings.Repeat(`{"id":"x"},`, 1000)+`{"id":"x"}]}`, 400,
		"parameter_invalid: companies has more than 1000 elements"),
}

func TestTags(t *testing.T) {
	t.Parallel()
	play(t, groups{"of a workspace": ownTags, "of a contact": contactTags, "of a visitor": visitorTags, "together": taggings})
}

func TestADeletedTagIsAnsweredByAnEmptyBody(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	s.Do(t, "POST", "/tags", makeVIP)
	if r := s.Do(t, "DELETE", "/tags/1", nil); r.Status != 200 || r.Text != "" {
		t.Errorf("got %d %q", r.Status, r.Text)
	}
}

func TestMergedIDsLeadToTagsWhereTheWorkspaceWantsIt(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	if _, err := s.Lobby.ChangeWorkspace(t.Context(), workspace.Caller{Workspace: s.Workspace}, func(ws *workspace.Workspace) error {
		ws.ResolveMerged = true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	s.Do(t, "POST", "/tags", makeVIP)
	for _, do := range []string{"POST /contacts/$olga/tags", "GET /contacts/$olga/tags", "DELETE /contacts/$olga/tags/1"} {
		method, path, _ := strings.Cut(on.fill(do), " ")
		if r := s.Do(t, method, path, `{"id":"1"}`); r.Status != 200 || !strings.Contains(r.Text, `"id":"1","name":"VIP"`) {
			t.Errorf("%s: %d %s", do, r.Status, r.Text)
		}
	}
}

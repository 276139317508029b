package api_test

import (
	"strings"
	"testing"

	"lobby/internal/testkit"
)

const (
	makeAdas    = `{"name":"Adas","query":{"field":"name","operator":"=","value":"ada"}}`
	fixed       = "action_forbidden: The segments of all users and of all leads can be neither changed nor deleted"
	fiveInAll   = `{"segments":[{},{},{},{},{}]}`
	unknownShoe = "invalid_field: shoe_size is not a valid search field"
)

var segments = []scenario{
	{"a new workspace has those of Intercom", []step{
		{do: "GET /segments", has: `{"type":"segment.list","segments":[
			{"type":"segment","name":"All users","person_type":"user","created_at":1700000000,"updated_at":1700000000},
			{"name":"All leads","person_type":"contact"},{"name":"Active"},{"name":"New"},{"name":"Slipping away"}]}`},
		{do: "GET /segments?include_count=true", has: `{"segments":[
			{"name":"All users","count":3},{"name":"All leads","count":1},{"name":"Active","count":1},{"name":"New","count":0},{"count":0}]}`},
		{do: "GET /lobby/v1/segments", has: `{"segments":[{"query":{"field":"role","operator":"=","value":"user"}},{},
			{"query":{"field":"last_seen_at","operator":">","value":{"days_ago":30}}},{},{}]}`},
		{do: "GET /contacts/$ada/segments", has: `{"type":"list","data":[{"name":"All users"},{"name":"Active"}]}`},
		{do: "GET /contacts/$leo/segments", has: `{"data":[{"type":"segment","name":"All leads","person_type":"contact"}]}`},
	}},
	{"one is made, changed and deleted", []step{
		{do: "POST /lobby/v1/segments", body: makeAdas, as: "adas", has: `{"type":"segment","name":"Adas","person_type":"user","query":{"field":"name","operator":"=","value":"ada"}}`},
		{do: "GET /segments/$adas", has: `{"id":"$adas","name":"Adas"}`},
		{do: "GET /segments/$adas?include_count=true", has: `{"count":1}`},
		{do: "GET /contacts/$ada/segments", has: `{"data":[{},{},{"id":"$adas"}]}`},
		{do: "GET /contacts/$ann/segments", has: `{"data":[{"name":"All users"}]}`},
		{
			do:   "PUT /lobby/v1/segments/$adas",
			body: `{"name":"Leads","person_type":"contact","query":{"operator":"OR","value":[{"field":"email","operator":"~","value":"LEO"}]}}`,
			has:  `{"id":"$adas","name":"Leads","person_type":"contact","query":{"operator":"OR","value":[{"field":"email","operator":"~","value":"LEO"}]}}`,
		},
		{do: "PUT /lobby/v1/segments/$adas", body: `{"name":"Leos","person_type":null}`, has: `{"name":"Leos","person_type":"contact","query":{"operator":"OR"}}`},
		{do: "GET /contacts/$ada/segments", has: `{"data":[{},{}]}`},
		{do: "GET /contacts/$leo/segments", has: `{"data":[{},{"name":"Leos"}]}`},
		{do: "GET /lobby/v1/segments/$adas?include_count=true", has: `{"count":1,"query":{"operator":"OR"}}`},
		{do: "DELETE /lobby/v1/segments/$adas", has: `{"id":"$adas","name":"Leos"}`},
		{do: "GET /segments/$adas", status: 404, refused: noResource},
		{do: "GET /segments", has: fiveInAll},
	}},
	{"none is made where it is not clear whether to count", []step{
		{do: "POST /lobby/v1/segments?include_count=yes", body: makeAdas, status: 400, refused: "parameter_invalid: include_count must be true or false"},
		{do: "POST /lobby/v1/segments?include_count=true", body: makeAdas, as: "adas", has: `{"count":1}`},
		{do: "DELETE /lobby/v1/segments/$adas?include_count=true", has: `{"count":1}`},
		{do: "GET /segments", has: fiveInAll},
	}},
	{"an attribute that one asks for stays", []step{
		{do: "POST /lobby/v1/segments", body: `{"name":"Pro","query":{"field":"custom_attributes.plan","operator":"=","value":"pro"}}`, as: "pro"},
		{
			do: "PUT /data_attributes/1", body: `{"archived":true}`, status: 422,
			refused: "data_invalid: The Data Attribute you are trying to archive has a dependant object",
		},
		{do: "DELETE /lobby/v1/segments/$pro"},
		{do: "PUT /data_attributes/1", body: `{"archived":true}`, has: `{"archived":true}`},
	}},
	{"a tag that one asks for stays", []step{
		{do: "POST /tags", body: `{"name":"vip"}`, as: "vip"},
		{do: "POST /lobby/v1/segments", body: `{"name":"Seg 1","query":{"field":"tag_id","operator":"=","value":"$vip"}}`, as: "seg"},
		{do: "POST /contacts/$ada/tags", body: `{"id":"$vip"}`, fires: []string{"contact.tag.created ada"}},
		{do: "GET /contacts/$ada/segments", has: `{"data":[{},{},{"name":"Seg 1"}]}`},
		{do: "GET /segments/$seg?include_count=true", has: `{"count":1}`},
		{
			do: "DELETE /tags/$vip", status: 400,
			refused: "tag_has_dependent_objects: Unable to delete Tag with dependent objects. Segments: Seg 1.",
		},
		{do: "DELETE /lobby/v1/segments/$seg"},
		{do: "DELETE /tags/$vip"},
	}},
	{"a search finds who is in one", []step{
		{do: "POST /lobby/v1/segments", body: makeAdas, as: "adas"},
		{do: "POST /contacts/search", body: `{"query":{"field":"segment_id","operator":"=","value":"$adas"}}`, has: `{"total_count":1,"data":[{"id":"$ada"}]}`},
		{
			do: "POST /contacts/search", headers: at("Preview"), body: `{"query":{"operator":"AND","value":[
				{"field":"segment_id","operator":"!=","value":"$adas"},{"field":"role","operator":"=","value":"lead"}]}}`,
			has: `{"total_count":1,"data":[{"id":"$leo"}]}`,
		},
		{do: "POST /contacts/search", body: `{"query":{"field":"segment_id","operator":"=","value":null}}`, has: `{"total_count":0}`},
	}},
	turnsDown("a tag that is not there", "POST /lobby/v1/segments", `{"name":"X","query":{"field":"tag_id","operator":"=","value":"7"}}`, 400,
		"parameter_invalid: query asks for the tag 7, which does not exist"),
	turnsDown("a tag that is none", "POST /lobby/v1/segments", `{"name":"X","query":{"field":"tag_id","operator":"=","value":"vip"}}`, 400,
		"parameter_invalid: query asks for the tag vip, which does not exist"),
	turnsDown("nobody's segments", "GET /contacts/$vera/segments", "", 404, noUser),
	turnsDown("an unknown id", "GET /segments/"+strangersID, "", 404, noResource),
	turnsDown("an id that is none", "GET /lobby/v1/segments/x", "", 404, noResource),
	turnsDown("an unknown id to change", "PUT /lobby/v1/segments/"+strangersID, `{}`, 404, noResource),
	turnsDown("an unknown id to delete", "DELETE /lobby/v1/segments/"+strangersID, "", 404, noResource),
	turnsDown("whether to count is not clear", "GET /segments?include_count=yes", "", 400, "parameter_invalid: include_count must be true or false"),
	turnsDown("no name", "POST /lobby/v1/segments", `{"query":{"field":"name","operator":"=","value":"x"}}`, 400, "parameter_invalid: name is blank"),
	turnsDown("no query", "POST /lobby/v1/segments", `{"name":"X"}`, 400, "parameter_not_found: query must be given"),
	turnsDown("a query that is none", "POST /lobby/v1/segments", `{"name":"X","query":[]}`, 400, "parameter_invalid: query.operator must be given"),
	turnsDown("an unknown field", "POST /lobby/v1/segments", `{"name":"X","query":{"field":"shoe_size","operator":"=","value":1}}`, 400, unknownShoe),
	turnsDown("another segment", "POST /lobby/v1/segments", `{"name":"X","query":{"field":"segment_id","operator":"=","value":"x"}}`, 400,
		"parameter_invalid: query must not ask for other segments"),
	turnsDown("another type", "POST /lobby/v1/segments", `{"name":"X","person_type":"lead","query":{"field":"name","operator":"=","value":"x"}}`, 400,
		"parameter_invalid: person_type must be either user or contact"),
}

func TestSegments(t *testing.T) {
	t.Parallel()
	play(t, groups{"segments": segments})
}

func TestTheSegmentsOfAllUsersAndAllLeadsStay(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, segment := range s.Do(t, "GET", "/segments", nil).Get("segments").([]any)[:2] {
		id := segment.(map[string]any)["id"].(string)
		for _, method := range []string{"PUT", "DELETE"} {
			if r := s.Do(t, method, "/lobby/v1/segments/"+id, `{"name":"Mine"}`); r.Status != 403 || r.Refusal() != fixed {
				t.Errorf("%s of %v: %d %s", method, segment, r.Status, r.Text)
			}
		}
	}
}

func TestAnotherWorkspacesSegmentsAreLikeUnknownOnes(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	ours, theirs := set(t, s, s.Client), set(t, s, s.NewWorkspace(t))
	id := theirs.client.Do(t, "POST", "/lobby/v1/segments", makeAdas).Get("id").(string)
	before := theirs.snapshot(t)
	for _, do := range []struct{ do, body string }{
		{"GET /segments/ID", ""},
		{"GET /lobby/v1/segments/ID", ""},
		{"PUT /lobby/v1/segments/ID", `{"name":"X"}`},
		{"DELETE /lobby/v1/segments/ID", ""},
	} {
		answer := func(id string) string {
			method, path, _ := strings.Cut(strings.ReplaceAll(do.do, "ID", id), " ")
			return answerOf(ours.client.Do(t, method, path, do.body))
		}
		if foreign, unknown := answer(id), answer(strangersID); foreign != unknown || !strings.HasPrefix(foreign, "404") {
			t.Errorf("%s with an id of another workspace is answered\n%s\nand with an unknown one\n%s", do.do, foreign, unknown)
		}
	}
	if diff := theirs.changed(t, before); diff != "" {
		t.Errorf("the other workspace changed:\n%s", diff)
	}
	if r := ours.client.Do(t, "GET", "/contacts/"+ours.ids["$ada"]+"/segments", nil); strings.Contains(r.Text, "Adas") {
		t.Errorf("our contact is in their segment: %s", r.Text)
	}
}

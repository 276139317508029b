package api_test

import (
	"strings"
	"testing"

	"lobby/internal/testkit"
)

const (
	searchCompanies    = "POST /companies/search"
	searchOwnCompanies = "POST /lobby/v1/companies/search"
)

// twoCompanies are the steps that make acme, which spends, and base, which does not, with a user each, before others.
func twoCompanies(steps ...step) []step {
	return append([]step{
		madeCompany("base"), attached("leo", "base"), madeCompany("acme"), attached("ada", "acme"), madeCompany("empty"),
		{do: addCompany, body: `{"company_id":"acme-1","monthly_spend":155,"plan":"Pro"}`, fires: []string{"company.updated new"}},
	}, steps...)
}

var companySearches = groups{
	"a search finds companies": {
		{"by what they have, as a preview", twoCompanies(
			step{do: searchCompanies, headers: at("Preview"), body: where("name", "=", `"ACME"`), has: `{"type":"list","data":[{"type":"company","id":"$acme","name":"acme","notes":{}}],
				"total_count":1,"pages":{"type":"pages","page":1,"per_page":15,"total_pages":1}}`},
			step{do: searchCompanies, headers: at("Preview"), body: where("monthly_spend", "<", `155`), has: `{"total_count":1,"data":[{"id":"$base"}]}`},
			step{do: searchCompanies, headers: at("Preview"), body: where("created_at", "=", `1700000000`), has: `{"data":[{"id":"$acme"},{"id":"$base"}]}`},
			step{do: searchCompanies, headers: at("Preview"), body: where("company_id", "IN", `["empty-1","base-1"]`), has: `{"data":[{"id":"$base"}]}`},
			step{do: searchCompanies, headers: at("Preview"), body: where("user_count", ">", `0`), has: `{"total_count":2}`},
			step{
				do: searchCompanies, headers: at("Preview"), body: `{"query":{"field":"user_count","operator":">","value":0},"sort":{"field":"name","order":"ascending"},"pagination":{"per_page":1}}`,
				has: `{"data":[{"id":"$acme"}],"total_count":2,"pages":{"page":1,"per_page":1,"total_pages":2,"next":{"page":2,"per_page":1}}}`,
			},
		)},
		{"in every version as Lobby's own operation", twoCompanies(
			step{do: searchOwnCompanies, body: where("created_at", "<", `1700000001`), has: `{"type":"list","data":[{"id":"$acme"},{"id":"$base"}],"pages":{"per_page":15}}`},
			step{do: searchOwnCompanies, body: where("created_at", "<", `1700000000`), has: `{"data":[],"total_count":0}`},
		)},
		{"by their tags and attributes", definedForCompanies(
			madeCompany("acme"), attached("ada", "acme"),
			step{do: "POST /tags", body: `{"name":"VIP","companies":[{"company_id":"acme-1"}]}`, has: `{"id":"1"}`},
			step{do: addCompany, body: `{"company_id":"acme-1","custom_attributes":{"seats_sold":3}}`, fires: []string{"company.updated new"}},
			step{do: searchOwnCompanies, body: where("tag_id", "=", `"1"`), has: `{"data":[{"id":"$acme","tags":{"tags":[{"id":"1"}]},"custom_attributes":{"seats_sold":3}}]}`},
			step{do: searchOwnCompanies, body: where("custom_attributes.seats_sold", ">", `2`), has: `{"data":[{"id":"$acme"}]}`},
			step{do: searchOwnCompanies, body: where("custom_attributes.seats_sold", ">", `3`), has: `{"data":[]}`},
		)},
	},
	"a search refuses": {
		one("a version without it", step{do: searchCompanies, headers: at("2.16"), body: where("name", "=", `"x"`), status: 400, refused: "intercom_version_invalid: Requested resource is not available in current API version."}),
		one("a plan", step{do: searchCompanies, headers: at("Preview"), body: where("plan.name", "=", `"x"`), status: 400, refused: "invalid_field: plan.name is not a valid search field"}),
		one("a segment", step{do: searchCompanies, headers: at("Preview"), body: where("segment_id", "=", `"x"`), status: 400, refused: "invalid_field: segment_id is not a valid search field"}),
		one("what people have", step{do: searchOwnCompanies, body: where("email", "=", `"x"`), status: 400, refused: "invalid_field: email is not a valid search field"}),
		one("an attribute of people", step{do: searchOwnCompanies, body: where("custom_attributes.plan", "=", `"x"`), status: 400, refused: "invalid_field: custom_attributes.plan is not a valid search field"}),
		one("a time by >=", step{do: searchOwnCompanies, body: where("created_at", ">=", `1`), status: 400, refused: "parameter_invalid: created_at cannot be compared by >="}),
		one("no query", step{do: searchOwnCompanies, body: `{}`, status: 400, refused: "parameter_not_found: query must be given"}),
		one("another cursor", step{
			do: searchOwnCompanies, body: `{"query":{"field":"name","operator":"=","value":"x"},"pagination":{"starting_after":"x"}}`, status: 400,
			refused: "client_error: Invalid starting_after param. Please try again using a starting_after value from a paginated response",
		}),
		one("another order", step{
			do: searchCompanies, headers: at("Preview"), body: `{"query":{"field":"name","operator":"=","value":"x"},"sort":{"field":"email"}}`, status: 400,
			refused: "invalid_field: email is not a field to sort by",
		}),
	},
	"a segment of companies": {
		{"has who meets it", twoCompanies(
			step{do: "GET /companies/$acme/segments", has: `{"type":"list","data":[]}`},
			step{
				do: "POST /lobby/v1/segments", body: `{"name":"Spenders","model":"company","query":{"field":"monthly_spend","operator":">","value":100}}`, as: "spenders",
				has: `{"type":"segment","name":"Spenders","model":"company","query":{"field":"monthly_spend"}}`,
			},
			step{do: "GET /companies/$acme/segments", has: `{"type":"list","data":[{"type":"segment","id":"$spenders","name":"Spenders","created_at":1700000000,"updated_at":1700000000}]}`},
			step{do: "GET /companies/$acme/segments?include_count=true", has: `{"data":[{"id":"$spenders","count":1}]}`},
			step{do: "GET /companies/$base/segments", has: `{"data":[]}`},
			step{do: "GET /companies/$acme", has: `{"segments":{"type":"segment.list","segments":[{"id":"$spenders"}]}}`},
			step{do: "GET /companies?segment_id=$spenders", has: `{"data":[{"id":"$acme","segments":{"segments":[{"id":"$spenders"}]}}],"total_count":1}`},
			step{do: "GET /companies?company_id=acme-1", has: `{"segments":{"segments":[{"id":"$spenders"}]}}`},
			step{do: "GET /contacts/$ada/companies", has: `{"data":[{"segments":{"segments":[{"id":"$spenders"}]}}]}`},
			step{do: searchOwnCompanies, body: where("name", "=", `"acme"`), has: `{"data":[{"segments":{"segments":[{"id":"$spenders"}]}}]}`},
			step{do: "POST /lobby/v1/visitors/$vera/companies", body: `{"id":"$acme"}`, fires: []string{"company.contact.attached vera"}},
			step{do: "GET /visitors/$vera", has: `{"companies":{"companies":[{"segments":{"segments":[{"id":"$spenders"}]}}]}}`},
			step{do: "GET /segments/$spenders?include_count=true", has: `{"id":"$spenders","name":"Spenders","count":1}`},
			step{do: addCompany, body: `{"company_id":"acme-1","monthly_spend":1}`, fires: []string{"company.updated new"}, has: `{"segments":{"segments":[]}}`},
			step{do: "GET /companies?segment_id=$spenders", has: `{"data":[],"total_count":0}`},
		)},
		{"is told from those of people", []step{
			{do: "POST /lobby/v1/segments", body: `{"name":"Big","model":"company","query":{"field":"user_count","operator":">","value":9}}`, as: "big"},
			{do: "GET /segments", has: `{"segments":[{"name":"All users"},{},{},{},{}]}`},
			{do: "GET /lobby/v1/segments", has: `{"segments":[{"model":"contact"},{},{},{},{},{"name":"Big","model":"company"}]}`},
			{do: "GET /contacts/$ada/segments", has: `{"data":[{},{}]}`},
			{do: searchContacts, body: where("segment_id", "=", `"$big"`), has: `{"total_count":0}`},
			{do: "PUT /lobby/v1/segments/$big", body: `{"model":"contact"}`, status: 400, refused: "parameter_invalid: model stays as it is"},
			{do: "PUT /lobby/v1/segments/$big", body: `{"person_type":"user"}`, status: 400, refused: "parameter_invalid: person_type is none in a segment of companies"},
			{do: "PUT /lobby/v1/segments/$big", body: `{"name":"Bigger"}`, has: `{"name":"Bigger","model":"company"}`},
		}},
		{"needs its tag and its attribute", definedForCompanies(
			step{do: "POST /tags", body: `{"name":"vip"}`, as: "vip"},
			step{do: "POST /lobby/v1/segments", body: `{"name":"Seg 1","model":"company","query":{"operator":"AND","value":[{"field":"tag_id","operator":"=","value":"$vip"},
				{"field":"custom_attributes.paid","operator":"=","value":true}]}}`, as: "seg"},
			step{do: "DELETE /tags/$vip", status: 400, refused: "tag_has_dependent_objects: Unable to delete Tag with dependent objects. Segments: Seg 1."},
			step{do: "PUT /data_attributes/4", body: `{"archived":true}`, status: 422, refused: "data_invalid: The Data Attribute you are trying to archive has a dependant object"},
			step{do: "DELETE /lobby/v1/segments/$seg", has: `{"model":"company"}`},
			step{do: "DELETE /tags/$vip"},
			step{do: "PUT /data_attributes/4", body: `{"archived":true}`, has: `{"name":"paid","archived":true}`},
		)},
		turnsDown("of what is no model", "POST /lobby/v1/segments", `{"name":"X","model":"lead","query":{"field":"name","operator":"=","value":"x"}}`, 400,
			"parameter_invalid: model must be either contact or company"),
		turnsDown("with a type of person", "POST /lobby/v1/segments", `{"name":"X","model":"company","person_type":"user","query":{"field":"name","operator":"=","value":"x"}}`, 400,
			"parameter_invalid: person_type is none in a segment of companies"),
		turnsDown("that asks for a person", "POST /lobby/v1/segments", `{"name":"X","model":"company","query":{"field":"role","operator":"=","value":"user"}}`, 400,
			"invalid_field: role is not a valid search field"),
		turnsDown("that asks for a tag that is not there", "POST /lobby/v1/segments", `{"name":"X","model":"company","query":{"field":"tag_id","operator":"=","value":7}}`, 400,
			"parameter_invalid: query asks for the tag 7, which does not exist"),
	},
	"companies are tagged": {
		{"as older versions say it", twoCompanies(
			step{do: "POST /tags", body: `{"name":"VIP","companies":[{"id":"$acme"},{"company_id":"empty-1"}]}`, has: `{"type":"tag","id":"1","name":"VIP"}`},
			step{do: "GET /companies/$acme", has: `{"tags":{"tags":[{"id":"1"}]}}`},
			step{do: "GET /companies/$empty", has: `{"tags":{"tags":[{"id":"1"}]}}`},
			step{do: "POST /tags", body: `{"name":"VIP","companies":[{"company_id":"empty-1","untag":true},{"id":"123"}]}`, status: 404, refused: noCompany},
			step{do: "GET /companies/$empty", has: `{"tags":{"tags":[{"id":"1"}]}}`},
			step{do: "POST /tags", body: `{"name":"VIP","companies":[{"company_id":"empty-1","untag":true}]}`},
			step{do: "GET /companies/$empty", has: `{"tags":{"tags":[]}}`},
		)},
		{"from 2.16 on with an answer for each", twoCompanies(
			step{
				do: "POST /tags", headers: at("2.16"), body: `{"name":"VIP","companies":[{"id":"$acme"},{"company_id":"base-1","untag":true},{"id":"123"},{"company_id":"123"}]}`,
				has: `{"id":"1","users":[],"companies":[{"id":"$acme","tagged":true},{"id":"$base","tagged":false}]}`,
			},
		)},
	},
}

func TestCompanySearch(t *testing.T) {
	t.Parallel()
	play(t, companySearches)
}

func TestAnotherWorkspacesCompaniesAreNeitherFoundNorPlaced(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	ours, theirs := set(t, s, s.Client), set(t, s, s.NewWorkspace(t))
	for _, on := range []*stage{ours, theirs} {
		for _, step := range []step{madeCompany("acme"), attached("ada", "acme")} {
			step.run(t, on)
		}
	}
	const spenders = `{"name":"Theirs","model":"company","query":{"field":"user_count","operator":">","value":0}}`
	id := theirs.client.Do(t, "POST", "/lobby/v1/segments", spenders).Get("id").(string)
	if r := theirs.client.Do(t, "GET", "/companies?segment_id="+id, nil); len(r.Get("data").([]any)) != 1 {
		t.Errorf("their segment is %s", r.Text)
	}
	if r := ours.client.Do(t, "GET", "/companies?segment_id="+id, nil); len(r.Get("data").([]any)) != 0 {
		t.Errorf("their segment has companies of ours: %s", r.Text)
	}
	if r := ours.client.Do(t, "GET", "/companies/"+ours.ids["$acme"], nil); strings.Contains(r.Text, "Theirs") {
		t.Errorf("our company is in their segment: %s", r.Text)
	}
	if r := ours.client.Do(t, "POST", "/lobby/v1/companies/search", where("name", "=", `"acme"`)); len(r.Get("data").([]any)) != 1 || r.Get("data.0.id") != ours.ids["$acme"] {
		t.Errorf("a search finds %s", r.Text)
	}
}

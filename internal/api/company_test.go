package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/testkit"
)

const (
	addCompany = "POST /companies"
)

// made is a step that makes a company with a name of the cast.
func madeCompany(name string) step {
	return step{do: addCompany, body: `{"company_id":"` + name + `-1","name":"` + name + `"}`, fires: []string{"company.created new"}, as: name}
}

// attached is a step that attaches somebody to a company.
func attached(who, company string) step {
	return step{do: "POST /contacts/$" + who + "/companies", body: `{"id":"$` + company + `"}`, fires: []string{"company.contact.attached " + who}}
}

// defined are steps that define custom attributes of companies.
func definedForCompanies(steps ...step) []step {
	return append([]step{
		{do: "POST /data_attributes", body: `{"name":"paid","model":"company","data_type":"boolean"}`},
		{do: "POST /data_attributes", body: `{"name":"seats_sold","model":"company","data_type":"integer"}`},
	}, steps...)
}

var companies = []scenario{
	{"a new one has nothing but its names", []step{
		{
			do: addCompany, body: `{"company_id":"c-1","name":"Acme","remote_created_at":1374138000}`, fires: []string{"company.created new"}, as: "acme",
			has: `{"type":"company","company_id":"c-1","name":"Acme","remote_created_at":1374138000,"created_at":1700000000,"updated_at":1700000000,
				"monthly_spend":0,"session_count":0,"user_count":0,"tags":{"type":"tag.list","tags":[]},
				"segments":{"type":"segment.list","segments":[]},"plan":{},"custom_attributes":{}}`,
		},
		{do: "GET /companies/$acme", has: `{"id":"$acme","company_id":"c-1","name":"Acme"}`},
		{do: "GET /companies?company_id=c-1", has: `{"type":"company","id":"$acme"}`},
		{do: "GET /companies?name=%20aCME", has: `{"type":"company","id":"$acme"}`},
	}},
	{"the same id again changes it, and what is not sent stays", definedForCompanies([]step{
		{do: addCompany, body: `{"company_id":7,"name":"Acme","plan":"Pro","size":10,"website":"acme.example","industry":"Anvils",
			"monthly_spend":155.98,"custom_attributes":{"paid":true,"seats_sold":3}}`, fires: []string{"company.created new"}, as: "acme"},
		{
			do: addCompany, body: `{"company_id":"7","name":"Acme Inc.","custom_attributes":{"seats_sold":null}}`, fires: []string{"company.updated new"},
			has: `{"id":"$acme","company_id":"7","name":"Acme Inc.","plan":{"type":"plan","id":"1","name":"Pro"},"size":10,"website":"acme.example",
				"industry":"Anvils","monthly_spend":155,"remote_created_at":1700000000,"custom_attributes":{"paid":true}}`,
		},
		{
			do: addCompany, body: `{"company_id":"7","id":"$acme","name":null,"plan":null,"size":null,"website":null,"industry":null,"monthly_spend":null}`,
			fires: []string{"company.updated new"}, has: `{"id":"$acme","name":"","plan":{},"monthly_spend":0}`,
		},
	}...)},
	{"a plan is known by its name, and made when it is not", []step{
		{do: addCompany, body: `{"company_id":"a","plan":"Pro"}`, fires: []string{"company.created new"}, has: `{"plan":{"id":"1","name":"Pro"}}`},
		{do: addCompany, body: `{"company_id":"b","plan":"Free"}`, fires: []string{"company.created new"}, has: `{"plan":{"id":"2","name":"Free"}}`},
		{do: addCompany, body: `{"company_id":"c","plan":" Pro "}`, fires: []string{"company.created new"}, has: `{"plan":{"id":"1","name":"Pro"}}`},
	}},
	{"an update by id keeps the owner's id", []step{
		madeCompany("acme"),
		{
			do: "PUT /companies/$acme", body: `{"company_id":"other","name":"Acme Inc.","plan":"Pro","unknown":1}`, fires: []string{"company.updated new"},
			has: `{"id":"$acme","company_id":"acme-1","name":"Acme Inc.","plan":{"name":"Pro"}}`,
		},
		{do: "PUT /companies/$acme", fires: []string{"company.updated new"}, has: `{"name":"Acme Inc."}`},
		{do: "GET /companies?company_id=other", status: 404, refused: noCompany},
	}},
	{"one that is deleted is nowhere, and nobody is in it", []step{
		madeCompany("acme"), attached("ada", "acme"),
		{do: "DELETE /companies/$acme", has: `{"id":"$acme","object":"company","deleted":true}`, fires: []string{"company.deleted new"}},
		{do: "GET /companies/$acme", status: 404, refused: noCompany},
		{do: "GET /companies?company_id=acme-1", status: 404, refused: noCompany},
		{do: "DELETE /companies/$acme", status: 404, refused: noCompany},
		{do: "GET /contacts/$ada", has: `{"companies":{"data":[],"total_count":0}}`},
		{do: "GET /contacts/$ada/companies", has: `{"data":[],"companies":[],"total_count":0}`},
		{do: addCompany, body: `{"company_id":"acme-1"}`, fires: []string{"company.created new"}, has: `{"user_count":0}`},
	}},
	{"from 2.16 on a request may have been made just now", []step{
		{do: addCompany, body: `{"company_id":"a","update_last_request_at":false}`, headers: at("2.16"), fires: []string{"company.created new"}, as: "acme"},
		{do: addCompany, body: `{"company_id":"a","update_last_request_at":true}`, headers: at("2.16"), fires: []string{"company.updated new"}, has: `{"last_request_at":1700000000}`},
		{do: addCompany, body: `{"company_id":"a","update_last_request_at":true}`, headers: at("2.15"), status: 400, refused: "bad_request: bad 'update_last_request_at' parameter"},
	}},
	{"a preview shows where its notes are", []step{
		madeCompany("acme"),
		{do: "GET /companies/$acme", headers: at("Preview"), has: `{"notes":{"type":"list","data":[],"url":"/companies/$acme/notes","total_count":0,"has_more":false}}`},
	}},
	{"it has notes, which name it from 2.16 on, and go with it", []step{
		madeCompany("acme"),
		{
			do: "POST /companies/$acme/notes", body: `{"body":"Hello"}`, headers: at("2.16"), fires: []string{"note.created new"},
			has: `{"type":"note","id":"1","body":"<p>Hello</p>","contact":null,"company":{"type":"company","id":"$acme"},"author":{"id":"1"}}`,
		},
		{do: "POST /companies/$acme/notes", body: `{"body":"Bye","admin_id":"1"}`, headers: at("2.16"), fires: []string{"note.created new"}},
		{do: "GET /companies/$acme/notes?per_page=1", headers: at("2.15"), has: `{"type":"list","data":[{"id":"2"}],"total_count":2,"pages":{"page":1,"total_pages":2}}`},
		{do: "GET /notes/1", headers: at("2.16"), has: `{"id":"1","company":{"id":"$acme"}}`},
		{do: "GET /companies/$acme", headers: at("Preview"), has: `{"notes":{"data":[{"type":"note","id":"2","url":"/notes/2"},{"id":"1"}],"total_count":2}}`},
		{do: "POST /companies/$acme/notes", body: `{"body":"X","admin_id":7}`, headers: at("2.16"), status: 404, refused: "not_found: Resource Not Found"},
		{do: "POST /companies/$acme/notes", body: `{}`, headers: at("2.16"), status: 400, refused: "parameter_not_found: body not specified"},
		{do: "POST /companies/$ada/notes", body: `{"body":"X"}`, headers: at("2.16"), status: 404, refused: noCompany},
		{do: "GET /companies/$ada/notes", headers: at("2.16"), status: 404, refused: noCompany},
		{do: "DELETE /companies/$acme", fires: []string{"company.deleted new"}},
		{do: "GET /notes/1", status: 404, refused: "not_found: Resource Not Found"},
	}},
	{"it shows its tags, and is listed by them", []step{
		madeCompany("acme"), madeCompany("base"), attached("ada", "acme"), attached("ada", "base"),
		{do: "POST /tags", body: `{"name":"VIP","companies":[{"company_id":"acme-1"}]}`, has: `{"id":"1"}`},
		{do: "GET /companies/$acme", has: `{"tags":{"type":"tag.list","tags":[{"type":"tag","id":"1","name":"VIP"}]}}`},
		{do: "GET /companies?tag_id=1", has: `{"data":[{"id":"$acme","tags":{"tags":[{"id":"1"}]}}],"total_count":1}`},
		{do: "GET /contacts/$ada/companies", has: `{"data":[{"id":"$acme","tags":{"tags":[{"id":"1"}]}},{"id":"$base","tags":{"tags":[]}}]}`},
		{do: "POST /tags", body: `{"name":"VIP","companies":[{"id":"$acme","untag":true}]}`},
		{do: "GET /companies?tag_id=1", has: `{"data":[]}`},
	}},
	turnsDown("no id", addCompany, `{"name":"Acme"}`, 400, "parameter_not_found: company_id not specified"),
	turnsDown("a placeholder for an id", addCompany, `{"company_id":"undefined"}`, 400,
		"parameter_invalid: company_id must not be a placeholder such as null, undefined or anonymous"),
	turnsDown("an unknown member", addCompany, `{"company_id":"a","test":"invalid","other":1}`, 400, "bad_request: bad 'test' parameter"),
	turnsDown("a name that is none", addCompany, `{"company_id":"a","name":1}`, 400, "type_mismatch: name must be a string"),
	turnsDown("a name that is too long", addCompany, `{"company_id":"a","name":"`+strings.Repeat("x", 256)+`"}`, 400,
		"parameter_invalid: name must not be longer than 255 characters"),
	turnsDown("a plan that is an object", addCompany, `{"company_id":"a","plan":{"name":"Pro"}}`, 400, "type_mismatch: plan must be a string"),
	turnsDown("spending too much", addCompany, `{"company_id":"a","monthly_spend":2147483648}`, 400,
		"parameter_invalid: monthly_spend must be between -2147483648 and 2147483647"),
	turnsDown("spending what is no number", addCompany, `{"company_id":"a","monthly_spend":"a lot"}`, 400, "type_mismatch: monthly_spend must be a number"),
	turnsDown("a size below nothing", addCompany, `{"company_id":"a","size":-1}`, 400, "parameter_invalid: size must be between 0 and 2147483647"),
	turnsDown("an attribute that is not defined", addCompany, `{"company_id":"a","custom_attributes":{"nope":1}}`, 400,
		"parameter_invalid: Custom attribute 'nope' does not exist"),
	turnsDown("an attribute of people", addCompany, `{"company_id":"a","custom_attributes":{"plan":"pro"}}`, 400,
		"parameter_invalid: Custom attribute 'plan' does not exist"),
	{"an attribute of another type", definedForCompanies(
		step{
			do: addCompany, body: `{"company_id":"a","custom_attributes":{"paid":"yes"}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.paid must be of type boolean",
		},
		step{
			do: "PUT /visitors/$vera", body: `{"custom_attributes":{"paid":true}}`, status: 400,
			refused: "parameter_invalid: custom_attributes.paid does not exist for people",
		},
	)},
	turnsDown("an unknown id", "GET /companies/$vera", "", 404, noCompany),
	turnsDown("an unknown id to change", "PUT /companies/$vera", `{"name":"X"}`, 404, noCompany),
	turnsDown("an unknown id to delete", "DELETE /companies/nobody", "", 404, noCompany),
	turnsDown("contacts of an unknown id", "GET /companies/$vera/contacts", "", 404, noCompany),
	turnsDown("segments of an unknown id", "GET /companies/$vera/segments", "", 404, noCompany),
	turnsDown("an unknown name", "GET /companies?name=Acme", "", 404, noCompany),
	turnsDown("an order that is none", "POST /companies/list?order=up", "", 400, "parameter_invalid: order must be asc or desc"),
	turnsDown("a page that is none", "GET /companies?page=two", "", 400, "parameter_invalid: page must be a whole number"),
	turnsDown("a scroll that is not open", "GET /companies/scroll?scroll_param=b7d71970-ce0e-43b3-9028-9285806393ba", "", 404,
		"not_found: No such scroll is open; please restart the scroll operation"),
}

var companiesOfPeople = []scenario{
	{"a contact is attached and detached, and counted in the answer", []step{
		madeCompany("acme"),
		{do: "POST /contacts/$ada/companies", body: `{"id":"$acme"}`, fires: []string{"company.contact.attached ada"}, has: `{"type":"company","id":"$acme","user_count":1}`},
		{do: "POST /contacts/$ada/companies", body: `{"company_id":"$acme"}`, has: `{"id":"$acme","user_count":1}`},
		{do: "GET /contacts/$ada", has: `{"companies":{"data":[{"type":"company","id":"$acme","url":"/companies/$acme"}],"total_count":1,"has_more":false}}`},
		{do: "GET /contacts/$ada/companies", has: `{"type":"list","data":[{"id":"$acme","user_count":1}],"companies":[{"id":"$acme"}],"total_count":1,
			"pages":{"type":"pages","next":null,"page":1,"per_page":50,"total_pages":1}}`},
		{do: "GET /contacts/$ada/companies?page=2", has: `{"data":[],"companies":[],"total_count":1,"pages":{"next":null,"page":2}}`},
		{do: "GET /companies/$acme/contacts", has: `{"type":"list","data":[{"type":"contact","id":"$ada"}],"total_count":1,
			"pages":{"type":"pages","page":1,"per_page":50,"total_pages":1}}`},
		{do: "DELETE /contacts/$ada/companies/$acme", body: `{}`, fires: []string{"company.contact.detached ada"}, has: `{"id":"$acme","user_count":0}`},
		{do: "DELETE /contacts/$ada/companies/$acme", status: 404, refused: noCompany},
		{do: "GET /companies/$acme/contacts", has: `{"data":[],"total_count":0}`},
	}},
	{"only live contacts count", []step{
		madeCompany("acme"), attached("ada", "acme"), attached("leo", "acme"),
		{do: "GET /companies/$acme", has: `{"user_count":2}`},
		{do: "POST /contacts/$leo/archive", fires: []string{"contact.archived leo"}},
		{do: "GET /companies/$acme", has: `{"user_count":1}`},
		{do: "GET /companies/$acme/contacts", has: `{"data":[{"id":"$ada"}],"total_count":1}`},
		{do: "POST /contacts/$leo/unarchive", fires: []string{"contact.unarchived leo"}},
		{do: "GET /companies/$acme", has: `{"user_count":2}`},
		{do: "DELETE /contacts/$leo", fires: []string{"contact.deleted leo"}},
		{do: "POST /contacts/$ada/block", headers: at("2.13"), fires: []string{"contact.blocked ada"}},
		{do: "GET /companies/$acme", has: `{"user_count":0}`},
		{do: "GET /companies", has: `{"type":"list","data":[],"total_count":0,"pages":{"type":"pages","next":null,"page":1,"per_page":15,"total_pages":0}}`},
	}},
	{"a visitor shows its companies whole, and takes them along when it becomes a lead", []step{
		madeCompany("acme"),
		{do: "POST /lobby/v1/visitors/$vera.user_id/companies", body: `{"id":"$acme"}`, fires: []string{"company.contact.attached vera"}, has: `{"id":"$acme","user_count":0}`},
		{do: "GET /visitors?id=$vera", has: `{"companies":{"type":"company.list","companies":[{"type":"company","id":"$acme","company_id":"acme-1","name":"acme"}]}}`},
		{do: "PUT /visitors", body: `{"id":"$vera","name":"Vera"}`, has: `{"companies":{"companies":[{"id":"$acme"}]}}`},
		{do: "GET /lobby/v1/people/$vera", has: `{"visitor":{"companies":{"companies":[{"id":"$acme"}]}}}`},
		{do: "GET /lobby/v1/visitors/$vera/companies", has: `{"data":[{"id":"$acme"}],"total_count":1}`},
		{do: "GET /companies", has: `{"data":[]}`},
		{
			do: convert, body: `{"type":"lead","visitor":{"id":"$vera"}}`, identity: "converted", fires: []string{"visitor.converted vera"},
			writes: "converted visitor→lead vera→vera", has: `{"companies":{"data":[{"id":"$acme"}],"total_count":1}}`,
		},
		{do: "GET /companies", has: `{"data":[{"id":"$acme","user_count":1}]}`},
	}},
	{"a merge unites companies, and counts each person once", []step{
		madeCompany("acme"), madeCompany("base"), attached("ada", "acme"),
		{do: "POST /lobby/v1/visitors/$vera/companies", body: `{"id":"$acme"}`, fires: []string{"company.contact.attached vera"}},
		{do: "POST /lobby/v1/visitors/$vera/companies", body: `{"id":"$base"}`, fires: []string{"company.contact.attached vera"}},
		{
			do: convert, body: `{"type":"user","visitor":{"id":"$vera"},"user":{"id":"$ada"}}`, identity: "merged", fires: []string{"visitor.converted ada"},
			writes: "merged visitor→user vera→ada",
		},
		{do: "GET /contacts/$ada/companies", has: `{"data":[{"id":"$acme","user_count":1},{"id":"$base","user_count":1}],"total_count":2}`},
		{do: "GET /companies/$base/contacts", has: `{"data":[{"id":"$ada"}],"total_count":1}`},
		{do: "POST /contacts/$ada/companies", body: `{"id":"$base"}`, has: `{"user_count":1}`},
		{do: "DELETE /contacts/$ada/companies/$acme", fires: []string{"company.contact.detached ada"}, has: `{"user_count":0}`},
		{do: "DELETE /contacts/$ada/companies/$base", fires: []string{"company.contact.detached ada"}, has: `{"user_count":0}`},
		{do: "GET /contacts/$ada", has: `{"companies":{"data":[],"total_count":0}}`},
	}},
	{"a visitor is detached, and deleted with what it was in", []step{
		madeCompany("acme"), madeCompany("base"),
		{do: "POST /lobby/v1/visitors/$vera/companies", body: `{"id":"$acme"}`, fires: []string{"company.contact.attached vera"}},
		{do: "POST /lobby/v1/visitors/$vera/companies", body: `{"id":"$base"}`, fires: []string{"company.contact.attached vera"}},
		{do: "DELETE /lobby/v1/visitors/$vera/companies/$acme", fires: []string{"company.contact.detached vera"}, has: `{"id":"$acme"}`},
		{do: "DELETE /visitors/$vera", has: `{"companies":{"companies":[{"id":"$base"}]}}`},
		{do: "GET /companies/$base/contacts", has: `{"data":[]}`},
	}},
	{"nobody named, nobody known, no company", []step{
		madeCompany("acme"),
		{do: "POST /contacts/$ada/companies", body: `{}`, status: 400, refused: "parameter_not_found: company not specified"},
		{do: "POST /contacts/$ada/companies", body: `{"id":true}`, status: 400, refused: "type_mismatch: id must be a string or a whole number"},
		{do: "POST /contacts/$vera/companies", body: `{"id":"$acme"}`, status: 404, refused: noUser},
		{do: "POST /contacts/$archie/companies", body: `{"id":"$acme"}`, status: 404, refused: noUser},
		{do: "POST /contacts/$olga/companies", body: `{"id":"$acme"}`, status: 404, refused: noUser},
		{do: "POST /contacts/$ada/companies", body: `{"id":"$ada"}`, status: 404, refused: noCompany},
		{do: "POST /contacts/$ada/companies", body: `{"id":"acme-1"}`, status: 404, refused: noCompany},
		{do: "POST /lobby/v1/visitors/$ada/companies", body: `{"id":"$acme"}`, status: 404, refused: "not_found: Visitor Not Found"},
		{do: "GET /contacts/$vera/companies", status: 404, refused: noUser},
		{do: "DELETE /contacts/$vera/companies/$acme", status: 404, refused: noUser},
		{do: "DELETE /contacts/$ada/companies/$ada", status: 404, refused: noCompany},
		{do: "DELETE /contacts/$ada/companies/$acme", status: 404, refused: noCompany},
	}},
}

func TestCompanies(t *testing.T) {
	t.Parallel()
	play(t, groups{"companies": companies, "of people": companiesOfPeople})
}

// peopled makes so many companies, each with one contact, a second apart.
func peopled(t *testing.T, s *testkit.Instance, n int) {
	t.Helper()
	who := s.Do(t, "POST", "/contacts", `{"role":"lead"}`).Get("id").(string)
	for i := range n {
		s.Clock.Pass(time.Second)
		made := s.Do(t, "POST", "/companies", fmt.Sprintf(`{"company_id":"c-%d","update_last_request_at":true}`, i), at("2.16")...)
		s.Do(t, "POST", "/contacts/"+who+"/companies", `{"id":"`+made.Get("id").(string)+`"}`)
	}
	s.Do(t, "POST", "/companies", `{"company_id":"empty"}`)
}

// listed are the owner's ids of the companies in an answer.
func listed(r *testkit.Response) string {
	var all []string
	for i := range r.Get("data").([]any) {
		all = append(all, strings.TrimPrefix(r.Get(fmt.Sprintf("data.%d.company_id", i)).(string), "c-"))
	}
	return strings.Join(all, " ")
}

func TestPagesOfCompaniesLeadFromOneToTheNext(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := testkit.Start(t, database)
		peopled(t, s, 5)
		for _, c := range []struct{ method, path, body, first, second string }{
			{"GET", "/companies?per_page=2", "", "4 3", "2 1"},
			{"GET", "/companies?per_page=2&order=asc", "", "0 1", "2 3"},
			{"POST", "/companies/list?per_page=2", "", "4 3", "2 1"},
			{"POST", "/companies/list?per_page=2", `{"per_page":3,"order":"asc"}`, "0 1", "2 3"},
			{"POST", "/companies/list", `{"page":1,"per_page":"2","order":"desc"}`, "4 3", "2 1"},
		} {
			first := s.Do(t, c.method, c.path, c.body)
			if got := listed(first); got != c.first || first.Get("total_count") != 5.0 || first.Get("pages.total_pages") != 3.0 {
				t.Errorf("%s %s %s answers %s: %s", c.method, c.path, c.body, got, first.Text)
			}
			next, _ := first.Get("pages.next").(string)
			path, ours := strings.CutPrefix(next, s.URL)
			if !ours {
				t.Fatalf("%s %s: the next page is at %q", c.method, c.path, next)
			}
			if got := listed(s.Do(t, "GET", path, nil)); got != c.second {
				t.Errorf("%s shows %s, not %s", next, got, c.second)
			}
		}
		if last := s.Do(t, "POST", "/companies/list?per_page=2&page=3", nil); listed(last) != "0" || last.Get("pages.next") != nil {
			t.Errorf("the last page is %s", last.Text)
		}
		for _, beyond := range []string{"/companies?page=4&per_page=2", "/companies?page=2000000000&per_page=150", "/companies?tag_id=1", "/companies?tag_id=x", "/companies?segment_id=x"} {
			if r := s.Do(t, "GET", beyond, nil); r.Status != 200 || listed(r) != "" || r.Get("pages.next") != nil {
				t.Errorf("%s: %d %s", beyond, r.Status, r.Text)
			}
		}
	})
}

func TestAScrollShowsEveryCompanyOnce(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	if r := s.Do(t, "GET", "/companies/scroll", nil); r.Text != `{"type":"list","data":[],"pages":null,"total_count":null}` {
		t.Errorf("without companies: %s", r.Text)
	}
	peopled(t, s, 3)
	first := s.Do(t, "GET", "/companies/scroll", nil)
	param, _ := first.Get("scroll_param").(string)
	if listed(first) != "0 1 2" || param == "" {
		t.Errorf("the first page is %s", first.Text)
	}
	for range 2 {
		const open = "scroll_exists: scroll already exists for this app"
		if r := s.Do(t, "GET", "/companies/scroll", nil); r.Status != 400 || r.Refusal() != open {
			t.Errorf("another scroll: %d %s", r.Status, r.Text)
		}
		s.Clock.Pass(30 * time.Second)
	}
	last := s.Do(t, "GET", "/companies/scroll?scroll_param="+param, nil)
	if listed(last) != "" || strings.Contains(last.Text, "scroll_param") {
		t.Errorf("the last page is %s", last.Text)
	}
	if r := s.Do(t, "GET", "/companies/scroll?scroll_param="+param, nil); r.Status != 404 {
		t.Errorf("after the last page: %d %s", r.Status, r.Text)
	}
	param, _ = s.Do(t, "GET", "/companies/scroll", nil).Get("scroll_param").(string)
	s.Clock.Pass(61 * time.Second)
	if r := s.Do(t, "GET", "/companies/scroll?scroll_param="+param, nil); r.Status != 404 {
		t.Errorf("after more than a minute: %d %s", r.Status, r.Text)
	}
	if r := s.Do(t, "GET", "/companies/scroll", nil); r.Status != 200 || listed(r) != "0 1 2" {
		t.Errorf("a new scroll then: %d %s", r.Status, r.Text)
	}
}

func TestAContactHasAThousandCompaniesAtMost(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	contact := s.Do(t, "POST", "/contacts", `{"role":"lead"}`).Get("id").(string)
	known := s.Do(t, "POST", "/companies", `{"company_id":"known"}`).Get("id").(string)
	s.Do(t, "POST", "/contacts/"+contact+"/companies", `{"id":"`+known+`"}`)
	err := s.Store.Write(t.Context(), func(w people.Writer) error {
		for i := range 999 {
			c := &people.Company{Workspace: s.Workspace, ID: s.Lobby.NewID(s.Clock.Now()), CompanyID: fmt.Sprint(i), CreatedAt: testkit.Began, UpdatedAt: testkit.Began}
			if err := errors.Join(w.InsertCompany(c), w.AttachCompany(s.Workspace, contact, c.ID, testkit.Began)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	made := s.Do(t, "POST", "/companies", `{"company_id":"more"}`).Get("id").(string)
	const full = "contact_company_limit_exceeded: Contact has reached the maximum of 1000 company associations"
	if r := s.Do(t, "POST", "/contacts/"+contact+"/companies", `{"id":"`+made+`"}`); r.Status != 400 || r.Refusal() != full {
		t.Errorf("one more: %d %s", r.Status, r.Text)
	}
	if r := s.Do(t, "POST", "/contacts/"+contact+"/companies", `{"id":"`+known+`"}`); r.Status != 200 {
		t.Errorf("one that it has: %d %s", r.Status, r.Text)
	}
	if r := s.Do(t, "GET", "/contacts/"+contact, nil); r.Get("companies.total_count") != 1000.0 || r.Get("companies.has_more") != true {
		text, _ := json.Marshal(r.Get("companies"))
		t.Errorf("the contact shows %s", text)
	}
}

func TestOnlyTheErrorAboutAnUnknownMemberHasNoRequestID(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	r := s.Do(t, "POST", "/companies", `{"test":"invalid"}`)
	if want := `{"type":"error.list","request_id":null,"errors":[{"code":"bad_request","message":"bad 'test' parameter","field":"test"}]}`; r.Status != 400 || r.Text != want {
		t.Errorf("got %d %s, want %s", r.Status, r.Text, want)
	}
	if r := s.Do(t, "POST", "/companies", `{}`); r.Get("request_id") == nil {
		t.Errorf("another error: %s", r.Text)
	}
}

func TestAnotherWorkspacesCompaniesAreLikeUnknownOnes(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := testkit.Start(t, database)
		ours, theirs := set(t, s, s.Client), set(t, s, s.NewWorkspace(t))
		for _, on := range []*stage{ours, theirs} {
			for _, step := range []step{madeCompany("acme"), attached("ada", "acme")} {
				step.run(t, on)
			}
		}
		before := theirs.snapshot(t)
		for _, request := range []struct{ do, body string }{
			{"GET /companies/ID", ""},
			{"PUT /companies/ID", `{"name":"X"}`},
			{"DELETE /companies/ID", ""},
			{"GET /companies/ID/contacts", ""},
			{"GET /companies/ID/segments", ""},
			{"GET /companies/ID/notes", ""},
			{"POST /companies/ID/notes", `{"body":"X"}`},
			{"POST /contacts/$ada/companies", `{"id":"ID"}`},
			{"DELETE /contacts/$ada/companies/ID", ""},
			{"POST /lobby/v1/visitors/$vera/companies", `{"id":"ID"}`},
			{"POST /contacts/ADA/companies", `{"id":"$acme"}`},
			{"GET /contacts/ADA/companies", ""},
			{"DELETE /contacts/ADA/companies/$acme", ""},
			{"POST /lobby/v1/visitors/VERA/companies", `{"id":"$acme"}`},
			{"GET /lobby/v1/visitors/VERA/companies", ""},
		} {
			answer := func(names ...string) string {
				filled := strings.NewReplacer(names...)
				method, path, _ := strings.Cut(ours.fill(filled.Replace(request.do)), " ")
				return answerOf(s.Do(t, method, path, ours.fill(filled.Replace(request.body)), at("2.16")...))
			}
			got := answer("ID", theirs.ids["$acme"], "ADA", theirs.ids["$ada"], "VERA", theirs.ids["$vera"])
			if want := answer("ID", strangersID, "ADA", strangersID, "VERA", strangersID); got != want {
				t.Errorf("%s with another workspace's id is answered\n%s\nand with an unknown one\n%s", request.do, got, want)
			}
		}
		if diff := theirs.changed(t, before); diff != "" {
			t.Errorf("the other workspace changed:\n%s", diff)
		}
		for _, list := range []string{"/companies", "/companies/scroll"} {
			if r := s.Do(t, "GET", list, nil); len(r.Get("data").([]any)) != 1 || r.Get("data.0.id") != ours.ids["$acme"] {
				t.Errorf("GET %s has their companies: %s", list, r.Text)
			}
		}
	})
}

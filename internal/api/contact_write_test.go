package api_test

import (
	"strings"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

const addContact = "POST /contacts"

// adds is a request that makes a contact, which the answer shows.
func adds(says, body, has string) scenario {
	return one(says, step{do: addContact, body: body, has: has, fires: []string{"contact.created new"}})
}

func addsNot(says, body string, status int, refused string) scenario {
	return one(says, step{do: addContact, body: body, status: status, refused: refused})
}

// changes is an update of a contact, which the answer shows.
func changesContact(says, who, body, has string) scenario {
	fires := []string{"contact.updated " + who}
	if strings.Contains(body, `"email"`) {
		fires = append(fires, "contact.email.updated "+who)
	}
	return one(says, step{do: "PUT /contacts/$" + who, body: body, has: has, fires: fires})
}

func changesContactNot(says, who, body string, status int, refused string) scenario {
	return one(says, step{do: "PUT /contacts/$" + who, body: body, status: status, refused: refused})
}

const (
	contactUnnamed = "parameter_not_found: email, external_id or role must be supplied"
	userUnknown    = "parameter_not_found: email or external_id must be supplied for a contact with user role"
	roleInvalid    = "parameter_invalid: role must be either lead or user"
	userStays      = "client_error: Contact with user role can't be converted to a lead"
	ownerUnknown   = "parameter_invalid: The owner specified is not a member of the workspace"
	leosWay        = "conflict: A contact matching those details already exists with id=$leo"
	noAttribute    = "parameter_invalid: Custom attribute 'colour' does not exist"
)

var newContacts = []scenario{
	adds("the request of the public reference makes a user", `{"email":"joebloggs@intercom.io"}`,
		`{"type":"contact","role":"user","email":"joebloggs@intercom.io","external_id":null,"name":null,"owner_id":null,
			"signed_up_at":null,"last_seen_at":null,"created_at":1700000000,"updated_at":1700000000,"custom_attributes":{}}`),
	adds("all that may be written", `{"role":"user","external_id":"n-1","email":" New@example.com ","phone":"+1","name":"New","avatar":"https://a.example/x.png",
			"signed_up_at":1,"last_seen_at":"2","owner_id":1,"unsubscribed_from_emails":true,"custom_attributes":{"plan":"pro","seats":2.5}}`,
		`{"role":"user","external_id":"n-1","email":"New@example.com","phone":"+1","name":"New","avatar":"https://a.example/x.png",
			"signed_up_at":1,"last_seen_at":2,"owner_id":1,"unsubscribed_from_emails":true,"custom_attributes":{"plan":"pro","seats":2.5}}`),
	adds("a lead may have no identifier", `{"role":"lead"}`, `{"role":"lead","external_id":null,"email":null}`),
	adds("an external id may be a number", `{"external_id":12345678901234567890}`, `{"role":"user","external_id":"12345678901234567890"}`),
	adds("an avatar may be an object", `{"role":"lead","avatar":{"type":"avatar","image_url":"https://a.example/x.png"}}`, `{"avatar":"https://a.example/x.png"}`),
	adds("an empty avatar is none", `{"role":"lead","avatar":{}}`, `{"avatar":null}`),
	adds("a lead may share an email with a user", `{"role":"lead","email":"ada@example.com"}`, `{"email":"ada@example.com"}`),
	adds("a user may share an email with a lead", `{"email":"leo@example.com"}`, `{"role":"user"}`),
	adds("a user may share an email with a visitor", `{"email":"victor@example.com"}`, `{"role":"user"}`),
	adds("an external id is compared in exact case", `{"external_id":"ADA-1"}`, `{"external_id":"ADA-1"}`),
	adds("nulls and blanks are nothing", `{"role":"lead","email":"","external_id":null,"name":"","owner_id":null,"custom_attributes":null}`,
		`{"role":"lead","email":null,"external_id":null,"name":null,"owner_id":null}`),
	adds("what is not to be written is ignored, whatever it is", `{"role":"lead","id":"x","type":[],"created_at":1,"tags":{},"colour":7,"language_override":"cy"}`,
		`{"role":"lead","created_at":1700000000,"language_override":null}`),
	addsNot("nobody is named", `{"name":"X"}`, 400, contactUnnamed),
	addsNot("an empty body names nobody", ``, 400, contactUnnamed),
	addsNot("nulls name nobody", `{"role":null,"email":null,"external_id":null}`, 400, contactUnnamed),
	addsNot("a user needs an identifier", `{"role":"user","name":"X"}`, 400, userUnknown),
	addsNot("a visitor is not made here", `{"role":"visitor","email":"x@example.com"}`, 400, roleInvalid),
	addsNot("an email that a user has", `{"email":"ADA@example.com"}`, 409, adasWay),
	addsNot("an external id that a user has", `{"external_id":"ada-1"}`, 409, adasWay),
	addsNot("an external id that a lead has", `{"role":"lead","external_id":"leo-1"}`, 409, leosWay),
	addsNot("an external id of a lead that was merged", `{"role":"lead","external_id":"lena-1"}`, 409, adasWay),
	addsNot("an email of an archived user", `{"email":"archie@example.com"}`, 409, archiesWay),
	addsNot("an external id of an archived user", `{"external_id":"archie-1"}`, 409, archiesWay),
	addsNot("an email of a blocked user", `{"email":"bob@example.com"}`, 400, bobsWay),
	addsNot("a placeholder for an external id", `{"external_id":"undefined"}`, 400,
		"parameter_invalid: external_id must not be a placeholder such as null, undefined or anonymous"),
	addsNot("no address", `{"email":"x"}`, 400, "parameter_invalid: email is not an email address"),
	addsNot("an owner who is no admin", `{"role":"lead","owner_id":2}`, 400, ownerUnknown),
	addsNot("an attribute that is not defined", `{"role":"lead","custom_attributes":{"plan":"pro","colour":"red"}}`, 400, noAttribute),
	addsNot("an attribute that is not defined, not even to be cleared", `{"role":"lead","custom_attributes":{"colour":null}}`, 400, noAttribute),
	addsNot("an attribute of another type", `{"role":"lead","custom_attributes":{"seats":"two"}}`, 400,
		"parameter_invalid: custom_attributes.seats must be of type integer"),
	addsNot("a name that is no text", `{"role":"lead","name":7}`, 400, "type_mismatch: name must be a string"),
	addsNot("an avatar that is no text", `{"role":"lead","avatar":7}`, 400, "type_mismatch: avatar must be a string"),
	addsNot("milliseconds", `{"role":"lead","signed_up_at":1700000000000}`, 400,
		"parameter_invalid: signed_up_at must be a Unix time in seconds, from 0 to 2147483647; 1700000000000 seems to be milliseconds"),
	one("the record in the way is named for machines too", step{
		do: addContact, body: `{"email":"ada@example.com"}`, status: 409, refused: adasWay, has: `{"errors":[{"existing_id":"$ada"}]}`,
	}),
	one("the language is written from Preview on", step{
		do: addContact, body: `{"role":"lead","language_override":"cy"}`, headers: []string{"Intercom-Version: Preview"},
		has: `{"language_override":"cy"}`, fires: []string{"contact.created new"},
	}),
	one("the owner is a text from 2.16 on", step{
		do: addContact, body: `{"role":"lead","owner_id":"1"}`, headers: []string{"Intercom-Version: 2.16"},
		has: `{"owner_id":"1"}`, fires: []string{"contact.created new"},
	}),
}

var changedContacts = []scenario{
	changesContact("what is absent stays", "ada", `{"phone":"+1","custom_attributes":{"seats":3}}`,
		`{"id":"$ada","name":"Ada","phone":"+1","email":"Ada@example.com","external_id":"ada-1","last_seen_at":1699913600,
			"custom_attributes":{"plan":"free","seats":3},"created_at":1699913600,"updated_at":1700000000}`),
	changesContact("an update that changes nothing still counts", "leo", `{}`, `{"id":"$leo","updated_at":1700000000}`),
	changesContact("an empty body changes nothing", "leo", ``, `{"id":"$leo","role":"lead"}`),
	changesContact("a null clears", "ada", `{"name":null,"last_seen_at":null,"signed_up_at":null,"custom_attributes":{"plan":null}}`,
		`{"name":null,"last_seen_at":null,"signed_up_at":null,"custom_attributes":{}}`),
	changesContact("an empty text clears", "ada", `{"name":"","email":""}`, `{"name":null,"email":null,"external_id":"ada-1"}`),
	changesContact("a null takes an identifier away when another is left", "ada", `{"external_id":null}`, `{"external_id":null,"email":"Ada@example.com"}`),
	changesContact("a lead needs no identifier", "leo", `{"external_id":null,"email":null}`, `{"external_id":null,"email":null}`),
	changesContact("a role that is null stays", "leo", `{"role":null}`, `{"role":"lead"}`),
	changesContact("the same role again", "ada", `{"role":"user"}`, `{"role":"user"}`),
	changesContact("its own identifiers are not in the way", "ada", `{"external_id":"ada-1","email":"ADA@example.com"}`, `{"email":"ADA@example.com"}`),
	changesContactNot("a user never becomes a lead", "ada", `{"role":"lead"}`, 400, userStays),
	changesContactNot("a user keeps an identifier", "eve", `{"external_id":null}`, 400, userUnknown),
	changesContactNot("an email that another user has", "eve", `{"external_id":null,"email":"ada@example.com"}`, 409, adasWay),
	changesContactNot("an external id that another contact has", "ada", `{"external_id":"leo-1"}`, 409, leosWay),
	changesContactNot("a lead becomes no user with the email of one", "leo", `{"role":"user","external_id":null,"email":"ada@example.com"}`, 409, adasWay),
	changesContactNot("an owner who is no admin", "ada", `{"owner_id":7}`, 400, ownerUnknown),
	changesContactNot("an attribute that is not defined", "ada", `{"custom_attributes":{"colour":"red"}}`, 400, noAttribute),
	changesContactNot("a role that is none", "ada", `{"role":"admin"}`, 400, roleInvalid),
	changesContactNot("a visitor", "vera", `{"name":"X"}`, 404, noUser),
	changesContactNot("an archived contact", "archie", `{"name":"X"}`, 404, noUser),
	changesContactNot("a blocked contact", "bob", `{"name":"X"}`, 404, noUser),
	changesContactNot("a merged contact", "olga", `{"name":"X"}`, 404, noUser),
	one("nobody", step{do: "PUT /contacts/nobody", body: `{"name":"X"}`, status: 404, refused: noUser}),
	one("a lead becomes a user, and the journal knows", step{
		do: "PUT /contacts/$leo", body: `{"role":"user","name":"Leo"}`, has: `{"id":"$leo","role":"user","name":"Leo","external_id":"leo-1"}`,
		identity: "converted", fires: []string{"contact.converted leo"}, writes: "converted lead→user leo→leo: ",
	}),
}

func does(says, do, has, fires string) scenario {
	s := step{do: do, has: has}
	if fires != "" {
		s.fires = []string{fires}
	}
	return one(says, s)
}

const v213 = "Intercom-Version: 2.13"

var hiddenContacts = []scenario{
	{"an archived contact is hidden and comes back", []step{
		{do: "POST /contacts/$ada/archive", has: `{"type":"contact","id":"$ada","object":"contact","external_id":"ada-1","archived":true}`, fires: []string{"contact.archived ada"}},
		{do: "GET /contacts/$ada", status: 404, refused: noUser},
		{do: "GET /contacts/find_by_external_id/ada-1", headers: []string{v213}, status: 404, refused: noUser},
		{do: "PUT /contacts/$ada", body: `{"name":"X"}`, status: 404, refused: noUser},
		{do: addContact, body: `{"email":"ada@example.com"}`, status: 409, refused: strings.ReplaceAll(archiesWay, "$archie", "$ada")},
		{do: "POST /contacts/$ada/archive", body: `{}`, has: `{"archived":true}`},
		{do: "POST /contacts/$ada/unarchive", has: `{"id":"$ada","archived":false}`, fires: []string{"contact.unarchived ada"}},
		{do: "POST /contacts/$ada/unarchive", has: `{"id":"$ada","archived":false}`},
		{do: "GET /contacts/$ada", has: `{"id":"$ada","name":"Ada","updated_at":1700000000}`},
	}},
	{"a blocked contact never comes back", []step{
		{do: "POST /contacts/$leo/block", headers: []string{v213}, has: `{"type":"contact","id":"$leo","external_id":"leo-1","blocked":true}`, fires: []string{"contact.blocked leo"}},
		{do: "POST /contacts/$leo/block", headers: []string{v213}, has: `{"blocked":true}`},
		{do: "GET /contacts/$leo", status: 404, refused: noUser},
		{do: "POST /contacts/$leo/archive", status: 404, refused: noUser},
		{do: "POST /contacts/$leo/unarchive", status: 400, refused: strings.ReplaceAll(bobsWay, "$bob", "$leo")},
		{do: addContact, body: `{"external_id":"leo-1"}`, status: 400, refused: strings.ReplaceAll(bobsWay, "$bob", "$leo")},
	}},
	one("an archived contact may be blocked", step{
		do: "POST /contacts/$archie/block", headers: []string{v213}, has: `{"blocked":true}`, fires: []string{"contact.blocked archie"},
	}),
	{"a deleted contact is gone, and its identifiers are free", []step{
		{do: "DELETE /contacts/$eve", body: `{}`, has: `{"type":"contact","id":"$eve","object":"contact","external_id":"eve-1","deleted":true}`, fires: []string{"contact.deleted eve"}},
		{do: "DELETE /contacts/$eve", status: 404, refused: noUser},
		{do: "GET /contacts/$eve", status: 404, refused: noUser},
		{do: "POST /contacts/$eve/unarchive", status: 404, refused: noUser},
		{do: addContact, body: `{"external_id":"eve-1"}`, as: "evette", fires: []string{"contact.created new"}},
		{do: "GET /contacts/$evette", has: `{"external_id":"eve-1"}`},
	}},
	{"who was merged goes with the contact", []step{
		{do: "DELETE /contacts/$ada", has: `{"deleted":true}`, fires: []string{"contact.deleted ada"}},
		{do: "GET /contacts/$olga", status: 404, refused: noUser},
		{do: "GET /lobby/v1/people/lena-1", status: 404, refused: "not_found: Person Not Found"},
	}},
	does("an archived contact is deleted by its id", "DELETE /contacts/$archie", `{"deleted":true}`, "contact.deleted archie"),
	does("a blocked contact is deleted by its id", "DELETE /contacts/$bob", `{"deleted":true}`, "contact.deleted bob"),
	one("a visitor is not deleted here", step{do: "DELETE /contacts/$vera", status: 404, refused: noUser}),
	one("a visitor is not archived", step{do: "POST /contacts/$vera/archive", status: 404, refused: noUser}),
	one("a merged contact is not archived", step{do: "POST /contacts/$olga/archive", status: 404, refused: noUser}),
	{"the deletion of a merged lead writes nothing, and the user stays", []step{
		{do: "DELETE /contacts/$lena", has: `{"id":"$lena","external_id":"lena-1","deleted":true}`},
		{do: "DELETE /contacts/$lena", headers: []string{"Intercom-Version: Preview"}, has: `{"id":"$lena","deleted":true}`},
		{do: "GET /contacts/$lena", status: 404, refused: noUser},
		{do: "GET /contacts/$ada", has: `{"id":"$ada","name":"Ada"}`},
	}},
	{"users share an email when each has an external id", []step{
		{do: addContact, body: `{"external_id":"u-1","email":"ADA@example.com"}`, as: "una", has: `{"role":"user","email":"ADA@example.com"}`, fires: []string{"contact.created new"}},
		{do: "PUT /contacts/$eve", body: `{"email":"ada@example.com"}`, has: `{"email":"ada@example.com"}`, fires: []string{"contact.updated eve", "contact.email.added eve"}},
		{do: convert, body: `{"type":"user","visitor":{"id":"$vera"},"user":{"user_id":"u-2","email":"ada@example.com"}}`, has: `{"id":"$vera","external_id":"u-2","email":"ada@example.com"}`, identity: "converted", fires: []string{"visitor.converted vera"}, writes: "converted visitor→user vera→vera"},
		{do: addContact, body: `{"email":"ada@example.com"}`, status: 409, refused: adasWay},
		{do: "POST /contacts/search", body: `{"query":{"field":"email","operator":"=","value":"ada@example.com"}}`, has: `{"total_count":4}`},
		{do: "PUT /contacts/$una", body: `{"external_id":null}`, has: `{"external_id":null}`, fires: []string{"contact.updated una"}},
		{do: "PUT /contacts/$eve", body: `{"external_id":null}`, status: 409, refused: strings.ReplaceAll(adasWay, "$ada", "$una")},
		{do: "POST /contacts/$una/archive", has: `{"archived":true}`, fires: []string{"contact.archived una"}},
		{do: "PUT /contacts/$eve", body: `{"external_id":null}`, has: `{"external_id":null}`, fires: []string{"contact.updated eve"}},
		{do: "POST /contacts/$una/unarchive", status: 409, refused: strings.ReplaceAll(adasWay, "$ada", "$eve")},
	}},
	{"a new contact has a life of its own", []step{
		{do: addContact, body: `{"role":"lead","name":"Nora"}`, as: "nora", fires: []string{"contact.created new"}},
		{
			do: "PUT /contacts/$nora", body: `{"role":"user","external_id":"nora-1"}`, has: `{"role":"user","signed_up_at":null}`,
			identity: "converted", fires: []string{"contact.converted nora"}, writes: "converted lead→user nora→nora",
		},
		{do: "PUT /contacts/$nora", body: `{"role":"user"}`, fires: []string{"contact.updated nora"}},
		{do: "GET /lobby/v1/people/nora-1", has: `{"id":"$nora","role":"user"}`},
		{do: "DELETE /contacts/$nora", has: `{"external_id":"nora-1"}`, fires: []string{"contact.deleted nora"}},
	}},
}

var byExternalID = []scenario{
	one("a user", step{do: "GET /contacts/find_by_external_id/ada-1", headers: []string{v213}, has: `{"id":"$ada"}`}),
	one("a lead", step{do: "GET /contacts/find_by_external_id/leo-1/", headers: []string{v213}, has: `{"id":"$leo"}`}),
	one("in exact case", step{do: "GET /contacts/find_by_external_id/ADA-1", headers: []string{v213}, status: 404, refused: noUser}),
	one("an id is no external id", step{do: "GET /contacts/find_by_external_id/$ada", headers: []string{v213}, status: 404, refused: noUser}),
	one("an archived one", step{do: "GET /contacts/find_by_external_id/archie-1", headers: []string{v213}, status: 404, refused: noUser}),
	one("a merged one up to 2.15", step{do: "GET /contacts/find_by_external_id/lena-1", headers: []string{v213}, status: 404, refused: noUser}),
	one("a merged one from 2.16 on", step{
		do: "GET /contacts/find_by_external_id/lena-1", headers: []string{"Intercom-Version: 2.16"}, status: 410,
		refused: "contact_merged: This contact has been merged. See the 'Link' header for the canonical contact.",
	}),
	one("not before 2.13", step{do: "GET /contacts/find_by_external_id/ada-1", status: 400, refused: notInVersion}),
}

var contactLists = []scenario{
	one("all live contacts, the newest first", step{
		do: "GET /contacts", has: `{"type":"list","data":[{"id":"$leo"},{"id":"$eve"},{"id":"$ann"},{"id":"$ada"}],"total_count":4,
			"pages":{"type":"pages","page":1,"per_page":50,"total_pages":1}}`,
	}),
	one("what would narrow it is ignored", step{do: "GET /contacts?email=ann@example.com&page=7", has: `{"total_count":4,"pages":{"page":1}}`}),
	one("the first page", step{
		do: "GET /contacts?per_page=3", has: `{"data":[{"id":"$leo"},{"id":"$eve"},{"id":"$ann"}],"total_count":4,
			"pages":{"type":"pages","page":1,"per_page":3,"total_pages":2,"next":{"page":2,"per_page":3,"starting_after":"$ann.1699913600"}}}`,
	}),
	one("the last page", step{
		do: "GET /contacts?per_page=3&starting_after=$ann.1699913600", has: `{"data":[{"id":"$ada"}],"total_count":4,"pages":{"page":2,"total_pages":2}}`,
	}),
	one("the last page, by a cursor that has no time", step{
		do: "GET /contacts?per_page=3&starting_after=$ann", has: `{"data":[{"id":"$ada"}],"total_count":4,"pages":{"page":2,"total_pages":2}}`,
	}),
	one("after the last", step{do: "GET /contacts?starting_after=$ada", has: `{"data":[],"total_count":4}`}),
	one("a page is never larger than 150", step{do: "GET /contacts?per_page=1000", has: `{"pages":{"per_page":150}}`}),
	one("a page of none is one of the usual size", step{do: "GET /contacts?per_page=0", has: `{"pages":{"per_page":50}}`}),
	one("a cursor that is none", step{
		do: "GET /contacts?starting_after=x", status: 400,
		refused: "client_error: Invalid starting_after param. Please try again using a starting_after value from a paginated response",
	}),
}

func TestContactsAreWritten(t *testing.T) {
	t.Parallel()
	play(t, groups{"create": newContacts, "update": changedContacts, "hide": hiddenContacts, "by external id": byExternalID, "list": contactLists})
}

func TestTheLastPageOfContactsHasNullForNext(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	empty := s.Do(t, "GET", "/contacts", nil)
	if empty.Get("pages.total_pages") != 0.0 || empty.Get("total_count") != 0.0 {
		t.Errorf("nobody: %s", empty.Text)
	}
	made := s.Do(t, "POST", "/contacts", `{"role":"lead"}`).Get("id").(string)
	company := s.Do(t, "POST", "/companies", `{"company_id":"a","name":"A"}`).Get("id").(string)
	s.Do(t, "POST", "/contacts/"+made+"/companies", `{"id":"`+company+`"}`)
	for _, r := range []*testkit.Response{ // null would stop one client that reads other lists
		s.Do(t, "POST", "/contacts/search", `{"query":{"field":"id","operator":"=","value":"`+made+`"}}`), s.Do(t, "GET", "/companies/"+company+"/contacts", nil),
	} {
		if r.Get("total_count") != 1.0 || strings.Contains(r.Text, `"next"`) {
			t.Errorf("another list has a next page, or null: %s", r.Text)
		}
	}
	for _, r := range []*testkit.Response{empty, s.Do(t, "GET", "/contacts?per_page=1", nil)} {
		if !strings.Contains(r.Text, `"next":null`) {
			t.Errorf("there is a next page, or none is said: %s", r.Text)
		}
	}
}

func TestWhatWasDoneWithAContactIsSaidInTheFormOfEachVersion(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, version := range apiversion.All() {
		header := "Intercom-Version: " + version.String()
		id := s.Do(t, "POST", "/contacts", `{"role":"lead"}`).Get("id").(string)
		object := ""
		if !version.AtLeast(apiversion.V2_10) {
			object = `"object":"contact",`
		}
		for _, c := range []struct{ method, path, flag string }{
			{"POST", "/archive", `"archived":true`}, {"POST", "/unarchive", `"archived":false`}, {"DELETE", "", `"deleted":true`},
		} {
			r := s.Do(t, c.method, "/contacts/"+id+c.path, nil, header)
			if want := `{"type":"contact","id":"` + id + `",` + object + `"external_id":null,` + c.flag + `}`; r.Text != want {
				t.Errorf("at %v %s%s answers %s, want %s", version, c.method, c.path, r.Text, want)
			}
		}
	}
}

func TestAWorkspaceMayFollowMergedIDsWhenItWrites(t *testing.T) {
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
	for _, c := range []struct{ do, body string }{
		{"PUT /contacts/$lena", `{"name":"Countess"}`},
		{"POST /contacts/$olga/archive", ""},
		{"POST /contacts/$lena/unarchive", ""},
		{"GET /contacts/find_by_external_id/olga-1", ""},
	} {
		method, path, _ := strings.Cut(on.fill(c.do), " ")
		if r := s.Do(t, method, path, c.body, v213); r.Status != 200 || r.Get("id") != on.ids["$ada"] {
			t.Errorf("%s: %d %s", c.do, r.Status, r.Text)
		}
	}
	// A deletion never follows: it would erase the one who stayed.
	before := on.snapshot(t)
	r := s.Do(t, "DELETE", on.fill("/contacts/$lena"), nil, v213)
	on.expect(t, "the deletion of a merged lead", r, `{"id":"$lena","external_id":"lena-1","deleted":true}`)
	if diff := on.changed(t, before); diff != "" {
		t.Errorf("it changed the database:\n%s", diff)
	}
}

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"lobby/internal/testkit"
)

var reads = []scenario{
	one("a visitor is found by user_id", step{
		do: "GET /visitors?user_id=$vera.user_id",
		has: `{"type":"visitor","id":"$vera","user_id":"$vera.user_id","anonymous":true,"email":"","phone":null,"name":null,
			"pseudonym":null,"avatar":{"type":"avatar","image_url":null},"companies":{"type":"company.list","companies":[]},
			"location_data":{},"last_request_at":null,"created_at":1699913600,"remote_created_at":1699913600,"signed_up_at":1699913600,
			"updated_at":1699913600,"session_count":0,"owner_id":null,"tags":{"type":"tag.list","tags":[]},
			"segments":{"type":"segment.list","segments":[]},"custom_attributes":{},"do_not_track":null}`,
	}),
	one("a visitor is found by id", step{do: "GET /visitors?id=$vera", has: `{"id":"$vera"}`}),
	one("a slash at the end does no harm before a query", step{do: "GET /visitors/?user_id=$vera.user_id", has: `{"id":"$vera"}`}),
	one("a path names a visitor by id", step{do: "GET /visitors/$vera", has: `{"id":"$vera"}`}),
	one("a path names a visitor by user_id", step{do: "GET /visitors/$vera.user_id", has: `{"id":"$vera"}`}),
	one("a slash at the end does no harm after an id", step{do: "GET /visitors/$vera/", has: `{"id":"$vera"}`}),
	one("an unknown id falls through to the user_id", step{do: "GET /visitors?id=nobody&user_id=$vera.user_id", has: `{"id":"$vera"}`}),
	one("the id wins over the user_id", step{do: "GET /visitors?id=$vera&user_id=$victor.user_id", has: `{"id":"$vera"}`}),
	one("a visitor shows all that is known", step{
		do: "GET /visitors?user_id=$victor.user_id",
		has: `{"id":"$victor","email":"victor@example.com","phone":"+1 123 456 789","name":"Victor","owner_id":"1",
			"avatar":{"type":"avatar","image_url":"https://example.com/victor.png"},"last_request_at":1699913660,"session_count":2,
			"location_data":{"type":"location_data","city_name":"Dublin","continent_code":"EU","country_code":"IRL",
				"country_name":"Ireland","postal_code":"D02 N960","region_name":"Leinster","timezone":"Europe/Dublin"},
			"unsubscribed_from_emails":true,"custom_attributes":{"plan":"pro","seats":3,"trial":true},
			"referrer":"https://www.google.com/","utm_campaign":"spring","utm_source":"Intercom","utm_term":null}`,
	}),
	one("nobody is named", step{do: "GET /visitors", status: 400, refused: visitorUnnamed}),
	one("a blank names nobody", step{do: "GET /visitors?user_id=&id=", status: 400, refused: visitorUnnamed}),
	one("an email names nobody", step{do: "GET /visitors?email=victor@example.com", status: 400, refused: visitorUnnamed}),
	one("a user_id is compared in exact case", step{do: "GET /visitors?user_id=FAIL", status: 404, refused: noVisitor}),
	one("a user is no visitor, by id", step{do: "GET /visitors?id=$ada", status: 404, refused: noVisitor}),
	one("a user is no visitor, by external id", step{do: "GET /visitors?user_id=ada-1", status: 404, refused: noVisitor}),
	one("a lead is no visitor, by external id", step{do: "GET /visitors?user_id=leo-1", status: 404, refused: noVisitor}),
	one("a lead is no visitor, by path", step{do: "GET /visitors/$leo", status: 404, refused: noVisitor}),
}

var updates = []scenario{
	one("the request of the public reference gives a name", step{
		do: "PUT /visitors", body: `{"id":"$vera","name":"Gareth Bale"}`,
		has: `{"type":"visitor","id":"$vera","name":"Gareth Bale","created_at":1699913600,"updated_at":1700000000}`,
	}),
	one("the refused request of the public reference", step{
		do: "PUT /visitors", body: `{"user_id":"fail","name":"Christian Fail"}`, status: 404, refused: noVisitor,
	}),
	one("a visitor is named by user_id", step{
		do: "PUT /visitors", body: `{"user_id":"$vera.user_id","name":"V"}`, has: `{"id":"$vera","name":"V"}`,
	}),
	one("the Java client's slash does no harm", step{
		do: "PUT /visitors/", body: `{"user_id":"$vera.user_id","name":"V"}`, has: `{"name":"V"}`,
	}),
	one("the Java client sends a whole visitor", step{
		do:   "PUT /visitors/",
		body: `{"id":"$vera","user_id":"$vera.user_id","email":"a@b.c","name":"V","avatar":{},"custom_attributes":{},"unsubscribed_from_emails":true}`,
		has:  `{"id":"$vera","name":"V","email":"","unsubscribed_from_emails":false}`,
	}),
	one("the Ruby client names the visitor by path only", step{
		do: "PUT /visitors/$vera", body: `{"custom_attributes":{"plan":"pro"},"name":"V"}`,
		has: `{"id":"$vera","name":"V","custom_attributes":{"plan":"pro"}}`,
	}),
	one("a path may hold the user_id", step{do: "PUT /visitors/$vera.user_id", body: `{"name":"V"}`, has: `{"id":"$vera","name":"V"}`}),
	one("older Node clients update with POST", step{
		do: "POST /visitors", body: `{"id":"$vera","email":"a@b.c","name":"V"}`, has: `{"id":"$vera","name":"V","email":""}`,
	}),
	one("POST never makes a visitor", step{
		do: "POST /visitors", body: `{"user_id":"3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3"}`, status: 404, refused: noVisitor,
	}),
	one("POST needs to name somebody", step{do: "POST /visitors", body: `{"email":"a@b.c"}`, status: 400, refused: visitorUnnamed}),
	one("an email names nobody", step{
		do: "PUT /visitors", body: `{"email":"victor@example.com","name":"V"}`, status: 400, refused: visitorUnnamed,
	}),
	one("an empty body names nobody", step{do: "PUT /visitors", status: 400, refused: visitorUnnamed}),
	one("PHP's empty body names nobody", step{do: "PUT /visitors", body: `[]`, status: 400, refused: visitorUnnamed}),
	one("a null names nobody", step{do: "PUT /visitors", body: `{"id":null,"user_id":null}`, status: 400, refused: visitorUnnamed}),
	one("an unknown id falls through to the user_id", step{
		do: "PUT /visitors", body: `{"id":"x","user_id":"$vera.user_id"}`, has: `{"id":"$vera"}`,
	}),
	one("the id wins over the user_id", step{
		do: "PUT /visitors", body: `{"id":"$vera","user_id":"$victor.user_id","name":"V"}`, has: `{"id":"$vera","name":"V"}`,
	}),
	one("an update that changes nothing still counts", step{
		do: "PUT /visitors", body: `{"id":"$victor"}`, has: `{"name":"Victor","updated_at":1700000000}`,
	}),
	one("a null clears the name", step{do: "PUT /visitors", body: `{"id":"$victor","name":null}`, has: `{"name":null}`}),
	one("an empty text clears the name", step{do: "PUT /visitors", body: `{"id":"$victor","name":""}`, has: `{"name":null}`}),
	one("what is not to be written is ignored, whatever it is", step{
		do: "PUT /visitors",
		body: `{"id":"$vera","email":[],"phone":1,"owner_id":"x","utm_source":{},"last_request_at":"now","created_at":1,
			"type":"visitor","anonymous":false,"session_count":9,"pseudonym":"x","role":"user"}`,
		has: `{"id":"$vera","email":"","phone":null,"owner_id":null,"utm_source":null,"last_request_at":null,
			"created_at":1699913600,"anonymous":true,"session_count":0}`,
	}),
	one("a name is a string", step{
		do: "PUT /visitors", body: `{"id":"$vera","name":1}`, status: 400, refused: "type_mismatch: name must be a string",
	}),
	one("an id is no boolean", step{
		do: "PUT /visitors", body: `{"id":true}`, status: 400, refused: "type_mismatch: id must be a string or a whole number",
	}),
	one("a user is no visitor", step{do: "PUT /visitors", body: `{"id":"$ada","name":"V"}`, status: 404, refused: noVisitor}),
	one("a lead is no visitor", step{do: "PUT /visitors/$leo", body: `{"name":"V"}`, status: 404, refused: noVisitor}),
}

var deletions = []scenario{
	{"a deleted visitor is shown once more", []step{
		{do: "DELETE /visitors/$victor", has: `{"type":"visitor","id":"$victor","user_id":"$victor.user_id","name":"Victor"}`},
		{do: "DELETE /visitors/$victor", status: 404, refused: noVisitor},
		{do: "GET /visitors?user_id=$victor.user_id", status: 404, refused: noVisitor},
		{do: "GET /lobby/v1/people/$victor", status: 404, refused: "not_found: Person Not Found"},
		{do: convert, body: `{"type":"lead","visitor":{"id":"$victor"}}`, status: 404, refused: noVisitor, identity: "refused; reason=not_found"},
	}},
	one("a user_id deletes too, and PHP's body is ignored", step{do: "DELETE /visitors/$vera.user_id", body: `[]`, has: `{"id":"$vera"}`}),
	one("Ruby's body is ignored", step{do: "DELETE /visitors/$vera", body: `{"id":"$victor"}`, has: `{"id":"$vera"}`}),
	one("a broken body is ignored", step{do: "DELETE /visitors/$vera/", body: `{`, has: `{"id":"$vera"}`}),
	one("a user is not deleted", step{do: "DELETE /visitors/$ada", status: 404, refused: noVisitor}),
	one("a lead is not deleted", step{do: "DELETE /visitors/leo-1", status: 404, refused: noVisitor}),
}

func TestVisitors(t *testing.T) {
	t.Parallel()
	play(t, groups{"read": reads, "update": updates, "delete": deletions})
}

func TestTheFirstUpdateGivesAPseudonymAndItsPicture(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	made := s.Do(t, "POST", "/lobby/v1/visitors", `{}`)
	if made.Get("pseudonym") != nil || made.Get("avatar.image_url") != nil {
		t.Errorf("before: %s", made.Text)
	}
	id := made.Get("id").(string)
	first := s.Do(t, "PUT", "/visitors", map[string]string{"id": id})
	pseudonym, _ := first.Get("pseudonym").(string)
	picture, _ := first.Get("avatar.image_url").(string)
	path, ours := strings.CutPrefix(picture, s.URL)
	if len(strings.Fields(pseudonym)) != 2 || !ours {
		t.Fatalf("after: %s", first.Text)
	}
	if r := s.Do(t, "GET", path, nil); r.Status != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), "image/") {
		t.Errorf("%s: %d %s", picture, r.Status, r.Header.Get("Content-Type"))
	}
	if again := s.Do(t, "PUT", "/visitors", map[string]string{"id": id}); again.Get("pseudonym") != pseudonym {
		t.Errorf("the second update changed %q: %s", pseudonym, again.Text)
	}
	lead := s.Do(t, "POST", "/visitors/convert", map[string]any{"type": "lead", "visitor": map[string]string{"id": id}})
	if lead.Get("avatar") != nil {
		t.Errorf("a lead has the picture of its pseudonym: %s", lead.Text)
	}
}

func TestPicturesAreFoundWhereThePublicSeesTheServer(t *testing.T) {
	t.Parallel()
	for base, s := range map[string]*testkit.Instance{
		"https://lobby.example": testkit.Start(t, testkit.PublicURL("https://lobby.example")),
		"http://proxy.example":  testkit.Start(t),
	} {
		id := s.Do(t, "POST", "/lobby/v1/visitors", `{"pseudonym":"Charcoal Balloon from Dublin"}`).Get("id").(string)
		got := s.Do(t, "GET", "/visitors/"+id, nil, "Host: proxy.example").Get("avatar.image_url")
		if want := base + "/avatars/pseudonym/charcoal-balloon.png"; got != want {
			t.Errorf("the picture is at %v, want %s", got, want)
		}
	}
}

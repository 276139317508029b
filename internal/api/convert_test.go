package api_test

import (
	"strings"
	"testing"
)

const convert = "POST /visitors/convert"

// converts is a conversion of Vera into a user, with what the user object holds.
func converts(says, user string, s step) scenario {
	s.do, s.body = convert, `{"type":"user","visitor":{"user_id":"$vera.user_id"},"user":`+user+`}`
	return one(says, s)
}

// nothingOf is the entry of Vera's merge: nothing is known of her, so there was nothing to decide.
const nothingOf = "merged visitor→user vera→"

var convertsInPlace = []scenario{
	one("the request of the public reference makes a new user in place", step{
		do: convert, body: `{"visitor":{"user_id":"$vera.user_id"},"user":{"email":"foo@bar.com"},"type":"user"}`,
		has: `{"type":"contact","id":"$vera","role":"user","email":"foo@bar.com","external_id":null,"name":null,"avatar":null,
			"owner_id":null,"created_at":1699913600,"signed_up_at":1699913600,"updated_at":1700000000,"last_seen_at":null,
			"tags":{"type":"list","data":[],"url":"/contacts/$vera/tags","total_count":0,"has_more":false}}`,
		identity: "converted", fires: []string{"visitor.converted vera"},
		writes: "converted visitor→user vera→vera: anonymous_id discarded",
	}),
	converts("a user_id that nobody has means a new user with that external id", `{"user_id":"new-1"}`, step{
		has:      `{"id":"$vera","role":"user","external_id":"new-1","email":null}`,
		identity: "converted", fires: []string{"visitor.converted vera"},
		writes: "converted visitor→user vera→vera: anonymous_id discarded",
	}),
	converts("an external id may be a number", `{"user_id":12345678901234567890}`, step{
		has:      `{"id":"$vera","external_id":"12345678901234567890"}`,
		identity: "converted", fires: []string{"visitor.converted vera"},
		writes: "converted visitor→user vera→vera: anonymous_id discarded",
	}),
	converts("an external id is compared in exact case", `{"user_id":"ADA-1"}`, step{
		has:      `{"id":"$vera","external_id":"ADA-1"}`,
		identity: "converted", fires: []string{"visitor.converted vera"},
		writes: "converted visitor→user vera→vera: anonymous_id discarded",
	}),
	converts("null members of user count as absent", `{"id":null,"user_id":null,"email":"new@example.com"}`, step{
		has:      `{"id":"$vera","external_id":null,"email":"new@example.com"}`,
		identity: "converted", fires: []string{"visitor.converted vera"},
		writes: "converted visitor→user vera→vera: anonymous_id discarded",
	}),
	converts("blanks around an email are not part of it", `{"email":" new@example.com\t"}`, step{
		has:      `{"id":"$vera","email":"new@example.com"}`,
		identity: "converted", fires: []string{"visitor.converted vera"},
		writes: "converted visitor→user vera→vera: anonymous_id discarded",
	}),
	converts("the email of a lead does not name a user", `{"email":"leo@example.com"}`, step{
		has:      `{"id":"$vera","role":"user","email":"leo@example.com"}`,
		identity: "converted", fires: []string{"visitor.converted vera"},
		writes: "converted visitor→user vera→vera: anonymous_id discarded",
	}),
	one("all that a visitor told stays with the user that it becomes", step{
		do: convert, body: `{"type":"user","visitor":{"id":"$victor"},"user":{"user_id":"victor-1"}}`,
		has: `{"id":"$victor","external_id":"victor-1","email":"victor@example.com","phone":"+1 123 456 789","name":"Victor",
			"avatar":"https://example.com/victor.png","owner_id":1,"unsubscribed_from_emails":true,"last_seen_at":1699913660,
			"browser":"Chrome","os":"Mac OS X","referrer":"https://www.google.com/","utm_campaign":"spring","utm_source":"Intercom",
			"location":{"type":"location","country":"Ireland","region":"Leinster","city":"Dublin","country_code":"IRL","continent_code":"EU"},
			"custom_attributes":{"plan":"pro","seats":3,"trial":true}}`,
		identity: "converted", fires: []string{"visitor.converted victor"},
		writes: "converted visitor→user victor→victor: anonymous_id discarded, email kept",
	}),
	one("an email that is given replaces the visitor's own", step{
		do: convert, body: `{"type":"user","visitor":{"id":"$victor"},"user":{"email":"other@example.com"}}`,
		has:      `{"id":"$victor","email":"other@example.com"}`,
		identity: "converted", fires: []string{"visitor.converted victor"},
		writes: "converted visitor→user victor→victor: anonymous_id discarded, email discarded",
	}),
	one("a lead keeps the id, and the user_id as its external id", step{
		do: convert, body: `{"type":"lead","visitor":{"user_id":"$victor.user_id"}}`,
		has: `{"type":"contact","id":"$victor","role":"lead","external_id":"$victor.user_id","email":"victor@example.com",
			"name":"Victor","signed_up_at":null,"created_at":1699913600}`,
		identity: "converted", fires: []string{"visitor.converted victor"},
		writes: "converted visitor→lead victor→victor: anonymous_id adopted",
	}),
}

// leadFrom is a conversion to a lead by a body that some client sends.
func leadFrom(says, body string) scenario {
	return one(says, step{
		do: convert, body: body, has: `{"id":"$vera","role":"lead"}`,
		identity: "converted", fires: []string{"visitor.converted vera"},
		writes: "converted visitor→lead vera→vera: anonymous_id adopted",
	})
}

var convertsToLead = []scenario{
	leadFrom("a lead needs no user", `{"type":"lead","visitor":{"user_id":"$vera.user_id"}}`),
	leadFrom("a lead may come with an empty user", `{"type":"lead","visitor":{"user_id":"$vera.user_id"},"user":{}}`),
	leadFrom("a lead may come with a null user", `{"type":"lead","visitor":{"user_id":"$vera.user_id"},"user":null}`),
	leadFrom("a lead may come with PHP's empty user", `{"type":"lead","visitor":{"user_id":"$vera.user_id"},"user":[]}`),
	leadFrom("the user of a lead is not read, whoever it names", `{"type":"lead","visitor":{"user_id":"$vera.user_id"},"user":{"id":"$ada","email":"null"}}`),
	leadFrom("the user of a lead is not read, whatever it is", `{"type":"lead","visitor":{"user_id":"$vera.user_id"},"user":"nobody"}`),
	leadFrom("the Java client names a visitor twice", `{"type":"lead","visitor":{"user_id":"$vera.user_id","id":"$vera"}}`),
	leadFrom("an unknown id of a visitor falls through to the user_id", `{"type":"lead","visitor":{"id":"$vera.user_id","user_id":"$vera.user_id"}}`),
	leadFrom("the id of a visitor wins over the user_id", `{"type":"lead","visitor":{"id":"$vera","user_id":"$victor.user_id"}}`),
	leadFrom("a visitor's email is not read beside an id", `{"type":"lead","visitor":{"id":"$vera","email":"victor@example.com"}}`),
	leadFrom("a blank id of a visitor is none", `{"type":"lead","visitor":{"id":"","user_id":"$vera.user_id"}}`),
	leadFrom("members that nobody knows are ignored", `{"type":"lead","visitor":{"user_id":"$vera.user_id","x":[{}]},"y":1}`),
	one("an email names the only visitor that has it, ignoring case", step{
		do: convert, body: `{"type":"lead","visitor":{"email":"VICTOR@example.com"}}`,
		has: `{"id":"$victor"}`, identity: "converted", fires: []string{"visitor.converted victor"},
		writes: "converted visitor→lead victor→victor: anonymous_id adopted",
	}),
}

var convertsByMerging = []scenario{
	converts("the user with the given id takes the visitor in", `{"id":"$ada"}`, step{
		has:      `{"id":"$ada","role":"user","external_id":"ada-1","email":"Ada@example.com","updated_at":1700000000,"created_at":1699913600}`,
		identity: "merged", fires: []string{"visitor.converted ada"}, writes: nothingOf + "ada: ",
	}),
	converts("the user with the external id takes the visitor in", `{"user_id":"ada-1"}`, step{
		has:      `{"id":"$ada"}`,
		identity: "merged", fires: []string{"visitor.converted ada"}, writes: nothingOf + "ada: ",
	}),
	converts("the user with the email takes the visitor in, ignoring case", `{"email":"aDA@Example.COM"}`, step{
		has:      `{"id":"$ada","email":"Ada@example.com"}`,
		identity: "merged", fires: []string{"visitor.converted ada"}, writes: nothingOf + "ada: ",
	}),
	converts("id decides before user_id and email", `{"id":"$ada","user_id":"eve-1","email":"ann@example.com"}`, step{
		has:      `{"id":"$ada","external_id":"ada-1","email":"Ada@example.com"}`,
		identity: "merged", fires: []string{"visitor.converted ada"}, writes: nothingOf + "ada: ",
	}),
	converts("user_id decides before email", `{"user_id":"ada-1","email":"ann@example.com"}`, step{
		has:      `{"id":"$ada","email":"Ada@example.com"}`,
		identity: "merged", fires: []string{"visitor.converted ada"}, writes: nothingOf + "ada: ",
	}),
	converts("an email that is given fills an empty one", `{"user_id":"eve-1","email":"eve@example.com"}`, step{
		has:      `{"id":"$eve","email":"eve@example.com"}`,
		identity: "merged", fires: []string{"visitor.converted eve"}, writes: nothingOf + "eve: ",
	}),
	converts("a user_id that is given fills an empty external id", `{"id":"$ann","user_id":"ann-1"}`, step{
		has:      `{"id":"$ann","external_id":"ann-1","email":"ann@example.com"}`,
		identity: "merged", fires: []string{"visitor.converted ann"}, writes: nothingOf + "ann: ",
	}),
	converts("a lead named by its id becomes a user and takes the visitor in", `{"id":"$leo"}`, step{
		has:      `{"id":"$leo","role":"user","external_id":"leo-1","email":"leo@example.com"}`,
		identity: "merged", fires: []string{"visitor.converted leo"}, writes: nothingOf + "leo: ",
	}),
	converts("an id that was merged away leads to who absorbed it", `{"id":"$olga"}`, step{
		has:      `{"id":"$ada"}`,
		identity: "merged", fires: []string{"visitor.converted ada"}, writes: nothingOf + "ada: ",
	}),
	converts("an external id that was merged away leads to who absorbed it", `{"user_id":"olga-1"}`, step{
		has:      `{"id":"$ada","external_id":"ada-1"}`,
		identity: "merged", fires: []string{"visitor.converted ada"}, writes: nothingOf + "ada: ",
	}),
	one("a merge keeps what the user has and fills what it lacks", step{
		do: convert, body: `{"type":"user","visitor":{"id":"$victor"},"user":{"user_id":"ada-1"}}`,
		has: `{"id":"$ada","external_id":"ada-1","email":"Ada@example.com","name":"Ada","phone":"+1 123 456 789",
			"avatar":"https://example.com/victor.png","owner_id":1,"unsubscribed_from_emails":false,"last_seen_at":1699913660,
			"browser":"Chrome","referrer":"https://www.google.com/","utm_campaign":"spring","location":{"city":"Dublin"},
			"created_at":1699913600,"signed_up_at":1699913600,"updated_at":1700000000,
			"custom_attributes":{"plan":"free","seats":3,"trial":true}}`,
		identity: "merged", fires: []string{"visitor.converted ada"},
		writes: "merged visitor→user victor→ada: email discarded, phone adopted, name discarded, avatar adopted, owner_id adopted, " +
			"unsubscribed_from_emails discarded, last_seen_at adopted, browser adopted, browser_version adopted, " +
			"browser_language adopted, os adopted, location_city adopted, location_region adopted, location_country adopted, " +
			"location_country_code adopted, location_continent_code adopted, location_postal_code adopted, location_timezone adopted, " +
			"referrer adopted, utm_campaign adopted, utm_source adopted, session_count discarded, " +
			"custom_attributes.plan discarded, custom_attributes.seats adopted, custom_attributes.trial adopted",
	}),
	one("the visitor's own email never goes to an existing user", step{
		do: convert, body: `{"type":"user","visitor":{"id":"$victor"},"user":{"user_id":"eve-1"}}`,
		has:      `{"id":"$eve","email":null,"unsubscribed_from_emails":false}`,
		identity: "merged", fires: []string{"visitor.converted eve"}, writes: victorIntoEve,
	}),
	one("an unsubscription comes with the address that is adopted", step{
		do: convert, body: `{"type":"user","visitor":{"id":"$victor"},"user":{"user_id":"eve-1","email":"victor@example.com"}}`,
		has:      `{"id":"$eve","email":"victor@example.com","unsubscribed_from_emails":true}`,
		identity: "merged", fires: []string{"visitor.converted eve"}, writes: strings.NewReplacer(
			"email discarded", "email adopted", "emails discarded", "emails adopted",
		).Replace(victorIntoEve),
	}),
}

const victorIntoEve = "merged visitor→user victor→eve: email discarded, phone adopted, name adopted, avatar adopted, owner_id adopted, " +
	"unsubscribed_from_emails discarded, last_seen_at adopted, browser adopted, browser_version adopted, " +
	"browser_language adopted, os adopted, location_city adopted, location_region adopted, location_country adopted, " +
	"location_country_code adopted, location_continent_code adopted, location_postal_code adopted, location_timezone adopted, " +
	"referrer adopted, utm_campaign adopted, utm_source adopted, session_count discarded, " +
	"custom_attributes.plan adopted, custom_attributes.seats adopted, custom_attributes.trial adopted"

func TestConversion(t *testing.T) {
	t.Parallel()
	play(t, groups{
		"in place": convertsInPlace, "to a lead": convertsToLead, "by merging": convertsByMerging,
	})
}

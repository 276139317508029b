package api_test

import (
	"strings"
	"testing"

	"lobby/internal/testkit"
)

const (
	noResource  = "not_found: Resource Not Found"
	leaveNews   = `{"id":"1","consent_type":"opt_out"}`
	enterNews   = `{"id":"1","consent_type":"opt_in"}`
	leaveText   = `{"id":2,"consent_type":"opt_out"}`
	enterText   = `{"id":2,"consent_type":"opt_in"}`
	newsletters = `{"type":"subscription","id":"1","state":"live","consent_type":"opt_out","content_types":["email"],
		"default_translation":{"name":"Newsletters","description":"News by email","locale":"en"},
		"translations":[{"name":"Newsletters","description":"News by email","locale":"en"}]}`
	textMessages = `{"type":"subscription","id":"2","state":"live","consent_type":"opt_in","content_types":["sms_message"],
		"default_translation":{"name":"Text messages"}}`
)

var subscriptionTypes = []scenario{
	one("a new workspace has one of each consent", step{do: "GET /subscription_types", has: `{"type":"list","data":[` + newsletters + `,` + textMessages + `]}`}),
	{"one is made, changed and archived, and shown everywhere", []step{
		{
			do: "POST /lobby/v1/subscription_types", body: `{"consent_type":"opt_in","default_translation":{"name":"Offers"}}`,
			has: `{"type":"subscription","id":"3","state":"live","consent_type":"opt_in","content_types":["email"],
				"default_translation":{"name":"Offers","description":"","locale":"en"},"translations":[{"name":"Offers"}]}`,
		},
		{
			do: "PUT /lobby/v1/subscription_types/3",
			body: `{"content_types":["sms_message","email"],"default_translation":{"name":"Angebote","locale":"de"},
				"translations":[{"name":"Offers","description":"All","locale":"en"}],"consent_type":"opt_in"}`,
			has: `{"content_types":["sms_message","email"],"default_translation":{"name":"Angebote","description":"","locale":"de"},
				"translations":[{"name":"Angebote","locale":"de"},{"name":"Offers","description":"All","locale":"en"}]}`,
		},
		{
			do: "PUT /lobby/v1/subscription_types/3", body: `{"state":"archived","default_translation":{"description":null},"content_types":null,"consent_type":null}`,
			has: `{"state":"archived","content_types":["sms_message","email"],"translations":[{"name":"Angebote"},{"name":"Offers"}]}`,
		},
		{do: "GET /subscription_types", has: `{"data":[` + newsletters + `,` + textMessages + `,{"id":"3","state":"archived"}]}`},
		{do: "GET /lobby/v1/subscription_types", has: `{"data":[{"id":"1"},{"id":"2"},{"id":"3"}]}`},
		{do: "POST /contacts/$ada/subscriptions", body: `{"id":3,"consent_type":"opt_in"}`, has: `{"id":"3","state":"archived"}`, fires: []string{"contact.subscribed ada"}},
		{do: "PUT /lobby/v1/subscription_types/3", body: `{"state":"live"}`, has: `{"state":"live"}`},
	}},
	{"what is shown can be sent back", []step{
		{do: "PUT /lobby/v1/subscription_types/1", body: newsletters, has: newsletters},
	}},
	turnsDown("no consent", "POST /lobby/v1/subscription_types", `{"default_translation":{"name":"X"}}`, 400,
		"parameter_invalid: consent_type must be either opt_out or opt_in"),
	turnsDown("no name", "POST /lobby/v1/subscription_types", `{"consent_type":"opt_in"}`, 400, "parameter_invalid: default_translation.name is blank"),
	turnsDown("another consent", "PUT /lobby/v1/subscription_types/1", `{"consent_type":"opt_in"}`, 400, "parameter_invalid: consent_type cannot be changed"),
	turnsDown("an unknown state", "PUT /lobby/v1/subscription_types/1", `{"state":"dead"}`, 400, "parameter_invalid: state must be live, draft or archived"),
	turnsDown("another kind of message", "PUT /lobby/v1/subscription_types/1", `{"content_types":["fax"]}`, 400,
		"parameter_invalid: content_types must be email or sms_message each"),
	turnsDown("no kind of message", "PUT /lobby/v1/subscription_types/1", `{"content_types":[]}`, 400, "parameter_invalid: content_types must be at least one"),
	turnsDown("one locale twice", "PUT /lobby/v1/subscription_types/1",
		`{"translations":[{"name":"A","locale":"de"},{"name":"B","locale":"de"}]}`, 400, "parameter_invalid: translations must be of different locales"),
	turnsDown("translations that are none", "PUT /lobby/v1/subscription_types/1", `{"translations":["de"]}`, 400,
		"type_mismatch: translations must be a list of objects"),
	turnsDown("a translation of another kind", "PUT /lobby/v1/subscription_types/1", `{"translations":[{"name":1}]}`, 400,
		"type_mismatch: translations.0.name must be a string"),
	turnsDown("no locale", "PUT /lobby/v1/subscription_types/1", `{"translations":[{"name":"A"}]}`, 400,
		"parameter_invalid: translations.locale must be a locale, as in en or pt-BR"),
	turnsDown("an unknown id", "PUT /lobby/v1/subscription_types/3", `{}`, 404, noResource),
	turnsDown("an id that is none", "PUT /lobby/v1/subscription_types/$ada", `{}`, 404, noResource),
}

var choices = []scenario{
	{"a contact leaves and enters, and takes it back", []step{
		{do: "GET /contacts/$ada/subscriptions", has: `{"type":"list","data":[]}`},
		{do: "POST /contacts/$ada/subscriptions", body: leaveNews, has: newsletters, fires: []string{"contact.unsubscribed ada"}},
		{do: "POST /contacts/$ada/subscriptions", body: leaveNews, has: newsletters},
		{do: "POST /contacts/$ada/subscriptions", body: enterText, has: textMessages, fires: []string{"contact.subscribed ada"}},
		{do: "GET /contacts/$ada/subscriptions", has: `{"type":"list","data":[` + newsletters + `,` + textMessages + `]}`},
		{do: "GET /contacts/$ada", has: `{
			"opted_out_subscription_types":{"type":"list","data":[{"type":"subscription","id":"1","url":"/subscription_types/1"}],
				"url":"/contacts/$ada/subscriptions","total_count":1,"has_more":false},
			"opted_in_subscription_types":{"data":[{"id":"2"}],"total_count":1}}`},
		{do: "GET /contacts/$leo/subscriptions", has: `{"data":[]}`},
		{do: "DELETE /contacts/$ada/subscriptions/1", has: newsletters, fires: []string{"contact.subscribed ada"}},
		{do: "DELETE /contacts/$ada/subscriptions/1", has: newsletters},
		{do: "DELETE /contacts/$ada/subscriptions/2", has: textMessages, fires: []string{"contact.unsubscribed ada"}},
		{do: "GET /contacts/$ada", has: `{"opted_out_subscription_types":{"data":[],"total_count":0},"opted_in_subscription_types":{"data":[],"total_count":0}}`},
	}},
	{"the first type of a new workspace is attached and detached as the official suites do it", []step{
		{do: "POST /contacts/$ada/subscriptions", body: enterNews, has: newsletters},
		{do: "GET /contacts/$ada/subscriptions", has: `{"data":[]}`},
		{do: "DELETE /contacts/$ada/subscriptions/1", has: newsletters},
	}},
	{"the other consent takes a choice back", []step{
		{do: "POST /contacts/$ada/subscriptions", body: leaveNews, has: newsletters, fires: []string{"contact.unsubscribed ada"}},
		{do: "POST /contacts/$ada/subscriptions", body: enterNews, has: newsletters, fires: []string{"contact.subscribed ada"}},
		{do: "POST /contacts/$ada/subscriptions", body: enterNews, has: newsletters},
		{do: "POST /contacts/$ada/subscriptions", body: enterText, has: textMessages, fires: []string{"contact.subscribed ada"}},
		{do: "POST /contacts/$ada/subscriptions", body: leaveText, has: textMessages, fires: []string{"contact.unsubscribed ada"}},
		{do: "POST /contacts/$ada/subscriptions", body: leaveText, has: textMessages},
		{do: "GET /contacts/$ada/subscriptions", has: `{"data":[]}`},
		{do: "POST /contacts/$ada/subscriptions", body: leaveNews, has: newsletters, fires: []string{"contact.unsubscribed ada"}},
	}},
	turnsDown("an unknown contact, whatever else", "POST /contacts/"+strangersID+"/subscriptions", `{"id":"9","consent_type":"x"}`, 404, noUser),
	turnsDown("a visitor", "POST /contacts/$vera/subscriptions", leaveNews, 404, noUser),
	turnsDown("an archived contact", "POST /contacts/$archie/subscriptions", leaveNews, 404, noUser),
	turnsDown("a merged contact", "POST /contacts/$lena/subscriptions", leaveNews, 404, noUser),
	turnsDown("nobody to list", "GET /contacts/$vera/subscriptions", "", 404, noUser),
	turnsDown("nobody to take back", "DELETE /contacts/$bob/subscriptions/1", "", 404, noUser),
	turnsDown("an unknown type", "POST /contacts/$ada/subscriptions", `{"id":"3","consent_type":"x"}`, 404, noResource),
	turnsDown("a type that is none", "POST /contacts/$ada/subscriptions", `{"id":"invalid_id","consent_type":"opt_in"}`, 404, noResource),
	turnsDown("an unknown type to take back", "DELETE /contacts/$ada/subscriptions/invalid_id", "", 404, noResource),
	turnsDown("a consent that is none", "POST /contacts/$ada/subscriptions", `{"id":2,"consent_type":"maybe"}`, 400,
		"parameter_invalid: consent_type must be either opt_out or opt_in"),
	turnsDown("no type", "POST /contacts/$ada/subscriptions", `{"consent_type":"opt_out"}`, 400, "parameter_not_found: id not specified"),
	turnsDown("no consent", "POST /contacts/$ada/subscriptions", `{"id":1}`, 400, "parameter_not_found: consent_type not specified"),
	turnsDown("null for a consent", "POST /contacts/$ada/subscriptions", `{"id":1,"consent_type":null}`, 400, "parameter_not_found: consent_type not specified"),
	turnsDown("no body", "POST /contacts/$ada/subscriptions", "", 400, "parameter_not_found: id not specified"),
	turnsDown("an id of another kind", "POST /contacts/$ada/subscriptions", `{"id":[1],"consent_type":"opt_out"}`, 400,
		"type_mismatch: id must be a string or a whole number"),
	turnsDown("a consent of another kind", "POST /contacts/$ada/subscriptions", `{"id":1,"consent_type":true}`, 400,
		"type_mismatch: consent_type must be a string"),
}

func TestSubscriptions(t *testing.T) {
	t.Parallel()
	play(t, groups{"types": subscriptionTypes, "choices": choices})
}

func TestAnotherWorkspacesSubscriptionTypesAreLikeUnknownOnes(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	ours, theirs := set(t, s, s.Client), set(t, s, s.NewWorkspace(t))
	theirs.client.Do(t, "POST", "/lobby/v1/subscription_types", `{"consent_type":"opt_out","default_translation":{"name":"Theirs"}}`)
	theirs.client.Do(t, "POST", "/contacts/"+theirs.ids["$ada"]+"/subscriptions", `{"id":3,"consent_type":"opt_out"}`)
	before := theirs.snapshot(t)
	for _, do := range []struct{ do, body string }{
		{"POST /contacts/$ada/subscriptions", `{"id":"ID","consent_type":"opt_out"}`},
		{"DELETE /contacts/$ada/subscriptions/ID", ""},
		{"PUT /lobby/v1/subscription_types/ID", `{"state":"archived"}`},
	} {
		answer := func(id string) string {
			method, path, _ := strings.Cut(strings.ReplaceAll(do.do, "ID", id), " ")
			return answerOf(ours.client.Do(t, method, ours.fill(path), strings.ReplaceAll(do.body, "ID", id)))
		}
		if foreign, unknown := answer("3"), answer("99"); foreign != unknown || !strings.HasPrefix(foreign, "404") {
			t.Errorf("%s with an id of another workspace is answered\n%s\nand with an unknown one\n%s", do.do, foreign, unknown)
		}
	}
	if diff := theirs.changed(t, before); diff != "" {
		t.Errorf("the other workspace changed:\n%s", diff)
	}
	if r := ours.client.Do(t, "POST", "/lobby/v1/subscription_types", `{"consent_type":"opt_in","default_translation":{"name":"Ours"}}`); r.Get("id") != "3" {
		t.Errorf("our next id depends on theirs: %s", r.Text)
	}
}

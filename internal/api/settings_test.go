package api_test

import (
	"fmt"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/workspace"
)

var settings = []scenario{
	one("all of them are shown with their defaults", step{do: "GET /lobby/v1/settings", has: `{
		"type":"settings","name":"Lobby","api_version":"2.7","merged_ids":"gone","timezone":"UTC","cookie_mode":"always",
		"identity_web":"enforce","origins":[],"lead_from_email":true,"visitor_life":9}`}),
	{"some are changed and the others stay", []step{
		{
			do: "PUT /lobby/v1/settings", body: `{"timezone":"Europe/Dublin","origins":["b.example.com","*.example.com","b.example.com"],
				"visitor_life":0,"email_form":true}`,
			has: `{"timezone":"Europe/Dublin","origins":["*.example.com","b.example.com"],"visitor_life":0,"email_form":true,"dnt_mode":"record"}`,
		},
		{do: "GET /me", has: `{"app":{"timezone":"Europe/Dublin"}}`},
		{
			do: "PUT /lobby/v1/settings", body: `{"visitor_life":null,"origins":null,"email_form":null,"dnt_mode":"drop"}`,
			has: `{"timezone":"Europe/Dublin","origins":[],"visitor_life":9,"email_form":false,"dnt_mode":"drop"}`,
		},
	}},
	{"one mistake changes none", []step{
		{do: "PUT /lobby/v1/settings", body: `{"timezone":"Asia/Calcutta"}`, has: `{"timezone":"Asia/Kolkata"}`},
		{do: "PUT /lobby/v1/settings", body: `{"timezone":"right/UTC"}`, status: 400, refused: "parameter_invalid: timezone must be the name of a time zone, as in Europe/Dublin"},
		{do: "PUT /lobby/v1/settings", body: `{"timezone":"UTC"}`, has: `{"timezone":"UTC"}`},
		{do: "PUT /lobby/v1/settings", body: `{"timezone":"Europe/Dublin","visitor_life":121}`, status: 400, refused: "parameter_invalid: visitor_life must be a whole number from 0 to 120"},
		{do: "GET /lobby/v1/settings", has: `{"timezone":"UTC","visitor_life":9}`},
	}},
	turnsDown("what is no setting", "PUT /lobby/v1/settings", `{"timezones":"UTC"}`, 400, "parameter_invalid: timezones is no setting"),
	turnsDown("another kind of value", "PUT /lobby/v1/settings", `{"email_form":"on"}`, 400, "type_mismatch: email_form must be true or false"),
	turnsDown("two texts in one", "PUT /lobby/v1/settings", `{"origins":["a.example.com,b.example.com"]}`, 400, "parameter_invalid: origins.0 must not have a comma"),
	turnsDown("an origin that is none", "PUT /lobby/v1/settings", `{"origins":["https://example.com"]}`, 400, "parameter_invalid: origins must be host names, *.example.com with all below it"),
}

func TestSettings(t *testing.T) {
	t.Parallel()
	play(t, groups{"settings": settings, "identity secrets": identitySecrets})
}

func TestEveryVersionCanBeAWorkspacesOwn(t *testing.T) {
	t.Parallel()
	setting, ws := workspace.FindSetting("api_version"), new(workspace.Workspace)
	for _, v := range apiversion.All() {
		if err := setting.Set(ws, v.String()); err != nil || ws.APIVersion != v.String() {
			t.Errorf("%v: %v, %q; newestMinor in people/setting_table.go says which versions there are", v, err, ws.APIVersion)
		}
	}
	next := fmt.Sprintf("2.%d", int(apiversion.Preview-apiversion.V2_0))
	for _, name := range []string{next, "2.99", "2", "2.07", "1.4", "Unstable", "2.-1"} {
		if setting.Set(ws, name) == nil {
			t.Errorf("%q is taken", name)
		}
	}
	if want := fmt.Sprintf("2.0 to %v, or Preview", newest); setting.Values != want {
		t.Errorf("the reference of api_version says %q, want %q", setting.Values, want)
	}
	if setting.Default != apiversion.Default.String() {
		t.Errorf("the default of api_version is %s, want %v", setting.Default, apiversion.Default)
	}
}

var identitySecrets = []scenario{
	{"a new one is good beside the first until that is deleted", []step{
		{do: "POST /lobby/v1/identity_secrets", body: `{"secret":"brought from elsewhere"}`, has: `{
			"type":"identity_secret","id":"2","platform":"web","secret":"brought from elsewhere","created_at":1700000000}`},
		{do: "POST /lobby/v1/identity_secrets", body: `{"platform":"ios"}`, has: `{"id":"3","platform":"ios"}`},
		{do: "GET /lobby/v1/identity_secrets", has: `{"type":"list","data":[{"id":"1","platform":"web"},{"id":"2","secret":"…here"},{"id":"3"}]}`},
		{do: "DELETE /lobby/v1/identity_secrets/1", has: `{"data":[{"id":"2","secret":"…here"},{"id":"3"}]}`},
		{do: "DELETE /lobby/v1/identity_secrets/1", status: 404, refused: "not_found: Identity Secret Not Found"},
		{do: "GET /lobby/v1/identity_secrets", has: `{"data":[{"id":"2"},{"id":"3"}]}`},
	}},
	turnsDown("a platform that there is not", "POST /lobby/v1/identity_secrets", `{"platform":"tv"}`, 400, "parameter_invalid: platform must be web, ios or android"),
	turnsDown("a secret that can be guessed", "POST /lobby/v1/identity_secrets", `{"secret":"secret"}`, 400, "parameter_invalid: secret must have 16 to 255 bytes"),
}

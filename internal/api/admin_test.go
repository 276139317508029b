package api_test

import (
	"strings"
	"testing"

	"lobby/internal/testkit"
)

const (
	noAdmin     = "admin_not_found: Admin not found"
	nobodyAway  = "admin_not_found: Admin for admin_id not found"
	noTeam      = "team_not_found: Team not found"
	makeAda     = `{"name":"Ada","email":"ada@example.com"}`
	awayAndBack = `{"away_mode_enabled":true,"away_mode_reassign":true,"away_status_reason_id":1}`
	makeLunch   = `{"label":" Lunch ","emoji":"🍔"}`
)

// at is the header by which a request names its version.
func at(version string) []string { return []string{"Intercom-Version: " + version} }

func turnsDown(says, do, body string, status int, refused string) scenario {
	return one(says, step{do: do, body: body, status: status, refused: refused})
}

var me = []scenario{
	one("a token acts for the first admin of its workspace", step{
		do: "GET /me", has: `{
			"type":"admin","id":"1","name":"Lobby","email_verified":true,"has_inbox_seat":true,"avatar":{"type":"avatar","image_url":null},
			"app":{"type":"app","name":"Lobby","created_at":1700000000,"secure":true,"identity_verification":true,"timezone":"UTC","region":"US"}
		}`,
	}),
	{"whoever acts shows a new name at once", []step{
		{do: "PUT /lobby/v1/admins/1", body: makeAda, has: `{"id":"1","name":"Ada","email":"ada@example.com"}`},
		{do: "GET /me", has: `{"id":"1","name":"Ada","email":"ada@example.com"}`},
	}},
	one("a preview shows the role", step{do: "GET /me", headers: at("Preview"), has: `{"role":null}`}),
}

var admins = []scenario{
	one("a new workspace has one", step{
		do: "GET /admins", has: `{"type":"admin.list","admins":[{"type":"admin","id":"1","name":"Lobby","team_ids":[],
			"away_mode_enabled":false,"away_mode_reassign":false,"has_inbox_seat":true}]}`,
	}),
	{"a new one gets the next id and is there everywhere", []step{
		{do: "POST /lobby/v1/admins", body: makeAda, has: `{"type":"admin","id":"2","name":"Ada","email":"ada@example.com","team_ids":[]}`},
		{do: "GET /admins/2", has: `{"type":"admin","id":"2","name":"Ada"}`},
		{do: "GET /admins", has: `{"admins":[{"id":"1"},{"id":"2"}]}`},
		{do: "GET /lobby/v1/admins", has: `{"admins":[{"id":"1"},{"id":"2"}]}`},
		{do: "POST /lobby/v1/visitors", body: `{"owner_id":2}`, has: `{"owner_id":"2"}`},
	}},
	one("pictures are shown to whoever asks", step{
		do: "GET /admins?display_avatar=true", has: `{"admins":[{"id":"1","avatar":{"type":"avatar","image_url":null}}]}`,
	}),
	{"one that is deleted is nowhere, and its id is not given again", []step{
		{do: "POST /lobby/v1/admins", body: makeAda, has: `{"id":"2"}`},
		{do: "DELETE /lobby/v1/admins/2", has: `{"id":"2","name":"Ada"}`},
		{do: "GET /admins/2", status: 404, refused: noAdmin},
		{do: "GET /admins", has: `{"admins":[{"id":"1"}]}`},
		{do: "DELETE /lobby/v1/admins/2", status: 404, refused: noAdmin},
		{do: "PUT /lobby/v1/admins/2", body: `{}`, status: 404, refused: noAdmin},
		{
			do: "POST /lobby/v1/visitors", body: `{"owner_id":2}`, status: 400,
			refused: "parameter_invalid: The owner specified is not a member of the workspace",
		},
		{do: "POST /lobby/v1/admins", body: makeAda, has: `{"id":"3"}`},
	}},
	{"what is not sent of one stays", []step{
		{do: "POST /lobby/v1/admins", body: makeAda},
		{do: "PUT /lobby/v1/admins/2", body: `{"name":"Ada L."}`, has: `{"name":"Ada L.","email":"ada@example.com"}`},
		{do: "PUT /lobby/v1/admins/2", body: `{"email":"a@example.com"}`, has: `{"name":"Ada L.","email":"a@example.com"}`},
	}},
	turnsDown("a blank name", "PUT /lobby/v1/admins/1", `{"name":" "}`, 400, "parameter_invalid: name is blank"),
	turnsDown("no name", "PUT /lobby/v1/admins/1", `{"name":null}`, 400, "parameter_invalid: name is blank"),
	turnsDown("a name that is none", "POST /lobby/v1/admins", `{"name":1}`, 400, "type_mismatch: name must be a string"),
	turnsDown("no address", "POST /lobby/v1/admins", `{"name":"Ada"}`, 400, "parameter_invalid: email is blank"),
	turnsDown("no address that could be one", "POST /lobby/v1/admins", `{"name":"Ada","email":"ada"}`, 400,
		"parameter_invalid: email is not an email address"),
	turnsDown("an unknown id", "GET /admins/2", "", 404, noAdmin),
	turnsDown("an id spelled otherwise", "GET /admins/01", "", 404, noAdmin),
	turnsDown("an id that is none", "GET /admins/$vera", "", 404, noAdmin),
	turnsDown("an id beyond all", "GET /admins/9223372036854775808", "", 404, noAdmin),
}

var away = []scenario{
	{"an admin goes away and comes back", []step{
		{do: "PUT /admins/1/away", body: `{"away_mode_enabled":true,"away_mode_reassign":true}`, has: `{"id":"1","away_mode_enabled":true,"away_mode_reassign":true}`},
		{do: "GET /admins/1", has: `{"away_mode_enabled":true,"away_mode_reassign":true}`},
		{do: "PUT /admins/1/away", body: `{"away_mode_enabled":false,"away_mode_reassign":false}`, has: `{"away_mode_enabled":false,"away_mode_reassign":false}`},
	}},
	{"a reason is known from 2.14 on, and only of those who are away", []step{
		{do: "POST /lobby/v1/away_status_reasons", body: makeLunch, has: `{"id":"1"}`},
		{do: "PUT /admins/1/away", body: awayAndBack, headers: at("2.14"), has: `{"away_status_reason_id":1}`},
		{do: "GET /admins/1", headers: at("2.16"), has: `{"away_status_reason_id":1,"role":null}`},
		{do: "PUT /admins/1/away", body: awayAndBack, headers: at("2.13")},
		{do: "GET /admins/1", headers: at("2.14"), has: `{"away_mode_enabled":true,"away_status_reason_id":null}`},
		{do: "PUT /admins/1/away", body: `{"away_mode_enabled":false,"away_mode_reassign":true,"away_status_reason_id":"7"}`, headers: at("2.14"), has: `{"away_status_reason_id":null}`},
	}},
	turnsDown("whether is not said", "PUT /admins/1/away", `{"away_mode_reassign":true}`, 400,
		"parameter_not_found: away_mode_enabled not specified"),
	turnsDown("null says nothing", "PUT /admins/1/away", `{"away_mode_enabled":true,"away_mode_reassign":null}`, 400,
		"parameter_not_found: away_mode_reassign not specified"),
	turnsDown("1 is not true", "PUT /admins/1/away", `{"away_mode_enabled":1,"away_mode_reassign":true}`, 400,
		"type_mismatch: away_mode_enabled must be true or false"),
	one("no reason has such an id", step{
		do: "PUT /admins/1/away", body: `{"away_mode_enabled":true,"away_mode_reassign":true,"away_status_reason_id":-1}`, headers: at("2.14"),
		status: 400, refused: "parameter_invalid: away_status_reason_id must be the id of a reason",
	}),
	one("nor one of nobody", step{
		do: "PUT /admins/1/away", body: awayAndBack, headers: at("2.14"),
		status: 400, refused: "parameter_invalid: away_status_reason_id must be the id of a reason",
	}),
	turnsDown("nobody", "PUT /admins/2/away", awayAndBack, 404, nobodyAway),
}

const noReason = "not_found: Away status reason not found"

var reasons = []scenario{
	one("a new workspace has none", step{do: "GET /away_status_reasons", headers: at("2.14"), has: `{"type":"list","data":[]}`}),
	{"they are made, changed, put in order and deleted, and stay in the list", []step{
		{do: "POST /lobby/v1/away_status_reasons", body: makeLunch, has: `{"type":"away_status_reason","id":"1","label":"Lunch","emoji":"🍔","order":1,
			"deleted":false,"created_at":1700000000,"updated_at":1700000000}`},
		{do: "POST /lobby/v1/away_status_reasons", body: `{"label":"Break"}`, has: `{"id":"2","label":"Break","emoji":"","order":2}`},
		{do: "PUT /lobby/v1/away_status_reasons/2", body: `{"emoji":"☕","order":"0"}`, has: `{"id":"2","label":"Break","emoji":"☕","order":0}`},
		{do: "PUT /admins/1/away", body: awayAndBack, headers: at("2.14"), has: `{"away_status_reason_id":1}`},
		{do: "DELETE /lobby/v1/away_status_reasons/1", has: `{"id":"1","deleted":true}`},
		{do: "DELETE /lobby/v1/away_status_reasons/1", has: `{"id":"1","deleted":true}`},
		{do: "GET /away_status_reasons", headers: at("2.14"), has: `{"data":[{"id":"2","deleted":false},{"id":"1","label":"Lunch","deleted":true}]}`},
		{do: "GET /admins/1", headers: at("2.14"), has: `{"away_status_reason_id":1}`},
		{do: theLog, has: `{"activity_logs":[{"metadata":{"away_status_reason":"🍔 Lunch"}}]}`},
		{do: "PUT /admins/1/away", body: awayAndBack, headers: at("2.14"), status: 400, refused: "parameter_invalid: Away status reason is deleted"},
		{do: "PUT /lobby/v1/away_status_reasons/1", body: makeLunch, status: 404, refused: noReason},
		{do: "POST /lobby/v1/away_status_reasons", body: makeLunch, has: `{"id":"3"}`},
	}},
	turnsDown("no label", "POST /lobby/v1/away_status_reasons", `{"emoji":"🍔"}`, 400, "parameter_invalid: label is blank"),
	turnsDown("two lines", "POST /lobby/v1/away_status_reasons", `{"label":"a\nb"}`, 400, "parameter_invalid: label must be one line"),
	turnsDown("an order that is none", "POST /lobby/v1/away_status_reasons", `{"label":"a","order":"x"}`, 400, "type_mismatch: order must be a whole number"),
	turnsDown("an unknown id", "PUT /lobby/v1/away_status_reasons/1", makeLunch, 404, noReason),
	turnsDown("an id that is none", "DELETE /lobby/v1/away_status_reasons/x", "", 404, noReason),
}

// members are scenarios of the one operation of the public API that changes a team.
var members = []scenario{
	{"a team that was read is sent back with other members", []step{
		{do: "POST /lobby/v1/admins", body: makeAda},
		{do: "POST /lobby/v1/teams", body: `{"name":"Sales","admin_ids":[1]}`},
		{
			do: "PUT /teams/3", headers: at("Preview"), has: `{"type":"team","id":"3","name":"Sales","admin_ids":[1,2]}`,
			body: `{"type":"team","id":"3","name":"Sales","admin_ids":[2,"1"],"admin_priority_level":{"primary_admin_ids":[1],"secondary_admin_ids":[]},"assignment_limit":null}`,
		},
		{do: "PUT /teams/3", headers: at("Preview"), body: `{"admin_ids":[2]}`, has: `{"admin_ids":[2]}`},
		{do: "GET /teams/3", has: `{"name":"Sales","admin_ids":[2]}`},
		{do: theLog + "&per_page=1", has: `{"activity_logs":[{"activity_type":"app_team_membership_modification"}]}`},
	}},
	{"nothing else of a team changes", []step{
		{do: "POST /lobby/v1/teams", body: `{"name":"Sales","admin_ids":[1]}`},
		{do: "PUT /teams/2", headers: at("Preview"), body: `{"name":"Spies","admin_ids":[1]}`, status: 400, refused: "parameter_invalid: name cannot be changed here"},
		{do: "PUT /teams/2", headers: at("Preview"), body: `{"name":null,"admin_ids":[1]}`, status: 400, refused: "parameter_invalid: name cannot be changed here"},
		{
			do: "PUT /teams/2", headers: at("Preview"), body: `{"admin_ids":[1],"admin_priority_level":{"secondary_admin_ids":[1]}}`, status: 400,
			refused: "parameter_invalid: admin_priority_level.secondary_admin_ids must be empty, because teams have one rank",
		},
	}},
	{"a team is not emptied", []step{
		{do: "POST /lobby/v1/teams", body: `{"name":"Sales","admin_ids":[1]}`},
		{do: "PUT /teams/2", headers: at("Preview"), body: `{}`, status: 400, refused: "parameter_not_found: admin_ids not specified"},
		{do: "PUT /teams/2", headers: at("Preview"), body: `{"admin_ids":[]}`, status: 400, refused: "parameter_invalid: admin_ids must be from 1 to 1000"},
		{do: "PUT /teams/2", headers: at("Preview"), body: `{"admin_ids":[9]}`, status: 400, refused: "parameter_invalid: admin_ids names 9, who is no admin of the workspace"},
		{do: "PUT /teams/2", headers: at("Preview"), body: `{"admin_ids":"1"}`, status: 400, refused: "type_mismatch: admin_ids must be a list of whole numbers"},
	}},
	one("an unknown team", step{do: "PUT /teams/7", headers: at("Preview"), body: `{"admin_ids":[1]}`, status: 404, refused: noTeam}),
}

var teams = []scenario{
	one("a new workspace has none", step{do: "GET /teams", has: `{"type":"team.list","teams":[]}`}),
	{"a new one is there everywhere, its admins know of it, and it goes", []step{
		{do: "POST /lobby/v1/admins", body: makeAda},
		{do: "POST /lobby/v1/teams", body: `{"name":"Sales","admin_ids":[2,"1",2]}`, has: `{"type":"team","id":"3","name":"Sales","admin_ids":[1,2]}`},
		{do: "GET /teams/3", headers: at("2.8"), has: `{"admin_ids":[1,2],"admin_priority_level":{"primary_admin_ids":[1,2],"secondary_admin_ids":[]}}`},
		{do: "GET /teams/3", headers: at("2.14"), has: `{"assignment_limit":null,"distribution_method":null}`},
		{do: "GET /teams", has: `{"teams":[{"type":"team","id":"3"}]}`},
		{do: "GET /lobby/v1/teams", has: `{"teams":[{"type":"team","id":"3"}]}`},
		{do: "GET /admins/2", headers: at("2.8"), has: `{"team_ids":[3],"team_priority_level":{"primary_team_ids":[3],"secondary_team_ids":[]}}`},
		{do: "PUT /lobby/v1/teams/3", body: `{"admin_ids":[1]}`, has: `{"name":"Sales","admin_ids":[1]}`},
		{do: "PUT /lobby/v1/teams/3", body: `{"name":"Selling"}`, has: `{"name":"Selling","admin_ids":[1]}`},
		{do: "GET /admins", has: `{"admins":[{"team_ids":[3]},{"team_ids":[]}]}`},
		{do: "DELETE /lobby/v1/teams/3", has: `{"id":"3","name":"Selling"}`},
		{do: "GET /teams/3", status: 404, refused: noTeam},
		{do: "GET /admins/1", has: `{"team_ids":[]}`},
		{do: "POST /lobby/v1/teams", body: `{"name":"Help"}`, has: `{"id":"4","admin_ids":[]}`},
	}},
	{"who is deleted leaves it", []step{
		{do: "POST /lobby/v1/admins", body: makeAda},
		{do: "POST /lobby/v1/teams", body: `{"name":"Sales","admin_ids":[1,2]}`},
		{do: "DELETE /lobby/v1/admins/2", has: `{"team_ids":[3]}`},
		{do: "GET /teams/3", has: `{"admin_ids":[1]}`},
	}},
	turnsDown("a stranger in it", "POST /lobby/v1/teams", `{"name":"Sales","admin_ids":[1,2]}`, 400,
		"parameter_invalid: admin_ids names 2, who is no admin of the workspace"),
	turnsDown("no name", "POST /lobby/v1/teams", `{"admin_ids":[1]}`, 400, "parameter_invalid: name is blank"),
	turnsDown("no list", "POST /lobby/v1/teams", `{"name":"Sales","admin_ids":1}`, 400, "type_mismatch: admin_ids must be a list of whole numbers"),
	turnsDown("a list of something else", "POST /lobby/v1/teams", `{"name":"Sales","admin_ids":[[1]]}`, 400,
		"type_mismatch: admin_ids must be a list of whole numbers"),
	turnsDown("an unknown id", "GET /teams/1", "", 404, noTeam),
	turnsDown("an unknown id to change", "PUT /lobby/v1/teams/1", `{}`, 404, noTeam),
	turnsDown("an unknown id to delete", "DELETE /lobby/v1/teams/1", "", 404, noTeam),
	turnsDown("an id that is none", "GET /teams/$vera", "", 404, noTeam),
}

func TestAdminsAndTeams(t *testing.T) {
	t.Parallel()
	play(t, groups{"me": me, "admins": admins, "away": away, "reasons": reasons, "teams": teams, "members": members})
}

func TestAnAdminThatOwnsATokenStays(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	s.Do(t, "POST", "/lobby/v1/admins", makeAda)
	r := s.Do(t, "DELETE", "/lobby/v1/admins/1", nil)
	if want := "conflict: The admin owns the access token " + s.TokenID + "; revoke it first"; r.Status != 409 || r.Refusal() != want {
		t.Errorf("got %d %s, want %s", r.Status, r.Text, want)
	}
	if r.Get("errors.0.existing_id") != s.TokenID {
		t.Errorf("the token is not named in %s", r.Text)
	}
	if me := s.Do(t, "GET", "/me", nil); me.Status != 200 {
		t.Errorf("afterwards /me is %s", me.Text)
	}
}

func TestAnotherWorkspacesAdminsAndTeamsAreLikeUnknownOnes(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := testkit.Start(t, database)
		ours, theirs := s.NewWorkspace(t), s.NewWorkspace(t)
		for range 2 {
			theirs.Do(t, "POST", "/lobby/v1/admins", makeAda)
		}
		theirs.Do(t, "POST", "/lobby/v1/teams", `{"name":"Theirs","admin_ids":[1,2]}`)
		before := theirs.Do(t, "GET", "/admins", nil).Text + theirs.Do(t, "GET", "/teams", nil).Text
		for do, body := range map[string]string{
			"GET /admins/2": "", "PUT /admins/2/away": awayAndBack, "PUT /lobby/v1/admins/2": makeAda, "DELETE /lobby/v1/admins/2": "",
			"GET /teams/1": "", "PUT /lobby/v1/teams/1": `{"name":"X","admin_ids":[]}`, "DELETE /lobby/v1/teams/1": "",
			"POST /lobby/v1/teams": `{"name":"X","admin_ids":[2]}`,
		} {
			method, path, _ := strings.Cut(do, " ")
			if r := ours.Do(t, method, path, body); r.Status != 404 && r.Refusal() != "parameter_invalid: admin_ids names 2, who is no admin of the workspace" {
				t.Errorf("%s: %d %s", do, r.Status, r.Text)
			}
		}
		if after := theirs.Do(t, "GET", "/admins", nil).Text + theirs.Do(t, "GET", "/teams", nil).Text; after != before {
			t.Errorf("the other workspace changed from\n%s\nto\n%s", before, after)
		}
		if r := ours.Do(t, "GET", "/admins", nil); len(r.Get("admins").([]any)) != 1 {
			t.Errorf("our list has their admins: %s", r.Text)
		}
		if r := ours.Do(t, "POST", "/lobby/v1/admins", makeAda); r.Get("id") != "2" {
			t.Errorf("our next id depends on theirs: %s", r.Text)
		}
	})
}

package api_test

import (
	"fmt"
	"strings"
	"testing"

	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

const theLog = "GET /admins/activity_logs?created_at_after=1"

var activities = []scenario{
	one("who did nothing has an empty log", step{
		do: theLog, has: `{"type":"activity_log.list","activity_logs":[],"total_count":0,
			"pages":{"type":"pages","next":null,"page":1,"per_page":20,"total_pages":0}}`,
	}),
	{"what is done to admins and teams stands in it", []step{
		{do: "POST /lobby/v1/admins", body: makeAda, has: `{"id":"2"}`},
		{do: "PUT /admins/2/away", body: `{"away_mode_enabled":true,"away_mode_reassign":false}`},
		{do: "PUT /admins/2/away", body: `{"away_mode_enabled":true,"away_mode_reassign":false}`},
		{do: "PUT /admins/2/away", body: `{"away_mode_enabled":false,"away_mode_reassign":false}`},
		{do: "POST /lobby/v1/teams", body: `{"name":"Sales","admin_ids":[1]}`, has: `{"id":"3"}`},
		{do: "PUT /lobby/v1/teams/3", body: `{"admin_ids":[2,1]}`},
		{do: "PUT /lobby/v1/teams/3", body: `{"name":"Selling"}`},
		{do: "DELETE /lobby/v1/teams/3"},
		{do: theLog, has: `{"activity_logs":[
			{"activity_type":"app_team_deletion","metadata":{"team":{"id":3,"name":"Selling"}},"activity_description":"Lobby deleted the team Selling."},
			{"activity_type":"app_team_membership_modification","metadata":{"team":{"id":3},"before":{"admin_ids":[1]},"after":{"admin_ids":[1,2]}},
				"activity_description":"Lobby changed who belongs to the team 3."},
			{"activity_type":"app_team_creation","metadata":{"team":{"id":3,"name":"Sales"}},"activity_description":"Lobby created the team Sales."},
			{"activity_type":"admin_away_mode_change","metadata":{"away_mode":false},"activity_description":"Lobby set Ada to active."},
			{"activity_type":"admin_away_mode_change","performed_by":{"type":"admin","id":"1"},"created_at":1700000000,
				"metadata":{"away_mode":true,"reassign_conversations":false,"update_by":1,"update_by_name":"Lobby"},"activity_description":"Lobby set Ada to away."},
			{"activity_type":"app_admin_join","metadata":{"admin":{"id":2}},"activity_description":"Lobby added Ada to the workspace."}],
			"total_count":6,"pages":{"next":null,"page":1,"total_pages":1}}`},
	}},
	{"who is gone is in it by id only", []step{
		{do: "POST /lobby/v1/admins", body: makeAda, has: `{"id":"2"}`},
		{do: "DELETE /lobby/v1/admins/2"},
		{do: theLog, has: `{"activity_logs":[
			{"activity_type":"admin_deletion","metadata":{"admin":{"id":2}},"activity_description":"Lobby removed the admin 2."},
			{"activity_type":"app_admin_join","activity_description":"Lobby added A former admin to the workspace."}]}`},
	}},
	{"what is refused is not in it", []step{
		{do: "PUT /admins/9/away", body: awayAndBack, status: 404, refused: nobodyAway},
		{do: theLog, has: `{"activity_logs":[]}`},
	}},
	{"it is searched by kind and time from 2.16 on", []step{
		{do: "POST /lobby/v1/admins", body: makeAda},
		{do: "POST /lobby/v1/teams", body: `{"name":"Sales"}`},
		{do: "POST /admins/activity_logs/search", headers: at("2.16"), has: `{"total_count":2,"pages":{"per_page":20}}`},
		{
			do: "POST /admins/activity_logs/search", body: `{"event_types":["app_team_creation","message_deletion"],"per_page":1}`, headers: at("2.16"),
			has: `{"activity_logs":[{"activity_type":"app_team_creation"}],"total_count":1,"pages":{"per_page":1}}`,
		},
		{do: "POST /admins/activity_logs/search", body: `{"event_types":["message_deletion"]}`, headers: at("2.16"), has: `{"activity_logs":[],"total_count":0}`},
		{do: "POST /admins/activity_logs/search", body: `{"event_types":[]}`, headers: at("Preview"), has: `{"total_count":2}`},
		{do: "POST /admins/activity_logs/search", body: `{"created_at_after":"1700000000","created_at_before":1700000000}`, headers: at("2.16"), has: `{"total_count":2}`},
		{do: "POST /admins/activity_logs/search", body: `{"created_at_after":1700000001}`, headers: at("2.16"), has: `{"total_count":0}`},
		{do: "POST /admins/activity_logs/search", body: `{"created_at_after":1,"created_at_before":1699999999}`, headers: at("2.16"), has: `{"total_count":0}`},
		{
			do: "POST /admins/activity_logs/search?page=2&per_page=1", body: `{"page":1,"per_page":2}`, headers: at("2.16"),
			has: `{"activity_logs":[{"activity_type":"app_admin_join"}],"pages":{"page":2,"per_page":1}}`,
		},
	}},
	one("the kinds are listed from 2.16 on", step{
		do: "GET /admins/activity_log_event_types", headers: at("2.16"), has: `{"type":"activity_log_event_type.list","event_types":[
			"admin_away_mode_change","admin_deletion","app_admin_join","app_name_change","app_team_creation","app_team_deletion",
			"app_team_membership_modification","app_timezone_change",
			"person_note_creation","person_tag_addition","person_tag_removal","person_identity_change","person_identity_undo","person_archival",
			"person_restoration","person_block","app_data_deletion","person_distinction","person_bulk_change","person_export","company_creation","company_change","company_people_change","company_tag_change",
			"company_deletion","tag_creation","tag_change","tag_deletion","segment_creation","segment_change","segment_deletion",
			"attribute_creation","attribute_change","subscription_type_creation","subscription_type_change","admin_change","team_change",
			"workspace_setting_change","access_token_creation","access_token_revocation","identity_secret_creation","identity_secret_deletion",
			"app_webhook_creation","app_webhook_deletion","webhook_pause","webhook_resumption","webhook_redelivery","admin_invite_creation",
			"admin_permission_change","admin_deprovisioned","page_action"]}`,
	}),
	turnsDown("no beginning", "GET /admins/activity_logs", "", 400, "parameter_not_found: created_at_after not specified"),
	turnsDown("a beginning that is none", "GET /admins/activity_logs?created_at_after=today", "", 400,
		"parameter_invalid: created_at_after must be a time in Unix seconds or as in 2026-01-31T12:00:00Z, from 1970 to 2038"),
	turnsDown("an end that is none", theLog+"&created_at_before=-1", "", 400, "parameter_invalid: created_at_before must be a time in Unix seconds or as in 2026-01-31T12:00:00Z, from 1970 to 2038"),
	one("kinds that are none", step{
		do: "POST /admins/activity_logs/search", body: `{"event_types":"app_name_change"}`, headers: at("2.16"), status: 400,
		refused: "type_mismatch: event_types must be a list",
	}),
	one("a page that is none", step{
		do: "POST /admins/activity_logs/search", body: `{"page":"x"}`, headers: at("2.16"), status: 400,
		refused: "type_mismatch: page must be a whole number",
	}),
}

func TestActivities(t *testing.T) {
	t.Parallel()
	play(t, groups{"log": activities})
}

func TestTheLogIsReadPageByPage(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	if _, err := s.Lobby.ChangeWorkspace(t.Context(), workspace.Caller{Workspace: s.Workspace}, func(ws *workspace.Workspace) error {
		ws.Name, ws.Timezone = "Foyer", "Europe/Dublin"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i := range 43 {
		s.Do(t, "PUT", "/admins/1/away", fmt.Sprintf(`{"away_mode_enabled":%v,"away_mode_reassign":false}`, i%2 == 0))
	}
	path, seen := "/admins/activity_logs?created_at_after=1&created_at_before=2000000000", map[string]bool{}
	for page := 1; path != ""; page++ {
		r := s.Do(t, "GET", path, nil)
		if r.Get("pages.page") != float64(page) || r.Get("pages.total_pages") != 3.0 {
			t.Fatalf("page %d: %s", page, r.Text)
		}
		for i := 0; r.Get(fmt.Sprintf("activity_logs.%d", i)) != nil; i++ {
			seen[r.Get(fmt.Sprintf("activity_logs.%d.id", i)).(string)] = true
		}
		next, _ := r.Get("pages.next").(string)
		path = strings.TrimPrefix(next, s.URL)
		if path == "" && (r.Get("activity_logs.4.activity_description") != "Lobby changed the name of the workspace from Lobby to Foyer." ||
			r.Get("activity_logs.3.metadata.before") != "UTC") {
			t.Errorf("the last page is %s", r.Text)
		}
	}
	if len(seen) != 45 {
		t.Errorf("there are %d activities on the pages, want 45", len(seen))
	}
}

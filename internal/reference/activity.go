package reference

import (
	"strings"

	"lobby/internal/workspace"
)

var activities = Chapter{
	Name:  "Activity logs",
	About: "The activity log has what admins, and tokens that act for them, did to the workspace.",
	Operations: []Operation{
		{
			Route: "GET /admins/activity_logs", Summary: "List activities", About: "Newest first.",
			Descriptions: Descriptions{
				"created_at_after":  "Only activities from this time on. It must be given.",
				"created_at_before": "Only activities until this time.",
				"page":              "The number of the page, from 1.",
				"per_page":          activitiesPerPage,
			},
		},
		{
			Route: "POST /admins/activity_logs/search", Summary: "Search activities", About: "Newest first. The next page is asked for with the same body.",
			Descriptions: Descriptions{
				"created_at_after":  "Only activities from this time on; those of the last 30 days unless said.",
				"created_at_before": "Only activities until this time.",
				"event_types":       "Only activities of these kinds; all unless said.",
				"event_types.value": "A kind, as some clients send it.",
				"page":              "The number of the page, from 1.",
				"per_page":          activitiesPerPage,
			},
		},
		{Route: "GET /admins/activity_log_event_types", Summary: "List kinds of activities", About: "Those that the log of this server can have."},
	},
	Descriptions: Descriptions{
		"activity_list":        "One page of what admins did.",
		"activity_kind_list":   "The kinds of activities.",
		"event_types":          "The kinds, by their names.",
		"activity_logs":        "The activities.",
		"activity_type":        activityKinds() + ": what was done.",
		"activity_description": "What was done, in a sentence for people.",
		"activity_logs.id":     "The id of the activity.",
		"created_at":           "When it was done.",
		"performed_by":         "The admin who did it.",
		"performed_by.id":      "The id of the admin.",
		"performed_by.email":   "The admin's email address, while the admin is there.",
		"pages.next":           "The URL of the page after this one; null on the last.",

		"metadata":                        "What it was done to, which depends on the kind.",
		"metadata.away_mode":              "Whether the admin is away from now on.",
		"metadata.away_status_reason":     "Why the admin is away.",
		"metadata.reassign_conversations": "Whether new conversations go to somebody else meanwhile.",
		"metadata.auto_changed":           "Whether a rule did it. Lobby has none, so it is false.",
		"metadata.update_by":              "The id of the admin who did it.",
		"metadata.update_by_name":         "What the admin who did it is called.",
		"metadata.admin":                  "The admin to whom it was done.",
		"metadata.admin.id":               "The id of the admin.",
		"metadata.team":                   "The team to which it was done.",
		"metadata.team.id":                "The id of the team.",
		"metadata.team.name":              "What the team is called.",
		"metadata.before":                 "What it was before.",
		"metadata.before.admin_ids":       "The admins who belonged to the team before.",
		"metadata.after":                  "What it has been since.",
		"metadata.after.admin_ids":        "The admins who have belonged to the team since.",
	},
	Examples: []Example{
		{Do: "POST /lobby/v1/admins", Body: `{"name":"Ada Byron","email":"ada@example.com"}`, As: "ada"},
		{Do: "POST /lobby/v1/teams", Body: `{"name":"Front desk","admin_ids":[{ada}]}`, As: "team"},
		{Do: "PUT /lobby/v1/teams/{team}", Body: `{"admin_ids":[1,{ada}]}`},
		{Do: "PUT /admins/{ada}/away", Body: `{"away_mode_enabled":true,"away_mode_reassign":false}`},
		{Caption: "The newest two", Do: "GET /admins/activity_logs?created_at_after=1600000000&per_page=2"},
		{Caption: "It must be said since when", Do: "GET /admins/activity_logs", Refused: "parameter_not_found"},
		{Caption: "What became of teams", Do: "POST /admins/activity_logs/search", Body: `{"event_types":["app_team_creation","app_team_membership_modification"],"per_page":10}`},
		{Caption: "All that there are", Do: "GET /admins/activity_log_event_types"},
	},
}

const activitiesPerPage = "How many activities a page has, at most 150; 20 unless said."

func activityKinds() string {
	var names []string
	for _, kind := range workspace.ActivityKinds {
		names = append(names, string(kind))
	}
	return strings.Join(names, "|")
}

package reference

import (
	"strings"

	"lobby/internal/workspace"
)

var activities = Chapter{
	Name:  "Activity logs",
	About: "The activity log lists what admins, and tokens that act for them, did to the workspace.",
	Operations: []Operation{
		{
			Route: "GET /admins/activity_logs", Summary: "List activities", About: "Newest first.",
			Descriptions: Descriptions{
				"created_at_after":  "Only activities from this time on. Required.",
				"created_at_before": "Only activities until this time.",
				"page":              "The number of the page, from 1.",
				"per_page":          activitiesPerPage,
			},
		},
		{
			Route: "POST /admins/activity_logs/search", Summary: "Search activities", About: "Newest first. Request the next page with the same body.",
			Descriptions: Descriptions{
				"created_at_after":  "Only activities from this time on; by default those of the last 30 days.",
				"created_at_before": "Only activities until this time.",
				"event_types":       "Only activities of these kinds; by default all.",
				"event_types.value": "A kind, as some clients send it.",
				"page":              "The number of the page, from 1.",
				"per_page":          activitiesPerPage,
			},
		},
		{Route: "GET /admins/activity_log_event_types", Summary: "List kinds of activities", About: "Returns the kinds that this server logs."},
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
		"pages.next":           "The URL of the next page; null on the last page.",

		"metadata":                        "Details, which depend on the kind.",
		"metadata.away_mode":              "Whether the admin is now away.",
		"metadata.away_status_reason":     "Why the admin is away.",
		"metadata.reassign_conversations": "Whether others get the admin's new conversations meanwhile.",
		"metadata.auto_changed":           "Whether a rule did it. Lobby has none, so it is false.",
		"metadata.update_by":              "The id of the admin who did it.",
		"metadata.update_by_name":         "The name of the admin who did it.",
		"metadata.admin":                  "The admin who was changed.",
		"metadata.admin.id":               "The id of the admin.",
		"metadata.team":                   "The team that was changed.",
		"metadata.team.id":                "The id of the team.",
		"metadata.team.name":              "The name of the team.",
		"metadata.subject":                "What was changed in the pages of the team.",
		"metadata.subject.type":           "What it is: person, company, tag, segment, attribute, subscription_type, admin, team or webhook.",
		"metadata.subject.id":             "Its id.",
		"metadata.before":                 "The value before the change.",
		"metadata.before.admin_ids":       "The members of the team before the change.",
		"metadata.after":                  "The value after the change.",
		"metadata.after.admin_ids":        "The members of the team after the change.",
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

const activitiesPerPage = "Activities per page, max 150; by default 20."

func activityKinds() string {
	var names []string
	for _, kind := range workspace.ActivityKinds {
		names = append(names, string(kind))
	}
	return strings.Join(names, "|")
}

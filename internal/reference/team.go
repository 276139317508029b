package reference

var teams = Chapter{
	Name:  "Teams",
	About: "A team is a group of admins. Lobby's own operations create and change teams.",
	Operations: []Operation{
		{Route: "GET /teams", Summary: "List teams", About: "Returns all teams of the workspace."},
		{Route: "GET /teams/{id}", Summary: "Retrieve a team"},
		{
			Route: "PUT /teams/{id}", Summary: "Set the members of a team", About: "Takes the team as it was read, with other members. Every other value must be unchanged.",
			Needs:        "admin_ids",
			Descriptions: Descriptions{"admin_ids": "The new members of the team, from 1 to 1000.", "name": "The unchanged name of the team."},
		},
	},
	Descriptions: Descriptions{
		"team":                                   "A group of admins.",
		"team.name":                              "The name of the team.",
		"team_list":                              "All teams of a workspace.",
		"teams":                                  "The teams.",
		"admin_ids":                              "The admins who belong to the team.",
		"admin_priority_level":                   "The admins of the team by level.",
		"admin_priority_level.primary_admin_ids": "The primary admins. In Lobby all admins are primary.",
		"admin_priority_level.secondary_admin_ids": "The secondary admins. In Lobby there are none.",
		"assignment_limit":                         "How much work is assigned to an admin at once. Lobby assigns none, so it is null.",
		"distribution_method":                      "The rule by which work is assigned. Lobby assigns none, so it is null.",
	},
	Examples: []Example{
		{Do: "POST /lobby/v1/admins", Body: `{"name":"Ada Byron","email":"ada@example.com"}`, As: "ada"},
		{Do: "POST /lobby/v1/teams", Body: `{"name":"Front desk","admin_ids":[1]}`, As: "team"},
		{Caption: "The teams of a workspace", Do: "GET /teams"},
		{Caption: "One team", Do: "GET /teams/{team}"},
		{Caption: "Other members", Do: "PUT /teams/{team}", Body: `{"admin_ids":[{ada}]}`},
		{Caption: "No team has that id", Do: "GET /teams/99", Refused: "team_not_found"},
	},
}

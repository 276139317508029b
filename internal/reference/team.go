package reference

var teams = Chapter{
	Name:  "Teams",
	About: "A team is a group of admins. Teams are made and changed with Lobby's own operations.",
	Operations: []Operation{
		{Route: "GET /teams", Summary: "List teams", About: "All teams of the workspace."},
		{Route: "GET /teams/{id}", Summary: "Retrieve a team"},
		{
			Route: "PUT /teams/{id}", Summary: "Set the members of a team", About: "Takes a team as it was read, with other members; nothing else of it may differ.",
			Needs:        "admin_ids",
			Descriptions: Descriptions{"admin_ids": "The admins who belong to the team from now on, from 1 to 1000.", "name": "What the team is called, which stays."},
		},
	},
	Descriptions: Descriptions{
		"team":                                   "A group of admins.",
		"team.name":                              "What the team is called.",
		"team_list":                              "All teams of a workspace.",
		"teams":                                  "The teams.",
		"admin_ids":                              "The admins who belong to the team.",
		"admin_priority_level":                   "The admins of the team by rank.",
		"admin_priority_level.primary_admin_ids": "The admins who come first. In Lobby they all do.",
		"admin_priority_level.secondary_admin_ids": "The admins who come second. In Lobby none does.",
		"assignment_limit":                         "How much an admin is given at once. Lobby gives nothing, so it is null.",
		"distribution_method":                      "By which rule work is given out. Lobby gives nothing, so it is null.",
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

package reference

var awayReasons = Chapter{
	Name:  "Away reasons",
	About: "An away reason is why an admin may be away. Reasons are made and changed with Lobby's own operations.",
	Operations: []Operation{
		{Route: "GET /away_status_reasons", Summary: "List away reasons", About: "All of the workspace in their order, those that are deleted among them."},
		{Route: "GET /lobby/v1/away_status_reasons", Summary: "List all away reasons", About: "The same as GET /away_status_reasons, in every version."},
		{Route: "POST /lobby/v1/away_status_reasons", Summary: "Create an away reason", About: "It comes last unless an order is said.", Needs: "label"},
		{Route: "PUT /lobby/v1/away_status_reasons/{id}", Summary: "Update an away reason"},
		{Route: "DELETE /lobby/v1/away_status_reasons/{id}", Summary: "Delete an away reason", About: "It stays for those who are away for it, and can be chosen no more."},
	},
	Descriptions: Descriptions{
		"away_reason":      "Why an admin may be away.",
		"away_reason_list": "The reasons of a workspace.",
		"data":             "The reasons.",
		"label":            "What the reason is called.",
		"emoji":            "A sign for it; empty for none.",
		"order":            "Its place in the list.",
		"deleted":          "Whether it can be chosen no more.",
	},
	Examples: []Example{
		{Caption: "A reason with a sign", Do: "POST /lobby/v1/away_status_reasons", Body: `{"label":"Out for lunch","emoji":"🍲"}`, As: "lunch"},
		{Caption: "It has no label", Do: "POST /lobby/v1/away_status_reasons", Body: `{"emoji":"🍲"}`, Refused: "parameter_invalid"},
		{Caption: "First in the list", Do: "PUT /lobby/v1/away_status_reasons/{lunch}", Body: `{"order":0}`},
		{Caption: "The reasons of a workspace", Do: "GET /away_status_reasons"},
		{Caption: "All reasons", Do: "GET /lobby/v1/away_status_reasons"},
		{Caption: "Chosen no more", Do: "DELETE /lobby/v1/away_status_reasons/{lunch}"},
	},
}

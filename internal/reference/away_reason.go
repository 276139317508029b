package reference

var awayReasons = Chapter{
	Name:  "Away reasons",
	About: "An away reason is a reason for which an admin may be away. Lobby's own operations create and change reasons.",
	Operations: []Operation{
		{Route: "GET /away_status_reasons", Summary: "List away reasons", About: "Returns all reasons of the workspace in their order, including deleted ones."},
		{Route: "GET /lobby/v1/away_status_reasons", Summary: "List all away reasons", About: "The same as GET /away_status_reasons, in every version."},
		{Route: "POST /lobby/v1/away_status_reasons", Summary: "Create an away reason", About: "Without an order, the reason comes last in the list.", Needs: "label"},
		{Route: "PUT /lobby/v1/away_status_reasons/{id}", Summary: "Update an away reason"},
		{Route: "DELETE /lobby/v1/away_status_reasons/{id}", Summary: "Delete an away reason", About: "The reason can no longer be chosen. It stays for the admins who are away for it."},
	},
	Descriptions: Descriptions{
		"away_reason":      "A reason for which an admin may be away.",
		"away_reason_list": "The reasons of a workspace.",
		"data":             "The reasons.",
		"label":            "The name of the reason.",
		"emoji":            "An emoji for it; empty for none.",
		"order":            "The position in the list, ascending.",
		"deleted":          "Whether it is deleted and can no longer be chosen.",
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

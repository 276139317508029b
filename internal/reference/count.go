package reference

var counts = Chapter{
	Name:  "Counts",
	About: "How many records there are, for clients of the years before 2.0, which ask so.",
	Operations: []Operation{
		{
			Route: "GET /counts", Summary: "Count records", About: "Of all kinds, or of one. Conversations need the scope to read them.",
			Descriptions: Descriptions{
				"type":  "conversation|user|company: of which kind; by default of all.",
				"count": "admin|tag|segment|user: by what: conversations by admin, users by tag or segment, companies by tag, segment or user.",
			},
		},
	},
	Descriptions: Descriptions{
		"counts": "How many records of each kind there are.",

		"record_count":                 "How many conversations there are, or are assigned to each admin, or how many records have each tag, segment or user.",
		"record_count.user.segment":    "By segment.",
		"record_count.company.segment": "By segment.",
		"counts.company":               "Companies.", "counts.user": "Users.", "counts.lead": "Leads.", "counts.tag": "Tags.", "counts.segment": "Segments.",
		"counts.company.count": "How many there are.", "counts.user.count": "How many there are.", "counts.lead.count": "How many there are.",
		"counts.tag.count": "How many there are.", "counts.segment.count": "How many there are.",
		"record_count.conversation":              "The counts of conversations.",
		"record_count.conversation.assigned":     "Open ones that are assigned to an admin or a team.",
		"record_count.conversation.unassigned":   "Open ones that are assigned to nobody.",
		"record_count.conversation.open":         "How many are not closed.",
		"record_count.conversation.closed":       "How many are closed.",
		"record_count.conversation.admin":        "By admin, instead of the other members.",
		"record_count.conversation.admin.id":     "The admin.",
		"record_count.conversation.admin.name":   "The name of the admin.",
		"record_count.conversation.admin.open":   "How many of them are not closed.",
		"record_count.conversation.admin.closed": "How many of them are closed.",
		"record_count.user":                      "Of users.",
		"record_count.user.tag":                  "By tag.",
		"record_count.company":                   "Of companies.",
		"record_count.company.tag":               "By tag.",
		"record_count.company.user":              "By company, max 150 of them: how many users it has.",
	},
	Examples: []Example{
		{Do: "POST /contacts", Body: `{"role":"user","email":"ada@example.com"}`, As: "ada"},
		{Do: "POST /conversations", Body: `{"from":{"type":"user","id":"{ada}"},"body":"Hello"}`},
		{Do: "POST /companies", Body: `{"company_id":"acme-1","name":"Acme"}`},
		{Do: "POST /tags", Body: `{"name":"Beta","users":[{"email":"ada@example.com"}]}`},
		{Caption: "Of all kinds", Do: "GET /counts"},
		{Caption: "Conversations", Do: "GET /counts?type=conversation"},
		{Caption: "Conversations by admin", Do: "GET /counts?type=conversation&count=admin"},
		{Caption: "Users by tag", Do: "GET /counts?type=user&count=tag"},
		{Caption: "Companies by segment", Do: "GET /counts?type=company&count=segment"},
		{Caption: "There is no such kind", Do: "GET /counts?type=ticket", Refused: "parameter_invalid"},
	},
}

package reference

var segments = Chapter{
	Name:  "Segments",
	About: "A segment is a search that is kept: whichever contact or company meets its query is in it, for as long as that is so. Segments are made and changed with Lobby's own operations, which show the query too.",
	Operations: []Operation{
		{Route: "GET /segments", Summary: "List segments", About: "All segments of people, oldest first.", Descriptions: counted},
		{Route: "GET /segments/{id}", Summary: "Retrieve a segment", Descriptions: counted},
		{Route: "GET /contacts/{contact_id}/segments", Summary: "List the segments of a contact", About: "Those that the contact is in now.", Descriptions: Descriptions{"contact_id": "The contact.", "include_count": counted["include_count"]}},
		{Route: "GET /lobby/v1/segments", Summary: "List segments with their queries", Descriptions: counted},
		{Route: "POST /lobby/v1/segments", Summary: "Create a segment", Needs: "name query", Descriptions: madeSegment},
		{Route: "GET /lobby/v1/segments/{id}", Summary: "Retrieve a segment with its query", Descriptions: counted},
		{Route: "PUT /lobby/v1/segments/{id}", Summary: "Update a segment", About: "What is not mentioned stays as it is. The segments of all users and of all leads cannot be changed.", Descriptions: madeSegment},
		{Route: "DELETE /lobby/v1/segments/{id}", Summary: "Delete a segment", About: "Answers the segment for the last time.", Descriptions: counted},
	},
	Descriptions: Descriptions{
		"segment":           "Everybody who meets a query.",
		"segment_list":      "All segments of a workspace.",
		"attached_segments": "The segments that a contact or a company is in.",
		"segments":          "The segments.",
		"data":              "The segments.",
		"person_type":       "user|contact: whom the segment is about. A contact is a lead here, by the name that leads had once.",
		"model":             "contact|company: of which records the segment is.",
		"count":             "How many are in the segment, when that was asked for.",
		"segment.query":     "What a person must meet to be in it.",
	},
	Examples: []Example{
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-7","email":"ada@example.com"}`, As: "ada"},
		{Caption: "Users of two companies' addresses", Do: "POST /lobby/v1/segments", Body: `{"name":"Partners","person_type":"user","query":{"operator":"OR","value":[` +
			`{"field":"email_domain","operator":"=","value":"example.com"},{"field":"email_domain","operator":"=","value":"example.org"}]}}`, As: "partners"},
		{Caption: "There is no such field", Do: "POST /lobby/v1/segments", Body: `{"name":"Tall","query":{"field":"height","operator":">","value":180}}`, Refused: "invalid_field"},
		{Caption: "Whoever came within a week", Do: "PUT /lobby/v1/segments/{partners}", Body: `{"name":"Regulars","query":{"field":"created_at","operator":">","value":{"days_ago":7}}}`},
		{Caption: "The segments of a workspace", Do: "GET /segments"},
		{Caption: "With their counts", Do: "GET /segments?include_count=true"},
		{Caption: "One segment", Do: "GET /segments/{partners}"},
		{Caption: "No segment has that id", Do: "GET /segments/nobody", Refused: "not_found"},
		{Caption: "Those of a contact", Do: "GET /contacts/{ada}/segments"},
		{Caption: "All, with what they ask for", Do: "GET /lobby/v1/segments"},
		{Caption: "One, with its count", Do: "GET /lobby/v1/segments/{partners}?include_count=true"},
		{Caption: "For the last time", Do: "DELETE /lobby/v1/segments/{partners}"},
	},
}

var (
	counted     = Descriptions{"include_count": "true|false: whether it is counted how many are in each."}
	madeSegment = Descriptions{
		"name":          "What the segment is called.",
		"model":         "contact|company: of which records it is; contacts unless said.",
		"person_type":   "user|contact: whom it is about; users unless said. A contact is a lead here.",
		"query":         "What a person must meet, as in a search. It may count back from the day on which it is asked.",
		"include_count": counted["include_count"],
	}
)

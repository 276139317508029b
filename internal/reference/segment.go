package reference

var segments = Chapter{
	Name:  "Segments",
	About: "A segment is a saved search: the contacts or companies that meet its query are in it, for as long as they meet it. Lobby's own operations create and change segments, and show the query too.",
	Operations: []Operation{
		{Route: "GET /segments", Summary: "List segments", About: "Returns all segments of people, oldest first.", Descriptions: counted},
		{Route: "GET /segments/{id}", Summary: "Retrieve a segment", Descriptions: counted},
		{Route: "GET /contacts/{contact_id}/segments", Summary: "List the segments of a contact", About: "Returns the segments that the contact is in now.", Descriptions: Descriptions{"contact_id": "The contact.", "include_count": counted["include_count"]}},
		{Route: "GET /lobby/v1/segments", Summary: "List segments with their queries", Descriptions: counted},
		{Route: "POST /lobby/v1/segments", Summary: "Create a segment", Needs: "name query", Descriptions: madeSegment},
		{Route: "GET /lobby/v1/segments/{id}", Summary: "Retrieve a segment with its query", Descriptions: counted},
		{Route: "PUT /lobby/v1/segments/{id}", Summary: "Update a segment", About: "Members that are left out keep their values. The segments of all users and of all leads cannot be changed.", Descriptions: madeSegment},
		{Route: "DELETE /lobby/v1/segments/{id}", Summary: "Delete a segment", About: "Returns the deleted segment.", Descriptions: counted},
	},
	Descriptions: Descriptions{
		"segment":           "The contacts or companies that meet a query.",
		"segment_list":      "All segments of a workspace.",
		"attached_segments": "The segments that a contact or a company is in.",
		"segments":          "The segments.",
		"data":              "The segments.",
		"person_type":       "user|contact: the role of the people in the segment. Here contact means lead, by the former name of leads.",
		"model":             "contact|company: the kind of records in the segment.",
		"count":             "The number of records in the segment, if the request asked for it.",
		"segment.query":     "The condition that the records in the segment meet.",
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
	counted     = Descriptions{"include_count": "true|false: whether to count the records in each segment."}
	madeSegment = Descriptions{
		"name":          "The name of the segment.",
		"model":         "contact|company: the kind of records in it; by default contact.",
		"person_type":   "user|contact: the role of the people in it; by default user. Here contact means lead.",
		"query":         "The condition, as in a search. With days_ago it counts back from the current day.",
		"include_count": counted["include_count"],
	}
)

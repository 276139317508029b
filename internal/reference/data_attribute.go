package reference

var dataAttributes = Chapter{
	Name:  "Data attributes",
	About: "A data attribute is something that can be known of a contact or a company. Some every workspace has; others are defined by it, and are found among custom_attributes.",
	Operations: []Operation{
		{
			Route: "GET /data_attributes", Summary: "List data attributes", About: "Those that every workspace has, and the workspace's own.",
			Descriptions: Descriptions{
				"model":            "contact|company|conversation: only attributes of that kind of record. Lobby has no conversations, and so none of their attributes.",
				"include_archived": "Whether archived attributes are listed too.",
			},
		},
		{
			Route: "POST /data_attributes", Summary: "Create a data attribute", Needs: "name model data_type",
			Descriptions: Descriptions{
				"name":               "What it is called, in letters, digits, currency symbols, hyphens, commas and spaces.",
				"model":              "contact|company: of which records it is.",
				"data_type":          "Of what kind the values are: string, integer, float, boolean, date, datetime, or options for a string that is one of a list.",
				"messenger_writable": "Whether a page may set it; true unless said.",
			},
		},
		{Route: "PUT /data_attributes/{id}", Summary: "Update a data attribute", About: "Name, model and type stay for good. Options that are not in the list are gone."},
	},
	Descriptions: Descriptions{
		"data_attribute":      "What can be known of contacts or companies.",
		"data_attribute_list": "Data attributes of some kinds of records.",
		"data":                "The attributes.",
		"name":                "What it is called.",
		"full_name":           "The path by which the value is found in a record.",
		"label":               "What people are shown as its name.",
		"description":         "What it means.",
		"data_type":           "Of what kind the values are.",
		"options":             "The texts of which a value is one.",
		"model":               "Of which records it is.",
		"api_writable":        "Whether it can be set through the API.",
		"ui_writable":         "Whether it can be set on a screen.",
		"messenger_writable":  "Whether a page may set it.",
		"custom":              "Whether the workspace defined it.",
		"archived":            "Whether it is out of use.",
		"admin_id":            "The admin who defined it.",
	},
	Examples: []Example{
		{Caption: "One of a list", Do: "POST /data_attributes", Body: `{"name":"plan","model":"contact","data_type":"string","options":["solo","team"],"description":"What was bought"}`, As: "plan"},
		{Caption: "It exists already", Do: "POST /data_attributes", Body: `{"name":"plan","model":"contact","data_type":"string"}`, Refused: "parameter_invalid"},
		{Caption: "An option more", Do: "PUT /data_attributes/{plan}", Body: `{"options":["solo","team","office"]}`},
		{Caption: "Out of use", Do: "PUT /data_attributes/{plan}", Body: `{"archived":true}`},
		{Caption: "There is no such attribute", Do: "PUT /data_attributes/999", Body: `{}`, Refused: "field_not_found"},
		{Caption: "Of companies", Do: "GET /data_attributes?model=company"},
	},
}

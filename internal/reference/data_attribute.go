package reference

var dataAttributes = Chapter{
	Name:  "Data attributes",
	About: "A data attribute is a field of contacts or companies. Every workspace has the standard attributes. It defines others itself, whose values are in custom_attributes.",
	Operations: []Operation{
		{
			Route: "GET /data_attributes", Summary: "List data attributes", About: "Returns the standard attributes, and those that the workspace defined.",
			Descriptions: Descriptions{
				"model":            "contact|company|conversation: only attributes of that kind of record. By default those of contacts and companies.",
				"include_archived": "Whether to list archived attributes too.",
			},
		},
		{
			Route: "POST /data_attributes", Summary: "Create a data attribute", Needs: "name model data_type",
			Descriptions: Descriptions{
				"name":               "The name, in letters, digits, currency symbols, hyphens, commas and spaces.",
				"model":              "contact|company: the kind of records that have it.",
				"data_type":          "The type of the values: string, integer, float, boolean, date, datetime, or options for a string that is one of a list.",
				"messenger_writable": "Whether a page may set it; by default true.",
			},
		},
		{Route: "PUT /data_attributes/{id}", Summary: "Update a data attribute", About: "The name, model and type cannot be changed. Options that are not in the list are removed."},
	},
	Descriptions: Descriptions{
		"data_attribute":      "A field of contacts or companies.",
		"data_attribute_list": "Data attributes of some kinds of records.",
		"data":                "The attributes.",
		"name":                "The name.",
		"full_name":           "The path of the value in a record.",
		"label":               "The name that is shown to people.",
		"description":         "What it means.",
		"data_type":           "The type of the values.",
		"options":             "The texts that a value may be.",
		"model":               "The kind of records that have it.",
		"api_writable":        "Whether it can be set through the API.",
		"ui_writable":         "Whether it can be set on a screen.",
		"messenger_writable":  "Whether a page may set it.",
		"custom":              "Whether the workspace defined it.",
		"archived":            "Whether it is no longer in use.",
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

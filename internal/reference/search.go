package reference

var search = Chapter{
	Name: "Search",
	About: "A search finds people by what is known of them. A query is a filter, which compares one field with a value, or a group of up to 15 filters and groups, which may stand in one another two deep.\n\n" +
		"What was written is found at once, unless the workspace has a setting that makes searches late, as clients of a larger service know them.",
	Operations: []Operation{
		{Route: "POST /contacts/search", Summary: "Search contacts", About: "Without those that are archived or blocked. Unless an order is said the newest come first.", Needs: "query", Descriptions: searchOrder},
		{Route: "POST /companies/search", Summary: "Search companies", About: "By the fields of companies, in the same words.", Needs: "query", Descriptions: searchOrder},
		{Route: "POST /lobby/v1/companies/search", Summary: "Search companies in any version", About: "The same as the search that only the newest version has.", Needs: "query", Descriptions: searchOrder},
		{Route: "POST /lobby/v1/visitors/search", Summary: "Search visitors", About: "By the fields of visitors, in the same words.", Needs: "query", Descriptions: searchOrder},
	},
	Descriptions: Descriptions{
		"contact_search": "One page of the contacts that were found.",
		"company_search": "One page of the companies that were found.",
		"visitor_search": "One page of the visitors that were found.",
		"query":          "What a search asks for.",
		"operator":       "=|!=|IN|NIN|<|<=|>|>=|~|!~|^|$|AND|OR: how the field is compared with the value, or how the parts of a group go together.",
		"query.field":    "The field of a filter, such as email or custom_attributes.plan. A group has none.",
		"value.field":    "The field of a filter. A group has none.",
		"query.value":    "With what the field is compared: a value, a list of them for IN and NIN, or the parts of a group.",
		"value.value":    "With what the field is compared, or the parts of a group.",
		"days_ago":       "The time so many days before the search, in place of a value.",
	},
	Examples: []Example{
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-7","email":"ada@example.com","name":"Ada Byron"}`},
		{Do: "POST /contacts", Body: `{"role":"lead","name":"Grace Hopper"}`},
		{Do: "POST /lobby/v1/visitors", Body: `{"utm_source":"newsletter","email":"joan@example.com"}`},
		{Caption: "By an email address", Do: "POST /contacts/search", Body: `{"query":{"field":"email","operator":"=","value":"ada@example.com"}}`},
		{Caption: "All of this, or one of those", Do: "POST /contacts/search", Body: `{"query":{"operator":"OR","value":[{"field":"external_id","operator":"IN","value":["customer-7","customer-8"]},` +
			`{"operator":"AND","value":[{"field":"role","operator":"=","value":"lead"},{"field":"name","operator":"~","value":"Grace"}]}]},` +
			`"pagination":{"per_page":1}}`},
		{Caption: "In an order", Do: "POST /contacts/search", Body: `{"query":{"field":"created_at","operator":">","value":1600000000},"sort":{"field":"name","order":"ascending"}}`},
		{Caption: "There is no such field", Do: "POST /contacts/search", Body: `{"query":{"field":"height","operator":">","value":180}}`, Refused: "invalid_field"},
		{Do: "POST /companies", Body: `{"company_id":"acme-1","name":"Acme"}`},
		{Caption: "By name", Do: "POST /companies/search", Body: `{"query":{"field":"name","operator":"=","value":"Acme"}}`},
		{Caption: "By name", Do: "POST /lobby/v1/companies/search", Body: `{"query":{"field":"name","operator":"=","value":"Acme"}}`},
		{Caption: "By an email address", Do: "POST /lobby/v1/visitors/search", Body: `{"query":{"field":"email","operator":"$","value":"@example.com"}}`},
	},
}

var searchOrder = Descriptions{
	"query":                     "What is asked for.",
	"pagination":                "Which page is wanted.",
	"pagination.per_page":       "How many records a page has, at most 150; 50 unless said, 15 of companies.",
	"pagination.starting_after": "The cursor of the next page, from the page before. It counts for the same query in the same order.",
	"sort":                      "In which order the answer comes.",
	"sort.field":                "The field by which it is ordered.",
	"sort.order":                "ascending|descending: which end comes first; descending unless said.",
	"sort.sort_field":           "The same as field.",
	"sort.sort_order":           "ascending|descending: the same as order.",
	"sort_field":                "The field by which the answer is ordered, as some clients send it.",
	"sort_order":                "ascending|descending: which end comes first, as some clients send it.",
}

package reference

var search = Chapter{
	Name: "Search",
	About: "A search finds people and companies by the values of their fields. A query is a filter, which compares one field with a value, or a group of max 15 filters and groups. Groups may be nested two deep.\n\n" +
		"A search finds what was just written, unless the search_lag setting of the workspace delays it.",
	Operations: []Operation{
		{Route: "POST /contacts/search", Summary: "Search contacts", About: "Without archived and blocked contacts. By default the newest come first.", Needs: "query", Descriptions: searchOrder},
		{Route: "POST /companies/search", Summary: "Search companies", About: "By the fields of companies. The query has the same form as for contacts.", Needs: "query", Descriptions: searchOrder},
		{Route: "POST /lobby/v1/companies/search", Summary: "Search companies in any version", About: "The same as POST /companies/search, which only the newest version has.", Needs: "query", Descriptions: searchOrder},
		{Route: "POST /lobby/v1/visitors/search", Summary: "Search visitors", About: "By the fields of visitors. The query has the same form as for contacts.", Needs: "query", Descriptions: searchOrder},
	},
	Descriptions: Descriptions{
		"contact_search": "One page of the contacts that were found.",
		"company_search": "One page of the companies that were found.",
		"visitor_search": "One page of the visitors that were found.",
		"query":          "The condition of a search.",
		"operator":       "=|!=|IN|NIN|<|<=|>|>=|~|!~|^|$|AND|OR: how the field is compared with the value, or how the parts of a group are combined.",
		"query.field":    "The field of a filter, such as email or custom_attributes.plan. A group has none.",
		"value.field":    "The field of a filter. A group has none.",
		"query.value":    "The value to compare the field with, a list of values for IN and NIN, or the parts of a group.",
		"value.value":    "The value to compare the field with, or the parts of a group.",
		"days_ago":       "In place of a value, the time this many days before the search.",
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
	"query":                     "The condition.",
	"pagination":                "The page to return.",
	"pagination.per_page":       "Records per page, max 150; by default 50, or 15 for companies.",
	"pagination.starting_after": "The cursor of the next page, from the previous page. It is valid for the same query in the same order.",
	"sort":                      "The order of the results.",
	"sort.field":                "The field to sort by.",
	"sort.order":                "ascending|descending: the direction; by default descending.",
	"sort.sort_field":           "The same as field.",
	"sort.sort_order":           "ascending|descending: the same as order.",
	"sort_field":                "The field to sort by, as some clients send it.",
	"sort_order":                "ascending|descending: the direction, as some clients send it.",
}

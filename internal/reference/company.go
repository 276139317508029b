package reference

var companies = Chapter{
	Name:  "Companies",
	About: "A company is an organisation whose people use your product. Your own database's id identifies it. Lists include it once a contact belongs to it.",
	Operations: []Operation{
		{
			Route: "POST /companies", Summary: "Create or update a company",
			About: "Updates the company with the company_id, or creates it. Members that are left out keep their values. An unknown member is an error.",
			Needs: "company_id", Descriptions: writtenCompany,
		},
		{
			Route: "GET /companies", Summary: "Find or list companies",
			About: "Returns the company with a company_id or a name. Without either, returns a page of all companies that have contacts, the most recent request of their people first.",
			Descriptions: Descriptions{
				"company_id": "Only the company that has this id in your own database.",
				"name":       "Only the company of this name.",
				"tag_id":     "Only companies that carry this tag.",
				"segment_id": "Only companies in this segment.",
				"order":      companyOrder,
				"page":       "The number of the page, from 1.",
				"per_page":   companiesPerPage,
			},
		},
		{
			Route: "POST /companies/list", Summary: "List companies", About: "Returns the same list as GET /companies. Parameters may be in the query or in the body; the query takes precedence.",
			Descriptions: Descriptions{
				"tag_id":     "Only companies that carry this tag.",
				"segment_id": "Only companies in this segment.",
				"order":      companyOrder,
				"page":       "The number of the page, from 1.",
				"per_page":   companiesPerPage,
			},
		},
		{
			Route: "GET /companies/scroll", Summary: "Scroll over all companies",
			About:        "Returns all companies that have contacts, a hundred at a time; the last page is empty. A workspace has one open scroll at a time, which closes after a minute without a request.",
			Descriptions: Descriptions{"scroll_param": "The scroll_param of the previous page. Without one a new scroll begins."},
		},
		{Route: "GET /companies/{id}", Summary: "Retrieve a company"},
		{
			Route: "PUT /companies/{id}", Summary: "Update a company", About: "Members that are left out keep their values; null removes a value.",
			Descriptions: writtenCompany,
		},
		{Route: "DELETE /companies/{id}", Summary: "Delete a company", About: "Deletes the company and its notes. Its contacts stay."},
		{Route: "GET /companies/{id}/contacts", Summary: "List the contacts of a company", About: "Newest first.", Descriptions: Descriptions{"id": "The company.", "per_page": perPage}},
		{Route: "GET /companies/{id}/segments", Summary: "List the segments of a company", About: "Returns the segments that the company is in now.", Descriptions: Descriptions{"id": "The company.", "include_count": counted["include_count"]}},
		{
			Route: "GET /contacts/{contact_id}/companies", Summary: "List the companies of a contact", About: "In the order in which the contact was attached to them.",
			Descriptions: Descriptions{"contact_id": "The contact.", "page": "The number of the page, from 1.", "per_page": perPage},
		},
		{
			Route: "POST /contacts/{contact_id}/companies", Summary: "Attach a contact to a company", About: "Does nothing if the contact belongs to the company already. A contact belongs to max 1000 companies.",
			Descriptions: Descriptions{"contact_id": "The contact.", "id": "The company, by the id that this server gave.", "company_id": "The same as id; some clients send it."},
		},
		{
			Route: "DELETE /contacts/{contact_id}/companies/{id}", Summary: "Detach a contact from a company",
			Descriptions: Descriptions{"contact_id": "The contact.", "id": "The company."},
		},
		{
			Route: "GET /lobby/v1/visitors/{visitor_id}/companies", Summary: "List the companies of a visitor",
			Descriptions: Descriptions{"visitor_id": anyVisitorID, "page": "The number of the page, from 1.", "per_page": perPage},
		},
		{
			Route: "POST /lobby/v1/visitors/{visitor_id}/companies", Summary: "Attach a visitor to a company", About: "The contact that the visitor becomes belongs to the company too.",
			Descriptions: Descriptions{"visitor_id": anyVisitorID, "id": "The company, by the id that this server gave.", "company_id": "The same as id; some clients send it."},
		},
		{
			Route: "DELETE /lobby/v1/visitors/{visitor_id}/companies/{id}", Summary: "Detach a visitor from a company",
			Descriptions: Descriptions{"visitor_id": anyVisitorID, "id": "The company."},
		},
	},
	Descriptions: Descriptions{
		"company":                    "An organisation whose people use your product.",
		"company_list":               "One page of companies.",
		"company_scroll":             "The next companies of a scroll.",
		"company_deleted":            "A company that was deleted.",
		"data":                       "The companies.",
		"company_list.companies":     "The same as data, in the list of a contact's companies.",
		"company_scroll.pages":       "Always null: a scroll has no pages.",
		"company_scroll.total_count": "Always null: a scroll does not count.",
		"scroll_param":               "The parameter of the next page; absent once there are no more companies.",
		"pages.next":                 "The URL of the next page; null on the last page.",
		"object":                     "The kind of the deleted object.",
		"deleted":                    "Whether it is deleted.",
		"company_id":                 "The id that the company has in your own database.",
		"app_id":                     "The workspace.",
		"company.name":               "The name of the company; empty while it is unknown.",
		"remote_created_at":          "When the company was created in your own database; by default, when it was created here.",
		"last_request_at":            "When somebody of the company last made a request.",
		"monthly_spend":              "How much the company pays in a month.",
		"session_count":              "The number of visits of its people.",
		"user_count":                 "The number of contacts that belong to it.",
		"tags":                       "The tags of the company.",
		"tags.tags":                  "The tags.",
		"segments":                   "The segments that the company is in.",
		"segments.segments":          "The segments.",
		"notes":                      "The notes about the company, newest first.",
		"notes.data":                 "The first ten.",
		"plan":                       "The plan that the company pays for; empty when it has none.",
		"plan.name":                  "The name of the plan.",
		"size":                       "The number of people who work there.",
		"website":                    "The URL of its website.",
		"industry":                   "The industry that it belongs to.",
	},
	Examples: []Example{
		{Do: "POST /data_attributes", Body: `{"name":"seats","model":"company","data_type":"integer"}`},
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-7","email":"ada@example.com"}`, As: "ada"},
		{Do: "POST /lobby/v1/visitors", Body: `{}`, As: "visitor"},
		{Caption: "All there is to know", Do: "POST /companies", Body: `{"company_id":"acme-1","name":"Acme","plan":"Team","size":85,"website":"https://acme.example.com",` +
			`"industry":"Anvils","monthly_spend":155,"remote_created_at":1590000000,"custom_attributes":{"seats":12}}`, As: "acme"},
		{Caption: "There is no such member", Do: "POST /companies", Body: `{"company_id":"acme-1","colour":"red"}`, Refused: "bad_request"},
		{Caption: "A contact of it", Do: "POST /contacts/{ada}/companies", Body: `{"id":"{acme}"}`},
		{Caption: "It must be said which", Do: "POST /contacts/{ada}/companies", Body: `{}`, Refused: "parameter_not_found"},
		{Caption: "Those of a contact", Do: "GET /contacts/{ada}/companies"},
		{Caption: "A visitor of it", Do: "POST /lobby/v1/visitors/{visitor}/companies", Body: `{"id":"{acme}"}`},
		{Caption: "Those of a visitor", Do: "GET /lobby/v1/visitors/{visitor}/companies"},
		{Caption: "By your own id", Do: "GET /companies?company_id=acme-1"},
		{Caption: "A page of them", Do: "GET /companies?page=1&per_page=10"},
		{Caption: "No company has that name", Do: "GET /companies?name=Nobody", Refused: "company_not_found"},
		{Caption: "The order in the body", Do: "POST /companies/list", Body: `{"page":1,"per_page":10,"order":"asc"}`},
		{Caption: "The first part", Do: "GET /companies/scroll"},
		{Caption: "Another is open", Do: "GET /companies/scroll", Refused: "scroll_exists"},
		{Caption: "One company", Do: "GET /companies/{acme}"},
		{Caption: "No company has that id", Do: "GET /companies/nobody", Refused: "company_not_found"},
		{Caption: "A larger plan", Do: "PUT /companies/{acme}", Body: `{"plan":"Office","monthly_spend":390}`},
		{Caption: "Those of a company", Do: "GET /companies/{acme}/contacts"},
		{Caption: "Those of a company", Do: "GET /companies/{acme}/segments"},
		{Caption: "A contact less", Do: "DELETE /contacts/{ada}/companies/{acme}"},
		{Caption: "A visitor less", Do: "DELETE /lobby/v1/visitors/{visitor}/companies/{acme}"},
		{Caption: "A company that is no more", Do: "DELETE /companies/{acme}"},
	},
}

const (
	companiesPerPage = "Companies per page, max 150; by default 15."
	companyOrder     = "asc|desc: the order by the last request of a company's people; by default desc, the most recent first."
)

var writtenCompany = Descriptions{
	"id":                     "The company.",
	"company_id":             "The id that the company has in your own database. It cannot be changed later.",
	"name":                   "The name of the company.",
	"plan":                   "The name of its plan. A plan is created if none has the name.",
	"remote_created_at":      "When the company was created in your own database.",
	"monthly_spend":          "How much the company pays in a month; a fraction is cut off.",
	"update_last_request_at": "Whether somebody of the company made a request just now.",
}

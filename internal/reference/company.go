package reference

var companies = Chapter{
	Name:  "Companies",
	About: "A company is an organisation whose people use your product. It is known by the id that it has in your own database, and lists show it once a contact belongs to it.",
	Operations: []Operation{
		{
			Route: "POST /companies", Summary: "Create or update a company",
			About: "Updates the company that has the company_id, or makes it. What is not mentioned stays as it is. A member that companies do not have is refused.",
			Needs: "company_id", Descriptions: writtenCompany,
		},
		{
			Route: "GET /companies", Summary: "Find or list companies",
			About: "Answers the one company of a company_id or of a name, or else a page of all that have contacts: those first whose people made a request last.",
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
			Route: "POST /companies/list", Summary: "List companies", About: "The same list. What is wanted may stand in the query, which counts, or in the body.",
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
			About:        "Walks through all companies that have contacts, a hundred at a time, until there are no more. A workspace has one scroll at a time, which closes when it is not used for a minute.",
			Descriptions: Descriptions{"scroll_param": "Where to go on, from the part before. Without one a new scroll begins."},
		},
		{Route: "GET /companies/{id}", Summary: "Retrieve a company"},
		{
			Route: "PUT /companies/{id}", Summary: "Update a company", About: "What is not mentioned stays as it is; null forgets a value.",
			Descriptions: writtenCompany,
		},
		{Route: "DELETE /companies/{id}", Summary: "Delete a company", About: "With its notes. Whoever belonged to it stays."},
		{Route: "GET /companies/{id}/contacts", Summary: "List the contacts of a company", About: "Newest first.", Descriptions: Descriptions{"id": "The company.", "per_page": perPage}},
		{Route: "GET /companies/{id}/segments", Summary: "List the segments of a company", About: "Those that the company is in now.", Descriptions: Descriptions{"id": "The company.", "include_count": counted["include_count"]}},
		{
			Route: "GET /contacts/{contact_id}/companies", Summary: "List the companies of a contact", About: "In the order in which the contact came to them.",
			Descriptions: Descriptions{"contact_id": "The contact.", "page": "The number of the page, from 1.", "per_page": perPage},
		},
		{
			Route: "POST /contacts/{contact_id}/companies", Summary: "Attach a contact to a company", About: "Once more does nothing. A contact belongs to at most 1000 companies.",
			Descriptions: Descriptions{"contact_id": "The contact.", "id": "The company, by the id that this server gave.", "company_id": "The same, as some clients send it."},
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
			Route: "POST /lobby/v1/visitors/{visitor_id}/companies", Summary: "Attach a visitor to a company", About: "Whoever becomes of the visitor belongs to the company too.",
			Descriptions: Descriptions{"visitor_id": anyVisitorID, "id": "The company, by the id that this server gave.", "company_id": "The same, as some clients send it."},
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
		"company_deleted":            "A company that is no more.",
		"data":                       "The companies.",
		"company_list.companies":     "The same companies by another name, in a list of somebody's.",
		"company_scroll.pages":       "Always null: a scroll has no pages.",
		"company_scroll.total_count": "Always null: a scroll does not count.",
		"scroll_param":               "Where the scroll goes on; there is none once there are no more companies.",
		"pages.next":                 "The URL of the page after this one; null on the last.",
		"object":                     "What kind of object it was.",
		"deleted":                    "Whether it is deleted.",
		"company_id":                 "The id that the company has in your own database.",
		"app_id":                     "The workspace.",
		"company.name":               "What the company is called; empty while it is unknown.",
		"remote_created_at":          "When your own database got the company; when this one did unless you said.",
		"last_request_at":            "When somebody of the company last made a request.",
		"monthly_spend":              "How much the company pays in a month.",
		"session_count":              "How many visits its people made.",
		"user_count":                 "How many contacts belong to it.",
		"tags":                       "The tags of the company.",
		"tags.tags":                  "The tags.",
		"segments":                   "The segments that the company is in.",
		"segments.segments":          "The segments.",
		"notes":                      "The notes about the company, newest first.",
		"notes.data":                 "The first ten.",
		"plan":                       "For what the company pays; empty when it has no plan.",
		"plan.name":                  "What the plan is called.",
		"size":                       "How many people work there.",
		"website":                    "The address of its website.",
		"industry":                   "In which trade it is.",
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
	companiesPerPage = "How many companies a page has, at most 150; 15 unless said."
	companyOrder     = "asc|desc: whether those come first whose people made a request longest ago, or last; the latter unless said."
)

var writtenCompany = Descriptions{
	"id":                     "The company.",
	"company_id":             "The id that the company has in your own database, which stays for good.",
	"name":                   "What the company is called.",
	"plan":                   "The name of its plan, which is made when there is none of that name.",
	"remote_created_at":      "When your own database got the company.",
	"monthly_spend":          "How much the company pays in a month; a fraction is cut off.",
	"update_last_request_at": "Whether somebody of the company made a request just now.",
}

package reference

var notes = Chapter{
	Name:  "Notes",
	About: "A note is a text that an admin wrote about a contact or a company or, with Lobby's own operations, about a visitor. It is sanitized HTML, and cannot be changed.",
	Operations: []Operation{
		{Route: "GET /contacts/{contact_id}/notes", Summary: "List the notes about a contact", About: "Newest first.", Descriptions: Descriptions{"contact_id": "The contact.", "page": "The number of the page, from 1.", "per_page": perPage}},
		{Route: "POST /contacts/{contact_id}/notes", Summary: "Write a note about a contact", Needs: "body", Descriptions: Descriptions{"contact_id": "The contact.", "body": noteBody, "admin_id": noteAuthor}},
		{Route: "GET /companies/{company_id}/notes", Summary: "List the notes about a company", About: "Newest first.", Descriptions: Descriptions{"company_id": "The company.", "page": "The number of the page, from 1.", "per_page": perPage}},
		{Route: "POST /companies/{company_id}/notes", Summary: "Write a note about a company", Needs: "body", Descriptions: Descriptions{"company_id": "The company.", "body": noteBody, "admin_id": noteAuthor}},
		{Route: "GET /notes/{id}", Summary: "Retrieve a note"},
		{Route: "GET /lobby/v1/visitors/{visitor_id}/notes", Summary: "List the notes about a visitor", About: "Newest first.", Descriptions: Descriptions{"visitor_id": anyVisitorID, "page": "The number of the page, from 1.", "per_page": perPage}},
		{
			Route: "POST /lobby/v1/visitors/{visitor_id}/notes", Summary: "Write a note about a visitor", About: "The contact that the visitor becomes has the note too.",
			Needs: "body", Descriptions: Descriptions{"visitor_id": anyVisitorID, "body": noteBody, "admin_id": noteAuthor},
		},
	},
	Descriptions: Descriptions{
		"note":                      "A text that an admin wrote about a person or a company.",
		"note_list":                 "One page of notes.",
		"note.contact":              "The contact that the note is about; null when it is about a visitor or a company.",
		"note.company.id":           "The id of the company.",
		"note.contact.id":           "The id of the contact.",
		"note.visitor":              "The visitor that the note is about; absent when it is not about one.",
		"note.visitor.id":           "The id of the visitor.",
		"note.company":              "The company that the note is about; null when it is about a person.",
		"author":                    "The admin who wrote it.",
		"author.id":                 "The id of the admin.",
		"author.name":               "The admin's name; empty once the admin is deleted.",
		"author.email":              "The admin's email address.",
		"author.away_mode_enabled":  "Whether the admin is away.",
		"author.away_mode_reassign": "Whether others get the admin's new conversations while the admin is away.",
		"body":                      "The note, in HTML.",
		"pages.next":                "The URL of the next page; null on the last page.",
	},
	Examples: []Example{
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-7"}`, As: "ada"},
		{Do: "POST /lobby/v1/visitors", Body: `{}`, As: "visitor"},
		{Caption: "By the admin of the token", Do: "POST /contacts/{ada}/notes", Body: `{"body":"Wants to be called in <b>May</b>."}`, As: "note"},
		{Do: "POST /contacts/{ada}/notes", Body: `{"body":"Called, but nobody was there.","admin_id":"1"}`},
		{Caption: "There is nothing to read", Do: "POST /contacts/{ada}/notes", Body: `{}`, Refused: "parameter_not_found"},
		{Caption: "The newest of two", Do: "GET /contacts/{ada}/notes?page=1&per_page=1"},
		{Caption: "One note", Do: "GET /notes/{note}"},
		{Caption: "No note has that id", Do: "GET /notes/99", Refused: "not_found"},
		{Do: "POST /companies", Body: `{"company_id":"acme-1","name":"Acme"}`, As: "acme"},
		{Caption: "About a company", Do: "POST /companies/{acme}/notes", Body: `{"body":"Pays by the year."}`},
		{Caption: "All about a company", Do: "GET /companies/{acme}/notes"},
		{Caption: "About somebody whom only a browser knows", Do: "POST /lobby/v1/visitors/{visitor}/notes", Body: `{"body":"Asked about prices.","admin_id":1}`},
		{Caption: "All about a visitor", Do: "GET /lobby/v1/visitors/{visitor}/notes"},
	},
}

const (
	anyVisitorID = "The visitor, by the id that this server gave or the one that the browser holds."
	perPage      = "Records per page, max 150; by default 50."
	noteBody     = "The note. Unsafe HTML is removed; a text without tags becomes paragraphs."
	noteAuthor   = "The admin who writes it; by default the one of the token."
)

package reference

var notes = Chapter{
	Name:  "Notes",
	About: "A note is what an admin wrote about a contact, about a company or, by Lobby's own operations, about a visitor. It is HTML that harms nobody who reads it, and stays as it was written.",
	Operations: []Operation{
		{Route: "GET /contacts/{contact_id}/notes", Summary: "List the notes about a contact", About: "Newest first.", Descriptions: Descriptions{"contact_id": "The contact.", "page": "The number of the page, from 1.", "per_page": perPage}},
		{Route: "POST /contacts/{contact_id}/notes", Summary: "Write a note about a contact", Needs: "body", Descriptions: Descriptions{"contact_id": "The contact.", "body": noteBody, "admin_id": noteAuthor}},
		{Route: "GET /companies/{company_id}/notes", Summary: "List the notes about a company", About: "Newest first.", Descriptions: Descriptions{"company_id": "The company.", "page": "The number of the page, from 1.", "per_page": perPage}},
		{Route: "POST /companies/{company_id}/notes", Summary: "Write a note about a company", Needs: "body", Descriptions: Descriptions{"company_id": "The company.", "body": noteBody, "admin_id": noteAuthor}},
		{Route: "GET /notes/{id}", Summary: "Retrieve a note"},
		{Route: "GET /lobby/v1/visitors/{visitor_id}/notes", Summary: "List the notes about a visitor", About: "Newest first.", Descriptions: Descriptions{"visitor_id": anyVisitorID, "page": "The number of the page, from 1.", "per_page": perPage}},
		{
			Route: "POST /lobby/v1/visitors/{visitor_id}/notes", Summary: "Write a note about a visitor", About: "It is about whoever becomes of the visitor, too.",
			Needs: "body", Descriptions: Descriptions{"visitor_id": anyVisitorID, "body": noteBody, "admin_id": noteAuthor},
		},
	},
	Descriptions: Descriptions{
		"note":                      "What an admin wrote about somebody.",
		"note_list":                 "One page of notes.",
		"note.contact":              "Whom the note is about; null when that is a visitor or a company.",
		"note.company.id":           "The id of the company.",
		"note.contact.id":           "The id of the contact.",
		"note.visitor":              "Whom the note is about, when that is a visitor.",
		"note.visitor.id":           "The id of the visitor.",
		"note.company":              "The company that the note is about; null when that is a person.",
		"author":                    "The admin who wrote it.",
		"author.id":                 "The id of the admin.",
		"author.name":               "What the admin is called; empty once the admin is gone.",
		"author.email":              "The admin's email address.",
		"author.away_mode_enabled":  "Whether the admin is away.",
		"author.away_mode_reassign": "Whether new conversations go to somebody else while the admin is away.",
		"body":                      "The note, in HTML.",
		"pages.next":                "The URL of the page after this one; null on the last.",
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
	perPage      = "How many records a page has, at most 150; 50 unless said."
	noteBody     = "The note. HTML stays as far as it harms nobody; a text without tags becomes paragraphs."
	noteAuthor   = "The admin who writes it; the one of the token unless said."
)

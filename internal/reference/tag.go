package reference

var tags = Chapter{
	Name:  "Tags",
	About: "A tag is a label that contacts, companies and, by Lobby's own operations, visitors carry. No two tags have the same name, whatever its case.",
	Operations: []Operation{
		{Route: "GET /tags", Summary: "List tags", About: "All tags of the workspace, oldest first."},
		{
			Route: "POST /tags", Summary: "Save a tag",
			About: "Makes the tag of a name unless there is one, or renames the one of an id; then puts it on the users and companies that are listed, or takes it off. One mistake, and nothing changes.",
			Words: Words{
				"id":            "A tag that there is already.",
				"name":          "What the tag is called from now on.",
				"users":         "The contacts to tag, each by one of its identifiers; leads too.",
				"users.id":      "The id that this server gave.",
				"users.user_id": "The id that the contact has in your own database.",
				"users.email":   "The contact's email address.",
				"users.untag":   "Whether the tag is to be taken off.",
				"companies":     "The companies to tag.",
			},
		},
		{Route: "GET /tags/{id}", Summary: "Retrieve a tag"},
		{Route: "DELETE /tags/{id}", Summary: "Delete a tag", About: "Takes it off whoever carries it. A tag for which a segment asks stays."},
		{Route: "GET /contacts/{contact_id}/tags", Summary: "List the tags of a contact", About: "In the order in which they were applied.", Words: taggedContact},
		{Route: "POST /contacts/{contact_id}/tags", Summary: "Tag a contact", About: "A tag that is carried already stays as it was applied.", Needs: "id", Words: taggedContact},
		{Route: "DELETE /contacts/{contact_id}/tags/{id}", Summary: "Untag a contact", About: "Answers what the tag was.", Words: taggedContact},
		{Route: "GET /lobby/v1/visitors/{visitor_id}/tags", Summary: "List the tags of a visitor", Words: taggedVisitor},
		{Route: "POST /lobby/v1/visitors/{visitor_id}/tags", Summary: "Tag a visitor", About: "Who becomes of the visitor carries the tag too.", Needs: "id", Words: taggedVisitor},
		{Route: "DELETE /lobby/v1/visitors/{visitor_id}/tags/{id}", Summary: "Untag a visitor", Words: taggedVisitor},
	},
	Words: Words{
		"tag":              "A label that people and companies carry.",
		"tag_list":         "All tags of a workspace.",
		"applied_tag":      "A tag as somebody carries it.",
		"applied_tag_list": "All tags that somebody carries.",
		"tagging":          "The tag that was saved, and who carries it now.",
		"data":             "The tags.",
		"applied_at":       "When the tag was applied.",
		"applied_by":       "The admin who applied it; null when nobody knows.",
		"applied_by.id":    "The id of the admin.",
		"users":            "The contacts that were listed, as far as they were found.",
		"users.id":         "The id of the contact.",
		"companies":        "The companies that were listed, as far as they were found.",
		"companies.id":     "The id of the company.",
		"tagged":           "Whether it carries the tag now.",
	},
	Story: []Step{
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-7","email":"ada@example.com"}`, As: "ada"},
		{Do: "POST /lobby/v1/visitors", Body: `{}`, As: "visitor"},
		{Says: "A new tag", Do: "POST /tags", Body: `{"name":"Early bird"}`, As: "bird"},
		{Says: "Another name", Do: "POST /tags", Body: `{"id":"{bird}","name":"Early adopter"}`},
		{Says: "On a user", Do: "POST /tags", Body: `{"name":"Early adopter","users":[{"user_id":"customer-7"}]}`},
		{Says: "It has no name", Do: "POST /tags", Body: `{"name":" "}`, Refused: "parameter_invalid"},
		{Says: "The tags of a workspace", Do: "GET /tags"},
		{Says: "One tag", Do: "GET /tags/{bird}"},
		{Says: "No tag has that id", Do: "GET /tags/99", Refused: "not_found"},
		{Says: "Those that a contact carries", Do: "GET /contacts/{ada}/tags"},
		{Says: "Taken off", Do: "DELETE /contacts/{ada}/tags/{bird}"},
		{Says: "Put on again", Do: "POST /contacts/{ada}/tags", Body: `{"id":"{bird}"}`},
		{Says: "There is no such tag", Do: "POST /contacts/{ada}/tags", Body: `{"id":"99"}`, Refused: "not_found"},
		{Says: "On somebody whom only a browser knows", Do: "POST /lobby/v1/visitors/{visitor}/tags", Body: `{"id":"{bird}"}`},
		{Says: "Those that a visitor carries", Do: "GET /lobby/v1/visitors/{visitor}/tags"},
		{Says: "Taken off", Do: "DELETE /lobby/v1/visitors/{visitor}/tags/{bird}"},
		{Says: "A tag that is no more", Do: "DELETE /tags/{bird}"},
	},
}

var (
	taggedContact = Words{"contact_id": "The contact.", "id": "The tag."}
	taggedVisitor = Words{"visitor_id": anyVisitorID, "id": "The tag."}
)

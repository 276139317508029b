package reference

var conversations = Chapter{
	Name: "Conversations",
	About: "A conversation is a thread: what a contact wrote first, its source, and the parts that followed, which are texts and what else happened. It is open, closed or snoozed, " +
		"and an admin and a team may be assigned to it. What a contact writes is text; what an admin writes may be HTML, from which unsafe parts are removed.",
	Operations: []Operation{
		{
			Route: "GET /conversations", Summary: "List conversations", About: "Without their parts, by default the latest update first. The total is the one of the first page.",
			Descriptions: Descriptions{
				"per_page": "Records per page, max 150; by default 20.", "starting_after": "The cursor of the next page, from the previous page.", "display_as": displayAs,
				"sort":  "updated_at|created_at|waiting_since|snoozed_until|id: what to sort by; by default updated_at.",
				"order": "asc|desc: the direction; by default desc.",
			},
		},
		{
			Route: "POST /conversations/search", Summary: "Search conversations", Needs: "query", Descriptions: conversationOrder,
			About: "Without their parts, by default the latest update first. Filters name the members of a conversation, such as state, source.body, contact_ids, statistics.count_reopens or custom_attributes.plan. " +
				"Times compare by the second; < and > find equal numbers and times, too. Of source.body, =, !=, IN and NIN compare single words, and the other operators the whole text.",
		},
		{
			Route: "POST /conversations", Summary: "Begin a conversation", Needs: "from body",
			About: "In the name of a contact. A visitor becomes a lead, as with a conversion: the Lobby-Identity header names the journal entry. Returns the message.",
			Descriptions: Descriptions{
				"from":         "Who writes: the first one given of id, user_id and email decides.",
				"from.type":    "user|lead|contact: the kind of the contact, which decides nothing.",
				"from.id":      "The contact or visitor, by the id that this server gave.",
				"from.user_id": "The contact's id in your own database, or the user_id of a visitor.",
				"from.email":   "The contact's email address.",
				"body":         "The text, max 64 KiB. Markup means nothing in it.",
				"subject":      "The subject; empty by default.",
				"created_at":   importedAt,
			}.with(fileDescriptions),
		},
		{Route: "GET /conversations/{id}", Summary: "Retrieve a conversation", About: "With its latest 500 parts, oldest first.", Descriptions: Descriptions{"id": conversationID, "display_as": displayAs}},
		{
			Route: "PUT /conversations/{id}", Summary: "Update a conversation", About: updateOfConversation, Descriptions: updateDescriptions,
		},
		{
			Route: "POST /conversations/{id}", Summary: "Update a conversation as older clients do", About: "The same as PUT. " + updateOfConversation, Descriptions: updateDescriptions,
		},
		{
			Route: "DELETE /conversations/{id}", Summary: "Delete a conversation", About: "Erases the conversation with all that was written in it. Only its id is kept.",
			Descriptions: Descriptions{"id": conversationID, "retain_metrics": "true|false: what the list of deleted conversations says; nothing is retained in either case."},
		},
		{
			Route: "GET /conversations/deleted", Summary: "List deleted conversations", About: "By their ids.",
			Descriptions: Descriptions{"page": "The number of the page, from 1.", "per_page": "Records per page, max 60; by default 20.", "order": "asc|desc: by the time of deletion; the newest first by default."},
		},
		{
			Route: "POST /conversations/{id}/reply", Summary: "Reply to a conversation", Needs: "message_type",
			About: replies + " The id may be last: the contact's conversation that was updated last.", Descriptions: replyDescriptions,
		},
		{Route: "POST /conversations/{id}/parts", Summary: "Manage a conversation", Needs: "message_type", About: replies, Descriptions: replyDescriptions},
		{
			Route: "POST /conversations/{id}/run_assignment_rules", Summary: "Run the assignment rules", Descriptions: Descriptions{"id": conversationID},
			About: "Lobby has no rules: a part says that nobody was assigned.",
		},
		{
			Route: "POST /conversations/{id}/run_assignment_rules/parts", Summary: "Run the assignment rules as older clients do", Descriptions: Descriptions{"id": conversationID},
			About: "The same as the path without parts.",
		},
		{
			Route: "POST /conversations/{id}/customers", Summary: "Attach a contact to a conversation", Needs: "customer",
			About: "In the name of an admin or of a contact who takes part. An email address that nobody has becomes a lead. Does nothing if the contact takes part already.",
			Descriptions: Descriptions{
				"id": conversationID, "admin_id": "The admin who acts.",
				"intercom_user_id": "The contact who acts, by the id that this server gave.", "user_id": "The contact who acts, by its id in your own database.", "email": "The email address of the contact who acts.",
				"customer":                           "The contact to attach: the first one given of intercom_user_id, user_id and email decides. If it has a customer of its own, that one is attached, and the other acts.",
				"customer.intercom_user_id":          "The id that this server gave.",
				"customer.user_id":                   "The id that the contact has in your own database.",
				"customer.email":                     "The contact's email address.",
				"customer.customer":                  "The contact to attach.",
				"customer.customer.intercom_user_id": "The id that this server gave.",
				"customer.customer.user_id":          "The id that the contact has in your own database.",
				"customer.customer.email":            "The contact's email address.",
			},
		},
		{
			Route: "DELETE /conversations/{id}/customers/{contact_id}", Summary: "Detach a contact from a conversation", About: "The last contact stays.",
			Descriptions: Descriptions{
				"id": conversationID, "contact_id": "The contact.", "admin_id": "The admin who acts.",
				"intercom_user_id": "The contact who acts, by the id that this server gave.", "user_id": "The contact who acts, by its id in your own database.", "email": "The email address of the contact who acts.",
			},
		},
		{
			Route: "POST /conversations/redact", Summary: "Redact a conversation", About: "Replaces the text of a part, or of what a contact wrote first, for good, and deletes its files.", Needs: "type conversation_id",
			Descriptions: Descriptions{
				"type": "conversation_part|source: what to redact.", "conversation_id": conversationID, "conversation_part_id": "The part.", "source_id": "The id of the source.",
			},
		},
		{
			Route: "POST /conversations/{conversation_id}/tags", Summary: "Tag a conversation", About: "Does nothing if the conversation has the tag already.", Needs: "id admin_id",
			Descriptions: Descriptions{"conversation_id": conversationID, "id": "The tag.", "admin_id": "The admin who applies it."},
		},
		{
			Route: "DELETE /conversations/{conversation_id}/tags/{id}", Summary: "Untag a conversation", About: "Returns the removed tag.", Needs: "admin_id",
			Descriptions: Descriptions{"conversation_id": conversationID, "id": "The tag.", "admin_id": "The admin who removes it."},
		},
	},
	Descriptions: conversationDescriptions,
	Examples:     conversationExamples,
}

// conversationOrder is searchOrder for conversations.
var conversationOrder = Descriptions{}.with(searchOrder).with(Descriptions{
	"pagination.per_page": "Records per page, max 150; by default 20.",
	"sort.field":          "updated_at|created_at|waiting_since|snoozed_until|id: what to sort by; by default updated_at.",
})

const (
	conversationID = "The conversation."
	displayAs      = "html|plaintext: how texts are written; by default html."
	importedAt     = "When it was written, for an import; by default now."

	updateOfConversation = "Each changed attribute makes a part of the bot."
	replies              = "Adds what an admin or a contact does. Both paths take everything, in every version: which clients use for what has changed. A reply opens a closed conversation; a note does not."
)

// with adds descriptions to d, and returns d.
func (d Descriptions) with(others Descriptions) Descriptions {
	for name, description := range others {
		d[name] = description
	}
	return d
}

// fileDescriptions describe the files that come with a text.
var fileDescriptions = Descriptions{
	"attachment_urls":               "Files that lie elsewhere, max 10. They are never fetched.",
	"attachment_files":              "Files to upload, max 10; then attachment_urls are ignored. Their size is limited by a setting.",
	"attachment_files.name":         "The name of the file.",
	"attachment_files.content_type": "The media type of the file.",
	"attachment_files.data":         "The file in base64.",
}

var updateDescriptions = Descriptions{
	"id": conversationID, "display_as": displayAs,
	"read":              "Whether the contact has read what admins wrote.",
	"custom_attributes": "Values of your own, by name; null removes one. The first value of a name decides its type.",
	"title":             "The title.",
	"priority":          "none|low|medium|high|urgent: the priority.",
	"admin_id":          "The admin who changes the priority; by default the bot.",
}

var replyDescriptions = Descriptions{
	"id":                 conversationID,
	"message_type":       "comment|note|quick_reply|close|open|snoozed|assignment: what is done; a contact may only comment or send a quick_reply.",
	"type":               "admin|team|user: who acts; with an assignment, the kind of the assignee. An id that is none of its kind may be one of the other.",
	"admin_id":           "The admin who acts.",
	"intercom_user_id":   "The contact, by the id that this server gave.",
	"user_id":            "The contact, by its id in your own database.",
	"email":              "The contact's email address.",
	"body":               "The text, max 64 KiB.",
	"created_at":         importedAt,
	"snoozed_until":      "When the snooze ends; a time in the past means the next morning in the workspace's time zone.",
	"assignee_id":        "The admin or team; 0 for nobody.",
	"skip_unsnooze":      "Whether a comment or a note leaves the conversation snoozed.",
	"reply_options":      "The answers that a quick_reply offers, or the one that was chosen.",
	"reply_options.text": "The answer.",
	"reply_options.uuid": "Your own id of the answer.",
}.with(fileDescriptions)

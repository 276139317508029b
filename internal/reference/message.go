package reference

var messages = Chapter{
	Name: "Messages",
	About: "A message is the first word of somebody. A contact's message begins a conversation. An admin's message begins one when a contact replies, or at once if the request says so: " +
		"the id of the message is then the id of the conversation's source. Whether an email leaves the server depends on the server and on the contact.",
	Operations: []Operation{{
		Route: "POST /messages", Summary: "Create a message", Needs: "from body",
		About: "From an admin to contacts, or from a contact, which is the same as beginning a conversation.",
		Descriptions: Descriptions{
			"from":         "Who writes.",
			"from.type":    "admin|user|lead|contact: who writes; between contacts the word decides nothing.",
			"from.id":      "The admin, or the contact or visitor by the id that this server gave.",
			"from.user_id": "The contact's id in your own database, or the user_id of a visitor.",
			"from.email":   "The contact's email address.",
			"message_type": "inapp|in_app|conversation|email: how a message of an admin reaches its recipients; all but email mean inapp, which is the default.",
			"subject":      "The subject. An email needs one.",
			"body":         "The text, max 64 KiB. Of an admin it may be HTML; of a contact markup means nothing in it.",
			"template":     "plain|personal: how an email looks; by default personal.",
			"created_at":   importedAt,
			"referer":      "The page on which a contact wrote.",
			"create_conversation_without_contact_reply": "Whether a message of an admin begins a conversation at once, one for all recipients.",
		}.with(fileDescriptions).with(recipientDescriptions("to", "Whom an admin writes to")).
			with(recipientDescriptions("cc", "Who gets a copy")).with(recipientDescriptions("bcc", "Who gets a copy without the others knowing")),
	}},
	Descriptions: Descriptions{
		"user_message":       "What a contact wrote first.",
		"admin_message":      "What an admin wrote to contacts.",
		"subject":            "The subject; empty for none.",
		"body":               "The text.",
		"template":           "plain|personal: how an email looks.",
		"message_type":       "inapp|email: how it was written.",
		"conversation_id":    "The conversation that it began.",
		"owner":              "The admin who wrote it.",
		"away_mode_enabled":  "Whether the admin is away.",
		"away_mode_reassign": "Whether others get the admin's new conversations meanwhile.",
		"owner.email":        "The email address of the admin.",
	},
	Examples: []Example{
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-7","email":"ada@example.com","name":"Ada"}`, As: "ada"},
		{Do: "POST /contacts", Body: `{"role":"lead","email":"leo@example.com"}`, As: "leo"},
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-8","email":"mia@example.com"}`, As: "mia"},
		{
			Caption: "In the product", Do: "POST /messages",
			Body: `{"message_type":"inapp","from":{"type":"admin","id":"1"},"to":{"type":"user","id":"{ada}"},"body":"Is all well?"}`,
		},
		{
			Caption: "By email, with a conversation at once", Do: "POST /messages",
			Body: `{"message_type":"email","subject":"The bill of May","template":"plain","from":{"type":"admin","id":"1"},"to":{"type":"lead","email":"leo@example.com"},"body":"<p>It is <b>paid</b>.</p>","create_conversation_without_contact_reply":true}`,
		},
		{
			Caption: "To several", Do: "POST /messages",
			Body: `{"from":{"type":"admin","id":"1"},"to":[{"type":"user","user_id":"customer-7"}],"cc":[{"type":"lead","id":"{leo}"}],"bcc":[{"type":"user","id":"{mia}"}],"body":"We meet at ten."}`,
		},
		{Caption: "An email without a subject", Do: "POST /messages", Body: `{"message_type":"email","from":{"type":"admin","id":"1"},"to":{"type":"user","id":"{ada}"},"body":"Hello"}`, Refused: "parameter_not_found"},
		{Caption: "From a contact", Do: "POST /messages", Body: `{"from":{"type":"user","id":"{ada}"},"body":"Where is my bill?","referer":"https://example.com/bills"}`},
		{Caption: "The answer of a contact begins the conversation of a message", Do: "POST /conversations/last/reply", Body: `{"message_type":"comment","type":"user","user_id":"customer-8","body":"I will be there."}`},
	},
}

// recipientDescriptions describe the contacts in one field of a message.
func recipientDescriptions(field, who string) Descriptions {
	return Descriptions{
		field:              who + ": one contact or a list; the first one given of id, user_id and email decides.",
		field + ".type":    "user|lead|contact: the kind of the contact, which decides nothing.",
		field + ".id":      "The contact, by the id that this server gave.",
		field + ".user_id": "The contact's id in your own database.",
		field + ".email":   "The contact's email address.",
	}
}

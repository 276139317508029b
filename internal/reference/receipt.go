package reference

var receipts = Chapter{
	Name:  "Receipts",
	About: "What a provider of mail reports about mail to contacts. The public API has no such operation; here it is what moves the times of opened and clicked emails, and sets the flags by which nobody is mailed who should not be.",
	Operations: []Operation{{
		Route: "POST /lobby/v1/receipts", Summary: "Report what became of mail", Needs: "receipts",
		About: "At most 500 at once, all in one transaction. A receipt whose id came before in this workspace within 30 days changes nothing. No time moves back. " +
			"An update of the contact, and contact.unsubscribed, are told to webhooks when a flag changes.",
		Descriptions: Descriptions{
			"receipts":    "What is reported.",
			"receipts.id": "The provider's id of the report, at most 255 characters.",
			"receipts.type": "delivered|opened|clicked|bounced|complained|unsubscribed: opened and clicked move last_email_opened_at and last_email_clicked_at; bounced, for good, complained and " +
				"unsubscribed set has_hard_bounced, marked_email_as_spam and unsubscribed_from_emails.",
			"receipts.created_at":  "When it happened; by default now.",
			"receipts.contact_id":  "The contact, by the id that this server gave. The first one given of contact_id, external_id and email decides.",
			"receipts.external_id": "The contact's id in your own database.",
			"receipts.email":       "The contact's email address; of several that have it, a user before a lead, the one seen last.",
		},
	}},
	Descriptions: Descriptions{
		"accepted_receipts": "What became of receipts.",
		"accepted":          "How many were new.",
		"repeated":          "How many came before.",
		"unknown":           "The ids of those about nobody who is there. They changed nothing, and need not be sent again.",
	},
	Examples: []Example{
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-7","email":"ada@example.com","name":"Ada"}`, As: "ada"},
		{
			Caption: "Opened, and unsubscribed", Do: "POST /lobby/v1/receipts",
			Body: `{"receipts":[{"id":"evt-1","type":"opened","contact_id":"{ada}","created_at":1699999990},{"id":"evt-2","type":"unsubscribed","email":"ada@example.com"}]}`,
		},
		{Caption: "Reported twice, and about nobody", Do: "POST /lobby/v1/receipts", Body: `{"receipts":[{"id":"evt-2","type":"unsubscribed","external_id":"customer-7"},{"id":"evt-3","type":"bounced","email":"mia@example.com"}]}`},
		{Caption: "Which report?", Do: "POST /lobby/v1/receipts", Body: `{"receipts":[{"type":"opened","email":"ada@example.com"}]}`, Refused: "parameter_invalid"},
	},
}

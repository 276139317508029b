package api_test

import "testing"

const receipt = "POST /lobby/v1/receipts"

var receipts = []scenario{
	{"times move forward", []step{
		{
			do: receipt, body: `{"receipts":[{"id":"a","type":"opened","contact_id":"$ada","created_at":1699999000},{"id":"b","type":"opened","contact_id":"$ada","created_at":1699998000},
			{"id":"c","type":"clicked","external_id":"ada-1"},{"id":"d","type":"delivered","email":"ADA@example.com"}]}`,
			has: `{"type":"receipts","accepted":4,"repeated":0,"unknown":[]}`,
		},
		{do: "GET /contacts/$ada", has: `{"last_email_opened_at":1699999000,"last_email_clicked_at":1700000000,"has_hard_bounced":false,"unsubscribed_from_emails":false,"marked_email_as_spam":false}`},
	}},
	{"flags are set once", []step{
		{
			do: receipt, body: `{"receipts":[{"id":1,"type":"bounced","contact_id":"$ada"},{"id":"1","type":"complained","contact_id":"$ada"}]}`,
			fires: []string{"contact.updated ada"}, has: `{"accepted":1,"repeated":1}`,
		},
		{do: "GET /contacts/$ada", has: `{"has_hard_bounced":true,"marked_email_as_spam":false,"updated_at":1700000000}`},
		{
			do: receipt, body: `{"receipts":[{"id":"2","type":"bounced","contact_id":"$ada"},{"id":"3","type":"complained","contact_id":"$ada"}]}`,
			fires: []string{"contact.updated ada"},
		},
		{do: "GET /contacts/$ada", has: `{"has_hard_bounced":true,"marked_email_as_spam":true}`},
	}},
	{"unsubscribing is told", []step{
		{do: receipt, body: `{"receipts":[{"id":"x","type":"unsubscribed","contact_id":"$olga"}]}`, fires: []string{"contact.updated ada", "contact.unsubscribed ada"}},
		{do: receipt, body: `{"receipts":[{"id":"x","type":"unsubscribed","contact_id":"$ada"},{"id":"y","type":"unsubscribed","contact_id":"$ada"}]}`, has: `{"accepted":1,"repeated":1}`},
		{do: "GET /contacts/$ada", has: `{"unsubscribed_from_emails":true}`},
	}},
	{"who is archived may unsubscribe", []step{
		{do: receipt, body: `{"receipts":[{"id":"x","type":"unsubscribed","contact_id":"$archie"}]}`, fires: []string{"contact.updated archie", "contact.unsubscribed archie"}},
		{do: "POST /contacts/$archie/unarchive", fires: []string{"contact.unarchived archie"}},
		{do: "GET /contacts/$archie", has: `{"unsubscribed_from_emails":true}`},
	}},
	{"who is unknown stops nobody", []step{
		{
			do: receipt, body: `{"receipts":[{"id":"x","type":"opened","email":"nobody@example.com"},{"id":"y","type":"opened","contact_id":"$ada"},{"id":"z","type":"opened","contact_id":"` + strangersID + `"}]}`,
			has: `{"accepted":1,"unknown":["x","z"]}`,
		},
	}},
	{"nothing", []step{{do: receipt, body: `{"receipts":[]}`, has: `{"accepted":0}`}}},
	one("no list", step{do: receipt, body: `{}`, status: 400, refused: "parameter_not_found: receipts is a required parameter"}),
	one("another type", step{
		do: receipt, body: `{"receipts":[{"id":"x","type":"opened","contact_id":"$ada"},{"id":"y","type":"read","contact_id":"$ada"}]}`, status: 400,
		refused: "parameter_invalid: receipts.1.type must be delivered, opened, clicked, bounced, complained or unsubscribed",
	}),
	one("no id", step{do: receipt, body: `{"receipts":[{"type":"opened","contact_id":"$ada"}]}`, status: 400, refused: "parameter_invalid: receipts.0.id is blank"}),
	one("no contact", step{
		do: receipt, body: `{"receipts":[{"id":"x","type":"opened"}]}`, status: 400,
		refused: "parameter_not_found: receipts.0.contact_id is a required parameter, unless external_id or email is there",
	}),
	one("in the future", step{
		do: receipt, body: `{"receipts":[{"id":"x","type":"opened","contact_id":"$ada","created_at":1700000100}]}`, status: 400,
		refused: "parameter_invalid: receipts.0.created_at must not be in the future",
	}),
}

func TestReceipts(t *testing.T) {
	t.Parallel()
	play(t, groups{"receipts": receipts})
}

package reference

var events = Chapter{
	Name:  "Data events",
	About: "A data event is something that a contact did, as reported by your servers. Events are listed for 90 days. They are counted by name for as long as the contact exists.",
	Operations: []Operation{
		{
			Route: "POST /events", Summary: "Submit a data event", About: "The contact is named by id, user_id or email; the first of these counts. Submitting the same event again succeeds and stores nothing.",
			Needs: "event_name created_at", Descriptions: eventContact,
		},
		{
			Route: "GET /events", Summary: "List the events of a contact", About: "Newest first. Exactly one identifier must name the contact.",
			Descriptions: Descriptions{
				"type":             "Always user, which stands for any contact here.",
				"intercom_user_id": "The id that this server gave.",
				"user_id":          "The id that the contact has in your own database.",
				"email":            "The contact's email address.",
				"summary":          "true|false: whether to count the events instead of listing them.",
				"per_page":         "Events per page, max 150; by default 15.",
				"since":            "Only events from this position on, in milliseconds, as in the URLs of pages.",
				"before":           "Only events before this position, in milliseconds, as in the URLs of pages.",
			},
		},
		{
			Route: "GET /lobby/v1/people/{id}/events", Summary: "List the events of a person",
			About: "Newest first, of a contact or a visitor, all that are stored, with those from before a conversion or a merge.",
			Descriptions: Descriptions{
				"id":       "Any id that was ever the person's: one that this server gave, one that a browser holds, or one from your own database.",
				"per_page": "How many events a page has, at most 150; by default 15.",
			},
		},
		{
			Route: "POST /events/summaries", Summary: "Submit event summaries", About: "Stores counts of events that happened elsewhere. A summary replaces the previous one of the same name.",
			Needs: "event_summaries", Descriptions: eventContact,
		},
	},
	Descriptions: Descriptions{
		"event_list":       "One page of a contact's events.",
		"person_events":    "One page of a person's events.",
		"event_summaries":  "A contact's events, counted by name.",
		"events":           "The events.",
		"events.name":      "The name of the events.",
		"first":            "When the first of them happened, as text in UTC.",
		"last":             "When the last of them happened, as text in UTC.",
		"count":            "The number of events.",
		"description":      "Always empty.",
		"event_name":       "What happened.",
		"created_at":       "When it happened.",
		"email":            "The contact's email address.",
		"intercom_user_id": "The id of the contact.",
		"user_id":          "The id that the contact has in your own database.",
		"metadata":         "Details of the event, by names of your own: texts, numbers, booleans, links and sums of money.",
		"url":              "The address of a link.",
		"value":            "The text of a link.",
		"amount":           "A sum of money, in cents.",
		"currency":         "The currency of the sum, such as eur.",
		"pages.next":       "The URL of older events; null when there are none.",
		"since":            "The URL at which newer events will be found.",
	},
	Examples: []Example{
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-7","email":"ada@example.com"}`, As: "ada"},
		{Caption: "An order", Do: "POST /events", Body: `{"event_name":"placed-order","created_at":1699999000,"user_id":"customer-7","metadata":{"items":3,"gift":true,` +
			`"order":{"url":"https://example.com/orders/81","value":"81"},"price":{"amount":34999,"currency":"eur"},"coupon":"SPRING"}}`},
		{Do: "POST /events", Body: `{"event_name":"invited-friend","created_at":1699999500,"id":"{ada}"}`},
		{Caption: "There is no such contact", Do: "POST /events", Body: `{"event_name":"placed-order","created_at":1699999000,"email":"nobody@example.com"}`, Refused: "not_found"},
		{Caption: "The newest of two", Do: "GET /events?type=user&intercom_user_id={ada}&per_page=1"},
		{Caption: "By any id", Do: "GET /lobby/v1/people/customer-7/events"},
		{Caption: "From before Lobby", Do: "POST /events/summaries", Body: `{"user_id":"customer-7","event_summaries":[{"event_name":"placed-order","count":4,"first":1650000000,"last":1690000000}]}`},
		{Caption: "Counted", Do: "GET /events?type=user&user_id=customer-7&summary=true"},
		{Caption: "Two contacts may be meant", Do: "GET /events?type=user&user_id=customer-7&email=ada@example.com", Refused: "parameter_invalid"},
	},
}

var eventContact = Descriptions{
	"id":      "The id that this server gave to the contact.",
	"user_id": "The id that the contact has in your own database.",
	"email":   "The contact's email address.",

	"event_name":                 "What happened, in 1 to 255 bytes.",
	"created_at":                 "When it happened.",
	"metadata":                   "Details of the event: texts, numbers, booleans, links and sums of money. The first ten are kept.",
	"metadata.url":               "The address of a link.",
	"metadata.value":             "The text of a link.",
	"metadata.amount":            "A sum of money, in cents.",
	"metadata.currency":          "The currency of the sum, such as eur.",
	"event_summaries":            "Max 1000 summaries; a single one may be sent without a list.",
	"event_summaries.event_name": "The name of the events.",
	"event_summaries.count":      "The number of events.",
	"event_summaries.first":      "When the first of them happened.",
	"event_summaries.last":       "When the last of them happened.",
}

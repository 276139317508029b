package reference

var webhooks = Chapter{
	Name: "Webhooks",
	About: "A webhook is an address that is told what happens in the workspace. Each delivery is a POST with a notification of the public API " +
		"in the webhook's version, signed with its secret in the X-Hub-Signature header. docs/webhooks.md has the topics, with a sample of each.",
	Operations: []Operation{
		{Route: "GET /lobby/v1/webhooks", Summary: "List webhooks", About: "Oldest first, without their secrets."},
		{
			Route: "POST /lobby/v1/webhooks", Summary: "Create a webhook", About: "It is told what happens from now on. The secret is shown only this once.",
			Needs: "url topics", Descriptions: webhookMembers,
		},
		{Route: "GET /lobby/v1/webhooks/{id}", Summary: "Retrieve a webhook"},
		{
			Route: "PUT /lobby/v1/webhooks/{id}", Summary: "Update a webhook",
			About:        "Members that are absent stay as they are. A webhook that is no longer paused goes on where it stopped.",
			Descriptions: webhookMembers,
		},
		{Route: "DELETE /lobby/v1/webhooks/{id}", Summary: "Delete a webhook", About: "Its deliveries are deleted, too."},
		{
			Route: "POST /lobby/v1/webhooks/{id}/rotate", Summary: "Replace the secret of a webhook", About: "Returns the new secret, only this once.",
			Descriptions: Descriptions{"overlap": "For how many seconds the old secret signs too, in the Lobby-Signature header; by default 86400, max 2592000."},
		},
		{Route: "POST /lobby/v1/webhooks/{id}/test", Summary: "Test a webhook", About: "Sends a notification with the topic ping at once, even to a paused webhook."},
		{
			Route: "GET /lobby/v1/webhooks/{id}/deliveries", Summary: "List deliveries", About: "Newest first, without their bodies. They are kept for 30 days.",
			Descriptions: Descriptions{
				"state": deliveryStates + "only deliveries in this state.", "topic": "Only deliveries with this topic.",
				"per_page": "Deliveries per page, max 150; by default 50.", "starting_after": "The cursor of the next page, from the previous page.",
			},
		},
		{Route: "GET /lobby/v1/webhooks/{id}/deliveries/{delivery_id}", Summary: "Retrieve a delivery"},
		{
			Route: "POST /lobby/v1/webhooks/{id}/deliveries/{delivery_id}/redeliver", Summary: "Redeliver a delivery",
			About: "Sends it once more, at once, with the same id.",
		},
	},
	Descriptions: Descriptions{
		"webhook":                 "An address that is told what happens.",
		"webhook.id":              "The id of the webhook.",
		"webhook.deleted":         "Always true.",
		"delivery_id":             "The id of the delivery.",
		"webhook.secret":          "The key of the signatures, shown once.",
		"old_secret_until":        "When the old secret stops to sign; null when there is none.",
		"paused_because":          "requested|failing|gone: why it is paused; null while it is not. It is paused by itself after a day of failures, and when it answers 410.",
		"paused_at":               "When it was paused; null while it is not.",
		"failures":                "Attempts that failed since the last success.",
		"failing_since":           "When the first of these failed; null when there is none.",
		"retry_at":                "When the receiver is tried again after several failures in a row; null for at once.",
		"webhook_list":            "All webhooks of a workspace.",
		"webhook_deleted":         "The id of a webhook that was deleted.",
		"webhook_deleted.deleted": "Always true.",
		"delivery":                "A notification to a webhook, with what was sent and what came back.",
		"delivery_list":           "One page of deliveries.",
		"webhook_id":              "The id of the webhook.",
		"topic":                   "What happened.",
		"person_id":               "The person whom it is about; null for none.",
		"state":                   deliveryStates + "how it stands. Waiting is for an earlier delivery about the same person.",
		"attempts":                "How often it was sent.",
		"first_sent_at":           "When it was sent first; null before that.",
		"last_sent_at":            "When it was sent last; null before that.",
		"next_attempt_at":         "When it is sent again; null when it is not.",
		"response":                "What came of the last attempt.",
		"response.status":         "The status of the response; null for none.",
		"response.body":           "The beginning of its body; null for none.",
		"response.error":          "What went wrong without a response; null for nothing.",
		"response.duration_ms":    "How long the attempt took, in milliseconds.",
		"delivery.body":           "The JSON as it was sent, byte for byte, or as it is going to be sent.",
		"topics":                  "What it is told; * alone is everything.",
		"version":                 "The version of the API in which items are written.",
		"paused":                  "Whether it is told nothing for now.",
		"webhook.url":             "Where it is.",
		"webhook_list.data.url":   "Where it is.",
	},
	Examples: []Example{
		{
			Caption: "Users that come and go", Do: "POST /lobby/v1/webhooks",
			Body: `{"url":"https://hooks.example.com/lobby","topics":["contact.user.created","contact.deleted"],"version":"2.11"}`, As: "hook",
		},
		{Caption: "There is no such topic", Do: "POST /lobby/v1/webhooks", Body: `{"url":"https://hooks.example.com","topics":["contact.sneezed"]}`, Refused: "parameter_invalid"},
		{Caption: "Everything, and not yet", Do: "PUT /lobby/v1/webhooks/{hook}", Body: `{"topics":["*"],"paused":true}`},
		{Caption: "All of a workspace", Do: "GET /lobby/v1/webhooks"},
		{Caption: "One of them", Do: "GET /lobby/v1/webhooks/{hook}"},
		{Caption: "An hour for the receiver to learn it", Do: "POST /lobby/v1/webhooks/{hook}/rotate", Body: `{"overlap":3600}`},
		{Caption: "Is anybody there?", Do: "POST /lobby/v1/webhooks/{hook}/test", As: "ping"},
		{Caption: "What was sent", Do: "GET /lobby/v1/webhooks/{hook}/deliveries?state=requested&topic=ping&per_page=10"},
		{Caption: "The body of one", Do: "GET /lobby/v1/webhooks/{hook}/deliveries/{ping}"},
		{Caption: "Once more", Do: "POST /lobby/v1/webhooks/{hook}/deliveries/{ping}/redeliver"},
		{Caption: "One that is no more", Do: "DELETE /lobby/v1/webhooks/{hook}"},
	},
}

const deliveryStates = "delivered|failed|retrying|waiting|requested: "

var webhookMembers = Descriptions{
	"url":     "An https address on the public internet, without a user name.",
	"topics":  "What it is told; * alone is everything.",
	"version": "The version of the API in which items are written; by default 2.7.",
	"paused":  "Whether it is told nothing for now.",
}

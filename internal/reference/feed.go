package reference

var feed = Chapter{
	Name: "Change feed",
	About: "The feed is what happened in the workspace, in the order in which it was committed. A consumer that keeps the cursor of what it has " +
		"handled misses nothing and sees nothing twice. Entries are kept for 30 days, and those about an erased person have no items any more.",
	Operations: []Operation{
		{
			Route: "GET /lobby/v1/changes", Summary: "Read the change feed",
			About: "With \"Accept: text/event-stream\" the response is a stream of server-sent events, which goes on after the Last-Event-ID header. " +
				"A cursor before entries that are not kept any more is refused with 410, and the Lobby-Earliest-Cursor header says where to go on.",
			Descriptions: Descriptions{
				"after":    "The cursor of the page before; by default the feed begins with the oldest entry that is kept. With latest the page is empty, and its cursor is behind all that has happened.",
				"wait":     "For how many seconds to wait for an entry when there is none, max 60; by default 0.",
				"per_page": "Entries per page, max 150; by default 50.",
			},
		},
	},
	Descriptions: Descriptions{
		"feed":                "One page of what happened.",
		"feed.data":           "The entries, oldest first.",
		"feed.cursor":         "The cursor of the next page.",
		"feed.has_more":       "Whether there are more entries now.",
		"data.cursor":         "The cursor behind this entry.",
		"data.id":             "The id of the entry.",
		"data.topic":          "What happened, by Lobby's own name for it.",
		"data.person_id":      "The person whom it is about; null for none.",
		"data.subject_id":     "The record that it is about.",
		"data.created_at":     "When it happened.",
		"notifications":       "What webhooks are told of it; empty when the records are gone.",
		"notifications.topic": "The topic of the notification.",
		"notifications.item":  "The item of the notification.",
	},
	Examples: []Example{
		{Do: "POST /contacts", Body: `{"role":"lead","name":"Ada"}`, As: "ada"},
		{Do: "DELETE /contacts/{ada}"},
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"42"}`},
		{Do: "POST /events", Body: `{"event_name":"ordered","created_at":1699999999,"user_id":"42"}`},
		{Caption: "From the beginning: a lead came and was erased", Do: "GET /lobby/v1/changes?per_page=2"},
		{Caption: "And on, from a cursor", Do: "GET /lobby/v1/changes?after=3&wait=5"},
		{Caption: "From now on", Do: "GET /lobby/v1/changes?after=latest"},
		{Caption: "A cursor that was never given out", Do: "GET /lobby/v1/changes?after=99", Refused: "parameter_invalid"},
	},
}

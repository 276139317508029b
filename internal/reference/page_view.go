package reference

// pageViews describes what is known of the pages that persons looked at.
var pageViews = Chapter{
	Name:  "Page views",
	About: "Which pages of your sites a person looked at, as the browser script tells it. They are kept apart from events, for the days that the setting page_view_life says, and are in no answer of the public API.",
	Operations: []Operation{
		{
			Route: "GET /lobby/v1/people/{id}/page_views", Summary: "List the page views of a person",
			About: "Newest first, of a contact or a visitor, with those from before a conversion or a merge. A page view is there within a second.",
			Descriptions: Descriptions{
				"id":       "Any id that was ever the person's: one that this server gave, one that a browser holds, or one from your own database.",
				"per_page": "How many page views a page has, at most 150; by default 15.",
			},
		},
	},
	Descriptions: Descriptions{
		"page_views": "One page of the page views of a person.",
		"created_at": "When the page was opened.",
		"url":        "The address of the page, without what the script takes out of it.",
		"title":      "The title of the page; null when it has none.",
		"referrer":   "The address on another site that led to the page; null when there is none.",
	},
	Examples: []Example{
		{Do: "POST /lobby/v1/visitors", Body: `{"user_id":"0d1c2b3a-4b5c-4d6e-8f70-8192a3b4c5d6"}`, As: "visitor"},
		{Caption: "By any id", Do: "GET /lobby/v1/people/{visitor}/page_views?per_page=5"},
		{Caption: "Nobody has that id", Do: "GET /lobby/v1/people/nobody/page_views", Refused: "not_found"},
	},
}

package reference

var subscriptions = Chapter{
	Name:  "Subscription types",
	About: "A subscription type is a kind of messages about which contacts choose: to leave those that everybody gets, or to get those that nobody gets unasked. Lobby sends none of them; it keeps the choices.",
	Operations: []Operation{
		{Route: "GET /subscription_types", Summary: "List subscription types", About: "All of the workspace, in whatever state."},
		{
			Route: "GET /contacts/{contact_id}/subscriptions", Summary: "List the subscriptions of a contact", About: "The types about which the contact chose something.",
			Descriptions: Descriptions{"contact_id": "The contact."},
		},
		{
			Route: "POST /contacts/{contact_id}/subscriptions", Summary: "Add a subscription to a contact", About: "The contact leaves a type of opt_out, or enters one of opt_in. The other consent takes that choice back. Once more does nothing.",
			Needs: "id consent_type", Descriptions: Descriptions{"contact_id": "The contact.", "id": "The subscription type.", "consent_type": "opt_out|opt_in: what the contact chooses, which is mostly the type's own: the other one takes that choice back."},
		},
		{
			Route: "DELETE /contacts/{contact_id}/subscriptions/{id}", Summary: "Remove a subscription from a contact", About: "Takes back what the contact chose, if it did.",
			Descriptions: Descriptions{"contact_id": "The contact.", "id": "The subscription type."},
		},
		{Route: "GET /lobby/v1/subscription_types", Summary: "List all subscription types", About: "The same as GET /subscription_types."},
		{Route: "POST /lobby/v1/subscription_types", Summary: "Create a subscription type", About: "Live, for email and in English unless said otherwise.", Needs: "consent_type default_translation"},
		{
			Route: "PUT /lobby/v1/subscription_types/{id}", Summary: "Update a subscription type",
			About: "What is not mentioned stays as it is. The consent stays for good, because every choice was made with it in mind; a type that is no longer wanted is archived.",
		},
	},
	Descriptions: Descriptions{
		"subscription":             "A kind of messages about which contacts choose.",
		"subscription_list":        "Subscription types.",
		"data":                     "The types.",
		"state":                    "live|draft|archived: whether the type is in use.",
		"consent_type":             "opt_out|opt_in: whether everybody gets it who did not leave it, or nobody who did not ask for it.",
		"default_translation":      "What the type is called where there is no better translation.",
		"translations":             "What the type is called in each language.",
		"translations.name":        "What it is called.",
		"translations.description": "What it sends.",
		"translations.locale":      "The language, as in en or pt-BR.",
		"content_types":            "email and sms_message: the kinds of messages.",

		"default_translation.description": "What it sends.",
		"default_translation.locale":      "The language, as in en or pt-BR.",
	},
	Examples: []Example{
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-7"}`, As: "ada"},
		{Caption: "In two languages", Do: "POST /lobby/v1/subscription_types", Body: `{"consent_type":"opt_in","content_types":["email"],` +
			`"default_translation":{"name":"Product news","description":"What is new each month","locale":"en"},` +
			`"translations":[{"name":"Nouveautés","description":"Chaque mois","locale":"fr"}]}`, As: "news"},
		{Caption: "It must be said who gets it", Do: "POST /lobby/v1/subscription_types", Body: `{"default_translation":{"name":"Product news"}}`, Refused: "parameter_invalid"},
		{Caption: "The types of a workspace", Do: "GET /subscription_types"},
		{Caption: "A contact enters", Do: "POST /contacts/{ada}/subscriptions", Body: `{"id":"{news}","consent_type":"opt_in"}`},
		{Caption: "A consent that there is not", Do: "POST /contacts/{ada}/subscriptions", Body: `{"id":"{news}","consent_type":"maybe"}`, Refused: "parameter_invalid"},
		{Caption: "What a contact chose", Do: "GET /contacts/{ada}/subscriptions"},
		{Caption: "The choice is taken back", Do: "DELETE /contacts/{ada}/subscriptions/{news}"},
		{Caption: "Out of use", Do: "PUT /lobby/v1/subscription_types/{news}", Body: `{"state":"archived"}`},
		{Caption: "All types", Do: "GET /lobby/v1/subscription_types"},
	},
}

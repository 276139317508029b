package reference

var subscriptions = Chapter{
	Name:  "Subscription types",
	About: "A subscription type is a kind of messages that contacts opt out of or opt in to. Lobby stores the choices and sends no messages.",
	Operations: []Operation{
		{Route: "GET /subscription_types", Summary: "List subscription types", About: "Returns all of the workspace, in any state."},
		{
			Route: "GET /contacts/{contact_id}/subscriptions", Summary: "List the subscriptions of a contact", About: "Returns the types for which the contact made a choice.",
			Descriptions: Descriptions{"contact_id": "The contact."},
		},
		{
			Route: "POST /contacts/{contact_id}/subscriptions", Summary: "Add a subscription to a contact", About: "The contact opts out of a type of opt_out, or opts in to a type of opt_in. The other consent takes that choice back. Does nothing if the contact made that choice already.",
			Needs: "id consent_type", Descriptions: Descriptions{"contact_id": "The contact.", "id": "The subscription type.", "consent_type": "opt_out|opt_in: the choice, which is mostly the type's own: the other one takes that choice back."},
		},
		{
			Route: "DELETE /contacts/{contact_id}/subscriptions/{id}", Summary: "Remove a subscription from a contact", About: "Removes the contact's choice, if there is one.",
			Descriptions: Descriptions{"contact_id": "The contact.", "id": "The subscription type."},
		},
		{Route: "GET /lobby/v1/subscription_types", Summary: "List all subscription types", About: "The same as GET /subscription_types."},
		{Route: "POST /lobby/v1/subscription_types", Summary: "Create a subscription type", About: "By default the type is live, for email and in English.", Needs: "consent_type default_translation"},
		{
			Route: "PUT /lobby/v1/subscription_types/{id}", Summary: "Update a subscription type",
			About: "Members that are left out keep their values. The consent type cannot be changed, because contacts made their choices by it. Archive a type that is no longer used.",
		},
	},
	Descriptions: Descriptions{
		"subscription":             "A kind of messages that contacts opt out of or opt in to.",
		"subscription_list":        "Subscription types.",
		"data":                     "The types.",
		"state":                    "live|draft|archived: whether the type is in use.",
		"consent_type":             "opt_out|opt_in: whether contacts get it unless they opt out, or only if they opt in.",
		"default_translation":      "The name and description where there is no better translation.",
		"translations":             "The name and description in each language.",
		"translations.name":        "The name.",
		"translations.description": "What the messages are about.",
		"translations.locale":      "The language, as in en or pt-BR.",
		"content_types":            "email and sms_message: the kinds of messages.",

		"default_translation.description": "What the messages are about.",
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

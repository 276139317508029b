package reference

import "lobby/internal/apiversion"

var merges = Chapter{
	Name: "Merges and the journal",
	About: "A lead can be merged into a user. From then on the ids of both lead to the user. The journal has an entry for every merge and conversion: who became whom, who asked for it, and what happened to each field. " +
		"A change can be previewed before it is made, and undone after it.",
	Operations: []Operation{
		{
			Route: "POST /contacts/merge", Summary: "Merge a lead into a user",
			About: "The user keeps its values, and gets those of the lead where it has none. From 2.16 on the two must share an email address or a phone number, unless skip_duplicate_validation is true.\n\n" +
				"The Lobby-Identity header has the decision and the id of the journal entry.",
			Descriptions: mergeOrder,
		},
		{Route: "POST /contacts/merge/preview", Summary: "Preview a merge", About: "Changes nothing.", Descriptions: mergeOrder},
		{Route: "POST /lobby/v1/contacts/merge/preview", Summary: "Preview a merge in any version", About: "Changes nothing. The same as POST /contacts/merge/preview, which only the newest version has.", Descriptions: mergeOrder},
		{
			Route: "POST /lobby/v1/visitors/convert/preview", Summary: "Preview a conversion", About: "Changes nothing. The body is that of the conversion.", Needs: "type visitor",
			Descriptions: conversionDescriptions,
		},
		{
			Route: "GET /contacts/{id}/merge_history", Summary: "List what went into a contact", About: "Newest first.",
			Descriptions: Descriptions{
				"cursor": "The next_cursor of the previous page.", "order": "asc|desc: whether the oldest or the newest merge comes first; by default the newest.",
				"per_page": perPage,
			},
		},
		{
			Route: "GET /lobby/v1/people/{id}/history", Summary: "List the journal of a person", About: "Newest first.",
			Descriptions: Descriptions{"id": "Any id that was ever the person's.", "per_page": perPage},
		},
		{
			Route: "POST /lobby/v1/changes/{id}/undo", Summary: "Undo an identity change",
			About:        "Every field that the change wrote gets its former value, unless it was written since. An undo can be undone. Undoing the same change again returns the same entry and changes nothing.",
			Descriptions: Descriptions{"id": "The id of an entry of the journal."},
		},
	},
	Descriptions: Descriptions{
		"merge_history":       "One page of the contacts that were merged into another.",
		"source_contact_id":   "The id of the contact that was merged into it.",
		"source_contact_role": "lead|user: the role of that contact.",
		"merged_at":           "When it was merged.",
		"next_cursor":         "The cursor of the next page; null on the last page.",
		"has_more":            "Whether there is a next page.",

		"change":         "One entry of the journal.",
		"change_list":    "One page of the journal.",
		"kind":           "converted|merged|undone: whether one record changed its role in place, one record went into another, or another entry was undone.",
		"actor":          "The caller that asked for it.",
		"actor.kind":     "The kind of the caller.",
		"actor.id":       "The id of the caller.",
		"request_id":     "The id of the request.",
		"change.from":    "The person that was changed or absorbed.",
		"change.into":    "The person that stays. It has the same id as from when the change was made in place.",
		"from.id":        "The id of the person.",
		"from.role":      "visitor|lead|user: the role before the change.",
		"into.id":        "The id of the person.",
		"into.role":      "visitor|lead|user: the role after the change.",
		"undoes":         "The entry that this one undid.",
		"undone":         "Whether the change is undone.",
		"outcomes":       "The outcome for each field that the change decided on.",
		"outcome":        "adopted|discarded|merged|kept|returned: into has the value of from now, the value of from is only in the journal, both values were combined, the value stayed where it was, or the field has its former value again.",
		"outcomes.field": "The field.",
		"from_value":     "The value of from before the change.",
		"into_value":     "The value of into before the change.",
		"new_into_value": "The value of into after the change.",

		"preview":           "What an identity change would do.",
		"allowed":           "Whether the change is allowed.",
		"summary":           "What the change would do; absent if it is not allowed.",
		"attribute_changes": "What would happen to fields.",
		"attributes":        "The outcome for each field that the change would decide on.",
		"attributes.field":  "The field.",
		"total_count":       "The number of fields in attributes.",
		"reassignments":     "The records that the person that stays would have.",
		"conversations":     "Conversations: those of the contact that goes, and those of the one that stays.",
		"tickets":           "Tickets, of which Lobby has none.",
		"phone_calls":       "Phone calls, of which Lobby has none.",
		"tags":              "Tags.",
		"notes":             "Notes.",
		"from":              "The number of these that from has.",
		"into":              "The number of these that into has.",
		"reasons":           "Why the change is not allowed.",
	},
	Examples: []Example{
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-7","phone":"+35315550123","name":"Ada Byron"}`, As: "ada"},
		{Do: "POST /contacts", Body: `{"role":"lead","email":"ada@example.com","phone":"+35315550123","name":"Ada"}`, As: "lead"},
		{Do: "POST /contacts/{lead}/notes", Body: `{"body":"Wants to be called in May."}`},
		{Caption: "What it would do", Do: "POST /contacts/merge/preview", Body: `{"from":"{lead}","into":"{ada}"}`},
		{Caption: "What it would do", Do: "POST /lobby/v1/contacts/merge/preview", Body: `{"from":"{lead}","into":"{ada}"}`},
		{Caption: "It would be refused", Do: "POST /lobby/v1/contacts/merge/preview", Body: `{"from":"{ada}","into":"{lead}"}`},
		{Caption: "A lead into a user", Do: "POST /contacts/merge", Body: `{"from":"{lead}","into":"{ada}"}`},
		{Caption: "Nobody into a user", Do: "POST /contacts/merge", Body: `{"from":"nobody","into":"{ada}"}`, Refused: "not_found"},
		{Caption: "Who went into it", Do: "GET /contacts/{ada}/merge_history"},
		{Caption: "With those who went into it", Do: "GET /contacts/{ada}?include_merge_history=true", Since: apiversion.V2_16},
		{Caption: "By any id", Do: "GET /lobby/v1/people/{lead}/history", As: "entry"},
		{Caption: "Two contacts again", Do: "POST /lobby/v1/changes/{entry}/undo"},
		{Caption: "No entry has that id", Do: "POST /lobby/v1/changes/nobody/undo", Refused: "not_found"},
		{Do: "POST /lobby/v1/visitors", Body: `{"name":"Ada"}`, As: "visitor"},
		{Caption: "A visitor into a user", Do: "POST /lobby/v1/visitors/convert/preview", Body: `{"type":"user","visitor":{"id":"{visitor}"},"user":{"user_id":"customer-7"}}`},
	},
}

var mergeOrder = Descriptions{
	"from":                      "The id of the lead.",
	"into":                      "The id of the user.",
	"skip_duplicate_validation": "Whether to allow the merge of contacts that share neither an email address nor a phone number.",
}

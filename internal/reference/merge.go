package reference

import "lobby/internal/apiversion"

var merges = Chapter{
	Name: "Merges and the journal",
	About: "A lead can go into a user, whose id both have from then on. The journal has an entry of every such change and of every conversion: who became whom, who asked for it, and what became of each field. " +
		"A change can be looked at before it is made, and be undone after it.",
	Operations: []Operation{
		{
			Route: "POST /contacts/merge", Summary: "Merge a lead into a user",
			About: "The user keeps all it has, and gets what it lacks. From 2.16 on the two must share an email address or a phone number, unless that is not to be looked at.\n\n" +
				"The Lobby-Identity header says what was decided, and names the entry in the journal.",
			Descriptions: mergeOrder,
		},
		{Route: "POST /contacts/merge/preview", Summary: "Preview a merge", About: "Does nothing.", Descriptions: mergeOrder},
		{Route: "POST /lobby/v1/contacts/merge/preview", Summary: "Preview a merge in any version", About: "Does nothing. The same as the preview that only the newest version has.", Descriptions: mergeOrder},
		{
			Route: "POST /lobby/v1/visitors/convert/preview", Summary: "Preview a conversion", About: "Does nothing. The body is that of the conversion.", Needs: "type visitor",
			Descriptions: conversionDescriptions,
		},
		{
			Route: "GET /contacts/{id}/merge_history", Summary: "List what went into a contact", About: "Newest first.",
			Descriptions: Descriptions{
				"cursor": "The cursor of the next page, from the page before.", "order": "asc|desc: whether the oldest or the newest come first; the newest unless said.",
				"per_page": perPage,
			},
		},
		{
			Route: "GET /lobby/v1/people/{id}/history", Summary: "List the journal of a person", About: "Newest first.",
			Descriptions: Descriptions{"id": "Any id that was ever the person's.", "per_page": perPage},
		},
		{
			Route: "POST /lobby/v1/changes/{id}/undo", Summary: "Undo an identity change",
			About:        "Every field that the change wrote becomes what it was, unless it was written since. An undo can be undone. Once more answers the same entry and does nothing.",
			Descriptions: Descriptions{"id": "The id of an entry of the journal."},
		},
	},
	Descriptions: Descriptions{
		"merge_history":       "One page of the contacts that went into another.",
		"source_contact_id":   "The id of the contact that went into it.",
		"source_contact_role": "lead|user: what that contact was.",
		"merged_at":           "When it went into it.",
		"next_cursor":         "The cursor of the next page; null on the last.",
		"has_more":            "Whether there is a next page.",

		"change":         "One entry of the journal.",
		"change_list":    "One page of the journal.",
		"kind":           "converted|merged|undone: whether one record changed its role in place, one record went into another, or another entry was undone.",
		"actor":          "Who asked for it.",
		"actor.kind":     "What kind of caller that was.",
		"actor.id":       "The id of the caller.",
		"request_id":     "The id of the request.",
		"change.from":    "Who was changed.",
		"change.into":    "Who stayed. It has the same id when the change was made in place.",
		"from.id":        "The id of the person.",
		"from.role":      "visitor|lead|user: what the person was before.",
		"into.id":        "The id of the person.",
		"into.role":      "visitor|lead|user: what the person was after it.",
		"undoes":         "The entry that this one undid.",
		"undone":         "Whether the change is undone.",
		"outcomes":       "What became of each field that had anything to decide.",
		"outcome":        "adopted|discarded|merged|kept|returned: whether who stayed has the value now, only the journal has it, both values were joined, it stayed where it was, or it is again what it was.",
		"outcomes.field": "The field.",
		"from_value":     "What who was changed had.",
		"into_value":     "What who stayed had.",
		"new_into_value": "What who stayed has after it.",

		"preview":           "What an identity change would do.",
		"allowed":           "Whether it would be made.",
		"summary":           "What it would do; there is none of a change that would be refused.",
		"attribute_changes": "What would become of fields.",
		"attributes":        "What would become of each field that has anything to decide.",
		"attributes.field":  "The field.",
		"total_count":       "How many fields there are to decide.",
		"reassignments":     "What would be found with the person who stays.",
		"conversations":     "Conversations, of which Lobby has none.",
		"tickets":           "Tickets, of which Lobby has none.",
		"phone_calls":       "Phone calls, of which Lobby has none.",
		"tags":              "Tags.",
		"notes":             "Notes.",
		"from":              "How many there are of who would be changed.",
		"into":              "How many there are of who would stay.",
		"reasons":           "Why it would be refused.",
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
	"skip_duplicate_validation": "Whether the two may have nothing in common.",
}

package reference

var duplicateChapter = Chapter{
	Name: "Duplicates",
	About: "People who may be one and the same: leads and users who share an email address or a phone number, themselves or by somebody whom they absorbed, and people whose external id is the id of another one's browser. " +
		"They can be merged, users into users and leads into leads too, which the public API refuses, or be told to be different people.",
	Operations: []Operation{
		{
			Route: "GET /lobby/v1/duplicates", Summary: "List duplicates",
			About:        "The largest set first, and those of one size by their id. Values that more than 1,000 records have are nobody's own and join nobody. A set that nobody changes meanwhile is seen exactly once.",
			Descriptions: Descriptions{"per_page": "Sets per page: 15 unless given, at most 150."},
		},
		{Route: "GET /lobby/v1/duplicates/{id}", Summary: "Find the duplicates of a person", Descriptions: Descriptions{"id": "Any id that was ever that of one of the people."}},
		{
			Route: "POST /lobby/v1/duplicates/preview", Summary: "Preview a merge of duplicates", About: "Changes nothing. The body is that of the merge.", Needs: "into from",
			Descriptions: duplicateOrder,
		},
		{
			Route: "POST /lobby/v1/duplicates/merge", Summary: "Merge duplicates", Needs: "into from", Descriptions: duplicateOrder,
			About: "All of it or nothing. The person that stays keeps its identifiers. Those of the others lead to it, and nobody else gets them while the merge stands. " +
				"A lead cannot take a user in, a user that only a page vouches for none that is proven, and a user without an external_id none with one. Nobody has to share anything. " +
				"The same merge again changes nothing.\n\n" +
				"There is an entry of the journal for each person that goes. To undo the merge, undo the last entry first. " +
				"The Lobby-Identity header has the decision and the id of the last entry.",
		},
		{Route: "GET /lobby/v1/duplicates/distinct", Summary: "List different people", About: "The pairs of people who were told to be different.", Descriptions: Descriptions{"per_page": perPage}},
		{
			Route: "POST /lobby/v1/duplicates/distinct", Summary: "Tell that people are different", Needs: "people",
			About: "They are suggested no more, and a merge of duplicates with two of them is refused. This follows merges and comes back with their undo. The response has the pairs that are remembered among them.",
			Descriptions: Descriptions{
				"people":   "The ids of 2 to 50 people, each different from each other.",
				"distinct": "false to take it back; true unless given.",
			},
		},
	},
	Descriptions: asInMerges(Descriptions{
		"duplicate":                  "A set of people who may be one and the same.",
		"duplicate.id":               "The least of the ids of the people.",
		"duplicate_list":             "One page of sets of people who may be one.",
		"duplicate_list.total_count": "The number of all sets.",
		"size":                       "The number of the people.",
		"last_active_at":             "When one of them was last seen, replied, or was created.",
		"suggested_id":               "The id of the one who should stay.",
		"duplicate.reasons":          "The values that several of them have.",
		"reasons.field":              "email|phone|external_id: the kind of the value.",
		"reasons.value":              "The value as it is compared.",
		"reasons.people":             "The ids of those who have it, themselves or by somebody whom they absorbed.",
		"duplicate.people":           "The first 50 of them, with the one who should stay first.",
		"people.role":                "visitor|lead|user: the role.",
		"people.last_seen_at":        "When the person was last seen.",
		"distinctions":               "The pairs among them who were told to be different.",
		"distinction":                "Two people who were told to be different.",
		"distinction.people":         "The ids of both.",
		"distinction.created_at":     "When it was told.",
		"distinction_list":           "Pairs of people who were told to be different.",
		"duplicate_preview":          "What a merge of duplicates would do.",
		"duplicate_preview.into":     "The id of the person that would stay.",
		"merges":                     "The merges, in the order in which they would be made.",
		"merges.from":                "The id of the person that would go.",
		"merges.preview":             "What this merge would do, after those before it.",
		"duplicate_merge":            "A merge of duplicates.",
		"survivor":                   "The person that stays.",
		"survivor.role":              "visitor|lead|user: the role.",
		"survivor.last_seen_at":      "When the person was last seen.",
		"changes":                    "The entries of the journal, in the order in which they were made.",
		"people.external_id":         "The id that the person has in your own database.",
		"people.email":               "The person's email address.",
		"people.phone":               "The person's phone number, as it was given.",
		"survivor.external_id":       "The id that the person has in your own database.",
		"survivor.email":             "The person's email address.",
		"survivor.phone":             "The person's phone number, as it was given.",
		"distinction.admin_id":       "Who told it; null for nobody.",
	}),
	Examples: []Example{
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"customer-7","email":"ada@example.com","name":"Ada Byron"}`, As: "ada"},
		{Do: "POST /contacts", Body: `{"role":"user","external_id":"shop-12","email":"Ada@Example.com","phone":"+35315550123"}`, As: "shop"},
		{Do: "POST /contacts", Body: `{"role":"lead","phone":"+353 1 555 0123","name":"Ada"}`, As: "lead"},
		{Do: "POST /contacts", Body: `{"role":"lead","email":"ada@example.com","name":"Ada's mother"}`, As: "mother"},
		{Caption: "Four who may be one", Do: "GET /lobby/v1/duplicates"},
		{Caption: "By the id of one of them", Do: "GET /lobby/v1/duplicates/{lead}"},
		{Caption: "Two are different", Do: "POST /lobby/v1/duplicates/distinct", Body: `{"people":["{ada}","{mother}"]}`},
		{Caption: "Who is different", Do: "GET /lobby/v1/duplicates/distinct"},
		{Caption: "Different people stay two", Do: "POST /lobby/v1/duplicates/merge", Body: `{"into":"{ada}","from":["{mother}"]}`, Refused: "conflict"},
		{Caption: "What it would do", Do: "POST /lobby/v1/duplicates/preview", Body: `{"into":"{ada}","from":["{shop}","{lead}"]}`},
		{Caption: "It would be refused", Do: "POST /lobby/v1/duplicates/preview", Body: `{"into":"{lead}","from":["{ada}"]}`},
		{Caption: "A user and a lead into a user", Do: "POST /lobby/v1/duplicates/merge", Body: `{"into":"{ada}","from":["{shop}","{lead}"]}`},
		{Caption: "Nobody into a user", Do: "POST /lobby/v1/duplicates/merge", Body: `{"into":"{ada}","from":["nobody"]}`, Refused: "not_found"},
	},
}

var duplicateOrder = Descriptions{
	"into": "The id of the person that stays.",
	"from": "The ids of those who go into it, at most 100.",
}

// asInMerges adds the descriptions of a preview to others.
func asInMerges(d Descriptions) Descriptions {
	for _, name := range []string{
		"allowed", "summary", "attribute_changes", "attributes", "attributes.field", "outcome", "from_value", "into_value", "new_into_value",
		"total_count", "reassignments", "conversations", "tickets", "phone_calls", "tags", "notes", "from", "into", "reasons",
	} {
		d[name] = merges.Descriptions[name]
	}
	return d
}

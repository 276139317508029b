package api_test

import "fmt"

// findsConversations is a search with its query, and the ids that it finds in their order.
func findsConversations(query string, ids ...string) step {
	list := ""
	for i, id := range ids {
		if i > 0 {
			list += ","
		}
		list += fmt.Sprintf(`{"type":"conversation","id":%q}`, id)
	}
	return step{
		do: "POST /conversations/search", body: `{"query":` + query + `}`,
		has: fmt.Sprintf(`{"type":"conversation.list","total_count":%d,"conversations":[%s]}`, len(ids), list),
	}
}

// refusesSearch is a search that is refused.
func refusesSearch(query, refused string) step {
	return step{do: "POST /conversations/search", body: `{"query":` + query + `}`, status: 400, refused: refused}
}

// twoWait is Ada's conversation, which is assigned and has attributes, and one of Ann's, which is closed.
var twoWait = []step{
	adaBegins,
	{do: begin, body: `{"from":{"type":"user","id":"$ann"},"body":"My invoice is wrong, wrong!"}`, fires: []string{"conversation.user.created ann"}},
	{do: "PUT /conversations/1", body: `{"custom_attributes":{"plan":"Pro","seats":5}}`, has: `{"custom_attributes":{"plan":"Pro","seats":5}}`},
	manages(`{"message_type":"assignment","type":"admin","admin_id":"1","assignee_id":"1"}`, `{"admin_assignee_id":1}`, "conversation.admin.assigned", "conversation.admin.open.assigned"),
	{do: "POST /conversations/2/parts", body: closes, fires: []string{"conversation.admin.closed ann"}, has: `{"state":"closed"}`},
}

var conversationSearches = []scenario{
	{"by all kinds of fields", append(twoWait[:len(twoWait):len(twoWait)],
		findsConversations(filterBy("state", "=", `"open"`), "1"),
		findsConversations(filterBy("open", "=", `false`), "2"),
		findsConversations(filterBy("source.body", "=", `"Wrong"`), "2"),
		findsConversations(filterBy("source.body", "=", `"invoice wrong"`)),
		findsConversations(filterBy("source.body", "~", `"INVOICE is"`), "2"),
		findsConversations(filterBy("source.author.email", "=", `"ADA@example.com"`), "1"),
		findsConversations(filterBy("source.author.id", "=", `"$ann"`), "2"),
		findsConversations(filterBy("contact_ids", "IN", `["$ann","$ada"]`), "2", "1"),
		findsConversations(filterBy("contact_ids", "!=", `"$ann"`), "1"),
		findsConversations(filterBy("admin_assignee_id", "=", `1`), "1"),
		findsConversations(filterBy("admin_assignee_id", "=", `0`), "2"),
		findsConversations(filterBy("admin_assignee_id", "=", `null`), "2"),
		findsConversations(filterBy("id", ">", `""`), "2", "1"),
		findsConversations(filterBy("id", ">", `"1"`), "2"),
		findsConversations(filterBy("id", "IN", `[1,"2"]`), "2", "1"),
		findsConversations(filterBy("updated_at", ">", `1700000000`), "2", "1"),
		findsConversations(filterBy("updated_at", ">", `1700000001`)),
		findsConversations(filterBy("statistics.count_assignments", ">", `1`), "1"),
		findsConversations(filterBy("statistics.last_closed_by_id", "=", `"1"`), "2"),
		findsConversations(filterBy("waiting_since", "=", `null`), "2"),
		findsConversations(filterBy("teammate_ids", "=", `1`), "2", "1"),
		findsConversations(filterBy("conversation_rating.score", "=", `5`)),
		findsConversations(filterBy("custom_attributes.plan", "=", `"pro"`), "1"),
		findsConversations(filterBy("custom_attributes.seats", ">", `4`), "1"),
		findsConversations(filterBy("priority", "=", `"not_priority"`), "2", "1"),
		findsConversations(`{"operator":"AND","value":[`+filterBy("state", "=", `"open"`)+`,{"operator":"OR","value":[`+filterBy("id", "=", `"1"`)+`,`+filterBy("id", "=", `"2"`)+`]}]}`, "1"),
	)},
	{"pages and orders", append(twoWait[:len(twoWait):len(twoWait)],
		step{
			do: "POST /conversations/search", body: `{"query":` + filterBy("id", ">", `""`) + `,"sort":{"field":"id","order":"ascending"},"pagination":{"per_page":1}}`,
			has: `{"conversations":[{"id":"1"}],"total_count":2,"pages":{"page":1,"total_pages":2,"next":{"page":2,"per_page":1}}}`,
		},
		step{
			do: "POST /conversations/search", body: `{"query":` + filterBy("id", ">", `""`) + `,"sort_field":"waiting_since","sort_order":"ascending"}`,
			has: `{"conversations":[{"id":"1"},{"id":"2"}],"total_count":2,"pages":{"page":1,"total_pages":1}}`,
		},
		step{do: "GET /conversations?type=admin&admin_id=1&open=true", headers: at("2.5"), has: `{"total_count":1,"conversations":[{"id":"1"}]}`},
		step{do: "GET /conversations?type=admin&id=0", headers: at("2.5"), has: `{"total_count":1,"conversations":[{"id":"2"}]}`},
		step{do: "GET /conversations?type=user&intercom_user_id=$ann", headers: at("2.5"), has: `{"total_count":1,"conversations":[{"id":"2"}]}`},
		step{do: "GET /conversations?type=user&email=ada@example.com&unread=true", headers: at("2.5"), has: `{"total_count":0}`},
		step{do: "GET /conversations?type=user", headers: at("2.5"), status: 400, refused: "parameter_not_found: intercom_user_id is a required parameter"},
		step{do: "GET /conversations?type=team", headers: at("2.5"), status: 400, refused: "parameter_invalid: type must be admin or user"},
		step{do: "GET /conversations?type=admin&admin_id=1", headers: at("2.6"), has: `{"total_count":2}`},
		step{do: "GET /conversations?order=up", status: 400, refused: "parameter_invalid: order must be asc or desc"},
	)},
	{"counts", append(twoWait[:len(twoWait):len(twoWait)],
		step{do: "GET /counts?type=conversation", has: `{"type":"count","conversation":{"assigned":1,"closed":1,"open":1,"unassigned":0}}`},
		step{do: "GET /counts?type=conversation&count=admin", has: `{"type":"count","conversation":{"admin":[{"id":"1","open":1,"closed":0}]}}`},
		step{do: "GET /counts?type=ticket", status: 400, refused: "parameter_invalid: type must be conversation, user or company"},
		step{do: "GET /counts?type=user&count=user", status: 400, refused: "parameter_invalid: count must be segment or tag"},
	)},
	{"refused", append(twoWait[:len(twoWait):len(twoWait)],
		refusesSearch(filterBy("mood", "=", `"good"`), "invalid_field: mood is not a valid search field"),
		refusesSearch(filterBy("custom_attributes.mood", "=", `"good"`), "invalid_field: custom_attributes.mood is not a valid search field"),
		refusesSearch(filterBy("created_at", "~", `"1"`), "parameter_invalid: created_at cannot be compared by ~"),
		refusesSearch(filterBy("created_at", ">", `"soon"`), "parameter_invalid: created_at must be compared with a Unix time in seconds, from 0 to 2147483647"),
		refusesSearch(filterBy("id", ">", `"soon"`), "parameter_invalid: id must be compared with a whole number"),
		refusesSearch(filterBy("statistics.count_reopens", "=", `"many"`), "parameter_invalid: statistics.count_reopens must be compared with a whole number"),
		step{do: "POST /conversations/search", body: `{}`, status: 400, refused: "parameter_not_found: query must be given"},
		step{
			do: "POST /conversations/search", headers: at("2.16"), body: `{"query":` + filterBy("id", ">", `""`) + `,"sort":{"field":"mood"}}`, status: 400,
			refused: "invalid_field: mood is not a field to sort by",
		},
	)},
}

func filterBy(field, op, value string) string {
	return fmt.Sprintf(`{"field":%q,"operator":%q,"value":%s}`, field, op, value)
}

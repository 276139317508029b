package api_test

// conversationStates are scenarios of what changes the state. The whole table of states and parts is tested in package inbox.
var conversationStates = []scenario{
	{"both paths take everything, in every version", []step{
		adaBegins,
		says(closes, `{"open":false,"state":"closed","waiting_since":null,"conversation_parts":{"conversation_parts":[{"part_type":"close","body":null}]}}`, "conversation.admin.closed"),
		manages(opens, `{"open":true,"state":"open","conversation_parts":{"conversation_parts":[{},{"part_type":"open"}]}}`, "conversation.admin.opened"),
		says(snoozes, `{"open":true,"state":"snoozed","snoozed_until":1700003600,"conversation_parts":{"conversation_parts":[{},{},{"part_type":"snoozed","body":null}]}}`, "conversation.admin.snoozed"),
		says(adminNote, `{"state":"open","snoozed_until":null,"conversation_parts":{"conversation_parts":[{},{},{},{"part_type":"note_and_unsnooze"}]}}`, "conversation.admin.noted", "conversation.admin.unsnoozed"),
		manages(closes, `{"state":"closed"}`, "conversation.admin.closed"),
		manages(adminNote, `{"state":"closed"}`, "conversation.admin.noted"),
		manages(adaComment, `{"state":"open","conversation_parts":{"conversation_parts":[{},{},{},{},{},{},{"part_type":"open","body":"<p>Thanks</p>"}],"total_count":7}}`, "conversation.user.replied"),
	}},
	{"a snooze lies far away, or in the past", []step{
		adaBegins,
		manages(`{"message_type":"snoozed","admin_id":"1","snoozed_until":9999999999}`, `{"snoozed_until":2147483647}`, "conversation.admin.snoozed"),
		manages(`{"message_type":"snoozed","admin_id":"1","snoozed_until":1673609604}`, `{"snoozed_until":1700038800}`, "conversation.admin.snoozed"),
	}},
	{"admins and teams are assigned, whatever a client calls them", []step{
		{do: "POST /lobby/v1/admins", body: makeAda},
		{do: "POST /lobby/v1/teams", body: `{"name":"Sales","admin_ids":[2]}`, has: `{"id":"3"}`},
		adaBegins,
		manages(`{"message_type":"assignment","type":"admin","admin_id":"1","assignee_id":"2"}`,
			`{"admin_assignee_id":2,"team_assignee_id":null,"conversation_parts":{"conversation_parts":[{"part_type":"assignment","assigned_to":{"type":"admin","id":"2"}}]}}`,
			"conversation.admin.assigned", "conversation.admin.open.assigned"),
		manages(`{"message_type":"assignment","type":"admin","admin_id":"1","assignee_id":3}`,
			`{"admin_assignee_id":2,"team_assignee_id":3,"conversation_parts":{"conversation_parts":[{},{"assigned_to":{"type":"team","id":"3"}}]}}`,
			"conversation.admin.assigned", "conversation.admin.open.assigned"),
		manages(`{"message_type":"assignment","type":"admin","admin_id":"1","assignee_id":"0"}`,
			`{"admin_assignee_id":null,"team_assignee_id":3,"conversation_parts":{"conversation_parts":[{},{},{"assigned_to":{"type":"nobody_admin","id":null}}]}}`,
			"conversation.admin.assigned", "conversation.admin.open.assigned"),
		manages(closes, `{}`, "conversation.admin.closed"),
		manages(`{"message_type":"assignment","type":"team","admin_id":"1","assignee_id":null}`,
			`{"team_assignee_id":null,"state":"open","conversation_parts":{"conversation_parts":[{},{},{},{},{"part_type":"assign_and_reopen"}]}}`,
			"conversation.admin.assigned", "conversation.admin.opened"),
		manages(snoozes, `{}`, "conversation.admin.snoozed"),
		{
			do: "POST /conversations/1/parts", headers: at("2.16"), body: `{"message_type":"assignment","type":"team","admin_id":"1","assignee_id":"3","body":"Over to sales"}`,
			has: `{"admin_assignee_id":0,"team_assignee_id":3,"state":"open","read":false,"conversation_parts":{"conversation_parts":[{},{},{},{},{},{},
				{"part_type":"assign_and_unsnooze","body":"<p>Over to sales</p>"}]}}`,
			fires: []string{"conversation.admin.assigned ada", "conversation.admin.unsnoozed ada"},
		},
		{do: "GET /contacts/$ada", has: `{"last_contacted_at":1700000000}`},
	}},
	{"rules assign nobody, since there are none", []step{
		adaBegins,
		{
			do: "POST /conversations/1/run_assignment_rules", has: `{"conversation_parts":{"conversation_parts":[{"part_type":"default_assignment","body":null,
				"author":{"type":"bot","id":"2000000000","name":"Operator"},"assigned_to":{"type":"nobody_admin","id":null}}]}}`,
			fires: []string{"conversation.admin.assigned ada", "conversation.admin.open.assigned ada"},
		},
		{
			do: "POST /conversations/1/run_assignment_rules/parts", body: `{}`, has: `{"conversation_parts":{"total_count":2}}`,
			fires: []string{"conversation.admin.assigned ada", "conversation.admin.open.assigned ada"},
		},
	}},
	{"a snooze may outlast a comment from Preview on", []step{
		adaBegins,
		manages(snoozes, `{}`, "conversation.admin.snoozed"),
		{
			do: "POST /conversations/1/reply", headers: at("Preview"), body: `{"message_type":"comment","type":"admin","admin_id":"1","body":"Hi","skip_unsnooze":true}`,
			has:   `{"state":"snoozed","snoozed_until":1700003600,"conversation_parts":{"conversation_parts":[{"event_details":{"until":1700003600}},{"part_type":"comment","state":"snoozed"}]}}`,
			fires: []string{"conversation.admin.replied ada"},
		},
		{
			do: "POST /conversations/1/reply", headers: at("2.16"), body: `{"message_type":"comment","type":"admin","admin_id":"1","body":"Hi","skip_unsnooze":true}`,
			has: `{"state":"open"}`, fires: []string{"conversation.admin.replied ada", "conversation.admin.unsnoozed ada"},
		},
	}},
	{"the bot does what the workspace wants at a beginning", []step{
		{do: "PUT /lobby/v1/settings", body: `{"assign_new_conversations":true,"first_reply":"We answer <soon>"}`},
		{
			do: begin, body: `{"from":{"type":"user","id":"$ada"},"body":"Hi"}`,
			fires: []string{"conversation.user.created ada", "conversation.admin.assigned ada", "conversation.admin.open.assigned ada", "conversation.operator.replied ada", "conversation.admin.replied ada"},
		},
		{do: "GET /conversations/1", has: `{"waiting_since":1700000000,"read":false,"teammates":null,"conversation_parts":{"conversation_parts":[
			{"part_type":"default_assignment","author":{"type":"bot"}},
			{"part_type":"channel_and_reply_time_expectation","body":"<p>We answer &lt;soon&gt;</p>","author":{"type":"bot"}}]}}`},
		{do: "GET /contacts/$ada", has: `{"last_contacted_at":null}`},
	}},
}

var attachments = []scenario{
	{"files that lie elsewhere are named", []step{
		{
			do: begin, fires: []string{"conversation.user.created ada"},
			body: `{"from":{"type":"user","id":"$ada"},"body":"Look","attachment_urls":["https://example.com/a/cat%20one.PNG?x=1","http://example.com/"]}`,
		},
		{do: "GET /conversations/1", has: `{"source":{"attachments":[
			{"type":"upload","name":"cat one.PNG","url":"https://example.com/a/cat%20one.PNG?x=1","content_type":"image/png","filesize":0,"width":null,"height":null},
			{"type":"upload","name":"file","content_type":"application/octet-stream"}]}}`},
	}},
	{"a file that is sent wins over an address", []step{
		adaBegins,
		says(`{"message_type":"comment","type":"admin","admin_id":"1","body":"Here","attachment_urls":["https://example.com/x.png"],
			"attachment_files":[{"content_type":"text/html; charset=utf-8","data":"PGI+aGk8L2I+","name":"../page.html"}]}`,
			`{"conversation_parts":{"conversation_parts":[{"attachments":[{"type":"upload","name":"page.html","content_type":"text/html","filesize":9}]}]}}`, "conversation.admin.replied"),
	}},
	turnsDown("an address of another kind", begin, `{"from":{"type":"user","id":"$ada"},"body":"Hi","attachment_urls":["javascript:alert(1)"]}`, 400,
		"parameter_invalid: attachment_urls.0 must be an http or https URL"),
	turnsDown("a file that is no base64", begin, `{"from":{"type":"user","id":"$ada"},"body":"Hi","attachment_files":[{"name":"x","content_type":"image/png","data":"?"}]}`, 400,
		"parameter_invalid: attachment_files.0.data must be a file in base64"),
	turnsDown("too many", begin, `{"from":{"type":"user","id":"$ada"},"body":"Hi","attachment_urls":["http://a/1","http://a/2","http://a/3","http://a/4","http://a/5","http://a/6","http://a/7","http://a/8","http://a/9","http://a/10","http://a/11"]}`, 400,
		"parameter_invalid: attachments are more than 10"),
	{"files are as large as the workspace allows", []step{
		{do: "PUT /lobby/v1/settings", body: `{"upload_limit":0}`},
		{
			do: begin, body: `{"from":{"type":"user","id":"$ada"},"body":"Hi","attachment_files":[{"name":"x","content_type":"image/png","data":"eA=="}]}`, status: 400,
			refused: "parameter_invalid: attachment_files are larger than the workspace allows",
		},
	}},
}

var conversationLists = []scenario{
	one("there are none at first", step{
		do:  "GET /conversations",
		has: `{"type":"conversation.list","pages":{"type":"pages","page":1,"per_page":20,"total_pages":0},"total_count":0,"conversations":[]}`,
	}),
	{"the latest update comes first", []step{
		adaBegins,
		{do: begin, body: `{"from":{"type":"user","id":"$ann"},"body":"Hi"}`, fires: []string{"conversation.user.created ann"}},
		{do: begin, body: `{"from":{"type":"user","id":"$eve"},"body":"Hi"}`, fires: []string{"conversation.user.created eve"}},
		{do: "GET /conversations?per_page=2", has: `{"conversations":[{"id":"3"},{"id":"2"}],"total_count":3,
			"pages":{"page":1,"per_page":2,"total_pages":2,"next":{"page":2,"starting_after":"CmZhbHNlCjIKMwowMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDIKYzFkOTU0ZmM0"}}}`},
		{do: "GET /conversations?per_page=2&starting_after=CmZhbHNlCjIKMwowMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDIKYzFkOTU0ZmM0", has: `{"conversations":[{"id":"1"}],"pages":{"page":2}}`},
	}},
	turnsDown("a cursor that is none", "GET /conversations?starting_after=xyz", "", 400,
		"client_error: Invalid starting_after param. Please try again using a starting_after value from a paginated response"),
	{"a deleted one is listed by its id", []step{
		adaBegins,
		{do: "DELETE /conversations/1", headers: at("2.12"), status: 400, refused: "intercom_version_invalid: Requested resource is not available in current API version."},
		says(`{"message_type":"comment","type":"admin","admin_id":"1","body":"Here","attachment_files":[{"content_type":"image/png","data":"eA==","name":"x.png"}]}`, `{}`, "conversation.admin.replied"),
		{do: "DELETE /conversations/1?retain_metrics=false", headers: at("2.16"), has: `{"id":"1","object":"conversation","deleted":true}`, fires: []string{"conversation.deleted ada"}},
		{do: "GET /conversations/1", status: 404, refused: noWords},
		{do: "DELETE /conversations/1", headers: at("2.13"), status: 404, refused: noWords},
		{do: "GET /conversations/deleted", headers: at("2.16"), has: `{"type":"conversations.list","total_count":1,"pages":{"next":null,"page":1,"per_page":20,"total_pages":1},
			"conversations":[{"type":"conversation","id":"1","metrics_retained":false,"deleted_at":1700000000}]}`},
		{do: begin, body: `{"from":{"type":"user","id":"$ada"},"body":"Hi"}`, has: `{"conversation_id":"2"}`, fires: []string{"conversation.user.created ada"}},
	}},
}

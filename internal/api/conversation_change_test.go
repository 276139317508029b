package api_test

var conversationChanges = []scenario{
	{"it is read and unread", []step{
		adaBegins,
		says(adminComment, `{"read":false}`, "conversation.admin.replied"),
		{do: "PUT /conversations/1", body: `{"read":true}`, has: `{"read":true}`, fires: []string{"conversation.read ada"}},
		{do: "PUT /conversations/1", body: `{"read":true}`, has: `{"read":true}`},
		{do: "POST /conversations/1", body: `{"read":false}`, has: `{"read":false}`},
		{do: "PUT /conversations/1?display_as=plaintext", body: `{}`, has: `{"conversation_parts":{"conversation_parts":[{"body":"Hi Ada"}]}}`},
	}},
	{"attributes get their type from the first value", []step{
		adaBegins,
		{do: "PUT /conversations/1", body: `{"custom_attributes":{"issue_type":"Billing","rank":3}}`, has: `{"custom_attributes":{"issue_type":"Billing","rank":3},
			"conversation_parts":{"conversation_parts":[{"part_type":"conversation_attribute_updated_by_admin","body":null,"author":{"type":"bot"}},
			{"part_type":"conversation_attribute_updated_by_admin"}]}}`},
		{do: "PUT /conversations/1", headers: at("2.13"), body: `{"custom_attributes":{"rank":3.5,"issue_type":"Billing"}}`, has: `{"custom_attributes":{"rank":3.5},
			"conversation_parts":{"conversation_parts":[{},{},{"event_details":{"attribute":{"name":"rank"},"value":{"name":"3.5"}}}]}}`},
		{do: "PUT /conversations/1", body: `{"custom_attributes":{"rank":"high"}}`, status: 400, refused: "parameter_invalid: custom_attributes.rank must be of type float"},
		{do: "PUT /conversations/1", body: `{"custom_attributes":{"issue_type":null}}`, has: `{"custom_attributes":{"rank":3.5}}`},
		{do: "PUT /conversations/1", body: `{"custom_attributes":{"rank":[1]}}`, status: 400, refused: "type_mismatch: custom_attributes.rank must be a string, number, boolean or null"},
		{do: "GET /data_attributes?model=conversation", has: `{"data":[{"name":"issue_type","data_type":"string"},{"name":"rank","data_type":"float"}]}`},
	}},
	{"its title is written from 2.13 on", []step{
		adaBegins,
		{do: "PUT /conversations/1", headers: at("2.12"), body: `{"title":"Bill"}`, has: `{"title":null}`},
		{do: "PUT /conversations/1", headers: at("2.13"), body: `{"title":"Bill"}`, has: `{"title":"Bill"}`},
	}},
	{"its priority is written in Preview", []step{
		adaBegins,
		{do: "PUT /conversations/1", headers: at("2.16"), body: `{"priority":"high"}`, has: `{"priority":"none"}`},
		{
			do: "PUT /conversations/1", headers: at("Preview"), body: `{"priority":"high","admin_id":1}`, fires: []string{"conversation.priority.updated ada"},
			has: `{"priority":"high","conversation_parts":{"conversation_parts":[{"part_type":"priority_changed","author":{"type":"admin"},
				"event_details":{"current_priority":"high","previous_priority":"none"}}]}}`,
		},
		{do: "GET /conversations/1", has: `{"priority":"priority"}`},
		{do: "PUT /conversations/1", headers: at("Preview"), body: `{"priority":"huge"}`, status: 400, refused: "parameter_invalid: priority must be none, low, medium, high or urgent"},
		{do: "PUT /conversations/1", headers: at("Preview"), body: `{"priority":"none"}`, has: `{"priority":"none"}`, fires: []string{"conversation.priority.updated ada"}},
	}},
	{"tags come and go", []step{
		{do: "POST /tags", body: `{"name":"bill"}`},
		adaBegins,
		{
			do: "POST /conversations/1/tags", body: `{"id":"1","admin_id":"1"}`, fires: []string{"conversation_part.tag.created ada"},
			has: `{"type":"tag","id":"1","name":"bill","applied_at":1700000000,"applied_by":{"type":"admin","id":"1"}}`,
		},
		{do: "POST /conversations/1/tags", body: `{"id":1,"admin_id":1}`, has: `{"id":"1"}`},
		{do: "GET /conversations/1", has: `{"tags":{"type":"tag.list","tags":[{"type":"tag","id":"1","name":"bill","applied_by":{"id":"1"}}]}}`},
		{do: "DELETE /conversations/1/tags/1", status: 400, refused: "parameter_not_found: admin_id is a required parameter"},
		{do: "DELETE /conversations/1/tags/1", body: `{"admin_id":"1"}`, has: `{"id":"1","name":"bill"}`},
		{do: "DELETE /conversations/1/tags/1", body: `{"admin_id":"1"}`, status: 404, refused: "tag_not_found: Tag not found"},
		{do: "POST /conversations/1/tags", body: `{"id":"9","admin_id":"1"}`, status: 404, refused: "tag_not_found: Tag not found"},
		{do: "POST /conversations/1/tags", body: `{"id":"1","admin_id":"9"}`, status: 404, refused: noAdmin},
		{do: "POST /conversations/9/tags", body: `{"id":"1","admin_id":"1"}`, status: 404, refused: "not_found: Conversation not found"},
		{do: "POST /conversations/1/tags", body: `{"id":"1","admin_id":"1"}`, fires: []string{"conversation_part.tag.created ada"}},
		{do: "DELETE /tags/1"},
		{do: "GET /conversations/1", has: `{"tags":{"tags":[]}}`},
	}},
	{"others join and leave", []step{
		adaBegins,
		{
			do: "POST /conversations/1/customers", body: `{"admin_id":"1","customer":{"intercom_user_id":"$leo"}}`, fires: []string{"conversation.contact.attached leo"},
			has: `{"customers":[{"type":"user","id":"$ada"},{"type":"lead","id":"$leo"}],"type":"conversation","conversation_parts":{"conversation_parts":[{"part_type":"participant_added"}]}}`,
		},
		{do: "POST /conversations/1/customers", body: `{"admin_id":"1","customer":{"user_id":"leo-1"}}`, has: `{"conversation_parts":{"total_count":1}}`},
		{
			do: "POST /conversations/1/customers", body: `{"intercom_user_id":"$ada","customer":{"user_id":"eve-1"}}`, fires: []string{"conversation.contact.attached eve"},
			has: `{"conversation_parts":{"conversation_parts":[{},{"author":{"type":"user","id":"$ada"}}]}}`,
		},
		{
			do: "POST /conversations/1/customers", body: `{"customer":{"user_id":"ada-1","customer":{"email":"ann@example.com"}}}`, fires: []string{"conversation.contact.attached ann"},
		},
		{do: "DELETE /conversations/1/customers/$ann", body: `{"admin_id":"1"}`, fires: []string{"conversation.contact.detached ann"}},
		{do: "DELETE /conversations/1/customers/$eve", body: `{"admin_id":"1"}`, fires: []string{"conversation.contact.detached eve"}},
		{do: "DELETE /conversations/1/customers/$eve", body: `{"admin_id":"1"}`, status: 404, refused: noUser},
		{do: "DELETE /conversations/1/customers/$leo", status: 400, refused: "parameter_not_found: admin_id is a required parameter"},
		{
			do: "DELETE /conversations/1/customers/$leo", body: `{"admin_id":"1"}`, fires: []string{"conversation.contact.detached leo"},
			has: `{"customers":[{"type":"user","id":"$ada"}]}`,
		},
		{do: "DELETE /conversations/1/customers/$ada", body: `{"admin_id":"1"}`, status: 422, refused: "parameter_invalid: Removing the last customer is not allowed"},
		{do: "POST /conversations/1/customers", body: `{"admin_id":"9","customer":{"intercom_user_id":"$leo"}}`, status: 404, refused: noAdmin},
		{do: "POST /conversations/1/customers", body: `{"admin_id":"1","customer":{"intercom_user_id":"$bob"}}`, status: 404, refused: noUser},
		{do: "POST /conversations/1/customers", body: `{"admin_id":"1"}`, status: 400, refused: "parameter_not_found: customer is a required parameter"},
		{do: "POST /conversations/9/customers", body: `{"admin_id":"1","customer":{"intercom_user_id":"$leo"}}`, status: 404, refused: noWords},
	}},
	{"an address that nobody has becomes a lead", []step{
		adaBegins,
		{
			do: "POST /conversations/1/customers", body: `{"admin_id":"1","customer":{"email":"new@example.com"}}`, fires: []string{"contact.created new", "conversation.contact.attached new"},
			has: `{"customers":[{"id":"$ada"},{"type":"lead"}]}`,
		},
		{do: "POST /conversations/1/customers", body: `{"admin_id":"1","customer":{"email":"no address"}}`, status: 400, refused: "parameter_invalid: email is not an email address"},
	}},
	{"words are deleted for good", []step{
		adaBegins,
		says(`{"message_type":"comment","type":"user","intercom_user_id":"$ada","body":"My card is","attachment_files":[{"content_type":"image/png","data":"eA==","name":"x.png"}]}`, `{}`, "conversation.user.replied"),
		says(closes, `{}`, "conversation.admin.closed"),
		{
			do: "POST /conversations/redact", body: `{"type":"conversation_part","conversation_id":"1","conversation_part_id":"1"}`, fires: []string{"conversation_part.redacted ada"},
			has: `{"conversation_parts":{"conversation_parts":[{"part_type":"comment","body":"<p><i>This message was deleted</i></p>","redacted":true,"attachments":[]},{"redacted":false}]}}`,
		},
		{do: "POST /conversations/redact", body: `{"type":"conversation_part","conversation_id":"1","conversation_part_id":"1"}`, has: `{"id":"1"}`},
		{
			do: "POST /conversations/redact", body: `{"type":"source","conversation_id":"1","source_id":"1"}`, fires: []string{"conversation_part.redacted ada"},
			has: `{"source":{"body":"<p><i>This message was deleted</i></p>","redacted":true}}`,
		},
		{do: "POST /conversations/redact", body: `{"type":"conversation_part","conversation_id":"1","conversation_part_id":"2"}`, status: 400, refused: "conversation_part_not_redactable: Part can't be redacted"},
		{do: "POST /conversations/redact", body: `{"type":"conversation_part","conversation_id":"1","conversation_part_id":"9"}`, status: 404, refused: noPart},
		{do: "POST /conversations/redact", body: `{"type":"source","conversation_id":"1","source_id":"9"}`, status: 404, refused: noPart},
		{do: "POST /conversations/redact", body: `{"type":"source","conversation_id":"9","source_id":"1"}`, status: 404, refused: noPart},
		{do: "POST /conversations/redact", body: `{"type":"source","source_id":"1"}`, status: 400, refused: "parameter_not_found: conversation_id is a required parameter"},
		{do: "POST /conversations/redact", body: `{"type":"source","conversation_id":"1"}`, status: 400, refused: "parameter_not_found: source_id is a required parameter"},
		{do: "POST /conversations/redact", body: `{"type":"conversation_part","conversation_id":"1"}`, status: 400, refused: "parameter_not_found: conversation_part_id is a required parameter"},
		{do: "POST /conversations/redact", body: `{"type":"note"}`, status: 400, refused: "type_mismatch: The type attribute provided should be either 'conversation_part' or 'source'"},
	}},
}

const noPart = "conversation_part_or_message_not_found: Conversation part or message not found"

// conversationPeople are scenarios of what becomes of conversations when something becomes of persons.
var conversationPeople = []scenario{
	{"an absorbed contact's words are the survivor's, until the merge is undone", []step{
		{do: begin, body: `{"from":{"type":"contact","id":"$leo"},"body":"Hi"}`, fires: []string{"conversation.user.created leo"}},
		{
			do: "POST /lobby/v1/contacts/merge/preview", body: `{"from":"$leo","into":"$ada"}`, identity: "preview",
			has: `{"allowed":true,"summary":{"reassignments":{"conversations":{"from":1,"into":0}}}}`,
		},
		{
			do: "POST /contacts/merge", body: `{"from":"$leo","into":"$ada"}`, identity: "merged", fires: []string{"contact.merged ada"}, writes: "merged lead→user leo→ada",
		},
		{do: "GET /conversations/1", has: `{"source":{"author":{"type":"user","id":"$ada","name":"Ada"}},"contacts":{"contacts":[{"id":"$ada"}]}}`},
		{
			do: "POST /conversations/1/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$ada","body":"It is me"}`,
			fires: []string{"conversation.user.replied ada"}, has: `{"contacts":{"contacts":[{"id":"$ada"}]}}`,
		},
	}},
	{"who is archived keeps conversations, but cannot be written for", []step{
		adaBegins,
		{do: "POST /contacts/$ada/archive", fires: []string{"contact.archived ada"}},
		{do: "GET /conversations/1", has: `{"state":"open","source":{"author":{"id":"$ada"}}}`},
		{do: "POST /conversations/1/reply", body: adaComment, status: 404, refused: noUser},
		says(adminComment, `{"state":"open"}`, "conversation.admin.replied"),
	}},
	{"who is blocked has closed conversations", []step{
		adaBegins,
		{do: "POST /contacts/$ada/block", headers: at("2.13"), fires: []string{"conversation.admin.closed ada", "contact.blocked ada"}},
		{do: "GET /conversations/1", has: `{"state":"closed","conversation_parts":{"conversation_parts":[{"part_type":"close","author":{"type":"bot"}}]}}`},
		{do: "POST /conversations/1/reply", body: adaComment, status: 404, refused: noUser},
	}},
	{"who is deleted takes along what nobody shares", []step{
		adaBegins,
		{do: begin, body: `{"from":{"type":"user","id":"$ada"},"body":"Shared"}`, fires: []string{"conversation.user.created ada"}},
		{do: "POST /conversations/2/customers", body: `{"admin_id":"1","customer":{"intercom_user_id":"$leo"}}`, fires: []string{"conversation.contact.attached leo"}},
		{do: "DELETE /contacts/$ada", fires: []string{"conversation.deleted ada", "contact.deleted ada"}},
		{do: "GET /conversations/1", status: 404, refused: noWords},
		{do: "GET /conversations/2", has: `{"contacts":{"contacts":[{"id":"$leo"}]},"source":{"body":"<p><i>This message was deleted</i></p>","redacted":true,
			"author":{"type":"user","id":"$ada","name":null,"email":""}}}`},
		{do: "GET /conversations/deleted", headers: at("2.16"), has: `{"conversations":[{"id":"1"}]}`},
	}},
}

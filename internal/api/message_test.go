package api_test

import "testing"

const message = "POST /messages"

// toAda is a message of the first admin to Ada.
const toAda = `{"from":{"type":"admin","id":"1"},"to":{"type":"user","id":"$ada"},"body":"Is all well?"`

var messages = []scenario{
	{"an admin writes in the product", []step{
		{do: message, body: toAda + `,"message_type":"inapp"}`, fires: []string{"message.sent ada"}, has: `{"type":"admin_message","id":"1","created_at":1700000000,"subject":"",
			"body":"<p>Is all well?</p>","message_type":"inapp",
			"owner":{"type":"admin","id":"1","away_mode_enabled":false,"away_mode_reassign":false}}`},
		{do: "GET /contacts/$ada", has: `{"last_contacted_at":1700000000,"last_replied_at":null}`},
		{do: "GET /conversations", has: `{"total_count":0}`},
	}},
	{"the reply of a contact makes the conversation", []step{
		{do: message, body: `{"from":{"type":"admin","id":1},"to":{"type":"lead","id":"$leo"},"message_type":"conversation","body":"Hi"}`, fires: []string{"message.sent leo"}},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$leo","body":"Yes"}`,
			fires: []string{"conversation.admin.single.created leo", "conversation.user.replied leo"},
			has: `{"id":"1","state":"open","read":false,"source":{"type":"conversation","id":"1","delivered_as":"admin_initiated","author":{"type":"admin","id":"1"}},
				"first_contact_reply":{"created_at":1700000000,"type":"conversation","url":null},"waiting_since":1700000000,
				"conversation_parts":{"conversation_parts":[{"part_type":"open","body":"<p>Yes</p>"}]}}`,
		},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$leo","body":"Still"}`,
			fires: []string{"conversation.user.replied leo"}, has: `{"id":"1","conversation_parts":{"total_count":2}}`,
		},
	}},
	{"a conversation at once", []step{
		{
			do: message, body: toAda + `,"create_conversation_without_contact_reply":true}`, fires: []string{"message.sent ada", "conversation.admin.single.created ada"},
			has: `{"type":"admin_message","id":"1","conversation_id":"1"}`,
		},
		{do: "GET /conversations/1", has: `{"state":"open","open":true,"read":false,"waiting_since":null,"first_contact_reply":null,"admin_assignee_id":null,
			"source":{"id":"1","delivered_as":"admin_initiated","body":"<p>Is all well?</p>"},"contacts":{"contacts":[{"id":"$ada"}]},
			"conversation_parts":{"total_count":0}}`},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","user_id":"ada-1","body":"Yes"}`,
			fires: []string{"conversation.user.replied ada"}, has: `{"id":"1"}`,
		},
	}},
	{"an email", []step{
		{
			do: message, body: toAda + `,"message_type":"email","subject":"Hello","template":"plain"}`, fires: []string{"message.sent ada"},
			has: `{"type":"admin_message","subject":"Hello","template":"plain","message_type":"email"}`,
		},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","email":"ada@example.com","body":"Yes"}`,
			fires: []string{"conversation.admin.single.created ada", "conversation.user.replied ada"}, has: `{"source":{"type":"email","subject":"Hello"}}`,
		},
	}},
	{"several recipients have a conversation each", []step{
		{do: message, body: `{"from":{"type":"admin","id":"1"},"to":[{"type":"user","id":"$ada"},{"type":"user","id":"$olga"}],"cc":{"type":"lead","id":"$leo"},
			"bcc":[{"type":"user","user_id":"eve-1"}],"body":"Hi"}`, fires: []string{"message.sent ada", "message.sent leo", "message.sent eve"}},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$eve","body":"A"}`,
			fires: []string{"conversation.admin.single.created eve", "conversation.user.replied eve"}, has: `{"id":"1","contacts":{"contacts":[{"id":"$eve"}]}}`,
		},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$ada","body":"B"}`,
			fires: []string{"conversation.admin.single.created ada", "conversation.user.replied ada"}, has: `{"id":"2","source":{"id":"1"},"contacts":{"contacts":[{"id":"$ada"}]}}`,
		},
		{do: "DELETE /conversations/1", headers: []string{"Intercom-Version: 2.13"}, fires: []string{"conversation.deleted eve"}},
		{do: "GET /conversations/2", has: `{"source":{"id":"1","body":"<p>Hi</p>"}}`},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$leo","body":"C"}`,
			fires: []string{"conversation.admin.single.created leo", "conversation.user.replied leo"}, has: `{"id":"3"}`,
		},
	}},
	{"several in one conversation, but for bcc", []step{
		{do: message, body: `{"from":{"type":"admin","id":"1"},"to":[{"type":"user","id":"$ada"},{"type":"lead","id":"$leo"}],"bcc":[{"type":"user","id":"$eve"}],
			"body":"Hi","create_conversation_without_contact_reply":true}`, fires: []string{"message.sent ada", "message.sent leo", "message.sent eve", "conversation.admin.single.created ada"}},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$leo","body":"A"}`,
			fires: []string{"conversation.user.replied leo"}, has: `{"id":"1"}`,
		},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$eve","body":"A"}`,
			fires: []string{"conversation.admin.single.created eve", "conversation.user.replied eve"}, has: `{"id":"2"}`,
		},
	}},
	{"a message to who was merged is for who it became", []step{
		{do: message, body: `{"from":{"type":"admin","id":"1"},"to":{"type":"lead","id":"$leo"},"body":"Hi"}`, fires: []string{"message.sent leo"}},
		{do: "POST /contacts/merge", body: `{"from":"$leo","into":"$ada"}`, identity: "merged", fires: []string{"contact.merged ada"}, writes: "merged lead→user leo→ada"},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$ada","body":"B"}`,
			fires: []string{"conversation.admin.single.created ada", "conversation.user.replied ada"}, has: `{"contacts":{"contacts":[{"id":"$ada"}]}}`,
		},
	}},
	{"the newest word counts", []step{
		adaBegins,
		{do: message, body: toAda + `}`, fires: []string{"message.sent ada"}},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$ada","body":"B"}`,
			fires: []string{"conversation.admin.single.created ada", "conversation.user.replied ada"}, has: `{"id":"2"}`,
		},
		{do: message, body: toAda + `,"created_at":1600000000}`, fires: []string{"message.sent ada"}},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$ada","body":"B"}`,
			fires: []string{"conversation.user.replied ada"}, has: `{"id":"2"}`,
		},
	}},
	{"an admin's reply makes none", []step{
		{do: message, body: toAda + `}`, fires: []string{"message.sent ada"}},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"admin","admin_id":"1","intercom_user_id":"$ada","body":"B"}`,
			status: 400, refused: "bad_request: No conversation for this user",
		},
	}},
	{"a message of nobody any more is gone", []step{
		{do: message, body: toAda + `}`, fires: []string{"message.sent ada"}},
		{do: "DELETE /contacts/$ada", fires: []string{"contact.deleted ada"}},
	}},
	{"a contact writes", []step{
		{
			do: message, body: `{"from":{"type":"user","id":"$ada"},"body":"<b>","referer":"https://example.com/a"}`, fires: []string{"conversation.user.created ada"},
			has: `{"type":"user_message","id":"1","created_at":1700000000,"body":"<b>","message_type":"inapp","conversation_id":"1"}`,
		},
		{do: "GET /conversations/1", has: `{"source":{"url":"https://example.com/a","body":"<p>&lt;b&gt;</p>"},"first_contact_reply":{"url":"https://example.com/a"}}`},
	}},
	{"a visitor writes", []step{
		{
			do: message, body: `{"from":{"type":"contact","id":"$vera"},"body":"Hi"}`, identity: "converted",
			fires: []string{"visitor.converted vera", "conversation.user.created vera"}, writes: "converted visitor→lead vera→vera",
		},
	}},
}

var messageRefusals = []scenario{
	one("no body", step{do: message, body: `{"from":{"type":"admin","id":"1"},"to":{"type":"user","id":"$ada"},"message_type":"email","body":null}`, status: 400, refused: "parameter_invalid: Body is required"}),
	one("no body of a contact", step{do: message, body: `{"from":{"type":"user","id":"$ada"}}`, status: 400, refused: "parameter_invalid: Body is required"}),
	one("a blank body", step{do: message, body: `{"from":{"type":"admin","id":"1"},"to":{"type":"user","id":"$ada"},"body":" <script>x</script>"}`, status: 400, refused: "parameter_invalid: body is blank"}),
	one("no subject", step{do: message, body: toAda + `,"message_type":"email"}`, status: 422, refused: "parameter_not_found: No subject supplied for email message"}),
	one("another type", step{do: message, body: toAda + `,"message_type":"fax"}`, status: 400, refused: "parameter_invalid: message_type must be inapp, in_app, conversation or email"}),
	one("another template", step{do: message, body: toAda + `,"template":"fancy"}`, status: 400, refused: "parameter_invalid: template must be plain or personal"}),
	one("nobody", step{do: message, body: `{"body":"X"}`, status: 400, refused: "parameter_not_found: from.type is a required parameter"}),
	one("a robot", step{do: message, body: `{"from":{"type":"bot","id":"1"},"body":"X"}`, status: 400, refused: "parameter_invalid: from.type must be admin, user, lead or contact"}),
	one("no admin", step{do: message, body: `{"from":{"type":"admin"},"to":{"id":"$ada"},"body":"X"}`, status: 400, refused: "parameter_not_found: from.id is a required parameter"}),
	one("an unknown admin", step{do: message, body: `{"from":{"type":"admin","id":"99"},"to":{"id":"$ada"},"body":"X"}`, status: 404, refused: "admin_not_found: Admin not found"}),
	one("the bot", step{do: message, body: `{"from":{"type":"admin","id":"2000000000"},"to":{"id":"$ada"},"body":"X"}`, status: 404, refused: "admin_not_found: Admin not found"}),
	one("to nobody", step{do: message, body: `{"from":{"type":"admin","id":"1"},"body":"X"}`, status: 400, refused: "parameter_not_found: to is a required parameter"}),
	one("to no contact", step{do: message, body: `{"from":{"type":"admin","id":"1"},"to":[{"id":"$ada"},{"type":"user"}],"body":"X"}`, status: 400, refused: "parameter_not_found: to.1.id is a required parameter"}),
	one("to an admin", step{do: message, body: `{"from":{"type":"admin","id":"1"},"to":{"type":"admin","id":"1"},"body":"X"}`, status: 400, refused: "parameter_invalid: to.type must be user, lead or contact"}),
	one("to a stranger", step{do: message, body: `{"from":{"type":"admin","id":"1"},"to":[{"id":"$ada"},{"id":"` + strangersID + `"}],"body":"X"}`, status: 404, refused: "not_found: User Not Found"}),
	one("to a visitor", step{do: message, body: `{"from":{"type":"admin","id":"1"},"to":{"id":"$vera"},"body":"X"}`, status: 404, refused: "not_found: User Not Found"}),
	one("to the archived", step{do: message, body: `{"from":{"type":"admin","id":"1"},"to":{"id":"$archie"},"body":"X"}`, status: 404, refused: "not_found: User Not Found"}),
	one("to the blocked", step{do: message, body: `{"from":{"type":"admin","id":"1"},"to":{"id":"$bob"},"body":"X"}`, status: 404, refused: "not_found: User Not Found"}),
	one("by email to who has no address", step{
		do: message, body: `{"from":{"type":"admin","id":"1"},"message_type":"email","subject":"X","to":{"id":"$ada"},"cc":{"id":"$eve"},"body":"X"}`,
		status: 400, refused: "parameter_invalid: cc names a contact without an email address",
	}),
	one("in the future", step{do: message, body: toAda + `,"created_at":1800000000}`, status: 400, refused: "parameter_invalid: created_at must not be in the future"}),
}

func TestMessages(t *testing.T) {
	t.Parallel()
	play(t, groups{"messages": messages, "refusals": messageRefusals})
}

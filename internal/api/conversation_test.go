package api_test

import (
	"strings"
	"testing"
)

const (
	begin   = "POST /conversations"
	noWords = "not_found: Resource Not Found"
)

// adaBegins is Ada's first word, from which most scenarios go on.
var adaBegins = step{
	do: begin, body: `{"from":{"type":"user","id":"$ada"},"body":"Hello there"}`, fires: []string{"conversation.user.created ada"},
	has: `{"type":"user_message","id":"1","created_at":1700000000,"body":"Hello there","message_type":"inapp","conversation_id":"1"}`,
}

// says is a reply to the first conversation.
func says(body, has string, fires ...string) step {
	for i := range fires {
		fires[i] += " ada"
	}
	return step{do: "POST /conversations/1/reply", body: body, has: has, fires: fires}
}

// manages is says on the other path.
func manages(body, has string, fires ...string) step {
	s := says(body, has, fires...)
	s.do = "POST /conversations/1/parts"
	return s
}

const (
	adminComment = `{"message_type":"comment","type":"admin","admin_id":"1","body":"<b>Hi</b> Ada"}`
	adaComment   = `{"message_type":"comment","type":"user","intercom_user_id":"$ada","body":"Thanks"}`
	adminNote    = `{"message_type":"note","type":"admin","admin_id":1,"body":"Important"}`
	closes       = `{"message_type":"close","type":"admin","admin_id":"1"}`
	opens        = `{"message_type":"open","admin_id":"1"}`
	snoozes      = `{"message_type":"snoozed","admin_id":"1","snoozed_until":"1700003600"}`
)

var beginnings = []scenario{
	{"a user begins one", []step{
		adaBegins,
		{do: "GET /conversations/1", has: `{"type":"conversation","id":"1","created_at":1700000000,"updated_at":1700000000,"waiting_since":1700000000,
			"snoozed_until":null,"source":{"type":"conversation","id":"1","delivered_as":"customer_initiated","subject":"","body":"<p>Hello there</p>",
				"author":{"type":"user","id":"$ada","name":"Ada","email":"Ada@example.com"},"attachments":[],"url":null,"redacted":false},
			"contacts":{"type":"contact.list","contacts":[{"type":"contact","id":"$ada"}]},
			"first_contact_reply":{"created_at":1700000000,"type":"conversation","url":null},"admin_assignee_id":null,"team_assignee_id":null,
			"open":true,"state":"open","read":true,"tags":{"type":"tag.list","tags":[]},"priority":"not_priority","sla_applied":null,
			"conversation_rating":null,"teammates":null,"title":null,"custom_attributes":{},"topics":{},
			"conversation_parts":{"type":"conversation_part.list","conversation_parts":[],"total_count":0}}`},
		{do: "GET /contacts/$ada", has: `{"last_replied_at":1700000000,"last_contacted_at":null}`},
	}},
	{"a lead begins one, and its source says so", []step{
		{do: begin, body: `{"from":{"type":"contact","id":"$leo"},"body":"Hi"}`, fires: []string{"conversation.user.created leo"}},
		{do: "GET /conversations/1", has: `{"source":{"author":{"type":"lead","id":"$leo"}}}`},
	}},
	{"a visitor who writes becomes a lead", []step{
		{
			do: begin, body: `{"from":{"type":"contact","id":"$vera"},"body":"Hi"}`, identity: "converted",
			fires: []string{"visitor.converted vera", "conversation.user.created vera"}, writes: "converted visitor→lead vera→vera",
		},
		{do: "GET /contacts/$vera", has: `{"role":"lead","external_id":"$vera.user_id","last_replied_at":1700000000}`},
		{do: "GET /conversations/1", has: `{"source":{"author":{"type":"lead","id":"$vera","name":null,"email":""}},"contacts":{"contacts":[{"id":"$vera"}]}}`},
	}},
	{"a visitor may be named by its user_id", []step{
		{
			do: begin, body: `{"from":{"type":"contact","user_id":"$vera.user_id"},"body":"Hi"}`, identity: "converted",
			fires: []string{"visitor.converted vera", "conversation.user.created vera"}, writes: "converted visitor→lead vera→vera",
		},
	}},
	{"a user may be named as older clients do", []step{
		{do: begin, body: `{"from":{"type":"user","user_id":"ada-1"},"body":"Hi"}`, fires: []string{"conversation.user.created ada"}},
		{do: begin, body: `{"from":{"type":"lead","email":"ADA@example.com"},"body":"Hi"}`, fires: []string{"conversation.user.created ada"}},
	}},
	{"an absorbed contact writes as the one that it became", []step{
		{do: begin, body: `{"from":{"type":"user","id":"$olga"},"body":"Hi"}`, fires: []string{"conversation.user.created ada"}},
		{do: "GET /conversations/1", has: `{"source":{"author":{"id":"$ada"}},"contacts":{"contacts":[{"id":"$ada"}]}}`},
	}},
	{"what a contact writes is text", []step{
		{do: begin, body: `{"from":{"type":"user","id":"$ada"},"body":"1 < 2\n<b>bold</b>\n\nBye & thanks"}`, fires: []string{"conversation.user.created ada"}},
		{do: "GET /conversations/1", has: `{"source":{"body":"<p>1 &lt; 2<br>&lt;b&gt;bold&lt;/b&gt;</p><p>Bye &amp; thanks</p>"}}`},
		{do: "GET /conversations/1?display_as=plaintext", has: `{"source":{"body":"1 < 2\n<b>bold</b>\n\nBye & thanks"}}`},
		{do: "GET /conversations/1?display_as=html", has: `{"source":{"body":"<p>1 &lt; 2<br>&lt;b&gt;bold&lt;/b&gt;</p><p>Bye &amp; thanks</p>"}}`},
		{do: "GET /conversations/1?display_as=pdf", status: 400, refused: "parameter_invalid: display_as must be html or plaintext"},
	}},
	{"one is imported with its time", []step{
		{
			do: begin, body: `{"from":{"type":"user","id":"$ada"},"body":"Hi","created_at":1600000000}`, fires: []string{"conversation.user.created ada"},
			has: `{"created_at":1600000000}`,
		},
		{do: "GET /conversations/1", has: `{"created_at":1600000000,"updated_at":1700000000,"waiting_since":1600000000,"first_contact_reply":{"created_at":1600000000}}`},
		{do: "GET /contacts/$ada", has: `{"last_replied_at":1600000000}`},
		{do: begin, body: `{"from":{"type":"user","id":"$ada"},"body":"Hi","created_at":1500000000}`, fires: []string{"conversation.user.created ada"}},
		{do: "GET /contacts/$ada", has: `{"last_replied_at":1600000000}`},
	}},
	turnsDown("nobody", begin, `{"body":"Hi"}`, 400, "parameter_not_found: from.id is a required parameter"),
	turnsDown("no body", begin, `{"from":{"type":"user","id":"$ada"}}`, 400, "parameter_not_found: body is a required parameter"),
	turnsDown("a blank body", begin, `{"from":{"type":"user","id":"$ada"},"body":" "}`, 400, "parameter_invalid: body is blank"),
	turnsDown("an admin", begin, `{"from":{"type":"admin","id":"1"},"body":"Hi"}`, 400, "parameter_invalid: from.type must be user, lead or contact"),
	turnsDown("a stranger", begin, `{"from":{"type":"user","id":"`+strangersID+`"},"body":"Hi"}`, 404, noUser),
	turnsDown("an archived contact", begin, `{"from":{"type":"user","id":"$archie"},"body":"Hi"}`, 404, noUser),
	turnsDown("a blocked contact", begin, `{"from":{"type":"user","id":"$bob"},"body":"Hi"}`, 404, noUser),
	turnsDown("the future", begin, `{"from":{"type":"user","id":"$ada"},"body":"Hi","created_at":1700000061}`, 400, "parameter_invalid: created_at must not be in the future"),
	turnsDown("too much", begin, `{"from":{"type":"user","id":"$ada"},"body":"`+strings.Repeat("x", 64<<10)+`"}`, 400, "parameter_invalid: body is longer than 65536 bytes"),
	turnsDown("too long a subject", begin, `{"from":{"type":"user","id":"$ada"},"body":"Hi","subject":"`+strings.Repeat("x", 256)+`"}`, 400, "parameter_invalid: subject must not be longer than 255 characters"),
	turnsDown("an unknown one", "GET /conversations/7", "", 404, noWords),
	turnsDown("one that is none", "GET /conversations/x", "", 404, noWords),
}

var replies = []scenario{
	{"an admin comments, and the contact answers", []step{
		adaBegins,
		says(adminComment, `{"waiting_since":null,"read":false,"teammates":{"type":"admin.list","admins":[{"type":"admin","id":"1"}]},
			"conversation_parts":{"conversation_parts":[{"type":"conversation_part","id":"1","part_type":"comment","body":"<p><b>Hi</b> Ada</p>",
			"created_at":1700000000,"updated_at":1700000000,"notified_at":1700000000,"assigned_to":null,
			"author":{"id":"1","type":"admin","name":"Lobby"},"attachments":[],"external_id":null,"redacted":false}],"total_count":1}}`,
			"conversation.admin.replied"),
		{do: "GET /contacts/$ada", has: `{"last_replied_at":1700000000,"last_contacted_at":1700000000,"updated_at":1699913600}`},
		says(adaComment, `{"waiting_since":1700000000,"read":false,"conversation_parts":{"conversation_parts":[{"part_type":"comment"},
			{"id":"2","part_type":"comment","body":"<p>Thanks</p>","author":{"id":"$ada","type":"user","name":"Ada"}}],"total_count":2}}`,
			"conversation.user.replied"),
	}},
	{"a contact is named by any of three ids", []step{
		adaBegins,
		says(`{"message_type":"comment","type":"user","user_id":"ada-1","body":"1"}`, `{}`, "conversation.user.replied"),
		says(`{"message_type":"comment","type":"user","email":"ada@example.com","body":"2"}`, `{}`, "conversation.user.replied"),
		says(`{"message_type":"comment","type":"user","intercom_user_id":"$olga","body":"3"}`, `{}`, "conversation.user.replied"),
	}},
	{"the last conversation of a contact", []step{
		adaBegins,
		{do: "POST /conversations/last/reply", body: adaComment, has: `{"id":"1"}`, fires: []string{"conversation.user.replied ada"}},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"close","type":"admin","admin_id":"1","user_id":"ada-1"}`, has: `{"state":"closed"}`,
			fires: []string{"conversation.admin.closed ada"},
		},
		{do: "POST /conversations/last/reply", body: closes, status: 400, refused: "bad_request: No conversation for this user"},
		{
			do: "POST /conversations/last/reply", body: `{"message_type":"comment","type":"user","user_id":"eve-1","body":"Hi"}`, status: 400,
			refused: "bad_request: No conversation for this user",
		},
	}},
	{"only who takes part may answer", []step{
		adaBegins,
		{
			do: "POST /conversations/1/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$eve","body":"Hi"}`, status: 404,
			refused: noUser,
		},
		{
			do: "POST /conversations/1/reply", body: `{"message_type":"comment","type":"user","intercom_user_id":"$vera","body":"Hi"}`, status: 404,
			refused: noUser,
		},
	}},
	{"a question with answers, and the one that is chosen", []step{
		adaBegins,
		{
			do: "POST /conversations/1/reply", headers: at("2.14"), fires: []string{"conversation.admin.replied ada"},
			body: `{"message_type":"quick_reply","type":"admin","admin_id":"1","reply_options":[{"text":"Yes","uuid":"a1"},{"text":"No","uuid":"a2"}]}`,
			has: `{"conversation_parts":{"conversation_parts":[{"part_type":"quick_reply","body":null,
				"metadata":{"quick_reply_options":[{"text":"Yes","uuid":"a1"},{"text":"No","uuid":"a2"}]}}]}}`,
		},
		{
			do: "POST /conversations/1/reply", headers: at("2.14"), fires: []string{"conversation.user.replied ada"},
			body: `{"message_type":"quick_reply","type":"user","intercom_user_id":"$ada","body":"Yes","reply_options":[{"text":"Yes","uuid":"a1"}]}`,
			has:  `{"conversation_parts":{"conversation_parts":[{},{"part_type":"quick_reply","body":"<p>Yes</p>","metadata":{"quick_reply_uuid":"a1"}}]}}`,
		},
	}},
	{"HTML of an admin loses what could harm a reader", []step{
		adaBegins,
		says(`{"message_type":"comment","type":"admin","admin_id":"1","body":"<p onclick=\"f()\">Hi <a href=\"https://example.com/\">you</a><script>alert(1)</script></p>"}`,
			`{"conversation_parts":{"conversation_parts":[{"body":"<p>Hi <a href=\"https://example.com/\" rel=\"nofollow\">you</a></p>"}]}}`, "conversation.admin.replied"),
		{do: "GET /conversations/1?display_as=plaintext", has: `{"conversation_parts":{"conversation_parts":[{"body":"Hi you (https://example.com/)"}]}}`},
	}},
	{"what is wrong with a reply is said", []step{
		adaBegins,
		{do: "POST /conversations/1/reply", body: `{"type":"admin","admin_id":"1","body":"Hi"}`, status: 400, refused: "parameter_not_found: message_type is a required parameter"},
		{do: "POST /conversations/1/reply", body: `{"message_type":"shout","type":"admin","admin_id":"1","body":"Hi"}`, status: 400, refused: "parameter_invalid: message_type must be comment, note, quick_reply, close, open, snoozed or assignment"},
		{do: "POST /conversations/1/reply", body: `{"message_type":"note","type":"user","intercom_user_id":"$ada","body":"Hi"}`, status: 400, refused: "parameter_invalid: message_type must be comment or quick_reply"},
		{do: "POST /conversations/1/reply", body: `{"message_type":"comment","type":"admin","body":"Hi"}`, status: 400, refused: "parameter_not_found: admin_id is a required parameter"},
		{do: "POST /conversations/1/reply", body: `{"message_type":"comment","type":"user","body":"Hi"}`, status: 400, refused: "parameter_not_found: intercom_user_id is a required parameter"},
		{do: "POST /conversations/1/reply", body: `{"message_type":"comment","type":"admin","admin_id":"1"}`, status: 400, refused: "parameter_not_found: body is a required parameter"},
		{do: "POST /conversations/1/reply", body: `{"message_type":"comment","type":"admin","admin_id":"1","body":"<script>x</script>"}`, status: 400, refused: "parameter_invalid: body is blank"},
		{do: "POST /conversations/1/reply", body: `{"message_type":"comment","type":"admin","admin_id":"9","body":"Hi"}`, status: 404, refused: noAdmin},
		{do: "POST /conversations/1/reply", body: `{"message_type":"comment","type":"admin","admin_id":"2000000000","body":"Hi"}`, status: 404, refused: noAdmin},
		{do: "POST /conversations/1/reply", body: `{"message_type":"snoozed","type":"admin","admin_id":"1"}`, status: 400, refused: "parameter_not_found: snoozed_until is a required parameter"},
		{do: "POST /conversations/1/reply", body: `{"message_type":"assignment","type":"admin","admin_id":"1"}`, status: 400, refused: "parameter_not_found: assignee_id is a required parameter"},
		{do: "POST /conversations/1/reply", body: `{"message_type":"assignment","type":"admin","admin_id":"1","assignee_id":"77"}`, status: 404, refused: "assignee_not_found: Assignee not found"},
		{do: "POST /conversations/1/reply", body: `{"message_type":"quick_reply","type":"admin","admin_id":"1"}`, status: 400, refused: "parameter_invalid: reply_options must be from 1 to 10"},
		{do: "POST /conversations/7/reply", body: adminComment, status: 404, refused: noWords},
		{do: "POST /conversations/7/parts", body: closes, status: 404, refused: noWords},
	}},
}

func TestConversations(t *testing.T) {
	t.Parallel()
	play(t, groups{"begin": beginnings, "reply": replies, "states": conversationStates, "attachments": attachments, "lists": conversationLists, "changes": conversationChanges, "people": conversationPeople, "search": conversationSearches})
}

package intercom_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lobby/internal/intercom"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// talk has so many of the people write, and admins answer them: each conversation in another way.
func talk(t testing.TB, s *testkit.Instance, people, conversations int) {
	t.Helper()
	do := func(method, path string, body any) *testkit.Response {
		r := s.Do(t, method, path, body, "Intercom-Version: Preview")
		if r.Status != http.StatusOK {
			t.Fatalf("%s %s: %d %s", method, path, r.Status, r.Text)
		}
		return r
	}
	for n := range conversations {
		s.Clock.Pass(time.Duration(n%3) * time.Second)
		contact := id(3, n*7%people)
		var at string
		if n%5 == 4 { // an admin begins
			r := do("POST", "/messages", object{
				"message_type": []string{"inapp", "email"}[n%2], "subject": "About <you>", "body": fmt.Sprintf("<p>News %d</p>", n), "template": "plain",
				"from": object{"type": "admin", "id": "2"}, "to": object{"type": "user", "id": contact},
				"create_conversation_without_contact_reply": true,
			})
			at = "/conversations/" + fmt.Sprint(r.Get("conversation_id"))
		} else {
			r := do("POST", "/conversations", object{
				"from": object{"type": "user", "id": contact}, "body": fmt.Sprintf("Hello %d <b> & ünï \u2028", n),
				"attachment_urls": []string{"https://example.com/a/bill%20" + strconv.Itoa(n) + ".pdf"},
			})
			at = "/conversations/" + fmt.Sprint(r.Get("conversation_id"))
		}
		reply := func(body object) { do("POST", at+"/parts", body) }
		admin := func(kind string, more ...object) {
			body := object{"message_type": kind, "type": "admin", "admin_id": strconv.Itoa(n%2 + 1)}
			for _, m := range more {
				for k, v := range m {
					body[k] = v
				}
			}
			reply(body)
		}
		if n%2 == 0 {
			admin("comment", object{"body": "<p>Hi <i>there</i></p>", "attachment_files": []object{{
				"name": "note é.txt", "content_type": "text/plain", "data": base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "file %d", n)),
			}}})
			s.Clock.Pass(time.Minute)
			reply(object{"message_type": "comment", "type": "user", "intercom_user_id": contact, "body": "Thanks\n\nmuch"})
		}
		if n%3 == 0 {
			admin("note", object{"body": "<p>Pays <b>late</b></p>"})
			admin("assignment", object{"assignee_id": "1", "type": "team"})
			do("POST", at+"/tags", object{"id": strconv.Itoa(n%20 + 1), "admin_id": "1"})
			do("POST", at+"/tags", object{"id": strconv.Itoa((n+7)%20 + 1), "admin_id": "2"})
		}
		if n%4 == 1 {
			do("PUT", at, object{"title": "About " + strconv.Itoa(n), "read": true, "custom_attributes": object{"floor": n, "room": "a" + strconv.Itoa(n), "paid": n%8 == 1}})
			do("PUT", at, object{"priority": []string{"low", "urgent"}[n/4%2], "admin_id": "2"})
			do("POST", at+"/customers", object{"admin_id": "1", "customer": object{"intercom_user_id": id(3, (n*7+3)%people)}})
		}
		if n%6 == 2 {
			reply(object{
				"message_type": "quick_reply", "type": "admin", "admin_id": "1", "body": "Which?",
				"reply_options": []object{{"text": "One", "uuid": "u-1"}, {"text": "Two", "uuid": "u-2"}},
			})
		}
		switch n % 7 {
		case 1:
			admin("close", object{"body": "<p>Bye</p>"})
		case 2:
			admin("close")
			reply(object{"message_type": "comment", "type": "user", "intercom_user_id": contact, "body": "One more"})
		case 3:
			admin("snoozed", object{"snoozed_until": s.Clock.Now().Add(time.Duration(n+1) * 24 * time.Hour).Unix()})
		case 4:
			admin("assignment", object{"assignee_id": "2"})
			admin("assignment", object{"assignee_id": "0"})
		case 6:
			admin("assignment", object{"assignee_id": "2"})
		}
		if n%10 == 6 {
			found := s.Do(t, "GET", at, nil)
			number := strings.TrimPrefix(at, "/conversations/")
			do("POST", "/conversations/redact", object{"type": "source", "conversation_id": number, "source_id": found.Get("source.id")})
			do("POST", "/conversations/redact", object{
				"type": "conversation_part", "conversation_id": number, "conversation_part_id": found.Get("conversation_parts.conversation_parts.0.id"),
			})
		}
	}
	do("DELETE", "/conversations/1", nil)
}

// readsOfWords calls each for every read of the conversations of a workspace: lists, each by itself, searches and counts.
func readsOfWords(t testing.TB, conversations int, each func(method, path, body, version string) string) {
	t.Helper()
	for _, version := range []string{"2.7", "2.14", "Preview"} {
		for n := 2; n <= conversations; n++ {
			each("GET", "/conversations/"+strconv.Itoa(n), "", version)
			if version == "2.14" {
				each("GET", "/conversations/"+strconv.Itoa(n)+"?display_as=plaintext", "", version)
			}
		}
		for _, path := range []string{"/conversations?per_page=150", "/counts", "/counts?type=conversation", "/counts?type=conversation&count=admin"} {
			each("GET", path, "", version)
		}
		if version != "Preview" {
			each("GET", "/data_attributes?model=conversation", "", version)
		}
		next := "" // the cursor of one server leads on at the other
		for {
			_, rest, more := strings.Cut(each("GET", "/conversations?per_page=20"+next, "", version), `"starting_after":"`)
			if !more {
				break
			}
			cursor, _, _ := strings.Cut(rest, `"`)
			next = "&starting_after=" + cursor
		}
		for _, field := range []string{
			"state = closed", "state = snoozed", "open = true", "read = false", "contact_ids = " + id(3, 7), "teammate_ids = 2", "tag_ids = 10", "priority = priority",
			"admin_assignee_id = 2", "team_assignee_id = 1", "source.type = email", "source.delivered_as = admin_initiated", "source.body = hello",
			"source.author.type = lead", "source.author.name ~ 1", "source.subject ~ about", "custom_attributes.floor > 3", "custom_attributes.room ~ a",
			"custom_attributes.paid = true", "waiting_since > 1", "snoozed_until > 1", "statistics.count_reopens > 1", "statistics.time_to_admin_reply > 0",
			"statistics.count_conversation_parts > 3", "statistics.last_close_at > 1", "statistics.median_time_to_reply > 0", "statistics.last_closed_by_id = 2",
		} {
			name, rest, _ := strings.Cut(field, " ")
			operator, value, _ := strings.Cut(rest, " ")
			text := strconv.Quote(value)
			if _, err := strconv.Atoi(value); err == nil || value == "true" || value == "false" {
				text = value
			}
			body := fmt.Sprintf(`{"query":{"field":%q,"operator":%q,"value":%s},"pagination":{"per_page":150},"sort":{"field":"created_at","order":"ascending"}}`, name, operator, text)
			if found := each("POST", "/conversations/search", body, version); strings.Contains(found, `"total_count":0,"pages"`) {
				t.Errorf("%s finds nothing", field)
			}
		}
	}
}

// fileOf returns what lies at the address of an attachment of a conversation.
func fileOf(t *testing.T, c *testkit.Client, path string) string {
	t.Helper()
	part := c.Do(t, "GET", path, nil).Get("conversation_parts.conversation_parts.0.attachments.0.url")
	return c.Do(t, "GET", strings.TrimPrefix(fmt.Sprint(part), c.URL), nil).Text
}

// What was said since the last import comes with the next one: new conversations, and new parts of those that are here.
func TestWhatWasSaidMeanwhileComesToo(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		first, second := testkit.Start(t), testkit.Start(t, on)
		fill(t, first, 12)
		talk(t, first, 12, 21)
		result, _, err := bring(t, first.Client, second.Store, intercom.Options{})
		if err != nil || result.Counts["conversation"] != 20 {
			t.Fatal(result.Counts, err)
		}
		before := exported(t, second.Store)
		again, _, err := bring(t, first.Client, second.Store, intercom.Options{})
		if err != nil || again.Counts["conversation"] != 0 || exported(t, second.Store) != before {
			t.Errorf("once more it brings %v, %v; changed: %t", again.Counts, err, exported(t, second.Store) != before)
		}
		again, _, err = bring(t, first.Client, second.Store, intercom.Options{All: true})
		if err != nil || again.Counts["conversation"] != 20 || exported(t, second.Store) != before {
			t.Errorf("all anew it brings %v, %v; changed: %t", again.Counts, err, exported(t, second.Store) != before)
		}
		// In the second in which it was read, so that its time tells nothing.
		first.Do(t, "POST", "/conversations/21/reply", object{"message_type": "note", "type": "admin", "admin_id": "1", "body": "At once"})
		first.Clock.Pass(time.Hour)
		change := func(path string, body object) {
			if r := first.Do(t, "POST", path, body); r.Status != http.StatusOK {
				t.Fatal(path, r.Status, r.Text)
			}
		}
		change("/conversations/5/reply", object{"message_type": "comment", "type": "admin", "admin_id": "2", "body": "More"})
		change("/conversations/5/parts", object{"message_type": "close", "type": "admin", "admin_id": "2"})
		change("/conversations/4/tags", object{"id": "9", "admin_id": "1"})
		change("/conversations", object{"from": object{"type": "user", "id": id(3, 1)}, "body": "New"})
		change("/conversations/redact", object{"type": "source", "conversation_id": "3", "source_id": first.Do(t, "GET", "/conversations/3", nil).Get("source.id")})
		change("/conversations/redact", object{
			"type": "conversation_part", "conversation_id": "5",
			"conversation_part_id": first.Do(t, "GET", "/conversations/5", nil).Get("conversation_parts.conversation_parts.0.id"),
		})
		first.Do(t, "DELETE", "/conversations/4/tags/4", object{"admin_id": "1"})
		since := first.Clock.Now().Add(-2 * time.Hour).Unix()
		again, _, err = bring(t, first.Client, second.Store, intercom.Options{Since: since})
		if err != nil || again.Counts["conversation"] != 5 {
			t.Errorf("%v, %v", again.Counts, err)
		}
		there := enter(t, second, result.Workspace)
		readsOfWords(t, 22, compare(t, first, there))
		// Ids that are given here begin above those that came.
		started := there.Do(t, "POST", "/conversations", object{"from": object{"type": "user", "id": id(3, 2)}, "body": "Here"})
		if got := started.Get("conversation_id"); got != "23" {
			t.Errorf("the next conversation has the id %v", got)
		}
	})
}

// Whatever a conversation lacks here is told, and keeps no other back.
func TestWordsOfStrangersAreReported(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		second := testkit.Start(t, on)
		there := second.Client
		there.Do(t, "POST", "/tags", object{"name": "here"})
		made := there.Do(t, "POST", "/contacts", object{"external_id": "u1", "name": "Una"})
		una := fmt.Sprint(made.Get("id"))
		gone := fmt.Sprint(there.Do(t, "POST", "/contacts", object{"external_id": "u2"}).Get("id"))
		there.Do(t, "DELETE", "/contacts/"+gone, nil)
		there.Do(t, "POST", "/conversations", object{"from": object{"type": "user", "id": una}, "body": "Deleted"})
		there.Do(t, "DELETE", "/conversations/1", nil)
		there.Do(t, "POST", "/conversations", object{"from": object{"type": "user", "id": una}, "body": "Mine"})
		source := foreign(t, una, gone)
		client := *there
		client.URL = source
		result, skipped, err := bring(t, &client, second.Store, intercom.Options{Workspace: there.Workspace})
		if err != nil {
			t.Fatal(err)
		}
		why := map[string]string{}
		for _, s := range skipped {
			why[s.Of+"/"+s.Kind+" "+s.ID] = s.Why
		}
		for _, name := range []string{
			"/conversation 1", "/conversation 2", "/conversation 902", "conversation 900/channel facebook", "conversation 900/ticket ",
			"conversation 900/conversation_rating ", "conversation 900/author 5", "conversation 900/conversation_tag gone", "conversation 900/participant 0000000000000000000000aa",
			"conversation 900/conversation_part ", "/author 0000000000000000000000aa", "/author 77", "conversation 900/custom_attribute list", "conversation 900/part_tag 9004",
		} {
			if why[name] == "" {
				t.Errorf("nothing says what became of %s: %v", name, why)
			}
		}
		if result.Counts["conversation"] != 1 {
			t.Errorf("%v came", result.Counts)
		}
		r := there.Do(t, "GET", "/conversations/900", nil)
		for path, want := range map[string]string{
			"source.author.type": "bot", "source.body": "<p>Hi</p>", "state": "snoozed", "snoozed_until": "2.147483647e+09", "title": "T",
			"conversation_parts.conversation_parts.0.author.id":   "0000000000000000000000aa",
			"conversation_parts.conversation_parts.1.author.id":   "77",
			"conversation_parts.conversation_parts.2.body":        "<p><i>This message was deleted</i></p>",
			"conversation_parts.conversation_parts.3.author.type": "bot",
			"conversation_parts.conversation_parts.3.part_type":   "operator_workflow_event",
			"conversation_parts.total_count":                      "4",
			"statistics.count_conversation_parts":                 "5",
			"contacts.contacts.0.id":                              una,
			"custom_attributes.n":                                 "3",
		} {
			if got := fmt.Sprint(r.Get(path)); got != want {
				t.Errorf("%s is %s instead of %s: %s", path, got, want, r.Text)
			}
		}
	})
}

// foreign serves a workspace with hardly more than conversations, as no Lobby has them. It returns its address.
func foreign(t *testing.T, una, gone string) string {
	t.Helper()
	head := func(id int, more string) string {
		return fmt.Sprintf(`{"type":"conversation","id":"%d","created_at":100,"updated_at":200,"open":true,"state":"snoozed","snoozed_until":null,"title":"T",
			"contacts":{"type":"contact.list","contacts":[%s]},"tags":{"tags":[{"type":"tag","id":"1","name":"here"},{"type":"tag","id":"55","name":"gone"}]},
			"source":{"type":"facebook","id":null,"delivered_as":"automated","body":"<p>Hi<script>x</script></p>","author":{"type":"bot","id":"9"}},
			"ticket":{"id":"5"},"conversation_rating":{"rating":5},"custom_attributes":{"list":[1],"n":3},"statistics":{"count_reopens":2}`, id, more)
	}
	contact := func(id string) string { return fmt.Sprintf(`{"type":"contact","id":%q}`, id) }
	part := func(n int, kind, author, id string) string {
		return fmt.Sprintf(`{"type":"conversation_part","id":"900%d","part_type":%q,"body":"<p>Words</p>","created_at":%d,"author":{"type":%q,"id":%q,"name":"X"},
			"assigned_to":null,"tags":[%s]}`, n, kind, 100+n, author, id, strings.Repeat(`{"type":"tag","id":"1"}`, n/4))
	}
	stranger := "0000000000000000000000aa"
	whole := map[string]string{
		"1": head(1, contact(una)) + `}`, "2": head(2, contact(una)) + `}`, "902": head(902, contact(gone)) + `}`,
		"900": head(900, contact(stranger)+","+contact(una)) + `,"conversation_parts":{"total_count":7,"conversation_parts":[` + strings.Join([]string{
			part(1, "comment", "user", stranger), part(2, "note", "admin", "77"), part(3, "comment", "user", gone), part(4, "operator_workflow_event", "team", "5"),
		}, ",") + `]}}`,
	}
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := `{"errors":[{"code":"not_found","message":"No"}]}`
		switch {
		case r.URL.Path == "/me":
			body = `{"type":"admin","id":"1","app":{"id_code":"far","name":"Far","created_at":1}}`
		case r.URL.Path == "/admins":
			body = `{"admins":[{"type":"admin","id":"1","name":"One"}]}`
		case r.URL.Path == "/companies/scroll" || r.URL.Path == "/contacts/search":
			body = `{"data":[]}`
		case r.URL.Path == "/conversations/search":
			if r.Header.Get("Intercom-Version") != "2.16" {
				t.Errorf("conversations are asked for in version %s", r.Header.Get("Intercom-Version"))
			}
			body = `{"conversations":[` + whole["1"] + `,` + whole["2"] + `,` + whole["900"] + `,` + whole["902"] + `],"total_count":4,"pages":{}}`
		case whole[strings.TrimPrefix(r.URL.Path, "/conversations/")] != "":
			body = whole[strings.TrimPrefix(r.URL.Path, "/conversations/")]
		default:
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(listener.Close)
	return listener.URL
}

// A dry run counts conversations, and says which would be left out.
func TestADryRunCountsConversations(t *testing.T) {
	t.Parallel()
	first, second := testkit.Start(t), testkit.Start(t)
	fill(t, first, 12)
	talk(t, first, 12, 10)
	before := exported(t, second.Store)
	result, _, err := bring(t, first.Client, second.Store, intercom.Options{DryRun: true, Workspace: second.Workspace})
	if err != nil || result.Counts["conversation"] != 9 || result.Counts["conversation_part"] == 0 || exported(t, second.Store) != before {
		t.Errorf("%v, %v; changed: %t", result.Counts, err, exported(t, second.Store) != before)
	}
}

// A token that may not read conversations brings everything else.
func TestATokenWithoutConversationsBringsTheRest(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	fill(t, s, 12)
	talk(t, s, 12, 3)
	limited := s.NewToken(t, slices.DeleteFunc(slices.Clone(workspace.AllScopes), isOfWords)...)
	result, skipped, err := bring(t, limited, testkit.Open(t), intercom.Options{})
	if err != nil || result.Counts["contact"] != 12 || result.Counts["conversation"] != 0 {
		t.Fatal(result.Counts, err)
	}
	for _, s := range skipped {
		if s.Kind == "conversation" && strings.Contains(s.Why, "403") {
			return
		}
	}
	t.Errorf("nothing says that conversations stayed behind: %v", skipped)
}

func isOfWords(s workspace.Scope) bool {
	return s == workspace.ReadConversations || s == workspace.WriteConversations
}

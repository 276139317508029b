package api_test

import (
	"fmt"
	"strings"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/testkit"
)

func TestAPersonIsExportedWhole(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		s := testkit.Start(t, on)
		st := furnished(t, s, s.Client, 7)
		s.Do(t, "POST", "/visitors/convert", map[string]any{
			"type": "user", "visitor": map[string]any{"id": st.ids["$victor"]}, "user": map[string]any{"id": st.ids["$ada"]},
		})
		s.Do(t, "POST", "/events", map[string]any{"user_id": "ada-1", "event_name": "bought", "created_at": s.Clock.Now().Unix()})
		s.Do(t, "POST", "/conversations", map[string]any{
			"from": map[string]any{"type": "user", "id": st.ids["$ada"]}, "body": "Hello there", "attachment_urls": []string{"https://example.com/bill.pdf"},
		})
		s.Do(t, "POST", "/conversations/1/reply", `{"message_type":"comment","type":"admin","admin_id":"1","body":"Hi Ada"}`)
		s.Do(t, "POST", "/conversations/1/reply", `{"message_type":"note","type":"admin","admin_id":"1","body":"Pays late"}`)
		s.Do(t, "POST", "/messages", map[string]any{
			"message_type": "email", "subject": "Your bill", "body": "Due today", "template": "plain", "from": map[string]any{"type": "admin", "id": "1"},
			"to": map[string]any{"type": "user", "id": st.ids["$olga"]},
		})
		hasMail(t, s, st.ids["$ada"])
		want := ""
		for _, id := range []string{st.ids["$ada"], "ada-1", st.ids["$victor"], st.ids["$victor.user_id"], st.ids["$olga"]} {
			r := s.Do(t, "GET", "/lobby/v1/people/"+id+"/export", nil)
			if r.Status != 200 || r.Get("id") != st.ids["$ada"] {
				t.Fatalf("%s: %d %s", id, r.Status, r.Text)
			}
			if want == "" {
				want = r.Text
			}
			if r.Text != want {
				t.Errorf("%s leads to another export", id)
			}
		}
		for _, part := range []string{
			`"ids":["` + st.ids["$ada"] + `","ada-1"`, st.ids["$victor"], st.ids["$victor.user_id"], `"olga-1"`, `"email":"olga@example.com"`,
			`"location_city":"Dublin"`, `"utm_campaign":"spring"`, `"name":"theirs"`, `"body":"X"`, `"company_id":"company-7"`, `"event_name":"bought"`,
			`"name":"bought"`, fmt.Sprintf(`"id":%q`, st.ids["$segment"]), `"consent_type":"opt_out"`, `"type":"change"`,
			`"type":"person.conversation"`, `"body":"<p>Hello there</p>"`, `"url":"https://example.com/bill.pdf"`, `"body":"<p>Hi Ada</p>"`,
			`"part_type":"note"`, `Pays late`, `"is_person":true`,
			`"type":"person.message"`, `"subject":"Your bill"`, `Due today`, `"type":"person.email"`, `"reason":"mailbox full"`,
		} {
			if !strings.Contains(want, part) {
				t.Errorf("the export has no %s:\n%s", part, want)
			}
		}
		if r := s.Do(t, "GET", "/lobby/v1/people/nobody/export", nil); r.Status != 404 {
			t.Errorf("nobody: %d", r.Status)
		}
	})
}

// hasMail stores an email to a person that failed.
func hasMail(t *testing.T, s *testkit.Instance, id string) {
	t.Helper()
	m := &inbox.Mail{Workspace: s.Workspace, ID: 1, MessageID: 1, PersonID: id, State: inbox.MailWaits, CreatedAt: 1, NextAttemptAt: 2}
	err := s.Store.Inbox().Write(t.Context(), func(w inbox.Writer) error {
		if err := w.InsertMail(m); err != nil {
			return err
		}
		m.State, m.Reason, m.NextAttemptAt = inbox.MailFailed, "mailbox full", 0
		return w.UpdateMail(m)
	})
	if err != nil {
		t.Fatal(err)
	}
}

package deliver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/testkit"
	"lobby/internal/webhook"
)

// samplesIntro begins docs/webhook-samples.md.
const samplesIntro = `# What webhooks are told

One delivery of each topic, in version 2.11, as a test made it: the requests below were played on an empty server, and these are the bodies that
a receiver got, indented. [webhooks.md](webhooks.md) has the rest.

`

func TestTheDocumentedSamplesArePlayed(t *testing.T) {
	t.Parallel()
	h := open(t, testkit.PublicURL("https://lobby.example.com"))
	var made atomic.Int64
	h.Lobby.NewID = func(at time.Time) string { return fmt.Sprintf("%08x%016x", at.Unix(), made.Add(1)) }
	h.Lobby.NewEntryID = h.Lobby.NewID
	h.Lobby.NewUUID = func() string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", made.Add(1)) }
	h.Lobby.Pseudonym = func(string, string) string { return "Teal Whale" }
	r := listen(t, nil)
	hook := h.hook(r.URL, webhook.Every)
	var played strings.Builder
	named := []string{}
	for _, step := range []struct{ name, method, path, body string }{
		{"", "PUT", "/lobby/v1/settings", `{"first_reply":"We will be with you soon."}`},
		{"ada", "POST", "/contacts", `{"role":"lead","name":"Ada"}`},
		{"", "PUT", "/contacts/$ada", `{"email":"ada@example.com"}`},
		{"vip", "POST", "/tags", `{"name":"vip"}`},
		{"", "POST", "/contacts/$ada/tags", `{"id":"$vip"}`},
		{"", "DELETE", "/contacts/$ada/tags/$vip", ""},
		{"", "PUT", "/contacts/$ada", `{"role":"user","external_id":"42"}`},
		{"bob", "POST", "/contacts", `{"email":"bob@example.com"}`},
		{"", "PUT", "/contacts/$bob", `{"name":"Bob","email":"bob@example.org"}`},
		{"", "POST", "/contacts/$bob/tags", `{"id":"$vip"}`},
		{"", "DELETE", "/contacts/$bob/tags/$vip", ""},
		{"", "POST", "/contacts/$bob/subscriptions", `{"id":"1","consent_type":"opt_out"}`},
		{"", "DELETE", "/contacts/$bob/subscriptions/1", ""},
		{"", "POST", "/events", `{"event_name":"ordered","created_at":1699999999,"user_id":"42","metadata":{"price":5}}`},
		{"", "POST", "/contacts/$bob/notes", `{"body":"<p>Called back.</p>"}`},
		{"firm", "POST", "/companies", `{"company_id":"acme","name":"Acme"}`},
		{"", "POST", "/companies", `{"company_id":"acme","name":"Acme Inc."}`},
		{"", "POST", "/contacts/$bob/companies", `{"id":"$firm"}`},
		{"", "DELETE", "/contacts/$bob/companies/$firm", ""},
		{"", "DELETE", "/companies/$firm", ""},
		{"", "POST", "/contacts/$bob/archive", ""},
		{"", "POST", "/contacts/$bob/unarchive", ""},
		{"talk", "POST", "/conversations", `{"from":{"type":"user","id":"$bob"},"body":"Where is my order?"}`},
		{"", "POST", "/conversations/$talk/reply", `{"message_type":"comment","type":"user","intercom_user_id":"$bob","body":"It was due today."}`},
		{"", "POST", "/conversations/$talk/reply", `{"message_type":"note","type":"admin","admin_id":"1","body":"The parcel is lost."}`},
		{"", "POST", "/conversations/$talk/reply", `{"message_type":"comment","type":"admin","admin_id":"1","body":"Another one is on its way."}`},
		{"", "PUT", "/conversations/$talk", `{"read":true,"priority":"high"}`},
		{"", "POST", "/conversations/$talk/tags", `{"id":"$vip","admin_id":"1"}`},
		{"", "POST", "/conversations/$talk/customers", `{"admin_id":"1","customer":{"intercom_user_id":"$ada"}}`},
		{"", "DELETE", "/conversations/$talk/customers/$ada", `{"admin_id":"1"}`},
		{"", "POST", "/conversations/$talk/parts", `{"message_type":"assignment","type":"admin","admin_id":"1","assignee_id":"1"}`},
		{"", "POST", "/conversations/$talk/parts", `{"message_type":"snoozed","admin_id":"1","snoozed_until":1800000000}`},
		{"", "POST", "/conversations/$talk/parts", `{"message_type":"open","admin_id":"1"}`},
		{"", "POST", "/conversations/$talk/parts", `{"message_type":"close","type":"admin","admin_id":"1"}`},
		{"", "POST", "/conversations/redact", `{"type":"source","conversation_id":"$talk","source_id":"1"}`},
		{"", "DELETE", "/conversations/$talk", ""},
		{"", "POST", "/messages", `{"from":{"type":"admin","id":"1"},"to":{"type":"user","id":"$bob"},"body":"Did the parcel come?","create_conversation_without_contact_reply":true}`},
		{"vera", "POST", "/lobby/v1/visitors", `{"email":"vera@example.com"}`},
		{"", "POST", "/visitors/convert", `{"type":"user","visitor":{"id":"$vera"},"user":{"user_id":"7"}}`},
		{"twin", "POST", "/contacts", `{"role":"lead","name":"Bob again"}`},
		{"merge", "POST", "/contacts/merge", `{"from":"$twin","into":"$bob","skip_duplicate_validation":true}`},
		{"", "POST", "/lobby/v1/changes/$merge/undo", ""},
		{"", "POST", "/contacts/$vera/block", ""},
		{"", "DELETE", "/contacts/$bob", ""},
		{"", "POST", "/lobby/v1/webhooks/$hook/test", ""},
	} {
		h.Clock.Pass(time.Second)
		ids := strings.NewReplacer(append(named, "$hook", hook.ID)...)
		var body any
		if step.body != "" {
			body = ids.Replace(step.body)
		}
		response := h.Do(t, step.method, ids.Replace(step.path), body, "Intercom-Version: Preview")
		if response.Status/100 != 2 {
			t.Fatalf("%s %s: %d %s", step.method, step.path, response.Status, response.Text)
		}
		if step.name != "" {
			id, _ := response.Get("id").(string)
			if conversation, is := response.Get("conversation_id").(string); is {
				id = conversation
			}
			if _, change, is := strings.Cut(response.Header.Get("Lobby-Identity"), "entry="); is {
				id = change
			}
			named = append(named, "$"+step.name, id)
		}
		fmt.Fprintf(&played, "%s %s %s\n", step.method, step.path, step.body)
		h.settle()
	}
	text := bytes.NewBufferString(samplesIntro + "```text\n" + strings.ReplaceAll(played.String(), " \n", "\n") + "```\n")
	sent := map[string]*notification{}
	for _, n := range r.take() {
		if sent[n.Topic] == nil {
			sent[n.Topic] = n
		}
	}
	for _, topic := range webhook.Topics {
		n := sent[topic]
		if n == nil {
			t.Errorf("nothing was told of %s", topic)
			continue
		}
		fmt.Fprintf(text, "\n## %s\n\n```json\n", topic)
		if err := json.Indent(text, []byte(n.Text), "", "  "); err != nil {
			t.Fatal(err)
		}
		text.WriteString("\n```\n")
	}
	testkit.Golden(t, "../../../docs/webhook-samples.md", bytes.ReplaceAll(text.Bytes(), []byte(h.Workspace), []byte("demo1234")))
}

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/testkit"
)

// The published examples are requests here, in the version that they are of, with the ids of a workspace in the place of
// theirs. That the answers have the published shapes is what every request of a test checks.
func TestThePublishedExamplesOfConversationsWork(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, v := range []apiversion.Version{apiversion.V2_7, apiversion.V2_11, apiversion.V2_14} {
		tried := 0
		for _, o := range testkit.Published(t, v) {
			if !strings.HasPrefix(o.Path, "/conversations") || strings.HasSuffix(o.Path, "/convert") {
				continue
			}
			if len(o.Requests) == 0 {
				o.Requests = map[string]any{"": nil}
			}
			for name, body := range o.Requests {
				tried++
				sendPublished(t, set(t, s, s.NewWorkspace(t)), v, o, name, body)
			}
		}
		if tried < 20 {
			t.Errorf("at %v there were %d examples", v, tried)
		}
	}
}

func TestThePublishedExamplesOfMessagesWork(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, v := range []apiversion.Version{apiversion.V2_7, apiversion.V2_11, apiversion.V2_14} {
		tried := 0
		for _, o := range testkit.Published(t, v) {
			if o.Path != "/messages" {
				continue
			}
			for name, body := range o.Requests {
				tried++
				on := set(t, s, s.NewWorkspace(t))
				want := http.StatusOK
				switch {
				case strings.HasPrefix(name, "no_subject"):
					want = http.StatusUnprocessableEntity
				case strings.HasPrefix(name, "no_body"):
					want = http.StatusBadRequest
				}
				if r := on.client.Do(t, o.Method, o.Path, withNames(body, on), "Intercom-Version: "+v.String()); r.Status != want {
					t.Errorf("at %v, %q: %d, want %d: %s", v, name, r.Status, want, r.Text)
				}
			}
		}
		if tried < 5 {
			t.Errorf("at %v there were %d examples", v, tried)
		}
	}
}

// withNames returns an example of a message whose ids mean somebody.
func withNames(value any, on *stage) any {
	switch value := value.(type) {
	case []any:
		all := make([]any, len(value))
		for i, one := range value {
			all[i] = withNames(one, on)
		}
		return all
	case map[string]any:
		out := map[string]any{}
		for name, member := range value {
			switch {
			case name == "id" && value["type"] == "admin":
				member = "1"
			case name == "id":
				member = on.ids["$ada"]
			case name == "user_id":
				member = "ada-1"
			}
			out[name] = withNames(member, on)
		}
		return out
	}
	return value
}

// sendPublished sends one example and expects what its name says.
func sendPublished(t *testing.T, on *stage, v apiversion.Version, o testkit.PublishedOperation, name string, body any) {
	t.Helper()
	send := func(method, path string, body any) *testkit.Response {
		return on.client.Do(t, method, path, body, "Intercom-Version: "+v.String())
	}
	send("POST", "/conversations", on.fill(adaBegins.body))
	send("POST", "/conversations/1/reply", adminComment)
	send("POST", "/tags", `{"name":"bill"}`)
	removed := "$leo"
	switch {
	case name == "last_customer":
		removed = "$ada"
	case strings.Contains(o.Path, "/customers/"):
		send("POST", "/conversations/1/customers", on.fill(`{"admin_id":"1","customer":{"intercom_user_id":"$leo"}}`))
	case strings.Contains(o.Path, "/tags/") && name != "tag_not_found":
		send("POST", "/conversations/1/tags", `{"id":"1","admin_id":"1"}`)
	}
	want, id := http.StatusOK, "1"
	switch {
	case strings.Contains(name, "not_found"):
		want = http.StatusNotFound
		if name == "contact_not_found" {
			removed = strangersID
		} else if name != "tag_not_found" {
			id = "999"
		}
	case name == "last_customer":
		want = http.StatusUnprocessableEntity
	case strings.Contains(name, "custom_object"): // of which Lobby has none
		want = http.StatusBadRequest
	}
	path := strings.NewReplacer("{conversation_id}", id, "{contact_id}", on.fill(removed), "{tag_id}", "1", "{id}", id).Replace(o.Path)
	customer := on.ids["$ada"]
	if strings.Contains(o.Path, "/customers") {
		customer = on.ids["$leo"]
	}
	if r := send(o.Method, path, withIDs(body, customer, strings.Contains(o.Path, "/tags"))); r.Status != want {
		t.Errorf("at %v %s %s, %q: %d, want %d: %s", v, o.Method, o.Path, name, r.Status, want, r.Text)
	}
}

// withIDs returns an example with ids that mean somebody; those that say that they mean nobody stay.
func withIDs(value any, contactID string, isTag bool) any {
	object, is := value.(map[string]any)
	if !is {
		return value
	}
	out := map[string]any{}
	for name, member := range object {
		text, _ := member.(string)
		switch {
		case strings.Contains(text, "doesnt_exist"):
			out[name] = member
		case name == "admin_id", name == "assignee_id", name == "conversation_id", name == "conversation_part_id", name == "source_id", name == "id" && isTag:
			out[name] = 1
		case name == "intercom_user_id", name == "id":
			out[name] = contactID
		default:
			out[name] = withIDs(member, contactID, isTag)
		}
	}
	return out
}

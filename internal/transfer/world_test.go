package transfer_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"testing"

	"lobby/internal/account"
	"lobby/internal/duplicate"
	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/traffic"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }

// caller calls a server, and fails the test when it refuses.
type caller struct {
	*testkit.Client
	t *testing.T
}

func (c caller) do(method, path string, body any) *testkit.Response {
	c.t.Helper()
	r := c.Do(c.t, method, path, body, "Intercom-Version: Preview")
	if r.Status >= 300 {
		c.t.Fatalf("%s %s: %d %s", method, path, r.Status, r.Text)
	}
	return r
}

func (c caller) post(path string, body any) *testkit.Response {
	c.t.Helper()
	return c.do(http.MethodPost, path, body)
}

// id returns the id of what was made.
func (c caller) id(path string, body any) string {
	c.t.Helper()
	id, _ := c.post(path, body).Get("id").(string)
	if id == "" {
		c.t.Fatalf("POST %s made nothing with an id", path)
	}
	return id
}

type object = map[string]any

// furnish makes something of every noun in the workspace of a client, by the API, with people in every role and state.
func furnish(t *testing.T, s *testkit.Instance, client *testkit.Client) {
	t.Helper()
	c := caller{client, t}
	c.do("PUT", "/lobby/v1/settings", object{"timezone": "Europe/Dublin"})
	admin := c.post("/lobby/v1/admins", object{"name": "Zoë", "email": "zoe@example.com"}).Get("id")
	gone := c.post("/lobby/v1/admins", object{"name": "Gone", "email": "gone@example.com"}).Get("id")
	c.do("DELETE", fmt.Sprint("/lobby/v1/admins/", gone), nil)
	c.post("/lobby/v1/teams", object{"name": "Support", "admin_ids": []any{admin}})
	reason := c.post("/lobby/v1/away_status_reasons", object{"label": "Lunch", "emoji": "🥪"}).Get("id")
	c.do("PUT", fmt.Sprintf("/admins/%v/away", admin), object{"away_mode_enabled": true, "away_mode_reassign": false, "away_status_reason_id": reason})
	c.post("/lobby/v1/identity_secrets", object{"platform": "ios"})
	c.post("/lobby/v1/subscription_types", object{
		"state": "live", "consent_type": "opt_in", "content_types": []string{"email"},
		"translations": []object{{"name": "Nüws", "description": "<News>", "locale": "de"}, {"name": "News", "description": "News", "locale": "en"}},
	})
	c.post("/data_attributes", object{"name": "plan", "model": "contact", "data_type": "options", "options": []object{{"value": "pro"}, {"value": "free"}}})
	c.post("/data_attributes", object{"name": "score", "model": "contact", "data_type": "float"})
	c.post("/data_attributes", object{"name": "trial", "model": "company", "data_type": "boolean"})
	c.post("/lobby/v1/segments", object{"name": "Pros", "role": "user", "query": object{"field": "custom_attributes.plan", "operator": "=", "value": "pro"}})
	hook(t, s, client)
	tags := []any{c.post("/tags", object{"name": "VIP"}).Get("id"), c.post("/tags", object{"name": "straße"}).Get("id")}

	var companies []string
	for i := range 3 {
		companies = append(companies, c.id("/companies", object{
			"company_id": fmt.Sprint("acme-", i), "name": fmt.Sprint("Acmé ", i), "plan": "Gold", "size": 7, "monthly_spend": 12, "website": "https://example.com",
			"custom_attributes": object{"trial": true},
		}))
	}
	c.post("/companies/"+companies[0]+"/notes", object{"body": "<p>About a company</p>", "admin_id": admin})
	c.post("/tags", object{"name": "VIP", "companies": []object{{"id": companies[0]}}})

	var all []string
	for i := range 8 {
		role := []string{"user", "lead"}[i%2]
		person := object{
			"role": role, "email": fmt.Sprintf("Person%d@Example.com", i), "phone": "+353 1 234 567" + fmt.Sprint(i), "name": "Ünï \"" + fmt.Sprint(i) + "\" <x>\u2028",
			"owner_id": admin, "unsubscribed_from_emails": i == 2, "custom_attributes": object{"plan": "pro", "score": 0.5 + float64(i)},
		}
		if role == "user" {
			person["external_id"] = fmt.Sprint("user-", i)
		}
		id := c.id("/contacts", person)
		all = append(all, id)
		c.post("/contacts/"+id+"/tags", object{"id": tags[i%2]})
		c.post("/contacts/"+id+"/companies", object{"id": companies[i%3]})
		c.post("/contacts/"+id+"/notes", object{"body": fmt.Sprint("<b>Note</b> ", i), "admin_id": admin})
		c.post("/contacts/"+id+"/subscriptions", object{"id": "1", "consent_type": "opt_out"})
		if role == "user" {
			c.post("/events", object{"user_id": fmt.Sprint("user-", i), "event_name": "bought", "created_at": s.Clock.Now().Unix() - int64(i), "metadata": object{
				"order": object{"value": "1", "url": "https://example.com/?a=1&b=2"}, "price": object{"amount": 100, "currency": "eur"},
			}})
			c.post("/events/summaries", object{"user_id": fmt.Sprint("user-", i), "event_summaries": object{"event_name": "logged-in", "count": 3, "first": 100, "last": 200}})
		}
	}
	c.post("/contacts/merge", object{"from": all[1], "into": all[0], "skip_duplicate_validation": true})
	c.post("/contacts/"+all[2]+"/archive", nil)
	c.post("/contacts/"+all[4]+"/block", nil)
	c.do("DELETE", "/contacts/"+all[6], nil)
	furnishVisitors(c, all[0])
	furnishConversations(c, all[0], all[3], fmt.Sprint(tags[0]), fmt.Sprint(admin))
	furnishWebhook(t, s, client, all[0], all[3])
	furnishMail(c, s, all[0])
	furnishLogins(t, s, client)
	furnishTraffic(t, s, client, all[0])
	different := workspace.Caller{Workspace: client.Workspace, AdminID: 1}
	if _, err := (duplicate.Duplicates{Lobby: s.Lobby}).Distinguish(t.Context(), different, []string{all[0], all[3]}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := people.New(s.Store, nil).StampOutbox(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	if err := s.Store.Write(t.Context(), func(w people.Writer) error {
		return w.PutBrowserSession(&people.BrowserSession{Workspace: client.Workspace, Hash: "hash", PersonID: all[0], DeviceID: "d", Life: 60, ExpiresAt: 1 << 31})
	}); err != nil {
		t.Fatal(err)
	}
	client.NewToken(t, workspace.ReadUsers)
}

// furnishConversations makes a conversation of two persons with everything that one can have, and one that is deleted.
func furnishConversations(c caller, first, second, tag, admin string) {
	c.t.Helper()
	start := func(body string) string {
		id, _ := c.post("/conversations", object{
			"from": object{"type": "contact", "id": first}, "body": body,
			"attachment_files": []object{{"name": "ünï.txt", "content_type": "text/plain", "data": "SGk="}},
		}).Get("conversation_id").(string)
		return "/conversations/" + id
	}
	talk := start("Hi <there>")
	c.post(talk+"/customers", object{"admin_id": admin, "customer": object{"intercom_user_id": second}})
	c.post(talk+"/reply", object{
		"message_type": "comment", "type": "user", "intercom_user_id": second, "body": "Me too", "attachment_urls": []string{"https://example.com/x.png"},
	})
	c.post(talk+"/reply", object{
		"message_type": "quick_reply", "type": "admin", "admin_id": admin, "reply_options": []object{{"text": "Yes", "uuid": "00000000-0000-4000-8000-000000000001"}},
	})
	c.post(talk+"/tags", object{"id": tag, "admin_id": admin})
	c.do("PUT", talk, object{"title": "Ünï", "priority": "high", "custom_attributes": object{"score": 1.5, "vip": true}})
	c.post(talk+"/parts", object{"message_type": "snoozed", "admin_id": admin, "snoozed_until": 1 << 31})
	c.do("DELETE", start("Bye"), nil)
}

// furnishMail makes messages to a person, one with an email that waits, and a receipt of one.
func furnishMail(c caller, s *testkit.Instance, person string) {
	c.t.Helper()
	c.post("/messages", object{
		"message_type": "email", "subject": "Your bïll", "body": "Due <today>", "template": "personal", "from": object{"type": "admin", "id": "1"},
		"to": object{"type": "user", "id": person}, "create_conversation_without_contact_reply": true,
	})
	sent := c.post("/messages", object{"from": object{"type": "admin", "id": "1"}, "to": object{"type": "user", "id": person}, "body": "Hello"})
	message, err := strconv.ParseInt(fmt.Sprint(sent.Get("id")), 10, 64)
	if err != nil {
		c.t.Fatal(err)
	}
	c.post("/lobby/v1/receipts", object{"receipts": []object{{"id": "r-1", "type": "opened", "contact_id": person}}})
	ws := c.Workspace
	err = s.Store.Inbox().Write(c.t.Context(), func(w inbox.Writer) error {
		m := &inbox.Mail{Workspace: ws, MessageID: message, PersonID: person, State: inbox.MailWaits, Attempts: 1, CreatedAt: 1, NextAttemptAt: 2}
		var err error
		if m.ID, err = w.NextNumber(ws, "mail"); err != nil {
			return err
		}
		return errors.Join(w.InsertMail(m), w.InsertMailKey(ws, "key of "+string(ws), 1))
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// furnishLogins makes a login with a password that all workspaces share, and one that only this workspace has.
func furnishLogins(t *testing.T, s *testkit.Instance, client *testkit.Client) {
	t.Helper()
	a, by := s.App.Accounts, workspace.Caller{Workspace: client.Workspace}
	for email, role := range map[string]account.Role{"Boss@Example.com": account.Owner, string(client.Workspace) + "@example.com": account.ReadOnly} {
		if _, err := a.Invite(t.Context(), by, account.Invitation{Name: "Zoë", Email: email, Role: role}); err != nil {
			t.Fatal(err)
		}
	}
	err := a.Store.Write(t.Context(), func(w account.Writer) error {
		boss, err := w.LoginByEmail("boss@example.com")
		if err != nil {
			return err
		}
		return w.SetPasswordHash(boss.ID, "$argon2id$hash")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// furnishTraffic has a person open a page, and counts it.
func furnishTraffic(t *testing.T, s *testkit.Instance, client *testkit.Client, person string) {
	t.Helper()
	v := &traffic.View{
		Workspace: client.Workspace, ID: "view", PersonID: person, At: s.Clock.Now().Unix(),
		URL: "https://example.com/ü", Title: "Prïces", Referrer: "https://example.org/",
	}
	err := s.Store.Traffic().Write(t.Context(), func(w traffic.Writer) error {
		_, err := w.InsertPageView(v)
		return errors.Join(err, w.SetVisited(v.Workspace, person, 19_000),
			w.Add(v.Workspace, traffic.Count{Unit: traffic.Day, Period: 19_000, Kind: traffic.Visitors, Count: 3}))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// furnishWebhook makes a webhook with a delivery about two persons.
func furnishWebhook(t *testing.T, s *testkit.Instance, client *testkit.Client, first, second string) {
	t.Helper()
	ws, id := client.Workspace, s.Lobby.NewID(s.Clock.Now())
	err := s.Store.Webhooks().Write(t.Context(), func(w webhook.Writer) error {
		return errors.Join(
			w.InsertWebhook(&webhook.Subscription{
				Workspace: ws, ID: id, URL: "https://example.com", Topics: []string{webhook.Every}, Version: "2.7", Secret: "secret", CreatedAt: 1, UpdatedAt: 1,
			}),
			w.PutDelivery(&webhook.Delivery{
				Workspace: ws, WebhookID: id, ID: webhook.NotificationID(id, id, 0), Topic: webhook.ConversationReplied, PersonID: first,
				Others: []string{second}, Body: `{"type":"notification_event"}`, State: webhook.Delivered, CreatedAt: 1,
			}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// furnishVisitors makes visitors, of whom one becomes a lead, two become a user, and one of these is taken back.
// hook stores a webhook with a delivery that waits.
func hook(t *testing.T, s *testkit.Instance, client *testkit.Client) {
	t.Helper()
	ws, id, at := client.Workspace, s.Lobby.NewID(s.Clock.Now()), s.Clock.Now().Unix()
	err := s.Store.Webhooks().Write(t.Context(), func(w webhook.Writer) error {
		return errors.Join(
			w.InsertWebhook(&webhook.Subscription{
				Workspace: ws, ID: id, URL: "https://example.com", Topics: []string{webhook.Every}, Version: "2.7", Secret: "secret",
				Paused: webhook.Requested, PausedAt: at, CreatedAt: at, UpdatedAt: at,
			}),
			w.PutDelivery(&webhook.Delivery{
				Workspace: ws, WebhookID: id, ID: webhook.NotificationID(id, id, 0), Topic: webhook.Ping, Body: `{"a": "\u00e9"}`,
				State: webhook.Retrying, Attempts: 1, CreatedAt: at, FirstSentAt: at, LastSentAt: at, NextAttemptAt: at + 60, Status: 500, Answer: "no",
			}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func furnishVisitors(c caller, user string) {
	c.t.Helper()
	var visitors []string
	for i := range 5 {
		id := c.id("/lobby/v1/visitors", object{
			"name": fmt.Sprint("Visitor ", i), "do_not_track": i == 0, "session_count": 3, "utm_source": "ads", "referrer": "https://example.com/",
			"location_data": object{"city_name": "Dublin", "country_name": "Ireland", "country_code": "IRL"}, "browser": "Firefox",
		})
		visitors = append(visitors, id)
		c.post("/lobby/v1/visitors/"+id+"/tags", object{"id": "1"})
	}
	c.post("/visitors/convert", object{"type": "lead", "visitor": object{"id": visitors[0]}})
	c.post("/visitors/convert", object{"type": "user", "visitor": object{"id": visitors[1]}, "user": object{"user_id": "new-1", "email": "new@example.com"}})
	c.post("/visitors/convert", object{"type": "user", "visitor": object{"id": visitors[2]}, "user": object{"id": user}})
	history := c.do("GET", "/lobby/v1/people/"+visitors[1]+"/history", nil)
	change, _ := history.Get("changes.0.id").(string)
	if change == "" {
		change, _ = history.Get("data.0.id").(string)
	}
	c.post("/lobby/v1/changes/"+change+"/undo", nil)
}

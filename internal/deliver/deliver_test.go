package deliver_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lobby/internal/testkit"
	"lobby/internal/webhook"
)

func TestWhatHappensIsToldInOrderAndSigned(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		h := open(t, on)
		all, users := listen(t, nil), listen(t, nil)
		every := h.hook(all.URL+"/x?y=z", webhook.Every)
		h.hook(users.URL, webhook.UserCreated)
		rival := h.NewWorkspace(t)
		rival.Do(t, "POST", "/contacts", `{"external_id":"theirs"}`)

		ada := h.does("POST", "/contacts", `{"role":"lead","name":"Ada"}`)
		h.does("PUT", "/contacts/"+ada, `{"email":"ada@example.com"}`)
		tag := h.does("POST", "/tags", `{"name":"vip"}`)
		h.does("POST", "/contacts/"+ada+"/tags", `{"id":"`+tag+`"}`)
		h.does("PUT", "/contacts/"+ada, `{"role":"user","external_id":"42"}`)
		h.settle()
		got := all.take()
		want := "contact.lead.created contact.lead.updated contact.lead.added_email contact.email.updated contact.lead.tag.created contact.lead.signed_up lobby.person.converted"
		if topicsOf(got) != want {
			t.Errorf("told\n%s\nwant\n%s", topicsOf(got), want)
		}
		for _, n := range got {
			if !n.isSigned(every.Secret) || !n.isStamped(every.Secret) || n.Type != "notification_event" || n.AppID != string(h.Workspace) || n.Attempts != 1 {
				t.Errorf("%v %s", n.Header, n.Text)
			}
		}
		if len(users.take()) != 0 {
			t.Error("a webhook was told of a topic that it does not want")
		}
		h.settle()
		if again := all.take(); len(again) != 0 {
			t.Errorf("told again: %s", topicsOf(again))
		}
	})
}

func TestIdentityChangesNameTheOldAndTheNewID(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := listen(t, nil)
	h.hook(r.URL, webhook.PersonConverted, webhook.PersonMerged, webhook.ChangeUndone, webhook.VisitorSignedUp, webhook.UserCreated, webhook.UserUpdated, webhook.ContactMerged)
	visitor := h.does("POST", "/lobby/v1/visitors", `{"name":"V"}`)
	h.does("POST", "/visitors/convert", `{"type":"user","visitor":{"id":"`+visitor+`"},"user":{"user_id":"7"}}`)
	second := h.does("POST", "/lobby/v1/visitors", `{}`)
	h.does("POST", "/visitors/convert", `{"type":"user","visitor":{"id":"`+second+`"},"user":{"id":"`+visitor+`"}}`)
	lead := h.does("POST", "/contacts", `{"role":"lead"}`)
	merged := h.Do(t, "POST", "/contacts/merge", `{"from":"`+lead+`","into":"`+visitor+`"}`)
	_, change, _ := strings.Cut(merged.Header.Get("Lobby-Identity"), "entry=")
	h.does("POST", "/lobby/v1/changes/"+change+"/undo", "")
	h.settle()
	var told []string
	for _, n := range r.take() {
		line := n.Topic
		if n.Data.Item["old_id"] != nil {
			line += fmt.Sprintf(" %v→%v", n.Data.Item["old_id"] == n.Data.Item["new_id"], n.Data.Item["new_id"] == visitor)
		}
		if from, is := n.Data.Item["merged_from"].(map[string]any); is {
			line += fmt.Sprint(" ", from["id"] == lead)
		}
		told = append(told, line)
	}
	want := `visitor.signed_up
contact.user.created
lobby.person.converted true→true
visitor.signed_up
contact.user.updated
lobby.person.merged false→true
contact.merged true
lobby.person.merged false→true`
	if got := strings.Join(told, "\n"); !strings.HasPrefix(got, want) || !strings.Contains(got, "lobby.change.undone") {
		t.Errorf("told\n%s\nwant\n%s", got, want)
	}
}

func TestAFailureHoldsBackItsPersonOnly(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		h := open(t, on)
		down := true
		r := listen(t, func(n *notification) int {
			if down && n.Data.Item["name"] == "Bad" {
				return 500
			}
			return 204
		})
		hook := h.hook(r.URL, webhook.LeadCreated, webhook.LeadUpdated)
		bad := h.does("POST", "/contacts", `{"role":"lead","name":"Bad"}`)
		good := h.does("POST", "/contacts", `{"role":"lead","name":"Good"}`)
		h.does("PUT", "/contacts/"+bad, `{"phone":"1"}`)
		h.does("PUT", "/contacts/"+good, `{"phone":"1"}`)
		h.settle()
		if got := r.take(); len(got) != 3 { // the first of Bad, and both of Good
			t.Fatalf("told %s", topicsOf(got))
		}
		h.settle()
		if got := r.take(); len(got) != 0 {
			t.Errorf("too early: %s", topicsOf(got))
		}
		h.Clock.Pass(time.Minute)
		h.settle()
		if got := r.take(); len(got) != 1 || got[0].Attempts != 2 {
			t.Errorf("the second attempt: %s", topicsOf(got))
		}
		h.does("PUT", "/contacts/"+bad, `{"phone":"2"}`)
		down = false
		h.Clock.Pass(2 * time.Minute)
		h.settle()
		got := r.take()
		if topicsOf(got) != "contact.lead.created contact.lead.updated contact.lead.updated" || got[0].Attempts != 3 || got[1].Attempts != 1 {
			t.Errorf("when it is up again: %s", topicsOf(got))
		}
		page, _, err := h.Webhooks.Deliveries(t.Context(), h.caller(), hook.ID, webhook.Filter{State: webhook.Delivered}, 50)
		if err != nil || len(page) != 5 {
			t.Errorf("%d deliveries (%v), want 5", len(page), err)
		}
		for _, d := range page {
			if d.Status != 204 || d.Body == "" || d.NextAttemptAt != 0 {
				t.Errorf("%+v", d)
			}
		}
	})
}

func TestADeadReceiverIsLeftAloneAndPausedAfterADay(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := listen(t, func(*notification) int { return 503 })
	alive := listen(t, nil)
	hook := h.hook(r.URL, webhook.Every)
	h.hook(alive.URL, webhook.Every)
	for range 50 {
		h.does("POST", "/contacts", `{"role":"lead"}`)
	}
	h.settle()
	if n := len(r.take()); n < webhook.MaxFailures || n > webhook.MaxFailures+8 {
		t.Errorf("a dead receiver got %d attempts at once", n)
	}
	if n := len(alive.take()); n != 50 {
		t.Errorf("the other receiver got %d of 50", n)
	}
	attempts := 0
	for range 30 * 60 {
		h.Clock.Pass(time.Minute)
		h.settle()
		attempts += len(r.take())
	}
	s, err := h.Webhooks.Webhook(t.Context(), h.caller(), hook.ID)
	if err != nil || s.Paused != webhook.Failing || attempts > 2000 {
		t.Errorf("after 30 hours and %d attempts: %+v (%v)", attempts, s, err)
	}
	// Someone repairs it: nothing was lost.
	r.answer = nil
	no := false
	if _, err := h.Webhooks.Update(t.Context(), h.caller(), hook.ID, webhook.Draft{Paused: &no}); err != nil {
		t.Fatal(err)
	}
	h.settle()
	ids := map[string]bool{}
	for _, n := range r.take() {
		ids[n.ID] = true
	}
	failed, _, err := h.Webhooks.Deliveries(t.Context(), h.caller(), hook.ID, webhook.Filter{State: webhook.Failed}, 150)
	if err != nil || len(ids)+len(failed) != 50 {
		t.Errorf("%d were delivered in the end, and %d given up (%v), want 50 together", len(ids), len(failed), err)
	}
}

func TestAReceiverThatIsGoneIsPausedAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := listen(t, func(*notification) int { return 410 })
	hook := h.hook(r.URL, webhook.Every)
	h.does("POST", "/contacts", `{"role":"lead"}`)
	h.settle()
	if s, err := h.Webhooks.Webhook(t.Context(), h.caller(), hook.ID); err != nil || s.Paused != webhook.Gone {
		t.Errorf("%+v (%v)", s, err)
	}
}

func TestOfAnErasedPersonNothingIsKept(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		h := open(t, on)
		down := true
		r := listen(t, func(n *notification) int {
			if down && n.Topic == webhook.LeadUpdated {
				return 500
			}
			return 200
		})
		hook := h.hook(r.URL, webhook.Every)
		ada := h.does("POST", "/contacts", `{"role":"lead","name":"Unmistakable"}`)
		h.does("PUT", "/contacts/"+ada, `{"phone":"1"}`)
		h.settle()
		h.does("DELETE", "/contacts/"+ada, "")
		down = false
		h.Clock.Pass(time.Hour)
		h.settle()
		got := r.take()
		if last := got[len(got)-1]; last.Topic != webhook.ContactDeleted || last.Data.Item["id"] != ada {
			t.Errorf("told %s", topicsOf(got))
		}
		page, _, err := h.Webhooks.Deliveries(t.Context(), h.caller(), hook.ID, webhook.Filter{}, 50)
		if err != nil || len(page) != 1 || strings.Contains(page[0].Body, "Unmistakable") {
			t.Errorf("%d deliveries are left (%v)", len(page), err)
		}
		dump, err := h.Store.Dump(t.Context(), h.Workspace)
		if err != nil || strings.Contains(fmt.Sprint(dump), "Unmistakable") {
			t.Errorf("the database still knows the name (%v)", err)
		}
	})
}

func TestTestsAndRedeliveriesComeAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := listen(t, nil)
	hook := h.hook(r.URL, webhook.LeadCreated)
	yes := true
	if _, err := h.Webhooks.Update(t.Context(), h.caller(), hook.ID, webhook.Draft{Paused: &yes}); err != nil {
		t.Fatal(err)
	}
	h.does("POST", "/contacts", `{"role":"lead"}`)
	ping := h.does("POST", "/lobby/v1/webhooks/"+hook.ID+"/test", "")
	h.settle()
	if got := r.take(); topicsOf(got) != "ping" || got[0].ID != ping || !got[0].isSigned(hook.Secret) {
		t.Errorf("a paused webhook was sent %s", topicsOf(got))
	}
	h.does("POST", "/lobby/v1/webhooks/"+hook.ID+"/deliveries/"+ping+"/redeliver", "")
	h.settle()
	if got := r.take(); topicsOf(got) != "ping" || got[0].ID != ping || got[0].Attempts != 2 {
		t.Errorf("redelivered: %s", topicsOf(got))
	}
	shown := h.Do(t, "GET", "/lobby/v1/webhooks/"+hook.ID+"/deliveries/"+ping, nil)
	if shown.Get("state") != "delivered" || shown.Get("response.body") != "thanks" || shown.Get("attempts") != 2.0 {
		t.Errorf("%s", shown.Text)
	}
}

func TestBothSecretsSignForAWhile(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := listen(t, nil)
	hook := h.hook(r.URL, webhook.LeadCreated)
	rotated, err := h.Webhooks.Rotate(t.Context(), h.caller(), hook.ID, 3600)
	if err != nil {
		t.Fatal(err)
	}
	h.does("POST", "/contacts", `{"role":"lead"}`)
	h.settle()
	if n := r.take()[0]; !n.isSigned(rotated.Secret) || !n.isStamped(rotated.Secret) || !n.isStamped(hook.Secret) {
		t.Errorf("during the overlap: %v", n.Header)
	}
	h.Clock.Pass(time.Hour)
	h.does("POST", "/contacts", `{"role":"lead"}`)
	h.settle()
	if n := r.take()[0]; !n.isSigned(rotated.Secret) || n.isStamped(hook.Secret) {
		t.Errorf("after the overlap: %v", n.Header)
	}
}

func TestOldDeliveriesAreSwept(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		h := open(t, on)
		r := listen(t, nil)
		hook := h.hook(r.URL, webhook.LeadCreated)
		h.does("POST", "/contacts", `{"role":"lead"}`)
		h.settle()
		h.Clock.Pass(20 * 24 * time.Hour)
		h.does("POST", "/contacts", `{"role":"lead"}`)
		h.settle()
		ws, err := h.Lobby.Workspace(t.Context(), h.Workspace)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []struct {
			after time.Duration
			swept int
		}{{0, 0}, {11 * 24 * time.Hour, 1}, {0, 0}, {20 * 24 * time.Hour, 1}} {
			h.Clock.Pass(want.after)
			if n, err := h.Webhooks.SweepDeliveries(t.Context(), ws); err != nil || n != want.swept {
				t.Errorf("%d were swept (%v), want %d", n, err, want.swept)
			}
		}
		page, _, err := h.Webhooks.Deliveries(t.Context(), h.caller(), hook.ID, webhook.Filter{}, 50)
		if err != nil || len(page) != 0 {
			t.Errorf("%d are left (%v)", len(page), err)
		}
	})
}

func TestAVisitorMergedIntoALeadMakesNoNewLead(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := listen(t, nil)
	h.hook(r.URL, webhook.LeadCreated, webhook.LeadUpdated, webhook.PersonMerged)
	lead := h.does("POST", "/contacts", `{"role":"lead"}`)
	visitor := h.does("POST", "/lobby/v1/visitors", `{}`)
	h.Do(t, "POST", "/lobby/v1/duplicates/merge", `{"into":"`+lead+`","from":["`+visitor+`"]}`)
	h.settle()
	var told []string
	for _, n := range r.take() {
		told = append(told, n.Topic)
	}
	if got := strings.Join(told, " "); got != "contact.lead.created contact.lead.updated lobby.person.merged" && got != "contact.lead.created lobby.person.merged contact.lead.updated" {
		t.Errorf("told %s", got)
	}
}

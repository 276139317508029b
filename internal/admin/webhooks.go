package admin

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// webhooksPage is what the page webhooks shows.
type webhooksPage struct {
	Webhooks           []subscription
	Made               *made
	URL, Topics, Error string // of the form
}

type subscription struct {
	ID, URL, Topics, Paused string
	Failures                int64
}

// pauseWords say why a webhook is paused.
var pauseWords = map[webhook.Reason]string{
	webhook.Requested: "by you", webhook.Failing: "nothing got through for a day", webhook.Gone: "the receiver said that it is gone",
}

func (a *admin) showWebhooks(r *request) error {
	return a.webhooksWith(r, http.StatusOK, webhooksPage{Topics: webhook.Every})
}

func (a *admin) webhooksWith(r *request, status int, page webhooksPage) error {
	all, err := a.webhooks.Webhooks(r.Context(), r.caller)
	if err != nil {
		return err
	}
	for _, s := range all {
		page.Webhooks = append(page.Webhooks, subscription{s.ID, s.URL, topicWords(s.Topics), pauseWords[s.Paused], s.Failures})
	}
	return r.show(status, "webhooks", page)
}

func topicWords(topics []string) string {
	if len(topics) == 1 && topics[0] == webhook.Every {
		return "everything"
	}
	return strings.Join(topics, ", ")
}

func (a *admin) createWebhook(r *request) error {
	address := strings.TrimSpace(r.PostForm.Get("url"))
	draft := webhook.Draft{URL: &address, Topics: strings.Fields(r.PostForm.Get("topics"))}
	created, err := a.webhooks.Create(r.Context(), r.caller, draft)
	page := webhooksPage{URL: address, Topics: r.PostForm.Get("topics")}
	if invalid, ok := errors.AsType[*workspace.InvalidError](err); ok {
		page.Error = sentence(invalid.Field + " " + invalid.Reason)
	}
	if errors.Is(err, webhook.ErrTooMany) {
		page.Error = "There are as many webhooks as there may be."
	}
	switch {
	case page.Error != "":
		return a.webhooksWith(r, http.StatusUnprocessableEntity, page)
	case err != nil:
		return err
	}
	return a.webhooksWith(r, http.StatusOK, webhooksPage{Topics: webhook.Every, Made: &made{"The secret of the new webhook", created.Secret}})
}

// changed leads back to a page of webhooks, or says that there is none.
func (r *request) changed(err error, to string) error {
	switch {
	case errors.Is(err, webhook.ErrNotFound), errors.Is(err, webhook.ErrDeliveryNotFound), errors.Is(err, webhook.ErrErased):
		return errNotFound
	case err != nil:
		return err
	}
	return r.redirect(r.in(to))
}

func (a *admin) pauseWebhook(r *request) error  { return a.setPaused(r, true, "paused") }
func (a *admin) resumeWebhook(r *request) error { return a.setPaused(r, false, "resumed") }

func (a *admin) setPaused(r *request, paused bool, done string) error {
	_, err := a.webhooks.Update(r.Context(), r.caller, r.PathValue("id"), webhook.Draft{Paused: &paused})
	return r.changed(err, "webhooks?done="+done)
}

func (a *admin) deleteWebhook(r *request) error {
	return r.changed(a.webhooks.Delete(r.Context(), r.caller, r.PathValue("id")), "webhooks?done=deleted")
}

// deliveriesPage is what the page deliveries shows.
type deliveriesPage struct {
	ID, URL, Next string
	States        []choice
	Deliveries    []delivery
}

type delivery struct {
	ID, Topic, State, Answer string
	Attempts                 int64
	At                       *moment
	MayRepeat                bool
}

// deliveryStates are the states by which a list can be narrowed.
var deliveryStates = []webhook.State{"", webhook.Delivered, webhook.Retrying, webhook.Waiting, webhook.Failed}

func (a *admin) showDeliveries(r *request) error {
	s, err := a.webhooks.Webhook(r.Context(), r.caller, r.PathValue("id"))
	if errors.Is(err, webhook.ErrNotFound) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	f := webhook.Filter{State: webhook.State(r.URL.Query().Get("state")), Before: r.URL.Query().Get("before")}
	if !f.State.IsKnown() {
		return errNotFound
	}
	all, more, err := a.webhooks.Deliveries(r.Context(), r.caller, s.ID, f, listSize)
	if err != nil {
		return err
	}
	page := &deliveriesPage{ID: s.ID, URL: s.URL}
	for _, state := range deliveryStates {
		page.States = append(page.States, choice{
			Word: cmp.Or(string(state), "all"), Link: "?state=" + url.QueryEscape(string(state)), Chosen: f.State == state,
		})
	}
	for _, d := range all {
		answer := clipped(d.Error, 200)
		if d.Status != 0 {
			answer = strings.TrimSpace(strconv.FormatInt(d.Status, 10) + " " + clipped(d.Answer, 200))
		}
		page.Deliveries = append(page.Deliveries, delivery{d.ID, d.Topic, string(d.State), answer, d.Attempts, r.moment(d.CreatedAt), d.State.Ends() && d.Body != ""})
	}
	if more {
		page.Next = "?state=" + url.QueryEscape(string(f.State)) + "&before=" + url.QueryEscape(all[len(all)-1].ID)
	}
	return r.show(http.StatusOK, "deliveries", page)
}

func (a *admin) redeliver(r *request) error {
	id := r.PathValue("id")
	_, err := a.webhooks.Redeliver(r.Context(), r.caller, id, r.PostForm.Get("id"))
	return r.changed(err, "webhooks/"+url.PathEscape(id)+"?done=again")
}

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"lobby/internal/api"
	"lobby/internal/people"
	"lobby/internal/webhook"
)

// webhookVerbs is what lobby webhook can do.
var webhookVerbs = []verb{
	{
		name: "create", words: "APP_ID URL [TOPICS [VERSION]]", summary: "makes a webhook and prints its secret, only this once; TOPICS are separated by commas, none means all; VERSION is that of the API, by default 2.7",
		min: 2, max: 4, run: (*program).createWebhook,
	},
	{name: "list", words: "APP_ID", summary: "lists the webhooks of a workspace", min: 1, max: 1, run: (*program).listWebhooks},
	{name: "pause", words: "APP_ID WEBHOOK_ID", summary: "tells a webhook nothing for now", min: 2, max: 2, run: (*program).pauseWebhook},
	{name: "resume", words: "APP_ID WEBHOOK_ID", summary: "goes on where a webhook was paused", min: 2, max: 2, run: (*program).resumeWebhook},
	{name: "rotate", words: "APP_ID WEBHOOK_ID", summary: "prints a new secret; the old one signs too for a day", min: 2, max: 2, run: (*program).rotateWebhook},
	{name: "delete", words: "APP_ID WEBHOOK_ID", summary: "removes a webhook and its deliveries", min: 2, max: 2, run: (*program).deleteWebhook},
	{
		name: "test", words: "APP_ID WEBHOOK_ID", summary: "has a running server send a ping, and prints the id of its delivery",
		min: 2, max: 2, run: (*program).testWebhook,
	},
	{
		name: "deliveries", words: "APP_ID WEBHOOK_ID [STATE]", summary: "lists the newest deliveries, of all states or one: delivered, failed, retrying, waiting, requested",
		min: 2, max: 3, run: (*program).listDeliveries,
	},
	{
		name: "delivery", words: "APP_ID WEBHOOK_ID DELIVERY_ID", summary: "shows one delivery: how it stands, what was sent, and the answer",
		min: 3, max: 3, run: (*program).showDelivery,
	},
	{name: "redeliver", words: "APP_ID WEBHOOK_ID DELIVERY_ID", summary: "has a running server send a delivery once more", min: 3, max: 3, run: (*program).redeliver},
}

// webhook manages who is told what happens.
func (p *program) webhook(ctx context.Context) error {
	return p.dispatchVerb(ctx, "webhook", webhookVerbs)
}

// webhooksOf returns the use cases of webhooks. Whether private addresses are allowed is decided by the server that sends.
func webhooksOf(l *people.Lobby) *webhook.Registry {
	store := l.Store.(interface{ Webhooks() webhook.Store })
	return &webhook.Registry{Registry: l.Registry, Store: store.Webhooks(), AllowPrivate: true}
}

// webhookMistake is mistake for what the use cases of webhooks refuse.
func webhookMistake(err error) error {
	for _, known := range []error{webhook.ErrNotFound, webhook.ErrDeliveryNotFound, webhook.ErrTooMany, webhook.ErrErased} {
		if errors.Is(err, known) {
			return usageError{err}
		}
	}
	return mistake(err)
}

func (p *program) createWebhook(ctx context.Context, l *people.Lobby, words []string) error {
	if _, err := l.Workspace(ctx, operatorOf(words[0]).Workspace); err != nil {
		return mistake(err)
	}
	d := webhook.Draft{URL: &words[1], Topics: []string{webhook.Every}}
	if len(words) > 2 {
		d.Topics = strings.Split(words[2], ",")
	}
	if len(words) > 3 {
		d.Version = &words[3]
	}
	made, err := webhooksOf(l).Create(ctx, operatorOf(words[0]), d)
	if err != nil {
		return webhookMistake(err)
	}
	fmt.Fprintf(p.stdout, "%s\n", made.Secret)
	fmt.Fprintf(p.stderr, "webhook %s; the secret is shown only this once\n", made.ID)
	return nil
}

func (p *program) listWebhooks(ctx context.Context, l *people.Lobby, words []string) error {
	all, err := webhooksOf(l).Webhooks(ctx, operatorOf(words[0]))
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tCREATED\tVERSION\tPAUSED\tFAILURES\tURL\tTOPICS")
	for _, s := range all {
		paused := "-"
		if s.Paused != webhook.NotPaused {
			paused = string(s.Paused)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", s.ID, date(s.CreatedAt), s.Version, paused, s.Failures, s.URL, strings.Join(s.Topics, ","))
	}
	return table.Flush()
}

func (p *program) pauseWebhook(ctx context.Context, l *people.Lobby, words []string) error {
	return setPaused(ctx, l, words, true)
}

func (p *program) resumeWebhook(ctx context.Context, l *people.Lobby, words []string) error {
	return setPaused(ctx, l, words, false)
}

func setPaused(ctx context.Context, l *people.Lobby, words []string, paused bool) error {
	_, err := webhooksOf(l).Update(ctx, operatorOf(words[0]), words[1], webhook.Draft{Paused: &paused})
	return webhookMistake(err)
}

func (p *program) rotateWebhook(ctx context.Context, l *people.Lobby, words []string) error {
	s, err := webhooksOf(l).Rotate(ctx, operatorOf(words[0]), words[1], webhook.DefaultOverlap)
	if err != nil {
		return webhookMistake(err)
	}
	fmt.Fprintf(p.stdout, "%s\n", s.Secret)
	return nil
}

func (p *program) deleteWebhook(ctx context.Context, l *people.Lobby, words []string) error {
	return webhookMistake(webhooksOf(l).Delete(ctx, operatorOf(words[0]), words[1]))
}

func (p *program) testWebhook(ctx context.Context, l *people.Lobby, words []string) error {
	ping, err := webhooksOf(l).Test(ctx, operatorOf(words[0]), words[1], api.PingBody)
	if err != nil {
		return webhookMistake(err)
	}
	fmt.Fprintf(p.stdout, "%s\n", ping.ID)
	return nil
}

func (p *program) listDeliveries(ctx context.Context, l *people.Lobby, words []string) error {
	f := webhook.Filter{}
	if len(words) > 2 {
		if f.State = webhook.State(words[2]); !f.State.IsKnown() {
			return usage("%q is no state of a delivery", words[2])
		}
	}
	page, _, err := webhooksOf(l).Deliveries(ctx, operatorOf(words[0]), words[1], f, webhook.MaxPage)
	if err != nil {
		return webhookMistake(err)
	}
	return p.printDeliveries(page)
}

func (p *program) showDelivery(ctx context.Context, l *people.Lobby, words []string) error {
	d, err := webhooksOf(l).Delivery(ctx, operatorOf(words[0]), words[1], words[2])
	if err != nil {
		return webhookMistake(err)
	}
	if err := p.printDeliveries([]*webhook.Delivery{d}); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "\nSent:\n%s\n\nAnswer:\n%s\n", d.Body, d.Answer)
	return nil
}

func (p *program) printDeliveries(page []*webhook.Delivery) error {
	table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tCREATED\tTOPIC\tSTATE\tATTEMPTS\tLAST\tNEXT\tSTATUS\tERROR")
	for _, d := range page {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%d\t%s\n", d.ID, date(d.CreatedAt), d.Topic, d.State, d.Attempts,
			dateOrNone(d.LastSentAt), dateOrNone(d.NextAttemptAt), d.Status, d.Error)
	}
	return table.Flush()
}

func (p *program) redeliver(ctx context.Context, l *people.Lobby, words []string) error {
	_, err := webhooksOf(l).Redeliver(ctx, operatorOf(words[0]), words[1], words[2])
	return webhookMistake(err)
}

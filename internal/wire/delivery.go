package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/webhook"
)

// Delivery is a notification to a webhook, with what was sent and what came back.
type Delivery struct{ Delivery *webhook.Delivery }

// AppendJSON appends the delivery.
func (d Delivery) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	writeDelivery(&o, d.Delivery)
	o.TextOrNull("body", d.Delivery.Body)
	return o.End()
}

// writeDelivery writes the members of a delivery but for its body.
func writeDelivery(o *jsonio.Writer, d *webhook.Delivery) {
	o.Text("type", "webhook_delivery")
	o.Text("id", d.ID)
	o.Text("webhook_id", d.WebhookID)
	o.Text("topic", d.Topic)
	o.TextOrNull("person_id", d.PersonID)
	o.Text("state", string(d.State))
	o.Int("attempts", d.Attempts)
	o.Int("created_at", d.CreatedAt)
	o.IntOrNull("first_sent_at", d.FirstSentAt)
	o.IntOrNull("last_sent_at", d.LastSentAt)
	o.IntOrNull("next_attempt_at", d.NextAttemptAt)
	o.Open("response")
	o.IntOrNull("status", d.Status)
	o.TextOrNull("body", d.Answer)
	o.TextOrNull("error", d.Error)
	o.Int("duration_ms", d.Duration)
	o.Close()
}

// DeliveryList is one page of deliveries, newest first, without what was sent.
type DeliveryList struct {
	Deliveries []*webhook.Delivery
	PerPage    int
	More       bool
}

// AppendJSON appends the page.
func (l DeliveryList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, d := range l.Deliveries {
		o.Item()
		writeDelivery(&o, d)
		o.Close()
	}
	o.CloseList()
	next := ""
	if l.More {
		next = l.Deliveries[len(l.Deliveries)-1].ID
	}
	writePages(&o, l.PerPage, next)
	return o.End()
}

func deliverySamples(apiversion.Version) []Shape {
	d, bare := full[webhook.Delivery](), new(webhook.Delivery)
	return []Shape{
		Delivery{d}, Delivery{bare}, DeliveryList{Deliveries: []*webhook.Delivery{d, bare}, More: true}, DeliveryList{},
	}
}

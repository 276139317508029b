package sqlstore

import (
	"cmp"
	"strings"

	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// personalRecords are what is kept about a person and no other member of its export shows. Secrets are left out, and so is
// what others were told of several persons at once. Who has the alias o, and life is one of the person's records.
var personalRecords = []struct {
	record
	of    string // whose a row is, unless its column person_id says it
	where string
}{
	{record: record{name: "company_membership", table: "person_companies", order: "company_id", columns: []recordColumn{textOf("company_id"), numberOf("created_at")}}},
	{record: record{name: "subscription_choice", table: "person_subscriptions", order: "type_id", columns: []recordColumn{
		numberOf("type_id"), textOf("consent"), numberOf("created_at"),
	}}},
	{record: record{name: "conversation_participant", table: "conversation_participants", order: "conversation_id", columns: []recordColumn{
		numberOf("conversation_id"), numberOf("created_at"),
	}}},
	{record: record{name: "message_recipient", table: "message_recipients", order: "message_id", columns: []recordColumn{
		numberOf("message_id"), textOf("field"), numberOf("conversation_id"), numberOf("created_at"), numberOf("read_at"),
	}}},
	{record: record{name: "receipt", table: "receipts", order: "id", columns: []recordColumn{
		textOf("id"), textOf("kind"), numberOf("occurred_at"), numberOf("created_at"),
	}}},
	{record: record{name: "visit_day", table: "visit_days", order: "day", columns: []recordColumn{numberOf("day")}}},
	{record: record{name: "presence", table: "presences", order: "seen_at", columns: []recordColumn{numberOf("seen_at"), textOf("url"), textOf("referrer")}}},
	{record: record{name: "browser_session", table: "browser_sessions", order: "expires_at", columns: []recordColumn{
		textOf("device_id"), numberOf("life"), numberOf("expires_at"),
	}}},
	{record: record{name: "webhook_delivery", table: "webhook_deliveries", order: "id", columns: []recordColumn{
		textOf("webhook_id"), textOf("id"), textOf("topic"), textOf("body"), textOf("state"), numberOf("first_sent_at"), numberOf("last_sent_at"),
		numberOf("status"), textOf("answer"), textOf("error"),
	}}, where: ` AND NOT EXISTS (SELECT 1 FROM webhook_delivery_people w WHERE w.workspace = $1 AND w.webhook_id = o.webhook_id AND w.delivery_id = o.id)`},
	{record: record{name: "webhook_delivery_person", table: "webhook_delivery_people", order: "delivery_id", columns: []recordColumn{
		textOf("webhook_id"), textOf("delivery_id"),
	}}},
	{
		record: record{name: "distinction", table: "distinctions", order: "created_at", columns: []recordColumn{numberOf("created_at")}},
		of:     "(o.person_id = life.id OR o.other_id = life.id)",
	},
	{
		record: record{name: "activity", table: "activities", order: "id", columns: []recordColumn{textOf("kind"), numberOf("created_at")}},
		of:     "o.subject = 'person/' || life.id",
	},
	{record: record{name: "outbox_image", table: "outbox", order: "id", columns: []recordColumn{
		textOf("id"), textOf("topic"), textOf("image"), numberOf("created_at"),
	}}, where: ` AND o.image IS NOT NULL`},
}

// Rest calls each for every row of these, with its kind and its values as a JSON object. Package profile asks for it. As in
// [forgetImages], the workspace is named in a form that no index has where the index to be used begins with the person.
func (t *tx) Rest(ws workspace.ID, personID string, each func(kind string, values []byte)) error {
	for i := range personalRecords {
		r := &personalRecords[i]
		names := make([]string, len(r.columns))
		for n, c := range r.columns {
			names[n] = "o." + c.name
		}
		of := "o.workspace"
		if r.table == "outbox" {
			of = "(o.workspace || '')"
		}
		sql := "SELECT " + strings.Join(names, ", ") + " FROM " + lineage + " AS life CROSS JOIN " + r.table + " o WHERE " + of +
			" = $1 AND " + cmp.Or(r.of, "o.person_id = life.id") + r.where + " ORDER BY o." + r.order
		err := t.Query(sql, []any{string(ws), personID}, func(row sqlengine.Row) error {
			values, err := r.appendRow(nil, row)
			each(r.name, values)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

package sqlstore_test

import (
	"fmt"
	"testing"
	"time"

	"lobby/internal/inbox"
	"lobby/internal/search"
	"lobby/internal/testkit"
)

// BenchmarkConversationSearch asks for the first page of lists and searches in inboxes of different sizes.
func BenchmarkConversationSearch(b *testing.B) {
	for name, on := range map[string]testkit.Option{"sqlite": testkit.OnFile(), "postgres": testkit.OnPostgres()} {
		for _, size := range []int{1000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				o := newTalk(b, on)
				o.fill(b, size)
				if name == "sqlite" {
					o.awaitIndex(b)
				}
				for what, order := range conversationOrders {
					order.Limit = 20
					b.Run(what, func(b *testing.B) {
						for b.Loop() {
							if _, err := o.Search(b.Context(), o.caller, inbox.ContactRef{}, order); err != nil {
								b.Fatal(err)
							}
						}
					})
				}
			})
		}
	}
}

func filterOf(field string, op search.Operator, v search.Value) search.Query {
	return search.Query{Field: field, Operator: op, Values: []search.Value{v}}
}

var conversationOrders = map[string]search.Order{
	"list":           {},
	"state":          {Query: filterOf("state", "=", search.TextValue("open"))},
	"updated":        {Query: filterOf("updated_at", ">", search.IntValue(1_700_000_000)), Field: "updated_at", Ascending: true},
	"contact":        {Query: filterOf("contact_ids", "=", search.TextValue("x"))},
	"teammate":       {Query: filterOf("teammate_ids", "=", search.IntValue(7))},
	"waiting":        {Query: filterOf("state", "=", search.TextValue("open")), Field: "waiting_since", Ascending: true},
	"attribute":      {Query: filterOf("custom_attributes.plan", "=", search.TextValue("pro"))},
	"word":           {Query: filterOf("source.body", "=", search.TextValue("hello77"))},
	"assigned, open": {Query: search.Query{Combine: search.And, Queries: []search.Query{filterOf("admin_assignee_id", "=", search.IntValue(7)), filterOf("open", "=", search.BoolValue(true))}}},
}

// fill writes many conversations of one contact by SQL.
func (o *talk) fill(b *testing.B, size int) {
	b.Helper()
	update := inbox.Update{CustomAttributes: search.Attributes{"plan": search.TextValue("pro")}}
	first := o.begin(b)
	if _, err := o.UpdateConversation(b.Context(), o.caller, first, update); err != nil {
		b.Fatal(err)
	}
	counted := fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", size-1)
	ws := string(o.caller.Workspace)
	for _, sql := range []string{
		"INSERT INTO messages (workspace, id, delivered_as, contact_id, body, created_at) SELECT $1, i + 1000, 'customer_initiated', $2, '<p>hello' || i || ' world</p>', 1700000000 + i FROM n",
		"INSERT INTO conversations (workspace, id, message_id, state, admin_assignee_id, waiting_since, first_reply_at, created_at, updated_at) SELECT $1, i + 1000, i + 1000, CASE WHEN i % 2 = 0 THEN 'open' ELSE 'closed' END, i % 10, 1700000000 + i, 1700000000 + i, 1700000000 + i, 1700000000 + i FROM n WHERE $2 <> ''",
		"INSERT INTO conversation_participants (workspace, conversation_id, person_id, created_at) SELECT $1, i + 1000, $2, 1700000000 + i FROM n",
		"INSERT INTO conversation_admins (workspace, conversation_id, admin_id) SELECT $1, i + 1000, i % 10 FROM n WHERE $2 <> ''",
	} {
		if err := o.store.Exec(b.Context(), counted+sql, ws, o.ada.ID); err != nil {
			b.Fatal(err)
		}
	}
}

// awaitIndex waits until searches are answered from the index, where there is one.
func (o *talk) awaitIndex(b *testing.B) {
	b.Helper()
	filled := make(chan struct{}, 8)
	o.store.WhenIndexed(func(int) { filled <- struct{}{} })
	if _, err := o.Search(b.Context(), o.caller, inbox.ContactRef{}, search.Order{Limit: 1}); err != nil {
		b.Fatal(err)
	}
	select {
	case <-filled:
	case <-time.After(30 * time.Second):
	}
}

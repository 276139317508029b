package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/search"
)

// searches compares random searches with the matcher, which says what a search means. Between them somebody writes, and
// persons are merged and apart again.
func searches(t *testing.T, o *office) {
	random := rand.New(rand.NewPCG(3, 5))
	ids := o.crowdedInbox(t, random)
	compare := func(when string) {
		var all []*inbox.Conversation
		for _, id := range ids {
			all = append(all, o.find(t, id))
		}
		for i := range 150 {
			o.compare(t, fmt.Sprint(when, " ", i), all, randomOrder(random, all))
		}
	}
	compare("at first")
	merge, err := o.MergeContacts(t.Context(), o.caller, people.MergeOrder{FromID: o.leo.ID, IntoID: o.ada.ID})
	if err != nil {
		t.Fatal(err)
	}
	compare("merged")
	if _, _, err := o.UndoChange(t.Context(), o.caller, merge.ChangeID); err != nil {
		t.Fatal(err)
	}
	o.pass(100) // snoozes are over, and nothing says so
	o.reply(t, ids[3], inbox.Reply{Act: inbox.AdminComments, Body: "<p>Late</p>"})
	compare("undone, with snoozes that are over")
	for ; len(ids) > 20; ids = ids[1:] {
		if err := o.inbox.DeleteConversation(t.Context(), o.caller, ids[0], true); err != nil {
			t.Fatal(err)
		}
	}
	compare("some deleted")
}

// crowdedInbox begins conversations in all states, and returns their ids.
func (o *office) crowdedInbox(t *testing.T, random *rand.Rand) (ids []int64) {
	team, err := o.CreateTeam(t.Context(), o.caller, "Support", nil)
	if err != nil {
		t.Fatal(err)
	}
	bodies := []string{"<p>Refund please, a refund!</p>", "<p>Hello &amp; goodbye</p>", "<p>Don’t<br>panic</p>", "<p>ÄRGER über Öl</p>"}
	for i := range 40 {
		o.pass(random.Int64N(3))
		id := o.begin(t, []*people.Person{o.ada, o.leo}[random.IntN(2)], bodies[random.IntN(4)])
		ids = append(ids, id)
		for range random.IntN(5) {
			o.pass(random.Int64N(3))
			reply := inbox.Reply{Contact: inbox.ContactRef{ID: o.find(t, id).Participants[0].ID}}
			switch reply.Act = []inbox.Act{inbox.ContactComments, inbox.AdminComments, inbox.AdminCloses, inbox.AdminAssigns, inbox.AdminSnoozes}[random.IntN(5)]; reply.Act {
			case inbox.ContactComments, inbox.AdminComments:
				reply.Body = "<p>Word</p>"
			case inbox.AdminAssigns:
				reply.Assignee = []inbox.Assignee{{Kind: inbox.AdminAssignee, ID: o.adminID}, {Kind: inbox.TeamAssignee, ID: team.ID}}[random.IntN(2)]
			case inbox.AdminSnoozes:
				reply.Until = o.clock.Load() + 50 + random.Int64N(500)
			}
			o.reply(t, id, reply)
		}
		update := inbox.Update{CustomAttributes: search.Attributes{"plan": search.TextValue([]string{"Pro", "free"}[i%2]), "seats": search.IntValue(int64(i % 5))}}
		if random.IntN(2) == 0 {
			level := []inbox.Priority{inbox.LowPriority, inbox.UrgentPriority}[random.IntN(2)]
			update.Priority, update.AdminID = &level, o.adminID
		}
		if random.IntN(3) > 0 {
			update.CustomAttributes = nil
		}
		if _, err := o.inbox.UpdateConversation(t.Context(), o.caller, id, update); err != nil {
			t.Fatal(err)
		}
		if random.IntN(4) == 0 {
			o.tagConversation(t, id, fmt.Sprint("tag ", random.IntN(2)))
		}
		if random.IntN(5) == 0 {
			if _, err := o.inbox.AttachContact(t.Context(), o.caller, id, inbox.Actor{AdminID: o.adminID}, inbox.ContactRef{ID: o.leo.ID}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return ids
}

func (o *office) tagConversation(t *testing.T, id int64, name string) {
	t.Helper()
	made, err := o.ApplyTagging(t.Context(), o.caller, people.Tagging{Name: name})
	if err == nil {
		_, err = o.inbox.TagConversation(t.Context(), o.caller, id, o.adminID, made.Tag.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// randomOrder returns a search for values that the conversations have, or nearly have.
func randomOrder(random *rand.Rand, all []*inbox.Conversation) search.Order {
	fields := []string{"", "", "id", "created_at", "updated_at", "waiting_since", "snoozed_until"}
	return search.Order{
		Query: randomQuery(random, all, 0), Field: fields[random.IntN(len(fields))], Ascending: random.IntN(2) == 0, Limit: 1 + random.IntN(20),
	}
}

func randomQuery(random *rand.Rand, all []*inbox.Conversation, depth int) search.Query {
	if depth < 2 && random.IntN(3) == 0 {
		group := search.Query{Combine: []search.Combination{search.And, search.Or}[random.IntN(2)]}
		for range 1 + random.IntN(3) {
			group.Queries = append(group.Queries, randomQuery(random, all, depth+1))
		}
		return group
	}
	fields := inbox.ConversationSearch.Fields
	names := []string{"custom_attributes.plan", "custom_attributes.seats"}
	for range 20 {
		names = append(names, fields[random.IntN(len(fields))].Name)
	}
	operators := []search.Operator{"=", "!=", "IN", "NIN", "<", "<=", ">", ">=", "~", "!~", "^", "$"}
	q := search.Query{Field: names[random.IntN(len(names))], Operator: operators[random.IntN(len(operators))]}
	for range 3 {
		q.Values = append(q.Values, randomValue(random, all, q.Field))
	}
	if q.Operator != search.In && q.Operator != search.NotIn {
		q.Values = q.Values[:1]
	}
	return q
}

// randomValue returns a value that a conversation has in a field, or another one.
func randomValue(random *rand.Rand, all []*inbox.Conversation, field string) search.Value {
	switch random.IntN(8) {
	case 0:
		return search.NullValue()
	case 1:
		return search.IntValue(random.Int64N(3))
	case 2:
		return search.TextValue([]string{"true", "a", "0", "refund", "1", "high", "priority", "none"}[random.IntN(8)])
	}
	c := all[random.IntN(len(all))]
	keys := c.SearchKeys(field)
	if name, custom := cutCustom(field); custom {
		if v, has := c.CustomAttributes[name]; has {
			return v
		}
	}
	if len(keys) == 0 || keys[0] == "" {
		return search.IntValue(began + random.Int64N(60))
	}
	key := keys[random.IntN(len(keys))]
	if n, _, exact := search.KeyNumber(key); exact && len(key) > 2 && key[0] >= '8' {
		return search.IntValue(n)
	}
	if random.IntN(3) > 0 {
		return search.TextValue(key)
	}
	return search.TextValue(strings.ToValidUTF8(key[:1+random.IntN(len(key))], ""))
}

func cutCustom(field string) (string, bool) {
	if len(field) > len(search.CustomPrefix) && field[:len(search.CustomPrefix)] == search.CustomPrefix {
		return field[len(search.CustomPrefix):], true
	}
	return "", false
}

// compare walks through the pages of a search, and compares them with what the matcher says of every conversation.
func (o *office) compare(t *testing.T, when string, all []*inbox.Conversation, order search.Order) {
	t.Helper()
	types := func(name string) (search.FieldType, bool, error) {
		return map[string]search.FieldType{"plan": search.Text, "seats": search.Decimal}[name], true, nil
	}
	condition, err := order.Query.Check(inbox.ConversationSearch, search.Rules{Exact: true, Now: o.clock.Load(), Attribute: types})
	var found []int64
	for page := (&search.Page[*inbox.Conversation]{}); page != nil; {
		var refused error
		page, refused = o.inbox.Search(t.Context(), o.caller, inbox.ContactRef{}, order)
		if (refused == nil) != (err == nil) {
			t.Fatalf("%s: %+v: %v, and the check says %v", when, order.Query, refused, err)
		}
		if err != nil {
			return
		}
		for _, c := range page.Found {
			found = append(found, c.ID)
		}
		if order.After = page.Next; page.Next == nil {
			if page.Total != len(found) {
				t.Errorf("%s: %+v: %d found of %d", when, order.Query, len(found), page.Total)
			}
			break
		}
	}
	var want []*inbox.Conversation
	for _, c := range all {
		if condition.Matches(c.SearchKeys) {
			want = append(want, c)
		}
	}
	sort := search.Sort{Field: map[string]string{"": "updated_at", "id": ""}[order.Field], Ascending: order.Ascending, ByID: true}
	if order.Field != "" && order.Field != "id" {
		sort.Field = order.Field
	}
	slices.SortFunc(want, func(a, b *inbox.Conversation) int {
		return sort.Compare(sort.PlaceOf(a), sort.PlaceOf(b))
	})
	if !slices.EqualFunc(want, found, func(c *inbox.Conversation, id int64) bool { return c.ID == id }) {
		var wanted []int64
		for _, c := range want {
			wanted = append(wanted, c.ID)
		}
		t.Errorf("%s: %+v by %+v:\nfound %d\nwant  %d", when, order.Query, sort, found, wanted)
	}
}

// connector reads what was updated since the last time, as programs that copy conversations do, while others write. In the
// end it has every conversation as it is.
func connector(t *testing.T, o *office) {
	var ids []int64
	for range 12 {
		ids = append(ids, o.begin(t, o.ada, "<p>Hi</p>"))
	}
	var left atomic.Int64
	left.Store(4)
	copied := map[int64]int64{}
	since := int64(0)
	read := func() {
		query := search.Query{Field: "updated_at", Operator: search.Greater, Values: []search.Value{search.IntValue(since)}}
		for order := (search.Order{Query: query, Field: "updated_at", Ascending: true, Limit: 3}); ; {
			page, err := o.inbox.Search(t.Context(), o.caller, inbox.ContactRef{}, order)
			if err != nil {
				t.Error(err)
				return
			}
			if len(page.Found) == 0 && since == 0 {
				t.Error("nothing is found")
			}
			for _, c := range page.Found {
				copied[c.ID] = max(copied[c.ID], c.PartCount)
				since = max(since, c.UpdatedAt)
			}
			if order.After = page.Next; page.Next == nil {
				return
			}
		}
	}
	crowded(5, func(i int) {
		if i == 4 {
			for left.Load() > 0 {
				read()
			}
			return
		}
		defer left.Add(-1)
		random := rand.New(rand.NewPCG(9, uint64(i)))
		for range 10 {
			o.pass(1)
			reply := inbox.Reply{Act: inbox.AdminNotes, AdminID: o.adminID, Body: "<p>x</p>"}
			if _, err := o.inbox.Reply(t.Context(), o.caller, inbox.Target{ID: ids[random.IntN(len(ids))]}, reply); err != nil {
				t.Error(err)
			}
		}
	})
	read()
	for _, id := range ids {
		if c := o.find(t, id); copied[id] != c.PartCount {
			t.Errorf("conversation %d has %d parts, and %d were seen", id, c.PartCount, copied[id])
		}
	}
}

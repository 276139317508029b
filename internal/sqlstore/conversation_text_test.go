package sqlstore_test

import (
	"slices"
	"strconv"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/testkit"
)

// The database narrows a search of texts to what can match. A search that it cannot narrow finds the same.
func TestTextsOfConversationsAreFoundHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		o := newTalk(t, on)
		authors := []string{o.ada.ID}
		for _, name := range []string{"İSTANBUL Kiosk", "\u212Aelvin", "Ümit 77%_~", ""} { // the second begins with the sign of the unit
			role, email := people.Lead, "Kim+77@Example.COM"
			p, err := o.lobby.CreateContact(t.Context(), o.caller, people.ContactFields{Role: &role, Name: &name, Email: &email})
			if err != nil {
				t.Fatal(err)
			}
			authors = append(authors, p.ID)
		}
		for i, body := range []string{
			"<p>Where is PARCEL 77?</p>", "<p>par<b>cel</b></p>", "<p>Tom &amp; Jerry don&#39;t &lt;care&gt;</p>", "<p>&#80;arcel of &Agrave;</p>", "<p>\u212Aİosk</p>",
			"<p>100%_~</p>", "", "<p>a&fjlig;b</p>", "<p class=\"parcel\">x</p>",
		} {
			err := o.store.Exec(t.Context(), `INSERT INTO messages (workspace, id, delivered_as, contact_id, subject, body, created_at) VALUES ($1, $2, 'customer_initiated', $3, $4, $5, $2)`,
				string(o.caller.Workspace), int64(1000+i), authors[i%len(authors)], []string{"Hello World", "ÄRGER K"}[i%2], body)
			if err == nil {
				err = o.store.Exec(t.Context(), `INSERT INTO conversations (workspace, id, message_id, state, created_at, updated_at) VALUES ($1, $2, $2, 'open', $2, $2)`,
					string(o.caller.Workspace), int64(1000+i))
			}
			if err == nil {
				err = o.store.Exec(t.Context(), `INSERT INTO conversation_participants (workspace, conversation_id, person_id, created_at) VALUES ($1, $2, $3, $2)`,
					string(o.caller.Workspace), int64(1000+i), authors[i%len(authors)])
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		find := func(q search.Query) (ids []int64) {
			found, err := o.Search(t.Context(), o.caller, inbox.ContactRef{}, search.Order{Query: q, Limit: 50})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range found.Found {
				ids = append(ids, c.ID)
			}
			return ids
		}
		nobody := filterOf("source.url", "~", search.TextValue("nowhere"))
		matched := 0
		for _, field := range []string{"source.body", "source.subject", "source.author.name", "source.author.email"} {
			for _, text := range []string{
				"parcel", "PARCEL 77", "par cel", "tom & jerry", "don't", "<care>", "kiosk", "istanbul", "i", "k", "kelvin", "à", "100%_~", "_", "fj", "ärger", "example", "class", "x", "world",
			} {
				for _, op := range []search.Operator{"~", "=", "$", "^", "!~", "!="} {
					q := filterOf(field, op, search.TextValue(text))
					narrow, wide := find(q), find(search.Query{Combine: search.Or, Queries: []search.Query{q, nobody}})
					if matched += len(narrow); !slices.Equal(narrow, wide) {
						t.Errorf("%s %s %q finds %v, and in another way %v", field, op, text, narrow, wide)
					}
				}
				q := search.Query{Combine: search.And, Queries: []search.Query{filterOf("state", "=", search.TextValue("open")), {Combine: search.Or, Queries: []search.Query{
					filterOf(field, "~", search.TextValue(text)), filterOf("source.author.email", "~", search.TextValue("ada")),
				}}}}
				wide := q
				wide.Queries = []search.Query{q.Queries[0], {Combine: search.Or, Queries: append(slices.Clone(q.Queries[1].Queries), nobody)}}
				if got, want := find(q), find(wide); !slices.Equal(got, want) {
					t.Errorf("%s has %q or is Ada's: finds %v, and in another way %v", field, text, got, want)
				}
			}
		}
		many := search.Query{Field: "source.author.name", Operator: "IN"}
		for i := range 9_990 { // more than databases take as arguments, and each has several runs
			many.Values = append(many.Values, search.TextValue("a b x d "+strconv.Itoa(i)))
			if n := len(many.Values); n == 100 || n == 300 || n == 1000 {
				find(many)
			}
		}
		many.Values = append(many.Values, search.TextValue("istanbul kiosk"), search.TextValue("\u212Aelvin"))
		narrow, wide := find(many), find(search.Query{Combine: search.Or, Queries: []search.Query{many, nobody}})
		if len(narrow) == 0 || !slices.Equal(narrow, wide) {
			t.Errorf("one of many names finds %v, and in another way %v", narrow, wide)
		}
		if matched < 100 {
			t.Errorf("only %d conversations are found in all", matched)
		}
	})
}

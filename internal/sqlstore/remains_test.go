package sqlstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lobby/internal/app"
	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
)

// marked is what Remains asks about texts: the mark is number 1, and "shared" number 2.
func marked(value string) (found []int) {
	for i, text := range []string{mark, "shared"} {
		if strings.Contains(value, text) {
			found = append(found, i+1)
		}
	}
	return found
}

// TestRowsThatShouldBeGoneAreFound erases a person and plants, one by one, rows that still tell of it.
func TestRowsThatShouldBeGoneAreFound(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]testkit.Option{"sqlite": testkit.OnFile(), "postgres": testkit.OnPostgres()} {
		fixtures.NewSuite(t, func(t *testing.T) people.Store {
			return checked{testkit.Open(t, on)}
		}).Test(name, func(t *testing.T, w *fixtures.Fixtures) {
			store := w.Store.(checked)
			joined, conversations := app.Join(store.Store)
			w.Attached = joined.Attached
			conversations.Now, conversations.SendsMail = w.Now, true
			e := erasable{Fixtures: w, admin: w.HasAdmin(t, fixtures.Acme, "Ada").ID, tag: w.HasTag(t, fixtures.Acme, "vip"), inbox: conversations}
			e.stays = w.Has(t, people.User, func(p *people.Person) { p.Name, p.Email = "shared", "stays@example.com" })
			e.company, e.news = w.HasCompany(t, "acme"), w.HasType(t, fixtures.Acme, people.OptOut, "News")
			e.hasWebhook(t)
			p, lead := e.has(t, people.User), e.has(t, people.Lead)
			e.Merge(t, lead, p)
			e.erase(t, p)
			ids := []string{p.ID, lead.ID}
			remains := func(want ...string) {
				t.Helper()
				common, found, err := store.Remains(t.Context(), fixtures.Acme, ids, marked)
				if err != nil || common[1] || !common[2] {
					t.Fatalf("common are %v, %v", common, err)
				}
				var got []string
				for _, r := range found {
					got = append(got, r.Table+"."+r.Column)
				}
				if slices.Sort(got); !slices.Equal(got, want) {
					t.Errorf("found are %v, not %v", found, want)
				}
			}
			remains()
			for _, planted := range []struct{ into, columns, values, want string }{
				{"people", "workspace, id, role, created_at, updated_at", "'acme', '" + lead.ID + "', 'lead', 1, 1", "people.id"},
				{"notes", "workspace, id, person_id, body, created_at", "'acme', 99, '" + p.ID + "', '', 1", "notes.person_id"},
				{"outbox", "workspace, id, topic, person_id, subject_id, image, created_at", "'acme', 'x', 'x', 'x', 'x', '{\"a\":\"" + mark + "\"}', 1", "outbox.image"},
				{"outbox", "workspace, id, topic, person_id, subject_id, image, created_at", "'acme', 'x', 'x', '" + p.ID + "', 'x', '\"" + p.ID + "\"', 1", "outbox.image"},
				{"person_tags", "workspace, person_id, tag_id, applied_at", "'acme', '" + p.ID + "', 1, 1", "person_tags.person_id"},
				{
					"webhook_deliveries", "workspace, webhook_id, id, topic, sequence, body, state, attempts, created_at",
					"'acme', 'x', 'x', 'x', 1, 'about " + mark + "', 'failed', 1, 1", "webhook_deliveries.body",
				},
				{
					"changes", "workspace, id, kind, from_role, to_role, subject_id, created_at, subject, result",
					"'acme', 'x', 'x', 'lead', 'user', 'x', 1, '{\"name\":\"shared " + mark + "\"}', '{}'", "changes.subject",
				},
			} {
				err := store.Exec(t.Context(), fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", planted.into, planted.columns, planted.values))
				if err != nil {
					t.Fatal(err)
				}
				remains(planted.want)
				if err := store.Exec(t.Context(), "DELETE FROM "+planted.into+" WHERE "+strings.Split(planted.columns, ", ")[1]+" = "+
					strings.Split(planted.values, ", ")[1]+" AND workspace = 'acme'"); err != nil {
					t.Fatal(err)
				}
			}
			remains()
		})
	}
}

// remain expects that no row tells of the people who were erased.
func (e *erasable) remain(t *testing.T, store *sqlstore.Store, all []*people.Person) {
	t.Helper()
	_, found, err := store.Remains(t.Context(), fixtures.Acme, fixtures.IDs(all), marked)
	for _, r := range found {
		t.Error(r)
	}
	if err != nil {
		t.Error(err)
	}
}

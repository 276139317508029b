package sqlstore_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"lobby/internal/api"
	"lobby/internal/app"
	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/sqlstore"
)

// planted finds the texts of a person in a row: each has a number of its own.
var planted = regexp.MustCompile(mark + `\s?\d+`)

// notShown are the texts that an access request must not show, by the beginning of their column, and why.
var notShown = map[string]string{
	"browser_sessions hash=":  "is a secret",
	"uploads content=":        "is a file, whose address is shown",
	"search_keys ":            "is derived from the person",
	"webhook_deliveries body": "is shown unless it tells of others, too",
}

// shownAs is what an export has of tables that have no texts of a person.
var shownAs = map[string]string{
	"conversation_participants": `"kind":"conversation_participant"`, "message_recipients": `"kind":"message_recipient"`, "visit_days": `"kind":"visit_day"`,
	"person_companies": `"kind":"company_membership"`, "person_subscriptions": `"kind":"subscription_choice"`, "person_tags": `"vip"`,
	"webhook_delivery_people": `"kind":"webhook_delivery_person"`, "outbox": `"type":"person.export"`, "conversations": `"type":"person.conversation"`,
	"browser_sessions": `"device_id":"` + mark, "receipts": `"kind":"receipt"`, "mails": `"type":"person.email"`,
	"webhook_deliveries": `"body":"{\"data\":{\"name\":\"` + mark, "presences": `"kind":"presence"`, "uploads": "/uploads/",
	"activities": `"kind":"activity"`, "distinctions": `"kind":"distinction"`, "events": `"events":[{`,
}

// All that is planted in any table is in the export of the person.
func TestAnAccessRequestShowsAllThatIsKept(t *testing.T) {
	t.Parallel()
	fixtures.NewSuite(t, func(t *testing.T) people.Store {
		store, err := sqlstore.OpenSQLite(t.Context(), t.TempDir(), phones)
		return opened(t, store, err)
	}).Test("of somebody about whom everything is known", func(t *testing.T, w *fixtures.Fixtures) {
		known := erasable{Fixtures: w, admin: w.HasAdmin(t, fixtures.Acme, "Ada").ID, tag: w.HasTag(t, fixtures.Acme, "vip")}
		known.stays = w.Has(t, people.User, func(p *people.Person) { p.Name, p.ExternalID, p.Email = "stays", "stays", "stays@example.com" })
		joined, conversations := app.Join(w.Store.(checked).Store)
		w.Attached, known.inbox = joined.Attached, conversations
		conversations.Now, conversations.SendsMail = w.Now, true
		known.company, known.news = w.HasCompany(t, "acme"), w.HasType(t, fixtures.Acme, people.OptOut, "News")
		known.hasWebhook(t)
		p := known.has(t, people.User)
		w.Merge(t, known.has(t, people.Lead), p)
		known.visits(t, []*people.Person{p})
		known.isInTheLog(t, p)
		export, err := api.ExportPerson(t.Context(), joined, known.Caller, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		dump, err := w.Store.(checked).Dump(t.Context(), fixtures.Acme)
		if err != nil {
			t.Fatal(err)
		}
		for table, rows := range dump {
			mustShow(t, table, rows, string(export))
		}
	})
}

// mustShow expects what is planted in the rows of a table to be in an export.
func mustShow(t *testing.T, table string, rows []string, export string) {
	t.Helper()
	found := 0
	for _, row := range rows {
		for _, at := range planted.FindAllStringIndex(row, -1) {
			column := row[strings.LastIndexByte(row[:strings.LastIndexByte(row[:at[0]], '=')+1], ' ')+1 : at[0]]
			isLeftOut := false
			for begin := range notShown {
				isLeftOut = isLeftOut || strings.HasPrefix(table+" "+column, begin)
			}
			found++
			text := row[at[0]:at[1]]
			if isIn := slices.Contains(planted.FindAllString(export, -1), text); !isIn && !isLeftOut {
				t.Errorf("%s: the export lacks %s of %.300s", table, text, row)
			}
		}
	}
	if _, isWithout := withoutPeople[table]; (isWithout || found > 0) && shownAs[table] == "" {
		return
	}
	if want := shownAs[table]; want == "" || !strings.Contains(export, want) {
		t.Errorf("%s: the export lacks %q; its rows are %.300s", table, want, rows)
	}
}

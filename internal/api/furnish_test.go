package api_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/api"
	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/testkit"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// newest is the newest version that has a number.
const newest = apiversion.Preview - 1

// foretold lets all that a server makes up follow from how much it made up before: two servers that are asked the same
// then answer the same.
func foretold(s *testkit.Instance) *testkit.Instance {
	var made atomic.Int64
	made.Store(1 << 40) // far from whatever a test makes up
	s.Lobby.NewID = func(at time.Time) string { return fmt.Sprintf("%08x%016x", at.Unix(), made.Add(1)) }
	s.Lobby.NewEntryID = s.Lobby.NewID
	s.Lobby.NewUUID = func() string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", made.Add(1)) }
	s.Lobby.Secret = func(n int) string { return fmt.Sprintf("s%0*d", n-1, made.Add(1)-1<<40) }
	s.Lobby.Pseudonym = func(string, string) string { return "Teal Whale" }
	return s
}

// furnished is a stage with one of each kind of thing in it. What has a number has one from number on.
func furnished(t *testing.T, s *testkit.Instance, client *testkit.Client, number int64) *stage {
	t.Helper()
	on := set(t, s, client)
	ws, ada := client.Workspace, on.ids["$ada"]
	of := people.Tag{Workspace: ws, ID: number, Name: "theirs", CreatedAt: yesterday}
	company := &people.Company{
		Workspace: ws, ID: s.Lobby.NewID(s.Clock.Now()), CompanyID: fmt.Sprint("company-", number), CreatedAt: yesterday, UpdatedAt: yesterday,
	}
	segment := &people.Segment{
		Workspace: ws, ID: s.Lobby.NewID(s.Clock.Now()), Name: "Some", Role: people.User, CreatedAt: yesterday, UpdatedAt: yesterday,
		Query: search.Query{Field: "name", Operator: search.Equal, Values: []search.Value{search.TextValue("Ada")}},
	}
	text := people.Translation{Name: "News", Locale: "en"}
	err := s.Store.Write(t.Context(), func(w people.Writer) error {
		p, err := w.Person(ws, ada)
		if err != nil {
			return err
		}
		with := *p
		with.Attached = true
		return errors.Join(
			w.UpdatePerson(p, &with),
			w.PutTag(&of),
			w.TagPerson(ada, &people.AppliedTag{Tag: of, AppliedAt: yesterday}),
			w.InsertNote(&people.Note{Workspace: ws, ID: number + 1, PersonID: ada, Body: "X", CreatedAt: yesterday}),
			w.PutSubscriptionType(&people.SubscriptionType{
				Workspace: ws, ID: number + 2, State: people.SubscriptionLive, Consent: people.OptOut, ContentTypes: []people.ContentType{"email"},
				Translations: []people.Translation{text}, CreatedAt: yesterday, UpdatedAt: yesterday,
			}),
			w.InsertSubscription(&people.Subscription{Workspace: ws, PersonID: ada, TypeID: number + 2, Consent: people.OptOut, CreatedAt: yesterday}),
			w.DefineAttribute(&people.Attribute{
				Workspace: ws, ID: number + 3, Model: people.ContactModel, Name: "shade", Type: people.StringAttribute, CreatedAt: yesterday, UpdatedAt: yesterday,
			}),
			w.(workspace.Writer).InsertAdmin(&workspace.Admin{Workspace: ws, ID: number + 4, Name: "Admin", Email: "admin@example.com", CreatedAt: yesterday}),
			w.(workspace.Writer).InsertTeam(&workspace.Team{Workspace: ws, ID: number + 5, Name: "Team", AdminIDs: []int64{number + 4}, CreatedAt: yesterday}),
			w.(workspace.Writer).PutAwayReason(&workspace.AwayReason{Workspace: ws, ID: number + 6, Label: "Lunch", CreatedAt: yesterday, UpdatedAt: yesterday}),
			w.(workspace.Writer).InsertIdentitySecret(&workspace.IdentitySecret{Workspace: ws, ID: number + 7, Platform: workspace.Web, Secret: "secret", CreatedAt: yesterday}),
			w.InsertCompany(company),
			w.AttachCompany(ws, ada, company.ID, yesterday),
			w.PutSegment(segment),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	on.hook(t)
	on.converses(t, ada, number)
	on.becomeMerged(t)
	for i, name := range []string{"$tag", "$note", "$type", "$attribute", "$admin", "$team", "$reason", "$secret", "$conversation", "$part", "$source"} {
		on.ids[name] = strconv.FormatInt(number+int64(i), 10)
	}
	on.ids["$segment"], on.ids["$company"], on.ids["$company.company_id"] = segment.ID, company.ID, company.CompanyID
	on.ids["$change"] = on.snapshot(t).Journal[0].ID
	on.bring(t, fmt.Sprint("of-", number))
	return on
}

// hook makes a webhook, $hook, with a $delivery that has ended.
func (s *stage) hook(t *testing.T) {
	t.Helper()
	ws, id := s.client.Workspace, s.Lobby.NewID(s.Clock.Now())
	delivery := webhook.NotificationID(s.Lobby.NewID(s.Clock.Now()), id, 0)
	err := s.Store.Webhooks().Write(t.Context(), func(w webhook.Writer) error {
		return errors.Join(
			w.InsertWebhook(&webhook.Subscription{
				Workspace: ws, ID: id, URL: "https://example.com", Topics: []string{webhook.Every}, Version: "2.7", Secret: "secret",
				CreatedAt: yesterday, UpdatedAt: yesterday,
			}),
			w.PutDelivery(&webhook.Delivery{
				Workspace: ws, WebhookID: id, ID: delivery, Topic: webhook.Ping, Body: "{}", State: webhook.Delivered, CreatedAt: yesterday,
			}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.ids["$hook"], s.ids["$delivery"] = id, delivery
}

// bring brings three people whom requests may use up: $visitor, $contact, who is a lead, and $user.
func (s *stage) bring(t *testing.T, mark string) {
	t.Helper()
	all := map[string]*people.Person{
		"visitor": {Role: people.Visitor, AnonymousID: s.Lobby.NewUUID(), Email: "visitor-" + mark + "@example.com"},
		"contact": {Role: people.Lead, ExternalID: "lead-" + mark},
		"user":    {Role: people.User, ExternalID: "user-" + mark, Email: "user-" + mark + "@example.com"},
	}
	err := s.Store.Write(t.Context(), func(w people.Writer) error {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			p := all[name]
			p.Workspace, p.ID, p.CreatedAt, p.UpdatedAt = s.client.Workspace, s.Lobby.NewID(s.Clock.Now()), yesterday, yesterday
			if err := w.InsertPerson(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range all {
		s.ids["$"+name], s.names[p.ID] = p.ID, name+" "+mark
	}
	s.ids["$visitor.user_id"], s.ids["$visitor.email"], s.ids["$user.email"] = all["visitor"].AnonymousID, all["visitor"].Email, all["user"].Email
	s.ids["$contact.external_id"], s.ids["$user.external_id"] = all["contact"].ExternalID, all["user"].ExternalID
}

// parts are what stands for the parts of a path that are ids, by the noun before them.
var parts = map[string]string{
	"admins": "$admin", "teams": "$team", "visitors": "$visitor", "contacts": "$contact", "find_by_external_id": "$user.external_id",
	"people": "$visitor", "duplicates": "$user", "changes": "$change", "tags": "$tag", "notes": "$note", "segments": "$segment", "companies": "$company",
	"subscriptions": "$type", "subscription_types": "$type", "data_attributes": "$attribute", "away_status_reasons": "$reason",
	"identity_secrets": "$secret", "webhooks": "$hook", "deliveries": "$delivery", "conversations": "$conversation", "customers": "$contact",
}

// pathOf is the path of a route with what stands for ids in it.
func pathOf(t *testing.T, r api.Route) string {
	t.Helper()
	names := strings.Split(r.Path, "/")
	for i, name := range names {
		if !strings.HasPrefix(name, "{") {
			continue
		}
		if names[i] = parts[names[i-1]]; names[i] == "" {
			t.Fatalf("nothing stands for the id in %s", r.Path)
		}
	}
	return strings.Join(names, "/")
}

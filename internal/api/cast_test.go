package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// yesterday is when everybody in a scenario was first seen, a day before its clock stands.
const yesterday = testkit.Began - 24*60*60

// cast is who lives in the workspace of every scenario. Their names are how requests and expectations speak of them:
// $vera is the id of Vera, $vera.user_id that which her browser holds.
var cast = map[string]people.Person{
	"vera": {Role: people.Visitor},
	"victor": {
		Role: people.Visitor, Email: "victor@example.com", Phone: "+1 123 456 789", Name: "Victor", OwnerID: 1,
		Avatar: "https://example.com/victor.png", UnsubscribedFromEmails: true, LastSeenAt: yesterday + 60, SessionCount: 2,
		Browser: "Chrome", BrowserVersion: "80.0.3987.132", BrowserLanguage: "en-US", OS: "Mac OS X",
		Location: people.Location{
			City: "Dublin", Region: "Leinster", Country: "Ireland", CountryCode: "IRL", ContinentCode: "EU",
			PostalCode: "D02 N960", Timezone: "Europe/Dublin",
		},
		Referrer: "https://www.google.com/", UTM: people.UTM{Campaign: "spring", Source: "Intercom"},
		CustomAttributes: search.Attributes{
			"plan": search.TextValue("pro"), "seats": search.IntValue(3), "trial": search.BoolValue(true),
		},
	},
	"tim": {Role: people.Visitor, Email: "Twins@example.com"},
	"tom": {Role: people.Visitor, Email: "twins@example.com"},
	"leo": {Role: people.Lead, ExternalID: "leo-1", Email: "leo@example.com"},
	"ada": {
		Role: people.User, ExternalID: "ada-1", Email: "Ada@example.com", Name: "Ada", LastSeenAt: yesterday,
		CustomAttributes: search.Attributes{"plan": search.TextValue("free")},
	},
	"eve":    {Role: people.User, ExternalID: "eve-1"},
	"ann":    {Role: people.User, Email: "ann@example.com"},
	"archie": {Role: people.User, State: people.Archived, ExternalID: "archie-1", Email: "archie@example.com"},
	"bob":    {Role: people.User, State: people.Blocked, ExternalID: "bob-1", Email: "bob@example.com"},
	"olga":   {Role: people.User, State: people.Merged, ExternalID: "olga-1", Email: "olga@example.com"}, // into Ada
	"lena":   {Role: people.Lead, State: people.Merged, ExternalID: "lena-1"},                            // into Ada
}

// stage is a workspace with the cast in it.
type stage struct {
	*testkit.Instance
	client *testkit.Client
	ids    map[string]string // by name, as scenarios write them
	names  map[string]string // by id
}

// set puts the cast into the workspace of a client.
func set(t *testing.T, s *testkit.Instance, client *testkit.Client) *stage {
	t.Helper()
	st := &stage{Instance: s, client: client, ids: map[string]string{}, names: map[string]string{}}
	all := make(map[string]*people.Person, len(cast))
	for _, name := range slices.Sorted(maps.Keys(cast)) {
		p := cast[name]
		p.Workspace, p.CreatedAt, p.UpdatedAt = client.Workspace, yesterday, yesterday
		p.ID = s.Lobby.NewID(s.Clock.Now())
		st.ids["$"+name], st.names[p.ID] = p.ID, name
		if p.Role == people.Visitor {
			p.AnonymousID = s.Lobby.NewUUID()
			st.ids["$"+name+".user_id"] = p.AnonymousID
		}
		if p.Role == people.User {
			p.SignedUpAt = yesterday
		}
		all[name] = &p
	}
	err := s.Store.Write(t.Context(), func(w people.Writer) error {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			p := all[name]
			if p.State == people.Merged {
				p.MergedInto = all["ada"].ID
			}
			if err := w.InsertPerson(p); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		for i, a := range []people.Attribute{
			{Name: "plan", Type: people.StringAttribute}, {Name: "seats", Type: people.IntegerAttribute}, {Name: "trial", Type: people.BooleanAttribute},
		} {
			a.Workspace, a.ID, a.Model, a.AdminID = client.Workspace, int64(i+1), people.ContactModel, 1
			a.MessengerWritable, a.CreatedAt, a.UpdatedAt = true, yesterday, yesterday
			if err := w.DefineAttribute(&a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// fill writes ids for names.
func (s *stage) fill(text string) string {
	var pairs []string
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(s.ids))) { // longer names before their beginnings
		pairs = append(pairs, name, s.ids[name])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (s *stage) read(t *testing.T, fn func(people.Reader) error) {
	t.Helper()
	if err := s.Store.Read(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// world is what a workspace has, as the domain sees it, so that it can be compared across databases and workspaces. Whether
// anything changed at all is for [snapshot].
type world struct {
	Cast, Visitors, Contacts []*people.Person
	Links                    map[string]*people.Associations // of the cast
	Tags                     []*people.Tag
	Attributes               []*people.Attribute
	SubscriptionTypes        []*people.SubscriptionType
	Segments                 []*people.Segment
	Subscriptions            [][]*people.SubscriptionType // of each of the cast
	Companies                []*people.Company
	Journal                  []*people.Change
	Outbox                   []*workspace.OutboxEntry
	Events                   []*people.Event
	Summaries                []*people.EventSummary // of the cast, with their own events
	Log                      []*workspace.Activity
	Reasons                  []*workspace.AwayReason
	Correspondence           *correspondence
}

func (s *stage) world(t *testing.T) (w world) {
	t.Helper()
	if _, err := people.New(s.Store, nil).StampOutbox(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	s.read(t, func(r people.Reader) (err error) {
		w = world{} // a read may run again
		for _, id := range slices.Sorted(maps.Keys(s.names)) {
			p, err := r.Person(s.client.Workspace, id)
			if err != nil {
				return err
			}
			w.Cast = append(w.Cast, p)
			company, err := r.Company(s.client.Workspace, id)
			if err != nil {
				return err
			}
			w.Companies = append(w.Companies, company)
			changes, err := r.Changes(s.client.Workspace, id, "", 100_000)
			if err != nil {
				return err
			}
			w.Journal = append(w.Journal, changes...)
			events, err := r.Events(s.client.Workspace, id, people.EventSpan{}, 1000)
			if err != nil {
				return err
			}
			summaries, err := r.EventSummaries(s.client.Workspace, id)
			if err != nil {
				return err
			}
			w.Events, w.Summaries = append(w.Events, events...), append(w.Summaries, summaries...)
			chosen, err := r.Subscriptions(s.client.Workspace, id)
			if err != nil {
				return err
			}
			w.Subscriptions = append(w.Subscriptions, chosen)
		}
		if w.Links, err = r.Associations(s.client.Workspace, slices.Sorted(maps.Keys(s.names))); err != nil {
			return err
		}
		if w.Tags, err = r.Tags(s.client.Workspace); err != nil {
			return err
		}
		if w.Visitors, err = r.Visitors(s.client.Workspace, people.VisitorFilter{}, 1000); err != nil {
			return err
		}
		if w.Contacts, err = r.Contacts(s.client.Workspace, "", 1000); err != nil {
			return err
		}
		if w.Attributes, err = r.Attributes(s.client.Workspace); err != nil {
			return err
		}
		if w.Log, err = r.(workspace.Reader).Activities(s.client.Workspace, workspace.ActivityFilter{Before: 1 << 31}, workspace.Page{Number: 1, Size: 1000}); err != nil {
			return err
		}
		if w.Reasons, err = r.(workspace.Reader).AwayReasons(s.client.Workspace); err != nil {
			return err
		}
		if w.SubscriptionTypes, err = r.SubscriptionTypes(s.client.Workspace); err != nil {
			return err
		}
		if w.Segments, err = r.Segments(s.client.Workspace); err != nil {
			return err
		}
		w.Outbox, err = r.(workspace.Reader).Outbox(s.client.Workspace, 0, 100_000)
		return err
	})
	everybody := slices.Collect(maps.Keys(s.names))
	for _, p := range slices.Concat(w.Contacts, w.Visitors) {
		everybody = append(everybody, p.ID)
	}
	slices.Sort(everybody)
	w.Correspondence = s.correspondence(t, slices.Compact(everybody))
	return w
}

// snapshot is all that the database has of a workspace, whatever tables there are, with what tests look at more closely.
type snapshot struct {
	Rows    map[string][]string // by table
	Journal []*people.Change    // of whom the stage knows by name
	Outbox  []*workspace.OutboxEntry
}

// movedByReading are the tables that an operation may change that changes nothing for its caller.
var movedByReading = []string{
	"company_scrolls", // where the one scroll of a workspace stands
}

func (s *stage) snapshot(t *testing.T) (now snapshot) {
	t.Helper()
	if _, err := people.New(s.Store, nil).StampOutbox(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	if err := s.Store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.read(t, func(r people.Reader) (err error) {
		now.Journal = nil
		for _, id := range slices.Sorted(maps.Keys(s.names)) {
			changes, err := r.Changes(s.client.Workspace, id, "", 100_000)
			if err != nil {
				return err
			}
			now.Journal = append(now.Journal, changes...)
		}
		now.Outbox, err = r.(workspace.Reader).Outbox(s.client.Workspace, 0, 100_000)
		return err
	})
	var err error
	if now.Rows, err = s.Store.Dump(t.Context(), s.client.Workspace); err != nil {
		t.Fatal(err)
	}
	for _, table := range movedByReading {
		delete(now.Rows, table)
	}
	return now
}

// changed says what differs from an earlier snapshot.
func (s *stage) changed(t *testing.T, before snapshot) string {
	t.Helper()
	return difference(before, s.snapshot(t))
}

func difference(before, after snapshot) string { return cmp.Diff(before, after, sameValue) }

// sameValue compares values by what they hold, and takes an empty list for none: which of them the outbox is depends on
// what other workspaces did.
var sameValue = cmp.Options{cmp.Comparer(func(a, b search.Value) bool { return a == b }), cmpopts.EquateEmpty()}

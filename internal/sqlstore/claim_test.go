package sqlstore_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"lobby/internal/enrich"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlstore"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

// claims sends pings that name users without proof.
type claims struct {
	visits visit.Visits
	ws     *workspace.Workspace
}

func newClaims(t *testing.T, store *sqlstore.Store) *claims {
	t.Helper()
	lobby := people.New(store, enrich.PseudonymFrom)
	made, err := lobby.CreateWorkspace(t.Context(), workspace.Draft{})
	if err != nil {
		t.Fatal(err)
	}
	return &claims{visit.Visits{Lobby: lobby}, made.Workspace}
}

func (c *claims) knows(t *testing.T, ref people.UserRef) {
	t.Helper()
	var fields people.ContactFields
	if ref.UserID != "" {
		fields.ExternalID = &ref.UserID
	}
	if ref.Email != "" {
		fields.Email = &ref.Email
	}
	if _, err := c.visits.CreateContact(t.Context(), workspace.Caller{Workspace: c.ws.ID}, fields); err != nil {
		t.Fatal(err)
	}
}

func (c *claims) ping(t *testing.T, ref people.UserRef) *visit.PingResult {
	t.Helper()
	name := "Mallory"
	p := &visit.Ping{Workspace: c.ws, SignIn: visit.SignIn{
		User: ref,
		Visit: visit.Visit{
			Name: &name, Browser: "Chrome", OS: "Linux", Timezone: "Europe/Berlin",
			CustomAttributes: search.Attributes{"plan": search.TextValue("pro"), "seats": search.IntValue(3)},
		},
	}, Events: []visit.PingEvent{{Event: people.Event{Name: "seen"}}, {Event: people.Event{Name: "bought"}}, {}}}
	result, err := c.visits.Ping(t.Context(), workspace.Caller{Workspace: c.ws.ID}, p)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// Whether a name is somebody's must not show in the time that an answer takes. How long a statement takes is measured in
// [TestAClaimTakesAsLongForEverybody]; here each kind of claim runs as many.
func TestAClaimRunsTheSameStatementsForEverybody(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store *sqlstore.Store) {
		c := newClaims(t, store)
		now := time.Now()
		c.visits.Now = func() time.Time { return now } // definitions are remembered for a second
		c.ping(t, people.UserRef{UserID: "the first, which defines the attributes"})
		c.ping(t, people.UserRef{UserID: "the second, which reads them"})
		counted := store.Statements()
		for _, kind := range []string{"id", "email", "both"} {
			ref := func(who string) people.UserRef {
				return map[string]people.UserRef{
					"id": {UserID: who}, "email": {Email: who + "@example.com"}, "both": {UserID: who + "-2", Email: who + "-2@example.com"},
				}[kind]
			}
			c.knows(t, ref("ada"))
			run := map[string]sqlstore.Statements{}
			people, outbox := map[string]int64{}, map[string]int64{}
			for _, who := range []string{"ada", "nobody"} {
				peopleBefore, outboxBefore := rows(t, store, "people"), rows(t, store, "outbox")
				*counted = sqlstore.Statements{}
				result := c.ping(t, ref(who))
				run[who] = *counted
				people[who], outbox[who] = rows(t, store, "people")-peopleBefore, rows(t, store, "outbox")-outboxBefore
				if !result.IsUnproven || len(result.Refusals) != 1 || (result.Person == nil) != (who == "ada") {
					t.Errorf("%s of %s: %+v", kind, who, result)
				}
			}
			if run["ada"] != run["nobody"] || run["ada"].Writes != 1 {
				t.Errorf("by %s: somebody runs %+v, nobody %+v", kind, run["ada"], run["nobody"])
			}
			if people["ada"] != 0 || outbox["ada"] != 0 || people["nobody"] != 1 || outbox["nobody"] == 0 {
				t.Errorf("by %s: people %v and entries %v were added", kind, people, outbox)
			}
		}
	})
}

func rows(t *testing.T, store *sqlstore.Store, table string) int64 {
	t.Helper()
	n, err := store.Rows(t.Context(), table)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The medians of first claims about somebody and about nobody, taken in turn, differ by less than their own spread.
func TestAClaimTakesAsLongForEverybody(t *testing.T) {
	if os.Getenv("LOBBY_TEST_DEEP") == "" {
		t.Skip("it measures: LOBBY_TEST_DEEP=1")
	}
	const pairs = 400
	folder, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close() //nolint:errcheck // it is thrown away
	c := newClaims(t, folder)
	c.ping(t, people.UserRef{UserID: "the first, which defines the attributes"})
	for i := range pairs {
		c.knows(t, people.UserRef{UserID: fmt.Sprint("known-", i)})
	}
	took := map[string][]time.Duration{}
	for i := range pairs {
		order := []string{"known", "fresh"}
		if i%2 == 1 {
			slices.Reverse(order)
		}
		for _, who := range order {
			began := time.Now()
			c.ping(t, people.UserRef{UserID: fmt.Sprint(who, "-", i)})
			took[who] = append(took[who], time.Since(began))
		}
	}
	var told strings.Builder
	quartile := func(who string, q int) time.Duration { return took[who][len(took[who])*q/4] }
	for who := range took {
		slices.Sort(took[who])
		fmt.Fprintf(&told, " %s %v %v %v", who, quartile(who, 1), quartile(who, 2), quartile(who, 3))
	}
	t.Logf("quartiles of %d pairs:%s", pairs, told.String())
	apart := math.Abs(float64(quartile("known", 2) - quartile("fresh", 2)))
	if spread := float64(quartile("fresh", 3) - quartile("fresh", 1)); apart > spread && apart > 0.2*float64(quartile("fresh", 2)) {
		t.Errorf("the medians are %v apart:%s", time.Duration(apart), told.String())
	}
}

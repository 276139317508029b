package api_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// scenario is a row of requests to a workspace where only the cast lives.
type scenario struct {
	says  string
	steps []step
}

// step is one request and all that must come of it: what is not expected must not happen. Names of the cast stand for
// ids everywhere.
type step struct {
	do      string // method and path
	body    string
	headers []string
	// status is 0 for 200.
	status int
	// has is JSON that the answer has: objects may have more members, lists may not have more elements.
	has string
	// refused is the code and the message of the only error. Then nothing in the database may have changed.
	refused string
	// identity is the decision in the Lobby-Identity header.
	identity string
	// as is the name by which later steps know whom the answer shows.
	as string
	// fires are the events, each as "topic person"; "new" is who has no name yet.
	fires []string
	// writes is the journal entry, as "kind from→to subject→survivor: field verdict, …"; without the colon the verdicts
	// do not matter.
	writes string
}

// one is a scenario of a single request.
func one(says string, s step) scenario { return scenario{says, []step{s}} }

// groups are scenarios by what they are about.
type groups map[string][]scenario

// play runs scenarios side by side, in memory and on PostgreSQL: an answer must not depend on the database.
func play(t *testing.T, all groups) {
	t.Helper()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := testkit.Start(t, database)
		for about, scenarios := range all {
			for _, scenario := range scenarios {
				t.Run(about+"/"+scenario.says, func(t *testing.T) {
					t.Parallel()
					stage := set(t, s, s.NewWorkspace(t))
					before := stage.snapshot(t)
					for i := range scenario.steps {
						before = scenario.steps[i].runFrom(t, stage, before)
					}
				})
			}
		}
	})
}

func (s *step) run(t *testing.T, on *stage) {
	t.Helper()
	s.runFrom(t, on, on.snapshot(t))
}

// runFrom runs a step in the workspace as it is, and returns what the step made of it.
func (s *step) runFrom(t *testing.T, on *stage, before snapshot) (after snapshot) {
	t.Helper()
	method, path, _ := strings.Cut(s.do, " ")
	var body any
	if s.body != "" {
		body = on.fill(s.body)
	}
	headers := make([]string, len(s.headers))
	for i, header := range s.headers {
		headers[i] = on.fill(header)
	}
	r := on.client.Do(t, method, on.fill(path), body, headers...)
	after = on.snapshot(t)

	if want := max(s.status, http.StatusOK); r.Status != want {
		t.Fatalf("%s %s: the status is %d, want %d: %s", s.do, s.body, r.Status, want, r.Text)
	}
	if got := r.Refusal(); got != on.fill(s.refused) {
		t.Errorf("%s %s: refused with %q, want %q", s.do, s.body, got, on.fill(s.refused))
	}
	if s.has != "" {
		on.expect(t, s.do, r, s.has)
	}
	decision, entry, _ := strings.Cut(r.Header.Get("Lobby-Identity"), "; ")
	if r.Status >= 400 {
		decision, entry = r.Header.Get("Lobby-Identity"), ""
	}
	if decision != s.identity {
		t.Errorf("%s: Lobby-Identity is %q, want %q", s.do, decision, s.identity)
	}
	fired := after.Outbox[len(before.Outbox):]
	if got := on.tell(fired); !slices.Equal(got, s.fires) {
		t.Errorf("%s fired %q, want %q", s.do, got, s.fires)
	}
	on.journal(t, s, r, entry, before, after)
	if r.Status >= 400 || method == http.MethodGet || method == http.MethodHead {
		if diff := difference(before, after); diff != "" {
			t.Errorf("%s changed the database (-before +after):\n%s", s.do, diff)
		}
	}
	if id, shown := r.Get("id").(string); shown && s.as != "" {
		on.ids["$"+s.as], on.names[id] = id, s.as
		return on.snapshot(t) // with who is known by name now
	}
	return after
}

// expect looks for JSON in an answer.
func (s *stage) expect(t *testing.T, do string, r *testkit.Response, want string) {
	t.Helper()
	var has any
	if err := json.Unmarshal([]byte(s.fill(want)), &has); err != nil {
		t.Fatalf("the scenario expects no JSON: %v: %s", err, want)
	}
	if missing := lacks(r.JSON, has, ""); missing != nil {
		t.Errorf("%s: %s\nthe answer was %s", do, strings.Join(missing, "; "), r.Text)
	}
}

// lacks says what of want is not in got.
func lacks(got, want any, path string) (missing []string) {
	switch want := want.(type) {
	case map[string]any:
		object, is := got.(map[string]any)
		if !is {
			return []string{fmt.Sprintf("%s is %v, no object", path, got)}
		}
		for name, value := range want {
			inner, has := object[name]
			if !has {
				missing = append(missing, path+"."+name+" is missing")
				continue
			}
			missing = append(missing, lacks(inner, value, path+"."+name)...)
		}
	case []any:
		list, is := got.([]any)
		if !is || len(list) != len(want) {
			return []string{fmt.Sprintf("%s is %v, no list of %d", path, got, len(want))}
		}
		for i := range want {
			missing = append(missing, lacks(list[i], want[i], fmt.Sprintf("%s.%d", path, i))...)
		}
	default:
		if got != want {
			return []string{fmt.Sprintf("%s is %v, want %v", path, got, want)}
		}
	}
	return missing
}

// tell writes events as scenarios do.
func (s *stage) tell(events []*workspace.OutboxEntry) (told []string) {
	for _, e := range events {
		told = append(told, string(e.Topic)+" "+cmp.Or(s.names[e.PersonID], "new"))
	}
	return told
}

// journal compares what a step added to the journal with what it should have, and with the answer and the outbox that
// tell of the same change.
func (s *stage) journal(t *testing.T, of *step, r *testkit.Response, entry string, before, after snapshot) {
	t.Helper()
	known := map[string]bool{}
	for _, c := range before.Journal {
		known[c.ID] = true
	}
	added := map[string]*people.Change{} // a merge is in the journal of two people
	for _, c := range after.Journal {
		if !known[c.ID] {
			added[c.ID] = c
		}
	}
	if of.writes == "" {
		if len(added) != 0 {
			t.Errorf("%s wrote %d entries into the journal", of.do, len(added))
		}
		return
	}
	change := added[strings.TrimPrefix(entry, "entry=")]
	if change == nil || len(added) != 1 {
		t.Fatalf("%s wrote %d entries into the journal, and the answer speaks of %q", of.do, len(added), entry)
	}
	var outcomes []string
	for _, o := range change.Outcomes {
		outcomes = append(outcomes, o.Field+" "+string(o.Verdict))
	}
	got := fmt.Sprintf("%s %s→%s %s→%s: %s", change.Kind, change.From, change.To,
		s.names[change.SubjectID], s.names[change.SurvivorID], strings.Join(outcomes, ", "))
	if head, _, _ := strings.Cut(got, ":"); got != of.writes && head != of.writes {
		t.Errorf("%s wrote into the journal\n%s\nnot\n%s", of.do, got, of.writes)
	}
	if want := (workspace.Actor{Kind: "token", ID: s.client.TokenID}); change.Actor != want {
		t.Errorf("%s: the journal says that %v asked, not %v", of.do, change.Actor, want)
	}
	if id := r.Header.Get("X-Request-Id"); change.RequestID != id {
		t.Errorf("%s: the journal has the request %q, the answer %q", of.do, change.RequestID, id)
	}
	isOfChange := func(e *workspace.OutboxEntry) bool { return e.SubjectID == change.ID }
	if fired := after.Outbox[len(before.Outbox):]; !slices.ContainsFunc(fired, isOfChange) {
		t.Errorf("%s: no event is about the entry %s", of.do, change.ID)
	}
}

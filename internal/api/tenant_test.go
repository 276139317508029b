package api_test

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lobby/internal/api"
	"lobby/internal/people"
	"lobby/internal/provenance"
	"lobby/internal/search"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// strangersID is an id that nobody has.
const strangersID = "6553f1000123456789abcdef"

// answerOf is all of an answer that could tell something, without what differs between any two.
func answerOf(r *testkit.Response) string {
	header := r.Header.Clone()
	for _, name := range []string{"X-Request-Id", "Date", "Content-Length"} {
		header.Del(name)
	}
	return fmt.Sprint(r.Status, header, strings.ReplaceAll(r.Text, r.Header.Get("X-Request-Id"), ""))
}

func TestAnotherWorkspacesIDsAreLikeAnyUnknownOnes(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := foretold(testkit.Start(t, database, mails))
		theirs := furnished(t, s, s.NewWorkspace(t), 770001)
		before := theirs.snapshot(t)
		t.Run("route", func(t *testing.T) {
			for _, r := range api.Routes() {
				if slots := slotsOf(t, r); len(slots) > 0 {
					t.Run(r.Method+" "+r.Path, func(t *testing.T) {
						t.Parallel()
						newTwins(t, s, theirs).judge(t, r, slots)
					})
				}
			}
		})
		if diff := theirs.changed(t, before); diff != "" {
			t.Errorf("the other workspace changed:\n%s", diff)
		}
	})
}

// slot is a request with a place for one id, ID; all other ids in it are of the workspace itself.
type slot struct{ path, body string }

var name = regexp.MustCompile(`\$[a-z_.]+`)

// slotsOf are all places for an id in what an operation reads.
func slotsOf(t *testing.T, r api.Route) (all []slot) {
	t.Helper()
	path, reads := pathOf(t, r), requests[r.Method+" "+r.Path]
	if len(reads) == 0 {
		reads = []string{""}
	}
	for i, request := range reads {
		whole := path + "\n" + request
		if strings.HasPrefix(request, "?") {
			whole = path + request + "\n"
		}
		for at, place := range name.FindAllStringIndex(whole, -1) {
			if i > 0 && at < strings.Count(path, "$") {
				continue // the first request has those of the path
			}
			path, body, _ := strings.Cut(whole[:place[0]]+"ID"+whole[place[1]:], "\n")
			all = append(all, slot{path, body})
		}
	}
	return all
}

// twins are two workspaces in which the same happened, but that one was told ids of another workspace where the other was
// told unknown ones.
type twins struct {
	told, untold     *stage
	foreign, unknown []string
	alike            *strings.Replacer
	brought          int
}

func newTwins(t *testing.T, s *testkit.Instance, theirs *stage) *twins {
	w := &twins{told: furnished(t, s, s.NewWorkspace(t), 1001), untold: furnished(t, s, s.NewWorkspace(t), 1001)}
	w.foreign = slices.Compact(slices.Sorted(maps.Values(theirs.ids)))
	for i, id := range w.foreign {
		w.unknown = append(w.unknown, unknownLike(id, i))
	}
	w.rename()
	return w
}

// unknownLike is an id that nobody has, of the form of another.
func unknownLike(id string, n int) string {
	switch {
	case strings.Trim(id, "0123456789") == "":
		return strconv.Itoa(990_001 + n)
	case strings.Trim(id, "0123456789abcdef") == "":
		return fmt.Sprintf("%.8s%016x", id, n) // as old, since cursors go by that
	case strings.HasPrefix(id, "notif_"):
		return fmt.Sprintf("%.14s-0000-8010-8000-%012x", id, n)
	case strings.Contains(id, "@"):
		return fmt.Sprintf("stranger-%d@example.com", n)
	case len(id) == 36:
		return fmt.Sprintf("3ecf64d0-9ed1-4e9f-88e1-%012x", n)
	default:
		return fmt.Sprintf("stranger-%d", n)
	}
}

// rename makes the twins alike: everything that has another id in each is called by one name.
func (w *twins) rename() {
	names := map[string]string{string(w.told.client.Workspace): "$workspace", string(w.untold.client.Workspace): "$workspace"}
	for name, id := range w.told.ids {
		if other := w.untold.ids[name]; other != id {
			names[id], names[other] = name, name
		}
	}
	for i, id := range w.foreign {
		names[id], names[w.unknown[i]] = fmt.Sprint("$foreign ", i), fmt.Sprint("$foreign ", i)
	}
	var pairs []string
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(names))) { // longer ones before their beginnings
		pairs = append(pairs, id, names[id])
	}
	w.alike = strings.NewReplacer(pairs...)
}

var madeID = regexp.MustCompile(`[0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\bs0[0-9]+\b`)

// normal is a text without what differs between twins; ids that came into being meanwhile are all one.
func (w *twins) normal(text string) string {
	return madeID.ReplaceAllLiteralString(w.alike.Replace(text), "$made")
}

func (w *twins) judge(t *testing.T, r api.Route, slots []slot) {
	for _, slot := range slots {
		for i := range w.foreign {
			got, used := w.ask(t, w.told, r, slot, w.foreign[i])
			want, _ := w.ask(t, w.untold, r, slot, w.unknown[i])
			if got != want {
				t.Fatalf("%s %s with %s of another workspace is answered\n%s\nand with an unknown id\n%s", slot.path, slot.body, w.foreign[i], got, want)
			}
			if used {
				w.brought++
				w.told.bring(t, fmt.Sprint("again-", w.brought))
				w.untold.bring(t, fmt.Sprint("again-", w.brought))
				w.rename()
			}
		}
	}
	told, untold := w.told.world(t), w.untold.world(t)
	for _, twin := range []*world{&told, &untold} {
		links := map[string]*people.Associations{}
		for id, l := range twin.Links {
			links[w.normal(id)] = l
		}
		twin.Links = links
	}
	alike := gocmp.Options{
		gocmp.Comparer(func(a, b search.Value) bool { return w.normal(fmt.Sprint(a)) == w.normal(fmt.Sprint(b)) }),
		cmpopts.EquateEmpty(), cmpopts.AcyclicTransformer("normal", w.normal), cmpopts.IgnoreTypes(workspace.ID(""), workspace.Actor{}, provenance.Origins("")),
	}
	if diff := gocmp.Diff(told, untold, alike); diff != "" {
		t.Errorf("ids of another workspace do what unknown ones do not:\n%s", diff)
	}
}

// ask answers all of an answer that could tell something, and whether something was done.
func (w *twins) ask(t *testing.T, of *stage, r api.Route, slot slot, id string) (answer string, done bool) {
	var body any
	if slot.body != "" {
		body = of.fill(strings.Replace(slot.body, "ID", id, 1))
	}
	got := of.client.Do(t, r.Method, of.fill(strings.Replace(slot.path, "ID", url.PathEscape(id), 1)), body, "Intercom-Version: "+version(r))
	return w.normal(answerOf(got)), got.Status < 400 && r.Method != "GET"
}

func TestIdentifiersBelongToOneWorkspace(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := testkit.Start(t, database)
		ours, theirs := s.NewWorkspace(t), s.NewWorkspace(t)
		for _, user := range []string{`{"user_id":"x-1"}`, `{"email":"x@example.com"}`} {
			ids := map[any]bool{}
			for _, c := range []*testkit.Client{ours, theirs} {
				made := c.Do(t, "POST", "/lobby/v1/visitors", `{"user_id":"`+fmt.Sprintf("%x", user)+`","custom_attributes":{"n":1}}`)
				r := c.Do(t, "POST", "/visitors/convert", `{"type":"user","visitor":{"id":"`+made.Get("id").(string)+`"},"user":`+user+`}`)
				if r.Status != 200 || r.Get("workspace_id") != string(c.Workspace) || r.Get("id") != made.Get("id") {
					t.Errorf("%s: %d %s", user, r.Status, r.Text)
				}
				ids[r.Get("id")] = true
			}
			if len(ids) != 2 {
				t.Errorf("%s is one person in two workspaces", user)
			}
		}
		theirs.Do(t, "POST", "/lobby/v1/visitors", `{"name":"theirs"}`)
		if page := ours.Do(t, "GET", "/lobby/v1/visitors", nil); len(page.Get("data").([]any)) != 0 {
			t.Errorf("our list has their visitors: %s", page.Text)
		}
	})
}

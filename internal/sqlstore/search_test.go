package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lobby/internal/enrich"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// eachStore runs a test on every database.
func eachStore(t *testing.T, test func(*testing.T, *sqlstore.Store)) {
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		test(t, testkit.Open(t, testkit.OnFile(), database))
	})
}

// onPostgres runs a test of search keys, which only that database has.
func onPostgres(t *testing.T, test func(*testing.T, *sqlstore.Store)) {
	test(t, testkit.Open(t, testkit.OnPostgres()))
}

// crowd is the people of one workspace and the tags that hang on them.
type crowd struct {
	ws   workspace.ID
	all  []*people.Person
	tags map[string][]int64
}

var workspaces atomic.Int64

// What people have in their fields, and what filters ask for.
var (
	someTexts  = []string{"", "", "Ada", "ADA", "Élodie", "éLODIE", "ÉCOLE", "Ωmega", "ωMEGA", "a%b_c", "it's", "日本", "~", "Straße", "STRASSE"}
	somePhones = []string{
		"", "+44 20 7946 0958", "+442079460958", "\u202a+44 (0)20 7946-0958\u202c", "44 20 7946 0958", "020 7946 0958", "+1 555-0123", "1 555 0123",
		"+1 800 FLOWERS", "ext. 12", "front desk", "---", "٠٢٠ ٧٩٤٦ ٠٩٥٨",
	}
	someTimes   = []int64{0, 1_700_000_000, 1_700_000_001, 1_700_050_000, 1_700_090_000, 1_600_000_000}
	someNumbers = []int64{0, 1, 2, 10, -3}
)

func drawCrowd(rt *rapid.T) *crowd {
	c := &crowd{workspace.ID(fmt.Sprintf("w%d", workspaces.Add(1))), nil, map[string][]int64{}}
	for i := range rapid.IntRange(1, 30).Draw(rt, "people") {
		p := &people.Person{
			Workspace: c.ws, ID: fmt.Sprintf("%08x%014d%02d", 1_700_000_000+i, workspaces.Load(), i),
			Role: rapid.SampledFrom([]people.Role{people.Visitor, people.Lead, people.User, people.User}).Draw(rt, "role"),
		}
		for _, f := range people.Fields {
			switch {
			case f.Rule == people.Own && f.Kind == search.KindText && f.Name != "pseudonym": // what the record is
			case f.Kind == search.KindText && !strings.HasSuffix(f.Name, "_id"):
				f.SetValue(p, search.TextValue(rapid.SampledFrom(someTexts).Draw(rt, f.Name)))
			case f.Kind == search.KindInt && strings.HasSuffix(f.Name, "_at"):
				f.SetValue(p, search.IntValue(rapid.SampledFrom(someTimes).Draw(rt, f.Name)))
			case f.Name == "owner_id" || f.Name == "session_count":
				f.SetValue(p, search.IntValue(rapid.SampledFrom(someNumbers).Draw(rt, f.Name)))
			case f.Kind == search.KindBool:
				f.SetValue(p, search.BoolValue(rapid.Bool().Draw(rt, f.Name)))
			}
		}
		p.Phone = rapid.SampledFrom(somePhones).Draw(rt, "phone")
		p.FormattedPhone = enrich.E164(p.Phone)
		p.CreatedAt, p.UpdatedAt = max(p.CreatedAt, 1), max(p.UpdatedAt, 1)
		p.Email = ""
		if rapid.Bool().Draw(rt, "has email") {
			p.Email = fmt.Sprintf("%s.%d@Example%d.com", rapid.SampledFrom([]string{"Ada", "élodie", "ÉLODIE"}).Draw(rt, "email"), i, i%3)
		}
		if p.Role == people.Visitor {
			p.AnonymousID = fmt.Sprintf("%s-%d", c.ws, i)
		} else if rapid.Bool().Draw(rt, "has external id") {
			p.ExternalID = fmt.Sprintf("Customer-%d", i)
		}
		p.CustomAttributes = drawAttributes(rt)
		switch rapid.IntRange(0, 5).Draw(rt, "state") {
		case 0:
			p.State = people.Archived
		case 1, 2:
			if to := slices.IndexFunc(c.all, (*people.Person).IsLiveContact); to >= 0 {
				p.State, p.MergedInto = people.Merged, c.all[to].ID
			}
		}
		c.tags[p.ID] = rapid.SliceOfNDistinct(rapid.SampledFrom([]int64{1, 2, 12}), 0, 2, rapid.ID).Draw(rt, "tags")
		c.all = append(c.all, p)
	}
	return c
}

func drawAttributes(rt *rapid.T) search.Attributes {
	all := search.Attributes{}
	set := func(name string, v search.Value) {
		if rapid.Bool().Draw(rt, "has "+name) {
			all[name] = v
		}
	}
	set(`pl"an %_`, search.TextValue(rapid.SampledFrom(someTexts).Draw(rt, "plan")))
	set("seats", search.IntValue(rapid.SampledFrom(someNumbers).Draw(rt, "seats")))
	set("score", search.FloatValue(rapid.SampledFrom([]float64{-1.5, 0, 1, 2.25, 1e300}).Draw(rt, "score")))
	set("trial", search.BoolValue(rapid.Bool().Draw(rt, "trial")))
	set("renews", search.IntValue(rapid.SampledFrom(someTimes).Draw(rt, "renews")))
	if len(all) == 0 {
		return nil
	}
	return all
}

var crowdAttributes = map[string]people.AttributeType{
	`pl"an %_`: people.StringAttribute, "seats": people.IntegerAttribute, "score": people.FloatAttribute,
	"trial": people.BooleanAttribute, "renews": people.DateAttribute,
}

// store writes the crowd.
func (c *crowd) store(ctx context.Context, s *sqlstore.Store, rt *rapid.T) error {
	return s.Write(ctx, func(w people.Writer) error { return c.write(w, rt) })
}

// write writes the crowd, and what becomes of some of it: keys must follow every way in which people change.
func (c *crowd) write(w people.Writer, rt *rapid.T) error {
	if err := w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: c.ws, Name: "w", CreatedAt: 1}); err != nil {
		return err
	}
	for _, id := range []int64{1, 2, 12} {
		if err := w.PutTag(&people.Tag{Workspace: c.ws, ID: id, Name: fmt.Sprint(id), CreatedAt: 1}); err != nil {
			return err
		}
	}
	for i, p := range c.all {
		before := p
		if rapid.Bool().Draw(rt, "was another before") {
			before = p.Clone()
			before.State, before.MergedInto = people.Active, ""
			before.Name, before.UpdatedAt, before.OwnerID = "Before", 1, 5
			before.CustomAttributes = search.Attributes{"seats": search.IntValue(77), "gone": search.BoolValue(true)}
			if p.Role == people.User {
				before.Role, before.SignedUpAt = people.Lead, 0
			}
		}
		if err := w.InsertPerson(before); err != nil {
			return err
		}
		if err := w.UpdatePerson(before, p); err != nil {
			return err
		}
		for _, id := range c.tags[p.ID] {
			if err := w.TagPerson(p.ID, &people.AppliedTag{Tag: people.Tag{Workspace: c.ws, ID: id}, AppliedAt: 1}); err != nil {
				return err
			}
		}
		if i == 0 {
			erased := p.Clone()
			erased.ID, erased.AnonymousID, erased.ExternalID, erased.Email = p.ID[:23]+"f", "", "", ""
			if err := w.InsertPerson(erased); err != nil {
				return err
			}
			if err := w.DeletePerson(c.ws, erased.ID, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// tagsOf returns the tags of a person and of those it absorbed.
func (c *crowd) tagsOf(p *people.Person) (all []string) {
	for _, q := range c.all {
		if q.ID == p.ID || q.MergedInto == p.ID {
			for _, tag := range c.tags[q.ID] {
				all = append(all, fmt.Sprint(tag))
			}
		}
	}
	return all
}

// expected returns the ids of those who meet a condition, in order.
func (c *crowd) expected(condition *search.Condition, sort search.Sort, visitors bool) []string {
	var found []*people.Person
	for _, p := range c.all {
		if (visitors && p.IsLiveVisitor() || !visitors && p.IsLiveContact()) && condition.Matches(search.KeysOf(p, c.tagsOf(p))) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(p, q *people.Person) int { return sort.Compare(sort.PlaceOf(p), sort.PlaceOf(q)) })
	ids := []string{}
	for _, p := range found {
		ids = append(ids, p.ID)
	}
	return ids
}

func (c *crowd) drawQuery(rt *rapid.T, table *search.Table, depth int) search.Query {
	if depth < search.MaxQueryDepth && rapid.IntRange(0, 2).Draw(rt, "group") > 0 {
		q := search.Query{Combine: rapid.SampledFrom([]search.Combination{search.And, search.Or}).Draw(rt, "combine")}
		for range rapid.IntRange(1, 3).Draw(rt, "parts") {
			q.Queries = append(q.Queries, c.drawQuery(rt, table, depth+1))
		}
		return q
	}
	names := []string{"custom_attributes.seats", "custom_attributes.score", "custom_attributes.trial", "custom_attributes.renews", `custom_attributes.pl"an %_`}
	names = append(names, "tag_id", "tag_id", "tag_id", "tag_id", "phone", "phone", "phone", "phone")
	for _, f := range table.Fields {
		names = append(names, f.Name)
	}
	var asked []search.Value
	for _, text := range someTexts {
		asked = append(asked, search.TextValue(text), search.TextValue(strings.ToUpper(text)))
	}
	for _, n := range append(slices.Clone(someTimes), someNumbers...) {
		asked = append(asked, search.IntValue(n))
	}
	for _, phone := range append(somePhones, "+", "+44", "44", "7946", "0958", "desk", "FLOW", "2") {
		asked = append(asked, search.TextValue(phone))
	}
	person := rapid.SampledFrom(c.all).Draw(rt, "person")
	asked = append(asked, search.NullValue(), search.BoolValue(true), search.BoolValue(false), search.FloatValue(1.5), search.TextValue("12"),
		search.TextValue("user"), search.TextValue(person.ID), search.TextValue(person.ID[20:]), search.TextValue(person.ExternalID),
		search.TextValue(person.Email), search.TextValue("example1.com"), search.TextValue("de"))
	q := search.Query{
		Field: rapid.SampledFrom(names).Draw(rt, "field"),
		Operator: rapid.SampledFrom([]search.Operator{
			search.Equal, search.NotEqual, search.In, search.NotIn, search.Less, search.LessOrEqual, search.Greater,
			search.GreaterOrEqual, search.Contains, search.ContainsNot, search.StartsWith, search.EndsWith,
		}).Draw(rt, "operator"),
	}
	most := 1
	if q.Operator == search.In || q.Operator == search.NotIn {
		most = 4
	}
	q.Values = rapid.SliceOfN(rapid.SampledFrom(asked), most/4+most%4, most).Draw(rt, "values")
	return q
}

func (c *crowd) rules(rt *rapid.T) search.Rules {
	return search.Rules{
		Exact: rapid.Bool().Draw(rt, "exact"), Zone: time.FixedZone("east", 5*60*60), Now: 1_700_100_000, FormattedPhone: true, E164: enrich.E164,
		Attribute: func(name string) (search.FieldType, bool, error) {
			typ, ok := crowdAttributes[name]
			return typ.SearchType(), ok, nil
		},
	}
}

// drawCondition draws queries until one can be understood.
func (c *crowd) drawCondition(rt *rapid.T, table *search.Table) *search.Condition {
	for range 30 {
		condition, err := c.drawQuery(rt, table, 0).Check(table, c.rules(rt))
		if err == nil {
			return condition
		}
	}
	return &search.Condition{Combine: search.And}
}

func TestASearchFindsWhomTheConditionMatches(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store *sqlstore.Store) {
		rapid.Check(t, func(rt *rapid.T) {
			c := drawCrowd(rt)
			if err := c.store(t.Context(), store, rt); err != nil {
				rt.Fatal(err)
			}
			ready := store.WaitForIndex
			if rapid.Bool().Draw(rt, "filled anew") {
				ready = store.RefillIndex
			}
			if err := ready(t.Context()); err != nil {
				rt.Fatal(err)
			}
			for range 8 {
				visitors := rapid.IntRange(0, 4).Draw(rt, "visitors") == 0
				table, ask := people.ContactSearch, people.SearchReader.SearchContacts
				if visitors {
					table, ask = people.VisitorSearch, people.SearchReader.SearchVisitors
				}
				condition := c.drawCondition(rt, table)
				sort := search.Sort{Ascending: rapid.Bool().Draw(rt, "ascending")}
				sort.Field = rapid.SampledFrom([]string{"", "", "name", "last_seen_at", "owner_id", "email", "phone", "location_city"}).Draw(rt, "sort")
				want := c.expected(condition, sort, visitors)
				limit := rapid.IntRange(1, 9).Draw(rt, "limit")
				for name, way := range ways(t, store) {
					got, err := walk(way, ask, c.ws, search.Request{Condition: condition, Sort: sort, Limit: limit}, len(want))
					if err != nil {
						rt.Fatalf("%s, condition %s: %v", name, show(condition), err)
					}
					if !slices.Equal(got, want) {
						rt.Fatalf("%s, sort %+v, condition %s\nfinds %v\nnot   %v", name, sort, show(condition), got, want)
					}
				}
			}
		})
		findings, err := store.Check(t.Context())
		for _, f := range findings {
			if f.Invariant == "search" {
				t.Errorf("fsck: %v", f)
			}
		}
		if err != nil {
			t.Error(err)
		}
	})
}

// errEnough ends a write without writing anything.
var errEnough = errors.New("enough")

func TestASearchSeesWhatItsTransactionWrote(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store *sqlstore.Store) {
		rapid.Check(t, func(rt *rapid.T) {
			c := drawCrowd(rt)
			if err := store.WaitForIndex(t.Context()); err != nil {
				rt.Fatal(err)
			}
			err := store.Write(t.Context(), func(w people.Writer) error {
				if err := c.write(w, rt); err != nil {
					return err
				}
				err := w.Trial(false, func() error {
					p := c.all[0].Clone()
					p.Name = "of a trial"
					return w.UpdatePerson(c.all[0], p)
				})
				if err != nil {
					return err
				}
				for range 4 {
					condition, sort := c.drawCondition(rt, people.ContactSearch), search.Sort{Ascending: rapid.Bool().Draw(rt, "ascending")}
					want := c.expected(condition, sort, false)
					same := func(fn func(people.Reader) error) error { return fn(w) }
					got, err := walk(same, people.SearchReader.SearchContacts, c.ws, search.Request{Condition: condition, Sort: sort, Limit: 3}, len(want))
					if err != nil || !slices.Equal(got, want) {
						return fmt.Errorf("condition %s\nfinds %v, %w\nnot   %v", show(condition), got, err, want)
					}
				}
				if rapid.Bool().Draw(rt, "is undone") {
					return errEnough
				}
				return nil
			})
			if err != nil && !errors.Is(err, errEnough) {
				rt.Fatal(err)
			}
			// What is committed is found, and nothing else.
			want := c.expected(&search.Condition{Combine: search.And}, search.Sort{}, false)
			if err != nil {
				want = []string{}
			}
			got, err := walk(func(fn func(people.Reader) error) error { return store.Read(t.Context(), fn) }, people.SearchReader.SearchContacts,
				c.ws, search.Request{Condition: &search.Condition{Combine: search.And}, Limit: 9}, len(want))
			if err != nil || !slices.Equal(got, want) {
				rt.Fatalf("after the write, the contacts are %v, %v, not %v", got, err, want)
			}
			tried := &search.Condition{Field: "name", Test: search.OneOf, Keys: []string{"of a trial"}}
			_, err = walk(func(fn func(people.Reader) error) error { return store.Read(t.Context(), fn) }, people.SearchReader.SearchContacts,
				c.ws, search.Request{Condition: tried, Limit: 9}, 0)
			if err != nil {
				rt.Fatalf("after the write, what was only tried is found: %v", err)
			}
		})
	})
}

// ways returns the ways in which a store can search: by its keys with each strategy, or by its index, by the index when some
// people are not committed yet, and by the rows.
func ways(t *testing.T, store *sqlstore.Store) map[string]func(func(people.Reader) error) error {
	all := map[string]func(func(people.Reader) error) error{}
	if store.Kind() == "postgres" {
		for _, limits := range []struct {
			candidates int64
			matches    int
			ids        int64
		}{{1000, 5000, 1000}, {0, 5000, 0}, {0, 5000, 1000}, {0, 0, 0}, {0, 0, 1000}, {5, 3, 7}} {
			all[fmt.Sprintf("limits %v", limits)] = func(fn func(people.Reader) error) error {
				store.SetLimits(limits.candidates, limits.matches, limits.ids)
				return store.Read(t.Context(), fn)
			}
		}
		return all
	}
	all["index"] = func(fn func(people.Reader) error) error { return store.Read(t.Context(), fn) }
	all["rows"] = func(fn func(people.Reader) error) error { return store.ReadRows(t.Context(), fn) }
	return all
}

// walk returns the ids on all pages of a search, each of which must say which it is and of how many people.
func walk(read func(func(people.Reader) error) error, ask func(people.SearchReader, workspace.ID, *search.Request) (*search.Page[*people.Person], error),
	ws workspace.ID, request search.Request, total int,
) ([]string, error) {
	ids := []string{}
	for number := 1; ; number++ {
		var page *search.Page[*people.Person]
		err := read(func(r people.Reader) (err error) {
			page, err = ask(r, ws, &request)
			return err
		})
		if err != nil {
			return nil, err
		}
		if page.Total != total || page.Number != number {
			return nil, fmt.Errorf("page %d says it is page %d of %d people; there are %d", number, page.Number, page.Total, total)
		}
		for _, p := range page.Found {
			ids = append(ids, p.ID)
		}
		if request.After = page.Next; request.After == nil {
			return ids, nil
		}
	}
}

func show(c *search.Condition) string {
	not := map[bool]string{true: "not "}[c.Not]
	if c.Combine == "" {
		return fmt.Sprintf("%s%s %d %q", not, c.Field, c.Test, c.Keys)
	}
	parts := []string{}
	for _, part := range c.Parts {
		parts = append(parts, show(part))
	}
	return not + "(" + strings.Join(parts, " "+string(c.Combine)+" ") + ")"
}

func TestFsckComparesTheKeysWithTheContacts(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, store *sqlstore.Store) {
		ctx := t.Context()
		err := store.Write(ctx, func(w people.Writer) error {
			if err := w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: "w", Name: "w", CreatedAt: 1}); err != nil {
				return err
			}
			return w.InsertPerson(&people.Person{Workspace: "w", ID: "ada", Role: people.Lead, Name: "Ada", CreatedAt: 1, UpdatedAt: 1})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ statement, want string }{
			{"UPDATE people SET pseudonym = 'x'", ""},
			{"UPDATE people SET name = 'Eve'", "search: workspace w, ada: a contact that cannot be found by its name"},
			{"UPDATE people SET name = NULL", "search: workspace w, : keys of contacts that do not have them"},
			{"DELETE FROM search_keys WHERE field = 'name'", ""},
			{"UPDATE search_keys SET role = 'user' WHERE field = 'updated_at'", "search: workspace w, ada: a contact that cannot be found by its updated_at"},
		} {
			if err := store.Exec(ctx, c.statement); err != nil {
				t.Fatal(err)
			}
			findings, err := store.Check(ctx)
			got := ""
			if len(findings) > 0 {
				got = findings[0].String()
			}
			if err != nil || got != c.want {
				t.Errorf("after %s: %v, %v, not %q", c.statement, findings, err, c.want)
			}
		}
	})
}

// Keys are written as if none of them were there.
func TestAKeyThatIsLeftKeepsNoContactFromBeingWritten(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, store *sqlstore.Store) {
		ctx := t.Context()
		err := store.Write(ctx, func(w people.Writer) error {
			if err := w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: "w", Name: "w", CreatedAt: 1}); err != nil {
				return err
			}
			return w.InsertPerson(&people.Person{Workspace: "w", ID: "ada", Role: people.Lead, Name: "Ada", CreatedAt: 1, UpdatedAt: 1})
		})
		if err == nil {
			err = store.Exec(ctx, "UPDATE people SET name = NULL")
		}
		if err == nil {
			err = store.Write(ctx, func(w people.Writer) error {
				before, err := w.Person("w", "ada")
				if err != nil {
					return err
				}
				after := before.Clone()
				after.Name = "Ada"
				return w.UpdatePerson(before, after)
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		if findings, err := store.Check(ctx); err != nil || len(findings) > 0 {
			t.Error(findings, err)
		}
	})
}

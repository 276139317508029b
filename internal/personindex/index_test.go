package personindex_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lobby/internal/personindex"
	"lobby/internal/search"
)

// model is what an index must be like: the keys of all persons.
type model map[string]*person

type person struct {
	id   string
	kind personindex.Kind
	keys map[string]string
}

func (p *person) SearchID() string { return p.id }

func (p *person) SearchKey(field string) string {
	if field == "id" {
		return p.id
	}
	return p.keys[field]
}

var numbers = []search.Value{
	search.IntValue(0), search.IntValue(1), search.IntValue(-1), search.IntValue(7), search.IntValue(499), search.IntValue(1_700_000_000),
	search.IntValue(1_750_000_123), search.IntValue(1 << 53), search.IntValue(1<<53 + 1), search.IntValue(-1 << 62), search.IntValue(1<<63 - 1),
	search.FloatValue(0.1), search.FloatValue(-2.5), search.FloatValue(1e300), search.FloatValue(5e-324), search.FloatValue(124.875),
}

func drawKey(rt *rapid.T, field string) personindex.Key {
	key := personindex.Key{Field: field}
	switch rapid.IntRange(0, 3).Draw(rt, "key") {
	case 0:
	case 1:
		key.Text, key.IsNumber = search.NumberKey(rapid.SampledFrom(numbers).Draw(rt, "number")), true
	case 2:
		key.Text = rapid.SampledFrom([]string{"a", "ab", "abc", "b", "ba", "é", "zz", strings.Repeat("long ", 60), "1"}).Draw(rt, "few")
	default:
		key.Text = fmt.Sprintf("text %d", rapid.IntRange(0, 5000).Draw(rt, "many"))
	}
	return key
}

func (m model) draw(rt *rapid.T) (all []*personindex.Change) {
	for range rapid.IntRange(1, 40).Draw(rt, "changes") {
		// Most ids come in their order, and some are those of persons that are there already.
		id := fmt.Sprintf("%06d", len(m)*10)
		if rapid.IntRange(0, 3).Draw(rt, "other id") == 0 {
			id = fmt.Sprintf("%06d", rapid.IntRange(0, 400).Draw(rt, "id"))
		}
		p := m[id]
		change := &personindex.Change{ID: id, IsWhole: p == nil || p.kind == personindex.Hidden || rapid.Bool().Draw(rt, "whole")}
		change.Kind = rapid.SampledFrom([]personindex.Kind{personindex.Visitors, personindex.Contacts, personindex.Contacts, personindex.Hidden}).Draw(rt, "kind")
		if p == nil {
			p = &person{id: id}
			m[id] = p
		}
		if p.kind = change.Kind; change.IsWhole {
			p.keys = map[string]string{}
		}
		for _, field := range fields {
			if rapid.Bool().Draw(rt, "changes "+field) {
				key := drawKey(rt, field)
				if field == "created_at" {
					key = personindex.Key{Field: field, Text: drawTime(rt)}
					at, _, exact := search.KeyNumber(key.Text)
					key.IsNumber = exact && search.NumberKey(search.IntValue(at)) == key.Text
				}
				change.Keys = append(change.Keys, key)
				p.keys[field] = key.Text
			}
		}
		all = append(all, change)
	}
	return all
}

var fields = []string{"name", "seats", ".plan", "created_at"}

func drawCondition(rt *rapid.T, depth int) *search.Condition {
	c := &search.Condition{Not: rapid.IntRange(0, 3).Draw(rt, "not") == 0}
	if depth < 2 && rapid.IntRange(0, 2).Draw(rt, "group") > 0 {
		c.Combine = rapid.SampledFrom([]search.Combination{search.And, search.Or}).Draw(rt, "combine")
		for range rapid.IntRange(0, 3).Draw(rt, "parts") {
			c.Parts = append(c.Parts, drawCondition(rt, depth+1))
		}
		return c
	}
	c.Field = rapid.SampledFrom(append([]string{"id", "nothing"}, fields...)).Draw(rt, "field")
	c.Test = rapid.SampledFrom([]search.Test{search.Given, search.OneOf, search.Between, search.Containing, search.EndingWith}).Draw(rt, "test")
	key := func() string {
		text := drawKey(rt, c.Field).Text
		if c.Field == "id" {
			text = fmt.Sprintf("%06d", rapid.IntRange(0, 400).Draw(rt, "id"))
		}
		return text[rapid.IntRange(0, min(3, len(text))).Draw(rt, "from"):]
	}
	bound := func() string {
		text := drawKey(rt, c.Field).Text
		return text[:rapid.IntRange(0, len(text)).Draw(rt, "until")] + rapid.SampledFrom([]string{"", "!", "g", "\xff"}).Draw(rt, "after")
	}
	switch c.Test {
	case search.OneOf:
		if rapid.Bool().Draw(rt, "many numbers") { // more than are compared one by one
			for n := range int64(40) {
				c.Keys = append(c.Keys, search.NumberKey(search.IntValue(n)))
			}
		}
		for range rapid.IntRange(0, 40).Draw(rt, "keys") {
			c.Keys = append(c.Keys, drawKey(rt, c.Field).Text, key())
		}
	case search.Between:
		c.Keys = []string{bound(), bound()}
	case search.Containing, search.EndingWith:
		c.Keys = []string{key()}
	}
	return c
}

func TestASearchFindsWhomTheConditionMatches(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		x, m := personindex.New(), model{}
		checkAll := func() {
			for range 6 {
				m.check(rt, x)
			}
		}
		for _, c := range m.draw(rt) {
			x.Apply("w", c)
		}
		checkAll()
		if rapid.Bool().Draw(rt, "many names") { // more than a field keeps as a few
			for i := range 1200 {
				id := fmt.Sprintf("%06d", 10_000+i)
				m[id] = &person{id, personindex.Contacts, map[string]string{"name": fmt.Sprintf("text %d", i)}}
				x.Apply("w", &personindex.Change{ID: id, Kind: personindex.Contacts, IsWhole: true, Keys: []personindex.Key{{Field: "name", Text: m[id].keys["name"]}}})
			}
			checkAll()
		}
		if rapid.Bool().Draw(rt, "filled anew") {
			x = m.fill(rt)
			checkAll()
		}
		kept, former := x.Clone(), m.clone()
		for _, c := range m.draw(rt) {
			x.Apply("w", c)
		}
		checkAll()
		x, m = kept, former
		checkAll()
		for _, c := range m.draw(rt) {
			x.Apply("w", c)
		}
		checkAll()
	})
}

// fill returns an index that was filled with all persons of the model.
func (m model) fill(rt *rapid.T) *personindex.Index {
	f := personindex.NewFiller()
	b := f.Batch("w")
	ids := slices.Sorted(maps.Keys(m))
	if rapid.Bool().Draw(rt, "in any order") {
		ids = rapid.Permutation(ids).Draw(rt, "order")
	}
	for _, id := range ids {
		p := m[id]
		if p.kind == personindex.Hidden {
			continue
		}
		b.Begin(id, p.kind)
		for field, key := range p.keys {
			if v, is := numberOf(key); is && rapid.Bool().Draw(rt, "as a value") {
				b.Field(field).Number(v)
			} else {
				b.Field(field).Key(key, is)
			}
		}
	}
	return f.Index()
}

// numberOf returns the number of which a key could be.
func numberOf(key string) (search.Value, bool) {
	if at, _, exact := search.KeyNumber(key); exact && search.NumberKey(search.IntValue(at)) == key {
		return search.IntValue(at), true
	}
	i := slices.IndexFunc(numbers, func(v search.Value) bool { return search.NumberKey(v) == key })
	if i < 0 {
		return search.Value{}, false
	}
	return numbers[i], true
}

func (m model) clone() model {
	c := model{}
	for id, p := range m {
		c[id] = &person{p.id, p.kind, maps.Clone(p.keys)}
	}
	return c
}

// check compares one search, and one count, with the model.
func (m model) check(rt *rapid.T, x *personindex.Index) {
	c := drawCondition(rt, 0)
	kind := rapid.SampledFrom([]personindex.Kind{personindex.Visitors, personindex.Contacts}).Draw(rt, "asked")
	r := &search.Request{Condition: c, Limit: rapid.IntRange(0, 8).Draw(rt, "limit")}
	r.Sort = search.Sort{Field: rapid.SampledFrom([]string{"", "", "seats", "name"}).Draw(rt, "sort"), Ascending: rapid.Bool().Draw(rt, "ascending")}
	var found []*person
	for _, p := range m {
		if p.kind == kind && c.Matches(search.KeysOf(p, nil)) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(p, q *person) int { return r.Sort.Compare(r.Sort.PlaceOf(p), r.Sort.PlaceOf(q)) })
	total := len(found)
	if total > 0 && rapid.Bool().Draw(rt, "after") {
		at := rapid.IntRange(0, total-1).Draw(rt, "at")
		r.After = &search.Cursor{Place: r.Sort.PlaceOf(found[at])}
		found = found[at+1:]
	}
	want := []string{}
	for _, p := range found[:min(len(found), r.Limit+1)] {
		want = append(want, p.id)
	}
	if r.Limit == 0 {
		want = nil
	}
	ids, all, err := x.Search("w", kind, r, nil, nil)
	if err != nil || all != total || !slices.Equal(ids, want) {
		rt.Fatalf("%+v of %d, sort %+v, after %+v:\nfinds %v, %d, %v\nnot   %v, %d", c, kind, r.Sort, r.After, ids, all, err, want, total)
	}
	newest := search.Sort{}
	until := search.Place{ID: fmt.Sprintf("%06d", rapid.IntRange(0, 400).Draw(rt, "until"))}
	if p := m[until.ID]; p != nil && rapid.Bool().Draw(rt, "of a person") {
		until = newest.PlaceOf(p)
	} else {
		until.Created = drawTime(rt)
	}
	members, shown := 0, 0
	for _, p := range m {
		if p.kind == kind {
			members++
			if newest.Compare(newest.PlaceOf(p), until) <= 0 {
				shown++
			}
		}
	}
	if a, n := x.Count("w", kind, until); a != members || n != shown {
		rt.Fatalf("%d, of whom %d until %+v; not %d and %d", a, n, until, members, shown)
	}
}

// drawTime draws the key of a time of creation. Mostly it is one that many have, in no order of ids.
func drawTime(rt *rapid.T) string {
	if rapid.IntRange(0, 9).Draw(rt, "odd time") == 0 {
		return drawKey(rt, "created_at").Text
	}
	return search.NumberKey(search.IntValue(1_700_000_000 + rapid.Int64Range(0, 40).Draw(rt, "time")*rapid.Int64Range(1, 1000).Draw(rt, "apart")))
}

// A field with more texts than are few has them as they are, wherever the ids arrive.
func TestAFilledFieldWithManyTexts(t *testing.T) {
	t.Parallel()
	const all, step = 70_000, 7919
	f := personindex.NewFiller()
	for i := range all {
		n := i * step % all
		f.Batch("w").Begin(fmt.Sprintf("%06d", n), personindex.Contacts)
		f.Batch("w").Field("name").Text(fmt.Sprint("name ", n))
	}
	x := f.Index()
	for _, c := range []struct {
		*search.Condition
		want int
	}{
		{&search.Condition{Test: search.OneOf, Keys: []string{"name 69999"}}, 1},
		{&search.Condition{Test: search.Between, Keys: []string{"name 6999", "name 69990"}}, 1},
		{&search.Condition{Test: search.EndingWith, Keys: []string{"6999"}}, 7},
		{&search.Condition{Test: search.Given}, all},
	} {
		c.Field = "name"
		ids, total, err := x.Search("w", personindex.Contacts, &search.Request{Condition: c.Condition, Sort: search.Sort{ByID: true, Ascending: true}, Limit: 1}, nil, nil)
		if err != nil || total != c.want || total == 1 && !strings.HasPrefix(c.Keys[0], "name "+strings.TrimLeft(ids[0], "0")) {
			t.Errorf("%+v finds %d, of whom %v, %v, want %d", c.Condition, total, ids, err, c.want)
		}
	}
}

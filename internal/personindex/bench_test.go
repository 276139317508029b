package personindex_test

import (
	"fmt"
	"testing"

	"lobby/internal/personindex"
	"lobby/internal/search"
)

// filledIndex has so many contacts.
func filledIndex(n int) *personindex.Index {
	f := personindex.NewFiller()
	for i := range n {
		f.Batch("w").Add(&personindex.Change{ID: fmt.Sprintf("%024x", i), Kind: personindex.Contacts, IsWhole: true, Keys: []personindex.Key{
			{Field: "name", Text: fmt.Sprint("ada ", i)},
			{Field: ".plan", Text: "free"},
			{Field: "updated_at", Text: search.NumberKey(search.IntValue(1_750_000_000 + int64(i))), IsNumber: true},
			{Field: ".seats", Text: search.NumberKey(search.IntValue(int64(i) * 17 % 500)), IsNumber: true},
		}})
	}
	return f.Index()
}

func BenchmarkApply(b *testing.B) {
	x := filledIndex(100_000)
	for i := 0; b.Loop(); i++ {
		x.Apply("w", &personindex.Change{ID: fmt.Sprintf("%024x", i*7919%100_000), Kind: personindex.Contacts, Keys: []personindex.Key{
			{Field: "name", Text: fmt.Sprint("eve ", i)},
			{Field: ".plan", Text: fmt.Sprint("plan ", i)},
			{Field: "updated_at", Text: search.NumberKey(search.IntValue(1_760_000_000 + int64(i))), IsNumber: true},
		}})
	}
}

func BenchmarkSearch(b *testing.B) {
	number := func(n int64) string { return search.NumberKey(search.IntValue(n)) }
	for _, n := range []int{10_000, 100_000} {
		x := filledIndex(n)
		for name, c := range map[string]*search.Condition{
			"half":   {Field: ".seats", Test: search.Between, Keys: []string{search.JustAfter(number(249)), ""}},
			"equal":  {Field: "name", Test: search.OneOf, Keys: []string{"ada 77"}},
			"prefix": {Field: "name", Test: search.Between, Keys: []string{"ada 7", "ada 8"}},
			"within": {Field: "name", Test: search.Containing, Keys: []string{"77"}},
		} {
			b.Run(fmt.Sprintf("%s of %d", name, n), func(b *testing.B) {
				for b.Loop() {
					if _, _, err := x.Search("w", personindex.Contacts, &search.Request{Condition: c, Limit: 50}, nil, nil); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

package personindex_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"lobby/internal/personindex"
	"lobby/internal/search"
)

// Pages of a list that a field of many texts sorts are cut out by the first bytes of the texts. Page by page they are the list.
func TestPagesInTheOrderOfManyTextsAreTheList(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]func(random *rand.Rand, i int) string{
		"different":    func(random *rand.Rand, i int) string { return fmt.Sprintf("%x", random.Uint64()) },
		"begin alike":  func(random *rand.Rand, i int) string { return fmt.Sprintf("person %d", random.IntN(2000)) },
		"two families": func(random *rand.Rand, i int) string { return []string{"lead ", "person "}[i%2] + fmt.Sprint(i/3) },
		"few have one": func(random *rand.Rand, i int) string { return []string{fmt.Sprint("name ", i), "", "", ""}[i%4] },
		"nobody has":   func(*rand.Rand, int) string { return "" },
		"short": func(random *rand.Rand, i int) string {
			return fmt.Sprintf("%03d", i)[:1+i%3] + string(rune('a'+i%2000))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(3, 4))
			x, all := personindex.New(), []search.Place{}
			for i := range 6000 {
				at := search.Place{Key: text(random, i), Created: search.NumberKey(search.IntValue(1_700_000_000 + random.Int64N(900))), ID: fmt.Sprintf("%024x", i)}
				x.Apply("w", &personindex.Change{ID: at.ID, Kind: personindex.Contacts, IsWhole: true, Keys: []personindex.Key{
					{Field: "name", Text: at.Key}, {Field: "created_at", Text: at.Created, IsNumber: true},
				}})
				if i%10 == 0 { // these go
					x.Apply("w", &personindex.Change{ID: at.ID})
					continue
				}
				all = append(all, at)
			}
			for _, ascending := range []bool{true, false} {
				r := &search.Request{Condition: &search.Condition{Combine: search.And}, Limit: 97, Sort: search.Sort{Field: "name", Ascending: ascending}}
				slices.SortFunc(all, r.Sort.Compare)
				for from := 0; from < len(all); from += r.Limit {
					ids, total, err := x.Search("w", personindex.Contacts, r, nil, nil)
					if err != nil || total != len(all) {
						t.Fatal(total, err)
					}
					want := []string{}
					for _, at := range all[from:min(from+r.Limit+1, len(all))] {
						want = append(want, at.ID)
					}
					if !slices.Equal(ids, want) {
						t.Fatalf("ascending %v, the page from %d is\n%v, not\n%v", ascending, from, ids, want)
					}
					r.After = &search.Cursor{Place: all[min(from+r.Limit, len(all))-1]}
				}
			}
		})
	}
}

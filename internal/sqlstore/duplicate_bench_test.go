package sqlstore_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"lobby/internal/duplicate"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// BenchmarkDuplicates lists the first page of clusters, and one cluster, where one contact in a thousand shares an address.
// LOBBY_BENCH_PEOPLE says how many contacts there are.
func BenchmarkDuplicates(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("LOBBY_BENCH_PEOPLE"))
	if err != nil {
		n = 10_000
	}
	store := benchStore(b, n, func(w people.Writer, i int) error {
		p := benchContact(i)
		if i%1000 == 0 {
			p.Email = fmt.Sprintf("person%d@company.example", i/2000)
		}
		return w.InsertPerson(p)
	})
	d, c := duplicate.Duplicates{Lobby: people.New(store, nil)}, workspace.Caller{Workspace: benchSpace}
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			if page, err := d.Clusters(b.Context(), c, "", 15); err != nil || page.Total != n/2000 {
				b.Fatal(page, err)
			}
		}
	})
	b.Run("one", func(b *testing.B) {
		id := benchContact(1000).ID
		for b.Loop() {
			if found, err := d.Cluster(b.Context(), c, id); err != nil || found.Size != 2 {
				b.Fatal(found, err)
			}
		}
	})
}

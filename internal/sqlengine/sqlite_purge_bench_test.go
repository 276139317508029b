package sqlengine_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lobby/internal/sqlengine"
)

// BenchmarkPurge measures a purge after one deletion, in files of several sizes.
func BenchmarkPurge(b *testing.B) {
	for _, items := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("%d items", items), func(b *testing.B) {
			e, err := sqlengine.OpenFile(context.Background(), filepath.Join(b.TempDir(), "bench.db"), schemaOf(items500).Migrate, sqlengine.Defaults())
			if err != nil {
				b.Fatal(err)
			}
			defer e.Close()
			for n := 0; n < items; n += 1_000 {
				err := e.Write(b.Context(), func(on sqlengine.Session) error {
					for i := range 1_000 {
						if err := on.Exec(`INSERT INTO items (id, n, what) VALUES ($1, $2, $3)`, []any{fmt.Sprint((n+i)*7919%items, " ", n+i), int64(n + i), strings.Repeat("x", 400)}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			for !e.Purge(b.Context(), time.Minute) {
			}
			n := int64(0)
			for b.Loop() {
				n++
				if err := e.Write(b.Context(), func(on sqlengine.Session) error { return on.Exec(`DELETE FROM items WHERE n = $1`, []any{n}) }); err != nil {
					b.Fatal(err)
				}
				for !e.Purge(b.Context(), time.Minute) {
				}
			}
		})
	}
}

const items500 = "CREATE TABLE items (\n\tid TEXT NOT NULL PRIMARY KEY,\n\tn BIGINT,\n\twhat TEXT\n);\nCREATE INDEX items_n ON items (n);\n"

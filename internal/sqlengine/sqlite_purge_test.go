package sqlengine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lobby/internal/sqlengine"
)

// secret is what is looked for in files. It is longer than a page, so that a part of it stands on pages of its own.
var secret = strings.Repeat("what somebody said ", 400)

// hits returns which files of a folder hold the beginning of the secret.
func hits(t *testing.T, folder string) (found []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(secret[:38])) {
			found = append(found, entry.Name())
		}
	}
	return found
}

// openInFolder opens a database in a file that holds a secret among other items, and returns the folder.
func openInFolder(t *testing.T) (e sqlengine.Engine, folder string) {
	t.Helper()
	folder = t.TempDir()
	e = mustOpen(t, onFile(filepath.Join(folder, "test.db")), sqlengine.Defaults())
	for i := range 50 {
		write(t, e, insert(fmt.Sprint(i)))
		write(t, e, insert(fmt.Sprint(i)+secret))
	}
	if len(hits(t, folder)) == 0 {
		t.Fatal("the secret is nowhere to begin with")
	}
	return e, folder
}

func deleteSecrets(on sqlengine.Session) error {
	return on.Exec(`DELETE FROM items WHERE length(id) > $1`, []any{int64(100)})
}

func write(t *testing.T, e sqlengine.Engine, fn func(sqlengine.Session) error) {
	t.Helper()
	if err := e.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func countItems(on sqlengine.Session) error {
	return on.Query(`SELECT count(*) FROM items`, nil, func(sqlengine.Row) error { return nil })
}

func TestPurge(t *testing.T) {
	t.Parallel()

	t.Run("deleted bytes are gone when it returns", func(t *testing.T) {
		t.Parallel()
		e, folder := openInFolder(t)
		write(t, e, deleteSecrets)
		if !e.Purge(t.Context(), time.Minute) {
			t.Error("Purge says that something holds the log")
		}
		if found := hits(t, folder); found != nil {
			t.Errorf("what was deleted stands in %v", found)
		}
	})

	t.Run("also while others read and write", func(t *testing.T) {
		t.Parallel()
		e, folder := openInFolder(t)
		ctx, stop := context.WithCancel(t.Context())
		var others sync.WaitGroup
		for i := range 4 {
			others.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					if i == 0 {
						_ = e.Write(ctx, insert(fmt.Sprint("other ", n)))
					} else {
						_ = e.Read(ctx, countItems)
					}
				}
			})
		}
		write(t, e, deleteSecrets)
		e.Purge(t.Context(), time.Millisecond)
		waitForNoHits(t, folder)
		stop()
		others.Wait()
	})

	t.Run("what a read holds is gone soon after it", func(t *testing.T) {
		t.Parallel()
		e, folder := openInFolder(t)
		err := e.Read(t.Context(), func(on sqlengine.Session) error {
			if err := errors.Join(countItems(on), countItems(on)); err != nil { // with one question it holds nothing
				return err
			}
			write(t, e, deleteSecrets)
			if e.Purge(t.Context(), 100*time.Millisecond) {
				t.Error("Purge says that it is done, but the read still sees what was deleted")
			}
			if hits(t, folder) == nil {
				t.Error("nothing is left, although the read still needs it")
			}
			return countItems(on)
		})
		if err != nil {
			t.Fatal(err)
		}
		waitForNoHits(t, folder)
	})
}

// waitForNoHits waits until no file of a folder holds the secret.
func waitForNoHits(t *testing.T, folder string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); hits(t, folder) != nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("what was deleted still stands in %v", hits(t, folder))
		}
	}
}

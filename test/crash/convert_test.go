package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

const (
	crowd    = 64   // clients
	visitors = 1000 // that they convert
)

// each is how many of the crowd convert the same visitor: LOBBY_TEST_DEEP=1 makes it all of them, which takes a minute.
func each() int {
	if os.Getenv("LOBBY_TEST_DEEP") == "1" {
		return crowd
	}
	return crowd / 4
}

// Three crowds of visitors: the first have an address each, the second share one, and over the last the clients differ.
const (
	alone  = visitors / 2
	united = visitors / 4
)

func address(visitor, client int) string {
	switch {
	case visitor < alone:
		return fmt.Sprintf("own-%d@example.com", visitor)
	case visitor < alone+united:
		return "all@example.com"
	}
	return fmt.Sprintf("either-%d-%d@example.com", visitor, client%2)
}

func TestACrowdConvertsEachVisitorOnce(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	s := start(t, folder, "")
	for v := range visitors {
		created, err := s.call("POST", "/lobby/v1/visitors", map[string]string{"user_id": fmt.Sprintf("visitor-%d", v)})
		if err != nil || created.status != 200 {
			t.Fatal(created.status, err)
		}
	}

	var answers [visitors]sync.Map // address → the contact, of the conversions that succeeded
	var busy sync.WaitGroup
	for c := range crowd {
		busy.Go(func() {
			for v := range visitors { // in the same order, so that they meet
				if (c+v)%crowd < each() {
					convert(t, s, &answers[v], v, c)
				}
			}
		})
	}
	busy.Wait()
	s.stop()

	var everybody string
	for v := range visitors {
		addresses := 0
		answers[v].Range(func(email, contact any) bool {
			addresses++
			if email == "all@example.com" && everybody == "" {
				everybody = contact.(string)
			}
			if email == "all@example.com" && contact != everybody {
				t.Errorf("all@example.com is %s and %s", everybody, contact)
			}
			return true
		})
		if addresses != 1 {
			t.Errorf("visitor %d has become %d people", v, addresses)
		}
	}
	fsck(t, folder)
	t.Run("one row each", func(t *testing.T) { countRows(t, filepath.Join(folder, "lobby.db")) })
}

func convert(t *testing.T, s *server, answers *sync.Map, v, c int) {
	email := address(v, c)
	got, err := s.call("POST", "/visitors/convert", map[string]any{
		"type": "user", "visitor": map[string]string{"user_id": fmt.Sprintf("visitor-%d", v)}, "user": map[string]string{"email": email},
	})
	switch {
	case err != nil:
		t.Error(err)
	case got.status == 200:
		if first, _ := answers.LoadOrStore(email, got.ID); first != got.ID {
			t.Errorf("visitor %d has become %s and %s", v, first, got.ID)
		}
	case got.status != 404 || v < alone+united: // 404: somebody else has it
		t.Errorf("visitor %d, %s: %d", v, email, got.status)
	}
}

// countRows looks into the database itself: as many contacts as addresses, one change and one event a conversion.
func countRows(t *testing.T, file string) {
	conn, err := sqlite.OpenConn(file, sqlite.OpenReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // nothing was written
	for what, count := range map[string]struct {
		want int64
		sql  string
	}{
		"active users":              {alone + 1 + visitors - alone - united, `SELECT count(*) FROM people WHERE role = 'user' AND state IS NULL`},
		"addresses of active users": {alone + 1 + visitors - alone - united, `SELECT count(DISTINCT email_key) FROM people WHERE role = 'user' AND state IS NULL`},
		"merged visitors":           {united - 1, `SELECT count(*) FROM people WHERE state = 'merged'`},
		"changes":                   {visitors, `SELECT count(*) FROM changes`},
		"people changed":            {visitors, `SELECT count(DISTINCT subject_id) FROM changes`},
		"events":                    {visitors, `SELECT count(*) FROM outbox`},
		"changes told of":           {visitors, `SELECT count(DISTINCT subject_id) FROM outbox`},
	} {
		got, err := sqlitex.ResultInt64(conn.Prep(count.sql))
		if err != nil {
			t.Fatal(err)
		}
		if got != count.want {
			t.Errorf("%s: %d, want %d", what, got, count.want)
		}
	}
}

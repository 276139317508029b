package crash

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// stalePeople is how many people an old Lobby has left: many steps of an upgrade. LOBBY_TEST_DEEP=1 makes them more.
var stalePeople = func() int {
	if os.Getenv("LOBBY_TEST_DEEP") == "1" {
		return 120_000
	}
	return 9_000
}()

// makeOld fills the database of a stopped server with contacts whose derived columns are those of an old Lobby, and leaves
// them to the next start.
func makeOld(t *testing.T, folder string) {
	t.Helper()
	conn := openRows(t, folder, sqlite.OpenReadWrite)
	defer conn.Close() //nolint:errcheck // what it wrote is committed
	err := sqlitex.ExecuteScript(conn, fmt.Sprintf(`
		INSERT INTO people (workspace, id, role, external_id, email, email_key, phone, phone_e164, name, created_at, updated_at)
			WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d - 1)
			SELECT 'crash', printf('%%024x', i), 'user', 'old-' || i, 'Old-' || i || '@Example.com', iif(i %% 3 = 0, NULL, 'stale-' || i),
				printf('+353 1 %%07d', 2345678 + i), iif(i %% 2 = 0, NULL, '+1'), 'Name 0', 1700000000 + i, 1700000000 + i FROM n;
		INSERT INTO chores (name) VALUES ('phones'), ('email_keys')`, stalePeople), nil)
	if err != nil {
		t.Fatal(err)
	}
}

// oldLife is what one client knows about a contact that the old Lobby left, and that it alone renames and calls elsewhere.
type oldLife struct{ n, tried, known int }

func (l *oldLife) path() string { return fmt.Sprintf("/contacts/%024x", l.n) }

// change gives the contact another name and phone number, which say how often that was tried.
func (l *oldLife) change(s *server) error {
	l.tried++
	got, err := s.call("PUT", l.path(), map[string]any{"name": name(l.tried), "phone": fmt.Sprintf("+353 1 %07d", 9000000-l.tried)})
	if err != nil {
		return err
	}
	if l.known = l.tried; got.status != 200 || got.Name != name(l.tried) {
		return wrong("changing %d: %d %q", l.n, got.status, got.Name)
	}
	return nil
}

func (l *oldLife) settle(s *server) error {
	got, err := s.call("GET", l.path(), nil)
	if err != nil {
		return err
	}
	for n := l.known; n <= l.tried; n++ {
		if got.Name == name(n) {
			l.known, l.tried = n, n
			return nil
		}
	}
	return wrong("%d is called %q after %d acknowledged names out of %d: %d", l.n, got.Name, l.known, l.tried, got.status)
}

// upgraded are the rows that the steps of an upgrade have done, by what is left. Who is done is missing.
type upgraded map[string]int64

func progress(t *testing.T, folder string) upgraded {
	t.Helper()
	conn := openRows(t, folder, sqlite.OpenReadOnly) // another one would fold the log of a killed server into the file
	defer conn.Close()                               //nolint:errcheck // nothing was written
	left := upgraded{}
	err := sqlitex.Execute(conn, `SELECT name, coalesce(done, 0) FROM chores`, &sqlitex.ExecOptions{ResultFunc: func(row *sqlite.Stmt) error {
		left[row.ColumnText(0)] = row.ColumnInt64(1)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// isBehind reports whether what was done is done no more.
func (u upgraded) isBehind(former upgraded) bool {
	for name, done := range u {
		if was, left := former[name]; !left || done < was {
			return true
		}
	}
	return false
}

func openRows(t *testing.T, folder string, flags sqlite.OpenFlags) *sqlite.Conn {
	t.Helper()
	conn, err := sqlite.OpenConn(filepath.Join(folder, "lobby.db"), flags)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetBlockOnBusy()
	return conn
}

// awaitStep waits until the upgrade has done another step, or nothing is left.
func awaitStep(t *testing.T, s *server, folder string) {
	t.Helper()
	for before := progress(t, folder); len(before) > 0 && maps.Equal(progress(t, folder), before); {
		select {
		case <-s.done:
			t.Fatalf("the server has ended: %v\n%s", s.err, s.logged())
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// An upgrade goes on where a kill has ended it. Whatever was acknowledged meanwhile stays, and is derived by the new rules.
func TestAnUpgradeMayBeKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	start(t, folder, "").stop()
	makeOld(t, folder)
	var users sync.Map
	var all []*life
	old := make([]oldLife, clients)
	for i := range old {
		old[i].n = rand.IntN(stalePeople/clients)*clients + i
	}
	kills, before := 0, progress(t, folder)
	for len(before) > 0 {
		s := start(t, folder, "")
		var begun []*life
		done := make(chan struct{})
		go func() {
			defer close(done)
			begun = workUntilGone(t, s, &users, old, fmt.Sprintf("u%d", kills))
		}()
		for range 1 + rand.IntN(3) {
			awaitStep(t, s, folder)
		}
		time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
		s.kill()
		<-done
		all = append(all, begun...)
		after := progress(t, folder)
		if after.isBehind(before) {
			t.Fatalf("%v was done before a kill, and %v after it", before, after)
		}
		if kills++; kills > 4*stalePeople/1000 {
			t.Fatalf("the upgrade is not done after %d kills: %v", kills, after)
		}
		before = after
	}
	s := start(t, folder, "")
	settleAll(t, s, &users, all)
	for i := range old {
		if err := old[i].settle(s); err != nil {
			t.Error(err)
		}
	}
	s.stop()
	conn := openRows(t, folder, sqlite.OpenReadOnly)
	defer conn.Close() //nolint:errcheck // nothing was written
	for what, sql := range map[string]string{
		"people":  `SELECT count(*) - ? FROM people WHERE external_id LIKE 'old-%'`,
		"phones":  `SELECT count(*) FROM people WHERE ? > 0 AND phone_e164 IS NOT replace(phone, ' ', '')`,
		"emails":  `SELECT count(*) FROM people WHERE ? > 0 AND email_key IS NOT lower(email)`,
		"chores":  `SELECT count(*) FROM chores WHERE ? > 0`,
		"doubles": `SELECT count(*) - count(DISTINCT email_key) FROM people WHERE ? > 0 AND email_key IS NOT NULL AND state IS NULL`,
	} {
		got := int64(-1)
		err := sqlitex.Execute(conn, sql, &sqlitex.ExecOptions{Args: []any{stalePeople}, ResultFunc: func(row *sqlite.Stmt) error {
			got = row.ColumnInt64(0)
			return nil
		}})
		if err != nil || got != 0 {
			t.Errorf("%s: %d rows are wrong, %v", what, got, err)
		}
	}
	fsck(t, folder)
	t.Logf("%d kills, of which the last found the upgrade done; %d lives", kills, len(all))
}

// workUntilGone has each client change its old contact and lead lives, until the server is gone. What is refused while an
// upgrade is under way is left open.
func workUntilGone(t *testing.T, s *server, users *sync.Map, old []oldLife, prefix string) []*life {
	begun := make([][]*life, clients)
	var busy sync.WaitGroup
	for c := range clients {
		busy.Go(func() {
			if err := old[c].settle(s); err != nil && !errors.Is(err, errUnavailable) {
				if errors.Is(err, errWrong) {
					t.Error(err)
				}
				return
			}
			for n := 0; ; n++ {
				l := newLife(fmt.Sprintf("%s-%d-%d", prefix, c, n))
				begun[c] = append(begun[c], l)
				for _, err := range []error{old[c].change(s), l.live(s, users)} {
					if errors.Is(err, errWrong) {
						t.Error(err)
					} else if err != nil && !errors.Is(err, errUnavailable) {
						return // the server is gone
					}
				}
			}
		})
	}
	busy.Wait()
	return slices.Concat(begun...)
}

// Package crash takes the running program's ground away: kill -9 under load, a stop under load, a disk that is full, and
// crowds that want the same. go test builds the program and looks at what is left of all that was acknowledged.
// It knows the program by its command line, its HTTP interface and its database file only, never by its Go packages.
package crash

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

const clients = 16

// cycles is how often a server is started, loaded and killed: LOBBY_TEST_DEEP=1 makes it a hundred times.
var cycles = func() int {
	if os.Getenv("LOBBY_TEST_DEEP") == "1" {
		return 100
	}
	return 25
}()

func TestWhatIsAcknowledgedOutlivesKillNine(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	var users sync.Map // address → the one contact that has it
	var all []*life
	var starts []time.Duration
	s := start(t, folder, "")
	for cycle := range cycles {
		touched := load(t, s, &users, fmt.Sprintf("c%d", cycle), time.Duration(10+rand.IntN(170))*time.Millisecond)
		s = start(t, folder, "")
		starts = append(starts, s.started)
		settleAll(t, s, &users, touched)
		all = append(all, touched...)
		if cycle%5 == 4 {
			fsck(t, folder)
		}
		if t.Failed() {
			t.Fatalf("in cycle %d:\n%s", cycle, s.logged())
		}
	}
	settleAll(t, s, &users, all)
	s.stop()
	fsck(t, folder)
	slices.Sort(starts)
	t.Logf("%d lives; ready after %v, at worst %v", len(all), starts[len(starts)/2], starts[len(starts)-1])
}

// load lets the clients work on a server until it is killed, and answers all lives that they have begun.
func load(t *testing.T, s *server, users *sync.Map, prefix string, until time.Duration) []*life {
	t.Helper()
	begun := make([][]*life, clients)
	var busy sync.WaitGroup
	for c := range clients {
		busy.Go(func() {
			for n := 0; ; n++ {
				l := newLife(fmt.Sprintf("%s-%d-%d", prefix, c, n))
				begun[c] = append(begun[c], l)
				if err := l.live(s, users); errors.Is(err, errWrong) {
					t.Error(err)
				} else if err != nil {
					return // the server is gone
				}
			}
		})
	}
	time.Sleep(until)
	s.kill()
	busy.Wait()
	return slices.Concat(begun...)
}

// settleAll settles lives, many at once.
func settleAll(t *testing.T, s *server, users *sync.Map, lives []*life) {
	t.Helper()
	next := make(chan *life)
	var busy sync.WaitGroup
	for range clients {
		busy.Go(func() {
			for l := range next {
				if err := l.settle(s, users); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, l := range lives {
		next <- l
	}
	close(next)
	busy.Wait()
}

// A start is the moment in which files are made and the schema is written.
func TestAFirstStartMayBeKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	lobby, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		folder := filepath.Join(t.TempDir(), "data")
		for range 4 {
			killAfter(t, lobby, folder, time.Duration(rand.IntN(60))*time.Millisecond)
		}
		s := start(t, folder, "")
		var users sync.Map
		l := &life{userID: "one", fate: joins}
		if err := l.live(s, &users); err != nil {
			t.Error(err)
		}
		s.stop()
		fsck(t, folder)
	}
}

package crash

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// A server that is asked to stop answers what it has taken. A request that gets no answer was not carried out.
func TestAStopUnderLoadLosesNothing(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	var users sync.Map
	for round := range 5 {
		s := start(t, folder, "")
		begun := make([][]*life, clients)
		var busy sync.WaitGroup
		for c := range clients {
			busy.Go(func() {
				for n := 0; ; n++ {
					l := newLife(fmt.Sprintf("r%d-%d-%d", round, c, n))
					begun[c] = append(begun[c], l)
					if err := l.live(s, &users); errors.Is(err, errWrong) {
						t.Error(err)
					} else if err != nil {
						return
					}
				}
			})
		}
		time.Sleep(200 * time.Millisecond)
		s.stop()
		busy.Wait()

		s = start(t, folder, "")
		lives := slices.Concat(begun...)
		for _, l := range lives {
			if err := l.unanswered(s); err != nil {
				t.Error(err)
			}
		}
		settleAll(t, s, &users, lives)
		s.stop()
		fsck(t, folder)
		if log := s.logged(); log != "" {
			t.Errorf("the log is not empty:\n%s", log)
		}
	}
}

// unanswered checks that a life's last request, if it was not answered, was not carried out either.
func (l *life) unanswered(s *server) error {
	if l.id != "" && l.known == l.tried && (!l.asked || l.contact != "") {
		return nil
	}
	found, err := s.call("GET", l.visitorPath(), nil)
	if err != nil {
		return err
	}
	switch {
	case l.id == "" && found.status != 404:
		return wrong("%s was created, and nobody was told", l.userID)
	case l.id != "" && found.status != 200:
		return wrong("%s was converted, and nobody was told", l.userID)
	case l.id != "" && found.Name != name(l.known):
		return wrong("%s was renamed, and nobody was told", l.userID)
	}
	return nil
}

// A stop must not wait for who merely keeps a connection open.
func TestAnIdleServerStopsAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, filepath.Join(t.TempDir(), "data"), "")
	if status := statusOf(s, "/livez"); status != 200 {
		t.Fatalf("/livez answers %d", status)
	}
	s.stop()
	// It would have waited for ten seconds, cut the connection off, and said so.
	if log := s.logged(); log != "" {
		t.Errorf("the log is not empty:\n%s", log)
	}
}

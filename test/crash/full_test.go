package crash

import (
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// A limit on the size of files makes writes fail in the middle of the work, as a full disk does. What then cannot be
// known must not be acknowledged: the server says so, is not ready any more, and ends.
func TestAFullDiskEndsTheServerAndLosesNothing(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip(err)
	}
	folder := filepath.Join(t.TempDir(), "data")
	start(t, folder, "").stop()
	var users sync.Map
	for round := range 3 {
		s := start(t, folder, fmt.Sprintf("ulimit -f %d", 2000+700*round)) // blocks of 512 bytes
		lives, refused := fill(t, s, &users, fmt.Sprintf("f%d", round))
		s.wait()
		if s.err == nil {
			t.Errorf("the server has ended as if all were well:\n%s", s.logged())
		}
		if !strings.Contains(s.logged(), "start again to find out what was kept") {
			t.Errorf("the log does not say why the server has ended:\n%s", s.logged())
		}
		if refused == 0 {
			t.Error("no request was answered by 503")
		}

		s = start(t, folder, "")
		settleAll(t, s, &users, lives)
		s.stop()
		fsck(t, folder)
	}
}

// fill lets the clients work until the server is gone, and answers the lives that they have begun and how many requests
// were answered by 503. After the first of these the server must not be ready.
func fill(t *testing.T, s *server, users *sync.Map, prefix string) ([]*life, int64) {
	t.Helper()
	begun := make([][]*life, clients)
	var refused atomic.Int64
	var busy sync.WaitGroup
	for c := range clients {
		busy.Go(func() {
			for n := 0; ; n++ {
				l := newLife(fmt.Sprintf("%s-%d-%d", prefix, c, n))
				begun[c] = append(begun[c], l)
				switch err := l.live(s, users); {
				case errors.Is(err, errUnavailable):
					refused.Add(1)
					if status := statusOf(s, "/readyz"); status == http.StatusOK {
						t.Error("the server is ready although it cannot write")
					}
					return
				case errors.Is(err, errWrong):
					t.Error(err)
				case err != nil:
					return
				}
			}
		})
	}
	busy.Wait()
	return slices.Concat(begun...), refused.Load()
}

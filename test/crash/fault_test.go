package crash

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// acknowledged is how many changes each fault must meet: LOBBY_TEST_DEEP=1 makes it as many as docs/reliability.md says.
func acknowledged() int64 {
	if os.Getenv("LOBBY_TEST_DEEP") == "1" {
		return 10_000
	}
	return 300
}

// fault is one thing that happens to the folder of a server at work.
type fault struct {
	name string
	// happen makes it happen, and mend takes it back once the server has ended or, when it outlives the fault, has refused.
	happen, mend func(*world)
	outlives     bool
	says         string // in the last line of a server that ends
}

// rename is a fault of a file that goes away and comes back.
func rename(name, says string) fault {
	return fault{
		name: name + " removed", says: says,
		happen: func(w *world) { w.must(os.Rename(w.path(name), w.beside("away"))) },
		mend:   func(w *world) { w.must(os.Rename(w.beside("away"), w.path(name))) },
	}
}

const wasReplaced = "was removed or replaced while it was in use"

var faults = []fault{
	{name: "kill -9", happen: func(w *world) { w.kill() }, mend: func(*world) {}},
	rename("lobby.db", wasReplaced),
	rename("lobby.db-wal", wasReplaced),
	{
		name: "folder moved", says: wasReplaced,
		happen: func(w *world) { w.must(os.Rename(w.data, w.beside("away"))) },
		mend:   func(w *world) { w.must(os.RemoveAll(w.data), os.Rename(w.beside("away"), w.data)) },
	},
	{
		name: "lobby.db replaced", says: wasReplaced,
		happen: func(w *world) {
			w.copyFile(w.path("lobby.db"), w.beside("another"))
			w.must(os.Rename(w.path("lobby.db"), w.beside("away")), os.Rename(w.beside("another"), w.path("lobby.db")))
		},
		mend: func(w *world) { w.must(os.Rename(w.beside("away"), w.path("lobby.db"))) },
	},
	{
		name: "disk full", outlives: true,
		happen: func(w *world) {
			if os.WriteFile(w.path("ballast"), make([]byte, 256<<20), 0o600) == nil {
				w.Fatal("the disk is not small")
			}
		},
		mend: func(w *world) { w.must(os.Remove(w.path("ballast"))) },
	},
}

// Whatever happens to the files of a server, it acknowledges nothing that is not kept, and says that it cannot go on.
func TestNoFaultLosesWhatIsAcknowledged(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		t.Run(strings.ReplaceAll(f.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			w := &world{T: t, data: filepath.Join(t.TempDir(), "data")}
			if f.outlives {
				smallDisk(t, w.data)
			}
			w.begin()
			var all []string
			var noticed []time.Duration
			rounds := 0
			for ; int64(len(all)) < acknowledged(); rounds++ {
				added, after := w.suffer(f, fmt.Sprintf("r%d", rounds))
				all = append(all, added...)
				noticed = append(noticed, after)
				w.allThere(added)
			}
			w.allThere(all)
			w.stop()
			fsck(t, w.data)
			slices.Sort(noticed)
			t.Logf("%d acknowledged, 0 lost, %d rounds; noticed after %v, at worst %v", len(all), rounds,
				noticed[len(noticed)/2].Round(time.Millisecond), noticed[len(noticed)-1].Round(time.Millisecond))
		})
	}
}

// smallDisk mounts a disk of a size that a test can fill.
func smallDisk(t *testing.T, folder string) {
	t.Helper()
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=200m,mode=700", "tmpfs", folder).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be mounted here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", folder).Run() })
}

// suffer has clients add visitors until a fault keeps all of them from it, and mends the fault. It returns who was
// acknowledged, and how long after the fault the server was not ready or refused.
func (w *world) suffer(f fault, prefix string) (added []string, after time.Duration) {
	w.Helper()
	var count, refused atomic.Int64
	var first atomic.Int64 // when a request first failed, in Unix nanoseconds
	known := make([][]string, clients)
	var busy sync.WaitGroup
	s := w.server
	for c := range clients {
		busy.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%s-%d-%d", prefix, c, n)
				created, err := s.call("POST", "/lobby/v1/visitors", map[string]string{"user_id": id})
				if err == nil && created.status == http.StatusOK {
					known[c] = append(known[c], id)
					count.Add(1)
					continue
				}
				first.CompareAndSwap(0, time.Now().UnixNano())
				if err == nil || errors.Is(err, errUnavailable) {
					refused.Add(1)
				}
				if err == nil {
					w.Errorf("adding %s: %d", id, created.status)
				}
				return
			}
		})
	}
	for want := acknowledged() / 3; count.Load() < want; {
		time.Sleep(time.Millisecond)
	}
	happened := time.Now()
	f.happen(w)
	busy.Wait()
	after = time.Duration(max(0, first.Load()-happened.UnixNano()))
	if f.outlives {
		if refused.Load() == 0 {
			w.Error("no request was answered by 503")
		}
		f.mend(w)
		return slices.Concat(known...), after
	}
	w.wait()
	if f.says != "" && (w.err == nil || !strings.Contains(w.logged(), f.says)) {
		w.Errorf("the server ended with %v and the log\n%s\nwant %q", w.err, w.logged(), f.says)
	}
	f.mend(w)
	w.begin()
	return slices.Concat(known...), after
}

// allThere checks that visitors are there.
func (w *world) allThere(ids []string) {
	w.Helper()
	next := make(chan string)
	var busy sync.WaitGroup
	for range clients {
		busy.Go(func() {
			for id := range next {
				if found, err := w.call("GET", "/visitors?user_id="+id, nil); err != nil || found.status != http.StatusOK {
					w.Errorf("%s was acknowledged and is lost: %d, %v", id, found.status, err)
				}
			}
		})
	}
	for _, id := range ids {
		next <- id
	}
	close(next)
	busy.Wait()
}

// A page that cannot be read is found by the request that needs it: 503, and the end of the server.
func TestADamagedPageEndsTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []string
	for n := range 300 {
		id := fmt.Sprintf("visitor-%d", n)
		w.add(id)
		ids = append(ids, id)
	}
	w.stop()
	good, err := os.ReadFile(w.path("lobby.db"))
	w.must(err)
	bad := slices.Clone(good)
	for i := range bad[len(bad)/3:] {
		bad[len(bad)/3+i] = 0xa5
	}
	w.must(os.WriteFile(w.path("lobby.db"), bad, 0o600))
	w.server = launch(t, w.data, "")
	refused := false
	for _, id := range ids {
		found, err := w.call("GET", "/visitors?user_id="+id, nil)
		switch {
		case errors.Is(err, errUnavailable):
			refused = true
		case err == nil && found.status != http.StatusOK:
			t.Fatalf("a damaged file answers %d", found.status)
		}
		if err != nil {
			break
		}
	}
	w.wait()
	if w.err == nil || !strings.Contains(w.logged(), "damaged or its disk fails") && !strings.Contains(w.logged(), "malformed") {
		t.Errorf("it ended with %v (a request was refused: %v) and the log\n%s", w.err, refused, w.logged())
	}
	w.must(os.WriteFile(w.path("lobby.db"), good, 0o600))
	w.begin()
	w.allThere(ids)
	w.stop()
}

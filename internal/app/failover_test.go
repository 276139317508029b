package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/testkit"
)

// pair is two PostgreSQL servers, of which one follows the other, each behind a cable that can be cut.
type pair struct {
	nodes   [2]*testkit.Server
	cables  [2]*testkit.Proxy
	primary int
}

func newPair(t *testing.T) *pair {
	t.Helper()
	first := testkit.PostgresServer(t)
	p := &pair{nodes: [2]*testkit.Server{first, first.Standby(t)}}
	for i, node := range p.nodes {
		p.cables[i] = testkit.NewProxy(t, node.Address())
	}
	return p
}

func (p *pair) dsn() string {
	return p.nodes[0].Through("&target_session_attrs=read-write", p.cables[0].Address(), p.cables[1].Address())
}

func (p *pair) old() *testkit.Server { return p.nodes[p.primary] }

func (p *pair) other() *testkit.Server { return p.nodes[1-p.primary] }

// promote makes the other node the primary. What it returns has the old one follow, once its fault is mended.
func (p *pair) promote(t *testing.T) (rejoin func()) {
	old, other := p.old(), p.other()
	other.Promote(t)
	p.primary = 1 - p.primary
	return func() { old.Follow(t, other) }
}

// failures are what may become of a primary. Each returns when there is one again, and what mends the rest afterwards.
// Without LOBBY_TEST_DEEP only the two are run in which nothing refuses a connection.
var failures = []struct {
	name   string
	isDeep bool
	run    func(*testing.T, *pair) (mend func())
}{
	{"killed", true, func(t *testing.T, p *pair) func() {
		p.old().Kill(t)
		return p.promote(t)
	}},
	{"node killed", false, func(t *testing.T, p *pair) func() {
		cable := p.cables[p.primary]
		cable.Drop() // a machine without power refuses nothing
		p.old().Kill(t)
		rejoin := p.promote(t)
		return func() { cable.Pass(); rejoin() }
	}},
	{"frozen", false, func(t *testing.T, p *pair) func() {
		old := p.old()
		thaw := old.Freeze(t)
		rejoin := p.promote(t)
		return func() {
			thaw() // it still takes itself for the primary, until somebody ends it
			time.Sleep(200 * time.Millisecond)
			old.Kill(t)
			rejoin()
		}
	}},
	{"switched over", true, func(t *testing.T, p *pair) func() {
		p.old().Stop(t)
		return p.promote(t)
	}},
	{"rolling restart", true, func(t *testing.T, p *pair) func() {
		p.old().Alone(t)
		p.other().Stop(t)
		p.other().Restart(t)
		p.old().AwaitStandby(t)
		p.old().Stop(t)
		p.old().Restart(t)
		return func() {}
	}},
}

// crowd is clients that write until each of their changes is acknowledged.
type crowd struct {
	servers  []*serving
	prefix   string
	acked    atomic.Int64
	mu       sync.Mutex
	statuses map[int]int
	names    map[string]string // by external id, the name that was acknowledged last
	failed   time.Time         // when a request last failed
}

// work writes until stop is closed: a contact, then its name. What fails is sent again.
func (c *crowd) work(client int, stop <-chan struct{}) {
	for n := 0; ; n++ {
		external := fmt.Sprintf("%s-%d-%d", c.prefix, client, n)
		id := ""
		for i, body := range []string{`{"role":"user","external_id":"` + external + `","name":"first"}`, `{"name":"second"}`} {
			for try := 0; ; try++ {
				select {
				case <-stop:
					return
				default:
				}
				method, path := http.MethodPost, "/contacts"
				if i == 1 {
					method, path = http.MethodPut, "/contacts/"+id
				}
				status, object, _ := c.servers[(client+try)%len(c.servers)].call(method, path, body)
				if status == http.StatusConflict { // an earlier try went through
					status, object = http.StatusOK, object["errors"].([]any)[0].(map[string]any)
					id, _, _ = strings.Cut(object["message"].(string)[strings.Index(object["message"].(string), "id=")+3:], " ")
				} else if status == http.StatusOK {
					id, _ = object["id"].(string)
				}
				if c.count(status, external, []string{"first", "second"}[i]) {
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
		}
	}
}

// count records the result of a request, and reports whether it was acknowledged.
func (c *crowd) count(status int, external, name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statuses[status]++
	if status != http.StatusOK {
		c.failed = time.Now()
		return false
	}
	c.names[external] = name
	c.acked.Add(1)
	return true
}

// since returns for how long requests have failed since some moment.
func (c *crowd) since(began time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(0, c.failed.Sub(began)).Round(time.Millisecond)
}

// await waits until so many changes are acknowledged.
func (c *crowd) await(t *testing.T, count int64) {
	t.Helper()
	for began, last := time.Now(), c.acked.Load(); c.acked.Load() < count; time.Sleep(10 * time.Millisecond) {
		if now := c.acked.Load(); now != last {
			began, last = time.Now(), now
		}
		if time.Since(began) > 2*time.Minute {
			t.Fatalf("nothing was acknowledged for two minutes, after %d changes; statuses %v", last, c.statuses)
		}
	}
}

// lost returns how many acknowledged changes are not there.
func (c *crowd) lost(t *testing.T) (count int) {
	t.Helper()
	work, lost := make(chan string), atomic.Int64{}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for external := range work {
				status, object, err := c.servers[0].call(http.MethodGet, "/contacts/find_by_external_id/"+external, "")
				// The second name may be there although nobody was told.
				if name := object["name"]; status != http.StatusOK || name != c.names[external] && name != "second" {
					lost.Add(1)
					t.Errorf("%s: %d %v %v, want the name %s", external, status, object["name"], err, c.names[external])
				}
			}
		})
	}
	for external := range c.names {
		work <- external
	}
	close(work)
	all.Wait()
	return int(lost.Load())
}

// patience is how long requests may fail after there is a primary again; it is seconds on an idle machine.
const patience = 30 * time.Second

// Whatever becomes of the primary, nothing that was acknowledged is lost, what was not converges when it is sent again, and
// no server has to be started again.
func TestWhatWasAcknowledgedOutlivesThePrimary(t *testing.T) {
	t.Parallel()
	changes, timeout, isDeep := int64(200), "2s", os.Getenv("LOBBY_TEST_DEEP") == "1"
	if isDeep {
		changes, timeout = 10_000, "5s"
	}
	p := newPair(t)
	servers := serveTogether(t, 2, "--database", p.dsn(), "--database-timeout="+timeout)
	for _, failure := range failures {
		if failure.isDeep && !isDeep {
			continue
		}
		t.Log(outlive(t, servers, failure.name, changes, func() func() { return failure.run(t, p) }))
	}
}

// outcome is what became of the changes around a fault.
type outcome struct {
	name     string
	acked    int64
	statuses map[int]int
	lost     int
	outage   time.Duration // for how long requests failed after there was a primary again
	mending  time.Duration // the same after the rest was mended
}

func (o outcome) String() string {
	return fmt.Sprintf("| %s | %d | %s | %d | %v | %v |", o.name, o.acked, shown(o.statuses), o.lost, o.outage, o.mending)
}

// outlive has a crowd work through a fault, and fails t unless everything is there afterwards. The fault returns when there is
// a primary again, and what mends the rest. Half of the changes come before it.
func outlive(t *testing.T, servers []*serving, name string, changes int64, fault func() (mend func())) outcome {
	t.Helper()
	c := &crowd{servers: servers, prefix: strings.ReplaceAll(name, " ", "-"), statuses: map[int]int{}, names: map[string]string{}}
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for client := range 16 {
		clients.Go(func() { c.work(client, stop) })
	}
	c.await(t, changes/2)
	mend := fault()
	stands := time.Now()
	c.await(t, c.acked.Load()+changes/2)
	o := outcome{name: name, outage: c.since(stands)}
	mended := time.Now()
	mend() // under load
	c.await(t, c.acked.Load()+changes/10)
	close(stop)
	clients.Wait()
	o.acked, o.statuses, o.lost, o.mending = c.acked.Load(), c.statuses, c.lost(t), c.since(mended)
	for status := range c.statuses {
		if status != http.StatusOK && status != http.StatusServiceUnavailable {
			t.Errorf("%s: the status %d", name, status)
		}
	}
	if o.outage > patience {
		t.Errorf("%s: requests failed until %v after there was a primary", name, o.outage)
	}
	for _, s := range servers {
		if status := s.status(t, "/readyz"); status != http.StatusOK {
			t.Errorf("%s: /readyz is %d afterwards", name, status)
		}
	}
	return o
}

func shown(statuses map[int]int) string {
	var all []string
	for _, status := range slices.Sorted(maps.Keys(statuses)) {
		all = append(all, fmt.Sprintf("%d× %d", statuses[status], status))
	}
	return strings.Join(all, ", ")
}

func (s *serving) status(t *testing.T, path string) int {
	t.Helper()
	answer, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

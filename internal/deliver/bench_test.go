package deliver_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"lobby/internal/deliver"
	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// asCounter is the variable that makes this test binary a receiver that only counts: a process of its own, so that its CPU
// time is not that of the deliveries.
const asCounter = "LOBBY_BENCH_COUNTER"

func TestMain(m *testing.M) {
	if os.Getenv(asCounter) == "" {
		os.Exit(testkit.Main(m))
	}
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			fmt.Fprint(w, n.Load())
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		n.Add(1)
	}))
	fmt.Println(s.URL)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the benchmark ends
}

// counter starts a receiver and returns its URL.
func counter(b *testing.B) string {
	b.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), asCounter+"=1")
	process.Stderr = os.Stderr
	in, err := process.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = process.Wait()
	})
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(url)
}

// counted returns how many POSTs a receiver got.
func counted(b *testing.B, url string) int {
	b.Helper()
	response, err := http.Get(url)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.Fatal(err)
	}
	n, err := strconv.Atoi(string(text))
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// bench is a server on a file with some webhooks, what delivers for it, and the URL of the receiver.
func bench(b *testing.B, hooks int) (*testkit.Instance, *deliver.Deliverer, string) {
	b.Helper()
	s := testkit.Start(b, testkit.OnFile())
	registry := &webhook.Registry{Registry: s.Lobby.Registry, Store: s.Store.Webhooks(), AllowPrivate: true}
	d := deliver.New(deliver.Options{
		Lobby: s.Lobby, Webhooks: registry, Log: slog.New(slog.DiscardHandler), Failed: func(err error) { b.Error(err) },
	})
	url := counter(b)
	for range hooks {
		if _, err := registry.Create(b.Context(), workspace.Caller{Workspace: s.Workspace}, webhook.Draft{URL: &url, Topics: []string{"*"}}); err != nil {
			b.Fatal(err)
		}
	}
	return s, d, url
}

// cost is what a piece of work took: of the clock, and of the processors in this process.
type cost struct{ clock, cpu time.Duration }

func costOf(do func()) cost {
	clock, cpu := time.Now(), cpuTime()
	do()
	return cost{time.Since(clock), cpuTime() - cpu}
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// median returns the middle one of some numbers.
func median[T int64 | float64 | time.Duration](all []T) T {
	slices.Sort(all)
	return all[len(all)/2]
}

// batch is the number of deliveries, and of updates, in a round.
const batch = 4000

// BenchmarkDeliveriesBesideBareLoop delivers new leads, and posts as many signed bodies of the same length in a loop of
// eight at once, in b.N rounds. Ratios are those of throughput: above 1 deliveries are the faster ones.
func BenchmarkDeliveriesBesideBareLoop(b *testing.B) {
	s, d, url := bench(b, 1)
	bare := counter(b)
	var clock, cpu []float64
	var each []time.Duration
	made := 0
	for range b.N {
		insertLeads(b, s, made)
		made += batch
		if _, err := s.Lobby.StampOutbox(b.Context(), "bench"); err != nil {
			b.Fatal(err)
		}
		delivered := costOf(func() {
			if err := d.StampAndSettle(b.Context()); err != nil {
				b.Fatal(err)
			}
		})
		posted := costOf(func() { postBare(b, bare) })
		clock = append(clock, float64(posted.clock)/float64(delivered.clock))
		cpu = append(cpu, float64(posted.cpu)/float64(delivered.cpu))
		each = append(each, delivered.cpu/batch)
	}
	if got := counted(b, url); got != made {
		b.Fatalf("%d of %d were delivered", got, made)
	}
	b.ReportMetric(median(clock), "clock-ratio")
	b.ReportMetric(median(cpu), "CPU-ratio")
	b.ReportMetric(float64(median(each).Nanoseconds())/1000, "µs-CPU/delivery")
	b.ReportMetric(0, "ns/op")
}

// insertLeads makes leads, each with its entry in the outbox.
func insertLeads(b *testing.B, s *testkit.Instance, from int) {
	b.Helper()
	for i := from; i < from+batch; {
		err := s.Store.Write(b.Context(), func(w people.Writer) error {
			for range 500 {
				p := &people.Person{Workspace: s.Workspace, ID: s.Lobby.NewID(s.Clock.Now()), Role: people.Lead, Name: "Ada", Email: fmt.Sprintf("ada-%d@example.com", i), CreatedAt: 1, UpdatedAt: 1}
				i++
				if err := w.InsertPerson(p); err != nil {
					return err
				}
				if err := s.Lobby.EmitContact(w, people.ContactCreated, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// postBare signs and posts bodies as long as those of deliveries, eight at once.
func postBare(b *testing.B, url string) {
	const workers = 8
	body := `{"padding":"` + string(bytes.Repeat([]byte("x"), 2100)) + `"}`
	transport := &http.Transport{MaxIdleConnsPerHost: workers}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	var left atomic.Int64
	left.Store(batch)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				deliver.Sign(request.Header, body, []string{"secret"}, 1)
				response, err := client.Do(request)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
		})
	}
	all.Wait()
}

// BenchmarkUpdateWithWebhooksBesideNone updates contacts over HTTP, one after the other: with three webhooks that are told of
// it meanwhile, and with none, in b.N rounds. The ratios are those of the median and of the 99th percentile of the time that
// a request takes.
func BenchmarkUpdateWithWebhooksBesideNone(b *testing.B) {
	with, without := newUpdates(b, 3), newUpdates(b, 0)
	var middle, late []float64
	for range b.N {
		told, quiet := with.run(b), without.run(b)
		middle = append(middle, float64(told[batch/2])/float64(quiet[batch/2]))
		late = append(late, float64(told[batch*99/100])/float64(quiet[batch*99/100]))
	}
	b.ReportMetric(median(middle), "median-ratio")
	b.ReportMetric(median(late), "p99-ratio")
	b.ReportMetric(0, "ns/op")
}

// updates is a server whose contacts are updated.
type updates struct {
	*testkit.Instance
	*deliver.Deliverer
	ids []string
	n   int
}

func newUpdates(b *testing.B, hooks int) *updates {
	b.Helper()
	s, d, _ := bench(b, hooks)
	u := &updates{Instance: s, Deliverer: d}
	for range 50 {
		u.ids = append(u.ids, s.Do(b, "POST", "/contacts", `{"role":"lead"}`).Get("id").(string))
	}
	return u
}

// run returns the times of the updates of a round, sorted, while the outbox is worked off as in a server.
func (u *updates) run(b *testing.B) (took []time.Duration) {
	ctx, cancel := context.WithCancel(b.Context())
	var all sync.WaitGroup
	all.Go(func() { u.Run(ctx) })
	all.Go(func() {
		for ctx.Err() == nil {
			_, _ = u.Instance.Lobby.StampOutbox(ctx, "bench") //nolint:errcheck // it is cut off in the end
			time.Sleep(250 * time.Millisecond)
		}
	})
	for i := range batch {
		u.n++
		began := time.Now()
		request, err := http.NewRequest(http.MethodPut, u.URL+"/contacts/"+u.ids[i%len(u.ids)], strings.NewReader(fmt.Sprintf(`{"name":"%d"}`, u.n)))
		if err != nil {
			b.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+u.Token)
		response, err := http.DefaultClient.Do(request)
		if err != nil || response.StatusCode != http.StatusOK {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		took = append(took, time.Since(began))
	}
	cancel()
	all.Wait()
	// What is left is not to disturb the next round.
	if err := u.StampAndSettle(b.Context()); err != nil {
		b.Fatal(err)
	}
	slices.Sort(took)
	return took
}

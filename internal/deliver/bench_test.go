package deliver_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
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

// counter is a receiver that only counts.
func counter(b *testing.B) (*httptest.Server, *atomic.Int64) {
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		n.Add(1)
	}))
	b.Cleanup(s.Close)
	return s, &n
}

// bench is a server on a file with a user for each delivery, and what delivers for it.
func bench(b *testing.B, hooks int) (*testkit.Instance, *deliver.Deliverer, *atomic.Int64) {
	b.Helper()
	s := testkit.Start(b, testkit.OnFile())
	registry := &webhook.Registry{Registry: s.Lobby.Registry, Store: s.Store.Webhooks(), AllowPrivate: true}
	d := deliver.New(deliver.Options{
		Lobby: s.Lobby, Webhooks: registry, Log: slog.New(slog.DiscardHandler), Failed: func(err error) { b.Error(err) },
	})
	receiver, n := counter(b)
	for range hooks {
		if _, err := registry.Create(b.Context(), workspace.Caller{Workspace: s.Workspace}, webhook.Draft{URL: &receiver.URL, Topics: []string{"*"}}); err != nil {
			b.Fatal(err)
		}
	}
	return s, d, n
}

// cpuTime returns the time that this process has had of the processors. Unlike the time of the clock it says something on a
// machine that is busy with other things.
func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkDeliveries delivers the creation of b.N leads, which are there before the clock starts.
func BenchmarkDeliveries(b *testing.B) {
	s, d, n := bench(b, 1)
	for i := 0; i < b.N; {
		err := s.Store.Write(b.Context(), func(w people.Writer) error {
			for range min(500, b.N-i) {
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
	if _, err := s.Lobby.StampOutbox(b.Context(), "bench"); err != nil {
		b.Fatal(err)
	}
	cpu := cpuTime()
	b.ResetTimer()
	if err := d.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/float64(b.N), "µs-CPU/op")
	if n.Load() != int64(b.N) {
		b.Fatalf("%d of %d", n.Load(), b.N)
	}
}

// BenchmarkBareLoop posts and signs bodies as long as those of BenchmarkDeliveries, one after the other and by eight at once.
func BenchmarkBareLoop(b *testing.B) {
	body := `{"padding":"` + string(bytes.Repeat([]byte("x"), 2100)) + `"}`
	for _, workers := range []int{1, 8} {
		b.Run(fmt.Sprint(workers), func(b *testing.B) {
			receiver, _ := counter(b)
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers}}
			var left atomic.Int64
			left.Store(int64(b.N))
			var all sync.WaitGroup
			cpu := cpuTime()
			b.ResetTimer()
			for range workers {
				all.Go(func() {
					for left.Add(-1) >= 0 {
						request, err := http.NewRequest(http.MethodPost, receiver.URL, bytes.NewReader([]byte(body)))
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
			b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/float64(b.N), "µs-CPU/op")
		})
	}
}

// BenchmarkUpdate updates a contact over HTTP, again and again, with and without webhooks that are told of it.
func BenchmarkUpdate(b *testing.B) {
	for _, hooks := range []int{0, 3} {
		b.Run(fmt.Sprint("webhooks=", hooks), func(b *testing.B) {
			s, d, _ := bench(b, hooks)
			ctx, cancel := context.WithCancel(b.Context())
			var all sync.WaitGroup
			all.Go(func() { d.Run(ctx) })
			all.Go(func() {
				for ctx.Err() == nil {
					_, _ = s.Lobby.StampOutbox(ctx, "bench") //nolint:errcheck // it is cut off in the end
					time.Sleep(250 * time.Millisecond)
				}
			})
			var ids []string
			for range 50 {
				ids = append(ids, s.Do(b, "POST", "/contacts", `{"role":"lead"}`).Get("id").(string))
			}
			var took []time.Duration
			b.ResetTimer()
			for i := range b.N {
				began := time.Now()
				request, err := http.NewRequest("PUT", s.URL+"/contacts/"+ids[i%len(ids)], bytes.NewReader(fmt.Appendf(nil, `{"name":"%d"}`, i)))
				if err != nil {
					b.Fatal(err)
				}
				request.Header.Set("Authorization", "Bearer "+s.Token)
				response, err := http.DefaultClient.Do(request)
				if err != nil || response.StatusCode != 200 {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
				took = append(took, time.Since(began))
			}
			b.StopTimer()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
			cancel()
			all.Wait()
		})
	}
}

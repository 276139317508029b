package messenger_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/testkit"
)

// flood sends pings at a rate until it is stopped, each in turn from one of so many addresses of this machine.
type flood struct {
	t         *testing.T
	url       string
	app       people.WorkspaceID
	addresses int
	perSecond int

	mu       sync.Mutex
	answered map[int]int // by status
}

func (f *flood) run(ctx context.Context) {
	var clients []*http.Client
	for i := range min(f.addresses, 1000) {
		dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(1+i/250), byte(1+i%250))}}
		transport := &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 4}
		clients = append(clients, &http.Client{Transport: transport})
		defer transport.CloseIdleConnections()
	}
	const beats = 50 // a second
	tick := time.NewTicker(time.Second / beats)
	defer tick.Stop()
	var flying sync.WaitGroup
	defer flying.Wait()
	places := make(chan struct{}, 64)
	for n := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for range f.perSecond / beats {
			n++
			select {
			case places <- struct{}{}:
				flying.Go(func() {
					f.ping(clients[n%len(clients)], n)
					<-places
				})
			default: // the flood does not wait for answers, but this machine has to make it, too
			}
		}
	}
}

func (f *flood) ping(client *http.Client, n int) {
	form := url.Values{
		"app_id": {string(f.app)}, "referer": {site + "/"},
		"user_data": {fmt.Sprintf(`{"anonymous_id":"%08d-1111-4111-8111-111111111111","more":%q}`, n, strings.Repeat("x", 500))},
	}
	r, err := http.NewRequest(http.MethodPost, f.url+"/messenger/web/ping", strings.NewReader(form.Encode()))
	if err != nil {
		f.t.Error(err)
		return
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", site)
	r.Header.Set("User-Agent", chrome)
	w, err := client.Do(r)
	if err != nil {
		f.t.Error(err)
		return
	}
	defer w.Body.Close()               //nolint:errcheck // it was only read
	_, _ = io.Copy(io.Discard, w.Body) // so that the connection stays
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answered[w.StatusCode]++
	if w.StatusCode == http.StatusTooManyRequests {
		wait, _ := strconv.Atoi(w.Header.Get("Retry-After"))
		if h := w.Header; wait < 1 || h.Get("Access-Control-Allow-Origin") != site || h.Get("Access-Control-Expose-Headers") == "" {
			f.t.Errorf("a refusal has the headers %v", h)
		}
	}
}

// slowest answers the 99th percentile of so many reads and writes by a client of the API.
func slowest(t *testing.T, s *testkit.Instance, visitor *people.Person, n int) time.Duration {
	t.Helper()
	var took []time.Duration
	for i := range n {
		began := time.Now()
		if i%4 == 0 {
			s.Do(t, "PUT", "/visitors", map[string]any{"id": visitor.ID, "name": fmt.Sprint(i)})
		} else {
			s.Do(t, "GET", "/visitors?user_id="+visitor.AnonymousID, nil)
		}
		took = append(took, time.Since(began))
		time.Sleep(2 * time.Millisecond)
	}
	slices.Sort(took)
	return took[n*99/100]
}

func TestAFloodIsTurnedAwayAndTheAPIAnswersAllTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	isDeep := os.Getenv("LOBBY_TEST_DEEP") != ""
	s := testkit.Start(t, testkit.OnFile(), testkit.RateLimit(10_000_000))
	s.Lobby.Now = time.Now
	visitor, err := s.Lobby.CreateVisitor(t.Context(), people.Caller{Workspace: s.Workspace}, &people.Person{})
	if err != nil {
		t.Fatal(err)
	}
	// Other work on the machine counts, too: only a deep test is strict.
	requests, ratio, slack := 300, 10.0, 500*time.Millisecond
	if isDeep {
		requests, ratio, slack = 2000, 1.5, 10*time.Millisecond
	}
	slowest(t, s, visitor, 100)
	idle := slowest(t, s, visitor, requests)
	for _, f := range []*flood{
		{addresses: 1, perSecond: 200}, // of which ten a second are let in
		{addresses: 1000, perSecond: 1000},
	} {
		f.t, f.url, f.app, f.answered = t, s.URL, s.Workspace, map[int]int{}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { f.run(ctx) })
		time.Sleep(time.Second) // until what is let in at first is used up
		busy := slowest(t, s, visitor, requests)
		stop()
		running.Wait()
		idle = max(idle, slowest(t, s, visitor, requests))
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		t.Logf("from %d addresses: answered %v; 99%% of calls within %v, idle %v; heap %d MB",
			f.addresses, f.answered, busy, idle, memory.HeapInuse>>20)
		if limit := max(time.Duration(float64(idle)*ratio), idle+slack); busy > limit {
			t.Errorf("from %d addresses: 99%% of calls take up to %v, and %v without the flood", f.addresses, busy, idle)
		}
		if memory.HeapInuse > 256<<20 {
			t.Errorf("from %d addresses: the heap has %d MB", f.addresses, memory.HeapInuse>>20)
		}
		for status := range f.answered {
			if status != http.StatusOK && status != http.StatusTooManyRequests {
				t.Errorf("from %d addresses: %d answers were %d", f.addresses, f.answered[status], status)
			}
		}
		if f.answered[http.StatusTooManyRequests] == 0 {
			t.Errorf("from %d addresses: nobody was turned away: %v", f.addresses, f.answered)
		}
	}
}

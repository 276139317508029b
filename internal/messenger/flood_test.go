package messenger_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// maxInFlight is how many requests of pages the server takes at the same time: four are worked on, sixty wait.
const maxInFlight = 64

// flood sends pings from so many addresses of this machine and counts what comes back.
type flood struct {
	t       *testing.T
	url     string
	app     workspace.ID
	clients []*http.Client
	refused chan struct{} // one for each answer 429

	mu       sync.Mutex
	answered map[int]int // by status
}

func newFlood(t *testing.T, s *testkit.Instance, addresses int) *flood {
	f := &flood{t: t, url: s.URL, app: s.Workspace, answered: map[int]int{}, refused: make(chan struct{}, 1000)}
	for i := range addresses {
		dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(1+i/250), byte(1+i%250))}}
		transport := &http.Transport{DialContext: dialer.DialContext}
		t.Cleanup(transport.CloseIdleConnections)
		f.clients = append(f.clients, &http.Client{Transport: transport})
	}
	return f
}

// ping sends the nth ping, of a browser that was never seen before.
func (f *flood) ping(n int) {
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
	w, err := f.clients[n%len(f.clients)].Do(r)
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
		f.refused <- struct{}{}
		wait, _ := strconv.Atoi(w.Header.Get("Retry-After"))
		if h := w.Header; wait < 1 || h.Get("Access-Control-Allow-Origin") != site || h.Get("Access-Control-Expose-Headers") == "" {
			f.t.Errorf("a refusal has the headers %v", h)
		}
	}
}

// is checks how many pings were let in and how many refused.
func (f *flood) is(admitted, refused int) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.answered) > 2 || f.answered[http.StatusOK] != admitted || f.answered[http.StatusTooManyRequests] != refused {
		f.t.Errorf("the pings were answered %v, want %d let in and %d refused", f.answered, admitted, refused)
	}
}

// heldStore keeps whoever asks it waiting until it is released.
type heldStore struct {
	people.Store
	released <-chan struct{}
}

func (s heldStore) Read(ctx context.Context, fn func(people.Reader) error) error {
	<-s.released
	return s.Store.Read(ctx, fn)
}

func (s heldStore) Write(ctx context.Context, fn func(people.Writer) error) error {
	<-s.released
	return s.Store.Write(ctx, fn)
}

// The clock stands still, so that an address is let in as often as its bucket holds, however slow the machine is.
func TestAFloodFromOneAddressIsTurnedAway(t *testing.T) {
	t.Parallel()
	const pings, admitted = 200, 60
	s := testkit.Start(t, testkit.OnFile(), testkit.RateLimit(10_000_000))
	if _, err := s.Lobby.ChangeSettings(t.Context(), workspace.Caller{Workspace: s.Workspace}, map[string]string{"new_visitors_per_minute": "0"}); err != nil {
		t.Fatal(err)
	}
	f := newFlood(t, s, 1)
	for n := range pings {
		f.ping(n)
	}
	f.is(admitted, pings-admitted)
}

// The store of the messenger is held, so that the pings that are let in stay in flight, however fast the machine is.
func TestAFloodIsTurnedAwayAndTheAPIAnswersAllTheSame(t *testing.T) {
	t.Parallel()
	const pings = 300
	released := make(chan struct{})
	release := sync.OnceFunc(func() { close(released) })
	s := testkit.Start(t, testkit.OnFile(), testkit.RateLimit(10_000_000), testkit.MessengerStore(func(store people.Store) people.Store {
		return heldStore{store, released}
	}))
	t.Cleanup(release) // or a test that fails would wait for ever
	visitor, err := s.Lobby.CreateVisitor(t.Context(), workspace.Caller{Workspace: s.Workspace}, &people.Person{})
	if err != nil {
		t.Fatal(err)
	}
	f := newFlood(t, s, pings)
	var flying sync.WaitGroup
	for n := range pings {
		flying.Go(func() { f.ping(n) })
	}
	for i := range pings - maxInFlight {
		select {
		case <-f.refused:
		case <-time.After(time.Minute):
			t.Fatalf("only %d pings were turned away", i)
		}
	}
	for i := range 40 {
		s.Do(t, "PUT", "/visitors", map[string]any{"id": visitor.ID, "name": fmt.Sprint(i)})
		if r := s.Do(t, "GET", "/visitors?user_id="+visitor.AnonymousID, nil); r.Status != http.StatusOK || r.Get("name") != fmt.Sprint(i) {
			t.Fatalf("during the flood the API answers %d %s", r.Status, r.Text)
		}
	}
	f.is(0, pings-maxInFlight)
	release()
	flying.Wait()
	f.is(maxInFlight, pings-maxInFlight)
}

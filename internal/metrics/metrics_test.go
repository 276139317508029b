package metrics_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"lobby/internal/metrics"
)

func TestRequestsAreCountedByFrontMethodAndCode(t *testing.T) {
	t.Parallel()
	m := metrics.New("1.2.3")
	for _, status := range []int{200, 200, 404} {
		m.Started()
		m.Observe("api", http.MethodGet, status, time.Millisecond)
	}
	m.Started()
	m.Observe("messenger", http.MethodPost, 200, time.Millisecond)

	page := scrape(t, m)
	want(t, page, `lobby_http_requests_total{code="200",front="api",method="GET"} 2`)
	want(t, page, `lobby_http_requests_total{code="404",front="api",method="GET"} 1`)
	want(t, page, `lobby_http_requests_total{code="200",front="messenger",method="POST"} 1`)
}

func TestMethodsNobodyUsesShareOneSeries(t *testing.T) {
	t.Parallel()
	m := metrics.New("1.2.3")
	for _, method := range []string{"BREW", "get", "TRACE", strings.Repeat("X", 4096)} {
		m.Started()
		m.Observe("api", method, 405, 0)
	}

	page := scrape(t, m)
	want(t, page, `lobby_http_requests_total{code="405",front="api",method="other"} 4`)
	if n := strings.Count(page, "lobby_http_requests_total{"); n != 1 {
		t.Errorf("%d series, want 1", n)
	}
}

func TestDurationsFallIntoBucketsOfSeconds(t *testing.T) {
	t.Parallel()
	m := metrics.New("1.2.3")
	for _, d := range []time.Duration{80 * time.Microsecond, 3 * time.Millisecond, time.Minute} {
		m.Started()
		m.Observe("api", http.MethodGet, 200, d)
	}

	page := scrape(t, m)
	for _, line := range []string{
		`_bucket{front="api",le="5e-05"} 0`, `_bucket{front="api",le="0.0001"} 1`, `_bucket{front="api",le="0.0025"} 1`,
		`_bucket{front="api",le="0.005"} 2`, `_bucket{front="api",le="10"} 2`, `_bucket{front="api",le="+Inf"} 3`,
		`_sum{front="api"} 60.00308`,
	} {
		want(t, page, "lobby_http_request_duration_seconds"+line)
	}
}

func TestRequestsAreInFlightUntilObserved(t *testing.T) {
	t.Parallel()
	m := metrics.New("1.2.3")
	m.Started()
	m.Started()
	m.Observe("api", http.MethodGet, 200, 0)

	want(t, scrape(t, m), "lobby_http_requests_in_flight 1")
}

func TestTheProgramItsRuntimeAndItsProcessAreShown(t *testing.T) {
	t.Parallel()
	page := scrape(t, metrics.New("1.2.3"))

	want(t, page, `lobby_build_info{version="1.2.3"} 1`)
	for _, name := range []string{"go_goroutines ", "process_open_fds ", "process_resident_memory_bytes "} {
		if !strings.Contains(page, "\n"+name) {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestTwoServersInOneProcessDoNotAddUp(t *testing.T) {
	t.Parallel()
	first, second := metrics.New("1"), metrics.New("2")
	first.Started()
	first.Observe("api", http.MethodGet, 200, 0)

	if page := scrape(t, second); strings.Contains(page, "lobby_http_requests_total{") {
		t.Error("the second counts the request of the first")
	}
}

func TestNoRequestIsLostWhenManyMeetNewLabels(t *testing.T) {
	t.Parallel()
	m := metrics.New("1.2.3")
	var clients sync.WaitGroup
	begin := make(chan bool)
	for range 8 {
		clients.Go(func() {
			<-begin
			for status := 200; status < 500; status++ {
				m.Started()
				m.Observe("api", http.MethodGet, status, 0)
			}
		})
	}
	close(begin)
	clients.Wait()

	page := scrape(t, m)
	for status := 200; status < 500; status++ {
		want(t, page, fmt.Sprintf(`lobby_http_requests_total{code="%d",front="api",method="GET"} 8`, status))
	}
}

func TestObservingAllocatesNothing(t *testing.T) {
	m := metrics.New("1.2.3")
	allocations := testing.AllocsPerRun(1000, func() {
		m.Started()
		m.Observe("api", http.MethodGet, 200, 3*time.Millisecond)
	})
	if allocations != 0 {
		t.Errorf("%v allocations a request, want none", allocations)
	}
}

func BenchmarkObserve(b *testing.B) {
	m := metrics.New("1.2.3")
	b.ReportAllocs()
	for b.Loop() {
		m.Started()
		m.Observe("api", http.MethodGet, 200, 300*time.Microsecond)
	}
}

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("the page answers %d", w.Code)
	}
	return w.Body.String()
}

func want(t *testing.T, page, line string) {
	t.Helper()
	if !strings.Contains(page, "\n"+line+"\n") {
		t.Errorf("the page lacks %s", line)
	}
}

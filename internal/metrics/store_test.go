package metrics_test

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"lobby/internal/metrics"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestTheStoreIsShown(t *testing.T) {
	t.Parallel()
	m := metrics.New("1.2.3")
	s := m.Store()
	asked := 0
	s.Show(func(context.Context) metrics.StoreFigures {
		asked++
		return metrics.StoreFigures{
			QueuedWrites: 1, WALBytes: 2, WaitingTouches: 3, AcquiredConnections: 4, IdleConnections: 5, MaxConnections: 6,
			ConnectionWaits: 7, ConnectionWaited: 8 * time.Second, Visitors: 9, Leads: 10, Users: 11, OutboxEntries: 12,
		}
	})
	s.Committed([]time.Duration{0, time.Millisecond, 3 * time.Second}, 2*time.Millisecond)
	s.Checkpointed(time.Second, nil)
	s.Checkpointed(time.Second, errors.New("the disk is full"))
	s.Retried()

	page := scrape(t, m)
	for _, line := range []string{
		"lobby_store_commit_writes_sum 3", "lobby_store_commit_writes_count 1", `lobby_store_commit_writes_bucket{le="2"} 0`,
		`lobby_store_commit_writes_bucket{le="4"} 1`, "lobby_store_commit_wait_seconds_count 3", "lobby_store_commit_wait_seconds_sum 3.001",
		"lobby_store_commit_duration_seconds_sum 0.002", "lobby_store_checkpoint_duration_seconds_count 2",
		"lobby_store_checkpoint_failures_total 1", "lobby_store_retries_total 1", "lobby_store_queued_writes 1", "lobby_store_wal_bytes 2",
		"lobby_store_waiting_touches 3", `lobby_store_connections{state="acquired"} 4`, `lobby_store_connections{state="idle"} 5`,
		"lobby_store_max_connections 6", "lobby_store_connection_waits_total 7", "lobby_store_connection_wait_seconds_total 8",
		`lobby_people{role="visitor"} 9`, `lobby_people{role="lead"} 10`, `lobby_people{role="user"} 11`, "lobby_outbox_entries 12",
		"lobby_outbox_oldest_age_seconds 0",
	} {
		want(t, page, line)
	}
	if asked != 1 {
		t.Errorf("one scrape asked %d times", asked)
	}
}

func TestTheOutboxAges(t *testing.T) {
	t.Parallel()
	m := metrics.New("1.2.3")
	m.Store().Show(func(context.Context) metrics.StoreFigures {
		return metrics.StoreFigures{OutboxOldest: time.Now().Unix() - 1_000_000}
	})
	// Seven digits, whatever the machine's speed.
	if page := scrape(t, m); !strings.Contains(page, "\nlobby_outbox_oldest_age_seconds 1.00") {
		t.Error("the age is not that of the oldest entry")
	}
}

// TestEveryMetricIsListed keeps names and help texts, and the table in docs/operating.md, as they are.
func TestEveryMetricIsListed(t *testing.T) {
	t.Parallel()
	m := metrics.New("1.2.3")
	m.Store().Show(func(context.Context) metrics.StoreFigures { return metrics.StoreFigures{} })
	m.Started()
	m.Observe("api", http.MethodGet, 200, 0)
	m.BackgroundFailed("sweep")

	var got strings.Builder
	documented := read(t, "../../docs/operating.md")
	for line := range strings.Lines(scrape(t, m)) {
		help, ours := strings.CutPrefix(line, "# HELP lobby_")
		if !ours {
			continue
		}
		got.WriteString("lobby_" + help)
		name, _, _ := strings.Cut("lobby_"+help, " ")
		if !strings.Contains(documented, "| `"+name) {
			t.Errorf("docs/operating.md does not list %s", name)
		}
	}
	const golden = "testdata/metrics.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got.String() != read(t, golden) {
		t.Errorf("%s differs; go test -update writes it anew:\n%s", golden, got.String())
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

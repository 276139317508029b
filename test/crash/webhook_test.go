package crash

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// told is how many changes a webhook is told of, and kills how often the server is killed meanwhile: LOBBY_TEST_DEEP=1 makes
// it ten thousand and a hundred.
var told, kills = func() (int, int) {
	if os.Getenv("LOBBY_TEST_DEEP") == "1" {
		return 10_000, 100
	}
	return 300, 5
}()

// listener is a receiver of webhooks, which keeps the numbers of the events of each person in the order of their first
// arrival.
type listener struct {
	mu    sync.Mutex
	first map[string][]int
	seen  map[string]bool
	posts int
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var n struct {
		Data struct {
			Item struct {
				UserID   string `json:"user_id"`
				Metadata struct {
					N int `json:"n"`
				} `json:"metadata"`
			} `json:"item"`
		} `json:"data"`
	}
	if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.posts++
	user, number := n.Data.Item.UserID, n.Data.Item.Metadata.N
	if key := fmt.Sprint(user, " ", number); !l.seen[key] {
		l.seen[key] = true
		l.first[user] = append(l.first[user], number)
	}
}

func (l *listener) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.seen)
}

func TestEveryChangeIsToldThoughTheServerIsKilled(t *testing.T) {
	t.Parallel()
	receiver := &listener{first: map[string][]int{}, seen: map[string]bool{}}
	outside := httptest.NewServer(receiver)
	t.Cleanup(outside.Close)
	folder := filepath.Join(t.TempDir(), "data")
	var current atomic.Pointer[server]
	current.Store(start(t, folder, ""))
	must := func(path, body string) {
		t.Helper()
		if status := post(current.Load(), path, body); status/100 != 2 {
			t.Fatalf("POST %s: %d", path, status)
		}
	}
	must("/lobby/v1/webhooks", `{"url":"`+outside.URL+`","topics":["event.created"]}`)
	const users = 10
	for u := range users {
		must("/contacts", fmt.Sprintf(`{"external_id":"user-%d"}`, u))
	}

	// Each user does one thing after the other, and says it again until it is acknowledged.
	var busy sync.WaitGroup
	var acknowledged atomic.Int64
	for u := range users {
		busy.Go(func() {
			for n := range told / users {
				body := fmt.Sprintf(`{"user_id":"user-%d","event_name":"did-%d","created_at":1700000000,"metadata":{"n":%d}}`, u, n, n)
				for began := time.Now(); post(current.Load(), "/events", body) != http.StatusAccepted; time.Sleep(time.Millisecond) {
					if time.Since(began) > patience {
						t.Errorf("event %d of user %d is not acknowledged", n, u)
						return
					}
				}
				acknowledged.Add(1)
			}
		})
	}
	for k := range kills {
		// In the middle of things, but not only while events come in.
		for int(acknowledged.Load()) < told*k/kills {
			time.Sleep(time.Millisecond)
			if t.Failed() {
				return
			}
		}
		time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
		current.Load().kill()
		current.Store(start(t, folder, ""))
	}
	busy.Wait()
	for began := time.Now(); receiver.count() < told; time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > 2*patience {
			t.Fatalf("%d of %d changes were told\n%s", receiver.count(), told, current.Load().logged())
		}
	}
	receiver.mu.Lock()
	defer receiver.mu.Unlock()
	for user, numbers := range receiver.first {
		for i, n := range numbers {
			if i != n {
				t.Fatalf("%s: number %d came as the %d.: %v", user, n, i, numbers)
			}
		}
	}
	current.Load().stop()
	fsck(t, folder)
	t.Logf("%d changes, %d kills, %d posts", told, kills, receiver.posts)
}

// post makes a request to the API, and returns the status; 0 when there is no answer.
func post(s *server, path, body string) int {
	response, err := s.send(http.MethodPost, path, body)
	if err != nil {
		return 0
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// A stream outlives the time-outs of other requests, and a stop does not wait for it.
func TestAStreamEndsWithTheServer(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	s := start(t, folder, "")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/lobby/v1/changes?after=latest", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Accept", "text/event-stream")
	stream, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close() //nolint:errcheck // it was only read
	lines := bufio.NewScanner(stream.Body)
	lines.Buffer(nil, 1<<20)
	if post(s, "/contacts", `{"role":"lead","name":"Ada"}`) != http.StatusOK {
		t.Fatal("no contact")
	}
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "data: ") && strings.Contains(lines.Text(), "Ada") {
			break
		}
	}
	s.stop()
	for lines.Scan() {
	}
	if lines.Err() != nil || strings.Contains(s.logged(), "cut off") {
		t.Errorf("the stream ended with %v\n%s", lines.Err(), s.logged())
	}
}

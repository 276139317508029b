package deliver_test

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the documented signature
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"lobby/internal/deliver"
	"lobby/internal/testkit"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// receiver is a server outside, which answers as a test wants and keeps what it was sent.
type receiver struct {
	*httptest.Server
	answer func(n *notification) int // nil is 200

	mu  sync.Mutex
	got []*notification
}

// notification is what a receiver reads of a delivery.
type notification struct {
	Header http.Header `json:"-"`
	Text   string      `json:"-"`

	Type     string `json:"type"`
	AppID    string `json:"app_id"`
	ID       string `json:"id"`
	Topic    string `json:"topic"`
	Attempts int    `json:"delivery_attempts"`
	Data     struct {
		Item map[string]any `json:"item"`
	} `json:"data"`
}

func listen(t *testing.T, answer func(*notification) int) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		n := &notification{Header: q.Header, Text: string(body)}
		if err == nil {
			err = json.Unmarshal(body, n)
		}
		if err != nil {
			t.Error(err)
		}
		status := 200
		if r.answer != nil {
			status = r.answer(n)
		}
		r.mu.Lock()
		r.got = append(r.got, n)
		r.mu.Unlock()
		w.WriteHeader(status)
		fmt.Fprint(w, "thanks")
	}))
	t.Cleanup(r.Close)
	return r
}

// take returns what came since the last call, as "topic id-of-item".
func (r *receiver) take() (all []*notification) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all, r.got = r.got, nil
	return all
}

func topicsOf(all []*notification) string {
	var topics []string
	for _, n := range all {
		topics = append(topics, n.Topic)
	}
	return strings.Join(topics, " ")
}

// house is a server with what delivers for it.
type house struct {
	*testkit.Instance
	*deliver.Deliverer
	t *testing.T
}

func open(t *testing.T, options ...testkit.Option) *house {
	t.Helper()
	s := testkit.Start(t, options...)
	return &house{s, deliverer(t, s, true), t}
}

func deliverer(t *testing.T, s *testkit.Instance, allowPrivate bool) *deliver.Deliverer {
	return deliver.New(deliver.Options{
		Lobby: s.Lobby, Webhooks: &webhook.Registry{Registry: s.Lobby.Registry, Store: s.Store.Webhooks(), AllowPrivate: allowPrivate},
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Failed: func(err error) { t.Error(err) },
		Spread: func() float64 { return 0.5 },
	})
}

func (h *house) caller() workspace.Caller { return workspace.Caller{Workspace: h.Workspace} }

// hook makes a webhook for the given topics.
func (h *house) hook(url string, topics ...string) *webhook.Subscription {
	h.t.Helper()
	version := "2.11"
	s, err := h.Webhooks.Create(h.t.Context(), h.caller(), webhook.Draft{URL: &url, Topics: topics, Version: &version})
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// does makes a request, which must succeed, and returns the id in the response.
func (h *house) does(method, path, body string) string {
	h.t.Helper()
	var in any
	if body != "" {
		in = body
	}
	r := h.Do(h.t, method, path, in)
	if r.Status/100 != 2 {
		h.t.Fatalf("%s %s: %d %s", method, path, r.Status, r.Text)
	}
	id, _ := r.Get("id").(string)
	return id
}

func (h *house) settle() {
	h.t.Helper()
	if err := h.StampAndSettle(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// isSigned reports whether a notification has the signatures of a secret.
func (n *notification) isSigned(secret string) bool {
	one := hmac.New(sha1.New, []byte(secret))
	one.Write([]byte(n.Text))
	two := hmac.New(sha256.New, []byte(secret))
	two.Write([]byte(n.Text))
	return n.Header.Get("X-Hub-Signature") == "sha1="+hex.EncodeToString(one.Sum(nil)) &&
		n.Header.Get("X-Hub-Signature-256") == "sha256="+hex.EncodeToString(two.Sum(nil))
}

// isStamped reports whether Lobby-Signature has the signature of a secret.
func (n *notification) isStamped(secret string) bool {
	header := n.Header.Get("Lobby-Signature")
	at, _, _ := strings.Cut(strings.TrimPrefix(header, "t="), ",")
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(at + "." + n.Text))
	return strings.Contains(header+",", ",v1="+hex.EncodeToString(mac.Sum(nil))+",")
}

package deliver_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"lobby/internal/deliver"
	"lobby/internal/webhook"
)

// answerOf sends a ping to an address and returns what is known of the answer.
func (h *house) answerOf(t *testing.T, d *deliver.Deliverer, url string) *webhook.Delivery {
	t.Helper()
	hook := h.hook(url, webhook.LeadCreated)
	id := h.does("POST", "/lobby/v1/webhooks/"+hook.ID+"/test", "")
	if err := d.StampAndSettle(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := h.Webhooks.Delivery(t.Context(), h.caller(), hook.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestNothingIsSentToPrivateAddresses(t *testing.T) {
	t.Parallel()
	h := open(t)
	var reached atomic.Int64
	inside := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(inside.Close)
	strict := deliverer(t, h.Instance, false)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(inside.URL, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "0.0.0.0", "[::]", "0x7f000001", "2130706433", "127.1"} {
		d := h.answerOf(t, strict, "https://"+host+":"+port+"/")
		if d.State != webhook.Failed || d.Status != 0 || d.Error == "" {
			t.Errorf("%s: %s %d %q", host, d.State, d.Status, d.Error)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests reached a server inside", n)
	}
	// A name is checked after it was looked up.
	if d := h.answerOf(t, strict, "https://localhost:"+port+"/"); d.Error != "the address is not one of the public internet" {
		t.Errorf("localhost: %q", d.Error)
	}
	// What was allowed once is not, when the option is taken away.
	if d := h.answerOf(t, strict, "http://example.invalid/"); d.Error != "the address is not allowed" {
		t.Errorf("plain HTTP: %q", d.Error)
	}
}

func TestFailuresTellNothingOfTheNetworkInside(t *testing.T) {
	t.Parallel()
	h := open(t)
	lenient := deliverer(t, h.Instance, true)
	closing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if c, _, err := http.NewResponseController(w).Hijack(); err != nil {
			t.Error(err)
		} else if err := errors.Join(c.(*net.TCPConn).SetLinger(0), c.Close()); err != nil { // the client reads a reset
			t.Error(err)
		}
	}))
	t.Cleanup(closing.Close)
	gone := httptest.NewServer(nil)
	gone.Close()
	for _, to := range []string{"http://nobody.invalid/", closing.URL, gone.URL} {
		d := h.answerOf(t, lenient, to)
		if d.State != webhook.Failed || d.Error == "" || regexp.MustCompile(`\d\.\d|:\d`).MatchString(d.Error) {
			t.Errorf("%s: %s %q", to, d.State, d.Error)
		}
	}
}

func TestRedirectsStayAtTheirHost(t *testing.T) {
	t.Parallel()
	h := open(t)
	other := listen(t, nil)
	here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/across":
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		case "/same":
			http.Redirect(w, r, "/end", http.StatusPermanentRedirect)
		case "/get":
			http.Redirect(w, r, "/end", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusTemporaryRedirect)
		case "/end":
			if r.Method != http.MethodPost {
				t.Errorf("a redirect became %s", r.Method)
			}
		}
	}))
	t.Cleanup(here.Close)
	for path, want := range map[string]int64{"/across": 307, "/same": 200, "/get": 302, "/loop": 307} {
		if d := h.answerOf(t, h.Deliverer, here.URL+path); d.Status != want || (d.State == webhook.Delivered) != (want == 200) {
			t.Errorf("%s: %s with %d, want %d", path, d.State, d.Status, want)
		}
	}
	if got := other.take(); len(got) != 0 {
		t.Error("a redirect was followed to another host")
	}
}

func TestAnswersAreReadToABound(t *testing.T) {
	t.Parallel()
	h := open(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < 64 && r.Context().Err() == nil; i++ { // 64 MiB, of which nobody wants the rest
			if _, err := w.Write([]byte("\xff\x00a" + strings.Repeat("x", 1<<20))); err != nil {
				return
			}
		}
	}))
	t.Cleanup(s.Close)
	d := h.answerOf(t, h.Deliverer, s.URL)
	if d.State != webhook.Delivered || len(d.Answer) > 2000 || !strings.HasPrefix(d.Answer, "ax") {
		t.Errorf("%s, %d bytes are kept: %.10q", d.State, len(d.Answer), d.Answer)
	}
}

func TestAReceiverThatHangsCostsFiveSeconds(t *testing.T) {
	t.Parallel()
	h := open(t)
	held := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-held:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(held) })
	d := h.answerOf(t, h.Deliverer, s.URL+"/?token=secret")
	if d.State != webhook.Failed || d.Error != "no answer within five seconds" {
		t.Errorf("%s: %q", d.State, d.Error)
	}
}

func TestNoErrorTellsTheAddress(t *testing.T) {
	t.Parallel()
	h := open(t)
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String() + "/?token=secret"
	_ = l.Close()
	if d := h.answerOf(t, h.Deliverer, url); d.Error == "" || strings.Contains(d.Error, "secret") {
		t.Errorf("%q", d.Error)
	}
}

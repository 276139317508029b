package httpserver

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/metrics"
)

// orderly is a stop as it is by default.
var orderly = stopping{farewell: 100 * time.Millisecond, lastCall: lastCall, after: time.After}

func TestARequestBeingAnsweredIsFinishedBeforeTheEnd(t *testing.T) {
	t.Parallel()
	entered, release := make(chan bool), make(chan bool)
	s := prepare(t, answering(func(w http.ResponseWriter, r *http.Request) {
		entered <- true
		<-release
		if r.Context().Err() != nil {
			t.Error("the request was cancelled")
		}
		fmt.Fprint(w, "done")
	}))
	s.stopping = orderly
	s.listen(t)
	c := s.dial(t)
	c.send(t, http.MethodPost, "/", nil)
	<-entered

	s.stop()
	select {
	case err := <-s.ended:
		t.Fatalf("ended with %v before the answer", err)
	case <-time.After(2 * (orderly.farewell + orderly.lastCall)):
	}
	close(release)
	if got, body := c.receive(t, http.MethodPost); body != "done" || !got.Close {
		t.Errorf("%q, closed %v, want done on a connection that ends", body, got.Close)
	}
	if err := <-s.ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if begun := s.log.records(t, "stopping"); len(begun) != 1 || begun[0]["in_flight"] != 1.0 || begun[0]["reason"] != "context canceled" {
		t.Errorf("the log says %v, want the reason and one request in flight", begun)
	}
	if len(s.log.records(t, "drained")) != 1 {
		t.Error("the log does not say that it was drained")
	}
	if s.takesConnections() {
		t.Error("connections are taken after the end")
	}
}

func TestReadinessEndsAtOnceAndConnectionsAreStillTakenForAMoment(t *testing.T) {
	t.Parallel()
	s := prepare(t, Options{})
	s.stopping.farewell = time.Second
	defer s.holdStop(time.Second)()
	s.listen(t)
	kept, opened := s.dial(t), s.dial(t)
	kept.send(t, http.MethodGet, "/", nil)
	if got, _ := kept.receive(t, http.MethodGet); got.Close {
		t.Fatal("the connection is not kept before the end")
	}

	s.stop()
	for ready := true; ready; { // until the server has seen it
		got, _ := s.get(t, "/readyz", nil)
		ready = got.StatusCode == http.StatusOK
	}
	if got, body := s.get(t, "/readyz", nil); got.StatusCode != 503 || body != "draining" {
		t.Errorf("/readyz: %d %q on a new connection, want 503", got.StatusCode, body)
	}
	if got, _ := s.get(t, "/livez", nil); got.StatusCode != 200 {
		t.Errorf("/livez: %d, want 200", got.StatusCode)
	}
	for name, c := range map[string]*connection{"kept": kept, "opened before": opened} {
		c.send(t, http.MethodGet, "/visitors", nil)
		if got, body := c.receive(t, http.MethodGet); body != "api /visitors" || !got.Close {
			t.Errorf("%s: %q, closed %v, want an answer and the end", name, body, got.Close)
		}
	}
}

func TestTheDrainDelayIsHowLongConnectionsAreTaken(t *testing.T) {
	t.Parallel()
	if s := New(Options{Metrics: metrics.New("test"), Timeouts: Timeouts{DrainDelay: 7 * time.Second}}); s.stopping.farewell != 7*time.Second {
		t.Errorf("connections are taken for %v, want 7s", s.stopping.farewell)
	}
}

func TestAConnectionThatWasAcceptedIsAnsweredAfterTheListenerIsClosed(t *testing.T) {
	t.Parallel()
	s := prepare(t, Options{})
	s.stopping.lastCall = time.Second
	defer s.holdStop(time.Second)()
	s.listen(t)
	kept, opened := s.dial(t), s.dial(t)
	kept.send(t, http.MethodGet, "/", nil)
	kept.receive(t, http.MethodGet)
	s.stop()
	for s.takesConnections() {
		time.Sleep(time.Millisecond)
	}

	for name, c := range map[string]*connection{"kept": kept, "opened before": opened} {
		c.send(t, http.MethodGet, "/visitors", nil)
		if got, body := c.receive(t, http.MethodGet); body != "api /visitors" || !got.Close {
			t.Errorf("%s: %q, closed %v, want an answer and the end", name, body, got.Close)
		}
	}
}

func TestEveryRequestThatIsCarriedOutUnderLoadIsAnswered(t *testing.T) {
	t.Parallel()
	var carriedOut, answered atomic.Int64
	s := prepare(t, answering(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Millisecond)
		carriedOut.Add(1)
	}))
	s.stopping = orderly
	s.listen(t)
	client := &http.Client{Transport: new(http.Transport)}
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for {
				// Of a method that is not repeated on its own.
				answer, err := client.Post("http://"+s.address, "text/plain", nil)
				if err != nil {
					return
				}
				answer.Body.Close()
				answered.Add(1)
			}
		})
	}
	for answered.Load() < 100 {
		time.Sleep(time.Millisecond)
	}
	s.stop()
	clients.Wait()
	<-s.ended

	if carriedOut.Load() != answered.Load() || answered.Load() == 0 {
		t.Errorf("%d requests were carried out and %d answered", carriedOut.Load(), answered.Load())
	}
}

// holdStop makes the step of an orderly stop that takes so long last until release is called, however slow the machine is.
func (s *running) holdStop(step time.Duration) (release func()) {
	over := make(chan time.Time)
	s.stopping.after = func(d time.Duration) <-chan time.Time {
		if d == step {
			return over
		}
		return time.After(d)
	}
	return func() { close(over) }
}

func (s *running) takesConnections() bool {
	conn, err := net.Dial("tcp", s.address)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

func TestARequestThatNeverEndsIsCutOffAtTheLimit(t *testing.T) {
	t.Parallel()
	entered := make(chan bool)
	s := prepare(t, answering(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	}))
	s.timeouts.Drain = 50 * time.Millisecond
	s.listen(t)
	c := s.dial(t)
	c.send(t, http.MethodGet, "/", nil)
	<-entered

	s.stop()
	if err := <-s.ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if _, err := c.answers.ReadByte(); err == nil {
		t.Error("the client got an answer")
	}
	if !strings.Contains(s.log.String(), "requests were cut off") {
		t.Error("the log does not say so")
	}
}

func TestAListenerThatFailsIsAnError(t *testing.T) {
	t.Parallel()
	s := prepare(t, Options{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if err := s.Serve(t.Context(), listener); !errors.Is(err, net.ErrClosed) {
		t.Errorf("%v, want that the listener is closed", err)
	}
}

func TestHeadersHaveALimit(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for size, want := range map[int]int{maxHeader / 2: 200, 2 * maxHeader: 431} {
		if got, _ := s.get(t, "/", http.Header{"X-Long": {strings.Repeat("x", size)}}); got.StatusCode != want {
			t.Errorf("%d bytes: %d, want %d", size, got.StatusCode, want)
		}
	}
}

func TestClientsThatAreSlowOrIdleAreLeft(t *testing.T) {
	t.Parallel()
	reads := answering(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	for name, c := range map[string]struct {
		timeouts Timeouts
		sent     string
	}{
		"slow": {Timeouts{Read: 50 * time.Millisecond}, "POST / HTTP/1.1\r\nHost: lobby\r\nContent-Length: 10\r\n\r\n"},
		"idle": {Timeouts{Idle: 50 * time.Millisecond}, "GET / HTTP/1.1\r\nHost: lobby\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := reads
			o.Timeouts = c.timeouts
			s := start(t, o)
			client := s.dial(t)
			if err := client.SetDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if _, err := client.Write([]byte(c.sent)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, client.answers); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("the connection is still open")
			}
		})
	}
}

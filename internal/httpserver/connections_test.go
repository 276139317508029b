package httpserver

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"lobby/internal/proxy"
)

const unfinished = "GET / HTTP/1.1\r\nHost: lobby\r\nX-Slow: "

func TestUnfinishedHeadersKeepNobodyOut(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"one address": {Limits: Limits{AddressConnections: 8}},
		"all":         {Limits: Limits{Connections: 8}},
		"trusted proxies": {
			Limits:  Limits{Connections: 8, AddressConnections: 1},
			Proxies: proxy.Proxies{Trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.Timeouts.Header = time.Hour
			s := start(t, o)
			var slow []*connection
			for range 40 {
				c := s.dial(t)
				if _, err := io.WriteString(c, unfinished); err != nil && !isReset(err) {
					t.Fatal(err)
				}
				slow = append(slow, c)
			}
			c := s.dial(t)
			c.send(t, http.MethodGet, "/visitors", nil)
			if got, body := c.receive(t, http.MethodGet); body != "api /visitors" {
				t.Errorf("%d %q, want an answer", got.StatusCode, body)
			}
			for _, c := range slow[:32] { // which made place
				mustEnd(t, c)
			}
			// The newest of them still is there, and gets its answer.
			last := slow[len(slow)-1]
			if _, err := io.WriteString(last, "x\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			if got, _ := last.receive(t, http.MethodGet); got.StatusCode != http.StatusOK {
				t.Errorf("the newest of the slow ones: %d", got.StatusCode)
			}
		})
	}
}

func TestConnectionsThatAreUsedStay(t *testing.T) {
	t.Parallel()
	entered, release := make(chan bool), make(chan bool)
	o := answering(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/long" {
			entered <- true
			<-release
		}
	})
	o.Limits = Limits{AddressConnections: 2}
	s := start(t, o)
	first, second := s.dial(t), s.dial(t)
	for _, c := range []*connection{first, second} {
		c.send(t, http.MethodGet, "/long", nil)
		<-entered
	}
	mustEnd(t, s.dial(t)) // all are being answered

	close(release)
	for _, c := range []*connection{first, second} {
		c.receive(t, http.MethodGet)
	}
	for !s.answers(t) { // until the server has seen that both wait for another request
		time.Sleep(time.Millisecond)
	}
}

// answers reports whether a request on a new connection is answered.
func (s *running) answers(t *testing.T) bool {
	t.Helper()
	c := s.dial(t)
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: lobby\r\n\r\n"); err != nil {
		return false
	}
	_, err := http.ReadResponse(c.answers, nil)
	return err == nil
}

func TestEndedConnectionsAreForgotten(t *testing.T) {
	t.Parallel()
	all := newConnections(Limits{Connections: 2, AddressConnections: 2}, proxy.Proxies{})
	for _, address := range []string{"192.0.2.1", "2001:db8::1", "2001:db8::2", "::ffff:192.0.2.1"} {
		var ended []net.Conn
		for port := range uint16(5) {
			mine, theirs := net.Pipe()
			defer theirs.Close() //nolint:errcheck // it has no other end any more
			if c := all.admit(mine, netip.AddrPortFrom(netip.MustParseAddr(address), port)); c != nil {
				ended = append(ended, c)
			}
		}
		for _, c := range ended {
			c.Close() //nolint:errcheck // a pipe
			c.Close() //nolint:errcheck // a second time, as net/http may
		}
	}
	if len(all.addresses) != 0 || all.all.count != 0 || all.all.conns.Len() != 1 {
		t.Errorf("left: %d addresses, count %d, %d connections and the divider", len(all.addresses), all.all.count, all.all.conns.Len())
	}
}

func TestAnAddressOfIPv6IsItsNetwork(t *testing.T) {
	t.Parallel()
	for a, b := range map[string]string{"2001:db8::1": "2001:db8::ffff:2", "::ffff:192.0.2.1": "192.0.2.1", "fe80::1%eth0": "fe80::2"} {
		if network(netip.MustParseAddr(a)) != network(netip.MustParseAddr(b)) {
			t.Errorf("%s and %s are two", a, b)
		}
	}
	if network(netip.MustParseAddr("192.0.2.1")) == network(netip.MustParseAddr("192.0.2.2")) {
		t.Error("two addresses are one")
	}
}

func TestProbesOnAListenerOfTheirOwn(t *testing.T) {
	t.Parallel()
	admin, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, Options{Admin: admin})
	public, apart := s.address, admin.Addr().String()
	for _, path := range []string{"/metrics", "/livez", "/readyz"} {
		if _, body := s.get(t, path, nil); body != "api "+path {
			t.Errorf("%s is on the public listener: %q", path, body)
		}
		s.address = apart
		if got, body := s.get(t, path, nil); got.StatusCode != http.StatusOK || strings.HasPrefix(body, "api") {
			t.Errorf("%s: %d %q on its own listener", path, got.StatusCode, body)
		}
		s.address = public
	}
	s.address = apart
	for _, path := range []string{"/", "/visitors", "/messenger/web/ping"} {
		if got, _ := s.get(t, path, nil); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d on the listener of the probes", path, got.StatusCode)
		}
	}
	s.stop()
	<-s.ended
	if s.takesConnections() {
		t.Error("the listener of the probes outlives the server")
	}
}

// mustEnd waits until the server has closed a connection.
func mustEnd(t *testing.T, c *connection) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.answers.ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection is open: %v", err)
	}
}

func isReset(err error) bool {
	var op *net.OpError
	return errors.As(err, &op)
}

package deliver

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"lobby/internal/webhook"
)

// timeout is how long an attempt may take, from the look-up of the name to the end of the answer.
const timeout = 5 * time.Second

const (
	// maxAnswer is how much of an answer is read, in bytes, and maxKept how much of it is kept.
	maxAnswer, maxKept = 64 << 10, 2000
	maxRedirects       = 3
)

var (
	errNotPublic = errors.New("the address is not one of the public internet")
	errTimeout   = errors.New("no answer within five seconds")
	errNoName    = errors.New("the name of the host cannot be looked up")
)

// newClient returns the client that sends all deliveries. Proxies that the environment names are not used: they would
// connect to addresses that are checked here.
func newClient(allowPrivate bool) *http.Client {
	dialer := &net.Dialer{Timeout: timeout}
	if !allowPrivate {
		// Control is called with the address that is about to be used, after the name was looked up, for each attempt and
		// each redirect. So a name that means another address the next time changes nothing.
		dialer.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
			if to, err := netip.ParseAddrPort(address); err != nil || !webhook.IsPublic(to.Addr()) {
				return errNotPublic
			}
			return nil
		}
	}
	return &http.Client{
		CheckRedirect: checkRedirect,
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           256,
			MaxIdleConnsPerHost:    maxInFlight,
			IdleConnTimeout:        90 * time.Second,
			TLSHandshakeTimeout:    timeout,
			MaxResponseHeaderBytes: maxAnswer,
			DisableCompression:     true,
		},
	}
}

// checkRedirect follows only redirects that repeat the request at the same host and in the same scheme. Any other is the
// answer, and so a failure.
func checkRedirect(next *http.Request, via []*http.Request) error {
	first := via[0]
	if len(via) > maxRedirects || next.Method != first.Method || next.URL.Host != first.URL.Host || next.URL.Scheme != first.URL.Scheme {
		return http.ErrUseLastResponse
	}
	return nil
}

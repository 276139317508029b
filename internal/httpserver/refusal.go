package httpserver

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// net/http refuses some requests before any handler: what it cannot parse (400), a header that is too long (431), a
// transfer coding (501), an expectation (417) or a version of HTTP (505) that it does not know. It writes these responses
// itself, as plain text or without a body, and closes the connection. Clients that expect an error.list fail on them
// without saying why, so [refusalListener] replaces each with one.

// refusalListener accepts connections whose responses of net/http itself are in the form of the public API's errors.
type refusalListener struct {
	net.Listener
	ids *idSource
}

// Accept implements [net.Listener].
func (l refusalListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &refusalConn{Conn: c, ids: l.ids}, nil
}

// refusalConn is a connection that is served by net/http.
type refusalConn struct {
	net.Conn
	ids *idSource
	// refused says that the response was ours, and that what the client still sends is not read yet. A server that stops
	// may close a connection while it is closed already.
	refused atomic.Bool
}

// Write sends p, or the error.list that stands for it.
func (c *refusalConn) Write(p []byte) (int, error) {
	status := refusedByNetHTTP(p)
	if status == 0 {
		return c.Conn.Write(p)
	}
	c.refused.Store(true)
	if _, err := c.Conn.Write(refusalResponse(status, c.ids.next())); err != nil {
		return 0, err
	}
	return len(p), nil
}

// CloseWrite tells the client that nothing more comes.
func (c *refusalConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// How long, and for how many bytes, the rest of a refused request is read.
const (
	maxRefusedTime  = 500 * time.Millisecond
	maxRefusedBytes = 8 << 20
)

// Close ends the connection. After a refusal it first reads what the client is still sending: closing at once would reset
// the connection, and clients that have not sent everything then report the reset and not the response.
func (c *refusalConn) Close() error {
	if c.refused.Swap(false) {
		if c.CloseWrite() == nil && c.SetReadDeadline(time.Now().Add(maxRefusedTime)) == nil {
			_, _ = io.CopyN(io.Discard, c.Conn, maxRefusedBytes) // whatever ends it
		}
	}
	return c.Conn.Close()
}

// longestRefusal is the number of bytes below which all responses of net/http itself stay.
const longestRefusal = 512

// refusedByNetHTTP returns the status of a response that net/http wrote by itself, and 0 for everything else. Such a
// response is one write, and has no X-Request-Id, which every response of a handler has. The end of a long body is a write of its own, too, but no JSON has these line ends in it.
func refusedByNetHTTP(p []byte) int {
	const version = len("HTTP/1.1 ")
	if len(p) > longestRefusal || len(p) < version+3 || (p[version] != '4' && p[version] != '5') || !bytes.HasPrefix(p, []byte("HTTP/1.")) {
		return 0
	}
	line, rest, _ := bytes.Cut(p, []byte("\r\n"))
	status, err := strconv.Atoi(string(line[version : version+3]))
	switch {
	case err != nil, bytes.Contains(rest, []byte("X-Request-Id")):
		return 0
	case bytes.HasPrefix(rest, []byte("Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")):
		return status
	case status == http.StatusExpectationFailed && bytes.HasPrefix(rest, []byte("Connection: close\r\n")):
		return status
	}
	return 0
}

// refusalMessages say what was wrong, by status. What is not among them is a request that could not be parsed.
var refusalMessages = map[int]string{
	http.StatusExpectationFailed:           "The only Expect header that is understood is 100-continue",
	http.StatusRequestHeaderFieldsTooLarge: "The request line and the headers are too large",
	http.StatusNotImplemented:              "The only Transfer-Encoding that is understood is chunked, sent once",
	http.StatusHTTPVersionNotSupported:     "The only versions of HTTP that are understood are 1.0 and 1.1",
}

// refusalResponse is a whole response, after which the connection ends.
func refusalResponse(status int, id string) []byte {
	message, known := refusalMessages[status]
	if !known {
		message = "The request is not valid HTTP: check that the path is percent-encoded, and the headers"
	}
	body := errorList(id, "client_error", message)
	var b strings.Builder
	b.WriteString("HTTP/1.1 " + strconv.Itoa(status) + " " + http.StatusText(status) + "\r\n")
	b.WriteString("Cache-Control: no-cache\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n")
	b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: " + id + "\r\n\r\n")
	b.WriteString(body)
	return []byte(b.String())
}

// errorList is an error in the form of the public API. Code and message need no escaping.
func errorList(id, code, message string) string {
	return `{"type":"error.list","request_id":"` + id + `","errors":[{"code":"` + code + `","message":"` + message + `"}]}`
}

package httpserver

import "net/http"

// answer watches what a front answers. It belongs to one request.
type answer struct {
	http.ResponseWriter
	status int   // 0 until the header is on its way
	bytes  int64 // of the body as sent, after compression
}

// WriteHeader lets informational answers pass: the one that counts is still to come.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(p)
	a.bytes += int64(n)
	return n, err
}

// FlushError sends what was written so far. [http.ResponseController] calls it.
func (a *answer) FlushError() error {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return http.NewResponseController(a.ResponseWriter).Flush()
}

// Flush is FlushError for handlers that ask for an [http.Flusher].
func (a *answer) Flush() { _ = a.FlushError() }

// Unwrap lets [http.ResponseController] set the deadlines of a connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// statusClosed is what proxies by custom record where a connection ended without an answer.
const statusClosed = 499

// outcome returns the status to record for a handler that has ended.
func (a *answer) outcome(complete bool) int {
	switch {
	case a.status != 0:
		return a.status
	case complete:
		return http.StatusOK
	}
	return statusClosed
}

package standin

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// Request is a request that the server under test received, and what became of it.
type Request struct {
	ID     string `json:"id"`
	At     int64  `json:"at"` // by the clock of the server
	Method string `json:"method"`
	Path   string `json:"path"`
	Query  string `json:"query,omitempty"`
	// Route is the path of the operation, with names in braces; empty when there is none.
	Route     string `json:"route,omitempty"`
	Workspace string `json:"workspace,omitempty"`
	Version   string `json:"version,omitempty"`
	// Body and Response are JSON as it was sent, or a text; each is cut after 16 KiB.
	Body     json.RawMessage `json:"body,omitempty"`
	Status   int             `json:"status"` // 0 when the connection was ended
	Response json.RawMessage `json:"response,omitempty"`
	// Ignored has what had no effect, and Coerced the members that were read although they had another type.
	Ignored []Ignored `json:"ignored,omitempty"`
	Coerced []string  `json:"coerced,omitempty"`
	// Fault is the id of the fault that happened to the request.
	Fault string `json:"fault,omitempty"`
}

// Note is what the API says of a request that it has handled.
type Note struct {
	RequestID, Workspace, Version string
	Ignored                       []Ignored
	Coerced                       []string
}

// Ignored is a member, by its path, or a query parameter, by its name with a question mark before it, that had no effect.
type Ignored struct {
	Name string `json:"name"`
	// Nearest is the name that was probably meant.
	Nearest string `json:"did_you_mean,omitempty"`
}

// Note takes what the API says of a request, before the request ends.
func (s *Standin) Note(n Note) { s.notes.Store(n.RequestID, n) }

// Wrap returns a front with faults, whose requests are recorded.
func (s *Standin) Wrap(front http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := &heardBody{ReadCloser: r.Body}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = body
		}
		record := Request{ID: w.Header().Get("X-Request-Id"), At: s.Clock.Now().Unix(), Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery}
		told := &toldWriter{ResponseWriter: w}
		told.before = sync.OnceFunc(func() { s.record(&record, r, body, told) })
		defer told.before()
		s.fail(told, r, &record, front)
		if told.status == 0 {
			told.status = http.StatusOK
		}
	})
}

// fail lets a fault happen to a request, or serves it.
func (s *Standin) fail(w http.ResponseWriter, r *http.Request, record *Request, front http.Handler) {
	if !s.faults.some() {
		front.ServeHTTP(w, r)
		return
	}
	record.Workspace = string(s.WorkspaceOf(r))
	isRead := s.IsRead(r)
	if !isRead {
		if err := s.keepPast(r.Context(), record.Workspace); err != nil {
			refuse(w, err)
			return
		}
	}
	fault := s.faults.of(r, record.Workspace, isRead)
	if fault == nil {
		front.ServeHTTP(w, r)
		return
	}
	record.Fault = fault.ID
	fault.serve(w, r, s.Clock.Now(), front)
}

// record keeps a request that ends, also by a panic.
func (s *Standin) record(record *Request, r *http.Request, body *heardBody, told *toldWriter) {
	if body.ReadCloser != nil && body.heard.Len() == 0 {
		io.CopyN(io.Discard, body, maxHeard) //nolint:errcheck // what did not come is not shown
	}
	if noted, ok := s.notes.LoadAndDelete(record.ID); ok {
		n := noted.(Note)
		record.Workspace, record.Version, record.Ignored, record.Coerced = n.Workspace, n.Version, n.Ignored, n.Coerced
	}
	record.Route, record.Body = routeOf(r.Pattern), shown(body.heard.Bytes())
	record.Status, record.Response = told.status, shown(told.heard.Bytes())
	s.requests.add(*record, 500+len(record.Body)+len(record.Response))
}

// routeOf returns the path of a pattern, which may begin with a method.
func routeOf(pattern string) string {
	for i := range pattern {
		if pattern[i] == '/' {
			return pattern[i:]
		}
	}
	return ""
}

// shown returns JSON as it is, and anything else as a JSON string.
func shown(text []byte) json.RawMessage {
	if len(text) == 0 {
		return nil
	}
	if json.Valid(text) {
		return bytes.Clone(text)
	}
	quoted, err := json.Marshal(string(text))
	if err != nil {
		return nil
	}
	return quoted
}

// maxHeard is how much of a body is kept.
const maxHeard = 16 << 10

// hear keeps the beginning of what passes.
func hear(heard *bytes.Buffer, p []byte) {
	heard.Write(p[:min(len(p), maxHeard-heard.Len())])
}

// heardBody is a body that is kept while it is read.
type heardBody struct {
	io.ReadCloser
	heard bytes.Buffer
}

func (b *heardBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	hear(&b.heard, p[:n])
	return n, err
}

// toldWriter keeps a response while it is written.
type toldWriter struct {
	http.ResponseWriter
	status int
	heard  bytes.Buffer
	// before is called before the last byte of a response is written, so that who has the response finds the record.
	before func()
}

func (w *toldWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *toldWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	hear(&w.heard, p)
	if w.Header().Get("Content-Length") == strconv.Itoa(len(p)) {
		w.before()
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *toldWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

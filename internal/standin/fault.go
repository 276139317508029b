package standin

import (
	"math/rand/v2"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"lobby/internal/wire"
)

// Fault is something that goes wrong with the requests that it meets. An empty condition meets every request.
type Fault struct {
	ID string `json:"id"`
	// Method and Path are those of the request. In Path, * stands for one segment, and ** at the end for any rest.
	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"`
	// Workspace is the app id of the token.
	Workspace string `json:"workspace,omitempty"`
	// Header has the values that headers must have; an empty value stands for any.
	Header map[string]string `json:"header,omitempty"`

	// Times is how often it happens; 0 is always. Every lets it happen to every n-th request that it meets, and Probability to
	// each with a chance, which Seed makes repeatable.
	Times       int     `json:"times,omitempty"`
	Every       int     `json:"every,omitempty"`
	Probability float64 `json:"probability,omitempty"`
	Seed        uint64  `json:"seed,omitempty"`

	// Status is the response instead of the real one, with an error.list of Code and Message; both have defaults.
	Status  int    `json:"status,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// RetryAfter is in seconds.
	RetryAfter int `json:"retry_after,omitempty"`
	// Delay is how long the response waits, as "200ms".
	Delay string `json:"delay,omitempty"`
	// Reset breaks the connection instead of a response, and Cut after so many bytes of the body of the real one.
	Reset bool `json:"reset,omitempty"`
	Cut   int  `json:"cut,omitempty"`
	// Stale, as "2s", has reads show what the workspace was so long ago, but not before the fault was made.
	Stale string `json:"stale,omitempty"`
	// After lets the operation happen before its response is lost.
	After bool `json:"after,omitempty"`

	// Met is how many requests it met, and Happened to how many it happened.
	Met      int `json:"met"`
	Happened int `json:"happened"`

	delay  time.Duration
	random *rand.Rand
	past   *past // nil unless it is stale
}

// maxDelay is the max delay of a fault, maxStale how stale it may make a read, and maxFaults the max number of faults.
const (
	maxDelay  = 10 * time.Minute
	maxStale  = 24 * time.Hour
	maxFaults = 1000
)

// check returns what is wrong with a new fault.
func (f *Fault) check() (field, reason string) {
	switch {
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return "status", "must be from 400 to 599"
	case f.Times < 0:
		return "times", "must not be negative"
	case f.Every < 0:
		return "every", "must not be negative"
	case !(f.Probability >= 0 && f.Probability <= 1):
		return "probability", "must be from 0 to 1"
	case f.RetryAfter < 0:
		return "retry_after", "must not be negative"
	case f.Cut < 0:
		return "cut", "must not be negative"
	case f.Status != 0 && (f.Reset || f.Cut > 0) || f.Reset && f.Cut > 0:
		return "reset", "cannot be together with another of status, reset and cut"
	case f.Path != "" && !strings.HasPrefix(f.Path, "/"):
		return "path", "must begin with a slash"
	}
	if _, err := path.Match(f.Path, ""); err != nil {
		return "path", "is no pattern"
	}
	var err error
	if f.Delay != "" {
		if f.delay, err = time.ParseDuration(f.Delay); err != nil || f.delay < 0 || f.delay > maxDelay {
			return "delay", `must be a time as "200ms", at most ten minutes`
		}
	}
	f.random = rand.New(rand.NewPCG(f.Seed, f.Seed))
	if f.Stale != "" {
		return f.checkStale()
	}
	if f.Status == 0 && !f.Reset && f.Cut == 0 && f.delay == 0 {
		return "status", "must be given, or reset, cut, delay or stale"
	}
	return "", ""
}

// checkStale is check for a fault that makes reads stale.
func (f *Fault) checkStale() (field, reason string) {
	lag, err := time.ParseDuration(f.Stale)
	switch {
	case err != nil || lag <= 0 || lag > maxStale:
		return "stale", `must be a time as "2s", at most 24 hours`
	case f.Path == "":
		return "path", "must be given with stale: it says which reads are"
	case f.Status != 0 || f.Reset:
		return "stale", "cannot be together with status or reset"
	}
	f.past = &past{lag: lag}
	return "", ""
}

// meets reports whether a request has what the fault is for.
func (f *Fault) meets(r *http.Request, workspace string) bool {
	if f.Method != "" && !strings.EqualFold(f.Method, r.Method) || f.Workspace != "" && f.Workspace != workspace || !pathMatches(f.Path, r.URL.Path) {
		return false
	}
	for name, value := range f.Header {
		if has := r.Header.Values(name); len(has) == 0 || value != "" && !slices.Contains(has, value) {
			return false
		}
	}
	return true
}

// pathMatches reports whether a path has a pattern; an empty one is that of all paths.
func pathMatches(pattern, of string) bool {
	if pattern == "" {
		return true
	}
	if begin, any := strings.CutSuffix(pattern, "**"); any {
		n := strings.Count(begin, "/")
		parts := strings.SplitAfter(of, "/")
		if len(parts) <= n {
			return false
		}
		ok, _ := path.Match(begin, strings.Join(parts[:n], ""))
		return ok
	}
	ok, _ := path.Match(pattern, of)
	return ok
}

// happens counts a request that the fault meets, and reports whether it happens to it.
func (f *Fault) happens() bool {
	if f.Times > 0 && f.Happened >= f.Times {
		return false
	}
	f.Met++
	if f.Every > 1 && f.Met%f.Every != 0 {
		return false
	}
	if f.Probability > 0 && f.random.Float64() >= f.Probability {
		return false
	}
	f.Happened++
	return true
}

// faults are those that were asked for, the oldest first.
type faults struct {
	mu   sync.Mutex
	all  []*Fault
	made int
}

// add adds a fault. It returns false when there are too many.
func (fs *faults) add(f *Fault) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if len(fs.all) >= maxFaults {
		return false
	}
	fs.made++
	f.ID, f.Met, f.Happened = strconv.Itoa(fs.made), 0, 0
	fs.all = append(fs.all, f)
	return true
}

// list returns copies of all faults.
func (fs *faults) list() []Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	all := []Fault{}
	for _, f := range fs.all {
		all = append(all, *f)
	}
	return all
}

// drop drops the faults that are meant, and reports whether there were any.
func (fs *faults) drop(isMeant func(*Fault) bool) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	before := len(fs.all)
	fs.all = slices.DeleteFunc(fs.all, func(f *Fault) bool {
		is := isMeant(f)
		if is && f.past != nil {
			f.past.close()
		}
		return is
	})
	return len(fs.all) < before
}

// pasts returns what there is to keep of a workspace for stale reads; "" stands for all workspaces.
func (fs *faults) pasts(workspace string) (all []*past) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range fs.all {
		if f.past != nil && (workspace == "" || workspace == f.Workspace) {
			all = append(all, f.past)
		}
	}
	return all
}

// some reports whether there are faults.
func (fs *faults) some() bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return len(fs.all) > 0
}

// of returns a copy of the first fault that happens to a request, which only reads or may write; nil for none.
func (fs *faults) of(r *http.Request, workspace string, isRead bool) *Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range fs.all {
		if f.meets(r, workspace) && (isRead || f.past == nil) && f.happens() {
			happened := *f
			return &happened
		}
	}
	return nil
}

// codes are the codes and texts of the public API for errors by their status.
var codes = map[int][2]string{
	400: {"parameter_invalid", "The request is invalid"},
	401: {"unauthorized", "Access Token Invalid"},
	403: {"forbidden", "You do not have permission to access this resource"},
	404: {"not_found", "Resource Not Found"},
	409: {"conflict", "The resource has a conflict"},
	413: {"client_error", "The request body is too large"},
	422: {"parameter_invalid", "The request cannot be processed"},
	429: {"rate_limit_exceeded", "Exceeded rate limit of 1667 in 10_seconds"},
	500: {"server_error", "Something went wrong on our side"},
	502: {"bad_gateway", "Bad gateway"},
	503: {"service_unavailable", "Sorry, the API service is temporarily unavailable"},
	504: {"server_timeout", "Sorry, the request timed out"},
}

// serve makes the fault happen to a request.
func (f *Fault) serve(w http.ResponseWriter, r *http.Request, now time.Time, next http.Handler) {
	if !pause(r, f.delay) {
		return
	}
	if f.past != nil {
		next = f.past.front(now, next)
	}
	switch {
	case f.Cut > 0:
		next.ServeHTTP(&cutWriter{ResponseWriter: w, left: f.Cut}, r)
	case f.Status == 0 && !f.Reset:
		next.ServeHTTP(w, r)
	default:
		if f.After {
			next.ServeHTTP(&lostWriter{header: w.Header().Clone()}, r)
		}
		if f.Reset {
			reset(w)
		}
		f.refuse(w, now)
	}
}

// pause waits, and reports false when the client has left.
func pause(r *http.Request, d time.Duration) bool {
	if d == 0 {
		return true
	}
	select {
	case <-time.After(d):
		return true
	case <-r.Context().Done():
		return false
	}
}

// refuse writes the response of a fault.
func (f *Fault) refuse(w http.ResponseWriter, now time.Time) {
	code, message := f.Code, f.Message
	usual, known := codes[f.Status]
	if !known {
		usual = [2]string{"client_error", http.StatusText(f.Status)}
		if f.Status >= 500 {
			usual[0] = "server_error"
		}
	}
	if code == "" {
		code = usual[0]
	}
	if message == "" {
		message = usual[1]
	}
	h := w.Header()
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	if f.Status == http.StatusTooManyRequests {
		h.Set("X-RateLimit-Limit", "1667")
		h.Set("X-RateLimit-Remaining", "0")
		h.Set("X-RateLimit-Reset", strconv.FormatInt(now.Unix()+int64(max(f.RetryAfter, 1)), 10))
	}
	writeError(w, f.Status, wire.Error{Code: code, Message: message})
}

// reset ends the connection, so that the client sees a reset. Where connections are shared, as in HTTP/2, the stream ends.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		if tcp, is := conn.(interface{ SetLinger(int) error }); is {
			tcp.SetLinger(0) //nolint:errcheck // then it is closed without a reset
		}
		conn.Close() //nolint:errcheck // nothing is to be written
	}
	panic(http.ErrAbortHandler)
}

// cutWriter writes the beginning of a body, and then ends the connection.
type cutWriter struct {
	http.ResponseWriter
	left int
}

func (w *cutWriter) Write(p []byte) (int, error) {
	if w.left >= len(p) {
		w.left -= len(p)
		return w.ResponseWriter.Write(p)
	}
	w.ResponseWriter.Write(p[:w.left])                   //nolint:errcheck // it is cut anyway
	http.NewResponseController(w.ResponseWriter).Flush() //nolint:errcheck // as above
	panic(http.ErrAbortHandler)
}

// lostWriter takes a response that nobody gets.
type lostWriter struct{ header http.Header }

func (w *lostWriter) Header() http.Header         { return w.header }
func (w *lostWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *lostWriter) WriteHeader(int)             {}

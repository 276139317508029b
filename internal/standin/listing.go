package standin

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxWait is the max time that a request waits for records.
const maxWait = 10 * time.Minute

// filter is the query of a request for records.
type filter struct {
	values url.Values
	// count is how many records there must be, and wait how long to wait for them.
	count int
	wait  time.Duration
}

// readFilter reads the query of a request for records, which may have the given names.
func readFilter(r *http.Request, names ...string) (f filter, err error) {
	f = filter{values: r.URL.Query(), count: 1}
	for name := range f.values {
		if !slices.Contains(names, name) && name != "count" && name != "wait" {
			return f, invalid(strings.ToValidUTF8(name, "?"), "is no parameter of this operation")
		}
	}
	if text := f.values.Get("count"); text != "" {
		if f.count, err = strconv.Atoi(text); err != nil || f.count < 0 {
			return f, invalid("count", "must be a whole number")
		}
	}
	if text := f.values.Get("wait"); text != "" {
		if f.wait, err = time.ParseDuration(text); err != nil || f.wait < 0 || f.wait > maxWait {
			return f, invalid("wait", `must be a time as "5s", at most ten minutes`)
		}
	}
	return f, nil
}

// is reports whether a parameter is absent, or the given value.
func (f filter) is(name, value string) bool {
	want := f.values.Get(name)
	return want == "" || want == value
}

// isTrue reports whether a parameter is absent, or says what is.
func (f filter) isTrue(name string, is bool) bool {
	want := f.values.Get(name)
	return want == "" || want == strconv.FormatBool(is)
}

// requestNames are the parameters of a request for requests.
var requestNames = []string{"method", "path", "route", "workspace", "version", "status", "fault", "ignored", "coerced"}

// wantsRequest reports whether a request is meant.
func (f filter) wantsRequest(r *Request) bool {
	return f.is("method", r.Method) && pathMatches(f.values.Get("path"), r.Path) && f.is("route", r.Route) && f.is("workspace", r.Workspace) &&
		f.is("version", r.Version) && f.is("status", strconv.Itoa(r.Status)) && f.is("fault", r.Fault) &&
		f.isTrue("ignored", len(r.Ignored) > 0) && f.isTrue("coerced", len(r.Coerced) > 0)
}

func (s *Standin) getRequests(r *http.Request) (any, error) {
	f, err := readFilter(r, requestNames...)
	if err != nil {
		return nil, err
	}
	return listOf(s.requests.await(r.Context(), f.wantsRequest, f.count, f.wait)), nil
}

func (s *Standin) deleteRequests(*http.Request) (any, error) {
	s.requests.drop(func(*Request) bool { return true })
	return nil, nil
}

var requestsPage = template.Must(template.New("requests").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Requests</title>
<style>body{font:14px/1.4 sans-serif;margin:2em}td,th{text-align:left;vertical-align:top;padding:.2em .6em}pre{margin:0;white-space:pre-wrap;max-width:40em}</style>
<h1>{{len .}} requests</h1>
<table><tr><th>status<th>request<th>workspace<th>version<th>body<th>response<th>ignored, coerced
{{range .}}<tr><td>{{.Status}}{{with .Fault}} (fault {{.}}){{end}}<td>{{.Method}} {{.Path}}{{with .Query}}?{{.}}{{end}}<td>{{.Workspace}}<td>{{.Version}}<td><pre>{{printf "%s" .Body}}</pre><td><pre>{{printf "%s" .Response}}</pre><td>{{range .Ignored}}{{.Name}}{{with .Nearest}} (did you mean {{.}}?){{end}} {{end}}{{range .Coerced}}{{.}} {{end}}
{{end}}</table>
`))

// getRequestsPage shows the requests as a page.
func (s *Standin) getRequestsPage(w http.ResponseWriter, r *http.Request) {
	f, err := readFilter(r, requestNames...)
	if err != nil {
		refuse(w, err)
		return
	}
	found := s.requests.await(r.Context(), f.wantsRequest, f.count, f.wait)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	requestsPage.Execute(w, found) //nolint:errcheck // the client is gone
}

func (s *Standin) getFaults(*http.Request) (any, error) { return listOf(s.faults.list()), nil }

func (s *Standin) postFault(r *http.Request) (any, error) {
	f := new(Fault)
	in := json.NewDecoder(r.Body)
	in.DisallowUnknownFields()
	if err := in.Decode(f); err != nil {
		return nil, mistakeIn(err)
	}
	if field, reason := f.check(); reason != "" {
		return nil, invalid(field, reason)
	}
	if f.past != nil {
		if err := s.beginPast(f); err != nil {
			return nil, err
		}
	}
	if !s.faults.add(f) {
		return nil, invalid("faults", fmt.Sprintf("are too many: there may be %d", maxFaults))
	}
	return *f, nil
}

// mistakeIn returns the refusal of a fault that cannot be read.
func mistakeIn(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return &refusal{400, "type_mismatch", kind.Field + " must be a " + kind.Type.String(), kind.Field}
	}
	if _, name, unknown := strings.Cut(err.Error(), "unknown field "); unknown {
		name = strings.Trim(name, `"`)
		return &refusal{400, "bad_request", "you sent " + name + ", which a fault does not have", name}
	}
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return err
	}
	return &refusal{status: 400, code: "client_error", message: "the body is no JSON object"}
}

func (s *Standin) deleteFaults(*http.Request) (any, error) {
	s.faults.drop(func(*Fault) bool { return true })
	return nil, nil
}

func (s *Standin) deleteFault(r *http.Request) (any, error) {
	if !s.faults.drop(func(f *Fault) bool { return f.ID == r.PathValue("id") }) {
		return nil, &refusal{status: 404, code: "not_found", message: "no such fault"}
	}
	return nil, nil
}

// Delivery is a delivery of a webhook that the sink received.
type Delivery struct {
	At int64 `json:"at"`
	// Sink is what stands after the sink in the path.
	Sink      string `json:"sink"`
	Workspace string `json:"workspace,omitempty"`
	Topic     string `json:"topic,omitempty"`
	// Header has the headers by their names, and Body the body as it came; Notification is the same as JSON.
	Header       map[string]string `json:"header"`
	Body         string            `json:"body"`
	Notification json.RawMessage   `json:"notification,omitempty"`
}

// sink takes deliveries. It asks for no token, because webhooks have none.
func (s *Standin) sink() http.Handler {
	return s.withFaults(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			refuse(w, err)
			return
		}
		d := Delivery{At: s.Clock.Now().Unix(), Sink: r.PathValue("name"), Header: map[string]string{}, Body: string(body)}
		for name := range r.Header {
			d.Header[name] = r.Header.Get(name)
		}
		if json.Valid(body) {
			d.Notification = body
			var n struct {
				Workspace string `json:"app_id"`
				Topic     string `json:"topic"`
			}
			json.Unmarshal(body, &n) //nolint:errcheck // what is no notification has neither
			d.Workspace, d.Topic = n.Workspace, n.Topic
		}
		s.deliveries.add(d, 1000+2*len(body))
		w.WriteHeader(http.StatusOK)
	}))
}

// withFaults has faults happen to deliveries, which are not among the requests.
func (s *Standin) withFaults(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, new(Request), next) })
}

// getDeliveries makes the deliveries that are due, and returns those that came.
func (s *Standin) getDeliveries(r *http.Request) (any, error) {
	f, err := readFilter(r, "sink", "topic", "workspace")
	if err != nil {
		return nil, err
	}
	if err := s.Work(r.Context()); err != nil {
		return nil, err
	}
	return listOf(s.deliveries.await(r.Context(), func(d *Delivery) bool {
		return f.is("sink", d.Sink) && f.is("topic", d.Topic) && f.is("workspace", d.Workspace)
	}, f.count, f.wait)), nil
}

func (s *Standin) deleteDeliveries(*http.Request) (any, error) {
	s.deliveries.drop(func(*Delivery) bool { return true })
	return nil, nil
}

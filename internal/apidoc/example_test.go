package apidoc_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lobby/internal/apidoc"
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
)

// notesAPI has three of the operations of the reference. Its servers return the same to every request.
type notesAPI struct {
	status    int
	errorCode string
	sandboxes []*notesSandbox
}

// notesSandbox has a line for everything that was done with it.
type notesSandbox struct {
	api *notesAPI
	log []string
}

func (*notesAPI) Routes() []apidoc.Route {
	return []apidoc.Route{
		{Method: "POST", Path: "/contacts", Since: apiversion.V2_0, Scopes: []string{"write"}},
		{Method: "GET", Path: "/notes/{id}", Since: apiversion.V2_0, Scopes: []string{"read"}},
		{Method: "POST", Path: "/contacts/{contact_id}/notes", Since: apiversion.V2_7, Scopes: []string{"write"}},
	}
}

func (*notesAPI) Samples(apiversion.Version) []apidoc.Sample {
	return []apidoc.Sample{{Shape: "note", JSON: []byte(`{"id":"1","body":"x"}`)}, {Shape: "error", JSON: []byte(`{"type":"error.list"}`)}}
}

func (*notesAPI) Refusals() []apidoc.Refusal {
	return []apidoc.Refusal{{Status: 404, Code: "not_found", Message: "Resource Not Found"}}
}

func (*notesAPI) ShapeNames() apidoc.ShapeNames {
	return apidoc.ShapeNames{Error: "error", Query: "query"}
}

func (a *notesAPI) NewSandbox(context.Context) (apidoc.Sandbox, error) {
	a.sandboxes = append(a.sandboxes, &notesSandbox{api: a})
	return a.sandboxes[len(a.sandboxes)-1], nil
}

func (s *notesSandbox) note(format string, args ...any) {
	s.log = append(s.log, fmt.Sprintf(format, args...))
}

func (s *notesSandbox) NewWorkspace(_ context.Context, id string, v apiversion.Version) (string, error) {
	s.note("workspace %s %v", id, v)
	return "token-of-" + id, nil
}

func (s *notesSandbox) Do(r *http.Request) *apidoc.Observed {
	s.note("%s %s %s", r.Method, r.URL, r.Header.Get("Authorization"))
	o := &apidoc.Observed{Status: s.api.status, ErrorCode: s.api.errorCode, Shape: "note", Response: []byte(`{"id":"77"}`)}
	if s.api.errorCode != "" {
		o.Shape = "error"
	}
	switch {
	case r.Method == "POST" && r.URL.Path == "/contacts":
		o.Route = "POST /contacts"
	case r.Method == "GET" && strings.HasPrefix(r.URL.Path, "/notes/"):
		o.Route = "GET /notes/{id}"
	case r.Method == "POST" && strings.HasPrefix(r.URL.Path, "/contacts/") && strings.HasSuffix(r.URL.Path, "/notes"):
		o.Route = "POST /contacts/{contact_id}/notes"
		o.Body = new(jsonio.Recorder)
		o.Body.Add("body", jsonio.TextMember)
		o.Body.Add("admin_id", jsonio.IDMember)
		o.Query.Add("notify", jsonio.BoolMember)
	}
	return o
}

func (s *notesSandbox) Advance(d time.Duration) { s.note("advance %v", d) }

func (s *notesSandbox) Close() error {
	s.note("close")
	return nil
}

func describe(t *testing.T, api apidoc.API, v apiversion.Version) *apidoc.Document {
	t.Helper()
	d, err := apidoc.Describe(t.Context(), api, v)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// notes returns the operations of the chapter on notes.
func notes(d *apidoc.Document) []apidoc.Operation {
	i := slices.IndexFunc(d.Chapters, func(c apidoc.Chapter) bool { return c.Name == "Notes" })
	return d.Chapters[i].Operations
}

func TestAnOperationIsDescribedByWhatIsObserved(t *testing.T) {
	t.Parallel()
	operations := notes(describe(t, &notesAPI{status: 201}, apiversion.V2_16))
	if len(operations) != 2 {
		t.Fatalf("%d operations", len(operations))
	}
	write := operations[0]
	var parameters []string
	for _, p := range write.Parameters {
		parameters = append(parameters, p.Name+" "+p.Kind())
	}
	var rows []string
	for _, row := range write.Body.Rows() {
		rows = append(rows, fmt.Sprint(row.Path, " ", row.Kind, " ", row.Required))
	}
	if diff := cmp.Diff([]string{"contact_id string", "notify boolean"}, parameters); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"body string true", "admin_id string or integer or null false"}, rows); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]apidoc.Response{{Status: 201, Components: []string{"note"}}}, write.Responses); diff != "" {
		t.Errorf("responses (-want +got):\n%s", diff)
	}
	if write.Since != "2.7" || len(write.Scopes) != 1 || write.Scopes[0] != "write" || len(write.Examples) == 0 {
		t.Errorf("%+v", write)
	}
	if operations[1].Body != nil {
		t.Error("an operation that reads no body has one")
	}
}

func TestAVersionHasOnlyItsOperations(t *testing.T) {
	t.Parallel()
	d := describe(t, &notesAPI{status: 200}, apiversion.V2_6)
	if operations := notes(d); len(operations) != 1 || operations[0].Path != "/notes/{id}" {
		t.Errorf("%+v", operations)
	}
	for _, line := range d.Unexpected {
		if strings.HasPrefix(line, "POST /contacts/{ada}/notes ") {
			t.Errorf("an operation of a later version is missed: %s", line)
		}
	}
}

func TestEachChapterHasItsOwnWorkspace(t *testing.T) {
	t.Parallel()
	api := &notesAPI{status: 200}
	describe(t, api, apiversion.V2_16)
	log := api.sandboxes[0].log
	i := slices.Index(log, "POST /contacts/77/notes Bearer token-of-example7")
	if i < 1 || log[i-1] != "advance 1m0s" || !slices.Contains(log, "GET /notes/77 Bearer token-of-example7") {
		t.Error("the id in a response does not get into later requests")
	}
	if !slices.Contains(log, "workspace example7 2.16") || log[len(log)-1] != "close" {
		t.Errorf("%s … %s", log[0], log[len(log)-1])
	}
}

func TestAnExampleThatEndsOtherwiseIsReported(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, want, not string }{
		{"", "GET /notes/99 : 200 {", "GET /notes/{note} : "},
		{"not_found", "GET /notes/{note} : 200 {", "GET /notes/99 : "},
		{"", "DELETE /contacts/{", "\x00"},
	} {
		all := strings.Join(describe(t, &notesAPI{status: 200, errorCode: c.code}, apiversion.V2_16).Unexpected, "\n")
		if !strings.Contains(all, c.want) || strings.Contains(all, c.not) {
			t.Errorf("with %q: %q is not reported, or %q is", c.code, c.want, c.not)
		}
	}
}

func TestTheHandlerDescribesAVersionOnce(t *testing.T) {
	t.Parallel()
	api := &notesAPI{status: 200}
	h := apidoc.NewHandler(api)
	for range 2 {
		for _, path := range []string{"/openapi.json", "/openapi.yaml", "/docs"} {
			w := httptest.NewRecorder()
			if err := h.Serve(w, httptest.NewRequestWithContext(t.Context(), "GET", path+"?version=2.7", nil), "http://shop.example:81"); err != nil {
				t.Fatal(err)
			}
			if !h.Has(path) || w.Code != 200 || !bytes.Contains(w.Body.Bytes(), []byte("2.7")) {
				t.Errorf("GET %s: %d", path, w.Code)
			}
		}
	}
	if len(api.sandboxes) != 1 {
		t.Errorf("the examples ran %d times", len(api.sandboxes))
	}
	w := httptest.NewRecorder()
	if err := h.Serve(w, httptest.NewRequestWithContext(t.Context(), "GET", "/docs?version=9.9", nil), ""); err == nil || len(w.Header()) > 0 || w.Body.Len() > 0 {
		t.Errorf("an unknown version: %v, %s", err, w.Body)
	}
	if h.Has("/contacts") {
		t.Error("the handler has a path of the API")
	}
}

func TestThePageNamesWhereItIsRead(t *testing.T) {
	t.Parallel()
	h := apidoc.NewHandler(&notesAPI{status: 200})
	for base, want := range map[string]string{
		"http://127.0.0.1:9999":            "http://127.0.0.1:9999",
		"https://lobby.shop.example/under": "https://lobby.shop.example/under",
		"http://[::1]:80":                  "http://[::1]:80",
		"http://$(rm)":                     "http://localhost",
		"http://a\"b":                      "http://localhost",
	} {
		w := httptest.NewRecorder()
		if err := h.Serve(w, httptest.NewRequestWithContext(t.Context(), "GET", "/docs", nil), base); err != nil {
			t.Fatal(err)
		}
		page := w.Body.String()
		if !strings.Contains(page, "curl &#34;"+want+"/") || strings.Contains(page, "lobby.invalid") || strings.Contains(page, "$URL") {
			t.Errorf("read at %s, the page does not say %s", base, want)
		}
	}
}

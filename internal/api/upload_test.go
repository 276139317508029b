package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"lobby/internal/testkit"
)

// An upload is a stranger's file on this origin: whatever it holds and however it is called, a browser may save it, or show
// a picture, and nothing else.
func TestAnUploadIsNoPageOfThisServer(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		s := testkit.Start(t, database)
		on := set(t, s, s.Client)
		for _, file := range []struct{ sent, name, kind, disposition string }{
			{`"content_type":"text/html","name":"page.html"`, "page.html", "application/octet-stream", `attachment; filename=page.html`},
			{`"content_type":"image/svg+xml","name":"x.svg"`, "x.svg", "application/octet-stream", `attachment; filename=x.svg`},
			{`"content_type":"image/png","name":"a b.png"`, "a b.png", "image/png", `inline; filename="a b.png"`},
			{`"content_type":"IMAGE/PNG; x=y","name":"x.png"`, "x.png", "image/png", `inline; filename=x.png`},
			{`"content_type":"no type\r\nX-Evil: 1","name":"../../é\".html"`, `é".html`, "application/octet-stream", `attachment; filename*=utf-8''%C3%A9%22.html`},
			{`"name":".."`, "file", "application/octet-stream", `attachment; filename=file`},
		} {
			r := s.Do(t, "POST", "/conversations", on.fill(`{"from":{"type":"user","id":"$ada"},"body":"Hi","attachment_files":[{"data":"PGI+aGk8L2I+",`+
				strings.ReplaceAll(file.sent, "\r\n", `\r\n`)+`}]}`))
			whole := s.Do(t, "GET", "/conversations/"+r.Get("conversation_id").(string), nil)
			if got := whole.Get("source.attachments.0.name"); got != file.name {
				t.Errorf("%s is called %v", file.sent, got)
			}
			address := whole.Get("source.attachments.0.url").(string)
			got := fetch(t, http.MethodGet, address)
			if got.body != "<b>hi</b>" || got.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d %s", file.sent, got.StatusCode, got.body)
			}
			for name, want := range map[string]string{
				"Content-Type": file.kind, "Content-Disposition": file.disposition, "X-Content-Type-Options": "nosniff",
				"Content-Security-Policy": "default-src 'none'; sandbox", "X-Evil": "",
			} {
				if value := got.Header.Get(name); value != want {
					t.Errorf("%s: %s is %q, want %q", file.sent, name, value, want)
				}
			}
			for _, other := range []string{
				address[:strings.LastIndex(address, "/")-1], strings.Replace(address, string(s.Workspace), "other", 1), s.URL + "/uploads/", s.URL + "/uploads/x/y/z", s.URL + "/uploads/%ff/%00",
			} {
				if got := fetch(t, http.MethodGet, other); got.StatusCode != http.StatusNotFound || strings.Contains(got.body, "hi") {
					t.Errorf("%s: %d", other, got.StatusCode)
				}
			}
			if got := fetch(t, http.MethodPost, address); got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("POST: %d", got.StatusCode)
			}
		}
	})
}

// fetched is a response with its body.
type fetched struct {
	*http.Response
	body string
}

// fetch sends a request without a token.
func fetch(t *testing.T, method, address string) fetched {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close() //nolint:errcheck // it is read to its end
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fetched{got, string(body)}
}

package httpserver

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// unheard are requests that net/http refuses before any handler, as they are sent.
var unheard = map[string]struct {
	request string
	status  int
}{
	"half an escape":             {"GET /contacts/50% HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	"an escape of no digits":     {"GET /contacts/%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	"half an escape elsewhere":   {"GET /widget/50% HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	"a space in the path":        {"GET /contacts/a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	"a space in another path":    {"POST /messenger/web/ping x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	"a NUL in the path":          {"GET /contacts/\x00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	"a path without a slash":     {"GET contacts HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	"no version":                 {"GET /contacts\r\nHost: a\r\n\r\n", 400},
	"a version that is none":     {"GET /contacts HTTP/x\r\nHost: a\r\n\r\n", 400},
	"a version to come":          {"GET /contacts HTTP/3.0\r\nHost: a\r\n\r\n", 505},
	"a version long gone":        {"GET /contacts HTTP/0.9\r\nHost: a\r\n\r\n", 505},
	"no method":                  {" /contacts HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	"a method that is none":      {"G(T /contacts HTTP/1.1\r\nHost: a\r\n\r\n", 400},
	"no host":                    {"GET /contacts HTTP/1.1\r\n\r\n", 400},
	"two hosts":                  {"GET /contacts HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
	"a host that is none":        {"GET /contacts HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
	"a header without a colon":   {"GET /contacts HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400},
	"a header with a space":      {"GET /contacts HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n", 400},
	"a header with a NUL":        {"GET /contacts HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", 400},
	"a long header":              {"GET /contacts HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 3<<20) + "\r\n\r\n", 431},
	"many headers":               {"GET /contacts HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X: y\r\n", 20_000) + "\r\n", 431},
	"a long path":                {"GET /" + strings.Repeat("x", 2<<20) + " HTTP/1.1\r\nHost: a\r\n\r\n", 431},
	"another coding":             {"POST /contacts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n{}", 501},
	"two codings":                {"POST /contacts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
	"a coding and a long body":   {"POST /contacts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n" + strings.Repeat("x", 2<<20), 501},
	"two lengths":                {"POST /contacts HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400},
	"a length that is none":      {"POST /contacts HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n{}", 400},
	"a negative length":          {"POST /contacts HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n{}", 400},
	"an expectation":             {"POST /contacts HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\nContent-Length: 2\r\n\r\n{}", 417},
	"an expectation of HTTP/1.0": {"POST /contacts HTTP/1.0\r\nExpect: a-miracle\r\nContent-Length: 2\r\n\r\n{}", 417},
	"an expectation and no body": {"GET /contacts HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\n\r\n", 417},
	"TLS":                        {"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n", 400},
}

func TestRefusalsOfNetHTTPAreErrorLists(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for about, c := range unheard {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			client := s.dial(t)
			sent := make(chan error, 1)
			go func() {
				_, err := io.WriteString(client, c.request)
				sent <- err
			}()
			answer, body := client.receive(t, http.MethodGet)
			mustBeErrorList(t, answer, body, c.status)
			if err := <-sent; err != nil {
				t.Errorf("the request could not be sent to its end: %v", err)
			}
			mustBeClosed(t, client)
		})
	}
}

func TestRefusalAfterRequestsOfTheSameConnection(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	client := s.dial(t)
	for range 3 {
		client.send(t, http.MethodGet, "/contacts", nil)
		if answer, body := client.receive(t, http.MethodGet); body != "api /contacts" || answer.Close {
			t.Fatalf("%q, closed %v", body, answer.Close)
		}
	}
	client.send(t, http.MethodGet, "/contacts/50%", nil)
	answer, body := client.receive(t, http.MethodGet)
	mustBeErrorList(t, answer, body, 400)
	mustBeClosed(t, client)
}

// A handler may write whatever it likes, also what looks like a refusal of net/http.
func TestResponsesOfHandlersStayAsTheyAre(t *testing.T) {
	t.Parallel()
	const lookalike = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request"
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if r.URL.Path == "/refused" {
			w.Header().Set("Connection", "close")
			w.WriteHeader(http.StatusBadRequest)
		}
		_, _ = io.WriteString(w, lookalike)
	}))
	for path, status := range map[string]int{"/": 200, "/refused": 400} {
		if answer, body := s.get(t, path, nil); answer.StatusCode != status || body != lookalike {
			t.Errorf("%s: %d %q", path, answer.StatusCode, body)
		}
	}
}

func TestChunkedRequestsEndTheirConnection(t *testing.T) {
	t.Parallel()
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s", body)
	}))
	const smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
	for about, headers := range map[string]string{
		"with a length":      "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
		"with a length of 0": "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
		"without":            "Transfer-Encoding: chunked\r\n",
	} {
		client := s.dial(t)
		if _, err := io.WriteString(client, "POST /contacts HTTP/1.1\r\nHost: a\r\n"+headers+"\r\n2\r\n{}\r\n0\r\n\r\n"+smuggled); err != nil {
			t.Fatal(err)
		}
		if answer, body := client.receive(t, http.MethodPost); body != "{}" || !answer.Close {
			t.Errorf("%s: %q, closed %v, want the body and the end", about, body, answer.Close)
		}
		mustBeClosed(t, client)
	}
}

func TestRepeatedSlashesAreOne(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for path, want := range map[string]string{
		"//contacts/1/tags":               "api /contacts/1/tags",
		"///contacts////1//tags//":        "api /contacts/1/tags/",
		"//":                              "api /",
		"/contacts/a%2F%2Fb//tags":        "api /contacts/a%2F%2Fb/tags",
		"/contacts/%2F/tags":              "api /contacts/%2F/tags",
		"/contacts/a%2Fb/tags":            "api /contacts/a%2Fb/tags",
		"//messenger//web/ping":           "messenger /messenger/web/ping",
		"//livez":                         "ok",
		"http://elsewhere//contacts//1":   "api /contacts/1",
		"/contacts?next=http://a//b":      "api /contacts",
		"//contacts/caf%C3%A9//x%20y?a=1": "api /contacts/caf%C3%A9/x%20y",
	} {
		if _, body := s.get(t, path, nil); body != want {
			t.Errorf("%s is answered by %q, want %q", path, body, want)
		}
	}
}

func mustBeErrorList(t *testing.T, answer *http.Response, body string, status int) {
	t.Helper()
	var list struct {
		Type      string
		RequestID string `json:"request_id"`
		Errors    []struct{ Code, Message string }
	}
	switch err := json.Unmarshal([]byte(body), &list); {
	case err != nil:
		t.Fatalf("%d is no JSON: %q", answer.StatusCode, body)
	case answer.StatusCode != status:
		t.Errorf("the status is %d, want %d", answer.StatusCode, status)
	case list.Type != "error.list" || len(list.Errors) != 1 || list.Errors[0].Code == "" || list.Errors[0].Message == "":
		t.Errorf("%d %s is no error.list", answer.StatusCode, body)
	case list.RequestID == "" || list.RequestID != answer.Header.Get("X-Request-Id"):
		t.Errorf("the id of the request is %q, the header says %q", list.RequestID, answer.Header.Get("X-Request-Id"))
	case answer.Header.Get("Content-Type") != "application/json; charset=utf-8" || answer.Header.Get("X-Content-Type-Options") != "nosniff":
		t.Errorf("the headers are %v", answer.Header)
	case !answer.Close:
		t.Error("the connection is kept")
	}
}

// mustBeClosed fails t when anything more comes from the server, or when its end of the connection stays open.
func mustBeClosed(t *testing.T, c *connection) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(bufio.NewReader(c.answers))
	if len(rest) > 0 || err != nil {
		t.Errorf("after the response came %.40q and %v", rest, err)
	}
}

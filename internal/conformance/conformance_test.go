package conformance_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/app"
	"lobby/internal/conformance"
)

func start(t *testing.T) *app.TestServer {
	t.Helper()
	s, err := app.StartTest(t.Context(), nil, func(string) string { return "" }, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// played returns the number of requests that were made of a server, and all differences.
func played(t *testing.T, s *app.TestServer, at string, write bool) (requests int, found []string) {
	t.Helper()
	err := conformance.Run(t.Context(), conformance.Options{
		URL: at, Token: s.Token, Described: s.URL, Versions: []apiversion.Version{apiversion.V2_14}, Write: write, Own: true,
		Each: func(r conformance.Result) {
			requests++
			for _, text := range r.Differences {
				found = append(found, r.Operation+": "+text)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return requests, found
}

func TestLobbyIsAsItIsDescribed(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, write := range []bool{false, true} {
		requests, found := played(t, s, s.URL, write)
		if requests < 20 || len(found) > 0 {
			t.Errorf("writing %t: %d requests differ by %q", write, requests, found)
		}
	}
}

// A server that differs in one member, one status and one code is found out.
func TestWhatDiffersIsFound(t *testing.T) {
	t.Parallel()
	s := start(t)
	target, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		switch path := r.Request.URL.Path; {
		case path == "/me":
			body = bytes.Replace(body, []byte(`"email_verified"`), []byte(`"email_checked"`), 1)
		case path == "/admins":
			body = bytes.Replace(body, []byte(`"id":"1"`), []byte(`"id":1`), 1)
		case path == "/teams":
			r.StatusCode = http.StatusAccepted
		case strings.HasPrefix(path, "/visitors/"):
			body = bytes.Replace(body, []byte(`"not_found"`), []byte(`"missing"`), 1)
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
		return nil
	}
	other := httptest.NewServer(proxy)
	t.Cleanup(other.Close)
	_, found := played(t, s, other.URL, true)
	for _, want := range []string{
		"GET /me: email_checked is not described", "GET /me: email_verified is missing", "GET /admins: admins.[].id is integer, not string",
		"GET /teams: the status 202 is not described",
	} {
		if !slices.Contains(found, want) {
			t.Errorf("it was not found that %s", want)
		}
	}
	for _, one := range found {
		if !strings.HasPrefix(one, "GET /me:") && !strings.HasPrefix(one, "GET /admins:") && !strings.HasPrefix(one, "GET /teams:") && !strings.Contains(one, "/visitors/") {
			t.Errorf("it was found that %s", one)
		}
	}
}

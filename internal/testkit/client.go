package testkit

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/workspace"
)

// Client calls an [Instance] with one token.
type Client struct {
	// URL is the base URL of the server, without a slash at the end.
	URL string
	// Token is the secret that every request sends, and TokenID the token's id in the journal.
	Token, TokenID string
	Workspace      workspace.ID

	instance *Instance
}

// NewToken creates another token of the same workspace with the given scopes, and returns its client.
func (c *Client) NewToken(t testing.TB, scopes ...workspace.Scope) *Client {
	t.Helper()
	token, err := c.instance.Lobby.CreateToken(t.Context(), workspace.Caller{Workspace: c.Workspace}, workspace.TokenDraft{Name: "of a test", Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	other := *c
	other.Token, other.TokenID = token.Secret, token.ID
	return &other
}

// Response is a complete response.
type Response struct {
	Status int
	Header http.Header
	// Text is the body, decompressed.
	Text string
	// JSON is the body as encoding/json decodes it; nil when there is none or it is not JSON.
	JSON any
}

// Get returns a value of the JSON by its path of names and indexes joined by dots, such as "errors.0.code". It is nil for
// null and for a missing value.
func (r *Response) Get(path string) any {
	value := r.JSON
	for name := range strings.SplitSeq(path, ".") {
		switch in := value.(type) {
		case map[string]any:
			value = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(in) {
				return nil
			}
			value = in[i]
		default:
			return nil
		}
	}
	return value
}

// Refusal returns the first error as "code: message", or "" when the response has none.
func (r *Response) Refusal() string {
	code, _ := r.Get("errors.0.code").(string)
	message, _ := r.Get("errors.0.message").(string)
	if code == "" {
		return ""
	}
	return code + ": " + message
}

// Do sends a request and returns the response. It fails t when the response breaks the contract of its version.
//
// A body is sent unchanged when it is a string or bytes, and otherwise as its JSON; nil sends none. Headers are written as
// "Name: value". One without a value removes a default header: Authorization, and Content-Type with a body.
func (c *Client) Do(t testing.TB, method, path string, body any, headers ...string) *Response {
	t.Helper()
	request := c.request(t, method, path, body, headers)
	answer, err := c.instance.http.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close() //nolint:errcheck // it has been read to its end
	data, err := read(answer)
	if err != nil {
		t.Fatalf("%s %s: read the answer: %v", method, path, err)
	}
	r := &Response{Status: answer.StatusCode, Header: answer.Header, Text: string(data)}
	if json.Unmarshal(data, &r.JSON) != nil {
		r.JSON = nil
	}
	version, _ := c.version(t, request)
	for _, complaint := range violations(exchange{version, method, request.URL.Path, r}) {
		t.Errorf("%s %s at version %v: %s\nthe answer was %d %s", method, path, version, complaint, r.Status, r.Text)
	}
	return r
}

func (c *Client) request(t testing.TB, method, path string, body any, headers []string) *http.Request {
	t.Helper()
	var content io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(body)
	case []byte:
		content = bytes.NewReader(body)
	default:
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, c.URL+path, content)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		switch name, value, _ := strings.Cut(header, ":"); {
		case strings.TrimSpace(value) == "":
			r.Header.Del(name)
		case name == "Host":
			r.Host = strings.TrimSpace(value)
		default:
			r.Header.Set(name, strings.TrimSpace(value))
		}
	}
	return r
}

func read(answer *http.Response) ([]byte, error) {
	if answer.Header.Get("Content-Encoding") != "gzip" || answer.Request.Method == http.MethodHead {
		return io.ReadAll(answer.Body)
	}
	unzipped, err := gzip.NewReader(answer.Body)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(unzipped)
}

// version returns the API version of a request: the one that it names, or else that of its workspace. It reports false when
// the request names one that is not served.
func (c *Client) version(t testing.TB, r *http.Request) (apiversion.Version, bool) {
	version, err := apiversion.Parse(r.Header.Get("Intercom-Version"))
	if !errors.Is(err, apiversion.ErrMissing) {
		return version, err == nil
	}
	workspace, err := c.instance.Lobby.Workspace(t.Context(), c.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	if version, err = apiversion.Parse(workspace.APIVersion); err != nil {
		return apiversion.Default, true
	}
	return version, true
}

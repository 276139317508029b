package intercom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// version is the API version that is asked for, noteVersion that which has the notes of companies.
	version     = "2.14"
	noteVersion = "2.15"
	// maxAttempts is how often a request is sent while the server cannot answer it.
	maxAttempts = 8
	maxPause    = time.Minute
	// maxAnswer is the max length of an answer in bytes.
	maxAnswer = 64 << 20
	// requestTimeout bounds one attempt.
	requestTimeout = 90 * time.Second
)

// object is a JSON object with its values as they came.
type object = map[string]json.RawMessage

// Client asks one server with one token. It waits as the server's limits of calls demand, and sends again what failed
// because the server or the network could not answer.
type Client struct {
	base, token string
	http        *http.Client
	// pause is how long to wait before a second attempt; it doubles with each.
	pause time.Duration

	mu    sync.Mutex
	until time.Time // before which no request is sent
}

// NewClient returns a client of the server at an address, like https://api.intercom.io.
func NewClient(address, token string) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the address of the server must be like https://api.intercom.io")
	}
	return &Client{
		base: strings.TrimRight(u.String(), "/"), token: token, pause: 500 * time.Millisecond,
		// A redirect to another host would get the token.
		http: &http.Client{Timeout: requestTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}, nil
}

// A StatusError is an answer that says that a request cannot be served.
type StatusError struct {
	Request string
	Status  int
	Text    string // what the server says
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s: the server answered %d: %s", e.Request, e.Status, e.Text)
}

// isMissing reports whether the server has no such record, or no such operation.
func isMissing(err error) bool {
	refused, ok := errors.AsType[*StatusError](err)
	return ok && (refused.Status == http.StatusNotFound || refused.Status == http.StatusGone)
}

// isRefused reports whether the server understood the request and did not serve it.
func isRefused(err error) bool {
	refused, ok := errors.AsType[*StatusError](err)
	return ok && refused.Status != http.StatusUnauthorized
}

// get reads an object.
func (c *Client) get(ctx context.Context, path string, query url.Values) (object, error) {
	return c.ask(ctx, http.MethodGet, version, path, query, nil)
}

// ask sends a request until it is answered, by an object. Errors: *StatusError, and those of the network and of ctx.
func (c *Client) ask(ctx context.Context, method, version, path string, query url.Values, body any) (answer object, err error) {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	var text []byte
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	_, err = c.exchange(ctx, method, version, path, text, func(content []byte) error {
		answer = nil
		return json.Unmarshal(content, &answer)
	})
	return answer, err
}

// file reads a file of the server.
func (c *Client) file(ctx context.Context, path string) ([]byte, error) {
	return c.exchange(ctx, http.MethodGet, version, path, nil, func([]byte) error { return nil })
}

// exchange sends a request until it is answered as read can read it, and returns the answer.
func (c *Client) exchange(ctx context.Context, method, version, path string, body []byte, read func([]byte) error) ([]byte, error) {
	for attempt := 1; ; attempt++ {
		if err := c.wait(ctx); err != nil {
			return nil, err
		}
		answer, again, err := c.try(ctx, method, version, path, body)
		if err == nil && read(answer) != nil {
			again, err = true, fmt.Errorf("%s %s: the answer is no JSON object", method, path)
		}
		if err == nil || ctx.Err() != nil || !again || attempt == maxAttempts {
			return answer, err
		}
		pause := min(maxPause, c.pause<<(attempt-1))
		c.hold(time.Now().Add(pause/2 + rand.N(pause/2+1)))
	}
}

// try sends a request once. It reports whether another attempt may do better.
func (c *Client) try(ctx context.Context, method, version, path string, body []byte) (answer []byte, again bool, err error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, false, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Intercom-Version", version)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, true, err
	}
	defer response.Body.Close() //nolint:errcheck // it is read or given up
	c.heed(response)
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, true, fmt.Errorf("%s %s: %w", method, path, err)
	case len(text) > maxAnswer:
		return nil, false, fmt.Errorf("%s %s: the answer is longer than %d bytes", method, path, maxAnswer)
	case response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= 500 || response.StatusCode == http.StatusRequestTimeout:
		return nil, true, refusal(method+" "+path, response.StatusCode, text)
	case response.StatusCode != http.StatusOK:
		return nil, false, refusal(method+" "+path, response.StatusCode, text)
	}
	return text, false, nil
}

// refusal is the error of an answer, with its first message.
func refusal(request string, status int, text []byte) error {
	var list struct {
		Errors []struct{ Code, Message string }
	}
	what := http.StatusText(status)
	if json.Unmarshal(text, &list) == nil && len(list.Errors) > 0 {
		what = list.Errors[0].Code + ": " + list.Errors[0].Message
	}
	return &StatusError{request, status, what}
}

// heed notes how long the server wants to be left alone.
func (c *Client) heed(r *http.Response) {
	now := time.Now()
	if r.StatusCode == http.StatusTooManyRequests || r.StatusCode == http.StatusServiceUnavailable {
		if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); err == nil {
			c.hold(now.Add(min(time.Duration(seconds)*time.Second, 10*maxPause)))
			return
		}
		if at, err := http.ParseTime(r.Header.Get("Retry-After")); err == nil {
			c.hold(at)
			return
		}
	}
	reset, err := strconv.ParseInt(r.Header.Get("X-RateLimit-Reset"), 10, 64)
	if err == nil && r.Header.Get("X-RateLimit-Remaining") == "0" {
		if at := time.Unix(reset, 0); at.Sub(now) < 10*maxPause {
			c.hold(at)
		}
	}
}

// hold sends nothing before a time.
func (c *Client) hold(until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until.After(c.until) {
		c.until = until
	}
}

func (c *Client) wait(ctx context.Context) error {
	c.mu.Lock()
	pause := time.Until(c.until)
	c.mu.Unlock()
	if pause <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// list reads a list that comes at once.
func (c *Client) list(ctx context.Context, path, member string, query url.Values) ([]object, error) {
	answer, err := c.get(ctx, path, query)
	if err != nil {
		return nil, err
	}
	return objects(answer, member), nil
}

// numbered calls each for all elements of a list with numbered pages.
func (c *Client) numbered(ctx context.Context, version, path string, each func(object)) error {
	for page := 1; ; page++ {
		answer, err := c.ask(ctx, http.MethodGet, version, path, url.Values{"page": {strconv.Itoa(page)}, "per_page": {"150"}}, nil)
		if err != nil {
			return err
		}
		found := objects(answer, "data")
		for _, element := range found {
			each(element)
		}
		if len(found) == 0 || page >= int(number(member(answer, "pages"), "total_pages")) {
			return nil
		}
	}
}

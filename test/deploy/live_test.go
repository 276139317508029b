package deploy

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// form sends a form as a page of a visitor does.
func (c *client) form(t testing.TB, path, id string, fields url.Values) *http.Response {
	t.Helper()
	fields.Set("app_id", app)
	fields.Set("user_data", `{"anonymous_id":"`+id+`"}`)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.base+"/messenger/web/"+path, strings.NewReader(fields.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
	response, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", path, response.Status)
	}
	return response
}

// hearsLive checks that no proxy keeps events back: each arrives before the next one happens.
func (c *client) hearsLive(t *testing.T) {
	t.Helper()
	c.json(t, http.MethodPut, c.base+"/lobby/v1/settings", `{"messenger":true}`, &struct{}{})
	const id = "5b1e7a4c-92d0-4a0b-9d3c-6f2f5b0a7e12"
	c.form(t, "ping", id, url.Values{"source": {"apiBoot"}, "cc": {"1"}}).Body.Close() //nolint:errcheck // nothing in it is asked for
	stream := c.form(t, "live", id, url.Values{})
	defer stream.Body.Close() //nolint:errcheck // it is left
	lines := bufio.NewScanner(stream.Body)
	hears := func(text string) {
		t.Helper()
		for lines.Scan() {
			if line := lines.Text(); strings.HasPrefix(line, "data: ") && strings.Contains(line, text) {
				return
			}
		}
		t.Fatalf("%q does not come: %v", text, lines.Err())
	}
	hears(`"conversations":[]`)
	for i, text := range []string{"One", "Two"} {
		key := "aaaaaaaa-0000-4000-8000-00000000000" + string(rune('1'+i))
		c.form(t, "reply", id, url.Values{"text": {text}, "message_id": {key}}).Body.Close() //nolint:errcheck // it is in the stream
		hears(text)
	}
}

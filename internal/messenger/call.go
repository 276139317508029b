package messenger

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"lobby/internal/enrich"
	"lobby/internal/people"
)

const maxBody = 16 << 10 // bytes

// call is one request of the script, read and checked as far as all of its requests agree.
type call struct {
	workspace *people.Workspace
	caller    people.Caller
	// browser is what the user agent says; for a bot nothing is to be done.
	browser enrich.Browser
	// anonymousID is a version 4 UUID or empty.
	anonymousID string
	settings    settings
	form        url.Values
	header      http.Header
}

var uuid4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// read reads a call: a form, whose user_data is a JSON object of what the page told about a person.
func (m *messenger) read(w http.ResponseWriter, r *http.Request) (*call, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		if refusal := refusalOf(err); refusal == tooLarge {
			return nil, err
		}
		return nil, invalid("The body is not a form")
	}
	form := r.PostForm
	ws, err := m.workspace(r.Context(), people.WorkspaceID(form.Get("app_id")))
	if err != nil {
		return nil, err
	}
	c := &call{
		workspace: ws,
		caller: people.Caller{
			Workspace: ws.ID,
			Actor:     people.Actor{Kind: "browser", ID: cut(r.Header.Get("Origin"), maxText)},
			RequestID: m.requestID(w),
		},
		browser: enrich.ParseUserAgent(r.UserAgent()),
		form:    form,
		header:  r.Header,
	}
	if text := form.Get("user_data"); text != "" {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&c.settings); err != nil {
			return nil, invalid("user_data is not a JSON object")
		}
	}
	c.anonymousID = c.settings.text("anonymous_id")
	if c.anonymousID == "" {
		c.anonymousID = form.Get("anonymous_id")
	}
	if c.anonymousID != "" && !uuid4.MatchString(c.anonymousID) {
		return nil, invalid("anonymous_id must be a version 4 UUID")
	}
	return c, nil
}

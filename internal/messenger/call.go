package messenger

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"lobby/internal/enrich"
	"lobby/internal/people"
)

const maxBody = 64 << 10 // bytes, which is also all that a page may have in flight when it goes away

// call is one request of the script, read and checked as far as all of its requests agree.
type call struct {
	workspace *people.Workspace
	caller    people.Caller
	// browser is what the user agent says; for a bot nothing is to be done.
	browser enrich.Browser
	// anonymousID is a version 4 UUID or empty.
	anonymousID string
	settings    settings
	// email is an address that the page tells of somebody whom it does not name.
	email string
	// platform is where it comes from: for an app there is no user agent, and no origin.
	platform people.Platform
	// address is where it comes from, for as long as it is handled, and place what is known of that.
	address netip.Addr
	place   people.Location
	// isCookieless says that nothing is kept in the browser, which is then known by its anonymousID for a day only.
	isCookieless bool
	// session is which boot-to-shutdown of a page this is from, and number its place there; "" and 0 if it does not say.
	session string
	number  int64
	// skew is by how many seconds the browser's clock is behind ours, as far as that matters.
	skew   int64
	form   url.Values
	header http.Header
}

// slowest is how many seconds a request may take without its clock being called wrong.
const slowest = 60

// skew answers by how much a clock is to be corrected. One that may be right is left alone, so that what is sent again
// keeps its time.
func skew(clock string, now int64) int64 {
	theirs := number(clock)
	if theirs == 0 || max(now-theirs, theirs-now) <= slowest {
		return 0
	}
	return now - theirs
}

// number answers a positive number, or 0.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

const uuidForm = "00000000-0000-4000-8000-000000000000"

var uuid4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// read reads a call: a form, parsed already, whose user_data is a JSON object of what the page told about a person.
func (m *messenger) read(w http.ResponseWriter, r *http.Request) (*call, error) {
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
		platform: people.Web,
		address:  m.proxies.client(r),
		session:  cut(form.Get("s"), len(uuidForm)),
		number:   number(form.Get("n")),
		skew:     skew(form.Get("clock"), m.lobby.Now().Unix()),
		form:     form,
		header:   r.Header,
	}
	if p := people.Platform(form.Get("platform")); p == people.IOS || p == people.Android {
		c.platform = p
	} else {
		c.browser = enrich.ParseUserAgent(r.UserAgent()).WithHints(r.Header.Get)
	}
	if err := checkOrigin(ws, r.Header.Get("Origin"), c.isApp()); err != nil {
		return nil, err
	}
	c.place = m.place(r, c.address)
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
	isMinimal := c.policy() == modeMinimal
	if !c.isApp() && (isMinimal || people.CookieMode.Of(ws) == "never") {
		c.isCookieless = true
		c.anonymousID = m.cookieless.id(ws.ID, c.address, r.UserAgent(), m.lobby.Now())
	}
	return c, m.gate.letBrowser(c, m.lobby.Now())
}

func (c *call) isApp() bool { return c.platform != people.Web }

// isLast reports whether the call is the last of its session, because the user has logged out.
func (c *call) isLast() bool { return c.form.Get("source") == "shutdown" }

// device answers the id of the browser or the app itself, or "".
func (c *call) device() string {
	id := c.form.Get("device_identifier")
	if !uuid4.MatchString(id) {
		return ""
	}
	return id
}

package messenger

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"lobby/internal/enrich"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

const maxBody = 64 << 10 // bytes, which is also all that a page may have in flight when it goes away

// call is one request of the script: what all of its endpoints need of it, parsed and checked.
type call struct {
	workspace *workspace.Workspace
	caller    workspace.Caller
	// browser is parsed from the user agent; for a bot nothing is to be done.
	browser enrich.Browser
	// anonymousID is a version 4 UUID or empty.
	anonymousID string
	settings    settings
	// told is why parts of what the page said are left out.
	told omissions
	// events are the events and page views, oldest first.
	events []settings
	// email is an address that the page tells of somebody whom it does not name.
	email string
	// platform is what the call comes from. An app has no user agent and no origin.
	platform workspace.Platform
	// address is where the call comes from, for as long as it is handled, and location what is known of that.
	address  netip.Addr
	location people.Location
	// isCookieless says that nothing is kept in the browser. Its anonymousID then identifies it for a day only.
	isCookieless bool
	// session is the id of one boot-to-shutdown of a page, and number counts its calls; "" and 0 if the page does not say.
	session string
	number  int64
	// skew is how many seconds the browser's clock is behind ours; 0 when it may be right.
	skew   int64
	form   url.Values
	header http.Header
}

// maxRequestSeconds is how long a request may take before its clock counts as wrong.
const maxRequestSeconds = 60

// skew returns by how many seconds a clock is to be corrected. A clock that may be right is not, so that an event that is
// sent again keeps its time.
func skew(clock string, now int64) int64 {
	browser := number(clock)
	if browser == 0 || max(now-browser, browser-now) <= maxRequestSeconds {
		return 0
	}
	return now - browser
}

// number returns a positive number, or 0.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

const uuidForm = "00000000-0000-4000-8000-000000000000"

var uuid4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// read parses a call from a form, which was parsed already. Its user_data is a JSON object of what the page told about a
// person.
func (m *messenger) read(w http.ResponseWriter, r *http.Request) (*call, error) {
	form := r.PostForm
	ws, err := m.workspace(r.Context(), workspace.ID(form.Get("app_id")))
	if err != nil {
		return nil, err
	}
	c := &call{
		workspace: ws,
		caller: workspace.Caller{
			Workspace: ws.ID,
			Actor:     workspace.Actor{Kind: "browser", ID: cut(r.Header.Get("Origin"), maxText)},
			RequestID: m.requestID(w),
		},
		platform: workspace.Web,
		address:  m.proxies.Client(r),
		session:  cut(form.Get("s"), len(uuidForm)),
		number:   number(form.Get("n")),
		skew:     skew(form.Get("clock"), m.lobby.Now().Unix()),
		form:     form,
		header:   r.Header,
	}
	if p := workspace.Platform(form.Get("platform")); p == workspace.IOS || p == workspace.Android {
		c.platform = p
	} else {
		c.browser = enrich.ParseUserAgent(r.UserAgent()).WithHints(func(name string) string { return strings.Join(r.Header.Values(name), ", ") })
	}
	if err := checkOrigin(ws, r.Header.Get("Origin"), c.isApp()); err != nil {
		return nil, err
	}
	c.location = m.locate(r, c.address)
	if text := form.Get("user_data"); text != "" {
		if err := decodeJSON(text, &c.settings); err != nil {
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
	if !c.isApp() && (isMinimal || workspace.CookieMode.Of(ws) == "never") {
		c.isCookieless = true
		if c.anonymousID, err = m.cookieless.id(r.Context(), ws.ID, c.address, r.UserAgent(), m.lobby.Now()); err != nil {
			return nil, err
		}
	}
	return c, m.limiter.allowBrowser(c, m.lobby.Now())
}

// decodeJSON decodes one JSON value, and keeps numbers as they are written.
func decodeJSON(text string, into any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
}

var errTrailing = errors.New("there is more after the JSON value")

// statement is the settings of the call, to be read.
func (c *call) statement() statement { return statement{c.settings, "", &c.told} }

func (c *call) isApp() bool { return c.platform != workspace.Web }

// isLast reports whether the call is the last of its session, because the user has logged out.
func (c *call) isLast() bool { return c.form.Get("source") == "shutdown" }

// device returns the id of the browser or the app itself, or "".
func (c *call) device() string {
	id := c.form.Get("device_identifier")
	if !uuid4.MatchString(id) {
		return ""
	}
	return id
}

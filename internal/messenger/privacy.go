package messenger

import (
	"net/http"
	"strings"

	"lobby/internal/people"
)

// What is to become of a visitor: the values of DNTMode and GPCMode.
const (
	modeRecord  = "record"
	modeMinimal = "minimal"
	modeDrop    = "drop"
)

// policy answers what the workspace wants of visitors whose browsers send the signals that this one sends. The one
// against selling and sharing is asked first.
func (c *call) policy() string {
	if c.header.Get("Sec-GPC") == "1" {
		if mode := people.GPCMode.Of(c.workspace); mode != modeRecord {
			return mode
		}
	}
	// The form says 1 for either signal; a browser with the other one says so in its header, too.
	if c.header.Get("DNT") == "1" || c.form.Get("dnt") == "1" && c.header.Get("Sec-GPC") != "1" {
		return people.DNTMode.Of(c.workspace)
	}
	return modeRecord
}

func (c *call) wantsNoTracking() bool {
	return c.header.Get("DNT") == "1" || c.header.Get("Sec-GPC") == "1" || c.form.Get("dnt") == "1"
}

// isSilenced reports whether the script had better say nothing more.
func (c *call) isSilenced() bool {
	isDriven := c.form.Get("webdriver") == "1" && people.AutomatedBrowsers.Of(c.workspace) == modeDrop
	return c.browser.Bot || isDriven || c.policy() == modeDrop
}

// isPrefetch reports whether a browser loads the page for somebody who may never look at it.
func isPrefetch(h http.Header) bool {
	for _, header := range []string{"Sec-Purpose", "Purpose", "X-Moz"} {
		if strings.Contains(strings.ToLower(h.Get(header)), "prefetch") {
			return true
		}
	}
	return false
}

// mayRemember reports whether somebody who proves nothing may be remembered: a cookie is there, or none is needed.
func (c *call) mayRemember() bool {
	switch consent := c.form.Get("cc"); {
	case c.isCookieless:
		return true
	case people.CookieMode.Of(c.workspace) == "ask":
		return consent == "1"
	default:
		return consent != "0"
	}
}

package messenger

import (
	"net/http"
	"strings"

	"lobby/internal/workspace"
)

// The values of the settings DNTMode and GPCMode: how a visitor is tracked.
const (
	modeRecord  = "record"
	modeMinimal = "minimal"
	modeDrop    = "drop"
)

// policy returns the mode in which the workspace tracks visitors whose browsers send the signals of this one. Global
// Privacy Control counts before Do Not Track.
func (c *call) policy() string {
	if c.header.Get("Sec-GPC") == "1" {
		if mode := workspace.GPCMode.Of(c.workspace); mode != modeRecord {
			return mode
		}
	}
	// The form says 1 for either signal. A browser with Global Privacy Control says so in its header, too.
	if c.header.Get("DNT") == "1" || c.form.Get("dnt") == "1" && c.header.Get("Sec-GPC") != "1" {
		return workspace.DNTMode.Of(c.workspace)
	}
	return modeRecord
}

// wantsNoTracking reports whether the browser sends either signal.
func (c *call) wantsNoTracking() bool {
	return c.header.Get("DNT") == "1" || c.header.Get("Sec-GPC") == "1" || c.form.Get("dnt") == "1"
}

// isSilenced reports whether the script is to send nothing more.
func (c *call) isSilenced() bool {
	isAutomated := c.form.Get("webdriver") == "1" && workspace.AutomatedBrowsers.Of(c.workspace) == modeDrop
	return c.browser.Bot || isAutomated || c.policy() == modeDrop
}

// isPrefetch reports whether a browser loads the page in advance, for somebody who may never look at it.
func isPrefetch(h http.Header) bool {
	for _, header := range []string{"Sec-Purpose", "Purpose", "X-Moz"} {
		if strings.Contains(strings.ToLower(h.Get(header)), "prefetch") {
			return true
		}
	}
	return false
}

// mayRemember reports whether somebody unproven may be stored: the browser may hold a cookie, or none is needed.
func (c *call) mayRemember() bool {
	switch consent := c.form.Get("cc"); {
	case c.isCookieless:
		return true
	case workspace.CookieMode.Of(c.workspace) == "ask":
		return consent == "1"
	default:
		return consent != "0"
	}
}

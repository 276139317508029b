package messenger

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"lobby/internal/cache"
	"lobby/internal/people"
	"lobby/internal/traffic"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

// newViews returns the page views of a call that its session did not have yet, oldest first. One that comes again has the
// same id.
func (c *call) newViews(s *session, now int64) (all []*traffic.View) {
	for _, event := range c.events {
		n, isNumbered := event.sequence()
		if !event.isPageView() || isNumbered && n <= s.event {
			continue
		}
		v := &traffic.View{ID: workspace.RandomUUID(), At: now, Title: clean(event.text("title"))}
		if isNumbered && c.session != "" {
			id := cache.DigestOf(string(c.workspace.ID), c.session, strconv.FormatInt(n, 10))
			v.ID = fmt.Sprintf("%08x%x", uint32(n), id[:12]) // in one second, they are sorted by it
		}
		if at := number(event.text("created_at")) + c.skew; at > now-maxEventAge && at < now {
			v.At = at
		}
		page, _ := url.Parse(event.text("url"))
		v.URL, v.Referrer, v.Campaign = pageAddress(page), referrer(event.text("referrer"), page), campaign(page).Source
		all = append(all, v)
	}
	return all
}

// pageAddress returns the address of a page without credentials and fragment, in which secrets may be; "" for none.
func pageAddress(page *url.URL) string {
	if page == nil || page.Host == "" || page.Scheme != "http" && page.Scheme != "https" {
		return ""
	}
	bare := *page
	bare.User, bare.Fragment, bare.RawFragment = nil, "", ""
	if text := strings.ToValidUTF8(bare.String(), ""); len(text) <= maxURL && workspace.IsText(text) {
		return text
	}
	return ""
}

// recordViews records that a person was seen on pages, or at all when a call has no page view.
func (m *messenger) recordViews(c *call, ping *visit.Ping, p *people.Person, views []*traffic.View) {
	if m.record == nil || p == nil {
		return
	}
	if len(views) == 0 {
		views = []*traffic.View{{At: m.lobby.Unix()}}
	}
	for _, v := range views {
		v.Workspace, v.PersonID, v.Country, v.Browser = c.workspace.ID, p.ID, c.location.Country, c.browser.Name
		if c.policy() == modeMinimal {
			v.URL, v.Title, v.Referrer, v.Campaign = "", "", "", ""
		}
		m.record(v)
	}
}

package messenger

import (
	"encoding/json"
	"net/url"
	"strings"

	"lobby/internal/enrich"
	"lobby/internal/people"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

// visitOf returns what a call tells of the person behind it.
func (m *messenger) visitOf(c *call) visit.Visit {
	// The script calls the page itself "referer", and where it was opened from "r".
	page, _ := url.Parse(c.form.Get("referer"))
	if page == nil || page.Host == "" {
		page, _ = url.Parse(c.header.Get("Origin"))
	}
	said := c.statement()
	v := visit.Visit{
		AnonymousID:     c.anonymousID,
		Referrer:        referrer(c.form.Get("r"), page),
		UTM:             campaign(page),
		DoNotTrack:      people.MaybeOf(c.wantsNoTracking()),
		Browser:         c.browser.Name,
		BrowserVersion:  c.browser.Version,
		BrowserLanguage: c.language(),
		OS:              c.browser.OS,
		Place:           c.location,
		Timezone:        timezone(c.form.Get("tz")),

		Name:                   said.change("name"),
		Phone:                  said.change("phone"),
		Avatar:                 said.avatar(),
		LanguageOverride:       said.change("language_override"),
		UnsubscribedFromEmails: said.flag("unsubscribed_from_emails"),
		CustomAttributes:       said.attributes(personWords),
	}
	if c.policy() == modeMinimal {
		v.Referrer, v.UTM, v.Timezone, v.Place = "", people.UTM{}, "", countryOf(c.location)
	}
	if c.isApp() {
		v.Platform, v.App, v.Activated = c.platform, c.app(), c.form.Get("source") == "apiBoot"
	}
	return v
}

// app returns what an app tells of itself.
func (c *call) app() people.Device {
	var data settings
	_ = json.Unmarshal([]byte(c.form.Get("device_data")), &data) // what is no object tells nothing
	text := func(name string) string { return clean(data.text(name)) }
	return people.Device{
		AppName: text("application"), AppVersion: text("application_version"), Model: text("model"),
		OSVersion: text("os_version"), SDKVersion: text("sdk_version"),
	}
}

func (c *call) language() string {
	if language := enrich.Language(c.form.Get("lang")); language != "" {
		return language
	}
	return enrich.Language(c.header.Get("Accept-Language"))
}

// timezone returns the canonical name of a time zone, or "" for what is none.
func timezone(name string) string {
	canonical, _ := workspace.Timezone(name)
	return canonical
}

// referrer returns the address of the other site that led to the page, without credentials, or "".
func referrer(text string, page *url.URL) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	if page != nil && bareHost(u) == bareHost(page) {
		return ""
	}
	u.User = nil
	if text = strings.ToValidUTF8(u.String(), ""); len(text) > maxURL {
		return ""
	}
	return text
}

func bareHost(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") }

// campaign returns the campaign parameters of a page's address.
func campaign(page *url.URL) people.UTM {
	if page == nil {
		return people.UTM{}
	}
	query := page.Query()
	text := func(name string) string { return clean(query.Get(name)) }
	return people.UTM{
		Campaign: text("utm_campaign"), Content: text("utm_content"), Medium: text("utm_medium"),
		Source: text("utm_source"), Term: text("utm_term"),
	}
}

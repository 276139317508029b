package enrich

import (
	"strings"
	"sync"

	"github.com/mileusna/useragent"
)

// Browser is what a User-Agent header says about its sender. Name is spelled as in the examples of Intercom's
// public description ("Chrome", "Safari"); OS likewise, with its version where browsers tell one ("Mac OS X 10.15.7", "Windows 10",
// "Linux"). What is not recognised is empty.
// For a Bot everything else is empty: what a robot dresses up as is of no use.
//
// Browsers round off what they tell: every Mac since 2020 says 10.15.7, Windows 11 says 10 and an iPad may say it is a Mac.
type Browser struct {
	Name    string
	Version string // digits and dots, or empty
	OS      string
	Bot     bool
}

const (
	longestUserAgent = 512  // bytes; what comes after says nothing about the browser
	rememberedAgents = 4096 // with the line above, two megabytes of text at most
)

// ParseUserAgent reads a User-Agent header of any content and length. It is safe for concurrent use and remembers what it read,
// because many visitors send few different headers.
func ParseUserAgent(ua string) Browser {
	return remembered.browser(ua[:min(len(ua), longestUserAgent)])
}

// memory forgets everything when it is full: a crowd of made-up headers costs their senders' neighbours one more reading each.
type memory struct {
	mu       sync.RWMutex
	browsers map[string]Browser
}

var remembered = memory{browsers: map[string]Browser{}}

func (m *memory) browser(ua string) Browser {
	m.mu.RLock()
	browser, found := m.browsers[ua]
	m.mu.RUnlock()
	if found {
		return browser
	}
	ua = strings.Clone(ua) // what is kept is not to hold on to the request around it
	browser = read(ua)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.browsers) >= rememberedAgents {
		clear(m.browsers)
	}
	m.browsers[ua] = browser
	return browser
}

// read asks the library for the operating system only: what it calls the browser is wrong for many in-app browsers, where it picks
// the device, the app's build or WebKit's own number.
func read(ua string) Browser {
	if isBot(ua) {
		return Browser{Bot: true}
	}
	parsed := useragent.Parse(ua)
	browser := Browser{OS: operatingSystem(parsed.OS, number(parsed.OSVersion))}
	for _, m := range marks {
		if _, after, found := strings.Cut(ua, m.text); found {
			browser.Name, browser.Version = m.name, number(after)
			return browser
		}
	}
	if parsed.IsIOS() {
		browser.Name = "Safari" // an app's web view there is Safari's, it only leaves out the version
	}
	return browser
}

// marks is read from the top: browsers name the ones they descend from after, or before, their own name, so the rarer comes first.
var marks = [...]struct{ text, name string }{
	{"Edg/", "Edge"},
	{"EdgA/", "Edge"},
	{"EdgiOS/", "Edge"},
	{"Edge/", "Edge"},
	{"OPR/", "Opera"},
	{"OPT/", "Opera"},
	{"OPiOS/", "Opera"},
	{"SamsungBrowser/", "Samsung Internet"},
	{"HuaweiBrowser/", "Huawei Browser"},
	{"MiuiBrowser/", "MIUI Browser"},
	{"UCBrowser/", "UC Browser"},
	{"YaBrowser/", "Yandex"},
	{"Vivaldi/", "Vivaldi"},
	{"Whale/", "Whale"},
	{"Silk/", "Silk"},
	{"DuckDuckGo/", "DuckDuckGo"},
	{"Ddg/", "DuckDuckGo"},
	{"Instagram ", "Instagram"},
	{"FBAV/", "Facebook"},
	{"musical_ly_", "TikTok"},
	{"FxiOS/", "Firefox"},
	{"Firefox/", "Firefox"},
	{"CriOS/", "Chrome"},
	{"Chrome/", "Chrome"},
	{"Version/", "Safari"},
}

// windows turns the number of the kernel, which is what the header holds, into the one people know.
var windows = map[string]string{"10.0": "10", "6.3": "8.1", "6.2": "8", "6.1": "7", "6.0": "Vista", "5.1": "XP"}

func operatingSystem(name, version string) string {
	switch name {
	case useragent.Windows:
		version = windows[version]
	case useragent.MacOS:
		name = "Mac OS X"
	case useragent.ChromeOS:
		return "Chrome OS" // the number is a build that nobody knows it by
	case useragent.Linux:
		return name
	}
	return strings.TrimSuffix(name+" "+version, " ")
}

// number is the version a text starts with, cut where it stops looking like one.
func number(text string) string {
	const longest = 24
	text = text[:min(len(text), longest)]
	end := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end >= 0 {
		text = text[:end]
	}
	return strings.Trim(text, ".")
}

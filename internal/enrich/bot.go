package enrich

import "strings"

// botWords are found in the headers of robots that dress up as browsers, in lower case. The first four are the ones for which
// Intercom's own script stays silent. Words that in-app browsers use as well ("feed", "node", "preview") are left out or spelled out,
// and so is "headless": whoever tests a site with a browser without a window wants to see its visitors.
var botWords = [...]string{
	"bot", "crawl", "spider", "facebookexternalhit",
	"compatible;", "://", // how a robot says whose it is; among browsers only Internet Explorer up to 10 did
	"facebookcatalog", "meta-external", "slurp", "google favicon",
	"bingpreview", "link preview", "url preview", "web preview", "uripreview", "flipboardproxy",
	"phantomjs", "prerender",
	"lighthouse", "pagespeed", "webpagetest", "ptst/", "gtmetrix",
	"pingdom", "uptime", "statuscake", "site24x7", "synthetic", "monitor",
	"fetcher", "scraper", "archiver", "validator", "linkcheck", "ahrefs", "python", "curl/",
}

// isBot reports whether a header comes from a program rather than a person's browser. Every browser that can run the script starts
// alike; scripts and libraries that do not bother to pretend do not.
func isBot(ua string) bool {
	const opening, shortest = "Mozilla/5.0 (", 20
	if len(ua) < shortest || !strings.HasPrefix(ua, opening) {
		return true
	}
	lower := strings.ReplaceAll(strings.ToLower(ua), "cubot", "") // a make of telephones
	for _, word := range botWords {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return false
}

package wire

import (
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"

	"lobby/internal/jsonio"
)

// HTML returns a text that people write for each other, as HTML which harms nobody who reads it: tags that format, links
// and pictures stay, and everything else goes. A text without tags becomes paragraphs.
func HTML(o *jsonio.Object, name string) jsonio.Opt[string] {
	text := o.Text(name)
	if given, ok := text.Value(); ok {
		return jsonio.Some(cleanHTML(given))
	}
	return text
}

// harmless are the tags that stay.
var harmless = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code",
		"b", "strong", "i", "em", "u", "s", "sub", "sup", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	return p
}()

// block is how HTML begins that needs no paragraph around it.
var block = regexp.MustCompile(`^<(p|h[1-6r]|ul|ol|blockquote|pre|table)\b`)

// paragraphs end where a line is left blank.
var paragraphs = regexp.MustCompile(`\n\s*\n\s*`)

// cleanHTML is "" when nothing is left to read.
func cleanHTML(text string) string {
	html := strings.TrimSpace(harmless.Sanitize(strings.ReplaceAll(text, "\r\n", "\n")))
	switch {
	case html == "" || block.MatchString(html):
		return html
	case strings.Contains(html, "<"):
		return "<p>" + html + "</p>"
	}
	html = paragraphs.ReplaceAllString(html, "</p><p>")
	return "<p>" + strings.ReplaceAll(html, "\n", "<br>") + "</p>"
}

package wire

import (
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"

	"lobby/internal/jsonio"
)

// HTML returns a text member, such as the body of a note, as HTML that is safe to show. Formatting, links and pictures
// stay, and everything else is removed. A text without tags becomes paragraphs.
func HTML(o *jsonio.Object, name string) jsonio.Opt[string] {
	text := o.Text(name)
	if given, ok := text.Value(); ok {
		return jsonio.Some(cleanHTML(given))
	}
	return text
}

// sanitizer keeps formatting, links and pictures.
var sanitizer = func() *bluemonday.Policy {
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

// block matches HTML that begins with a block element and therefore needs no paragraph around it.
var block = regexp.MustCompile(`^<(p|h[1-6r]|ul|ol|blockquote|pre|table)\b`)

// paragraphs matches the blank lines between paragraphs.
var paragraphs = regexp.MustCompile(`\n\s*\n\s*`)

// cleanHTML returns the safe form of a text; "" when nothing is left of it.
func cleanHTML(text string) string {
	html := strings.TrimSpace(sanitizer.Sanitize(strings.ReplaceAll(text, "\r\n", "\n")))
	switch {
	case html == "" || block.MatchString(html):
		return html
	case strings.Contains(html, "<"):
		return "<p>" + html + "</p>"
	}
	html = paragraphs.ReplaceAllString(html, "</p><p>")
	return "<p>" + strings.ReplaceAll(html, "\n", "<br>") + "</p>"
}

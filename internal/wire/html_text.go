package wire

import (
	"html"
	"regexp"
	"strings"
)

// blankLines is more than one line end in a row.
var blankLines = regexp.MustCompile(`\n{3,}`)

// HTMLText returns a text, in which markup means nothing, as HTML: a blank line parts paragraphs, and a single line feed is
// a line break.
func HTMLText(text string) string { return CleanHTML(html.EscapeString(text)) }

// PlainText returns what a reader sees of HTML that [HTML] or [HTMLText] returned: paragraphs are parted by a blank line,
// and the address of a link follows it in brackets.
func PlainText(text string) string {
	s := htmlScanner{text: text}
	var b strings.Builder
	link := ""
	for t, more := s.next(); more; t, more = s.next() {
		switch {
		case t.name == "":
			b.WriteString(t.text)
		case t.name == "br":
			b.WriteByte('\n')
		case t.name == "a" && !t.isEnd:
			link = t.attributes["href"]
		case t.name == "a" && link != "":
			b.WriteString(" (" + link + ")")
			link = ""
		case t.name == "img":
			b.WriteString(t.attributes["alt"])
		case t.name == "li" && t.isEnd, t.name == "tr" && t.isEnd:
			b.WriteByte('\n')
		case t.isEnd && (blockTags[t.name] || t.name == "ul" || t.name == "ol" || t.name == "table"):
			b.WriteString("\n\n")
		}
	}
	return strings.TrimSpace(blankLines.ReplaceAllString(b.String(), "\n\n"))
}

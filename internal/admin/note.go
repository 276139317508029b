package admin

import (
	"html"
	"strings"
)

// noteHTML returns a text as the HTML in which notes are kept: a paragraph for each block of lines.
func noteHTML(text string) string {
	if text == "" {
		return ""
	}
	var out strings.Builder
	for block := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if block = strings.Trim(block, "\n"); block != "" {
			out.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(block), "\n", "<br>\n") + "</p>")
		}
	}
	return out.String()
}

// maxNoteText is how much of a note a page shows, in bytes.
const maxNoteText = 2000

// plainText returns what there is to read in HTML. Whatever comes out is a text: a page escapes it again.
func plainText(body string) string {
	var out strings.Builder
	for body != "" {
		text, rest, isTag := strings.Cut(body, "<")
		out.WriteString(html.UnescapeString(text))
		if !isTag {
			break
		}
		tag, after, closed := strings.Cut(rest, ">")
		if !closed {
			break
		}
		switch name := strings.ToLower(strings.TrimRight(strings.Fields(tag + " x")[0], "/")); name {
		case "br", "/p", "/div", "/li", "/h1", "/h2", "/h3", "/pre", "/tr":
			out.WriteString("\n")
			after = strings.TrimPrefix(after, "\n")
		}
		body = after
	}
	return clipped(strings.TrimSpace(out.String()), maxNoteText)
}

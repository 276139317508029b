package wire

import (
	"net/url"
	"strings"

	"github.com/microcosm-cc/bluemonday"

	"lobby/internal/jsonio"
)

// HTML returns a text member, such as the body of a note, as HTML that is safe to show: tags that format, links and
// pictures stay, other tags go, and all that is there to read stays. It is balanced, and made of paragraphs and other
// blocks, whatever mail client, editor or program the text comes from.
func HTML(o *jsonio.Object, name string) jsonio.Opt[string] {
	text := o.Text(name)
	if given, ok := text.Value(); ok {
		return jsonio.Some(CleanHTML(given))
	}
	return text
}

// sanitizer keeps formatting, links and pictures. htmlBuilder writes no other tags; this is what guarantees it.
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

// CleanHTML returns the safe form of a text; "" when nothing is left of it.
func CleanHTML(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	s := newHTMLScanner(text)
	b := htmlBuilder{isDocument: s.isDocument, maxFormatted: 8*len(text) + 4096}
	for token, more := s.next(); more; token, more = s.next() {
		b.add(token)
	}
	return sanitizer.Sanitize(b.end())
}

// usableURL writes an address as a link needs it: without line ends, and with blanks and whatever else an address cannot
// have percent-encoded. It is "" for what the sanitizer would not take: an address without a host, or of another scheme.
func usableURL(address string) string {
	address = strings.TrimSpace(strings.NewReplacer("\n", "", "\t", "").Replace(address))
	lower := strings.ToLower(address)
	switch {
	case strings.HasPrefix(lower, "www."):
		address = "http://" + address
	case strings.HasPrefix(lower, "//"):
		address = "https:" + address
	case !hasPrefixOf(lower, "http://", "https://", "mailto:", "tel:"):
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(address); i++ {
		switch c := address[i]; {
		case c <= ' ', c == 0x7f, strings.IndexByte("\"<>\\^`{|}", c) >= 0,
			c == '%' && (i+2 >= len(address) || !isHex(address[i+1]) || !isHex(address[i+2])):
			const digits = "0123456789ABCDEF"
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		default:
			b.WriteByte(c)
		}
	}
	parsed, err := url.Parse(b.String())
	if err != nil || parsed.Host == "" && parsed.Opaque == "" {
		return ""
	}
	return b.String()
}

func hasPrefixOf(text string, prefixes ...string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

package wire

import (
	"html"
	"regexp"
	"strings"

	htmltoken "golang.org/x/net/html"
)

// htmlToken is a piece of a text: what is read, or a tag.
type htmlToken struct {
	// text is what is read, without entities; name is the tag's in small letters, and "" for text.
	text, name string
	isEnd      bool
	attributes map[string]string // only of the tags that need some
}

// htmlScanner takes a text apart. What looks like a tag to a browser but is none of HTML is text, because people write
// "Ann <ann@example.com>", "a<b and c>d" and "List<String>", and so is what would swallow the rest of the text: a tag, a
// comment or a script without an end.
type htmlScanner struct {
	text string
	at   int
	// isDocument says that it is a whole HTML document, whose title is not part of what is read.
	isDocument bool
	// wasted counts the bytes that were looked at for an end that was not there.
	wasted int
}

// newHTMLScanner returns the scanner of a text.
func newHTMLScanner(text string) *htmlScanner {
	return &htmlScanner{text: text, isDocument: hasAnyTag(text, "html", "head", "body", "!doctype")}
}

// maxWaste is how often, on average, each byte of a text is looked at for ends that are not there. What is hostile enough
// to need more has no tags from then on.
const maxWaste = 16

// next returns the next token, and false at the end.
func (s *htmlScanner) next() (htmlToken, bool) {
	for s.at < len(s.text) {
		rest := s.text[s.at:]
		if rest[0] != '<' || s.wasted > maxWaste*len(s.text) {
			return s.read(rest), true
		}
		if length := s.comment(rest); length > 0 {
			s.at += length
			continue
		}
		token, length := s.tag(rest)
		switch {
		case length == 0:
			return s.read(rest), true
		case token.name == "": // of a foreign namespace
			s.at += length
			continue
		case !token.isEnd && (unread[token.name] || token.name == "title" && s.isDocument):
			end := indexEndTag(rest, token.name)
			if end < 0 {
				s.wasted += len(rest)
				return s.read(rest), true
			}
			s.at += end
			continue
		}
		s.at += length
		return token, true
	}
	return htmlToken{}, false
}

// read returns the text up to the next bracket, which the first character may be, too.
func (s *htmlScanner) read(rest string) htmlToken {
	end := strings.IndexByte(rest[1:], '<') + 1
	if end == 0 {
		end = len(rest)
	}
	s.at += end
	return htmlToken{text: entity.ReplaceAllStringFunc(rest[:end], html.UnescapeString)}
}

// entity has its semicolon: in an address, "&copy=1" is what it says.
var entity = regexp.MustCompile(`&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)

// comment returns how long the comment is that a text begins with, 0 if there is none. The conditions of Outlook are
// comments, and so are declarations.
func (s *htmlScanner) comment(text string) int {
	open, end := "", ""
	switch {
	case strings.HasPrefix(text, "<!-->"):
		return len("<!-->")
	case strings.HasPrefix(text, "<!--"):
		open, end = "<!--", "-->"
	case strings.HasPrefix(text, "<![CDATA["):
		return len("<![CDATA[") // its content is read
	case strings.HasPrefix(text, "<!["), len(text) > 9 && strings.EqualFold(text[:9], "<!doctype"):
		open, end = "<!", ">"
	case strings.HasPrefix(text, "<?xml"):
		open, end = "<?", ">"
	default:
		return 0
	}
	length := strings.Index(text[len(open):], end)
	if length < 0 {
		s.wasted += len(text)
		return 0
	}
	return len(open) + length + len(end)
}

var (
	tagName   = regexp.MustCompile(`^</?([A-Za-z][A-Za-z0-9]*)(:[A-Za-z][A-Za-z0-9]*)?(?:[\s/>]|$)`)
	attribute = regexp.MustCompile(`^[\s/"']*([A-Za-z_:@][-A-Za-z0-9_:.@]*)\s*(=\s*(?:"[^"]*"|'[^']*'|[^\s"'>][^\s>]*)?)?`)
	tagEnd    = regexp.MustCompile(`^[\s/"']*>`)
)

// tag returns the tag that a text begins with and its length; 0 if it does not begin with one.
func (s *htmlScanner) tag(text string) (htmlToken, int) {
	found := tagName.FindStringSubmatch(text[:min(len(text), 64)])
	if found == nil {
		return htmlToken{}, 0
	}
	name, isForeign := strings.ToLower(found[1]), found[2] != ""
	if isForeign && !namespaces[name] || !isForeign && !elements[name] {
		return htmlToken{}, 0
	}
	length := strings.Index(text, found[1]) + len(found[1]) + len(found[2])
	for {
		if end := tagEnd.FindString(text[length:]); end != "" {
			length += len(end)
			break
		}
		at := attribute.FindStringSubmatch(text[length:])
		if at == nil || at[2] == "" && !standsAlone(at[1]) {
			s.wasted += length
			return htmlToken{}, 0
		}
		length += len(at[0])
	}
	if isForeign {
		return htmlToken{}, length
	}
	token := htmlToken{name: name, isEnd: text[1] == '/'}
	if !token.isEnd && (name == "a" || name == "img" || name == "b") {
		token.attributes = attributesOf(text[:length])
	}
	return token, length
}

// attributesOf returns the attributes of a tag.
func attributesOf(tag string) map[string]string {
	all := map[string]string{}
	t := htmltoken.NewTokenizer(strings.NewReader(tag))
	t.Next()
	for _, a := range t.Token().Attr {
		if _, twice := all[a.Key]; !twice {
			all[a.Key] = a.Val
		}
	}
	return all
}

// standsAlone reports whether an attribute may have no value. Few have none, and most words are no attributes.
func standsAlone(name string) bool {
	return strings.Contains(name, "-") || lonely[strings.ToLower(name)]
}

// indexEndTag returns where the text goes on after the end tag of a name, or -1.
func indexEndTag(text, name string) int {
	for at := 0; ; {
		next := strings.Index(text[at:], "</")
		if next < 0 {
			return -1
		}
		at += next + 2
		if len(text)-at > len(name) && strings.EqualFold(text[at:at+len(name)], name) {
			if end := strings.IndexByte(text[at:], '>'); end >= 0 {
				return at + end + 1
			}
		}
	}
}

// hasAnyTag reports whether a text has the beginning of one of these tags.
func hasAnyTag(text string, names ...string) bool {
	for at := strings.IndexByte(text, '<'); at >= 0; {
		for _, name := range names {
			if end := at + 1 + len(name); end < len(text) && strings.EqualFold(text[at+1:end], name) && strings.IndexByte(" \n\t>", text[end]) >= 0 {
				return true
			}
		}
		next := strings.IndexByte(text[at+1:], '<')
		if next < 0 {
			return false
		}
		at += next + 1
	}
	return false
}

func setOf(words string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		all[word] = true
	}
	return all
}

var (
	// elements are those of HTML, past ones included.
	elements = setOf(`a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br button
		canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption
		figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins isindex kbd label
		legend li link listing main map mark marquee math menu meta meter nav nobr noembed noframes noscript object ol optgroup option
		output p param picture pre progress q rp rt ruby s samp script search section select slot small source span strike strong style
		sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp`)
	// unread are those whose content a browser does not show.
	unread = setOf(`script style template iframe`)
	// namespaces are those of the tags that office programs write.
	namespaces = setOf(`o v w m x p a c st1 st2 u1 dt fb`)
	lonely     = setOf(`allowfullscreen alt async autofocus autoplay checked class compact contenteditable controls default defer dir disabled
		download draggable hidden href id inert ismap itemscope lang loop multiple muted name nohref noshade novalidate nowrap open
		playsinline readonly required reversed selected src style title target value`)
)

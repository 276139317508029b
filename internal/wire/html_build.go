package wire

import (
	"html"
	"slices"
	"strings"
	"unicode"
)

// htmlBuilder makes balanced HTML of tokens. A container (a list, a quotation, a table) holds blocks; a block (a paragraph,
// a heading) holds text. Each is written when there is something to read in it, so that none is empty, and formats that
// begin in one block and end in another are written in both.
type htmlBuilder struct {
	out        []byte
	isDocument bool
	// maxFormatted is how long the result may grow before formats are left out: they are written once for each block.
	maxFormatted int

	containers []htmlContainer
	divs       int // blocks without a form of their own that are open
	// wanted is the tag of the block that was asked for, "" for none; block is that which is open, "" for none, and inline
	// for text that stands in a container without a block.
	wanted, block string

	formats []htmlFormat // those that count for what follows
	written int          // so many of them are written in the open block

	space                bool   // there is white space before what follows
	blank                string // characters without ink before what follows, at the beginning of a block
	breaks               int    // line breaks before what follows
	lineFeed, afterBreak bool
	hadBreak             bool // there was any, in the whole text
}

// htmlContainer is a list, one of its items, a quotation, a table or a part of one.
type htmlContainer struct {
	tag        string
	isOpen     bool // it is written
	endsInText bool // the last thing in it is text without a block
}

// htmlFormat is a tag around text.
type htmlFormat struct{ tag, attribute string }

const inline = "-"

// formatTags are the formats that stay, by the tags that mean them.
var formatTags = map[string]string{
	"b": "b", "strong": "strong", "i": "i", "em": "em", "cite": "i", "dfn": "i", "var": "i", "u": "u", "ins": "u", "s": "s", "strike": "s", "del": "s",
	"sub": "sub", "sup": "sup", "code": "code", "kbd": "code", "samp": "code", "tt": "code",
}

var (
	containerTags = setOf(`ul ol li blockquote table thead tbody tr td th`)
	blockTags     = setOf(`p h1 h2 h3 h4 h5 h6 pre`)
	// divTags separate what is in them from what is around them.
	divTags = setOf(`address article aside body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form frameset
		head header hgroup html legend main menu nav optgroup option search section select summary textarea title`)
	// renamed are tags that stand for others.
	renamed = map[string]string{"tfoot": "tbody", "dir": "ul", "menu": "ul", "xmp": "pre", "listing": "pre"}
)

// add takes the next token.
func (b *htmlBuilder) add(t htmlToken) {
	if other, is := renamed[t.name]; is {
		t.name = other
	}
	switch {
	case t.name == "":
		b.text(t.text)
	case t.name == "br":
		b.lineBreak()
	case t.name == "hr" && !t.isEnd:
		b.endBlock()
		b.openContainers()
		b.write("<hr>")
	case t.name == "img" && !t.isEnd:
		b.picture(t.attributes)
	case t.name == "a" || formatTags[t.name] != "":
		b.format(t)
	case containerTags[t.name]:
		b.endBlock()
		b.wanted = ""
		b.container(t)
	case blockTags[t.name]:
		b.endBlock()
		b.wanted = t.name
		if t.isEnd {
			b.wanted = ""
		}
	case divTags[t.name]:
		b.endBlock()
		if t.isEnd {
			b.divs = max(b.divs-1, 0)
		} else {
			b.divs++
		}
	}
}

// end returns what was made.
func (b *htmlBuilder) end() string {
	b.endBlock()
	b.leave(0)
	if len(b.out) == 0 && b.hadBreak {
		return "<p><br></p>"
	}
	return string(b.out)
}

func (b *htmlBuilder) write(text string) { b.out = append(b.out, text...) }

// text adds what is read.
func (b *htmlBuilder) text(text string) {
	if b.wanted == "pre" {
		b.preformatted(text)
		return
	}
	isLoose := b.wanted == "" && len(b.containers) == 0 && b.divs == 0 && !b.isDocument
	for text != "" {
		blanks := len(text) - len(strings.TrimLeft(text, " \t\n\f"))
		b.whiteSpace(text[:blanks], isLoose)
		text = text[blanks:]
		word := len(text)
		if end := strings.IndexAny(text, " \t\n\f"); end >= 0 {
			word = end
		}
		if word > 0 {
			b.word(text[:word])
		}
		text = text[word:]
	}
}

// whiteSpace adds blanks and line feeds. In a text without blocks, line feeds are what they are in a letter: one begins a
// line, more begin a paragraph.
func (b *htmlBuilder) whiteSpace(blanks string, isLoose bool) {
	feeds := strings.Count(blanks, "\n")
	switch {
	case blanks == "":
	case isLoose && feeds > 1:
		b.endBlock()
	case isLoose && feeds == 1:
		b.lineFeed = !b.afterBreak
	}
	b.space = b.space || blanks != ""
}

// word adds characters without white space.
func (b *htmlBuilder) word(word string) {
	if b.block == "" && strings.IndexFunc(word, hasInk) < 0 {
		if b.blank != "" && b.space {
			word = " " + word
		}
		b.blank += word
		return
	}
	blank := b.blank
	b.begin()
	b.write(html.EscapeString(blank + word))
}

func hasInk(r rune) bool {
	switch r {
	case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad':
		return false
	}
	return !unicode.IsSpace(r)
}

// preformatted adds text whose white space counts.
func (b *htmlBuilder) preformatted(text string) {
	if b.block == "" {
		text = b.blank + text
		if b.blank = ""; strings.TrimSpace(text) == "" {
			b.blank = strings.TrimLeft(text, "\n")
			return
		}
		text = strings.TrimLeft(text, "\n")
	}
	b.begin()
	b.write(html.EscapeString(text))
}

func (b *htmlBuilder) lineBreak() {
	b.hadBreak = true
	if b.block == "pre" {
		b.write("\n")
		return
	}
	b.breaks++
	b.lineFeed, b.afterBreak = false, true
}

// begin writes what has to stand before something to read: containers, block, breaks and formats.
func (b *htmlBuilder) begin() {
	if b.block == "" {
		b.openContainers()
		b.beginBlock()
	} else if b.block != "pre" {
		if b.lineFeed {
			b.breaks = 1
		}
		b.write(strings.Repeat("<br>", b.breaks))
		if b.space && b.breaks == 0 {
			b.write(" ")
		}
	}
	b.space, b.blank, b.breaks, b.lineFeed, b.afterBreak = false, "", 0, false, false
	for _, f := range b.formats[b.written:] {
		if len(b.out) > b.maxFormatted {
			break
		}
		b.write("<" + f.tag + f.attribute + ">")
		b.written++
	}
}

func (b *htmlBuilder) beginBlock() {
	last := len(b.containers) - 1
	switch {
	case b.wanted != "":
		b.block = b.wanted
	case last >= 0 && (b.containers[last].tag == "li" || b.containers[last].tag == "td" || b.containers[last].tag == "th"):
		b.block = inline
		if b.containers[last].endsInText {
			b.write("<br>")
		}
	default:
		b.block = "p"
	}
	if last >= 0 {
		b.containers[last].endsInText = b.block == inline
	}
	if b.block != inline {
		b.write("<" + b.block + ">")
	}
}

// endBlock ends the open block, if there is one.
func (b *htmlBuilder) endBlock() {
	b.closeFormats(0)
	if b.block != "" && b.block != inline {
		b.write("</" + b.block + ">")
	}
	b.block, b.space, b.blank, b.breaks, b.lineFeed, b.afterBreak = "", false, "", 0, false, false
}

// closeFormats closes the written formats but for the first so many.
func (b *htmlBuilder) closeFormats(but int) {
	for ; b.written > but; b.written-- {
		b.write("</" + b.formats[b.written-1].tag + ">")
	}
}

// format begins or ends a format. One within the same adds nothing.
func (b *htmlBuilder) format(t htmlToken) {
	tag := t.name
	if tag != "a" {
		tag = formatTags[tag]
	}
	at := slices.IndexFunc(b.formats, func(f htmlFormat) bool { return f.tag == tag })
	if at >= 0 && (t.isEnd || tag == "a") {
		b.closeFormats(min(at, b.written))
		b.formats = slices.Delete(b.formats, at, at+1)
		at = -1
	}
	style := strings.ReplaceAll(t.attributes["style"], " ", "")
	if t.isEnd || at >= 0 || tag == "b" && strings.Contains(style, "font-weight:normal") { // which Google Docs puts around everything
		return
	}
	f := htmlFormat{tag: tag}
	if tag == "a" {
		address := usableURL(t.attributes["href"])
		if address == "" {
			return
		}
		f.attribute = ` href="` + html.EscapeString(address) + `"`
	}
	b.formats = append(b.formats, f)
}

// picture adds an image, or what is to be read where it cannot be shown.
func (b *htmlBuilder) picture(attributes map[string]string) {
	address, alt := usableURL(attributes["src"]), strings.Join(strings.Fields(attributes["alt"]), " ")
	if address == "" {
		if alt != "" {
			b.word(alt)
		}
		return
	}
	b.begin()
	b.write(`<img src="` + html.EscapeString(address) + `"`)
	if alt != "" {
		b.write(` alt="` + html.EscapeString(alt) + `"`)
	}
	b.write(">")
}

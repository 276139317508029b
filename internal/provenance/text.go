package provenance

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
)

// The text of origins is a group for each source, separated by spaces. A group has a letter for the kind, the time in base
// 36, a colon and the id in base64 where there is one, "=", and the fields, separated by commas:
//
//	bt3k9x0=* at3kfqz:ZWZnaGlqa2xtbm9w=.plan,e
//
// The field "*" stands for all without a source of their own, and comes first. A source that nobody knows is "?". It is
// written only where it is not that of all other fields.
const (
	everything = "*"
	unknown    = "?"
)

// kinds are the kinds of sources, in the words of [workspace.Actor], by their letters.
var kinds = map[byte]string{
	'a': "token", 'b': "browser", 'c': "command", 'i': "import", 'l': "login", 'm': "mail",
}

var letters = inverted(kinds)

// shortNames are short for the fields that are written most. Other fields are written as they are called.
var shortNames = map[string]string{
	"external_id": "x", "email": "e", "phone": "p", "name": "n", "avatar": "a", "owner_id": "o", "language_override": "l",
	"signed_up_at": "s", "unsubscribed_from_emails": "u", "browser": "b", "browser_version": "v", "browser_language": "g",
	"os": "y", "location": "L", "campaign": "C",
}

var fullNames = inverted(shortNames)

// customPrefix leads the names of custom attributes; a dot is short for it.
const customPrefix = "custom_attributes."

// escaped writes names of custom attributes, which may have any character, and unescaped reads them.
var (
	escaped   = strings.NewReplacer("%", "%25", " ", "%20", ",", "%2C")
	unescaped = strings.NewReplacer("%25", "%", "%20", " ", "%2C", ",")
)

func inverted[K, V comparable](m map[K]V) map[V]K {
	all := make(map[V]K, len(m))
	for k, v := range m {
		all[v] = k
	}
	return all
}

// idBytes is the length of an id in the form of the public API, which writes it in hexadecimal digits.
const idBytes = 12

// text returns the source as it stands in origins.
func (s Source) text() string {
	if letters[s.Kind] == 0 || s.At <= 0 {
		return unknown
	}
	var buf [32]byte
	text := strconv.AppendInt(append(buf[:0], letters[s.Kind]), s.At, 36)
	var id [idBytes]byte
	if len(s.ID) == 2*idBytes {
		if _, err := hex.Decode(id[:], []byte(s.ID)); err == nil {
			text = base64.RawURLEncoding.AppendEncode(append(text, ':'), id[:])
		}
	}
	return string(text)
}

// read returns the source that a text stands for; the zero Source for another text.
func read(text string) (s Source) {
	if text == "" || kinds[text[0]] == "" {
		return Source{}
	}
	digits, id, _ := strings.Cut(text[1:], ":")
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil || len(raw) != 0 && len(raw) != idBytes {
		return Source{}
	}
	at, err := strconv.ParseInt(digits, 36, 64)
	if err != nil || at <= 0 {
		return Source{}
	}
	return Source{Kind: kinds[text[0]], ID: hex.EncodeToString(raw), At: at}
}

// codeOf returns a field as it stands in origins, and fieldOf the field for which a code stands.
func codeOf(field string) string {
	if short := shortNames[field]; short != "" {
		return short
	}
	if custom, is := strings.CutPrefix(field, customPrefix); is {
		return customCode(custom)
	}
	return field
}

func customCode(attribute string) string { return "." + escaped.Replace(attribute) }

func fieldOf(code string) string {
	if full := fullNames[code]; full != "" {
		return full
	}
	if custom, is := strings.CutPrefix(code, "."); is {
		return customPrefix + unescaped.Replace(custom)
	}
	return code
}

// groups appends the groups of the text, without what has not the form of one.
func (o Origins) groups(all []group) []group {
	for text := range strings.SplitSeq(string(o), " ") {
		source, fields, _ := strings.Cut(text, "=")
		if source != "" && fields != "" {
			all = append(all, group{source, fields})
		}
	}
	return all
}

func write(groups []group) Origins {
	var buf [128]byte
	text := buf[:0]
	for i, g := range groups {
		if i > 0 {
			text = append(text, ' ')
		}
		text = append(append(append(text, g.source...), '='), g.fields...)
	}
	return Origins(text)
}

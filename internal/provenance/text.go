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
//	bt3k9x0=* at3kfqz:ZWZnaGlqa2xtbm9w=e,.plan
//
// An unknown source is "?". It is written only where it is not that of all other fields.

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

// idDigits is the length of an id in the form of the public API.
const idDigits = 24

// known returns the source as it is kept; the zero Source for one of an unknown kind.
func (s Source) known() Source {
	if letters[s.Kind] == 0 || s.At <= 0 {
		return Source{}
	}
	if _, err := hex.DecodeString(s.ID); len(s.ID) != idDigits || err != nil || strings.ToLower(s.ID) != s.ID {
		s.ID = ""
	}
	return s
}

func (s Source) append(buf []byte) []byte {
	if s == (Source{}) {
		return append(buf, '?')
	}
	buf = strconv.AppendInt(append(buf, letters[s.Kind]), s.At, 36)
	if s.ID == "" {
		return buf
	}
	id, _ := hex.DecodeString(s.ID)
	return base64.RawURLEncoding.AppendEncode(append(buf, ':'), id)
}

// readSource reads what append wrote, and reports whether it is that.
func readSource(text string) (s Source, ok bool) {
	if text == "?" {
		return s, true
	}
	if text == "" || kinds[text[0]] == "" {
		return s, false
	}
	s.Kind = kinds[text[0]]
	at, id, _ := strings.Cut(text[1:], ":")
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		return s, false
	}
	s.ID = hex.EncodeToString(raw)
	s.At, err = strconv.ParseInt(at, 36, 64)
	return s, err == nil && s == s.known()
}

func write(groups []group) Origins {
	inOrder(groups)
	buf := make([]byte, 0, 64)
	for i, g := range groups {
		if i > 0 {
			buf = append(buf, ' ')
		}
		buf = append(g.source.append(buf), '=')
		for j, field := range g.fields {
			if j > 0 {
				buf = append(buf, ',')
			}
			buf = appendField(buf, field)
		}
	}
	return Origins(buf)
}

func appendField(buf []byte, field string) []byte {
	if short := shortNames[field]; short != "" {
		return append(buf, short...)
	}
	if custom, is := strings.CutPrefix(field, customPrefix); is {
		return append(append(buf, '.'), escaped.Replace(custom)...)
	}
	return append(buf, field...)
}

func readField(text string) string {
	if full := fullNames[text]; full != "" {
		return full
	}
	if custom, is := strings.CutPrefix(text, "."); is {
		return customPrefix + unescaped.Replace(custom)
	}
	return text
}

// groups reads the text. It leaves out what has not the form, so that a text that something else wrote is no origin.
func (o Origins) groups() (all []group) {
	for text := range strings.SplitSeq(string(o), " ") {
		source, fields, _ := strings.Cut(text, "=")
		s, ok := readSource(source)
		if !ok || fields == "" {
			continue
		}
		g := group{source: s, fields: make([]string, 0, strings.Count(fields, ",")+1)}
		for field := range strings.SplitSeq(fields, ",") {
			g.fields = append(g.fields, readField(field))
		}
		all = append(all, g)
	}
	return all
}

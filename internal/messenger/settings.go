package messenger

import (
	"encoding/json"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lobby/internal/people"
	"lobby/internal/search"
)

// settings are the object that a page passes to boot and update, as its script sends it: known names, and custom attributes
// beside them.
type settings map[string]any

const (
	maxText       = 255  // characters
	maxURL        = 2048 // bytes
	maxAttributes = 100  // in one call
)

// text returns a string or a number as text. It returns "" for everything that means unknown, also for "undefined" and
// "null", which careless pages send.
func (s settings) text(name string) string {
	var text string
	switch v := s[name].(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
	}
	if isUnknown(text) {
		return ""
	}
	return text
}

func isUnknown(text string) bool { return text == "" || text == "undefined" || text == "null" }

// milliseconds returns a positive whole number, or 0. A string counts as none.
func (s settings) milliseconds(name string) int64 {
	n, _ := s[name].(json.Number)
	return number(n.String())
}

// change returns the new value of a field: nil leaves it, a pointer to "" clears it.
func (s statement) change(name string) *string {
	v, given := s.settings[name]
	if given && v == nil {
		return new(string)
	}
	text := s.text(name)
	switch v.(type) {
	case nil, string, json.Number:
	default:
		s.leaveOut(name, "must be a text")
	}
	if text = s.fit(name, text); text == "" {
		return nil
	}
	return &text
}

// fit returns a text as the database can keep it.
func (s statement) fit(name, text string) string {
	if utf8.RuneCountInString(text) > maxText {
		s.leaveOut(name, "is cut to 255 characters")
	}
	return clean(text)
}

// avatar returns the address of a picture, which must be one that browsers load on a page with TLS. Nil leaves the one that
// is there, a pointer to "" clears it.
func (s statement) avatar() *string {
	v, given := s.settings["avatar"]
	if object, ok := v.(map[string]any); ok {
		v, given = object["image_url"]
	}
	picture, isText := v.(string)
	switch {
	case given && v == nil:
		return new(string)
	case !given || isText && isUnknown(picture):
		return nil
	}
	u, err := url.Parse(picture)
	if err != nil || u.Scheme != "https" || u.Host == "" || len(picture) > maxURL {
		s.leaveOut("avatar", "must have an image_url that begins with https and has at most 2048 bytes")
		return nil
	}
	return &picture
}

// flag returns a boolean, or Unknown where nothing is said or understood.
func (s statement) flag(name string) people.Maybe {
	switch v := s.settings[name]; v {
	case true, "true", "1", json.Number("1"):
		return people.Yes
	case false, "false", "0", json.Number("0"):
		return people.No
	case nil, "", "undefined", "null":
	default:
		s.leaveOut(name, "must be true or false")
	}
	return people.Unknown
}

// time returns a Unix second, or nil where nothing is said or understood.
func (s statement) time(name string) *int64 {
	switch s.settings[name] {
	case nil, "", "undefined", "null":
		return nil
	}
	text, isText := s.settings[name].(string)
	if n, isNumber := s.settings[name].(json.Number); isNumber {
		text, isText = n.String(), true
	}
	at, ok := search.PageTime(search.TextValue(text))
	if !isText || !ok {
		s.leaveOut(name, "must be a time in Unix seconds or as ISO 8601 has it, between 1970 and 2038")
		return nil
	}
	return &at
}

// firstTime returns the time under the first of several names that has one.
func (s statement) firstTime(names ...string) *int64 {
	var first *int64
	for _, name := range names {
		if at := s.time(name); first == nil {
			first = at
		}
	}
	return first
}

// whole returns a whole number, or nil where nothing is said or understood. It cuts off decimals.
func (s statement) whole(name string) *int64 {
	switch s.settings[name] {
	case nil, "", "undefined", "null":
		return nil
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(s.text(name)), 64)
	if err != nil || !(f > math.MinInt32 && f < math.MaxInt32) {
		s.leaveOut(name, "must be a number that fits 32 bits")
		return nil
	}
	n := int64(f)
	return &n
}

// attributes returns the custom attributes: plain values under names that the public API allows and that mean nothing
// else. Intercom has them beside the other settings; within custom_attributes they are understood, too.
func (s statement) attributes(words vocabulary) search.Attributes {
	all := settings{}
	switch nested := s.settings["custom_attributes"].(type) {
	case nil:
	case map[string]any:
		maps.Copy(all, nested)
	default:
		s.leaveOut("custom_attributes", "must be an object")
	}
	for name, v := range s.settings {
		if m := words[name]; m == custom || m == reserved {
			all[name] = v
		}
	}
	found := search.Attributes{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		switch {
		case words[name] == technical:
		case words[name] != custom:
			s.leaveOut(name, "has a meaning of its own and is no custom attribute; a page cannot say it")
		case !isName(name):
			s.leaveOut(name, "is no name that a custom attribute can have")
		case len(found) == maxAttributes:
			s.leaveOut(name, "is beyond the 100 custom attributes that fit")
		default:
			if v, ok := s.value(name, all[name]); ok {
				found[name] = v
			}
		}
	}
	return found
}

// isName reports whether a text may name an attribute or a key of an event's metadata.
func isName(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= maxText && !strings.ContainsAny(name, ".$\x00~`!@#%^&*'{}|\\\"")
}

// value returns a plain JSON value as an attribute has it, and whether it is one.
func (s statement) value(name string, v any) (search.Value, bool) {
	switch v := v.(type) {
	case nil:
		return search.NullValue(), true
	case bool:
		return search.BoolValue(v), true
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return search.IntValue(n), true
		}
		f, err := v.Float64()
		if err != nil {
			s.leaveOut(name, "is too large a number")
		}
		return search.FloatValue(f), err == nil
	case string:
		if isUnknown(v) {
			return search.Value{}, false
		}
		text := s.fit(name, v)
		return search.TextValue(text), text != ""
	}
	s.leaveOut(name, "must be a text, a number, true, false or null")
	return search.Value{}, false
}

// clean makes a text fit for the database: valid UTF-8, without NUL, and not too long.
func clean(text string) string {
	return cut(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", ""), maxText)
}

// cut returns at most so many characters of a text.
func cut(text string, characters int) string {
	for i := range text {
		if characters == 0 {
			return text[:i]
		}
		characters--
	}
	return text
}

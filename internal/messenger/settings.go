package messenger

import (
	"encoding/json"
	"net/url"
	"slices"
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

// reserved are the names that are no custom attributes: the configuration of Intercom's messenger, what wrappers leave
// behind, credentials, and the fields of every person.
var reserved = set(`
	app_id appId api_base region alignment custom_launcher_selector hide_default_launcher hide_notifications
	horizontal_padding vertical_padding z_index session_duration action_color background_color link_color theme_mode
	messenger_style_id installation_type widget auth_tokens updateOnRouterChange page_title cookie_consent
	supplied_email user_hash intercom_user_jwt
	anonymous_id user_id email created_at name phone last_request_at unsubscribed_from_emails language_override avatar
	utm_campaign utm_content utm_medium utm_source utm_term company companies`)

func set(words string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		all[word] = true
	}
	return all
}

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

// change returns the new value of a field: nil leaves it, a pointer to "" clears it.
func (s settings) change(name string) *string {
	if v, given := s[name]; given && v == nil {
		return new(string)
	}
	if text := clean(s.text(name)); text != "" {
		return &text
	}
	return nil
}

// avatar returns the address of a picture, which must be one that browsers load on a page with TLS, or nil.
func (s settings) avatar() *string {
	object, _ := s["avatar"].(map[string]any)
	picture := settings(object).text("image_url")
	u, err := url.Parse(picture)
	if err != nil || u.Scheme != "https" || u.Host == "" || len(picture) > maxURL {
		return nil
	}
	return &picture
}

// milliseconds returns a positive whole number, or 0. A string counts as none.
func (s settings) milliseconds(name string) int64 {
	n, _ := s[name].(json.Number)
	return number(n.String())
}

// flag returns a boolean, or Unknown for anything else.
func (s settings) flag(name string) people.Maybe {
	if b, ok := s[name].(bool); ok {
		return people.MaybeOf(b)
	}
	return people.Unknown
}

// attributes returns the custom attributes: plain values under names that the public API allows. Anything else is left out
// rather than refused.
func (s settings) attributes() search.Attributes {
	var names []string
	for name := range s {
		if !reserved[name] && isName(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	found := search.Attributes{}
	for _, name := range names[:min(len(names), maxAttributes)] {
		if v, ok := value(s[name]); ok {
			found[name] = v
		}
	}
	return found
}

// isName reports whether a text may name an attribute or a key of an event's metadata.
func isName(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= maxText && !strings.ContainsAny(name, ".$\x00~`!@#%^&*'{}|\\\"")
}

// value returns a plain JSON value as an attribute has it, and whether it is one.
func value(v any) (search.Value, bool) {
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
		return search.FloatValue(f), err == nil
	case string:
		text := clean(v)
		return search.TextValue(text), !isUnknown(text)
	}
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

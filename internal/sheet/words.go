package sheet

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Message says what there is to do where nothing is listed.
type Message struct {
	Title, Text string
	Next        *Step // nil for none
}

// Step is a link to what can be done next.
type Step struct{ Path, Word string }

// Moment is a time as a page shows it: short, and exact when one looks closer.
type Moment struct{ ISO, Short, Exact string }

// ago is how one would say when something was.
func ago(now, t time.Time) string {
	d := now.Sub(t)
	switch {
	case d < -time.Minute:
		return t.Format("2 Jan 2006, 15:04")
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return Counted(int(d/time.Minute), "minute") + " ago"
	case d < 24*time.Hour:
		return Counted(int(d/time.Hour), "hour") + " ago"
	case d < 7*24*time.Hour:
		return Counted(int(d/(24*time.Hour)), "day") + " ago"
	case t.Year() == now.Year():
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 2006")
}

// Counted returns a number with its noun.
func Counted(n int, noun string) string { return CountedAs(n, noun, noun+"s") }

// CountedAs is counted for a noun whose plural is another word.
func CountedAs(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Grouped(n) + " " + many
}

// Grouped writes a number with a comma before every three digits.
func Grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// NewMoment returns a Unix second in a time zone, as it is told at a time; nil for none.
func NewMoment(at int64, now time.Time, zone *time.Location) *Moment {
	if at == 0 {
		return nil
	}
	t := time.Unix(at, 0).In(zone)
	return &Moment{ISO: t.UTC().Format(time.RFC3339), Short: ago(now.In(zone), t), Exact: t.Format("Monday, 2 January 2006, 15:04:05 MST")}
}

// labels are the names of fields whose column does not say it in plain words.
var labels = map[string]string{
	"id": "Lobby's id", "anonymous_id": "Browser's id (user_id)", "external_id": "Your id (external_id)", "owner_id": "Owner",
	"unsubscribed_from_emails": "Unsubscribed from emails", "marked_email_as_spam": "Marked an email as spam", "has_hard_bounced": "Email bounced",
	"enabled_push_messaging": "Push messages", "created_at": "First seen", "updated_at": "Last changed", "signed_up_at": "Signed up",
	"last_seen_at": "Last seen", "last_replied_at": "Last replied", "last_contacted_at": "Last contacted",
	"last_email_opened_at": "Last opened an email", "last_email_clicked_at": "Last clicked in an email",
	"language_override": "Language (set by you)", "browser_language": "Language", "os": "Operating system", "location_city": "City", "location_region": "Region",
	"location_country": "Country", "location_country_code": "Country code", "location_continent_code": "Continent", "location_postal_code": "Postal code",
	"location_timezone": "Time zone", "utm_campaign": "UTM campaign", "utm_content": "UTM content", "utm_medium": "UTM medium",
	"utm_source": "UTM source", "utm_term": "UTM term", "do_not_track": "Asked not to be tracked", "session_count": "Sessions",
	"session_started_at": "This session began", "avatar": "Picture's address", "ios_os_version": "iOS version", "android_os_version": "Android version",
	"api_version": "API version", "merged_ids": "Ids of merged contacts", "timezone": "Time zone",
	"dnt_mode": "Do Not Track", "gpc_mode": "Global Privacy Control", "identity_web": "Proof of users, pages", "identity_ios": "Proof of users, iOS",
	"identity_android": "Proof of users, Android", "email_domain": "Email domain", "tag_id": "Tag", "segment_id": "Segment", "companies": "Companies", "subscriptions": "Subscriptions",
}

// Label returns what pages call a field.
func Label(name string) string {
	if known, ok := labels[name]; ok {
		return known
	}
	if custom, is := strings.CutPrefix(name, search.CustomPrefix); is {
		return custom
	}
	text := strings.ReplaceAll(strings.TrimSuffix(name, "_at"), "_", " ")
	if text == "" {
		return text
	}
	if device, is := strings.CutPrefix(text, "ios "); is {
		return "iOS " + device
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// Value is the value of a field as a page shows it: a time, or a text.
type Value struct {
	Text string
	Time *Moment
	Link string
}

// IsBlank reports whether there is nothing to show.
func (v Value) IsBlank() bool { return v.Text == "" && v.Time == nil }

// TextOf is a value in words; empty for none.
func TextOf(v search.Value) string {
	switch v.Kind() {
	case search.KindNull:
		return ""
	case search.KindBool:
		if v.Bool() {
			return "yes"
		}
		return "no"
	}
	return v.String()
}

type Fact struct {
	Label string
	Value
}

// Clipped returns the beginning of a text that is longer than max bytes.
func Clipped(text string, max int) string {
	if len(text) <= max {
		return text
	}
	return strings.ToValidUTF8(text[:max], "") + "…"
}

// TargetOf names a person to which something is attached.
func TargetOf(p *people.Person) people.Target {
	if p.Role == people.Visitor {
		return people.Target{VisitorID: p.ID}
	}
	return people.Target{ContactID: p.ID}
}

type Choice struct {
	Value, Word, Link string
	Chosen            bool
}

// ReadCursor reads where a page begins; nil for the first.
func ReadCursor(text string) (*search.Cursor, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	c := new(search.Cursor)
	if err != nil || json.Unmarshal(raw, c) != nil || !workspace.IsText(c.Key) || !workspace.IsID(c.ID) || c.Page < 2 || c.Page > 1<<24 || c.Total < 0 {
		return nil, ErrNotFound
	}
	return c, nil
}

func CursorText(c *search.Cursor) string {
	raw, _ := json.Marshal(c) // texts and numbers always can be
	return base64.RawURLEncoding.EncodeToString(raw)
}

const (
	// ListSize is how many people a page lists.
	ListSize = 50
	// MaxText is the length of a text to search for, in bytes.
	MaxText = 200
)

// NameOf is what a person is called: the first that is known.
func NameOf(p *people.Person) string {
	for _, name := range []string{p.Name, p.Email, p.Pseudonym, p.Phone, p.ExternalID} {
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
	}
	return RoleWords[p.Role] + " …" + p.ID[max(0, len(p.ID)-6):]
}

// RoleWords are the words of roles.
var RoleWords = map[people.Role]string{people.Visitor: "Visitor", people.Lead: "Lead", people.User: "User"}

// ErrNotFound says that there is no such page.
var ErrNotFound = errors.New("there is no such page")

// Sentence returns a text that begins with a capital and ends with a full stop.
func Sentence(text string) string {
	first := []rune(text)
	first[0] = unicode.ToUpper(first[0])
	return string(first) + "."
}

// Exact is a value as a text that does not depend on when it is shown.
func (v Value) Exact() string {
	if v.Time != nil {
		return v.Time.ISO
	}
	return v.Text
}

package display

import (
	"strings"

	"lobby/internal/search"
)

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

package people

import (
	"lobby/internal/provenance"
	"lobby/internal/search"
)

// Rule says what becomes of one field when a person is converted or merged. Convert and merge apply it, the journal records
// its outcome, and the store derives its columns from the same table.
type Rule int

// The rules. "Survivor" is the person that stays, "absorbed" the one that becomes a forwarding address.
const (
	// Own stays with each record: it describes the record, not the person.
	Own Rule = iota
	// Identifier: the survivor's stands, even when empty; an explicit value in the request may fill it.
	Identifier
	// Single: the survivor's value wins; where it has none, the absorbed person's value is adopted.
	Single
	// Campaign: the referrer and the UTM parameters, adopted as one set.
	Campaign
	// Place: the parts of a location, adopted as one set.
	Place
	// Later: the later of both times.
	Later
	// EmailFlag: the survivor's value, unless it adopts an email address and has no value of its own.
	EmailFlag
	// PerKey: custom attributes, each key like a Single.
	PerKey
	// Either: true when it is true for either of them.
	Either
	// Anonymous: counters of the anonymous life, which a contact does not show.
	Anonymous
)

// Field is one field of a [Person]: its column, whose name the journal uses too, and its rule.
type Field struct {
	search.Column[Person]
	Rule Rule
}

// Fields is the single table of all fields of a person, in the order in which the store keeps them. The workspace is not
// included: every key begins with it, and it never changes.
var Fields = []Field{
	{search.TextColumn("id", func(p *Person) *string { return &p.ID }), Own},
	{search.TextColumn("role", func(p *Person) *Role { return &p.Role }), Own},
	{search.TextColumn("state", func(p *Person) *State { return &p.State }), Own},
	{search.TextColumn("merged_into", func(p *Person) *string { return &p.MergedInto }), Own},
	{search.TextColumn("anonymous_id", func(p *Person) *string { return &p.AnonymousID }), Own},
	{search.TextColumn("external_id", func(p *Person) *string { return &p.ExternalID }), Identifier},
	{search.TextColumn("email", func(p *Person) *string { return &p.Email }), Identifier},
	{search.TextColumn("phone", func(p *Person) *string { return &p.Phone }), Single},
	{search.TextColumn("name", func(p *Person) *string { return &p.Name }), Single},
	{search.TextColumn("pseudonym", func(p *Person) *string { return &p.Pseudonym }), Own},
	{search.TextColumn("avatar", func(p *Person) *string { return &p.Avatar }), Single},
	{search.NumberColumn("owner_id", func(p *Person) *int64 { return &p.OwnerID }), Single},
	{search.FlagColumn("unsubscribed_from_emails", func(p *Person) *bool { return &p.UnsubscribedFromEmails }), EmailFlag},
	{search.FlagColumn("marked_email_as_spam", func(p *Person) *bool { return &p.MarkedEmailAsSpam }), EmailFlag},
	{search.FlagColumn("has_hard_bounced", func(p *Person) *bool { return &p.HasHardBounced }), EmailFlag},
	{maybeColumn("enabled_push_messaging", func(p *Person) *Maybe { return &p.EnabledPushMessaging }), Single},
	{search.NumberColumn("created_at", func(p *Person) *int64 { return &p.CreatedAt }), Own},
	{search.NumberColumn("updated_at", func(p *Person) *int64 { return &p.UpdatedAt }), Own},
	{search.NumberColumn("signed_up_at", func(p *Person) *int64 { return &p.SignedUpAt }), Own},
	{search.NumberColumn("last_seen_at", func(p *Person) *int64 { return &p.LastSeenAt }), Later},
	{search.NumberColumn("last_replied_at", func(p *Person) *int64 { return &p.LastRepliedAt }), Later},
	{search.NumberColumn("last_contacted_at", func(p *Person) *int64 { return &p.LastContactedAt }), Later},
	{search.NumberColumn("last_email_opened_at", func(p *Person) *int64 { return &p.LastEmailOpenedAt }), Later},
	{search.NumberColumn("last_email_clicked_at", func(p *Person) *int64 { return &p.LastEmailClickedAt }), Later},
	{search.TextColumn("language_override", func(p *Person) *string { return &p.LanguageOverride }), Single},
	{search.TextColumn("browser", func(p *Person) *string { return &p.Browser }), Single},
	{search.TextColumn("browser_version", func(p *Person) *string { return &p.BrowserVersion }), Single},
	{search.TextColumn("browser_language", func(p *Person) *string { return &p.BrowserLanguage }), Single},
	{search.TextColumn("os", func(p *Person) *string { return &p.OS }), Single},
	{search.TextColumn("location_city", func(p *Person) *string { return &p.Location.City }), Place},
	{search.TextColumn("location_region", func(p *Person) *string { return &p.Location.Region }), Place},
	{search.TextColumn("location_country", func(p *Person) *string { return &p.Location.Country }), Place},
	{search.TextColumn("location_country_code", func(p *Person) *string { return &p.Location.CountryCode }), Place},
	{search.TextColumn("location_continent_code", func(p *Person) *string { return &p.Location.ContinentCode }), Place},
	{search.TextColumn("location_postal_code", func(p *Person) *string { return &p.Location.PostalCode }), Place},
	{search.TextColumn("location_timezone", func(p *Person) *string { return &p.Location.Timezone }), Place},
	{search.TextColumn("android_app_name", func(p *Person) *string { return &p.Android.AppName }), Single},
	{search.TextColumn("android_app_version", func(p *Person) *string { return &p.Android.AppVersion }), Single},
	{search.TextColumn("android_device", func(p *Person) *string { return &p.Android.Model }), Single},
	{search.TextColumn("android_os_version", func(p *Person) *string { return &p.Android.OSVersion }), Single},
	{search.TextColumn("android_sdk_version", func(p *Person) *string { return &p.Android.SDKVersion }), Single},
	{search.NumberColumn("android_last_seen_at", func(p *Person) *int64 { return &p.Android.LastSeenAt }), Later},
	{search.TextColumn("ios_app_name", func(p *Person) *string { return &p.IOS.AppName }), Single},
	{search.TextColumn("ios_app_version", func(p *Person) *string { return &p.IOS.AppVersion }), Single},
	{search.TextColumn("ios_device", func(p *Person) *string { return &p.IOS.Model }), Single},
	{search.TextColumn("ios_os_version", func(p *Person) *string { return &p.IOS.OSVersion }), Single},
	{search.TextColumn("ios_sdk_version", func(p *Person) *string { return &p.IOS.SDKVersion }), Single},
	{search.NumberColumn("ios_last_seen_at", func(p *Person) *int64 { return &p.IOS.LastSeenAt }), Later},
	{search.TextColumn("referrer", func(p *Person) *string { return &p.Referrer }), Campaign},
	{search.TextColumn("utm_campaign", func(p *Person) *string { return &p.UTM.Campaign }), Campaign},
	{search.TextColumn("utm_content", func(p *Person) *string { return &p.UTM.Content }), Campaign},
	{search.TextColumn("utm_medium", func(p *Person) *string { return &p.UTM.Medium }), Campaign},
	{search.TextColumn("utm_source", func(p *Person) *string { return &p.UTM.Source }), Campaign},
	{search.TextColumn("utm_term", func(p *Person) *string { return &p.UTM.Term }), Campaign},
	{maybeColumn("do_not_track", func(p *Person) *Maybe { return &p.DoNotTrack }), Anonymous},
	{search.NumberColumn("session_count", func(p *Person) *int64 { return &p.SessionCount }), Anonymous},
	{search.NumberColumn("session_started_at", func(p *Person) *int64 { return &p.SessionStartedAt }), Anonymous},
	{search.FlagColumn("unverified", func(p *Person) *bool { return &p.Unverified }), Own},
	{search.FlagColumn("attached", func(p *Person) *bool { return &p.Attached }), Either},
	{search.AttributesColumn("custom_attributes", func(p *Person) *search.Attributes { return &p.CustomAttributes }), PerKey},
	{search.TextColumn(origins, func(p *Person) *provenance.Origins { return &p.Origins }), Own},
}

// maybeColumn is stored as a number, and shown as a boolean.
func maybeColumn(name string, at func(*Person) *Maybe) search.Column[Person] {
	to, from := func(m Maybe) int64 { return int64(m) }, func(n int64) Maybe { return Maybe(n) }
	return search.CodedColumn(name, at, to, from, func(m Maybe) search.Value { return search.BoolValue(m == Yes) })
}

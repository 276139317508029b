package people

import "lobby/internal/search"

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
	Column[Person]
	Rule Rule
}

// Fields is the single table of all fields of a person, in the order in which the store keeps them. The workspace is not
// included: every key begins with it, and it never changes.
var Fields = []Field{
	{textColumn("id", func(p *Person) *string { return &p.ID }), Own},
	{textColumn("role", func(p *Person) *Role { return &p.Role }), Own},
	{textColumn("state", func(p *Person) *State { return &p.State }), Own},
	{textColumn("merged_into", func(p *Person) *string { return &p.MergedInto }), Own},
	{textColumn("anonymous_id", func(p *Person) *string { return &p.AnonymousID }), Own},
	{textColumn("external_id", func(p *Person) *string { return &p.ExternalID }), Identifier},
	{textColumn("email", func(p *Person) *string { return &p.Email }), Identifier},
	{textColumn("phone", func(p *Person) *string { return &p.Phone }), Single},
	{textColumn("name", func(p *Person) *string { return &p.Name }), Single},
	{textColumn("pseudonym", func(p *Person) *string { return &p.Pseudonym }), Own},
	{textColumn("avatar", func(p *Person) *string { return &p.Avatar }), Single},
	{numberColumn("owner_id", func(p *Person) *int64 { return &p.OwnerID }), Single},
	{flagColumn("unsubscribed_from_emails", func(p *Person) *bool { return &p.UnsubscribedFromEmails }), EmailFlag},
	{flagColumn("marked_email_as_spam", func(p *Person) *bool { return &p.MarkedEmailAsSpam }), EmailFlag},
	{flagColumn("has_hard_bounced", func(p *Person) *bool { return &p.HasHardBounced }), EmailFlag},
	{maybeColumn("enabled_push_messaging", func(p *Person) *Maybe { return &p.EnabledPushMessaging }), Single},
	{numberColumn("created_at", func(p *Person) *int64 { return &p.CreatedAt }), Own},
	{numberColumn("updated_at", func(p *Person) *int64 { return &p.UpdatedAt }), Own},
	{numberColumn("signed_up_at", func(p *Person) *int64 { return &p.SignedUpAt }), Own},
	{numberColumn("last_seen_at", func(p *Person) *int64 { return &p.LastSeenAt }), Later},
	{numberColumn("last_replied_at", func(p *Person) *int64 { return &p.LastRepliedAt }), Later},
	{numberColumn("last_contacted_at", func(p *Person) *int64 { return &p.LastContactedAt }), Later},
	{numberColumn("last_email_opened_at", func(p *Person) *int64 { return &p.LastEmailOpenedAt }), Later},
	{numberColumn("last_email_clicked_at", func(p *Person) *int64 { return &p.LastEmailClickedAt }), Later},
	{textColumn("language_override", func(p *Person) *string { return &p.LanguageOverride }), Single},
	{textColumn("browser", func(p *Person) *string { return &p.Browser }), Single},
	{textColumn("browser_version", func(p *Person) *string { return &p.BrowserVersion }), Single},
	{textColumn("browser_language", func(p *Person) *string { return &p.BrowserLanguage }), Single},
	{textColumn("os", func(p *Person) *string { return &p.OS }), Single},
	{textColumn("location_city", func(p *Person) *string { return &p.Location.City }), Place},
	{textColumn("location_region", func(p *Person) *string { return &p.Location.Region }), Place},
	{textColumn("location_country", func(p *Person) *string { return &p.Location.Country }), Place},
	{textColumn("location_country_code", func(p *Person) *string { return &p.Location.CountryCode }), Place},
	{textColumn("location_continent_code", func(p *Person) *string { return &p.Location.ContinentCode }), Place},
	{textColumn("location_postal_code", func(p *Person) *string { return &p.Location.PostalCode }), Place},
	{textColumn("location_timezone", func(p *Person) *string { return &p.Location.Timezone }), Place},
	{textColumn("android_app_name", func(p *Person) *string { return &p.Android.AppName }), Single},
	{textColumn("android_app_version", func(p *Person) *string { return &p.Android.AppVersion }), Single},
	{textColumn("android_device", func(p *Person) *string { return &p.Android.Model }), Single},
	{textColumn("android_os_version", func(p *Person) *string { return &p.Android.OSVersion }), Single},
	{textColumn("android_sdk_version", func(p *Person) *string { return &p.Android.SDKVersion }), Single},
	{numberColumn("android_last_seen_at", func(p *Person) *int64 { return &p.Android.LastSeenAt }), Later},
	{textColumn("ios_app_name", func(p *Person) *string { return &p.IOS.AppName }), Single},
	{textColumn("ios_app_version", func(p *Person) *string { return &p.IOS.AppVersion }), Single},
	{textColumn("ios_device", func(p *Person) *string { return &p.IOS.Model }), Single},
	{textColumn("ios_os_version", func(p *Person) *string { return &p.IOS.OSVersion }), Single},
	{textColumn("ios_sdk_version", func(p *Person) *string { return &p.IOS.SDKVersion }), Single},
	{numberColumn("ios_last_seen_at", func(p *Person) *int64 { return &p.IOS.LastSeenAt }), Later},
	{textColumn("referrer", func(p *Person) *string { return &p.Referrer }), Campaign},
	{textColumn("utm_campaign", func(p *Person) *string { return &p.UTM.Campaign }), Campaign},
	{textColumn("utm_content", func(p *Person) *string { return &p.UTM.Content }), Campaign},
	{textColumn("utm_medium", func(p *Person) *string { return &p.UTM.Medium }), Campaign},
	{textColumn("utm_source", func(p *Person) *string { return &p.UTM.Source }), Campaign},
	{textColumn("utm_term", func(p *Person) *string { return &p.UTM.Term }), Campaign},
	{maybeColumn("do_not_track", func(p *Person) *Maybe { return &p.DoNotTrack }), Anonymous},
	{numberColumn("session_count", func(p *Person) *int64 { return &p.SessionCount }), Anonymous},
	{numberColumn("session_started_at", func(p *Person) *int64 { return &p.SessionStartedAt }), Anonymous},
	{flagColumn("unverified", func(p *Person) *bool { return &p.Unverified }), Own},
	{flagColumn("attached", func(p *Person) *bool { return &p.Attached }), Either},
	{attributesColumn("custom_attributes", func(p *Person) *search.Attributes { return &p.CustomAttributes }), PerKey},
}

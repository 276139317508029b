package people

import "maps"

// Rule says what becomes of one field when a person is converted or merged. Convert and merge apply it, the journal
// writes down its outcome, and the store derives its columns from the same table.
type Rule int

// The rules. "Survivor" is the person that stays, "absorbed" the one that becomes a forwarding address.
const (
	// Own stays with each record: it says what the record is, not what is known of the person.
	Own Rule = iota
	// Identifier: the survivor's stands, even when empty; an explicit value in the request may fill it.
	Identifier
	// Single: the survivor's value wins; where it has none, the absorbed person's is adopted.
	Single
	// Campaign: the referrer and the UTM parameters, adopted as one set.
	Campaign
	// Place: the parts of a location, adopted as one set.
	Place
	// Later: the later of both times.
	Later
	// EmailFlag: the survivor's, unless it adopts an email address and has none of its own.
	EmailFlag
	// PerKey: custom attributes, each key like a Single.
	PerKey
	// Either: true as soon as it is true of one of both.
	Either
	// Anonymous: counters of the anonymous life, which a contact does not show.
	Anonymous
)

// Field is one field of a [Person]: its name in the database and in the journal, its rule, and where it lives.
type Field struct {
	Name string
	Rule Rule
	// At points at the field: *string, *int64, *bool, *Role, *State, *Maybe or *Attributes.
	At func(*Person) any
}

// Fields is the one table that decides every field of a person, in the order in which the store keeps them. The
// workspace is not in it: it leads every key and can never change.
var Fields = []Field{
	{"id", Own, func(p *Person) any { return &p.ID }},
	{"role", Own, func(p *Person) any { return &p.Role }},
	{"state", Own, func(p *Person) any { return &p.State }},
	{"merged_into", Own, func(p *Person) any { return &p.MergedInto }},
	{"anonymous_id", Own, func(p *Person) any { return &p.AnonymousID }},
	{"external_id", Identifier, func(p *Person) any { return &p.ExternalID }},
	{"email", Identifier, func(p *Person) any { return &p.Email }},
	{"phone", Single, func(p *Person) any { return &p.Phone }},
	{"name", Single, func(p *Person) any { return &p.Name }},
	{"pseudonym", Own, func(p *Person) any { return &p.Pseudonym }},
	{"avatar", Single, func(p *Person) any { return &p.Avatar }},
	{"owner_id", Single, func(p *Person) any { return &p.OwnerID }},
	{"unsubscribed_from_emails", EmailFlag, func(p *Person) any { return &p.UnsubscribedFromEmails }},
	{"marked_email_as_spam", EmailFlag, func(p *Person) any { return &p.MarkedEmailAsSpam }},
	{"has_hard_bounced", EmailFlag, func(p *Person) any { return &p.HasHardBounced }},
	{"enabled_push_messaging", Single, func(p *Person) any { return &p.EnabledPushMessaging }},
	{"created_at", Own, func(p *Person) any { return &p.CreatedAt }},
	{"updated_at", Own, func(p *Person) any { return &p.UpdatedAt }},
	{"signed_up_at", Own, func(p *Person) any { return &p.SignedUpAt }},
	{"last_seen_at", Later, func(p *Person) any { return &p.LastSeenAt }},
	{"last_replied_at", Later, func(p *Person) any { return &p.LastRepliedAt }},
	{"last_contacted_at", Later, func(p *Person) any { return &p.LastContactedAt }},
	{"last_email_opened_at", Later, func(p *Person) any { return &p.LastEmailOpenedAt }},
	{"last_email_clicked_at", Later, func(p *Person) any { return &p.LastEmailClickedAt }},
	{"language_override", Single, func(p *Person) any { return &p.LanguageOverride }},
	{"browser", Single, func(p *Person) any { return &p.Browser }},
	{"browser_version", Single, func(p *Person) any { return &p.BrowserVersion }},
	{"browser_language", Single, func(p *Person) any { return &p.BrowserLanguage }},
	{"os", Single, func(p *Person) any { return &p.OS }},
	{"location_city", Place, func(p *Person) any { return &p.Location.City }},
	{"location_region", Place, func(p *Person) any { return &p.Location.Region }},
	{"location_country", Place, func(p *Person) any { return &p.Location.Country }},
	{"location_country_code", Place, func(p *Person) any { return &p.Location.CountryCode }},
	{"location_continent_code", Place, func(p *Person) any { return &p.Location.ContinentCode }},
	{"location_postal_code", Place, func(p *Person) any { return &p.Location.PostalCode }},
	{"location_timezone", Place, func(p *Person) any { return &p.Location.Timezone }},
	{"android_app_name", Single, func(p *Person) any { return &p.Android.AppName }},
	{"android_app_version", Single, func(p *Person) any { return &p.Android.AppVersion }},
	{"android_device", Single, func(p *Person) any { return &p.Android.Model }},
	{"android_os_version", Single, func(p *Person) any { return &p.Android.OSVersion }},
	{"android_sdk_version", Single, func(p *Person) any { return &p.Android.SDKVersion }},
	{"android_last_seen_at", Later, func(p *Person) any { return &p.Android.LastSeenAt }},
	{"ios_app_name", Single, func(p *Person) any { return &p.IOS.AppName }},
	{"ios_app_version", Single, func(p *Person) any { return &p.IOS.AppVersion }},
	{"ios_device", Single, func(p *Person) any { return &p.IOS.Model }},
	{"ios_os_version", Single, func(p *Person) any { return &p.IOS.OSVersion }},
	{"ios_sdk_version", Single, func(p *Person) any { return &p.IOS.SDKVersion }},
	{"ios_last_seen_at", Later, func(p *Person) any { return &p.IOS.LastSeenAt }},
	{"referrer", Campaign, func(p *Person) any { return &p.Referrer }},
	{"utm_campaign", Campaign, func(p *Person) any { return &p.UTM.Campaign }},
	{"utm_content", Campaign, func(p *Person) any { return &p.UTM.Content }},
	{"utm_medium", Campaign, func(p *Person) any { return &p.UTM.Medium }},
	{"utm_source", Campaign, func(p *Person) any { return &p.UTM.Source }},
	{"utm_term", Campaign, func(p *Person) any { return &p.UTM.Term }},
	{"do_not_track", Anonymous, func(p *Person) any { return &p.DoNotTrack }},
	{"session_count", Anonymous, func(p *Person) any { return &p.SessionCount }},
	{"session_started_at", Anonymous, func(p *Person) any { return &p.SessionStartedAt }},
	{"unverified", Own, func(p *Person) any { return &p.Unverified }},
	{"attached", Either, func(p *Person) any { return &p.Attached }},
	{"custom_attributes", PerKey, func(p *Person) any { return &p.CustomAttributes }},
}

// IsBlank reports whether p has nothing in this field; what is blank is not stored.
func (f *Field) IsBlank(p *Person) bool {
	switch v := f.At(p).(type) {
	case *string:
		return *v == ""
	case *int64:
		return *v == 0
	case *bool:
		return !*v
	case *Role:
		return *v == ""
	case *State:
		return *v == Active
	case *Maybe:
		return *v == Unknown
	case *Attributes:
		return len(*v) == 0
	}
	panic("people: field " + f.Name + " has a type that Fields does not know")
}

// Equal reports whether p and q have the same in this field.
func (f *Field) Equal(p, q *Person) bool {
	switch v := f.At(p).(type) {
	case *string:
		return *v == *f.At(q).(*string)
	case *int64:
		return *v == *f.At(q).(*int64)
	case *bool:
		return *v == *f.At(q).(*bool)
	case *Role:
		return *v == *f.At(q).(*Role)
	case *State:
		return *v == *f.At(q).(*State)
	case *Maybe:
		return *v == *f.At(q).(*Maybe)
	case *Attributes:
		return maps.Equal(*v, *f.At(q).(*Attributes))
	}
	panic("people: field " + f.Name + " has a type that Fields does not know")
}

// copyTo gives q what p has in this field.
func (f *Field) copyTo(q, p *Person) {
	switch v := f.At(p).(type) {
	case *string:
		*f.At(q).(*string) = *v
	case *int64:
		*f.At(q).(*int64) = *v
	case *bool:
		*f.At(q).(*bool) = *v
	case *Role:
		*f.At(q).(*Role) = *v
	case *State:
		*f.At(q).(*State) = *v
	case *Maybe:
		*f.At(q).(*Maybe) = *v
	case *Attributes:
		*f.At(q).(*Attributes) = v.Clone()
	}
}

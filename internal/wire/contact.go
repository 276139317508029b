package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/people"
)

// Contact is a contact as the newest version shows it. What all versions show alike is read off the person; the members
// that some version changed stand here, where the version's change can reach them.
type Contact struct {
	person *people.Person
	// FormattedPhone shows the phone number in E.164 form.
	FormattedPhone bool
	// NumericOwner makes owner_id a number instead of a string.
	NumericOwner         bool
	EnabledPushMessaging Opt[bool]
	// MergeHistory is there when it was asked for.
	MergeHistory Opt[[]people.Merge]
}

// NewContact answers a contact in the shape of version v.
func NewContact(p *people.Person, v apiversion.Version) *Contact {
	c := &Contact{person: p, FormattedPhone: true, EnabledPushMessaging: Null[bool]()}
	if p.EnabledPushMessaging != people.Unknown {
		c.EnabledPushMessaging = Some(p.EnabledPushMessaging == people.Yes)
	}
	if p.Merges != nil {
		c.MergeHistory = Some(p.Merges)
	}
	changes.StepDown(v, c)
	return c
}

// AppendJSON appends the contact.
func (c *Contact) AppendJSON(buf []byte) []byte {
	p := c.person
	o := begin(buf)
	o.text("type", "contact")
	o.text("id", p.ID)
	o.text("workspace_id", string(p.Workspace))
	o.textOrNull("external_id", p.ExternalID)
	o.text("role", string(p.Role))
	o.textOrNull("email", p.Email)
	o.textOrNull("phone", p.Phone)
	if c.FormattedPhone {
		o.textOrNull("formatted_phone", p.FormattedPhone)
	}
	o.textOrNull("name", p.Name)
	o.textOrNull("avatar", p.Avatar) // the URL itself: an object breaks the Java client
	c.owner(&o)
	o.raw("social_profiles", `{"type":"list","data":[]}`)
	o.bool("has_hard_bounced", p.HasHardBounced)
	o.bool("marked_email_as_spam", p.MarkedEmailAsSpam)
	o.bool("unsubscribed_from_emails", p.UnsubscribedFromEmails)
	o.int("created_at", p.CreatedAt)
	o.int("updated_at", p.UpdatedAt)
	o.intOrNull("signed_up_at", p.SignedUpAt)
	o.intOrNull("last_seen_at", p.LastSeenAt)
	o.intOrNull("last_replied_at", p.LastRepliedAt)
	o.intOrNull("last_contacted_at", p.LastContactedAt)
	o.intOrNull("last_email_opened_at", p.LastEmailOpenedAt)
	o.intOrNull("last_email_clicked_at", p.LastEmailClickedAt)
	o.textOrNull("language_override", p.LanguageOverride)
	o.textOrNull("browser", p.Browser)
	o.textOrNull("browser_version", p.BrowserVersion)
	o.textOrNull("browser_language", p.BrowserLanguage)
	o.textOrNull("os", p.OS)
	location(&o, p.Location)
	device(&o, "android", p.Android)
	device(&o, "ios", p.IOS)
	o.attributes("custom_attributes", p.CustomAttributes)
	c.linked(&o)
	campaign(&o, p.UTM)
	o.textOrNull("referrer", p.Referrer)
	if on, known := c.EnabledPushMessaging.Value(); known {
		o.bool("enabled_push_messaging", on)
	} else if c.EnabledPushMessaging.Present() {
		o.null("enabled_push_messaging")
	}
	if merges, asked := c.MergeHistory.Value(); asked {
		mergeHistory(&o, "merge_history", merges)
	}
	return o.end()
}

func (c *Contact) owner(o *object) {
	switch id := c.person.OwnerID; {
	case id == 0:
		o.null("owner_id")
	case c.NumericOwner:
		o.int("owner_id", id)
	default:
		o.text("owner_id", strconv.FormatInt(id, 10))
	}
}

// none are the links of a contact on whom nothing hangs.
var none people.Links

// linked writes the lists of what hangs on the contact; each says where the whole of it is found.
func (c *Contact) linked(o *object) {
	links := c.person.Links
	if links == nil {
		links = &none
	}
	for _, list := range [...]struct {
		name, path string
		items      *people.Linked
		kind, at   string // of an item: its type, and the path under which it is found
	}{
		{"tags", "/tags", &links.Tags, "tag", "/tags/"},
		{"notes", "/notes", &links.Notes, "note", "/notes/"},
		{"companies", "/companies", &links.Companies, "company", "/companies/"},
		{"opted_out_subscription_types", "/subscriptions", &links.OptedOut, "subscription", "/subscription_types/"},
		{"opted_in_subscription_types", "/subscriptions", &links.OptedIn, "subscription", "/subscription_types/"},
	} {
		linked(o, list.name, "/contacts/"+c.person.ID+list.path, list.items, list.kind, list.at)
	}
}

// linked writes the first of what hangs on a record, and where the whole of it is found: its path, the type of an item,
// and the path under which an item is found.
func linked(o *object, name, path string, items *people.Linked, kind, at string) {
	o.open(name)
	o.text("type", "list")
	o.openList("data")
	for _, id := range items.First {
		o.item()
		o.text("type", kind)
		o.text("id", id)
		o.text("url", at+id)
		o.close()
	}
	o.closeList()
	o.text("url", path)
	o.int("total_count", int64(items.Total))
	o.bool("has_more", items.Total > len(items.First))
	o.close()
}

func location(o *object, l people.Location) {
	o.open("location")
	o.text("type", "location")
	o.textOrNull("country", l.Country)
	o.textOrNull("region", l.Region)
	o.textOrNull("city", l.City)
	o.textOrNull("country_code", l.CountryCode)
	o.textOrNull("continent_code", l.ContinentCode)
	o.close()
}

func device(o *object, platform string, d people.Device) {
	o.textOrNull(platform+"_app_name", d.AppName)
	o.textOrNull(platform+"_app_version", d.AppVersion)
	o.textOrNull(platform+"_device", d.Model)
	o.textOrNull(platform+"_os_version", d.OSVersion)
	o.textOrNull(platform+"_sdk_version", d.SDKVersion)
	o.intOrNull(platform+"_last_seen_at", d.LastSeenAt)
}

func contactSamples(v apiversion.Version) []Shape {
	p, stranger := fullPerson(people.User), barePerson(people.Lead)
	return []Shape{
		NewContact(p, v), NewContact(stranger, v),
		ContactList{Page: &people.ContactPage{Contacts: []*people.Person{stranger, p}, Total: 3}, PerPage: 1, Version: v},
		ContactList{Page: new(people.ContactPage), PerPage: 1, Version: v},
		NewContactState(p, "archived", true, v), NewContactState(stranger, "archived", false, v),
		NewContactState(p, "deleted", true, v), NewContactState(p, "blocked", true, v),
	}
}

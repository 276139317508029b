package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// Contact is a contact in the shape of a version. The members that are the same in all versions come from the person. The
// exported fields are those that versions' changes set.
type Contact struct {
	person *people.Person
	// FormattedPhone says whether to write formatted_phone, the phone number in E.164 form.
	FormattedPhone bool
	// NumericOwner makes owner_id a number instead of a string.
	NumericOwner         bool
	EnabledPushMessaging jsonio.Opt[bool]
	// MergeHistory is absent unless the request asked for it.
	MergeHistory jsonio.Opt[[]people.Merge]
}

// NewContact returns a contact in the shape of version v.
func NewContact(p *people.Person, v apiversion.Version) *Contact {
	c := &Contact{person: p, FormattedPhone: true, EnabledPushMessaging: jsonio.Null[bool]()}
	if p.EnabledPushMessaging != people.Unknown {
		c.EnabledPushMessaging = jsonio.Some(p.EnabledPushMessaging == people.Yes)
	}
	if p.Merges != nil {
		c.MergeHistory = jsonio.Some(p.Merges)
	}
	changes.StepDown(v, c)
	return c
}

// AppendJSON appends the contact.
func (c *Contact) AppendJSON(buf []byte) []byte {
	p := c.person
	o := jsonio.Begin(buf)
	o.Text("type", "contact")
	o.Text("id", p.ID)
	o.Text("workspace_id", string(p.Workspace))
	o.TextOrNull("external_id", p.ExternalID)
	o.Text("role", string(p.Role))
	o.TextOrNull("email", p.Email)
	o.TextOrNull("phone", p.Phone)
	if c.FormattedPhone {
		o.TextOrNull("formatted_phone", p.FormattedPhone)
	}
	o.TextOrNull("name", p.Name)
	o.TextOrNull("avatar", p.Avatar) // the URL itself: an object breaks the Java client
	c.owner(&o)
	o.Raw("social_profiles", `{"type":"list","data":[]}`)
	o.Bool("has_hard_bounced", p.HasHardBounced)
	o.Bool("marked_email_as_spam", p.MarkedEmailAsSpam)
	o.Bool("unsubscribed_from_emails", p.UnsubscribedFromEmails)
	o.Int("created_at", p.CreatedAt)
	o.Int("updated_at", p.UpdatedAt)
	o.IntOrNull("signed_up_at", p.SignedUpAt)
	o.IntOrNull("last_seen_at", p.LastSeenAt)
	o.IntOrNull("last_replied_at", p.LastRepliedAt)
	o.IntOrNull("last_contacted_at", p.LastContactedAt)
	o.IntOrNull("last_email_opened_at", p.LastEmailOpenedAt)
	o.IntOrNull("last_email_clicked_at", p.LastEmailClickedAt)
	o.TextOrNull("language_override", p.LanguageOverride)
	o.TextOrNull("browser", p.Browser)
	o.TextOrNull("browser_version", p.BrowserVersion)
	o.TextOrNull("browser_language", p.BrowserLanguage)
	o.TextOrNull("os", p.OS)
	location(&o, p.Location)
	device(&o, "android", p.Android)
	device(&o, "ios", p.IOS)
	o.Attributes("custom_attributes", p.CustomAttributes)
	c.linked(&o)
	campaign(&o, p.UTM)
	o.TextOrNull("referrer", p.Referrer)
	if on, known := c.EnabledPushMessaging.Value(); known {
		o.Bool("enabled_push_messaging", on)
	} else if c.EnabledPushMessaging.Present() {
		o.Null("enabled_push_messaging")
	}
	if merges, asked := c.MergeHistory.Value(); asked {
		mergeHistory(&o, "merge_history", merges)
	}
	return o.End()
}

func (c *Contact) owner(o *jsonio.Writer) {
	switch id := c.person.OwnerID; {
	case id == 0:
		o.Null("owner_id")
	case c.NumericOwner:
		o.Int("owner_id", id)
	default:
		o.Text("owner_id", strconv.FormatInt(id, 10))
	}
}

// none has no associations; it stands in for nil.
var none people.Associations

// linked writes the lists of the contact's tags, notes, companies and subscriptions.
func (c *Contact) linked(o *jsonio.Writer) {
	links := c.person.Associations
	if links == nil {
		links = &none
	}
	for _, list := range [...]struct {
		name, path string
		items      *people.FirstIDs
		kind, at   string // the type of an item, and the prefix of its path
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

// linked writes the first items of a list as a member, with the total and the path of the whole list. Each item has the
// type kind and the path at + id.
func linked(o *jsonio.Writer, name, path string, items *people.FirstIDs, kind, at string) {
	o.Open(name)
	o.Text("type", "list")
	o.OpenList("data")
	for _, id := range items.First {
		o.Item()
		o.Text("type", kind)
		o.Text("id", id)
		o.Text("url", at+id)
		o.Close()
	}
	o.CloseList()
	o.Text("url", path)
	o.Int("total_count", int64(items.Total))
	o.Bool("has_more", items.Total > len(items.First))
	o.Close()
}

func location(o *jsonio.Writer, l people.Location) {
	o.Open("location")
	o.Text("type", "location")
	o.TextOrNull("country", l.Country)
	o.TextOrNull("region", l.Region)
	o.TextOrNull("city", l.City)
	o.TextOrNull("country_code", l.CountryCode)
	o.TextOrNull("continent_code", l.ContinentCode)
	o.Close()
}

func device(o *jsonio.Writer, platform string, d people.Device) {
	o.TextOrNull(platform+"_app_name", d.AppName)
	o.TextOrNull(platform+"_app_version", d.AppVersion)
	o.TextOrNull(platform+"_device", d.Model)
	o.TextOrNull(platform+"_os_version", d.OSVersion)
	o.TextOrNull(platform+"_sdk_version", d.SDKVersion)
	o.IntOrNull(platform+"_last_seen_at", d.LastSeenAt)
}

func contactSamples(v apiversion.Version) []Shape {
	p, stranger := fullPerson(people.User), barePerson(people.Lead)
	return []Shape{
		NewContact(p, v), NewContact(stranger, v),
		ContactList{Page: &people.ContactPage{Contacts: []*people.Person{stranger, p}, Total: 3}, PerPage: 1, Version: v},
		ContactList{Page: new(people.ContactPage), PerPage: 1, Version: v},
		ContactList{Page: new(people.ContactPage), PerPage: 1, NullAtEnd: true, Version: v},
		NewContactState(p, "archived", true, v), NewContactState(stranger, "archived", false, v),
		NewContactState(p, "deleted", true, v), NewContactState(p, "blocked", true, v),
	}
}

package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// Visitor is a visitor, in the shape of all versions. It has 33 members, all of them always present.
type Visitor struct {
	Person *people.Person
	// Base is the base URL of Lobby's own pictures: scheme and host, without a slash at the end.
	Base string
}

// AppendJSON appends the visitor.
func (v Visitor) AppendJSON(buf []byte) []byte {
	p := v.Person
	o := jsonio.Begin(buf)
	o.Text("type", "visitor")
	o.Text("id", p.ID)
	o.Text("user_id", p.AnonymousID)
	o.Bool("anonymous", true)
	o.Text("email", p.Email) // "" when unknown, never null
	o.TextOrNull("phone", p.Phone)
	o.TextOrNull("name", p.Name)
	o.TextOrNull("pseudonym", p.Pseudonym)
	o.Open("avatar")
	o.Text("type", "avatar")
	v.image(&o)
	o.Close()
	o.Text("app_id", string(p.Workspace))
	v.companies(&o)
	locationData(&o, p.Location)
	o.IntOrNull("last_request_at", p.LastSeenAt)
	o.Int("created_at", p.CreatedAt)
	o.Int("remote_created_at", p.CreatedAt)
	o.Int("signed_up_at", p.CreatedAt) // a visitor never signed up, but the public API's examples have this time
	o.Int("updated_at", p.UpdatedAt)
	o.Int("session_count", p.SessionCount)
	o.Raw("social_profiles", `{"type":"social_profile.list","social_profiles":[]}`)
	if p.OwnerID == 0 {
		o.Null("owner_id")
	} else {
		o.Text("owner_id", strconv.FormatInt(p.OwnerID, 10)) // a string here, unlike on a contact
	}
	o.Bool("unsubscribed_from_emails", p.UnsubscribedFromEmails)
	o.Bool("marked_email_as_spam", p.MarkedEmailAsSpam)
	o.Bool("has_hard_bounced", p.HasHardBounced)
	o.Open("tags")
	o.Text("type", "tag.list")
	o.OpenList("tags")
	if p.Associations != nil {
		for _, t := range p.Associations.VisitorTags {
			o.Item()
			writeTag(&o, &t.Tag)
			o.Close()
		}
	}
	o.CloseList()
	o.Close()
	o.Raw("segments", `{"type":"segment.list","segments":[]}`)
	o.Attributes("custom_attributes", p.CustomAttributes)
	o.TextOrNull("referrer", p.Referrer)
	campaign(&o, p.UTM)
	writeMaybe(&o, "do_not_track", p.DoNotTrack)
	return o.End()
}

// companies writes the visitor's companies, in one shape for all versions, like the visitor itself.
func (v Visitor) companies(o *jsonio.Writer) {
	links := v.Person.Associations
	if links == nil {
		links = &none
	}
	o.Open("companies")
	o.Text("type", "company.list")
	companies(o, "companies", links.VisitorCompanies, apiversion.V2_0)
	o.Close()
}

// image writes the URL of the visitor's picture, or else that of the picture of its pseudonym.
func (v Visitor) image(o *jsonio.Writer) {
	switch slug := people.AvatarSlug(v.Person.Pseudonym); {
	case v.Person.Avatar != "":
		o.Text("image_url", v.Person.Avatar)
	case slug != "":
		o.Text("image_url", v.Base+"/avatars/pseudonym/"+slug+".png")
	default:
		o.Null("image_url")
	}
}

// locationData writes the location of a visitor; {} when nothing is known.
func locationData(o *jsonio.Writer, l people.Location) {
	o.Open("location_data")
	defer o.Close()
	if l == (people.Location{}) {
		return
	}
	o.Text("type", "location_data")
	for _, part := range [...]struct{ name, value string }{
		{"city_name", l.City},
		{"continent_code", l.ContinentCode},
		{"country_code", l.CountryCode},
		{"country_name", l.Country},
		{"postal_code", l.PostalCode},
		{"region_name", l.Region},
		{"timezone", l.Timezone},
	} {
		if part.value != "" {
			o.Text(part.name, part.value)
		}
	}
}

func campaign(o *jsonio.Writer, u people.UTM) {
	o.TextOrNull("utm_campaign", u.Campaign)
	o.TextOrNull("utm_content", u.Content)
	o.TextOrNull("utm_medium", u.Medium)
	o.TextOrNull("utm_source", u.Source)
	o.TextOrNull("utm_term", u.Term)
}

// VisitorList is one page of visitors, with the cursor of the next page.
type VisitorList struct {
	Visitors []*people.Person
	Base     string
	PerPage  int
	// Next is the cursor of the next page; "" on the last page.
	Next string
}

// AppendJSON appends the page.
func (l VisitorList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, p := range l.Visitors {
		o.Next()
		o.Buf = Visitor{p, l.Base}.AppendJSON(o.Buf)
	}
	o.CloseList()
	o.Open("pages")
	o.Text("type", "pages")
	o.Int("per_page", int64(l.PerPage))
	if l.Next == "" {
		o.Null("next")
	} else {
		o.Open("next")
		o.Int("per_page", int64(l.PerPage))
		o.Text("starting_after", l.Next)
		o.Close()
	}
	o.Close()
	return o.End()
}

func visitorSamples(apiversion.Version) []Shape {
	p, stranger := fullPerson(people.Visitor), barePerson(people.Visitor)
	return []Shape{
		Visitor{Person: p},
		Visitor{Person: stranger},
		VisitorList{Visitors: []*people.Person{p, stranger}, Next: "*"},
		VisitorList{},
	}
}

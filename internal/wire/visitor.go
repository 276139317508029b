package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/people"
)

// Visitor is a visitor as every version of the public API shows it: 33 members, all of them always present.
type Visitor struct {
	Person *people.Person
	// Base is where Lobby's own pictures are found: scheme and host, without a slash at the end.
	Base string
}

// AppendJSON appends the visitor.
func (v Visitor) AppendJSON(buf []byte) []byte {
	p := v.Person
	o := begin(buf)
	o.text("type", "visitor")
	o.text("id", p.ID)
	o.text("user_id", p.AnonymousID)
	o.bool("anonymous", true)
	o.text("email", p.Email) // "" when unknown, never null
	o.textOrNull("phone", p.Phone)
	o.textOrNull("name", p.Name)
	o.textOrNull("pseudonym", p.Pseudonym)
	o.open("avatar")
	o.text("type", "avatar")
	v.image(&o)
	o.close()
	o.text("app_id", string(p.Workspace))
	v.companies(&o)
	locationData(&o, p.Location)
	o.intOrNull("last_request_at", p.LastSeenAt)
	o.int("created_at", p.CreatedAt)
	o.int("remote_created_at", p.CreatedAt)
	o.int("signed_up_at", p.CreatedAt) // as every example has it, although a visitor never signed up
	o.int("updated_at", p.UpdatedAt)
	o.int("session_count", p.SessionCount)
	o.raw("social_profiles", `{"type":"social_profile.list","social_profiles":[]}`)
	if p.OwnerID == 0 {
		o.null("owner_id")
	} else {
		o.text("owner_id", strconv.FormatInt(p.OwnerID, 10)) // a string here, unlike on a contact
	}
	o.bool("unsubscribed_from_emails", p.UnsubscribedFromEmails)
	o.bool("marked_email_as_spam", p.MarkedEmailAsSpam)
	o.bool("has_hard_bounced", p.HasHardBounced)
	o.open("tags")
	o.text("type", "tag.list")
	o.openList("tags")
	if p.Links != nil {
		for _, t := range p.Links.Carried {
			o.item()
			writeTag(&o, &t.Tag)
			o.close()
		}
	}
	o.closeList()
	o.close()
	o.raw("segments", `{"type":"segment.list","segments":[]}`)
	o.attributes("custom_attributes", p.CustomAttributes)
	o.textOrNull("referrer", p.Referrer)
	campaign(&o, p.UTM)
	writeMaybe(&o, "do_not_track", p.DoNotTrack)
	return o.end()
}

// companies writes the visitor's companies. They are the same in every version, like the visitor around them.
func (v Visitor) companies(o *object) {
	links := v.Person.Links
	if links == nil {
		links = &none
	}
	o.open("companies")
	o.text("type", "company.list")
	companies(o, "companies", links.Belongs, apiversion.V2_0)
	o.close()
}

// image writes the visitor's own picture, or else the one that goes with its pseudonym.
func (v Visitor) image(o *object) {
	switch slug := people.AvatarSlug(v.Person.Pseudonym); {
	case v.Person.Avatar != "":
		o.text("image_url", v.Person.Avatar)
	case slug != "":
		o.text("image_url", v.Base+"/avatars/pseudonym/"+slug+".png")
	default:
		o.null("image_url")
	}
}

// locationData writes the place of a visitor, {} when nothing is known.
func locationData(o *object, l people.Location) {
	o.open("location_data")
	defer o.close()
	if l == (people.Location{}) {
		return
	}
	o.text("type", "location_data")
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
			o.text(part.name, part.value)
		}
	}
}

func campaign(o *object, u people.UTM) {
	o.textOrNull("utm_campaign", u.Campaign)
	o.textOrNull("utm_content", u.Content)
	o.textOrNull("utm_medium", u.Medium)
	o.textOrNull("utm_source", u.Source)
	o.textOrNull("utm_term", u.Term)
}

// VisitorList is one page of visitors, with the cursor of the next.
type VisitorList struct {
	Visitors []*people.Person
	Base     string
	PerPage  int
	// Next is the cursor that the next page starts after; "" on the last page.
	Next string
}

// AppendJSON appends the page.
func (l VisitorList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "list")
	o.openList("data")
	for _, p := range l.Visitors {
		o.next()
		o.buf = Visitor{p, l.Base}.AppendJSON(o.buf)
	}
	o.closeList()
	o.open("pages")
	o.text("type", "pages")
	o.int("per_page", int64(l.PerPage))
	if l.Next == "" {
		o.null("next")
	} else {
		o.open("next")
		o.int("per_page", int64(l.PerPage))
		o.text("starting_after", l.Next)
		o.close()
	}
	o.close()
	return o.end()
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

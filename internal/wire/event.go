package wire

import (
	"time"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// identifiers writes the identifiers of the person of some events; of a visitor the id that its browser holds. Unknown ones
// are left out.
func identifiers(o *jsonio.Writer, p *people.Person) {
	if p.Email != "" {
		o.Text("email", p.Email)
	}
	o.Text("intercom_user_id", p.ID)
	switch {
	case p.Role == people.Visitor && p.AnonymousID != "":
		o.Text("user_id", p.AnonymousID)
	case p.ExternalID != "":
		o.Text("user_id", p.ExternalID)
	}
}

// EventList is one page of a contact's events, newest first.
type EventList struct {
	Page *people.EventPage
	// Next is the absolute URL of the older events; "" when there are none. Since is the absolute URL of the events that
	// will be newer than this page; "" for an empty page.
	Next, Since string
}

// AppendJSON appends the page.
func (l EventList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "event.list")
	o.OpenList("events")
	for _, e := range l.Page.Events {
		writeEvent(&o, e, l.Page.Contact)
	}
	o.CloseList()
	o.Open("pages")
	o.Text("type", "pages") // without it the Ruby client does not follow pages
	o.TextOrNull("next", l.Next)
	o.TextOrNull("since", l.Since)
	o.Close()
	identifiers(&o, l.Page.Contact)
	return o.End()
}

// writeEvent writes one event of a list, of the person as it is now.
func writeEvent(o *jsonio.Writer, e *people.Event, p *people.Person) {
	o.Item()
	writeEventMembers(o, e, p)
	o.Close()
}

func writeEventMembers(o *jsonio.Writer, e *people.Event, p *people.Person) {
	o.Text("type", "event")
	o.Text("id", e.ID)
	o.Int("created_at", e.CreatedAt)
	o.Text("event_name", e.Name)
	identifiers(o, p)
	o.Raw("metadata", metadataOf(e))
}

// PersonEvents is one page of what a person did in any stage of its life, newest first.
type PersonEvents struct {
	Page    *people.PersonEvents
	PerPage int
}

// AppendJSON appends the page.
func (l PersonEvents) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, e := range l.Page.Events {
		writeEvent(&o, e, l.Page.Person)
	}
	o.CloseList()
	next := ""
	if l.Page.More {
		next = l.Page.Events[len(l.Page.Events)-1].ID
	}
	writePages(&o, l.PerPage, next)
	return o.End()
}

// writePages writes the cursor of the page after one, null when that is the last.
func writePages(o *jsonio.Writer, perPage int, next string) {
	o.Open("pages")
	o.Text("type", "pages")
	o.Int("per_page", int64(perPage))
	if next != "" {
		o.Open("next")
		o.Int("per_page", int64(perPage))
		o.Text("starting_after", next)
		o.Close()
	} else {
		o.Null("next")
	}
	o.Close()
}

func metadataOf(e *people.Event) string {
	if e.Metadata == "" {
		return "{}"
	}
	return e.Metadata
}

// EventSummaries are the summaries of a contact's events, one for each name.
type EventSummaries struct {
	Contact   *people.Person
	Summaries []*people.EventSummary
}

// eventTime is the time format of summaries. Everything else has Unix seconds.
const eventTime = "2006-01-02T15:04:05.000-07:00"

// AppendJSON appends the summaries.
func (s EventSummaries) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "event.summary")
	identifiers(&o, s.Contact)
	o.OpenList("events")
	for _, one := range s.Summaries {
		writeSummary(&o, one)
	}
	o.CloseList()
	return o.End()
}

func writeSummary(o *jsonio.Writer, s *people.EventSummary) {
	o.Item()
	o.Text("name", s.Name)
	o.Text("first", time.Unix(s.First, 0).UTC().Format(eventTime))
	o.Text("last", time.Unix(s.Last, 0).UTC().Format(eventTime))
	o.Int("count", s.Count)
	o.Text("description", "")
	o.Close()
}

// anyFacts is metadata with a value of every kind that an event can have.
const anyFacts = `{"*text":"","*number":1.5,"*flag":true,"*link":{"url":"","value":""},"*money":{"amount":1,"currency":""}}`

func eventSamples(apiversion.Version) []Shape {
	event := full[people.Event]()
	event.Metadata = anyFacts
	p, stranger := fullPerson(people.User), barePerson(people.Lead)
	return []Shape{
		EventList{Page: &people.EventPage{Contact: p, Events: []*people.Event{event}}, Next: "*", Since: "*"},
		EventList{Page: &people.EventPage{Contact: stranger, Events: []*people.Event{event}}},
		PersonEvents{Page: &people.PersonEvents{Person: p, Events: []*people.Event{event}, More: true}},
		PersonEvents{Page: &people.PersonEvents{Person: stranger, Events: []*people.Event{event}}},
		EventSummaries{p, []*people.EventSummary{full[people.EventSummary]()}},
		EventSummaries{Contact: stranger},
	}
}

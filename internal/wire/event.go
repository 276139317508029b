package wire

import (
	"time"

	"lobby/internal/apiversion"
	"lobby/internal/people"
)

// identifiers writes by what the contact of events is known; what it has none of is left out.
func identifiers(o *object, p *people.Person) {
	if p.Email != "" {
		o.text("email", p.Email)
	}
	o.text("intercom_user_id", p.ID)
	if p.ExternalID != "" {
		o.text("user_id", p.ExternalID)
	}
}

// EventList is one page of what a contact did, newest first.
type EventList struct {
	Page *people.EventPage
	// Next is the absolute URL of the older events, "" when there are none; Since that of those that will be newer than
	// all shown, "" when none is shown.
	Next, Since string
}

// AppendJSON appends the page.
func (l EventList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "event.list")
	o.openList("events")
	for _, e := range l.Page.Events {
		o.item()
		o.text("type", "event")
		o.text("id", e.ID)
		o.int("created_at", e.CreatedAt)
		o.text("event_name", e.Name)
		identifiers(&o, l.Page.Contact)
		o.raw("metadata", metadataOf(e))
		o.close()
	}
	o.closeList()
	o.open("pages")
	o.text("type", "pages") // the Ruby client follows no pages without it
	o.textOrNull("next", l.Next)
	o.textOrNull("since", l.Since)
	o.close()
	identifiers(&o, l.Page.Contact)
	return o.end()
}

func metadataOf(e *people.Event) string {
	if e.Metadata == "" {
		return "{}"
	}
	return e.Metadata
}

// EventSummaries is the summaries of all that a contact did.
type EventSummaries struct {
	Contact   *people.Person
	Summaries []*people.EventSummary
}

// eventTime is how summaries write times, unlike everything else.
const eventTime = "2006-01-02T15:04:05.000-07:00"

// AppendJSON appends the summaries.
func (s EventSummaries) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "event.summary")
	identifiers(&o, s.Contact)
	o.openList("events")
	for _, one := range s.Summaries {
		o.item()
		o.text("name", one.Name)
		o.text("first", time.Unix(one.First, 0).UTC().Format(eventTime))
		o.text("last", time.Unix(one.Last, 0).UTC().Format(eventTime))
		o.int("count", one.Count)
		o.text("description", "")
		o.close()
	}
	o.closeList()
	return o.end()
}

// anyFacts are facts of every kind that an event can have.
const anyFacts = `{"*text":"","*number":1.5,"*flag":true,"*link":{"url":"","value":""},"*money":{"amount":1,"currency":""}}`

func eventSamples(apiversion.Version) []Shape {
	event := full[people.Event]()
	event.Metadata = anyFacts
	p, stranger := fullPerson(people.User), barePerson(people.Lead)
	return []Shape{
		EventList{Page: &people.EventPage{Contact: p, Events: []*people.Event{event}}, Next: "*", Since: "*"},
		EventList{Page: &people.EventPage{Contact: stranger, Events: []*people.Event{event}}},
		EventSummaries{p, []*people.EventSummary{full[people.EventSummary]()}},
		EventSummaries{Contact: stranger},
	}
}

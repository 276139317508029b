package people

import (
	"context"

	"lobby/internal/workspace"
)

// EventCreated is the topic of an event that was stored.
const EventCreated workspace.Topic = "event.created"

// Event is something that a person did, as reported by a page or a server.
type Event struct {
	Workspace workspace.ID
	ID        string
	// PersonID is the record with which the event was stored. A merge does not change it; readers follow the forwarding
	// address.
	PersonID  string
	Name      string
	CreatedAt int64
	// Metadata is a JSON object as text, validated by the front that received it; "" for none.
	Metadata string
	// Place is the position of the event among all of its person: CreatedAt in milliseconds, plus the number of older
	// events in the same second. A store sets it when it reads, and never writes it.
	Place int64
}

// EventSpan bounds events by their places: from Since, inclusive, to Before, exclusive. A Before of 0 is no bound.
type EventSpan struct{ Since, Before int64 }

// EventPage is one page of a contact's events, newest first.
type EventPage struct {
	Contact *Person
	Events  []*Event
	// More says whether there are older events within the span.
	More bool
}

const (
	// maxEventName is the max length of an event's name in bytes.
	maxEventName = 255
	// eventsListed is how long an event is listed, in seconds. After these 90 days only summaries count it.
	eventsListed = 90 * 24 * 60 * 60
)

// SubmitEvent stores an event of a contact. Its time is not corrected, since it identifies an event that a client sends
// again. The same event in the same second is stored once. Errors: ErrContactUnnamed, ErrUserNotFound, MergedError,
// workspace.InvalidError.
func (l *Lobby) SubmitEvent(ctx context.Context, c workspace.Caller, of UserRef, e Event) error {
	if err := CheckEventName("event_name", e.Name); err != nil {
		return err
	}
	return l.Store.Write(ctx, func(w Writer) error {
		contact, err := eventContact(w, c, of)
		if err != nil {
			return err
		}
		return l.StoreEvent(w, contact, e)
	})
}

// CheckEventName returns a [workspace.InvalidError] for the field unless the name of an event has 1 to 255 bytes.
func CheckEventName(field, name string) error {
	if name == "" || len(name) > maxEventName {
		return workspace.Invalid(field, "must have 1 to 255 bytes")
	}
	return nil
}

// StoreEvent stores an event of p, with a new id, and emits [EventCreated]. It does neither when the event is already stored.
func (l *Lobby) StoreEvent(w Writer, p *Person, e Event) error {
	e.Workspace, e.PersonID, e.ID = p.Workspace, p.ID, l.IDAt(l.Unix())
	fresh, err := w.InsertEvent(&e)
	if err != nil || !fresh {
		return err
	}
	return l.Emit(w, &workspace.OutboxEntry{Workspace: p.Workspace, Topic: EventCreated, PersonID: p.ID, SubjectID: e.ID})
}

// Events lists a contact's events within a span and the last 90 days, at most limit. Errors: ErrContactUnnamed,
// ErrUserNotFound, MergedError.
func (l *Lobby) Events(ctx context.Context, c workspace.Caller, of UserRef, span EventSpan, limit int) (*EventPage, error) {
	page := new(EventPage)
	err := l.Store.Read(ctx, func(r Reader) (err error) {
		if page.Contact, err = eventContact(r, c, of); err != nil {
			return err
		}
		span.Since = max(span.Since, (l.Unix()-eventsListed)*1000)
		limit = min(limit, MaxPage)
		page.Events, err = r.Events(c.Workspace, page.Contact.ID, span, limit+1)
		if page.More = len(page.Events) > limit; page.More {
			page.Events = page.Events[:limit]
		}
		return err
	})
	return page, err
}

// PersonEvents is one page of a person's events in any stage of its life, newest first.
type PersonEvents struct {
	Person *Person
	Events []*Event
	// More says that there are older events.
	More bool
}

// EventsOf lists all stored events of a person, newest first, at most limit. It begins after the event with the id after,
// or at the newest when that is empty. anyID is any id that the person ever had. Errors: ErrPersonNotFound.
func (l *Lobby) EventsOf(ctx context.Context, c workspace.Caller, anyID, after string, limit int) (*PersonEvents, error) {
	return read(ctx, l, func(r Reader) (*PersonEvents, error) {
		p, err := ByAnyID(r, c.Workspace, anyID)
		if err != nil {
			return nil, err
		}
		limit := min(limit, MaxPage)
		page := &PersonEvents{Person: p}
		page.Events, err = r.EventsAfter(c.Workspace, p.ID, after, limit+1)
		if page.More = len(page.Events) > limit; page.More {
			page.Events = page.Events[:limit]
		}
		return page, err
	})
}

// eventContact returns the contact whose events a request names. Errors: ErrContactUnnamed, ErrUserNotFound, MergedError.
func eventContact(r Reader, c workspace.Caller, ref UserRef) (*Person, error) {
	if ref == (UserRef{}) {
		return nil, ErrContactUnnamed
	}
	return contactNamed(r, c, ref)
}

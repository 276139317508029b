package people

import (
	"context"

	"lobby/internal/workspace"
)

// EventCreated is the topic of an event that was stored.
const EventCreated workspace.Topic = "event.created"

// Event is something that a person did, as told by a page or a server.
type Event struct {
	Workspace workspace.ID
	ID        string
	// PersonID is the person it was told of; a merge does not move it, readers follow the forwarding address.
	PersonID  string
	Name      string
	CreatedAt int64
	// Metadata is a JSON object as text, already checked by the front that took it; "" for none.
	Metadata string
	// Place is where the event stands among all of its person: the milliseconds of CreatedAt, and as many more as events
	// of the same second are older. A store answers it and never writes it.
	Place int64
}

// EventSpan bounds events by their places: from Since on, and until just before Before, if that is not 0.
type EventSpan struct{ Since, Before int64 }

// EventPage is one page of what a contact did, newest first.
type EventPage struct {
	Contact *Person
	Events  []*Event
	// More says that there are older events within the span.
	More bool
}

const (
	// maxEventName is the longest name of an event in bytes.
	maxEventName = 255
	// eventsListed is for how long, in seconds, an event is listed; after these 90 days only summaries count it.
	eventsListed = 90 * 24 * 60 * 60
)

// SubmitEvent stores an event of a contact at the time that it names, which is not corrected: by it a client that sends
// the event again is known. The same event in the same second is stored once. ErrContactUnnamed, ErrUserNotFound,
// MergedError, workspace.InvalidError.
func (l *Lobby) SubmitEvent(ctx context.Context, c workspace.Caller, of UserRef, e Event) error {
	if err := CheckEventName("event_name", e.Name); err != nil {
		return err
	}
	return l.Store.Write(ctx, func(w Writer) error {
		contact, err := doer(w, c, of)
		if err != nil {
			return err
		}
		return l.StoreEvent(w, contact, e)
	})
}

// CheckEventName returns a [workspace.InvalidError] of the field unless the name of an event has 1 to 255 bytes.
func CheckEventName(field, name string) error {
	if name == "" || len(name) > maxEventName {
		return workspace.Invalid(field, "must have 1 to 255 bytes")
	}
	return nil
}

// StoreEvent stores an event of p, with a new id, and emits [EventCreated]. It does neither when the event is stored
// already.
func (l *Lobby) StoreEvent(w Writer, p *Person, e Event) error {
	e.Workspace, e.PersonID, e.ID = p.Workspace, p.ID, l.IDAt(l.Unix())
	fresh, err := w.InsertEvent(&e)
	if err != nil || !fresh {
		return err
	}
	return l.Emit(w, &workspace.OutboxEntry{Workspace: p.Workspace, Topic: EventCreated, PersonID: p.ID, SubjectID: e.ID})
}

// Events lists what a contact did within a span and the last 90 days, at most limit events. ErrContactUnnamed,
// ErrUserNotFound, MergedError.
func (l *Lobby) Events(ctx context.Context, c workspace.Caller, of UserRef, span EventSpan, limit int) (*EventPage, error) {
	page := new(EventPage)
	err := l.Store.Read(ctx, func(r Reader) (err error) {
		if page.Contact, err = doer(r, c, of); err != nil {
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

// PersonEvents is one page of what a person did in any stage of its life, newest first.
type PersonEvents struct {
	Person *Person
	Events []*Event
	// More says that there are older events.
	More bool
}

// EventsOf lists all that is stored of what a person did, at most limit events: those after the one with an id, or the
// newest when that is empty. Any id that was ever the person's will do; ErrPersonNotFound.
func (l *Lobby) EventsOf(ctx context.Context, c workspace.Caller, anyID, after string, limit int) (*PersonEvents, error) {
	return read(ctx, l, func(r Reader) (*PersonEvents, error) {
		p, err := resolve(r, c.Workspace, anyID)
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

// doer answers the contact that a request names as the one who did something. ErrContactUnnamed, ErrUserNotFound,
// MergedError.
func doer(r Reader, c workspace.Caller, ref UserRef) (*Person, error) {
	if ref == (UserRef{}) {
		return nil, ErrContactUnnamed
	}
	return contactNamed(r, c, ref)
}

package deliver

import (
	"context"
	"errors"
	"strconv"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// reader is what deliveries are made of. The readers of the store implement all of it, on one view.
type reader interface {
	people.Reader
	webhook.Reader
	// Inbox returns the reader of conversations in the same view.
	Inbox() inbox.Reader
	// Event returns one event; nil when there is none.
	Event(ws workspace.ID, id string) (*people.Event, error)
}

var errReader = errors.New("this store has no webhooks")

// read calls fn with one view of the database.
func read(ctx context.Context, l *people.Lobby, fn func(reader) error) error {
	return l.Store.Read(ctx, func(view people.Reader) error {
		on, is := view.(reader)
		if !is {
			return errReader
		}
		return fn(on)
	})
}

// records are those that entries of the outbox name, by their ids. A record that is gone is missing.
type records struct {
	people        map[string]*people.Person
	changes       map[string]*people.Change
	companies     map[string]*people.Company
	events        map[string]*people.Event
	notes         map[string]*people.Note
	tags          map[string]*people.Tag
	subscriptions map[string]*people.SubscriptionType
	conversations map[string]*inbox.Conversation // by [conversationKey]
}

func newRecords() *records {
	return &records{
		people: map[string]*people.Person{}, changes: map[string]*people.Change{}, companies: map[string]*people.Company{},
		events: map[string]*people.Event{}, notes: map[string]*people.Note{}, tags: map[string]*people.Tag{},
		subscriptions: map[string]*people.SubscriptionType{}, conversations: map[string]*inbox.Conversation{},
	}
}

// tag returns the tag of an entry: as it was, when it was taken off.
func (has *records) tag(e *workspace.OutboxEntry) *people.Tag {
	if applied, is := e.Image.(*people.AppliedTag); is {
		return &applied.Tag
	}
	return has.tags[e.SubjectID]
}

// loadRecords reads the records of entries of one workspace, as they are at a Unix second.
func loadRecords(r reader, ws workspace.ID, entries []*workspace.OutboxEntry, now int64) (*records, error) {
	has := newRecords()
	for _, e := range entries {
		err := has.loadSubject(r, ws, e)
		if isOfConversation(e.Topic) {
			err = has.loadConversation(r.Inbox(), ws, e, now)
		}
		if err != nil {
			return nil, err
		}
		if e.PersonID != "" {
			if err := once(has.people, e.PersonID, func(id string) (*people.Person, error) { return r.Person(ws, id) }); err != nil {
				return nil, err
			}
		}
	}
	return has, has.associate(r, ws)
}

// loadSubject reads the record that an entry is about, unless that is a person.
func (has *records) loadSubject(r reader, ws workspace.ID, e *workspace.OutboxEntry) error {
	switch e.Topic {
	case people.VisitorConverted, people.ContactConverted, people.ContactMerged, people.ChangeUndone:
		return once(has.changes, e.SubjectID, func(id string) (*people.Change, error) { return r.Change(ws, id) })
	case people.CompanyCreated, people.CompanyUpdated, people.CompanyContactAttached, people.CompanyContactDetached:
		return once(has.companies, e.SubjectID, func(id string) (*people.Company, error) { return r.Company(ws, id) })
	case people.EventCreated:
		return once(has.events, e.SubjectID, func(id string) (*people.Event, error) { return r.Event(ws, id) })
	case people.ContactTagCreated:
		return once(has.tags, e.SubjectID, func(id string) (*people.Tag, error) { return r.Tag(ws, number(id)) })
	case people.ContactSubscribed, people.ContactUnsubscribed:
		return once(has.subscriptions, e.SubjectID, func(id string) (*people.SubscriptionType, error) {
			return r.SubscriptionType(ws, number(id))
		})
	case people.NoteCreated:
		return once(has.notes, e.SubjectID, func(id string) (*people.Note, error) { return has.loadNote(r, ws, number(id)) })
	}
	return nil
}

func (has *records) loadNote(r reader, ws workspace.ID, id int64) (*people.Note, error) {
	note, err := r.Note(ws, id)
	if err != nil || note == nil {
		return nil, err
	}
	if note.PersonID != "" {
		if note.Person, err = r.Person(ws, note.PersonID); err != nil || note.Person == nil {
			return nil, err
		}
		if note.Person, err = people.Follow(r, note.Person); err != nil {
			return nil, err
		}
	}
	if note.Author, err = r.Admin(ws, note.AdminID); err == nil && note.Author == nil {
		note.Author = &workspace.Admin{ID: note.AdminID}
	}
	return note, err
}

// associate sets what is attached to the people, as far as a view of contacts shows it.
func (has *records) associate(r reader, ws workspace.ID) error {
	var attached []string
	for id, p := range has.people {
		if p != nil && p.Attached {
			attached = append(attached, id)
		}
	}
	if attached == nil {
		return nil
	}
	links, err := r.Associations(ws, attached)
	for _, id := range attached {
		has.people[id].Associations = links[id]
	}
	return err
}

// once looks a record up unless that was done before.
func once[T any](all map[string]*T, id string, look func(string) (*T, error)) error {
	if _, done := all[id]; done {
		return nil
	}
	found, err := look(id)
	all[id] = found
	return err
}

// number reads a decimal id; 0, which no record has, for anything else.
func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64) //nolint:errcheck // it is 0 then
	return n
}

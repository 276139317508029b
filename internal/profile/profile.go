// Package profile reads all that a workspace has about one person, in one consistent view.
// The API's export of a person and the pages call it. It must not know how anything is shown, and it changes nothing.
package profile

import (
	"context"
	"math"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/traffic"
	"lobby/internal/workspace"
)

// Profile is a person with everything that hangs on it.
type Profile struct {
	Person *people.Person
	// Absorbed are the records that were merged into the person.
	Absorbed      []*people.Person
	Companies     []*people.Company
	Tags          []*people.AppliedTag
	Segments      []*people.Segment // of a live contact
	Subscriptions []*people.SubscriptionType
	Summaries     []*people.EventSummary
	// Notes, Events and Changes come newest first.
	Notes   []*people.Note
	Events  []*people.Event
	Changes []*people.Change
	// PageViews are those that are kept, newest first.
	PageViews []*traffic.PageView
	// NoteCount is the number of all notes.
	NoteCount int
	// Conversations are those in which the person takes part or wrote, as far as it may know them.
	Conversations []*inbox.Conversation
	// Messages are those to the person that no conversation shows, and Mails the emails to it, oldest first. They are read
	// with the conversations.
	Messages []*inbox.Message
	Mails    []*inbox.Mail
	// Rest is what else is kept about the person. It is read with the conversations.
	Rest []Record
}

// Record is a row about a person, as an access request shows it.
type Record struct {
	Kind   string
	Values []byte // a JSON object of plain values
}

// Max is how much of the long lists is read.
type Max struct {
	Notes, Events, Changes, PageViews int
	// Conversations is whether they and the rest are read, all of them.
	Conversations bool
}

// All is as much as there can be.
var All = Max{math.MaxInt32, math.MaxInt32, math.MaxInt32, math.MaxInt32, true}

// withInbox is what a reader of persons has where conversations are in the same database.
type withInbox interface {
	// Inbox returns the reader of conversations in the same view.
	Inbox() inbox.Reader
}

// withPageViews is what a reader of persons has where traffic is in the same database.
type withPageViews interface {
	PageViews(ws workspace.ID, personID, after string, limit int) ([]*traffic.PageView, error)
}

// withRest is what a reader of persons has that can show the rows of a database.
type withRest interface {
	Rest(ws workspace.ID, personID string, each func(kind string, values []byte)) error
}

// PageViews lists the page views of the person to whom an id leads, newest first, at most limit. It begins after the page
// view with the id after, or at the newest when that is empty. Errors: people.ErrPersonNotFound.
func PageViews(ctx context.Context, l *people.Lobby, c workspace.Caller, anyID, after string, limit int) (all []*traffic.PageView, err error) {
	err = l.Store.Read(ctx, func(r people.Reader) error {
		p, err := people.ByAnyID(r, c.Workspace, anyID)
		if err != nil {
			return err
		}
		all = nil
		if on, has := r.(withPageViews); has {
			all, err = on.PageViews(c.Workspace, p.ID, after, limit)
		}
		return err
	})
	return all, err
}

// Of returns the profile of the person to whom an id leads. Errors: people.ErrPersonNotFound.
func Of(ctx context.Context, l *people.Lobby, c workspace.Caller, anyID string, most Max) (*Profile, error) {
	if !workspace.IsText(anyID) {
		return nil, people.ErrPersonNotFound
	}
	p := new(Profile)
	err := l.Store.Read(ctx, func(r people.Reader) (err error) {
		*p = Profile{}
		if p.Person, err = people.ByAnyID(r, c.Workspace, anyID); err != nil {
			return err
		}
		absorbed, err := r.Absorbed(c.Workspace, p.Person.ID)
		if err != nil {
			return err
		}
		for _, id := range absorbed {
			person, err := r.Person(c.Workspace, id)
			if err != nil {
				return err
			}
			p.Absorbed = append(p.Absorbed, person)
		}
		if err := p.readAttached(r, l, c); err != nil {
			return err
		}
		if err := p.readHistory(r, c, most); err != nil {
			return err
		}
		if on, has := r.(withPageViews); has {
			if p.PageViews, err = on.PageViews(c.Workspace, p.Person.ID, "", most.PageViews); err != nil {
				return err
			}
		}
		if on, has := r.(withRest); has && most.Conversations {
			err := on.Rest(c.Workspace, p.Person.ID, func(kind string, values []byte) { p.Rest = append(p.Rest, Record{kind, values}) })
			if err != nil {
				return err
			}
		}
		if on, has := r.(withInbox); has && most.Conversations {
			return p.readInbox(on.Inbox(), l, c)
		}
		return nil
	})
	return p, err
}

// readInbox reads what the person wrote, and what was written to it.
func (p *Profile) readInbox(r inbox.Reader, l *people.Lobby, c workspace.Caller) (err error) {
	if p.Conversations, err = inbox.Personal(r, c.Workspace, p.Person.ID, l.Unix()); err != nil {
		return err
	}
	if p.Messages, err = inbox.PersonalMessages(r, c.Workspace, p.Person.ID, p.Conversations); err != nil {
		return err
	}
	p.Mails, err = r.MailsTo(c.Workspace, p.Person.ID)
	return err
}

// readAttached reads what hangs on the person.
func (p *Profile) readAttached(r people.Reader, l *people.Lobby, c workspace.Caller) error {
	ids := []string{p.Person.ID}
	companies, err := r.CompaniesOf(c.Workspace, ids)
	if err != nil {
		return err
	}
	tags, err := r.PersonTags(c.Workspace, ids)
	if err != nil {
		return err
	}
	p.Companies, p.Tags = companies[p.Person.ID], tags[p.Person.ID]
	if p.Person.IsLiveContact() {
		if p.Segments, err = l.SegmentsWith(r, c, p.Person); err != nil {
			return err
		}
	}
	p.Subscriptions, err = r.Subscriptions(c.Workspace, p.Person.ID)
	return err
}

// readHistory reads what was written about the person, and what it did and became.
func (p *Profile) readHistory(r people.Reader, c workspace.Caller, most Max) (err error) {
	id := p.Person.ID
	if p.Notes, p.NoteCount, err = r.Notes(c.Workspace, id, workspace.Page{Number: 1, Size: most.Notes}); err != nil {
		return err
	}
	for _, n := range p.Notes {
		n.Person = p.Person
		author, err := r.Admin(c.Workspace, n.AdminID)
		if err != nil {
			return err
		}
		n.SetAuthor(author)
	}
	if p.Events, err = r.EventsAfter(c.Workspace, id, "", most.Events); err != nil {
		return err
	}
	if p.Summaries, err = r.EventSummaries(c.Workspace, id); err != nil {
		return err
	}
	p.Changes, err = r.Changes(c.Workspace, id, "", most.Changes)
	return err
}

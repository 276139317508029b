package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"lobby/internal/enrich"
	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

// Join returns the use cases of persons and of conversations over one store. What one of them does to the records of the
// other, it does in the same transaction.
func Join(store *sqlstore.Store) (*people.Lobby, *inbox.Inbox) {
	lobby := people.New(store, enrich.PseudonymFrom)
	return lobby, joinInbox(lobby, store)
}

// joinInbox joins a lobby with the conversations of a store.
func joinInbox(lobby *people.Lobby, store *sqlstore.Store) *inbox.Inbox {
	conversations := inbox.New(lobby.Registry, store.Inbox(), contacts{lobby})
	lobby.Attached = attached{conversations}
	return conversations
}

// contacts are the persons as conversations see them.
type contacts struct{ lobby *people.Lobby }

// Find implements [inbox.Contacts].
func (p contacts) Find(r inbox.Reader, c workspace.Caller, ref inbox.ContactRef) (*inbox.Contact, error) {
	person, err := people.FindCorrespondent(sqlstore.PeopleReader(r), c, people.UserRef(ref))
	switch {
	case errors.Is(err, people.ErrUserNotFound):
		return nil, fmt.Errorf("%w: %w", inbox.ErrContactUnknown, err)
	case err != nil:
		return nil, err
	}
	return contact(person, ""), nil
}

// Author implements [inbox.Contacts].
func (p contacts) Author(w inbox.Writer, c workspace.Caller, ref inbox.ContactRef) (*inbox.Contact, error) {
	person, changeID, err := p.lobby.Correspondent(sqlstore.PeopleWriter(w), c, people.UserRef(ref))
	if err != nil {
		return nil, err
	}
	return contact(person, changeID), nil
}

// Participant implements [inbox.Contacts].
func (p contacts) Participant(w inbox.Writer, c workspace.Caller, ref inbox.ContactRef) (*inbox.Contact, error) {
	if ref.ID != "" || ref.UserID != "" {
		return p.Author(w, c, ref)
	}
	person, err := p.lobby.CorrespondentByEmail(sqlstore.PeopleWriter(w), c, ref.Email)
	if err != nil {
		return nil, err
	}
	return contact(person, ""), nil
}

func contact(p *people.Person, changeID string) *inbox.Contact {
	return &inbox.Contact{ID: p.ID, Role: string(p.Role), ExternalID: p.ExternalID, Name: p.Name, Email: p.Email, ConvertedBy: changeID}
}

// Mailbox implements [inbox.Contacts].
func (p contacts) Mailbox(r inbox.Reader, c workspace.Caller, id string) (*inbox.Mailbox, error) {
	person, err := people.FindCorrespondent(sqlstore.PeopleReader(r), c, people.UserRef{ID: id})
	switch {
	case errors.Is(err, people.ErrUserNotFound):
		return nil, inbox.ErrContactUnknown
	case err != nil:
		return nil, err
	}
	box := &inbox.Mailbox{ContactID: person.ID, Name: person.Name, Email: strings.TrimSpace(person.Email), LastSeenAt: person.LastSeenAt}
	switch {
	case box.Email == "":
		box.Refusal = "no address"
	case person.UnsubscribedFromEmails:
		box.Refusal = "unsubscribed_from_emails"
	case person.HasHardBounced:
		box.Refusal = "has_hard_bounced"
	case person.MarkedEmailAsSpam:
		box.Refusal = "marked_email_as_spam"
	}
	return box, nil
}

// Replied implements [inbox.Contacts].
func (p contacts) Replied(w inbox.Writer, c workspace.Caller, id string, at int64) error {
	return p.lobby.Mark(sqlstore.PeopleWriter(w), c, id, func(person *people.Person) error {
		person.LastRepliedAt = max(person.LastRepliedAt, at)
		return nil
	})
}

// Contacted implements [inbox.Contacts]. Persons are locked in the order of their ids.
func (p contacts) Contacted(w inbox.Writer, c workspace.Caller, ids []string, at int64) error {
	for _, id := range slices.Sorted(slices.Values(ids)) {
		err := p.lobby.Mark(sqlstore.PeopleWriter(w), c, id, func(person *people.Person) error {
			person.LastContactedAt = max(person.LastContactedAt, at)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Received implements [inbox.Contacts]. A flag that changes is an update of the contact, a time is none.
func (p contacts) Received(iw inbox.Writer, c workspace.Caller, id string, kind inbox.ReceiptKind, at int64) error {
	w := sqlstore.PeopleWriter(iw)
	return p.lobby.Mark(w, c, id, func(person *people.Person) error {
		var flag *bool
		switch kind {
		case inbox.Opened:
			person.LastEmailOpenedAt = max(person.LastEmailOpenedAt, at)
		case inbox.Clicked:
			person.LastEmailClickedAt = max(person.LastEmailClickedAt, at)
		case inbox.Bounced:
			flag = &person.HasHardBounced
		case inbox.Complained:
			flag = &person.MarkedEmailAsSpam
		case inbox.Unsubscribed:
			flag = &person.UnsubscribedFromEmails
		}
		if flag == nil || *flag {
			return nil
		}
		*flag = true
		person.UpdatedAt = max(person.UpdatedAt, p.lobby.Unix())
		if !person.Role.IsContact() {
			return nil
		}
		err := p.lobby.EmitContact(w, people.ContactUpdated, person)
		if err != nil || kind != inbox.Unsubscribed {
			return err
		}
		return p.lobby.Emit(w, &workspace.OutboxEntry{Workspace: person.Workspace, Topic: people.ContactUnsubscribed, PersonID: person.ID, Role: string(person.Role)})
	})
}

// attached are the conversations as persons see them.
type attached struct{ inbox *inbox.Inbox }

// Blocked implements [people.Attached].
func (a attached) Blocked(w people.Writer, c workspace.Caller, personID string) error {
	return a.inbox.Blocked(sqlstore.InboxWriter(w), c, personID)
}

// Erased implements [people.Attached].
func (a attached) Erased(w people.Writer, c workspace.Caller, personID string) error {
	return a.inbox.Erased(sqlstore.InboxWriter(w), c, personID)
}

package app

import (
	"slices"

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
	if err != nil {
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

// Replied implements [inbox.Contacts].
func (p contacts) Replied(w inbox.Writer, c workspace.Caller, id string, at int64) error {
	return p.lobby.MarkHeard(sqlstore.PeopleWriter(w), c, id, at, 0)
}

// Contacted implements [inbox.Contacts]. Persons are locked in the order of their ids.
func (p contacts) Contacted(w inbox.Writer, c workspace.Caller, ids []string, at int64) error {
	for _, id := range slices.Sorted(slices.Values(ids)) {
		if err := p.lobby.MarkHeard(sqlstore.PeopleWriter(w), c, id, 0, at); err != nil {
			return err
		}
	}
	return nil
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

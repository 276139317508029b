package inbox

import (
	"context"
	"errors"

	"lobby/internal/workspace"
)

// Inbox has the use cases of conversations over one [Store]. It shares clock and ids with the use cases on workspaces. It
// is safe for concurrent use.
type Inbox struct {
	*workspace.Registry
	Store    Store
	Contacts Contacts
	// SendsMail says that emails are sent. Without it they are only stored.
	SendsMail bool
}

// New returns an inbox over a store, with the contacts of the same database.
func New(registry *workspace.Registry, store Store, contacts Contacts) *Inbox {
	return &Inbox{Registry: registry, Store: store, Contacts: contacts}
}

// ContactRef names a contact: the first one set of ID, UserID and Email decides.
type ContactRef struct{ ID, UserID, Email string }

// IsZero reports whether a reference names nobody.
func (r ContactRef) IsZero() bool { return r == ContactRef{} }

// Contact is what conversations show of a contact.
type Contact struct {
	ID         string
	Role       string // "lead" or "user"; "visitor" when the conversion that made it a lead was undone
	ExternalID string
	Name       string
	Email      string
	// ConvertedBy is the journal entry by which a visitor just became this lead; "" in all other cases.
	ConvertedBy string
}

// Mailbox is where a contact gets mail.
type Mailbox struct {
	ContactID   string
	Name, Email string
	// LastSeenAt is when the contact was last on a page; 0 for never.
	LastSeenAt int64
	// Refusal says why no mail may be sent: the name of the flag that forbids it, or "no address"; "" when it may.
	Refusal string
}

// Contacts is what conversations need of persons. Each method runs in the transaction of the writer, follows the forwarding
// address of a merged contact and, but for Find, locks the persons that it looks up. Look conversations up before contacts,
// so that two writes never wait for each other.
type Contacts interface {
	// Find returns the contact or visitor that a reference means. ErrContactUnknown is among the errors that say that there is
	// none.
	Find(r Reader, c workspace.Caller, ref ContactRef) (*Contact, error)
	// Author returns the contact that a reference means. A visitor becomes a lead, with an entry in the journal, whose id is
	// then [Contact.ConvertedBy]. The error says that there is no such contact.
	Author(w Writer, c workspace.Caller, ref ContactRef) (*Contact, error)
	// Participant is Author, but makes a lead of an email address that nobody has.
	Participant(w Writer, c workspace.Caller, ref ContactRef) (*Contact, error)
	// Mailbox returns where a contact gets mail. ErrContactUnknown is among the errors that say that there is none.
	Mailbox(r Reader, c workspace.Caller, contactID string) (*Mailbox, error)
	// Replied records that a contact wrote at a time, and Contacted that admins wrote to contacts. Neither moves a time back.
	Replied(w Writer, c workspace.Caller, contactID string, at int64) error
	Contacted(w Writer, c workspace.Caller, contactIDs []string, at int64) error
	// Received records what became of mail to a contact at a time, even if it is archived by now. No time moves back.
	Received(w Writer, c workspace.Caller, contactID string, kind ReceiptKind, at int64) error
}

// ErrContactUnknown says that a reference means nobody.
var ErrContactUnknown = errors.New("no such contact")

// read returns what fn reads in one consistent view.
func read[T any](ctx context.Context, in *Inbox, fn func(Reader) (T, error)) (T, error) {
	return workspace.Read(ctx, in.Store, fn)
}

// write returns what fn returns from one transaction, which happens completely or not at all. fn may run again from the start.
func write[T any](ctx context.Context, in *Inbox, fn func(Writer) (T, error)) (T, error) {
	return workspace.Write(ctx, in.Store, fn)
}

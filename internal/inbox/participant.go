package inbox

import (
	"context"
	"errors"
	"slices"

	"lobby/internal/workspace"
)

// ErrLastParticipant says that nobody would take part in the conversation.
var ErrLastParticipant = errors.New("the contact is the only one who takes part")

// The topics of participants.
const (
	ContactAttached workspace.Topic = "conversation.contact.attached"
	ContactDetached workspace.Topic = "conversation.contact.detached"
)

// Actor is who changes the participants: an admin, or a contact who takes part.
type Actor struct {
	AdminID int64
	Contact ContactRef
}

// AttachContact adds a contact to a conversation, and returns the conversation. An email address that nobody has becomes a
// lead. It does nothing when the contact takes part already. Errors: ErrConversationNotFound, ErrNotParticipant,
// workspace.ErrAdminNotFound, and those of [Contacts.Participant].
func (in *Inbox) AttachContact(ctx context.Context, c workspace.Caller, id int64, by Actor, ref ContactRef) (*Conversation, error) {
	return in.change(ctx, c, id, func(t *thread) error {
		p, err := t.actor(by)
		if err != nil {
			return err
		}
		contact, err := in.Contacts.Participant(t.w, c, ref)
		if err != nil {
			return err
		}
		all, err := t.participants()
		if err != nil || isAmong(all, contact.ID) {
			return err
		}
		if err := t.w.InsertParticipant(c.Workspace, id, contact.ID, in.Unix()); err != nil {
			return err
		}
		p.Type, t.known = ParticipantAddedPart, nil
		t.append(p)
		t.told = append(t.told, notice{ContactAttached, contact.ID, p})
		return nil
	})
}

// DetachContact removes a contact from a conversation, and returns the conversation. Errors: ErrConversationNotFound,
// ErrNotParticipant, ErrLastParticipant, workspace.ErrAdminNotFound.
func (in *Inbox) DetachContact(ctx context.Context, c workspace.Caller, id int64, by Actor, contactID string) (*Conversation, error) {
	return in.change(ctx, c, id, func(t *thread) error {
		p, err := t.actor(by)
		if err != nil {
			return err
		}
		today, err := t.w.ContactsByID(c.Workspace, []string{contactID})
		if err != nil {
			return err
		}
		all, err := t.participants()
		switch {
		case err != nil:
			return err
		case today[contactID] == nil || !isAmong(all, today[contactID].ID):
			return ErrNotParticipant
		case len(all) == 1:
			return ErrLastParticipant
		}
		contactID := today[contactID].ID
		if err := t.w.DeleteParticipant(c.Workspace, id, contactID); err != nil {
			return err
		}
		p.Type, t.known = ParticipantGonePart, nil
		t.append(p)
		t.told = append(t.told, notice{ContactDetached, contactID, p})
		return nil
	})
}

// actor returns a part by who acts.
func (t *thread) actor(by Actor) (*Part, error) {
	if by.Contact.IsZero() {
		return &Part{Author: Author{AdminID: by.AdminID}}, t.mustBeAdmin(by.AdminID)
	}
	contact, err := t.participant(by.Contact)
	if err != nil {
		return nil, err
	}
	return &Part{Author: Author{ContactID: contact.ID}}, nil
}

// participant returns the contact that a reference means, who takes part in the conversation. Errors: ErrNotParticipant, and
// those of [Contacts.Author].
func (t *thread) participant(ref ContactRef) (*Contact, error) {
	contact, err := t.in.Contacts.Author(t.w, t.caller, ref)
	if err != nil {
		return nil, err
	}
	if contact.ConvertedBy != "" {
		t.known = nil
	}
	all, err := t.participants()
	if err == nil && !isAmong(all, contact.ID) {
		err = ErrNotParticipant
	}
	return contact, err
}

// isAmong reports whether one of the contacts has an id.
func isAmong(all []*Contact, id string) bool {
	return slices.ContainsFunc(all, func(c *Contact) bool { return c.ID == id })
}

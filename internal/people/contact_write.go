package people

import (
	"context"
	"errors"
	"strings"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// The errors of a contact that is written.
var (
	ErrContactNotNamed = errors.New("the request gives neither an identifier nor a role")
	ErrUserAnonymous   = errors.New("a user needs an email address or an external id")
	ErrRoleInvalid     = errors.New("a contact is a lead or a user only")
	ErrUserStays       = errors.New("a user never becomes a lead again")
	ErrOwnerNotFound   = errors.New("the owner is no admin of the workspace")
)

// More topics of contacts. The subject is the contact itself.
const (
	ContactCreated    workspace.Topic = "contact.created"
	ContactUpdated    workspace.Topic = "contact.updated"
	ContactArchived   workspace.Topic = "contact.archived"
	ContactUnarchived workspace.Topic = "contact.unarchived"
	ContactBlocked    workspace.Topic = "contact.blocked"
	ContactDeleted    workspace.Topic = "contact.deleted"
	// After an update that changed the address: to a contact that had none, or in any other way.
	ContactEmailAdded   workspace.Topic = "contact.email.added"
	ContactEmailUpdated workspace.Topic = "contact.email.updated"
)

// ContactFields are the fields that the Contacts API may write. Nil leaves a field unchanged; a zero value clears it.
type ContactFields struct {
	// Role is never cleared. An empty role makes a new contact a user, and leaves the role of an existing one.
	Role                   *Role
	ExternalID, Email      *string
	Phone, Name, Avatar    *string
	LanguageOverride       *string
	SignedUpAt, LastSeenAt *int64 // Unix seconds
	OwnerID                *int64
	UnsubscribedFromEmails *bool
	// CustomAttributes are merged key by key; null removes a key. All of them must be defined.
	CustomAttributes search.Attributes
}

// check refuses values that no contact may have.
func (f *ContactFields) check() error {
	if f.Role != nil && *f.Role != "" && !f.Role.IsContact() {
		return ErrRoleInvalid
	}
	if f.ExternalID != nil {
		if err := workspace.CheckIdentifier("external_id", *f.ExternalID); err != nil {
			return err
		}
	}
	if f.Email != nil {
		return workspace.CheckEmail("email", *f.Email)
	}
	return nil
}

// writeTo writes the given fields to p.
func (f *ContactFields) writeTo(p *Person) {
	if f.Role != nil && *f.Role != "" {
		p.Role = *f.Role
	}
	set(&p.ExternalID, f.ExternalID)
	if f.Email != nil {
		p.Email = strings.TrimSpace(*f.Email)
	}
	if f.ExternalID != nil || f.Email != nil {
		p.Unverified = false // now the owner says who it is
	}
	set(&p.Phone, f.Phone)
	set(&p.Name, f.Name)
	set(&p.Avatar, f.Avatar)
	set(&p.LanguageOverride, f.LanguageOverride)
	set(&p.SignedUpAt, f.SignedUpAt)
	set(&p.LastSeenAt, f.LastSeenAt)
	set(&p.OwnerID, f.OwnerID)
	set(&p.UnsubscribedFromEmails, f.UnsubscribedFromEmails)
	p.CustomAttributes = p.CustomAttributes.With(f.CustomAttributes)
}

func set[T any](field, given *T) {
	if given != nil {
		*field = *given
	}
}

// CreateContact creates a lead, or a user when no role is given. Errors: ErrContactNotNamed, ErrRoleInvalid,
// ErrUserAnonymous, ErrOwnerNotFound, workspace.InvalidError, UnknownAttributeError, ConflictError, BlockedError.
func (l *Lobby) CreateContact(ctx context.Context, c workspace.Caller, fields ContactFields) (*Person, error) {
	if err := fields.check(); err != nil {
		return nil, err
	}
	now := l.Unix()
	contact := &Person{Workspace: c.Workspace, ID: l.IDAt(now), CreatedAt: now, UpdatedAt: now}
	fields.writeTo(contact)
	switch anonymous := contact.ExternalID == "" && contact.Email == ""; {
	case anonymous && contact.Role == "":
		return nil, ErrContactNotNamed
	case anonymous && contact.Role == User:
		return nil, ErrUserAnonymous
	case contact.Role == "":
		contact.Role = User
	}
	err := l.Store.Write(ctx, func(w Writer) error {
		if err := CheckUnique(w, nil, contact); err != nil {
			return err
		}
		if err := checkOwner(w, contact); err != nil {
			return err
		}
		if err := l.mustBeDefined(w, c.Workspace, ContactModel, fields.CustomAttributes); err != nil {
			return err
		}
		if err := l.Save(w, c, nil, contact); err != nil {
			return err
		}
		return l.EmitContact(w, ContactCreated, contact)
	})
	return contact, err
}

// UpdateContact changes a live contact. An update without changes still counts as an update. When a lead becomes a user, the
// journal gets an entry, and changeID is its id. Errors: ErrUserNotFound, MergedError, ErrUserStays and those of CreateContact.
func (l *Lobby) UpdateContact(
	ctx context.Context, c workspace.Caller, id string, fields ContactFields, extra ...Extra,
) (contact *Person, changeID string, err error) {
	err = l.Store.Write(ctx, func(w Writer) error {
		before, err := findContact(w, c, id, Active)
		if err != nil {
			return err
		}
		if err := fields.check(); err != nil {
			return err
		}
		contact, changeID = before.Clone(), ""
		fields.writeTo(contact)
		contact.UpdatedAt = l.Unix()
		if err := l.checkUpdate(w, before, contact, fields.CustomAttributes); err != nil {
			return err
		}
		if err := l.Save(w, c, before, contact); err != nil {
			return err
		}
		if err := showContacts(w, extra, contact); err != nil {
			return err
		}
		if contact.Role == before.Role {
			return l.EmitUpdate(w, before, contact)
		}
		change := &Change{Kind: ChangeConverted, Subject: before, Result: contact}
		err = l.record(w, c, change)
		changeID = change.ID
		return err
	})
	return contact, changeID, err
}

// checkUpdate refuses an update that this contact may not have.
func (l *Lobby) checkUpdate(w Writer, before, after *Person, set search.Attributes) error {
	if before.Role == User && after.Role == Lead {
		return ErrUserStays
	}
	isWritten := after.Role != before.Role || after.ExternalID != before.ExternalID || after.Email != before.Email
	if isWritten && after.Role == User && after.ExternalID == "" && after.Email == "" {
		return ErrUserAnonymous
	}
	if err := CheckUnique(w, before, after); err != nil {
		return err
	}
	if after.OwnerID != before.OwnerID {
		if err := checkOwner(w, after); err != nil {
			return err
		}
	}
	return l.mustBeDefined(w, after.Workspace, ContactModel, set)
}

// ArchiveContact hides a contact; its identifiers stay taken. It does nothing when the contact is archived already. Errors:
// ErrUserNotFound, MergedError.
func (l *Lobby) ArchiveContact(ctx context.Context, c workspace.Caller, id string) (*Person, error) {
	return l.moveContact(ctx, c, id, Archived, ContactArchived)
}

// UnarchiveContact takes a contact out of the archive. It does nothing when the contact is active already. Errors:
// ErrUserNotFound, MergedError; BlockedError, because a blocked contact never comes back; ConflictError when another
// contact has its identifiers by now.
func (l *Lobby) UnarchiveContact(ctx context.Context, c workspace.Caller, id string) (*Person, error) {
	return l.moveContact(ctx, c, id, Active, ContactUnarchived)
}

// BlockContact hides a contact, archived or not, for good: it can neither be restored nor created again. It does nothing
// when the contact is blocked already. Errors: ErrUserNotFound, MergedError.
func (l *Lobby) BlockContact(ctx context.Context, c workspace.Caller, id string) (*Person, error) {
	return l.moveContact(ctx, c, id, Blocked, ContactBlocked)
}

func (l *Lobby) moveContact(ctx context.Context, c workspace.Caller, id string, to State, topic workspace.Topic) (*Person, error) {
	return write(ctx, l, func(w Writer) (contact *Person, err error) {
		before, err := findContact(w, c, id, Active, Archived, Blocked)
		if err != nil {
			return nil, err
		}
		contact = before
		switch {
		case before.State == to:
			return contact, nil
		case before.State == Blocked && to == Active:
			return nil, &BlockedError{before.ID}
		case before.State == Blocked:
			return nil, ErrUserNotFound
		}
		contact = before.Clone()
		contact.State, contact.UpdatedAt = to, l.Unix()
		if to == Active {
			if err := CheckReturn(w, contact); err != nil {
				return nil, err
			}
		}
		if err := w.UpdatePerson(before, contact); err != nil {
			return nil, err
		}
		if to == Blocked && l.Attached != nil {
			if err := l.Attached.Blocked(w, c, contact.ID); err != nil {
				return nil, err
			}
		}
		return contact, l.EmitContact(w, topic, contact)
	})
}

// DeleteContact erases a contact, hidden or not, with everything attached to it, and returns it as it was. It does not
// follow forwarding addresses: the id of a merged contact returns that contact as it was, and deletes nothing. Errors:
// ErrUserNotFound; MergedError for a visitor that was merged into a contact.
func (l *Lobby) DeleteContact(ctx context.Context, c workspace.Caller, id string) (*Person, error) {
	return write(ctx, l, func(w Writer) (contact *Person, err error) {
		found, err := w.Person(c.Workspace, id)
		if err != nil {
			return nil, err
		}
		if found != nil && found.State == Merged && found.Role.IsContact() {
			return found, nil
		}
		if contact, err = asContact(w, found, false, Active, Archived, Blocked); err != nil {
			return nil, err
		}
		if contact.State == Active && contact.Attached { // archive it first, so that its companies count one user less
			hidden := contact.Clone()
			hidden.State, hidden.UpdatedAt = Archived, l.Unix()
			if err := w.UpdatePerson(contact, hidden); err != nil {
				return nil, err
			}
		}
		if err := l.erase(w, c, contact.ID, l.Unix()); err != nil {
			return nil, err
		}
		return contact, l.EmitContact(w, ContactDeleted, contact)
	})
}

// EmitContact adds an outbox entry about a contact.
func (l *Lobby) EmitContact(w Writer, topic workspace.Topic, contact *Person) error {
	return l.Emit(w, &workspace.OutboxEntry{Workspace: contact.Workspace, Topic: topic, PersonID: contact.ID, Role: string(contact.Role), SubjectID: contact.ID})
}

// EmitUpdate adds the outbox entries about a contact that was updated: one more when its address is another.
func (l *Lobby) EmitUpdate(w Writer, before, after *Person) error {
	err := l.EmitContact(w, ContactUpdated, after)
	if err != nil || after.Email == before.Email {
		return err
	}
	topic := ContactEmailUpdated
	if before.Email == "" {
		topic = ContactEmailAdded
	}
	return l.EmitContact(w, topic, after)
}

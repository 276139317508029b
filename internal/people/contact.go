package people

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"lobby/internal/workspace"
)

// The errors of a contact.
var (
	ErrUserNotFound   = errors.New("no such contact")
	ErrContactUnnamed = errors.New("the request names no contact")
)

// MergedError says that a person was absorbed by another.
type MergedError struct {
	IntoID string
	// Role is the role of the absorbed person.
	Role Role
}

func (e *MergedError) Error() string { return "that person has been merged into " + e.IntoID }

// FindContact returns a live contact. For the id of a merged one, it returns the survivor if the workspace is set to follow
// merges, and otherwise a MergedError. All other contacts that cannot be seen are ErrUserNotFound.
func (l *Lobby) FindContact(ctx context.Context, c workspace.Caller, id string, extra ...Extra) (*Person, error) {
	return read(ctx, l, func(r Reader) (*Person, error) {
		contact, err := findContact(r, c, id, Active)
		if err != nil {
			return nil, err
		}
		return contact, showContacts(r, extra, contact)
	})
}

// FindContactByExternalID is FindContact for the owner's own id.
func (l *Lobby) FindContactByExternalID(ctx context.Context, c workspace.Caller, externalID string, extra ...Extra) (*Person, error) {
	return read(ctx, l, func(r Reader) (*Person, error) {
		contact, err := contactNamed(r, c, UserRef{UserID: externalID})
		if err != nil {
			return nil, err
		}
		return contact, showContacts(r, extra, contact)
	})
}

// findContact returns the contact that an id means to a caller, if it is in one of the states. Errors: MergedError,
// ErrUserNotFound.
func findContact(r Reader, c workspace.Caller, id string, states ...State) (*Person, error) {
	p, err := r.Person(c.Workspace, id)
	if err != nil {
		return nil, err
	}
	return asContact(r, p, c.FollowMerged, states...)
}

// asContact returns the contact that a record stands for in the Contacts API, if it is in one of the states; p may be nil.
// Errors: MergedError, ErrUserNotFound.
func asContact(r Reader, p *Person, followMerged bool, states ...State) (*Person, error) {
	if p != nil && p.State == Merged {
		if !followMerged {
			return nil, &MergedError{p.MergedInto, p.Role}
		}
		var err error
		if p, err = Follow(r, p); err != nil {
			return nil, err
		}
	}
	if p == nil || !p.Role.IsContact() || !slices.Contains(states, p.State) {
		return nil, ErrUserNotFound
	}
	return p, nil
}

// contactNamed returns the live contact that a reference names: the first one set of ID, UserID and Email decides. Of
// several with one address, a user comes before a lead, then the most recently seen. Errors: ErrUserNotFound, MergedError.
func contactNamed(r Reader, c workspace.Caller, ref UserRef) (*Person, error) {
	var named []*Person
	var err error
	switch {
	case ref.ID != "":
		var p *Person
		p, err = r.Person(c.Workspace, ref.ID)
		named = []*Person{p}
	case ref.UserID != "":
		named, err = r.ContactsByExternalID(c.Workspace, ref.UserID)
	default:
		named, err = r.PeopleByEmail(c.Workspace, ref.Email)
		named = slices.DeleteFunc(named, func(p *Person) bool { return !p.IsLiveContact() && (p.State != Merged || p.Role != User) })
		slices.SortStableFunc(named, func(p, q *Person) int { // an absorbed user comes last; "user" is after "lead"
			return cmp.Or(cmp.Compare(len(p.MergedInto), len(q.MergedInto)), cmp.Compare(q.Role, p.Role))
		})
	}
	if err != nil {
		return nil, err
	}
	if len(named) == 0 {
		return nil, ErrUserNotFound
	}
	if ref.ID == "" && ref.UserID == "" {
		if named[0], err = r.Person(c.Workspace, named[0].ID); err != nil {
			return nil, err
		}
	}
	return asContact(r, named[0], c.FollowMerged, Active)
}

// isUnknown reports whether an error says that a contact does not exist, or was merged.
func isUnknown(err error) bool {
	var merged *MergedError
	return errors.Is(err, ErrUserNotFound) || errors.As(err, &merged)
}

// ContactPage is one page of the live contacts, newest first.
type ContactPage struct {
	Contacts []*Person
	// Total is the number of all contacts, Newer the number of those on the pages before.
	Total, Newer int
}

// More reports whether there are contacts after the page.
func (p *ContactPage) More() bool { return p.Newer+len(p.Contacts) < p.Total }

// Contacts lists live contacts, newest first, at most limit. Only contacts before the place are listed, unless that
// is empty. It counts all contacts, so the time it takes grows with their number.
func (l *Lobby) Contacts(ctx context.Context, c workspace.Caller, before string, limit int, extra ...Extra) (*ContactPage, error) {
	return read(ctx, l, func(r Reader) (page *ContactPage, err error) {
		page = new(ContactPage)
		if page.Contacts, err = r.Contacts(c.Workspace, before, min(limit, MaxPage)); err != nil {
			return nil, err
		}
		if err := showContacts(r, extra, page.Contacts...); err != nil {
			return nil, err
		}
		page.Total, page.Newer, err = r.CountContacts(c.Workspace, before)
		return page, err
	})
}

// Resolve returns the person to whom an id leads today. It may be an id, a visitor's user_id or a contact's external id,
// current or from before a conversion or merge. Errors: ErrPersonNotFound.
func (l *Lobby) Resolve(ctx context.Context, c workspace.Caller, anyID string) (*Person, error) {
	return read(ctx, l, func(r Reader) (found *Person, err error) {
		if found, err = ByAnyID(r, c.Workspace, anyID); err != nil {
			return nil, err
		}
		return found, l.showVisitors(r, c, found)
	})
}

// ByAnyID is [Lobby.Resolve] within a view that is open. The person lacks what is no field of the record.
func ByAnyID(r Reader, ws workspace.ID, anyID string) (*Person, error) {
	p, err := r.Person(ws, anyID)
	if err == nil && p == nil {
		p, err = r.PersonByAnonymousID(ws, anyID)
	}
	if err == nil && p == nil {
		var same []*Person
		if same, err = r.ContactsByExternalID(ws, anyID); len(same) > 0 {
			p = same[0]
		}
	}
	if err == nil && p != nil {
		p, err = Follow(r, p)
	}
	if err == nil && p == nil {
		err = ErrPersonNotFound
	}
	return p, err
}

package people

import "context"

// MergedError says that a person has been absorbed by another.
type MergedError struct {
	IntoID string
	// Role is what the absorbed person was.
	Role Role
}

func (e *MergedError) Error() string { return "that person has been merged into " + e.IntoID }

// FindContact answers a live contact. A merged one answers its survivor when the workspace wants that, and otherwise a
// MergedError; everything else that is not to be seen is ErrUserNotFound.
func (l *Lobby) FindContact(ctx context.Context, ws *Workspace, id string) (*Person, error) {
	var contact *Person
	err := l.Store.Read(ctx, func(r Reader) error {
		p, err := r.Person(ws.ID, id)
		if err != nil {
			return err
		}
		if p != nil && p.State == Merged {
			if !ws.ResolveMerged {
				return &MergedError{p.MergedInto, p.Role}
			}
			if p, err = follow(r, p); err != nil {
				return err
			}
		}
		if p == nil || !p.IsLiveContact() {
			return ErrUserNotFound
		}
		contact = p
		return nil
	})
	return contact, err
}

// Resolve answers the person that any id of a life leads to today: an id, a visitor's user_id or a contact's external
// id, current or from before a conversion or merge. ErrPersonNotFound.
func (l *Lobby) Resolve(ctx context.Context, ws WorkspaceID, anyID string) (*Person, error) {
	var found *Person
	err := l.Store.Read(ctx, func(r Reader) (err error) {
		found, err = resolve(r, ws, anyID)
		return err
	})
	return found, err
}

func resolve(r Reader, ws WorkspaceID, anyID string) (*Person, error) {
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
		p, err = follow(r, p)
	}
	if err == nil && p == nil {
		err = ErrPersonNotFound
	}
	return p, err
}

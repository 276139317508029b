package people

import (
	"slices"

	"lobby/internal/workspace"
)

// conflictWith returns the error for a record that already has an identifier: ConflictError or BlockedError. It returns nil
// unless the record is in one of the states.
func conflictWith(p *Person, states ...State) error {
	switch {
	case !slices.Contains(states, p.State):
		return nil
	case p.State == Blocked:
		return &BlockedError{p.ID}
	}
	return &ConflictError{ExistingID: p.ID, Archived: p.State == Archived}
}

// CheckUnique refuses identifiers that another contact has. It follows merged records to the person that absorbed them, and
// names the conflicting record; of several, the most recently seen. before is the contact's former image, nil for a new
// one: identifiers that it already had are not checked.
//
// An external id belongs to one contact. Many users may share an email address: a user with an external id may have any. A
// user without one may not take another user's address. Among the active users with one address, at most one has no
// external id. So no user may lose its external id while another of them has none. An absorbed user's address counts as if it
// were there, since an undo brings it back, but never against its survivor.
//
// Errors: ConflictError, BlockedError.
func CheckUnique(r Reader, before, p *Person) error {
	if before == nil {
		before = new(Person)
	}
	if p.ExternalID != before.ExternalID {
		if err := checkExternalID(r, p); err != nil {
			return err
		}
	}
	switch {
	case before.Role != User || !sameEmail(before, p):
		return checkEmail(r, p, func(*Person) bool { return true })
	case before.ExternalID != p.ExternalID:
		return checkEmail(r, p, isAloneWithEmail)
	}
	return nil
}

// CheckReturn refuses to restore or import a contact whose identifiers another contact has. Errors: ConflictError, BlockedError.
func CheckReturn(r Reader, p *Person) error {
	if err := checkExternalID(r, p); err != nil {
		return err
	}
	return checkEmail(r, p, isAloneWithEmail)
}

func checkExternalID(r Reader, p *Person) error {
	if p.ExternalID == "" {
		return nil
	}
	same, err := r.ContactsByExternalID(p.Workspace, p.ExternalID)
	if err != nil {
		return err
	}
	return checkOthers(r, p, same)
}

// checkEmail refuses a user without an external id whose address another user has. counts says which other users matter.
func checkEmail(r Reader, p *Person, counts func(*Person) bool) error {
	if p.Email == "" || p.Role != User || p.ExternalID != "" {
		return nil
	}
	same, err := r.PeopleByEmail(p.Workspace, p.Email)
	if err != nil {
		return err
	}
	return checkOthers(r, p, slices.DeleteFunc(UsersOf(same), func(q *Person) bool { return !counts(q) }))
}

// checkOthers refuses p for the first of those with its identifier who is somebody else today.
func checkOthers(r Reader, p *Person, same []*Person) error {
	for _, q := range same {
		if q.ID == p.ID {
			continue
		}
		q, err := Follow(r, q)
		if err != nil {
			return err
		}
		if q != nil && q.ID != p.ID {
			return conflictWith(q, Active, Archived, Blocked)
		}
	}
	return nil
}

// isAloneWithEmail reports whether a user has a claim to its address that no other may share, now or after an undo.
func isAloneWithEmail(p *Person) bool {
	return (p.State == Active || p.State == Merged) && p.ExternalID == ""
}

func sameEmail(p, q *Person) bool { return workspace.EmailKey(p.Email) == workspace.EmailKey(q.Email) }

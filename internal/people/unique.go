package people

import (
	"slices"

	"lobby/internal/workspace"
)

// inTheWay turns a record that has an identifier into the refusal it calls for, when it is in one of the states.
func inTheWay(p *Person, states ...State) error {
	switch {
	case !slices.Contains(states, p.State):
		return nil
	case p.State == Blocked:
		return &BlockedError{p.ID}
	}
	return &ConflictError{ExistingID: p.ID, Archived: p.State == Archived}
}

// CheckUnique refuses identifiers that another contact has. It looks through merged records at the one that absorbed
// them, and names the record in the way, of several the most recently seen. Before is what the contact was, nil for one
// that is new: what it keeps is not asked about. ConflictError, BlockedError.
//
// An external id is one contact's. An email address may be that of many users: who has an external id may have any, and
// who has none may not take that of another user. Of the active users with one address at most one has no external id,
// so nobody may lose it where another has none.
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
		return checkEmail(r, p, isActiveWithoutID)
	}
	return nil
}

// checkReturn refuses that a contact becomes again what it was, when another has its identifiers by now. ConflictError,
// BlockedError.
func checkReturn(r Reader, p *Person) error {
	if err := checkExternalID(r, p); err != nil {
		return err
	}
	return checkEmail(r, p, isActiveWithoutID)
}

func checkExternalID(r Reader, p *Person) error {
	if p.ExternalID == "" {
		return nil
	}
	same, err := r.ContactsByExternalID(p.Workspace, p.ExternalID)
	if err != nil {
		return err
	}
	for _, q := range same {
		if q.ID == p.ID {
			continue
		}
		if q, err = Follow(r, q); err != nil {
			return err
		}
		if q != nil && q.ID != p.ID {
			return inTheWay(q, Active, Archived, Blocked)
		}
	}
	return nil
}

// checkEmail refuses that a user who has no external id has the address of another user who counts.
func checkEmail(r Reader, p *Person, counts func(*Person) bool) error {
	if p.Email == "" || p.Role != User || p.ExternalID != "" {
		return nil
	}
	same, err := r.PeopleByEmail(p.Workspace, p.Email)
	if err != nil {
		return err
	}
	for _, q := range UsersOf(same) {
		if q.ID != p.ID && q.State != Merged && counts(q) {
			return inTheWay(q, Active, Archived, Blocked)
		}
	}
	return nil
}

func isActiveWithoutID(p *Person) bool { return p.State == Active && p.ExternalID == "" }

func sameEmail(p, q *Person) bool { return workspace.EmailKey(p.Email) == workspace.EmailKey(q.Email) }

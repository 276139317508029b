package people

import (
	"context"
	"strings"
)

// SupplyEmail makes a lead of the visitor behind a browser, with the address that was typed there, or gives the address
// to the lead that it already is. An address that nobody has proven identifies nobody: others may have the same.
// ErrPersonNotFound, ErrSpent, InvalidError.
func (l *Lobby) SupplyEmail(ctx context.Context, c Caller, anonymousID, email string) (*Person, error) {
	email = strings.TrimSpace(email)
	if err := checkEmail("email", email); err != nil {
		return nil, err
	}
	var lead *Person
	err := l.Store.Write(ctx, func(w Writer) error {
		before, err := w.PersonByAnonymousID(c.Workspace, anonymousID)
		switch {
		case err != nil:
			return err
		case before == nil:
			return ErrPersonNotFound
		case !before.mayBeTouchedUnsigned():
			return ErrSpent
		}
		if before.Role == Visitor {
			plan, err := l.becomeLead(w, before)
			if err != nil {
				return err
			}
			result, err := l.carryOut(w, c, plan)
			if err != nil {
				return err
			}
			before = result.Contact
		}
		lead = before
		if email == "" || email == before.Email {
			return nil
		}
		lead = before.Clone()
		lead.Email, lead.UpdatedAt = email, l.now()
		if err := w.UpdatePerson(before, lead); err != nil {
			return err
		}
		return l.tell(w, ContactUpdated, lead)
	})
	return lead, err
}

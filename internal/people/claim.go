package people

import (
	"context"
	"strings"
)

// VisitUnproven is the visit of somebody whose page names a user without any proof. It makes the user, as one that is
// unverified, or touches one that was made so. About anybody else it does nothing, and it never has to do with the
// visitor behind the browser. It answers that user, or nil; nothing of it may be told to the page. InvalidError.
func (l *Lobby) VisitUnproven(ctx context.Context, c Caller, v Visit, ref UserRef) (*Person, error) {
	ref = UserRef{UserID: ref.UserID, Email: strings.TrimSpace(ref.Email)}
	if err := ref.check(); err != nil {
		return nil, err
	}
	var user *Person
	err := l.Store.Write(ctx, func(w Writer) error {
		before, isKnown, err := claimed(w, c.Workspace, ref)
		if err != nil || isKnown {
			user = nil
			return err
		}
		if before != nil {
			user = before.Clone()
			if _, err := l.meet(w, user, &v); err != nil {
				return err
			}
			return w.UpdatePerson(before, user)
		}
		if err := v.admit(); err != nil {
			return err
		}
		user = l.newVisitor(c.Workspace, "")
		user.Role, user.Unverified, user.SignedUpAt = User, true, user.CreatedAt
		user.ExternalID, user.Email = ref.UserID, ref.Email
		if _, err := l.meet(w, user, &v); err != nil {
			return err
		}
		if err := w.InsertPerson(user); err != nil {
			return err
		}
		return l.tell(w, ContactCreated, user)
	})
	return user, err
}

// claimed answers the unverified user that an unproven claim means, if it is one, or whether it means somebody known. An
// address that somebody has makes the claim one about that person, too.
func claimed(r Reader, ws WorkspaceID, ref UserRef) (unverified *Person, isKnown bool, err error) {
	var all []*Person
	if ref.UserID != "" {
		if all, err = r.ContactsByExternalID(ws, ref.UserID); err != nil {
			return nil, false, err
		}
	}
	if ref.Email != "" {
		same, err := r.PeopleByEmail(ws, ref.Email)
		if err != nil {
			return nil, false, err
		}
		for _, p := range usersOf(same) {
			if p.State != Merged {
				all = append(all, p)
			}
		}
	}
	for _, p := range all {
		isOther := unverified != nil && unverified.ID != p.ID
		if !p.Unverified || p.State != Active || isOther {
			return nil, true, nil
		}
		unverified = p
	}
	return unverified, false, nil
}

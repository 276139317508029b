package visit

import (
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// visitUnproven handles a page that names a user without any proof. It makes the user, as one that is unverified, or
// touches one that was made so. About anybody else it does nothing, and it never has to do with the visitor behind the
// browser. Nothing of the user may be told to the page.
func (run *pingRun) visitUnproven() error {
	l, w, ref := run.lobby, run.writer, run.ping.User
	run.result.IsUnproven, run.result.AnonymousID = true, run.ping.AnonymousID
	before, isKnown, err := claimed(w, run.caller.Workspace, ref)
	if err != nil || isKnown {
		return err
	}
	v := run.ping.unsigned()
	if before != nil {
		user := before.Clone()
		if _, err := run.meet(user, v); err != nil {
			return err
		}
		run.result.Person = user
		return w.UpdatePerson(before, user)
	}
	if err := v.admit(); err != nil {
		return err
	}
	user := l.newVisitor(run.caller.Workspace, "")
	user.Role, user.Unverified, user.SignedUpAt = people.User, true, user.CreatedAt
	user.ExternalID, user.Email = ref.UserID, ref.Email
	if _, err := run.meet(user, v); err != nil {
		return err
	}
	run.result.Person = user
	if err := w.InsertPerson(user); err != nil {
		return err
	}
	return l.EmitContact(w, people.ContactCreated, user)
}

// claimed answers the unverified user that an unproven claim means, if it is one, or whether it means somebody known. An
// address that somebody has makes the claim one about that person, too.
func claimed(r people.Reader, ws workspace.ID, ref people.UserRef) (unverified *people.Person, isKnown bool, err error) {
	var all []*people.Person
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
		for _, p := range people.UsersOf(same) {
			if p.State != people.Merged {
				all = append(all, p)
			}
		}
	}
	for _, p := range all {
		isOther := unverified != nil && unverified.ID != p.ID
		if !p.Unverified || p.State != people.Active || isOther {
			return nil, true, nil
		}
		unverified = p
	}
	return unverified, false, nil
}

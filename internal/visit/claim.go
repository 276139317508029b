package visit

import (
	"slices"

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

// claimed returns the unverified user that an unproven claim means, if it is one, or whether it means somebody known. An
// address that somebody known has makes the claim one about that person, too. Unverified users may share an address when
// each has a user id; of several the most recently seen is meant by the address alone.
func claimed(r people.Reader, ws workspace.ID, ref people.UserRef) (unverified *people.Person, isKnown bool, err error) {
	var named, same []*people.Person
	if ref.UserID != "" {
		if named, err = r.ContactsByExternalID(ws, ref.UserID); err != nil {
			return nil, false, err
		}
	}
	if ref.Email != "" {
		if same, err = r.PeopleByEmail(ws, ref.Email); err != nil {
			return nil, false, err
		}
		same = slices.DeleteFunc(people.UsersOf(same), func(p *people.Person) bool { return p.State == people.Merged })
	}
	for _, p := range slices.Concat(named, same) {
		if !p.Unverified || p.State != people.Active {
			return nil, true, nil
		}
	}
	if ref.UserID == "" {
		named = same
	}
	if len(named) == 0 {
		return nil, false, nil
	}
	unverified, err = r.Person(ws, named[0].ID)
	return unverified, unverified != nil && (!unverified.Unverified || unverified.State != people.Active), err
}

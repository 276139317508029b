package visit

import (
	"slices"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// visitUnproven handles a page that names a user without any proof. It makes the user, as one that is unverified, or
// touches one that was made so. About anybody else it does nothing, and it never has to do with the visitor behind the
// browser. Nothing of the user may be told to the page, not even by how long it takes: a name that is somebody's costs
// the same statements and the same commit as one that is nobody's, on a stand-in that is taken back.
func (run *pingRun) visitUnproven() error {
	l, w, ref := run.lobby, run.writer, run.ping.User
	run.result.IsUnproven, run.result.AnonymousID = true, run.ping.AnonymousID
	before, isKnown, err := claimed(w, run.caller.Workspace, ref)
	if err != nil {
		return err
	}
	v := run.unsigned()
	if before == nil && !isKnown {
		if err := v.admit(); err != nil {
			return err
		}
	}
	// Definitions are nobody's: they are made for every name, or a later page could ask for them.
	attributes, omissions, err := run.definitions.FromPage(w, people.ContactModel, v.CustomAttributes, run.definesNothing())
	if err != nil {
		return err
	}
	run.result.Omissions = append(run.result.Omissions, omissions...)
	isNew := before == nil && !isKnown
	fresh := run.newUnverified(isNew)
	return w.Trial(!isKnown, func() error {
		// The pseudonym, the pages and the attributes come with an update, whoever it is.
		err := w.Trial(before == nil, func() error {
			if err := w.InsertPerson(fresh); err != nil {
				return err
			}
			return l.EmitContact(w, people.ContactCreated, fresh)
		})
		if err != nil {
			return err
		}
		if before == nil {
			before = fresh
		}
		user := before.Clone()
		run.stateVisit(user, v, attributes)
		if err := w.UpdatePerson(before, user); err != nil {
			return err
		}
		if !isKnown {
			run.result.Person = user
		}
		return run.storeEvents(user)
	})
}

// newUnverified returns the user that a claim makes, or a stand-in that nobody has the identifiers of.
func (run *pingRun) newUnverified(isReal bool) *people.Person {
	l, ref := run.lobby, run.ping.User
	user := l.newVisitor(run.caller.Workspace, "")
	user.Role, user.Unverified, user.SignedUpAt = people.User, true, user.CreatedAt
	user.ExternalID, user.Email = ref.UserID, ref.Email
	if isReal {
		return user
	}
	if ref.UserID != "" {
		user.ExternalID = l.Secret(max(len(ref.UserID), minStandIn))
	}
	if ref.Email != "" {
		user.Email = l.Secret(max(len(ref.Email), minStandIn)) + "@standin.invalid"
	}
	return user
}

// minStandIn is how many letters of a random identifier nobody else has.
const minStandIn = 26

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

package visit

import (
	"slices"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// visitUnproven handles a page that names a user without proof. It creates the user as an unverified one, or updates one
// that was created that way. For any other user it does nothing, and it never changes the visitor behind the browser. The
// page must learn nothing about the user, not even from timing. So a name in use costs the same statements and the same
// commit as a free one: they run on a stand-in and are rolled back.
func (run *pingRun) visitUnproven() error {
	vs, w, ref := run.visits, run.writer, run.ping.User
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
	// Definitions are made for every name; otherwise a later page could find out which names are in use.
	attributes, omissions, err := run.definitions.FromPage(w, people.ContactModel, v.CustomAttributes, run.definesNothing())
	if err != nil {
		return err
	}
	run.result.Omissions = append(run.result.Omissions, omissions...)
	isNew := before == nil && !isKnown
	fresh := run.newUnverified(isNew)
	return w.Trial(!isKnown, func() error {
		// The update writes the pseudonym, the pages and the attributes, whoever the user is.
		err := w.Trial(before == nil, func() error {
			if err := vs.Save(w, run.caller, nil, fresh); err != nil {
				return err
			}
			return vs.EmitContact(w, people.ContactCreated, fresh)
		})
		if err != nil {
			return err
		}
		if before == nil {
			before = fresh
		}
		user := before.Clone()
		run.applyVisitWith(user, v, attributes)
		if err := vs.Save(w, run.caller, before, user); err != nil {
			return err
		}
		if !isKnown {
			run.result.Person = user
		}
		return run.storeEvents(user)
	})
}

// newUnverified returns the user that a claim creates, or a stand-in whose identifiers nobody else has.
func (run *pingRun) newUnverified(isReal bool) *people.Person {
	vs, ref := run.visits, run.ping.User
	user := vs.newVisitor(run.caller.Workspace, "")
	user.Role, user.Unverified, user.SignedUpAt = people.User, true, user.CreatedAt
	user.ExternalID, user.Email = ref.UserID, ref.Email
	if isReal {
		return user
	}
	if ref.UserID != "" {
		user.ExternalID = vs.Secret(max(len(ref.UserID), minStandIn))
	}
	if ref.Email != "" {
		user.Email = vs.Secret(max(len(ref.Email), minStandIn)) + "@standin.invalid"
	}
	return user
}

// minStandIn is the min length of a stand-in's random identifier, which makes it unique.
const minStandIn = 26

// claimed returns the unverified user that an unproven claim means, or whether the claim means a known person. A claim with
// a known person's address is about that person too. Unverified users with user ids may share an address. An address alone
// means the most recently seen of them.
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
		same = people.UsersOf(same)
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

package visit

import (
	"errors"
	"strings"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// Who returns the person for whom a page speaks by the rules of a ping: the proven user, the user of its browser session, or
// else the visitor or lead of its browser. It returns nil for nobody, and for a user whom the page names without proof.
// Nothing is written, so who was in no ping yet is nobody. Errors: workspace.InvalidError of an identifier.
func (vs Visits) Who(r people.Reader, ws workspace.ID, ping *Ping) (*people.Person, error) {
	s := &ping.SignIn
	s.User.Email = strings.TrimSpace(s.User.Email)
	if err := ping.check(); err != nil {
		return nil, err
	}
	switch {
	case s.IsProven:
		return provenToday(people.FindUser(r, ws, s.User))
	case s.User != people.UserRef{}:
		return nil, nil
	}
	anonymous, err := anonymousPerson(r, ws, s.AnonymousID)
	if err != nil {
		return nil, err
	}
	if ping.hasSession() {
		ref, err := vs.userOfHeldSession(r, ws, s, anonymous)
		if err == nil {
			return provenToday(people.FindUser(r, ws, ref))
		}
		if !errors.Is(err, errSessionInvalid) {
			return nil, err
		}
	}
	if ping.ProvenOnly || anonymous == nil || !anonymous.MayBeTouchedUnsigned() {
		return nil, nil
	}
	return anonymous, nil
}

// provenToday returns a user who was looked up if a proof is enough to be that user now. One who is archived or blocked, or
// whom only pages know, is nobody.
func provenToday(p *people.Person, err error) (*people.Person, error) {
	_, isHidden := errors.AsType[*people.ConflictError](err)
	_, isBlocked := errors.AsType[*people.BlockedError](err)
	switch {
	case isHidden, isBlocked, errors.Is(err, people.ErrUserNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case p == nil || p.Role != people.User || p.State != people.Active || p.Unverified:
		return nil, nil
	}
	return p, nil
}

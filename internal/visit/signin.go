package visit

import (
	"errors"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// errSessionInvalid says that the session token is unknown, expired, or belongs to another browser or person.
var errSessionInvalid = errors.New("that browser session is not valid")

// SignIn is the visit of a user that the site names now, or named when the browser session began.
type SignIn struct {
	Visit
	// User is the user that the page names, by UserID or else by Email. When both are empty, it is the user of the browser
	// session.
	User people.UserRef
	// IsProven says that the site has proven that the person is User. EmailIsProven says that the proof covers the address
	// too; a hash of the user id alone does not.
	IsProven, EmailIsProven bool
	// SignedUpAt is the sign-up time that the page reports, in Unix seconds; 0 for none.
	SignedUpAt int64
	// SessionToken is the token that the browser holds; "" for none. Device is the id of the browser; one without an id
	// gets no browser session.
	SessionToken, Device string
	// SessionLife is the life of the browser session in seconds; 0 means [MaxBrowserSession].
	SessionLife int64
	// Ends says that this is the last ping of the browser session, which is then deleted.
	Ends bool
	// Companies are the companies to which the user belongs, as the page reports them.
	Companies []CompanyVisit
}

// signedIn is the result of a sign-in.
type signedIn struct {
	people.ConversionResult // its ChangeID is empty when no change was recorded
	// anonymousID is the id that the browser is to store.
	anonymousID string
}

// maxLeads is the max number of leads with one address that a sign-in merges. Anyone may create leads with any address.
const maxLeads = 10

// signIn makes the visitor or lead behind a browser the proven user, in place or by a merge, and writes what the page
// reports. It also merges the leads that gave the same proven address. An anonymous id that belongs to another person stays
// with that person, and the browser gets a new one. Identifiers of the proven user are taken from unverified users.
//
// Errors: people.ErrUserNotFound, people.ConflictError, people.BlockedError; errSessionInvalid, before anything is written.
func (run *pingRun) signIn() error {
	vs, w, c := run.visits, run.writer, run.caller
	s := run.ping.SignIn // a copy, since the write may run again
	anonymous, err := anonymousPerson(w, c.Workspace, s.AnonymousID)
	if err != nil {
		return err
	}
	if (s.User == people.UserRef{}) {
		if s.User, err = vs.userOfHeldSession(w, c.Workspace, &s, anonymous); err != nil {
			return err
		}
	}
	target, err := vs.provenUser(w, c, &s)
	if err != nil {
		return err
	}
	done, err := vs.convertOrMerge(w, c, &s, anonymous, target)
	if err != nil {
		return err
	}
	if s.EmailIsProven && done.Decision != people.DecidedRepeated {
		if done.Contact, err = vs.mergeLeads(w, c, done.Contact); err != nil {
			return err
		}
	}
	if err := run.findCompanies(); err != nil {
		return err
	}
	before := done.Contact
	user := before.Clone()
	result := run.result
	run.isProven = true
	if result.NewSession, err = run.applyVisit(user, &s.Visit); err != nil {
		return err
	}
	if err := vs.applyIdentity(w, user, &s); err != nil {
		return err
	}
	if err := vs.Save(w, c, before, user); err != nil {
		return err
	}
	if user.UpdatedAt != before.UpdatedAt {
		if err := vs.EmitUpdate(w, before, user); err != nil {
			return err
		}
	}
	result.Person, result.AnonymousID = user, done.anonymousID
	result.Decision, result.ChangeID = done.Decision, done.ChangeID
	result.SessionToken, err = vs.renewSession(w, &s, user)
	return err
}

// anonymousPerson returns the person with an anonymous id, in any state, or nil.
func anonymousPerson(r people.Reader, ws workspace.ID, id string) (*people.Person, error) {
	if id == "" {
		return nil, nil
	}
	return r.PersonByAnonymousID(ws, id)
}

// userOfHeldSession returns the user of the browser's session. It returns errSessionInvalid unless the browser's anonymous
// id belongs to that user too; otherwise another person has begun to use the browser.
func (vs Visits) userOfHeldSession(r people.Reader, ws workspace.ID, s *SignIn, anonymous *people.Person) (people.UserRef, error) {
	held, err := vs.heldSession(r, ws, s.SessionToken, s.Device)
	if err != nil {
		return people.UserRef{}, err
	}
	if held == nil || anonymous == nil {
		return people.UserRef{}, errSessionInvalid
	}
	user, err := userOfSession(r, held)
	if err != nil {
		return people.UserRef{}, err
	}
	today, err := people.Follow(r, anonymous)
	if err == nil && (user == nil || today == nil || today.ID != user.ID) {
		err = errSessionInvalid
	}
	if err != nil {
		return people.UserRef{}, err
	}
	return people.UserRef{ID: user.ID}, nil
}

// provenUser returns the user that a proof means, or nil for one to be created. A user id that nobody has means a new user,
// even when the address is taken. An unverified user becomes verified, and keeps only the identifiers that the proof names.
func (vs Visits) provenUser(w people.Writer, c workspace.Caller, s *SignIn) (*people.Person, error) {
	target, err := people.FindUser(w, c.Workspace, s.User)
	if err != nil {
		return nil, err
	}
	if err := vs.releaseIdentifiers(w, c, target, s.User); err != nil {
		return nil, err
	}
	if target == nil || !target.Unverified {
		return target, nil
	}
	verified := target.Clone()
	verified.Unverified, verified.UpdatedAt = false, vs.Unix()
	verified.ExternalID, verified.Email = s.User.UserID, s.User.Email
	if err := people.CheckUnique(w, target, verified); err != nil {
		return nil, err
	}
	if err := vs.Save(w, c, target, verified); err != nil {
		return nil, err
	}
	return verified, vs.EmitUpdate(w, target, verified)
}

// releaseIdentifiers takes the proven user's identifiers from unverified users other than the one meant: none of them has
// proven to own them.
func (vs Visits) releaseIdentifiers(w people.Writer, c workspace.Caller, meant *people.Person, ref people.UserRef) error {
	var all []*people.Person
	var err error
	if ref.UserID != "" {
		if all, err = w.ContactsByExternalID(c.Workspace, ref.UserID); err != nil {
			return err
		}
	}
	if ref.Email != "" {
		same, err := w.PeopleByEmail(c.Workspace, ref.Email)
		if err != nil {
			return err
		}
		all = append(all, same...)
	}
	for _, p := range all {
		if !p.Unverified || p.State == people.Merged || meant != nil && p.ID == meant.ID {
			continue
		}
		before, err := w.Person(c.Workspace, p.ID) // the list may hold it twice, and another write may have changed it
		if err != nil {
			return err
		}
		if before == nil || !before.Unverified || before.State == people.Merged {
			continue
		}
		after := before.Clone()
		if after.ExternalID == ref.UserID {
			after.ExternalID = ""
		}
		if workspace.EmailKey(after.Email) == workspace.EmailKey(ref.Email) {
			after.Email = ""
		}
		after.UpdatedAt = vs.Unix()
		if err := vs.Save(w, c, before, after); err != nil {
			return err
		}
		if err := vs.EmitUpdate(w, before, after); err != nil {
			return err
		}
	}
	return nil
}

// convertOrMerge merges the person behind a browser into the target user. Without a target, it makes that person the user.
func (vs Visits) convertOrMerge(w people.Writer, c workspace.Caller, s *SignIn, anonymous, target *people.Person) (*signedIn, error) {
	if anonymous == nil && s.AnonymousID == "" && target != nil {
		// A browser without an anonymous id has no person to convert or merge.
		return &signedIn{ConversionResult: people.ConversionResult{Contact: target, Decision: people.DecidedRepeated}}, nil
	}
	id := s.AnonymousID
	if anonymous != nil && !anonymous.MayBeTouchedUnsigned() {
		today, err := people.Follow(w, anonymous)
		if err != nil {
			return nil, err
		}
		if today != nil && target != nil && today.ID == target.ID {
			return vs.repeatedSignIn(w, anonymous, target)
		}
		anonymous, id = nil, ""
	}
	if anonymous == nil {
		if id == "" {
			id = vs.NewUUID()
		}
		anonymous = vs.newVisitor(c.Workspace, id)
		anonymous.Seen(anonymous.CreatedAt, false)
		vs.GivePseudonym(anonymous)
		if err := vs.Save(w, c, nil, anonymous); err != nil {
			return nil, err
		}
	}
	var plan *people.Plan
	var err error
	if target != nil {
		plan, err = vs.PlanVisitorMerge(w, anonymous, target, s.User)
	} else if anonymous, err = vs.withoutTaken(w, c, anonymous, s.User); err == nil {
		plan, err = vs.PlanUser(w, anonymous, s.User)
	}
	if err != nil {
		return nil, err
	}
	result, err := vs.CarryOut(w, c, plan)
	if err != nil {
		return nil, err
	}
	return &signedIn{ConversionResult: *result, anonymousID: id}, nil
}

// repeatedSignIn returns the result for a user whose browser was signed in before.
func (vs Visits) repeatedSignIn(r people.Reader, spent, target *people.Person) (*signedIn, error) {
	done := &signedIn{ConversionResult: people.ConversionResult{Contact: target, Decision: people.DecidedRepeated}, anonymousID: spent.AnonymousID}
	change, err := r.ChangeFrom(spent.Workspace, spent.ID, people.Visitor)
	if change != nil {
		done.ChangeID = change.ID
	}
	return done, err
}

// withoutTaken removes the address that a lead once gave, if it is another user's: an address typed by a lead must not
// prevent a sign-in.
func (vs Visits) withoutTaken(w people.Writer, c workspace.Caller, p *people.Person, ref people.UserRef) (*people.Person, error) {
	if p.Email == "" || ref.Email != "" {
		return p, nil
	}
	same, err := w.PeopleByEmail(p.Workspace, p.Email)
	if err != nil {
		return nil, err
	}
	for _, q := range people.UsersOf(same) {
		if q.ID != p.ID {
			without := p.Clone()
			without.Email = ""
			return without, vs.Save(w, c, p, without)
		}
	}
	return p, nil
}

// mergeLeads merges the leads with a user's proven address into the user.
func (vs Visits) mergeLeads(w people.Writer, c workspace.Caller, user *people.Person) (*people.Person, error) {
	same, err := w.PeopleByEmail(c.Workspace, user.Email)
	if err != nil {
		return nil, err
	}
	merged := 0
	for _, lead := range same {
		if lead.Role != people.Lead || lead.State != people.Active || merged == maxLeads {
			continue
		}
		if lead, err = w.Person(c.Workspace, lead.ID); err != nil {
			return nil, err
		}
		if lead == nil || lead.Role != people.Lead || lead.State != people.Active {
			continue // changed by another write
		}
		plan, err := vs.PlanMerge(w, lead, user, "")
		if err != nil {
			return nil, err
		}
		result, err := vs.CarryOut(w, c, plan)
		if err != nil {
			return nil, err
		}
		user = result.Contact
		merged++
	}
	return user, nil
}

// applyIdentity writes the identifiers of the proof that no other contact has, and the sign-up time.
func (vs Visits) applyIdentity(w people.Writer, user *people.Person, s *SignIn) error {
	if s.SignedUpAt > 0 && s.SignedUpAt <= vs.Unix() && s.SignedUpAt != user.SignedUpAt {
		user.SignedUpAt, user.UpdatedAt = s.SignedUpAt, vs.Unix()
	}
	other := user.Clone()
	if other.ExternalID == "" {
		other.ExternalID = s.User.UserID
	}
	if s.EmailIsProven && s.User.Email != "" {
		other.Email = s.User.Email
	}
	if other.ExternalID == user.ExternalID && other.Email == user.Email {
		return nil
	}
	err := people.CheckUnique(w, user, other)
	_, isTaken := errors.AsType[*people.ConflictError](err)
	_, isBlocked := errors.AsType[*people.BlockedError](err)
	switch {
	case isTaken, isBlocked:
		return nil
	case err == nil:
		user.ExternalID, user.Email, user.UpdatedAt = other.ExternalID, other.Email, vs.Unix()
	}
	return err
}

package visit

import (
	"errors"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// errSessionInvalid says that the session token is unknown, expired, or belongs to another browser or person.
var errSessionInvalid = errors.New("that browser session is not valid")

// SignIn is the visit of a user whom the site names, or named when the browser session began.
type SignIn struct {
	Visit
	// User is whom the page names, by UserID or else by Email. When both are empty it is the user of the browser session.
	User people.UserRef
	// IsProven says that the site has proven that the person is User. EmailIsProven says that the proof covers the address
	// too, which a hash over the user id does not.
	IsProven, EmailIsProven bool
	// SignedUpAt is what the page says of it, in Unix seconds; 0 for nothing.
	SignedUpAt int64
	// SessionToken is the token that the browser holds, "" for none. Device is the id of the browser; one without an id
	// gets no browser session.
	SessionToken, Device string
	// SessionLife is the life of the browser session in seconds; 0 for [MaxBrowserSession].
	SessionLife int64
	// Ends says that this is the last ping of the browser session, which is then deleted.
	Ends bool
	// Companies are those that the page says its user belongs to.
	Companies []CompanyVisit
}

// signedIn is what became of a sign-in.
type signedIn struct {
	people.ConversionResult // its ChangeID is empty when there was nothing to write down
	// anonymousID is the id that the browser is to hold.
	anonymousID string
}

// mostLeads is the max number of leads of one address that a sign-in merges. Anybody may make leads of any address.
const mostLeads = 10

// signIn makes the visitor or lead behind a browser the proven user, in place or by merge, with the leads that gave the
// same proven address, and gives the user what the page says. An anonymous id that is spent on somebody else stays
// theirs, and the browser gets a new one. What unverified users have of the identifiers becomes the proven user's.
//
// Errors: people.ErrUserNotFound, people.ConflictError, people.BlockedError; and errSessionInvalid, before anything is written.
func (run *pingRun) signIn() error {
	l, w, c := run.lobby, run.writer, run.caller
	s := run.ping.SignIn // a copy, since the write may run again
	anonymous, err := anonymousPerson(w, c.Workspace, s.AnonymousID)
	if err != nil {
		return err
	}
	if (s.User == people.UserRef{}) {
		if s.User, err = l.userOfHeldSession(w, c.Workspace, &s, anonymous); err != nil {
			return err
		}
	}
	target, err := l.provenUser(w, c, &s)
	if err != nil {
		return err
	}
	done, err := l.bringTogether(w, c, &s, anonymous, target)
	if err != nil {
		return err
	}
	if s.EmailIsProven && done.Decision != people.DecidedRepeated {
		if done.Contact, err = l.mergeLeads(w, c, done.Contact); err != nil {
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
	if result.NewSession, err = run.meet(user, &s.Visit); err != nil {
		return err
	}
	if err := l.stateIdentity(w, user, &s); err != nil {
		return err
	}
	if err := w.UpdatePerson(before, user); err != nil {
		return err
	}
	if user.UpdatedAt != before.UpdatedAt {
		if err := l.EmitContact(w, people.ContactUpdated, user); err != nil {
			return err
		}
	}
	result.Person, result.AnonymousID = user, done.anonymousID
	result.Decision, result.ChangeID = done.Decision, done.ChangeID
	result.SessionToken, err = l.renewSession(w, &s, user)
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
// id is that user's too: otherwise somebody else has begun to use the browser.
func (l Visits) userOfHeldSession(r people.Reader, ws workspace.ID, s *SignIn, anonymous *people.Person) (people.UserRef, error) {
	held, err := l.heldSession(r, ws, s.SessionToken, s.Device)
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

// provenUser returns the user that a proof means, or nil for one that is to be made: a user id that nobody has means a new
// user, whoever has the address. Somebody unverified becomes verified by it, and keeps nothing that identifies anybody else.
func (l Visits) provenUser(w people.Writer, c workspace.Caller, s *SignIn) (*people.Person, error) {
	target, err := people.FindUser(w, c.Workspace, s.User)
	if err != nil {
		return nil, err
	}
	if err := l.makeWay(w, c.Workspace, target, s.User); err != nil {
		return nil, err
	}
	if target == nil || !target.Unverified {
		return target, nil
	}
	verified := target.Clone()
	verified.Unverified, verified.UpdatedAt = false, l.Unix()
	verified.ExternalID, verified.Email = s.User.UserID, s.User.Email
	if err := people.CheckUnique(w, target, verified); err != nil {
		return nil, err
	}
	if err := w.UpdatePerson(target, verified); err != nil {
		return nil, err
	}
	return verified, l.EmitContact(w, people.ContactUpdated, verified)
}

// makeWay takes from unverified users but the one meant what identifies the proven one: nobody has ever proven that it
// was theirs.
func (l Visits) makeWay(w people.Writer, ws workspace.ID, meant *people.Person, ref people.UserRef) error {
	var all []*people.Person
	var err error
	if ref.UserID != "" {
		if all, err = w.ContactsByExternalID(ws, ref.UserID); err != nil {
			return err
		}
	}
	if ref.Email != "" {
		same, err := w.PeopleByEmail(ws, ref.Email)
		if err != nil {
			return err
		}
		all = append(all, same...)
	}
	for _, p := range all {
		if !p.Unverified || p.State == people.Merged || meant != nil && p.ID == meant.ID {
			continue
		}
		before, err := w.Person(ws, p.ID) // it may be in the list twice, and somebody else by now
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
		after.UpdatedAt = l.Unix()
		if err := w.UpdatePerson(before, after); err != nil {
			return err
		}
		if err := l.EmitContact(w, people.ContactUpdated, after); err != nil {
			return err
		}
	}
	return nil
}

// bringTogether makes one person of the one behind a browser and the user, nil for one that is to be made.
func (l Visits) bringTogether(w people.Writer, c workspace.Caller, s *SignIn, anonymous, target *people.Person) (*signedIn, error) {
	if anonymous == nil && s.AnonymousID == "" && target != nil {
		// A browser that keeps nothing has nobody to bring along.
		return &signedIn{ConversionResult: people.ConversionResult{Contact: target, Decision: people.DecidedRepeated}}, nil
	}
	id := s.AnonymousID
	if anonymous != nil && !anonymous.MayBeTouchedUnsigned() {
		today, err := people.Follow(w, anonymous)
		if err != nil {
			return nil, err
		}
		if today != nil && target != nil && today.ID == target.ID {
			return l.again(w, anonymous, target)
		}
		anonymous, id = nil, ""
	}
	if anonymous == nil {
		if id == "" {
			id = l.NewUUID()
		}
		anonymous = l.newVisitor(c.Workspace, id)
		anonymous.Seen(anonymous.CreatedAt, false)
		l.GivePseudonym(anonymous)
		if err := w.InsertPerson(anonymous); err != nil {
			return nil, err
		}
	}
	var plan *people.Plan
	var err error
	if target != nil {
		plan, err = l.PlanVisitorMerge(w, anonymous, target, s.User)
	} else if anonymous, err = l.withoutTaken(w, anonymous, s.User); err == nil {
		plan, err = l.PlanUser(w, anonymous, s.User)
	}
	if err != nil {
		return nil, err
	}
	result, err := l.CarryOut(w, c, plan)
	if err != nil {
		return nil, err
	}
	return &signedIn{ConversionResult: *result, anonymousID: id}, nil
}

// again answers a user whose browser was signed in before.
func (l Visits) again(r people.Reader, spent, target *people.Person) (*signedIn, error) {
	done := &signedIn{ConversionResult: people.ConversionResult{Contact: target, Decision: people.DecidedRepeated}, anonymousID: spent.AnonymousID}
	change, err := r.Conversion(spent.Workspace, spent.ID, people.Visitor)
	if change != nil {
		done.ChangeID = change.ID
	}
	return done, err
}

// withoutTaken takes from a lead the address that it once gave, where that is another user's: to have typed it must not
// keep anybody from signing in.
func (l Visits) withoutTaken(w people.Writer, p *people.Person, ref people.UserRef) (*people.Person, error) {
	if p.Email == "" || ref.Email != "" {
		return p, nil
	}
	same, err := w.PeopleByEmail(p.Workspace, p.Email)
	if err != nil {
		return nil, err
	}
	for _, q := range people.UsersOf(same) {
		if q.ID != p.ID && q.State != people.Merged {
			without := p.Clone()
			without.Email = ""
			return without, w.UpdatePerson(p, without)
		}
	}
	return p, nil
}

// mergeLeads merges the leads that gave a user's own, proven address.
func (l Visits) mergeLeads(w people.Writer, c workspace.Caller, user *people.Person) (*people.Person, error) {
	same, err := w.PeopleByEmail(c.Workspace, user.Email)
	if err != nil {
		return nil, err
	}
	merged := 0
	for _, lead := range same {
		if lead.Role != people.Lead || lead.State != people.Active || merged == mostLeads {
			continue
		}
		if lead, err = w.Person(c.Workspace, lead.ID); err != nil {
			return nil, err
		}
		if lead == nil || lead.Role != people.Lead || lead.State != people.Active {
			continue // by now
		}
		plan, err := l.PlanMerge(w, lead, user, "")
		if err != nil {
			return nil, err
		}
		result, err := l.CarryOut(w, c, plan)
		if err != nil {
			return nil, err
		}
		user = result.Contact
		merged++
	}
	return user, nil
}

// stateIdentity gives a user what the proof says of it, as far as that is free, and the time of its sign-up.
func (l Visits) stateIdentity(w people.Writer, user *people.Person, s *SignIn) error {
	if s.SignedUpAt > 0 && s.SignedUpAt <= l.Unix() && s.SignedUpAt != user.SignedUpAt {
		user.SignedUpAt, user.UpdatedAt = s.SignedUpAt, l.Unix()
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
		user.ExternalID, user.Email, user.UpdatedAt = other.ExternalID, other.Email, l.Unix()
	}
	return err
}

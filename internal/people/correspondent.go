package people

import (
	"strings"

	"lobby/internal/workspace"
)

// FindCorrespondent returns the live contact or visitor that a reference means, following forwarding addresses: the first one
// set of ID, UserID and Email decides. Of several with one address, a user comes before a lead. Errors: ErrUserNotFound.
func FindCorrespondent(r Reader, c workspace.Caller, ref UserRef) (found *Person, err error) {
	c.FollowMerged = true
	switch {
	case ref.ID != "":
		found, err = r.Person(c.Workspace, ref.ID)
	case ref.UserID != "":
		found, err = contactNamed(r, c, UserRef{UserID: ref.UserID})
		if isUnknown(err) {
			found, err = r.PersonByAnonymousID(c.Workspace, ref.UserID)
		}
	default:
		found, err = contactNamed(r, c, ref)
	}
	if err != nil || found != nil && found.IsLiveVisitor() {
		return found, err
	}
	return asContact(r, found, true, Active)
}

// Correspondent returns the live contact that a reference means, as FindCorrespondent does. A visitor who writes becomes a
// lead in place; changeID is then the entry in the journal, and "" otherwise. Errors: ErrUserNotFound.
func (l *Lobby) Correspondent(w Writer, c workspace.Caller, ref UserRef) (contact *Person, changeID string, err error) {
	contact, err = FindCorrespondent(w, c, ref)
	if err != nil || !contact.IsLiveVisitor() {
		return contact, "", err
	}
	plan, err := l.PlanLead(w, contact)
	if err != nil {
		return nil, "", err
	}
	result, err := l.CarryOut(w, c, plan)
	if err != nil {
		return nil, "", err
	}
	return result.Contact, result.ChangeID, nil
}

// CorrespondentByEmail is Correspondent, but makes a lead of an email address that nobody has. Errors: workspace.InvalidError.
func (l *Lobby) CorrespondentByEmail(w Writer, c workspace.Caller, email string) (*Person, error) {
	contact, _, err := l.Correspondent(w, c, UserRef{Email: email})
	if !isUnknown(err) {
		return contact, err
	}
	if err := workspace.CheckEmail("email", email); err != nil {
		return nil, err
	}
	now := l.Unix()
	lead := &Person{
		Workspace: c.Workspace, ID: l.IDAt(now), Role: Lead, ExternalID: l.NewUUID(), Email: strings.TrimSpace(email), CreatedAt: now, UpdatedAt: now,
	}
	l.GivePseudonym(lead)
	if err := l.Save(w, c, nil, lead); err != nil {
		return nil, err
	}
	return lead, l.EmitContact(w, ContactCreated, lead)
}

// Mark changes what is known of a person who is there, maybe archived, and to whom an id leads. The mark may run again.
func (l *Lobby) Mark(w Writer, c workspace.Caller, id string, mark func(*Person) error) error {
	before, err := w.Person(c.Workspace, id)
	if err == nil && before != nil {
		before, err = Follow(w, before)
	}
	if err != nil || before == nil || before.State == Blocked {
		return err
	}
	after := before.Clone()
	if err := mark(after); err != nil {
		return err
	}
	return l.Save(w, c, before, after)
}

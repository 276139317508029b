package people

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"lobby/internal/workspace"
)

// The errors of a conversion.
var (
	ErrUserNotNamed = errors.New("the request names no user")
	ErrTypeMissing  = errors.New("the request names no type to convert to")
	ErrTypeInvalid  = errors.New("a visitor converts to a lead or a user only")
)

// VisitorRef names a visitor by ID, then UserID, which is also tried for an unknown ID; by Email when both are empty.
type VisitorRef struct{ ID, UserID, Email string }

// UserRef names the user that a visitor becomes or is merged into. The first one set of ID, UserID and Email decides which
// user is meant. The others only fill fields that the result lacks.
type UserRef struct{ ID, UserID, Email string }

// ConvertRequest asks to turn a visitor into a lead or a user.
type ConvertRequest struct {
	To      Role
	Visitor VisitorRef
	User    UserRef // not read when To is Lead
}

// Decision says how a conversion, merge or undo succeeded.
type Decision string

// The decisions.
const (
	DecidedConverted Decision = "converted" // in place: the visitor's id is the contact's
	DecidedMerged    Decision = "merged"    // into an existing contact
	DecidedRepeated  Decision = "repeated"  // the same was done before; nothing was written
)

// ConversionResult is the result of a conversion or a merge.
type ConversionResult struct {
	Contact  *Person
	Decision Decision
	// ChangeID is the id of the change's journal entry.
	ChangeID string
}

// ConvertVisitor turns a visitor into a contact in place, or merges it into the user that the request names. The same
// request again always returns the same contact, so that a client that lost the response can simply retry.
//
// Errors: ErrTypeMissing, ErrTypeInvalid, ErrVisitorNotNamed, ErrVisitorNotFound, ErrUserNotNamed, ErrUserNotFound,
// workspace.InvalidError, ConflictError, BlockedError. The checks run in that order.
func (l *Lobby) ConvertVisitor(ctx context.Context, c workspace.Caller, order ConvertRequest) (*ConversionResult, error) {
	if err := order.check(); err != nil {
		return nil, err
	}
	return write(ctx, l, func(w Writer) (*ConversionResult, error) {
		plan, err := l.planConversion(w, c.Workspace, order)
		if err != nil {
			return nil, err
		}
		return l.CarryOut(w, c, plan)
	})
}

// PreviewConversion returns what ConvertVisitor would do now, or its error, and writes nothing. The people in the plan have
// their links.
func (l *Lobby) PreviewConversion(ctx context.Context, c workspace.Caller, order ConvertRequest) (*Plan, error) {
	if err := order.check(); err != nil {
		return nil, err
	}
	return read(ctx, l, func(r Reader) (plan *Plan, err error) {
		if plan, err = l.planConversion(r, c.Workspace, order); err != nil {
			return nil, err
		}
		return plan, plan.Link(r)
	})
}

func (o *ConvertRequest) check() error {
	switch {
	case o.To == "":
		return ErrTypeMissing
	case !o.To.IsContact():
		return ErrTypeInvalid
	case o.Visitor == VisitorRef{}:
		return ErrVisitorNotNamed
	}
	return nil
}

func (l *Lobby) planConversion(r Reader, ws workspace.ID, order ConvertRequest) (*Plan, error) {
	live, spent, err := findVisitor(r, ws, order.Visitor)
	if err != nil {
		return nil, err
	}
	if live == nil {
		return repeated(r, spent, order)
	}
	if order.To == Lead {
		return l.PlanLead(r, live)
	}
	if err := order.User.Check(); err != nil {
		return nil, err
	}
	order.User.Email = strings.TrimSpace(order.User.Email)
	target, err := FindUser(r, ws, order.User)
	if err != nil {
		return nil, err
	}
	if target == nil {
		return l.PlanUser(r, live, order.User)
	}
	return l.PlanVisitorMerge(r, live, target, order.User)
}

// Check refuses a reference that names nobody or holds a placeholder.
func (u UserRef) Check() error {
	if (u == UserRef{}) {
		return ErrUserNotNamed
	}
	if err := workspace.CheckIdentifier("user.id", u.ID); err != nil {
		return err
	}
	if err := workspace.CheckIdentifier("user.user_id", u.UserID); err != nil {
		return err
	}
	return workspace.CheckEmail("user.email", u.Email)
}

// findVisitor returns the live visitor that ref names, or else the person whose id ref holds but who is no visitor any more.
func findVisitor(r Reader, ws workspace.ID, ref VisitorRef) (live, spent *Person, err error) {
	var named []*Person
	if ref.ID != "" {
		p, err := r.Person(ws, ref.ID)
		if err != nil {
			return nil, nil, err
		}
		named = append(named, p)
	}
	if ref.UserID != "" && (len(named) == 0 || named[0] == nil) {
		p, err := r.PersonByAnonymousID(ws, ref.UserID)
		if err != nil {
			return nil, nil, err
		}
		named = append(named, p)
	}
	if ref.ID == "" && ref.UserID == "" && ref.Email != "" {
		if named, err = visitorsByEmail(r, ws, ref.Email); err != nil {
			return nil, nil, err
		}
	}
	for _, p := range named {
		switch {
		case p == nil || p.AnonymousID == "":
		case p.IsLiveVisitor():
			return p, nil, nil
		default:
			spent = p
		}
	}
	return nil, spent, nil
}

// visitorsByEmail returns the one visitor with an email address, or the only person with it that once was a visitor. An
// address does not identify a visitor when several have it.
func visitorsByEmail(r Reader, ws workspace.ID, email string) ([]*Person, error) {
	all, err := r.PeopleByEmail(ws, email)
	if err != nil {
		return nil, err
	}
	live := slices.DeleteFunc(slices.Clone(all), func(p *Person) bool { return !p.IsLiveVisitor() })
	if len(live) == 0 {
		live = slices.DeleteFunc(all, func(p *Person) bool { return p.AnonymousID == "" })
	}
	if len(live) != 1 {
		return nil, nil
	}
	p, err := r.Person(ws, live[0].ID)
	return []*Person{p}, err
}

// repeated returns the contact that a former visitor has become, when it is the one that the request means.
func repeated(r Reader, spent *Person, order ConvertRequest) (*Plan, error) {
	if spent == nil {
		return nil, ErrVisitorNotFound
	}
	contact, err := Follow(r, spent)
	if err != nil {
		return nil, err
	}
	change, err := r.ChangeFrom(spent.Workspace, spent.ID, Visitor)
	if err != nil {
		return nil, err
	}
	if contact == nil || !contact.IsLiveContact() || change == nil || change.To != order.To {
		return nil, ErrVisitorNotFound
	}
	if order.To == User {
		if isMeant, err := order.User.means(r, contact); err != nil || !isMeant {
			return nil, ErrVisitorNotFound
		}
	}
	return &Plan{change, DecidedRepeated, contact}, nil
}

// means reports whether a reference may mean a contact. An address shared by several users may mean each of them, since the
// most recently seen one may have changed.
func (u UserRef) means(r Reader, contact *Person) (bool, error) {
	if u.ID == "" && u.UserID == "" && contact.Role == User {
		return u.Email != "" && workspace.EmailKey(u.Email) == workspace.EmailKey(contact.Email), nil
	}
	meant, err := FindUser(r, contact.Workspace, u)
	return meant != nil && meant.ID == contact.ID, err
}

// FindUser returns the contact that a reference means, or nil when a new user is to be made from it. A user id that nobody
// has means a new user, even when the address is taken. Of several users with one address the most recently seen is meant.
func FindUser(r Reader, ws workspace.ID, ref UserRef) (*Person, error) {
	var candidates []*Person
	var err error
	switch {
	case ref.ID != "":
		var p *Person
		if p, err = r.Person(ws, ref.ID); p != nil && p.Role.IsContact() {
			candidates = []*Person{p}
		}
	case ref.UserID != "":
		candidates, err = r.ContactsByExternalID(ws, ref.UserID)
		candidates = UsersOf(candidates)
	default:
		candidates, err = r.PeopleByEmail(ws, ref.Email)
		candidates = UsersOf(candidates)
		// Whose own record has the address comes before those who absorbed a user with it.
		slices.SortStableFunc(candidates, func(p, q *Person) int { return cmp.Compare(len(p.MergedInto), len(q.MergedInto)) })
	}
	if err != nil {
		return nil, err
	}
	if len(candidates) == 0 {
		if ref.ID != "" {
			return nil, ErrUserNotFound
		}
		return nil, nil
	}
	found := candidates[0]
	if ref.ID == "" && ref.UserID == "" {
		found, err = r.Person(ws, found.ID)
	}
	if err == nil && found != nil {
		found, err = Follow(r, found)
	}
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, ErrUserNotFound
	}
	return found, conflictWith(found, Archived, Blocked)
}

// UsersOf returns the users in a list of people. It modifies the slice.
func UsersOf(all []*Person) []*Person {
	return slices.DeleteFunc(all, func(p *Person) bool { return p.Role != User })
}

// Follow returns the person that p is today: p itself, or the person that absorbed it.
func Follow(r Reader, p *Person) (*Person, error) {
	if p.State != Merged {
		return p, nil
	}
	return r.Person(p.Workspace, p.MergedInto)
}

// PlanLead plans to make a visitor a lead in place. The visitor's user_id becomes the lead's external id.
func (l *Lobby) PlanLead(r Reader, visitor *Person) (*Plan, error) {
	lead := visitor.Clone()
	lead.Role = Lead
	lead.ExternalID = visitor.AnonymousID
	return l.becomeContact(r, visitor, lead, []Outcome{{"anonymous_id", Adopted}})
}

// PlanUser plans to make a visitor a user in place. The identifiers in ref replace the visitor's; an empty Email keeps its
// own.
func (l *Lobby) PlanUser(r Reader, visitor *Person, ref UserRef) (*Plan, error) {
	user := visitor.Clone()
	user.Role = User
	user.ExternalID = ref.UserID
	user.SignedUpAt = visitor.CreatedAt
	outcomes := []Outcome{{"anonymous_id", Discarded}}
	if visitor.Email != "" {
		verdict := Kept
		if ref.Email != "" {
			verdict = Discarded
		}
		outcomes = append(outcomes, Outcome{"email", verdict})
	}
	if ref.Email != "" {
		user.Email = ref.Email
	}
	return l.becomeContact(r, visitor, user, outcomes)
}

func (l *Lobby) becomeContact(r Reader, visitor, contact *Person, outcomes []Outcome) (*Plan, error) {
	contact.UpdatedAt = l.Unix()
	if err := CheckUnique(r, visitor, contact); err != nil {
		return nil, err
	}
	change := &Change{Kind: ChangeConverted, Subject: visitor, Result: contact, Outcomes: outcomes}
	return &Plan{change, DecidedConverted, contact}, nil
}

// PlanVisitorMerge plans to merge a visitor into a contact, which is a user afterwards.
func (l *Lobby) PlanVisitorMerge(r Reader, visitor, target *Person, ref UserRef) (*Plan, error) {
	plan, err := l.PlanMerge(r, visitor, target, ref.Email)
	if err != nil {
		return nil, err
	}
	user := plan.Contact
	user.Role = User
	if user.ExternalID == "" {
		user.ExternalID = ref.UserID
	}
	if err := CheckUnique(r, target, user); err != nil {
		return nil, err
	}
	return plan, nil
}

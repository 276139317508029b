package people

import (
	"context"
	"errors"

	"lobby/internal/workspace"
)

// The errors of a merge.
var (
	ErrMergeRoles    = errors.New("a contact merges as a lead into a user only")
	ErrNotDuplicates = errors.New("the contacts share neither an email address nor a phone number")
)

// MergeOrder names two contacts, one of which is to be merged into the other.
type MergeOrder struct {
	FromID, IntoID string
	// OnlyDuplicates refuses contacts that share neither an email address nor a phone number.
	OnlyDuplicates bool
}

// Merge is one contact that was merged into another.
type Merge struct {
	ChangeID  string // id of the journal entry
	ContactID string
	Role      Role // the contact's role before
	At        int64
}

// MergeContacts merges a lead into a user, which keeps its id and all its values. The same request again returns the same
// contact, as with a conversion.
//
// Errors: ErrUserNotFound, MergedError, ErrMergeRoles, ErrNotDuplicates. The checks run in that order.
func (l *Lobby) MergeContacts(ctx context.Context, c workspace.Caller, order MergeOrder, extra ...Extra) (*ConversionResult, error) {
	return write(ctx, l, func(w Writer) (*ConversionResult, error) {
		plan, err := l.planMerge(w, c, order)
		if err != nil {
			return nil, err
		}
		result, err := l.CarryOut(w, c, plan)
		if err != nil {
			return nil, err
		}
		return result, showMerges(w, extra, result.Contact)
	})
}

// PreviewMerge returns what MergeContacts would do now, or its error, and writes nothing. The people in the plan have their
// links.
func (l *Lobby) PreviewMerge(ctx context.Context, c workspace.Caller, order MergeOrder) (*Plan, error) {
	return read(ctx, l, func(r Reader) (plan *Plan, err error) {
		if plan, err = l.planMerge(r, c, order); err != nil {
			return nil, err
		}
		return plan, plan.Link(r)
	})
}

// Link sets the links of the people in a plan, as they are before the change.
func (p *Plan) Link(r Reader) error {
	if p.Change.Survivor == nil {
		return linkAsContacts(r, p.Change.Subject)
	}
	return linkAsContacts(r, p.Change.Subject, p.Change.Survivor)
}

func (l *Lobby) planMerge(r Reader, c workspace.Caller, order MergeOrder) (*Plan, error) {
	from, err := r.Person(c.Workspace, order.FromID)
	if err != nil {
		return nil, err
	}
	if from == nil {
		return nil, ErrUserNotFound
	}
	named, err := r.Person(c.Workspace, order.IntoID)
	if err != nil {
		return nil, err
	}
	into, err := asContact(r, named, c.FollowMerged, Active)
	if err != nil {
		return nil, err
	}
	if from.State == Merged && from.MergedInto == into.ID && from.ID != order.IntoID {
		change, err := r.ChangeFrom(c.Workspace, from.ID, from.Role)
		if err != nil {
			return nil, err
		}
		if change != nil && from.Role.IsContact() {
			return &Plan{change, DecidedRepeated, into}, nil
		}
	}
	if from, err = asContact(r, from, c.FollowMerged, Active); err != nil {
		return nil, err
	}
	if from.Role != Lead || into.Role != User {
		return nil, ErrMergeRoles
	}
	if order.OnlyDuplicates && !from.duplicates(into) {
		return nil, ErrNotDuplicates
	}
	address, err := FreeAddress(r, from, into)
	if err != nil {
		return nil, err
	}
	return l.PlanMerge(r, from, into, address)
}

// duplicates reports whether p and q share an email address or a phone number.
func (p *Person) duplicates(q *Person) bool {
	return p.Email != "" && sameEmail(p, q) || SamePhone(p, q)
}

// FreeAddress returns the address of a contact to be absorbed when the survivor has none and no other contact, the absorbed
// one among them, has a claim to it.
func FreeAddress(r Reader, absorbed, survivor *Person) (string, error) {
	if survivor.Email != "" || absorbed.Email == "" {
		return "", nil
	}
	reached := survivor.Clone()
	reached.Email = absorbed.Email
	err := CheckUnique(r, survivor, reached)
	_, taken := errors.AsType[*ConflictError](err)
	_, blocked := errors.AsType[*BlockedError](err)
	if taken || blocked {
		return "", nil
	}
	return absorbed.Email, err
}

// PlanMerge plans to merge one person into another. Only values that the survivor lacks are copied. The subject's record
// becomes a forwarding address, through which everything attached to it is read.
func (l *Lobby) PlanMerge(r Reader, subject, survivor *Person, address string) (*Plan, error) {
	result, outcomes := absorb(survivor, subject, address)
	result.UpdatedAt = l.Unix()
	if err := linkAsContacts(r, subject); err != nil {
		return nil, err
	}
	outcomes = append(outcomes, subject.Associations.outcomes()...)
	change := &Change{Kind: ChangeMerged, Subject: subject, Survivor: survivor, Result: result, Outcomes: outcomes}
	return &Plan{change, DecidedMerged, result}, nil
}

// outcomes returns the verdicts on what is attached to an absorbed person.
func (l *Associations) outcomes() (all []Outcome) {
	if l == nil {
		return nil
	}
	for _, kind := range []struct {
		field   string
		total   int
		verdict Verdict
	}{
		{"tags", l.Tags.Total, United},
		{"companies", l.Companies.Total, United},
		{"subscriptions", l.OptedOut.Total + l.OptedIn.Total, United},
		{"notes", l.Notes.Total, Kept},
	} {
		if kind.total > 0 {
			all = append(all, Outcome{kind.field, kind.verdict})
		}
	}
	return all
}

// MergeHistory lists the contacts that were merged into a user, newest first. Errors: ErrUserNotFound, also for a lead;
// MergedError.
func (l *Lobby) MergeHistory(ctx context.Context, c workspace.Caller, id string) ([]Merge, error) {
	return read(ctx, l, func(r Reader) ([]Merge, error) {
		p, err := findContact(r, c, id, Active)
		if err != nil {
			return nil, err
		}
		if p.Role != User {
			return nil, ErrUserNotFound
		}
		all, err := r.Merges(c.Workspace, []string{p.ID})
		return all[p.ID], err
	})
}

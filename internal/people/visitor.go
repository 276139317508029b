package people

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// The errors of a visitor.
var (
	ErrVisitorNotFound = errors.New("no such visitor")
	ErrVisitorNotNamed = errors.New("the request names no visitor")
)

// FindVisitor returns a live visitor. Errors: ErrVisitorNotNamed, ErrVisitorNotFound.
func (l *Lobby) FindVisitor(ctx context.Context, c workspace.Caller, ref VisitorRef) (*Person, error) {
	if (ref == VisitorRef{}) {
		return nil, ErrVisitorNotNamed
	}
	return read(ctx, l, func(r Reader) (visitor *Person, err error) {
		if visitor, err = liveVisitor(r, c.Workspace, ref); err != nil {
			return nil, err
		}
		return visitor, l.showVisitors(r, c, visitor)
	})
}

func liveVisitor(r Reader, ws workspace.ID, ref VisitorRef) (*Person, error) {
	live, _, err := findVisitor(r, ws, ref)
	if err == nil && live == nil {
		err = ErrVisitorNotFound
	}
	return live, err
}

// VisitorUpdate are the fields that the Visitors API may change.
type VisitorUpdate struct {
	Name *string // nil leaves it, a pointer to "" clears it
	// CustomAttributes are merged key by key; null removes a key.
	CustomAttributes search.Attributes
}

// UpdateVisitor changes a live visitor, which cannot be named by email here. An update without changes still counts as an
// update. The first update gives the visitor its pseudonym. Errors: ErrVisitorNotNamed, ErrVisitorNotFound,
// workspace.InvalidError.
func (l *Lobby) UpdateVisitor(ctx context.Context, c workspace.Caller, ref VisitorRef, update VisitorUpdate) (*Person, error) {
	ref.Email = ""
	if (ref == VisitorRef{}) {
		return nil, ErrVisitorNotNamed
	}
	return write(ctx, l, func(w Writer) (visitor *Person, err error) {
		before, err := liveVisitor(w, c.Workspace, ref)
		if err != nil {
			return nil, err
		}
		attributes, err := l.defineVisitor(w, c.Workspace, update.CustomAttributes)
		if err != nil {
			return nil, err
		}
		visitor = before.Clone()
		visitor.UpdatedAt = l.Unix()
		visitor.CustomAttributes = visitor.CustomAttributes.With(attributes)
		if update.Name != nil {
			visitor.Name = *update.Name
		}
		l.GivePseudonym(visitor)
		if err := l.Save(w, c, before, visitor); err != nil {
			return nil, err
		}
		return visitor, l.showVisitors(w.Unlocked(), c, visitor)
	})
}

// GivePseudonym gives a person a pseudonym, unless it already has one.
func (l *Lobby) GivePseudonym(p *Person) {
	if p.Pseudonym == "" {
		p.Pseudonym = l.Pseudonym(p.ID, p.Location.City)
	}
}

// CreateVisitor creates a visitor that no browser has sent, for a server or a test. It fills the user_id and the times when
// v leaves them empty; the id is always new. Errors: ConflictError when the user_id was ever used, ErrOwnerNotFound,
// workspace.InvalidError.
func (l *Lobby) CreateVisitor(ctx context.Context, c workspace.Caller, v *Person) (*Person, error) {
	visitor := v.Clone()
	visitor.Workspace, visitor.Role, visitor.State = c.Workspace, Visitor, Active
	visitor.MergedInto, visitor.ExternalID = "", ""
	visitor.Email = strings.TrimSpace(visitor.Email)
	visitor.CustomAttributes = search.Attributes(nil).With(v.CustomAttributes) // drops nulls, which remove nothing here
	if err := workspace.CheckIdentifier("user_id", visitor.AnonymousID); err != nil {
		return nil, err
	}
	if err := workspace.CheckEmail("email", visitor.Email); err != nil {
		return nil, err
	}
	if visitor.SessionCount < 0 || visitor.SessionCount > search.MaxWhole {
		return nil, workspace.Invalid("session_count", fmt.Sprintf("must be between 0 and %d", search.MaxWhole))
	}
	if zone, ok := workspace.Timezone(visitor.Location.Timezone); ok {
		visitor.Location.Timezone = zone
	}
	now := l.Unix()
	if visitor.CreatedAt == 0 {
		visitor.CreatedAt = now
	}
	if visitor.UpdatedAt == 0 {
		visitor.UpdatedAt = visitor.CreatedAt
	}
	if visitor.AnonymousID == "" {
		visitor.AnonymousID = l.NewUUID()
	}
	visitor.ID = l.IDAt(visitor.CreatedAt)
	return write(ctx, l, func(w Writer) (*Person, error) {
		old, err := w.PersonByAnonymousID(c.Workspace, visitor.AnonymousID)
		if err != nil {
			return nil, err
		}
		if old != nil {
			if old, err = Follow(w, old); err != nil {
				return nil, err
			}
			return nil, &ConflictError{ExistingID: old.ID, Visitor: old.Role == Visitor}
		}
		if err := checkOwner(w, visitor); err != nil {
			return nil, err
		}
		// A store may run this again after it refused, so what was given must stay as it is.
		created := visitor.Clone()
		if created.CustomAttributes, err = l.defineVisitor(w, c.Workspace, visitor.CustomAttributes); err != nil {
			return nil, err
		}
		return created, l.Save(w, c, nil, created)
	})
}

// checkOwner refuses an owner who is no admin of the person's workspace.
func checkOwner(r Reader, p *Person) error {
	if p.OwnerID == 0 {
		return nil
	}
	owner, err := r.Admin(p.Workspace, p.OwnerID)
	if err == nil && owner == nil {
		err = ErrOwnerNotFound
	}
	return err
}

// DeleteVisitor removes a live visitor with everything attached to it, and returns it as it was. Errors: ErrVisitorNotFound.
func (l *Lobby) DeleteVisitor(ctx context.Context, c workspace.Caller, ref VisitorRef) (*Person, error) {
	return write(ctx, l, func(w Writer) (visitor *Person, err error) {
		if visitor, err = liveVisitor(w, c.Workspace, ref); err != nil {
			return nil, err
		}
		if err := l.showVisitors(w.Unlocked(), c, visitor); err != nil {
			return nil, err
		}
		return visitor, l.erase(w, c, visitor.ID, l.Unix())
	})
}

// VisitorFilter narrows a list of visitors. Empty fields do not narrow. Times are Unix seconds, both ends inclusive.
type VisitorFilter struct {
	Email                               string
	Name                                string // exact
	CreatedAfter, CreatedBefore         int64
	LastRequestAfter, LastRequestBefore int64
	UpdatedAfter, UpdatedBefore         int64
	// Before is the place from which on older visitors are listed.
	Before string
}

// MaxPage is the max number of records on one page of a list.
const MaxPage = 150

// Visitors lists live visitors, newest first, and reports whether there are more.
func (l *Lobby) Visitors(ctx context.Context, c workspace.Caller, filter VisitorFilter, limit int) ([]*Person, bool, error) {
	limit = min(limit, MaxPage)
	if filter.LastRequestAfter != 0 || filter.LastRequestBefore != 0 {
		if err := l.Store.Flush(ctx); err != nil {
			return nil, false, err
		}
	}
	var page []*Person
	err := l.Store.Read(ctx, func(r Reader) (err error) {
		if page, err = r.Visitors(c.Workspace, filter, limit+1); err != nil {
			return err
		}
		return l.showVisitors(r, c, page[:min(len(page), limit)]...)
	})
	if len(page) > limit {
		return page[:limit], true, err
	}
	return page, false, err
}

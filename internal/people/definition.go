package people

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// The errors of the definition of a custom attribute.
var (
	ErrTooManyAttributes    = errors.New("the workspace has as many custom attributes as it may have")
	ErrAttributeInUse       = errors.New("a segment asks for the custom attribute")
	ErrAttributeNotFound    = errors.New("no such custom attribute")
	ErrAttributeUnnamed     = errors.New("the request names no custom attribute")
	ErrAttributeNameInvalid = errors.New("the name has characters that a custom attribute may not have")
	ErrAttributeTypeInvalid = errors.New("no custom attribute is of that type")
	ErrModelInvalid         = errors.New("custom attributes are of contacts or companies only")
)

// AttributeUpdate are the fields of a definition that a request may change; nil leaves a field unchanged.
type AttributeUpdate struct {
	Archived          *bool
	Description       *string
	Options           *[]string // an empty list allows any value again; stored values stay
	MessengerWritable *bool
}

// Attributes lists the custom attributes of a workspace by id, including archived ones.
func (l *Lobby) Attributes(ctx context.Context, c workspace.Caller) ([]*Attribute, error) {
	var all []*Attribute
	err := l.Store.Read(ctx, func(r Reader) (err error) {
		all, err = r.Attributes(c.Workspace)
		return err
	})
	slices.SortFunc(all, func(a, b *Attribute) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// CreateAttribute defines a custom attribute. It ignores the id, the creator and the times in order. Errors:
// ErrModelInvalid, ErrAttributeUnnamed, ErrAttributeNameInvalid, ErrAttributeTypeInvalid, ErrTooManyAttributes,
// AttributeExistsError, workspace.InvalidError.
func (l *Lobby) CreateAttribute(ctx context.Context, c workspace.Caller, order *Attribute) (*Attribute, error) {
	a := *order
	a.Workspace, a.Name = c.Workspace, strings.TrimSpace(a.Name)
	if err := a.check(); err != nil {
		return nil, err
	}
	return l.writeAttribute(ctx, func(w Writer) (*Attribute, error) {
		all, err := w.Attributes(c.Workspace)
		if err != nil {
			return nil, err
		}
		if old := find(all, a.Name); old != nil {
			return nil, &AttributeExistsError{Name: a.Name, Has: old.Model, Wanted: a.Model}
		}
		if isFull(all) {
			return nil, ErrTooManyAttributes
		}
		return &a, l.complete(w, &a, all)
	})
}

// UpdateAttribute changes a definition. Errors: ErrAttributeNotFound, workspace.InvalidError; ErrAttributeInUse when it
// would archive an attribute that a segment uses; ErrTooManyAttributes when it would restore one too many.
func (l *Lobby) UpdateAttribute(ctx context.Context, c workspace.Caller, id int64, update AttributeUpdate) (*Attribute, error) {
	return l.writeAttribute(ctx, func(w Writer) (*Attribute, error) {
		all, err := w.Attributes(c.Workspace)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(a *Attribute) bool { return a.ID == id })
		if i < 0 {
			return nil, ErrAttributeNotFound
		}
		a := *all[i]
		if update.Archived != nil {
			if a.Archived && !*update.Archived && isFull(all) {
				return nil, ErrTooManyAttributes
			}
			if !a.Archived && *update.Archived {
				segments, err := segmentsThatAskFor(w, c.Workspace, search.CustomPrefix+a.Name, "")
				if err != nil {
					return nil, err
				}
				if segments != nil {
					return nil, ErrAttributeInUse
				}
			}
			a.Archived = *update.Archived
		}
		if update.Description != nil {
			a.Description = *update.Description
		}
		if update.MessengerWritable != nil {
			a.MessengerWritable = *update.MessengerWritable
		}
		if update.Options != nil {
			a.Options = *update.Options
		}
		a.UpdatedAt = l.Unix()
		return &a, a.checkOptions()
	})
}

// writeAttribute stores the definition that decide returns.
func (l *Lobby) writeAttribute(ctx context.Context, decide func(Writer) (*Attribute, error)) (*Attribute, error) {
	return write(ctx, l, func(w Writer) (*Attribute, error) {
		a, err := decide(w)
		if err != nil {
			return nil, err
		}
		return a, w.DefineAttribute(a)
	})
}

// complete sets the next free id of a new definition, its creator, who is the first admin, and its times.
func (l *Lobby) complete(r Reader, a *Attribute, all []*Attribute) error {
	admins, err := r.Admins(a.Workspace)
	if err != nil {
		return err
	}
	a.ID, a.AdminID = 1, 0
	for _, other := range all {
		a.ID = max(a.ID, other.ID+1)
	}
	if len(admins) > 0 {
		a.AdminID = admins[0].ID
	}
	a.CreatedAt, a.UpdatedAt = l.Unix(), l.Unix()
	return nil
}

// isFull reports whether a workspace has the max number of custom attributes.
func isFull(all []*Attribute) bool {
	n := 0
	for _, a := range all {
		if !a.Archived {
			n++
		}
	}
	return n >= maxAttributes
}

// check checks a new definition, in the order of the public API.
func (a *Attribute) check() error {
	switch {
	case a.Model != ContactModel && a.Model != CompanyModel:
		return ErrModelInvalid
	case a.Name == "":
		return ErrAttributeUnnamed
	case strings.ContainsFunc(a.Name, isForbiddenInNames):
		return ErrAttributeNameInvalid
	case utf8.RuneCountInString(a.Name) > search.MaxText:
		return workspace.Invalid("name", fmt.Sprintf("must not be longer than %d characters", search.MaxText))
	}
	switch a.Type {
	case StringAttribute, IntegerAttribute, FloatAttribute, BooleanAttribute, DateAttribute, DatetimeAttribute:
		return a.checkOptions()
	}
	return ErrAttributeTypeInvalid
}

// isForbiddenInNames reports whether a name must not have a character. Allowed are letters and digits of any script,
// hyphens, underscores, commas, spaces and currency symbols. The dollar is not, since it has a meaning in search.
func isForbiddenInNames(c rune) bool {
	return c == '$' || !unicode.In(c, unicode.L, unicode.M, unicode.N, unicode.Sc) && !strings.ContainsRune("-_, ", c)
}

// checkOptions refuses options between which one could not choose.
func (a *Attribute) checkOptions() error {
	switch {
	case len(a.Options) == 0:
		return nil
	case a.Type != StringAttribute:
		return workspace.Invalid("options", "can be given for a string only")
	case len(a.Options) == 1:
		return workspace.Invalid("options", "must be at least two")
	}
	seen := make(map[string]bool, len(a.Options))
	for _, option := range a.Options {
		if option == "" || utf8.RuneCountInString(option) > search.MaxText {
			return workspace.Invalid("options", fmt.Sprintf("must have between 1 and %d characters each", search.MaxText))
		}
		if seen[option] {
			return workspace.Invalid("options", "must differ from each other")
		}
		seen[option] = true
	}
	return nil
}

package messenger

import (
	"context"
	"errors"

	"lobby/internal/people"
)

// arrival is who a proven user's browser is now: the contact and how it came about, and the anonymous id that the browser
// is to hold.
type arrival struct {
	*people.ConversionResult
	anonymousID string
	newSession  bool
}

// signIn makes the visitor behind a browser the user of a proven claim. An id that is spent on this user stays; one that
// is spent on anybody else is left alone, and the browser gets a new one.
func (m *messenger) signIn(ctx context.Context, c people.Caller, v people.Visit, who claim) (*arrival, error) {
	owner, err := m.ownerOf(ctx, c.Workspace, v.AnonymousID)
	if err != nil {
		return nil, err
	}
	if owner == nil || owner.IsLiveVisitor() {
		arrived, err := m.visitAndConvert(ctx, c, v, who)
		if !errors.Is(err, people.ErrVisitorNotFound) {
			return arrived, err
		}
		// Another tab was faster.
	}
	if owner != nil {
		result, err := m.convert(ctx, c, v.AnonymousID, who)
		if err == nil {
			return &arrival{result, v.AnonymousID, false}, nil
		}
		if !errors.Is(err, people.ErrVisitorNotFound) {
			return nil, err
		}
	}
	v.AnonymousID = m.lobby.NewUUID()
	arrived, err := m.visitAndConvert(ctx, c, v, who)
	if err != nil {
		// The browser does not learn the new id: nobody would ever come back to it.
		err = errors.Join(err, m.forget(ctx, c, v.AnonymousID))
	}
	return arrived, err
}

// ownerOf answers the person that an anonymous id leads to today, or nil.
func (m *messenger) ownerOf(ctx context.Context, ws people.WorkspaceID, anonymousID string) (*people.Person, error) {
	if anonymousID == "" {
		return nil, nil
	}
	owner, err := m.lobby.Resolve(ctx, ws, anonymousID)
	if errors.Is(err, people.ErrPersonNotFound) {
		return nil, nil
	}
	return owner, err
}

func (m *messenger) visitAndConvert(ctx context.Context, c people.Caller, v people.Visit, who claim) (*arrival, error) {
	visited, err := m.lobby.Visit(ctx, c, v)
	if err != nil {
		return nil, err
	}
	id := visited.Person.AnonymousID
	result, err := m.convert(ctx, c, id, who)
	if err != nil {
		return nil, err
	}
	return &arrival{result, id, visited.NewSession}, nil
}

func (m *messenger) convert(ctx context.Context, c people.Caller, anonymousID string, who claim) (*people.ConversionResult, error) {
	return m.lobby.ConvertVisitor(ctx, c, people.Conversion{
		To:      people.User,
		Visitor: people.VisitorRef{UserID: anonymousID},
		User:    people.UserRef{UserID: who.userID, Email: who.email},
	})
}

func (m *messenger) forget(ctx context.Context, c people.Caller, anonymousID string) error {
	_, err := m.lobby.DeleteVisitor(context.WithoutCancel(ctx), c, people.VisitorRef{UserID: anonymousID})
	if errors.Is(err, people.ErrVisitorNotFound) {
		return nil
	}
	return err
}

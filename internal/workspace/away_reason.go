package workspace

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// What use cases refuse of a reason to be away.
var (
	ErrAwayReasonNotFound = errors.New("no such reason to be away")
	ErrAwayReasonDeleted  = errors.New("that reason to be away is deleted")
)

// AwayReason is why an admin may be away. One that is deleted stays, for those who were away for it, and can be chosen no
// more.
type AwayReason struct {
	Workspace ID
	ID        int64 // decimal digits on the wire, unique within the workspace and never given twice
	Label     string
	Emoji     string // "" for none
	// Order is its place in the list; reasons of the same order stand by id.
	Order     int64
	Deleted   bool
	CreatedAt int64
	UpdatedAt int64
}

// AwayReasonUpdate is what may be changed about a reason; nil leaves a value as it is.
type AwayReasonUpdate struct {
	Label, Emoji *string
	Order        *int64
}

// awayReasonNumber is the kind of number that reasons have for ids.
const awayReasonNumber = "away_reason"

// AwayReasons lists a workspace's reasons in their order, those that are deleted among them.
func (g *Registry) AwayReasons(ctx context.Context, c Caller) ([]*AwayReason, error) {
	return Read(ctx, g.Store, func(r Reader) ([]*AwayReason, error) { return r.AwayReasons(c.Workspace) })
}

// CreateAwayReason adds a reason to a workspace, at the end of the list unless order says otherwise; InvalidError.
func (g *Registry) CreateAwayReason(ctx context.Context, c Caller, wanted AwayReasonUpdate) (*AwayReason, error) {
	return Write(ctx, g.Store, func(w Writer) (made *AwayReason, err error) {
		made = &AwayReason{Workspace: c.Workspace, CreatedAt: g.Unix()}
		if made.ID, err = w.NextNumber(c.Workspace, awayReasonNumber); err != nil {
			return nil, err
		}
		made.Order = made.ID
		return made, g.writeAwayReason(w, made, wanted)
	})
}

// ChangeAwayReason changes a reason that is not deleted; ErrAwayReasonNotFound, InvalidError.
func (g *Registry) ChangeAwayReason(ctx context.Context, c Caller, id int64, update AwayReasonUpdate) (*AwayReason, error) {
	return Write(ctx, g.Store, func(w Writer) (changed *AwayReason, err error) {
		if changed, err = findAwayReason(w, c.Workspace, id); err != nil {
			return nil, err
		}
		if changed == nil || changed.Deleted {
			return nil, ErrAwayReasonNotFound
		}
		return changed, g.writeAwayReason(w, changed, update)
	})
}

// DeleteAwayReason takes a reason away from those that can be chosen. Once more does nothing. ErrAwayReasonNotFound.
func (g *Registry) DeleteAwayReason(ctx context.Context, c Caller, id int64) (*AwayReason, error) {
	return Write(ctx, g.Store, func(w Writer) (deleted *AwayReason, err error) {
		deleted, err = findAwayReason(w, c.Workspace, id)
		switch {
		case err != nil:
			return deleted, err
		case deleted == nil:
			return nil, ErrAwayReasonNotFound
		case deleted.Deleted:
			return deleted, nil
		}
		deleted.Deleted = true
		return deleted, g.writeAwayReason(w, deleted, AwayReasonUpdate{})
	})
}

func (g *Registry) writeAwayReason(w Writer, reason *AwayReason, update AwayReasonUpdate) error {
	if update.Label != nil {
		reason.Label = strings.TrimSpace(*update.Label)
	}
	if update.Emoji != nil {
		reason.Emoji = strings.TrimSpace(*update.Emoji)
	}
	if update.Order != nil {
		reason.Order = *update.Order
	}
	reason.UpdatedAt = g.Unix()
	if reason.Label == "" {
		return Invalid("label", "is blank")
	}
	for field, text := range map[string]string{"label": reason.Label, "emoji": reason.Emoji} {
		if err := CheckLine(field, text); err != nil {
			return err
		}
	}
	return w.PutAwayReason(reason)
}

// findAwayReason answers a reason, nil when there is none with that id.
func findAwayReason(r Reader, ws ID, id int64) (*AwayReason, error) {
	all, err := r.AwayReasons(ws)
	i := slices.IndexFunc(all, func(reason *AwayReason) bool { return reason.ID == id })
	if err != nil || i < 0 {
		return nil, err
	}
	return all[i], nil
}

// checkAwayReason refuses what is no reason of the workspace, and one that is deleted; 0 is none.
func checkAwayReason(r Reader, ws ID, id int64) error {
	if id == 0 {
		return nil
	}
	switch reason, err := findAwayReason(r, ws, id); {
	case err != nil:
		return err
	case reason == nil:
		return Invalid("away_status_reason_id", "must be the id of a reason")
	case reason.Deleted:
		return ErrAwayReasonDeleted
	}
	return nil
}

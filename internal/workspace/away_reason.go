package workspace

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// The errors of use cases on away reasons.
var (
	ErrAwayReasonNotFound = errors.New("no such reason to be away")
	ErrAwayReasonDeleted  = errors.New("that reason to be away is deleted")
)

// AwayReason is a reason for which an admin may be away. A deleted reason stays in the database for the admins who have
// it, but can no longer be chosen.
type AwayReason struct {
	Workspace ID
	ID        int64 // unique within the workspace and never reused; a string of decimal digits in JSON
	Label     string
	Emoji     string // "" for none
	// Order sorts the list, ascending; reasons of the same order are sorted by id.
	Order     int64
	Deleted   bool
	CreatedAt int64
	UpdatedAt int64
}

// AwayReasonUpdate is a change of a reason; nil keeps the value.
type AwayReasonUpdate struct {
	Label, Emoji *string
	Order        *int64
}

// awayReasonNumber is the kind of [NumberWriter] from which reasons get their ids.
const awayReasonNumber = "away_reason"

// AwayReasons returns a workspace's reasons in their order, including deleted ones.
func (g *Registry) AwayReasons(ctx context.Context, c Caller) ([]*AwayReason, error) {
	return Read(ctx, g.Store, func(r Reader) ([]*AwayReason, error) { return r.AwayReasons(c.Workspace) })
}

// CreateAwayReason adds a reason to a workspace. Without an order it goes to the end of the list. Errors: InvalidError.
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

// ChangeAwayReason changes a reason. Errors: ErrAwayReasonNotFound, also for a deleted one; InvalidError.
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

// DeleteAwayReason marks a reason as deleted and returns it. It does nothing to a deleted one. Errors:
// ErrAwayReasonNotFound.
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

// writeAwayReason applies an update to a reason, checks it and writes it.
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

// findAwayReason returns a reason, deleted or not; nil when no reason has the id.
func findAwayReason(r Reader, ws ID, id int64) (*AwayReason, error) {
	all, err := r.AwayReasons(ws)
	i := slices.IndexFunc(all, func(reason *AwayReason) bool { return reason.ID == id })
	if err != nil || i < 0 {
		return nil, err
	}
	return all[i], nil
}

// checkAwayReason returns an InvalidError for an unknown id and ErrAwayReasonDeleted for a deleted reason. The id 0 stands
// for no reason and passes.
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

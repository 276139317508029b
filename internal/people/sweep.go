package people

import (
	"context"

	"lobby/internal/workspace"
)

// sweepBatch is how many visitors are read, and how many are deleted, at once. Other writes can run in between.
const sweepBatch = 100

// ForgottenVisitors counts the visitors of a workspace that [Lobby.SweepVisitors] would delete now. Errors:
// workspace.ErrWorkspaceNotFound.
func (l *Lobby) ForgottenVisitors(ctx context.Context, c workspace.Caller) (int, error) {
	count := 0
	err := l.eachForgotten(ctx, c, func(ids []string, _ int64) error {
		count += len(ids)
		return nil
	})
	return count, err
}

// SweepVisitors deletes the visitors of a workspace that were not seen for [workspace.VisitorLife], with everything
// attached to them. It returns their number, even when it could not finish. A visitor who comes back is a new one. Expired
// browser sessions are deleted too. After each batch it calls progress, unless nil, with the number of visitors handled.
func (l *Lobby) SweepVisitors(ctx context.Context, c workspace.Caller, progress func(visitors int)) (int, error) {
	count := 0
	err := l.Store.Write(ctx, func(w Writer) error { return w.DeleteExpiredBrowserSessions(c.Workspace, l.Unix()) })
	if err != nil {
		return 0, err
	}
	err = l.eachForgotten(ctx, c, func(ids []string, before int64) error {
		deleted := 0
		err := l.Store.Write(ctx, func(w Writer) error {
			deleted = 0
			for _, id := range ids {
				p, err := w.Person(c.Workspace, id)
				if err != nil {
					return err
				}
				if p == nil || !p.IsLiveVisitor() || p.lastSeen() >= before {
					continue // came back, or became a contact, since it was found
				}
				if err := l.erase(w, c, id, 0); err != nil {
					return err
				}
				deleted++
			}
			return nil
		})
		if err != nil {
			return err
		}
		count += deleted
		if progress != nil {
			progress(len(ids))
		}
		return nil
	})
	return count, err
}

// eachForgotten calls do, in batches, with the ids of the visitors last seen before a time, and with that time.
func (l *Lobby) eachForgotten(ctx context.Context, c workspace.Caller, do func(ids []string, before int64) error) error {
	if c.VisitorLife == 0 {
		return nil
	}
	before := workspace.MonthsBefore(l.Now().UTC(), int(c.VisitorLife)).Unix()
	for after := ""; ctx.Err() == nil; {
		var ids []string
		var last string
		err := l.Store.Read(ctx, func(r Reader) (err error) {
			ids, last, err = r.VisitorsUnseenSince(c.Workspace, before, after, sweepBatch)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := do(ids, before); err != nil {
			return err
		}
		after = last
	}
	return ctx.Err()
}

// lastSeen returns when a person was last seen, or when the record was created if that is later.
func (p *Person) lastSeen() int64 { return max(p.LastSeenAt, p.CreatedAt) }

package sqlstore

import (
	"context"
	"strconv"

	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// activityRecords are joined in [records].
var activityRecords = []record{
	{name: "activity", table: "activities", order: "id", columns: []recordColumn{
		textOf("id").key(), textOf("kind").key(), numberOf("admin_id").orZero(), createdAt(), numberOf("about_id"), textOf("before_change"), textOf("after_change"),
		flagOf("away_mode_enabled"), flagOf("away_mode_reassign"), numberOf("away_status_reason_id"), textOf("subject"),
	}},
}

// filterActivities returns the part of a query that begins with the table and ends with the conditions of a filter.
func filterActivities(ws workspace.ID, f workspace.ActivityFilter) (sql string, args []any) {
	sql = ` FROM activities WHERE workspace = $1 AND created_at >= $2 AND created_at <= $3`
	args = []any{string(ws), f.After, f.Before}
	if len(f.Kinds) > 0 {
		sql += ` AND kind IN (` + marks(len(args)+1, len(f.Kinds)) + `)`
		for _, kind := range f.Kinds {
			args = append(args, string(kind))
		}
	}
	return sql, args
}

func (t *tx) Activities(ws workspace.ID, f workspace.ActivityFilter, page workspace.Page) ([]*workspace.Activity, error) {
	from, args := filterActivities(ws, f)
	return sqlengine.List(t, `SELECT id, kind, admin_id, created_at, about_id, before_change, after_change,
		away_mode_enabled, away_mode_reassign, away_status_reason_id, subject`+from+`
		ORDER BY created_at DESC, id DESC LIMIT `+strconv.Itoa(page.Size)+` OFFSET `+strconv.FormatInt(page.Offset(), 10), args,
		func(r sqlengine.Row) (*workspace.Activity, error) {
			return &workspace.Activity{
				Workspace: ws, ID: r.Text(0), Kind: workspace.ActivityKind(r.Text(1)), AdminID: r.Int(2), CreatedAt: r.Int(3),
				AboutID: r.Int(4), Before: r.Text(5), After: r.Text(6),
				Away: workspace.Away{On: r.Bool(7), Reassign: r.Bool(8), ReasonID: r.Int(9)}, Subject: r.Text(10),
			}, nil
		})
}

func (t *tx) CountActivities(ws workspace.ID, f workspace.ActivityFilter) (n int, err error) {
	from, args := filterActivities(ws, f)
	count, err := sqlengine.Number(t, `SELECT count(*)`+from, args)
	return int(count), err
}

func (t *tx) InsertActivity(a *workspace.Activity) error {
	return t.Exec(`INSERT INTO activities (workspace, id, kind, admin_id, created_at, about_id, before_change, after_change,
		away_mode_enabled, away_mode_reassign, away_status_reason_id, subject) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (workspace, id) DO NOTHING`,
		[]any{
			string(a.Workspace), a.ID, string(a.Kind), a.AdminID, a.CreatedAt, sqlengine.OrNil(a.AboutID), sqlengine.OrNil(a.Before), sqlengine.OrNil(a.After),
			sqlengine.OrNil(a.Away.On), sqlengine.OrNil(a.Away.Reassign), sqlengine.OrNil(a.Away.ReasonID), sqlengine.OrNil(a.Subject),
		})
}

func (t *tx) DeleteActivities(ws workspace.ID, before int64, limit int) (deleted int, err error) {
	err = t.Query(`DELETE FROM activities WHERE workspace = $1 AND id IN (
			SELECT id FROM activities WHERE workspace = $1 AND created_at < $2 ORDER BY created_at, id LIMIT `+strconv.Itoa(limit)+`
		) RETURNING id`, []any{string(ws), before}, func(sqlengine.Row) error {
		deleted++
		return nil
	})
	return deleted, err
}

// logging returns fn with what the context asks to log after it, in the same transaction.
func logging(ctx context.Context, fn func(*tx) error) (logs func(*tx) error, committed func()) {
	did := workspace.ToLog(ctx)
	if did == nil {
		return fn, func() {}
	}
	return func(t *tx) error {
		if err := fn(t); err != nil {
			return err
		}
		return t.InsertActivity(did.Activity)
	}, did.Committed
}

package sqlstore

import (
	"bytes"
	"context"
	"sync"
	"time"

	"lobby/internal/personindex"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// ErrNoImage says that the database is not in memory; see [Store.Image].
var ErrNoImage = sqlengine.ErrNoImage

// Image copies a database in memory, and returns what puts the copy back, as often as it is called. Errors: ErrNoImage.
func (s *Store) Image(ctx context.Context) (putBack func(context.Context) error, err error) {
	engine, is := s.engine.(sqlengine.Imager)
	if !is || !engine.HasImages() {
		return nil, ErrNoImage
	}
	if err := s.Flush(ctx); err != nil {
		return nil, err
	}
	if err := s.index.settle(ctx); err != nil {
		return nil, err
	}
	var index *personindex.Index
	image, err := engine.Image(ctx, func() { index = s.index.copied() })
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		s.forgetTouches("")
		var change any = sqlengine.Foreign{}
		if index != nil {
			change = replaced{index.Clone()}
		}
		return translated(engine.PutBack(ctx, image, change))
	}, nil
}

// WorkspaceImage copies what an export has of a workspace, secrets included, and returns what makes the workspace that
// again, as often as it is called. It is meant for small workspaces.
func (s *Store) WorkspaceImage(ctx context.Context, ws workspace.ID) (putBack func(context.Context) error, err error) {
	type line struct {
		name string
		row  []byte
	}
	var lines []line
	err = s.Export(ctx, ExportOptions{Workspaces: []workspace.ID{ws}, Secrets: true}, func(name string, row []byte) error {
		lines = append(lines, line{name, bytes.Clone(row)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		return s.wipe(ctx, ws, func(on sqlengine.Session) error {
			to := s.importer(on, time.Now())
			for _, l := range lines {
				if err := to.Add(l.name, l.row); err != nil {
					return err
				}
			}
			return to.leave()
		})
	}, nil
}

// WipeWorkspace deletes a workspace with everything in it, in one transaction, as if it had never been: unlike after
// [Store.DeleteWorkspace], another one of its name and its people may come.
func (s *Store) WipeWorkspace(ctx context.Context, ws workspace.ID) error {
	return s.wipe(ctx, ws, func(sqlengine.Session) error { return nil })
}

// wipes are the deletions of all tables, read once from the schema.
type wipes struct {
	mu  sync.Mutex
	all []tableDeletion
}

// wipe deletes all rows of a workspace, and runs then in the same transaction.
func (s *Store) wipe(ctx context.Context, ws workspace.ID, then func(sqlengine.Session) error) error {
	deletions, err := s.wipeDeletions(ctx)
	if err != nil {
		return err
	}
	s.forgetTouches(ws)
	return s.write(ctx, func(on sqlengine.Session) error {
		t := &tx{Session: on}
		if err := t.deleteEntrance(ws); err != nil {
			return err
		}
		if err := t.Exec(`DELETE FROM erasures WHERE workspace = $1`, []any{string(ws)}); err != nil {
			return err
		}
		for _, d := range deletions {
			if _, err = d.run(on, ws); err != nil {
				return err
			}
		}
		return then(on)
	})
}

func (s *Store) wipeDeletions(ctx context.Context) (all []tableDeletion, err error) {
	s.wipes.mu.Lock()
	defer s.wipes.mu.Unlock()
	if s.wipes.all == nil {
		s.wipes.all, err = s.tableDeletions(ctx, deleteAll)
	}
	return s.wipes.all, err
}

package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"lobby/internal/people"
	"lobby/internal/personindex"
	"lobby/internal/sqlengine"
	"lobby/internal/touch"
	"lobby/internal/workspace"
)

// flushBatch is how many touches are written in one transaction, so that other writes come in between.
const flushBatch = 500

// touches are the times of visitors seen since they were last written. Every read shows them.
type touches = touch.Touches[visitorKey]

type visitorKey struct {
	ws workspace.ID
	id string
}

// Touch implements people.Store.
func (s *Store) Touch(ws workspace.ID, visitorID string, at int64) {
	s.touches.Note(visitorKey{ws, visitorID}, at)
}

// Flush implements people.Store.
func (s *Store) Flush(ctx context.Context) error {
	// Sorted, so that servers on one database cannot deadlock.
	return s.flushAll(ctx, s.touches.Keys(func(a, b visitorKey) int { return cmp.Or(cmp.Compare(a.ws, b.ws), cmp.Compare(a.id, b.id)) }))
}

// flushAll writes touches, each workspace in transactions of its own where servers share the database: they may be on
// different machines there, and one that is away keeps nobody else's from being written.
func (s *Store) flushAll(ctx context.Context, keys []visitorKey) error {
	var failed []error
	for len(keys) > 0 {
		n := min(len(keys), flushBatch)
		if s.engine.Dialect().Locks {
			if i := slices.IndexFunc(keys[:n], func(k visitorKey) bool { return k.ws != keys[0].ws }); i > 0 {
				n = i
			}
		}
		failed = append(failed, s.flush(ctx, keys[:n]))
		keys = keys[n:]
	}
	return errors.Join(failed...)
}

const touchVisitor = `UPDATE people SET last_seen_at = $3 WHERE workspace = $1 AND id = $2 AND role = 'visitor'
	AND state IS NULL AND (last_seen_at IS NULL OR last_seen_at < $3)`

// flush writes some touches. Those of a person that is no visitor any more are dropped: the change that made it
// something else has written them.
func (s *Store) flush(ctx context.Context, keys []visitorKey) error {
	written := make(map[visitorKey]int64, len(keys))
	for _, key := range keys {
		written[key] = s.touches.Seen(key)
	}
	err := s.write(ctx, func(on sqlengine.Session) error {
		for _, key := range keys {
			args := []any{string(key.ws), key.id, written[key]}
			if s.index == nil { // nobody waits for what became of one touch
				if err := on.Exec(touchVisitor, args); err != nil {
					return err
				}
				continue
			}
			t := &tx{Session: on, cache: s.people}
			row := t.cachedRow(&people.Person{Workspace: key.ws, ID: key.id})
			isNew, err := on.Insert(touchVisitor, args)
			if err != nil {
				return err
			}
			if isNew {
				row.LastSeenAt = written[key]
				t.cacheRow(row)
				t.noteChange(key.ws, seenChange(personindex.Visitors, key.id, written[key]))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.touches.Written(written)
	return nil
}

// forgetTouches drops the touches of a workspace that wait to be written; "" stands for all workspaces.
func (s *Store) forgetTouches(ws workspace.ID) {
	s.touches.Forget(func(key visitorKey) bool { return ws == "" || key.ws == ws })
}

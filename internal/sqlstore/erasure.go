package sqlstore

import (
	"context"
	"slices"
	"time"

	"lobby/internal/erasure"
	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// Erasure says who was erased on request.
type Erasure = erasure.Erasure

const erasureTable = "erasures"

// erasureRecords are joined in [records]. An import leaves out who was erased, there or here.
var erasureRecords = []record{
	{name: "erasure", table: erasureTable, order: "id", columns: []recordColumn{textOf("id").key(), numberOf("erased_at").key()}},
}

// remember notes erasures in the transaction, and for the list beside the database.
func (t *tx) remember(ws workspace.ID, ids []string, at int64) error {
	for _, id := range ids {
		err := t.Exec(`INSERT INTO erasures (workspace, id, erased_at) VALUES ($1, $2, $3) ON CONFLICT (workspace, id) DO NOTHING`,
			[]any{string(ws), id, at})
		if err != nil {
			return err
		}
		if t.erased != nil {
			*t.erased = append(*t.erased, Erasure{Workspace: ws, PersonID: id, At: at})
		}
	}
	return nil
}

// Erasures returns everybody who was erased on request since the list began, in no order.
func (s *Store) Erasures(ctx context.Context) (all []Erasure, err error) {
	err = s.read(ctx, func(on sqlengine.Session) error {
		all, err = sqlengine.List(on, `SELECT workspace, id, erased_at FROM erasures`, nil, func(r sqlengine.Row) (Erasure, error) {
			return Erasure{Workspace: workspace.ID(r.Text(0)), PersonID: r.Text(1), At: r.Int(2)}, nil
		})
		return err
	})
	return all, err
}

// eraseBatch is how many people are erased in one transaction.
const eraseBatch = 100

// Erased returns which of the ids are of persons who were erased on request.
func (t *tx) Erased(ws workspace.ID, ids []string) (map[string]bool, error) {
	all := map[string]bool{}
	if len(ids) == 0 {
		return all, nil
	}
	in, args := inIDs([]any{string(ws)}, ids)
	err := t.Query(`SELECT id FROM erasures WHERE workspace = $1 AND id `+in, args, func(r sqlengine.Row) error {
		all[r.Text(0)] = true
		return nil
	})
	return all, err
}

// erasePatience is how long Erase waits for the bytes of those whom it erased to go. Afterwards they go by themselves.
const erasePatience = 10 * time.Second

// Erase erases those of a list who are there, for whatever reason, with all that hangs on them and whom they absorbed. It
// remembers the whole list, and returns how many people there were. It tells nobody of it by the outbox, because those
// who follow that were told at the first time.
func (s *Store) Erase(ctx context.Context, all []Erasure) (found int, err error) {
	isWhole := func(e Erasure) bool { return e.PersonID == wholeWorkspace }
	for _, e := range all {
		if isWhole(e) {
			if err := s.eraseWorkspace(ctx, e); err != nil {
				return found, err
			}
		}
	}
	for batch := range slices.Chunk(slices.DeleteFunc(slices.Clone(all), isWhole), eraseBatch) {
		there := 0
		err := s.transact(ctx, func(t *tx) error {
			there = 0
			for _, e := range batch {
				p, err := t.Person(e.Workspace, e.PersonID)
				if err != nil {
					return err
				}
				if p == nil {
					err = t.remember(e.Workspace, []string{e.PersonID}, e.At)
				} else {
					there++
					err = t.eraseAgain(e)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return found, err
		}
		found += there
	}
	if found > 0 {
		s.Purge(ctx, erasePatience)
	}
	return found, nil
}

// eraseWorkspace deletes a workspace that was deleted once, unless it was made since, and remembers it.
func (s *Store) eraseWorkspace(ctx context.Context, e Erasure) error {
	isOld := false
	err := s.transact(ctx, func(t *tx) error {
		ws, err := t.Workspace(e.Workspace)
		if err != nil {
			return err
		}
		isOld = ws != nil && ws.CreatedAt <= e.At
		return t.remember(e.Workspace, []string{wholeWorkspace}, e.At)
	})
	if err != nil || !isOld {
		return err
	}
	return s.DeleteWorkspace(ctx, e.Workspace)
}

// wasDeleted reports whether a workspace that was made at a Unix second was deleted since.
func (t *tx) wasDeleted(ws workspace.ID, createdAt int64) (deleted bool, err error) {
	err = t.Query(`SELECT erased_at FROM erasures WHERE workspace = $1 AND id = $2`, []any{string(ws), wholeWorkspace}, func(r sqlengine.Row) error {
		deleted = createdAt <= r.Int(0)
		return nil
	})
	return deleted, err
}

// eraseAgain erases a person who was erased once and came back, with what they wrote.
func (t *tx) eraseAgain(e Erasure) error {
	if err := inbox.Forget(inboxTx{t}, e.Workspace, e.PersonID, e.At); err != nil {
		return err
	}
	return t.DeletePerson(e.Workspace, e.PersonID, e.At)
}

// eraseAllAgain erases everybody of a workspace who was erased once and came back.
func (t *tx) eraseAllAgain(ws workspace.ID) error {
	back, err := sqlengine.List(t, `SELECT e.id, e.erased_at FROM erasures e JOIN people p ON p.workspace = e.workspace AND p.id = e.id
		WHERE e.workspace = $1`, []any{string(ws)}, func(r sqlengine.Row) (Erasure, error) {
		return Erasure{Workspace: ws, PersonID: r.Text(0), At: r.Int(1)}, nil
	})
	if err != nil {
		return err
	}
	for _, e := range back {
		if err := t.eraseAgain(e); err != nil {
			return err
		}
	}
	return nil
}

// AgreeOnErasures erases those of a list in a file who are there, and adds to the list whom it lacks. It returns how many
// people there were.
func (s *Store) AgreeOnErasures(ctx context.Context, file string) (found int, err error) {
	listed, err := erasure.Read(file)
	if err != nil {
		return 0, err
	}
	known, err := s.Erasures(ctx)
	if err != nil {
		return 0, err
	}
	if found, err = s.Erase(ctx, erasure.Without(listed, known)); err != nil {
		return found, err
	}
	return found, erasure.Add(file, erasure.Without(known, listed))
}

// agree is AgreeOnErasures with the list beside the database. Usually both have equally many, and nothing else is read.
func (s *Store) agree(ctx context.Context) error {
	listed, err := erasure.Read(s.erasures.File)
	if err != nil {
		return err
	}
	var count int64
	err = s.read(ctx, func(on sqlengine.Session) (err error) {
		count, err = sqlengine.Number(on, `SELECT count(*) FROM erasures`, nil)
		return err
	})
	if err != nil || count == int64(len(listed)) {
		return err
	}
	_, err = s.AgreeOnErasures(ctx, s.erasures.File)
	return err
}

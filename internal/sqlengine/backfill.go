package sqlengine

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
)

// Backfill derives data in Go from rows that are there already, which a migration has left to be done. It runs in steps,
// each a transaction of its own: others are served meanwhile, and a crash loses at most the last step.
type Backfill struct {
	// Name is in the table chores until the backfill is done. A migration puts it there.
	Name string
	// Table is that whose rows it walks through.
	Table string
	// Step works on some rows after a position, which only Step can read; the first one is nil. It returns the next
	// position, which is nil when no rows are left, and how many rows of the table it has read. isAgain says that the
	// transaction has met another one, and runs again.
	Step func(on Session, d Dialect, after []string, isAgain bool) (next []string, rows int64, err error)
}

// Progress is a backfill that is not done yet, with the number of rows that it has read.
type Progress struct {
	Backfill
	Rows  int64
	after []string
}

// Leftovers are the backfills that are not done, as far as a process knows. Those that others have done meanwhile do no
// harm. Its methods may be called concurrently.
type Leftovers struct{ all atomic.Pointer[leftovers] }

type leftovers struct {
	progress []Progress
	names    map[string]bool
}

func (l *Leftovers) set(all []Progress) {
	names := make(map[string]bool, len(all))
	for _, p := range all {
		names[p.Name] = true
	}
	l.all.Store(&leftovers{all, names})
}

// Names returns the names of those that are not done. The caller must not change them.
func (l *Leftovers) Names() map[string]bool {
	if all := l.all.Load(); all != nil {
		return all.names
	}
	return nil
}

// Progress returns how far they are.
func (l *Leftovers) Progress() []Progress {
	if all := l.all.Load(); all != nil {
		return all.progress
	}
	return nil
}

// Finish runs the backfills that are left until all are done. It calls tell after each step with the name of the backfill, the
// number of rows that are done, and the number of all when it began. It may run on several servers at once.
func (s Schema) Finish(ctx context.Context, e Engine, tell func(name string, done, total int64)) error {
	name, total := "", int64(0)
	for len(s.Left.Progress()) > 0 {
		if err := s.Step(ctx, e); err != nil {
			return err
		}
		left := s.Left.Progress()
		if len(left) == 0 {
			return nil
		}
		if left[0].Name != name {
			name = left[0].Name
			err := e.ReadLong(ctx, func(on Session) (err error) {
				total, err = Number(on, `SELECT count(*) FROM `+left[0].Table, nil)
				return err
			})
			if err != nil {
				return err
			}
		}
		tell(name, left[0].Rows, total)
	}
	return nil
}

// Step does a step of the next backfill that is not done. Servers that share a database take turns.
func (s Schema) Step(ctx context.Context, e Engine) error { return s.step(ctx, e.Dialect(), e.Write) }

func (s Schema) step(ctx context.Context, d Dialect, transact func(context.Context, func(Session) error) error) error {
	if len(s.Backfills) == 0 {
		return nil
	}
	var left []Progress
	isAgain := false
	err := transact(ctx, func(on Session) (err error) {
		defer func() { isAgain = true }()
		if left, err = s.unfinished(on, d.Locks); err != nil {
			return err
		}
		for len(left) > 0 { // several short ones in one transaction
			if isDone, err := left[0].step(on, d, isAgain); err != nil || !isDone {
				return err
			}
			left = left[1:]
		}
		return nil
	})
	if err == nil {
		s.Left.set(left)
	}
	return err
}

func (p *Progress) step(on Session, d Dialect, isAgain bool) (isDone bool, err error) {
	next, rows, err := p.Step(on, d, p.after, isAgain)
	if err != nil {
		return false, fmt.Errorf("backfill of %s: %w", p.Name, err)
	}
	if p.Rows, p.after = p.Rows+rows, next; next == nil {
		return true, on.Exec(`DELETE FROM chores WHERE name = $1`, []any{p.Name})
	}
	position, err := json.Marshal(next)
	if err != nil {
		return false, err
	}
	return false, on.Exec(`UPDATE chores SET position = $2, done = $3 WHERE name = $1`, []any{p.Name, string(position), p.Rows})
}

// find looks for what is left. It writes nothing, because every start of every server asks.
func (s Schema) find(ctx context.Context, e Engine) error {
	if len(s.Backfills) == 0 {
		return nil
	}
	return e.Script(ctx, func(on Session) error {
		left, err := s.unfinished(on, false)
		s.Left.set(left)
		return err
	})
}

// unfinished returns the backfills that are not done, in their order. With lock, whoever asks the same waits until the
// transaction ends.
func (s Schema) unfinished(on Session, lock bool) (left []Progress, err error) {
	query := `SELECT name, position, done FROM chores ORDER BY name`
	if lock {
		query += ForUpdate
	}
	found := map[string]Progress{}
	err = on.Query(query, nil, func(r Row) error {
		p := Progress{Rows: r.Int(2)}
		if position := r.Text(1); position != "" {
			if err := json.Unmarshal([]byte(position), &p.after); err != nil {
				return err
			}
		}
		found[r.Text(0)] = p
		return nil
	})
	for _, b := range s.Backfills {
		if p, has := found[b.Name]; has {
			p.Backfill = b
			left = append(left, p)
		}
	}
	return left, err
}

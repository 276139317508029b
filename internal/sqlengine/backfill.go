package sqlengine

import (
	"context"
	"fmt"
)

// Backfill derives data in Go from rows that are there already, which a migration has left to be done. It runs in steps,
// each a transaction of its own: others are served meanwhile, and a crash loses at most the last step.
type Backfill struct {
	// Name is in the table chores until the backfill is done. A migration puts it there.
	Name string
	// Table is that whose rows it walks through.
	Table string
	// Step works on some rows after a position, which only Step can read; the first one is empty. It returns the next
	// position, which is empty when no rows are left, and how many rows of the table it has read.
	Step func(on Session, d Dialect, after string) (next string, rows int64, err error)
}

// Progress is a backfill that is not done yet, with the number of rows that it has read.
type Progress struct {
	Backfill
	Rows  int64
	after string
}

// Step does a step of the next backfill that is not done, and returns those that are not done then. Servers that share a
// database take turns.
func (s Schema) Step(ctx context.Context, e Engine) ([]Progress, error) {
	return s.step(ctx, e.Dialect(), e.Write)
}

func (s Schema) step(ctx context.Context, d Dialect, transact func(context.Context, func(Session) error) error) (left []Progress, err error) {
	err = transact(ctx, func(on Session) error {
		if left, err = s.unfinished(on, d.Locks); err != nil {
			return err
		}
		for len(left) > 0 { // several short ones in one transaction
			p := &left[0]
			next, rows, err := p.Step(on, d, p.after)
			if err != nil {
				return fmt.Errorf("backfill of %s: %w", p.Name, err)
			}
			p.Rows, p.after = p.Rows+rows, next
			if next != "" {
				return on.Exec(`UPDATE chores SET position = $2, done = $3 WHERE name = $1`, []any{p.Name, next, p.Rows})
			}
			if err := on.Exec(`DELETE FROM chores WHERE name = $1`, []any{p.Name}); err != nil {
				return err
			}
			left = left[1:]
		}
		return nil
	})
	return left, err
}

// unfinished returns the backfills that are not done, in their order. With lock, whoever asks the same waits until the
// transaction ends. It writes nothing, because every start of every server asks.
func (s Schema) unfinished(on Session, lock bool) (left []Progress, err error) {
	if len(s.Backfills) == 0 {
		return nil, nil
	}
	query := `SELECT name, position, done FROM chores ORDER BY name`
	if lock {
		query += ForUpdate
	}
	found := map[string]Progress{}
	err = on.Query(query, nil, func(r Row) error {
		found[r.Text(0)] = Progress{after: r.Text(1), Rows: r.Int(2)}
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

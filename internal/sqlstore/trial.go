package sqlstore

import "lobby/internal/sqlengine"

// Trial implements people.Writer. A second savepoint, which nothing comes back to, makes both ways equally long.
func (t *tx) Trial(keep bool, fn func() error) error {
	if err := t.Exec("SAVEPOINT trial", nil); err != nil {
		return err
	}
	noted, emitted := 0, 0
	on, followed := t.Session.(sqlengine.Followed)
	if followed {
		noted = len(on.Noted())
	}
	if t.emitted != nil {
		emitted = len(*t.emitted)
	}
	if err := fn(); err != nil {
		return err
	}
	if followed && !keep {
		on.Forget(noted)
	}
	if t.emitted != nil && !keep {
		*t.emitted = (*t.emitted)[:emitted]
	}
	t.found = found{}
	end := "ROLLBACK TO SAVEPOINT trial"
	if keep {
		end = "SAVEPOINT kept"
	}
	if err := t.Exec(end, nil); err != nil {
		return err
	}
	return t.Exec("RELEASE SAVEPOINT trial", nil)
}

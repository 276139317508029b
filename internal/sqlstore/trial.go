package sqlstore

// Trial implements people.Writer. A second savepoint, which nothing comes back to, makes both ways equally long.
func (t *tx) Trial(keep bool, fn func() error) error {
	if err := t.exec("SAVEPOINT trial", nil); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err
	}
	end := "ROLLBACK TO SAVEPOINT trial"
	if keep {
		end = "SAVEPOINT kept"
	}
	if err := t.exec(end, nil); err != nil {
		return err
	}
	return t.exec("RELEASE SAVEPOINT trial", nil)
}

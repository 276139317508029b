package sqlstore

import (
	"context"

	"lobby/internal/datafolder"
	"lobby/internal/sqlengine"
)

// copyFirst returns do with a copy of the database in a folder before it, when migrations are due and the database is not new. The copy
// lies beside the file; its name is stored into made.
func copyFirst(folder string, do prepare, made *string) prepare {
	return func(s sqlengine.Schema, ctx context.Context, e sqlengine.Engine) error {
		due, has, err := s.Pending(ctx, e)
		if err != nil {
			return err
		}
		if has > 0 && len(due) > 0 {
			if *made, err = datafolder.CopyBefore(ctx, folder, has); err != nil {
				return err
			}
		}
		return do(s, ctx, e)
	}
}

// MigrationCopy returns the file with the copy that was made before the schema was brought up to date; empty for none.
func (s *Store) MigrationCopy() string { return s.copy }

// PendingSQLite and PendingPostgres return the names of the migrations that opening a database would run, and change
// nothing.
func PendingSQLite(ctx context.Context, folder string) ([]string, error) {
	return pending(func(do prepare) (*Store, error) { return openFolder(ctx, folder, do, do, WithReaders(1)) })
}

// PendingPostgres is PendingSQLite for the database that a postgres:// URL names.
func PendingPostgres(ctx context.Context, dsn string) ([]string, error) {
	return pending(func(do prepare) (*Store, error) { return newPostgres(ctx, dsn, do) })
}

func pending(open func(prepare) (*Store, error)) (names []string, err error) {
	store, err := open(func(s sqlengine.Schema, ctx context.Context, e sqlengine.Engine) error {
		due, _, err := s.Pending(ctx, e)
		for _, m := range due {
			names = append(names, m.Name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return names, store.Close()
}

package sqlstore

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"io"
	"io/fs"
	"os"
	"slices"
	"testing"

	"lobby/internal/sqlengine"
)

// maxBehind is how many migrations new databases may run themselves before the file is written anew.
const maxBehind = 10

// notReady are the migrations alone.
type notReady struct{ fs.FS }

func (f notReady) Open(name string) (fs.File, error) {
	if name == sqlengine.ReadyFile {
		return nil, fs.ErrNotExist
	}
	return f.FS.Open(name)
}

// emptyDatabase opens a new database with these files, and returns everything that is in it.
func emptyDatabase(t *testing.T, files fs.FS) (e sqlengine.Engine, has []string) {
	t.Helper()
	e, err := sqlengine.OpenMemory(t.Context(), func(ctx context.Context, e sqlengine.Engine) error {
		return sqlengine.Schema{Files: files}.Migrate(ctx, e)
	}, sqlengine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	has = texts(t, e, `SELECT type || ' ' || name || ' of ' || tbl_name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1`)
	for _, table := range texts(t, e, `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`) {
		columns := texts(t, e, `SELECT group_concat(name) FROM pragma_table_info($1)`, table)
		for _, row := range texts(t, e, `SELECT json_array(`+columns[0]+`) FROM "`+table+`" ORDER BY 1`) {
			has = append(has, table+" has "+row)
		}
	}
	return e, has
}

// What a new database begins as is exactly what its migrations make.
func TestANewDatabaseIsWhatMigrationsMake(t *testing.T) {
	t.Parallel()
	migrated, want := emptyDatabase(t, notReady{migrationFiles})
	if flag.Lookup("update").Value.String() == "true" {
		image, err := migrated.(sqlengine.Imager).Image(t.Context(), func() {})
		if err != nil {
			t.Fatal(err)
		}
		var packed bytes.Buffer
		to, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		to.Write(image) //nolint:errcheck // a buffer takes all
		to.Close()      //nolint:errcheck // as above
		if err := os.WriteFile(sqlengine.ReadyFile, packed.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Skipf("%s was written, %d bytes for %d; run the test again", sqlengine.ReadyFile, packed.Len(), len(image))
	}
	_, has := emptyDatabase(t, migrationFiles)
	if !slices.Equal(has, want) {
		t.Errorf("a new database is\n%q\nwant\n%q\n(after -update that must not be)", has, want)
	}
	have, all := len(texts(t, readyDatabase(t), `SELECT number FROM migrations`)), len(texts(t, migrated, `SELECT number FROM migrations`))
	if have < all-maxBehind {
		t.Errorf("%s has %d of %d migrations: write it anew by go test ./internal/sqlstore -run NewDatabase -update", sqlengine.ReadyFile, have, all)
	}
}

// readyDatabase opens a database as new ones begin, to which no migration was added.
func readyDatabase(t *testing.T) sqlengine.Engine {
	t.Helper()
	file, err := migrationFiles.Open(sqlengine.ReadyFile)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	image, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	e, err := sqlengine.OpenMemory(t.Context(), func(context.Context, sqlengine.Engine) error { return nil }, sqlengine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := e.(sqlengine.Imager).PutBack(t.Context(), image, nil); err != nil {
		t.Fatal(err)
	}
	return e
}

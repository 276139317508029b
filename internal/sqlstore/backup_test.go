package sqlstore_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"lobby/internal/datafolder"
	"lobby/internal/erasure"
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// A folder that was made by an older Lobby is copied before it changes; a new one, and one that is up to date, is not.
func TestACopyIsMadeBeforeMigrations(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	open := func(with ...sqlstore.Option) string {
		t.Helper()
		store, err := sqlstore.OpenSQLite(t.Context(), folder, append(with, phones)...)
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		return store.MigrationCopy()
	}
	prepare := func() {
		t.Helper()
		for _, name := range []string{"lobby.db", "lobby.state", "lobby.db-wal", "lobby.db-shm"} {
			_ = os.Remove(filepath.Join(folder, name))
		}
		store, err := sqlstore.PrepareSQLite(t.Context(), folder, sqlstore.UpTo(11))
		if err = errors.Join(err, store.Close()); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		prepare()
		due, err := sqlstore.PendingSQLite(t.Context(), folder)
		if err != nil || len(due) == 0 || due[0] != "0012_outbox.sql" {
			t.Errorf("%q would run, %v", due, err)
		}
		made := open()
		if info, err := os.Stat(made); err != nil || info.Mode().Perm() != 0o600 || !strings.HasPrefix(filepath.Base(made), "lobby-schema-0011-") {
			t.Fatalf("the copy %s: %v", made, err)
		}
		if again := open(); again != "" {
			t.Errorf("a copy of a database that is up to date: %s", again)
		}
	}
	if all, _ := filepath.Glob(filepath.Join(folder, "lobby-schema-*")); len(all) != 2 {
		t.Errorf("there are the copies %q, want two", all)
	}
	if due, err := sqlstore.PendingSQLite(t.Context(), folder); err != nil || len(due) != 0 {
		t.Errorf("%q would run, %v", due, err)
	}
	prepare()
	if made := open(sqlstore.WithoutCopy()); made != "" {
		t.Errorf("without a copy there is %s", made)
	}
	folder = t.TempDir()
	if made := open(); made != "" {
		t.Errorf("a copy of nothing: %s", made)
	}
}

// A backup that is made while others write is of one moment, and complete.
func TestABackupUnderConstantWrites(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, err := sqlstore.OpenSQLite(t.Context(), folder, sqlstore.Serving(), phones)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // the test is over
	lobby := people.New(store, nil)
	created, err := lobby.CreateWorkspace(t.Context(), workspace.Draft{})
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := lobby.CreateVisitor(t.Context(), created.Workspace.Caller(), &people.Person{}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	copies := t.TempDir()
	for range 5 {
		to := filepath.Join(copies, datafolder.BackupName())
		if err := datafolder.Backup(t.Context(), folder, to); err != nil {
			t.Fatal(err)
		}
		if err := datafolder.Backup(t.Context(), folder, to); !errors.Is(err, fs.ErrExist) {
			t.Errorf("over a file: %v", err)
		}
	}
	close(stop)
	writers.Wait()
	if err := datafolder.Prune(copies, 2); err != nil {
		t.Fatal(err)
	}
	all, err := os.ReadDir(copies)
	if err != nil || len(all) != 2 {
		t.Fatalf("there are %v, %v, want two backups and nothing else", all, err)
	}
	for _, entry := range all {
		into := filepath.Join(t.TempDir(), "data")
		done, err := sqlstore.RestoreSQLite(t.Context(), into, filepath.Join(copies, entry.Name()), phones)
		if err != nil || len(done.Findings) > 0 || done.Aside != "" {
			t.Errorf("restored: %+v, %v", done, err)
		}
	}
}

// Who was erased after a backup stays erased, also when the person was still two people in the backup.
func TestTheErasedStayErased(t *testing.T) {
	t.Parallel()
	folder, backup := t.TempDir(), filepath.Join(t.TempDir(), "copy.db")
	var ws workspace.ID
	use := func(do func(*people.Lobby, workspace.Caller)) {
		t.Helper()
		store, err := sqlstore.OpenSQLite(t.Context(), folder, sqlstore.Serving(), phones)
		if err != nil {
			t.Fatal(err)
		}
		lobby := people.New(store, nil)
		if ws == "" {
			created, err := lobby.CreateWorkspace(t.Context(), workspace.Draft{})
			if err != nil {
				t.Fatal(err)
			}
			ws = created.Workspace.ID
		}
		do(lobby, workspace.Caller{Workspace: ws})
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	use(func(l *people.Lobby, c workspace.Caller) {
		for _, userID := range []string{"absorbed", "user", "visitor", "kept"} {
			p, err := l.CreateVisitor(t.Context(), c, &people.Person{AnonymousID: userID})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, p.ID)
		}
	})
	if err := datafolder.Backup(t.Context(), folder, backup); err != nil {
		t.Fatal(err)
	}
	use(func(l *people.Lobby, c workspace.Caller) {
		user := convertToUser(t, l, c, "user", "foo@example.com")
		if absorber := convertToUser(t, l, c, "absorbed", "foo@example.com"); absorber != user {
			t.Fatalf("%s and %s", absorber, user)
		}
		if _, err := l.DeleteContact(t.Context(), c, user); err != nil {
			t.Fatal(err)
		}
		if _, err := l.DeleteVisitor(t.Context(), c, people.VisitorRef{ID: ids[2]}); err != nil {
			t.Fatal(err)
		}
	})
	restore := func(erased int) {
		t.Helper()
		done, err := sqlstore.RestoreSQLite(t.Context(), folder, backup, phones)
		if err != nil || done.Erased != erased || done.Aside == "" || len(done.Findings) > 0 {
			t.Fatalf("restored: %+v, %v", done, err)
		}
		use(func(l *people.Lobby, c workspace.Caller) {
			err := l.Store.Read(t.Context(), func(r people.Reader) error {
				for i, id := range ids {
					p, err := r.Person(ws, id)
					if err != nil {
						return err
					}
					if (p != nil) != (i == 3) {
						t.Errorf("person %d is %+v", i, p)
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	restore(3)
	restore(3)
	// The table alone still knows them when the list is gone, and the list alone when the table is.
	if err := os.Remove(filepath.Join(folder, "lobby.erasures")); err != nil {
		t.Fatal(err)
	}
	restore(3)
	if err := os.Remove(filepath.Join(folder, "lobby.db")); err != nil {
		t.Fatal(err)
	}
	if done, err := sqlstore.RestoreSQLite(t.Context(), folder, backup, phones); err != nil || done.Erased != 3 {
		t.Errorf("without a database: %+v, %v", done, err)
	}
	if n, err := datafolder.ForgetReplaced(folder); err != nil || n < 3 {
		t.Errorf("forgotten %d, %v", n, err)
	}
}

func convertToUser(t *testing.T, l *people.Lobby, c workspace.Caller, userID, email string) string {
	t.Helper()
	done, err := l.ConvertVisitor(t.Context(), c, people.ConvertRequest{
		Visitor: people.VisitorRef{UserID: userID}, User: people.UserRef{Email: email}, To: people.User,
	})
	if err != nil {
		t.Fatal(err)
	}
	return done.Contact.ID
}

func TestWhatIsNoBackupIsNotRestored(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store := openFolder(t, folder)
	mustNot(t, store.Close())
	before, err := os.ReadFile(filepath.Join(folder, "lobby.db"))
	mustNot(t, err)
	text := filepath.Join(t.TempDir(), "text")
	mustNot(t, os.WriteFile(text, []byte(strings.Repeat("no database ", 1000)), 0o600))
	empty := filepath.Join(t.TempDir(), "empty")
	mustNot(t, os.WriteFile(empty, nil, 0o600))
	cut := filepath.Join(t.TempDir(), "cut")
	mustNot(t, os.WriteFile(cut, before[:len(before)/2], 0o600))
	for _, file := range []string{text, empty, cut, filepath.Join(folder, "nothing")} {
		if _, err := sqlstore.RestoreSQLite(t.Context(), folder, file, phones); err == nil {
			t.Errorf("%s was restored", filepath.Base(file))
		}
	}
	after, err := os.ReadFile(filepath.Join(folder, "lobby.db"))
	mustNot(t, err)
	if string(after) != string(before) {
		t.Error("the database has changed")
	}
	if _, err := os.Stat(filepath.Join(folder, "restoring")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
}

// What pg_restore brings back is erased again by the list that was saved before.
func TestAListOfErasuresIsPlayed(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		i := testkit.Start(t, on)
		caller := workspace.Caller{Workspace: i.Workspace}
		p, err := i.Lobby.CreateVisitor(t.Context(), caller, &people.Person{AnonymousID: "v"})
		mustNot(t, err)
		_, err = i.Lobby.DeleteVisitor(t.Context(), caller, people.VisitorRef{ID: p.ID})
		mustNot(t, err)
		list := filepath.Join(t.TempDir(), "list")
		agree := func(want int) {
			t.Helper()
			if found, err := i.Store.AgreeOnErasures(t.Context(), list); err != nil || found != want {
				t.Fatalf("%d people erased, %v, want %d", found, err, want)
			}
		}
		agree(0)
		mustNot(t, i.Store.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(p) }))
		mustNot(t, i.Store.Exec(t.Context(), `DELETE FROM erasures`))
		agree(1)
		agree(0)
		mustNot(t, i.Store.Read(t.Context(), func(r people.Reader) error {
			if back, err := r.Person(i.Workspace, p.ID); err != nil || back != nil {
				t.Errorf("the person is %+v, %v", back, err)
			}
			return nil
		}))
		if all, err := erasure.Read(list); err != nil || len(all) != 1 || all[0].PersonID != p.ID {
			t.Errorf("the list is %+v, %v", all, err)
		}
	})
}

// fileAfter returns the file of a new database on which a statement was run by another program.
func fileAfter(t *testing.T, statement string) string {
	t.Helper()
	folder := t.TempDir()
	mustNot(t, openFolder(t, folder).Close())
	file := filepath.Join(folder, "lobby.db")
	conn, err := sqlite.OpenConn(file, sqlite.OpenReadWrite)
	mustNot(t, err)
	mustNot(t, errors.Join(sqlitex.ExecuteTransient(conn, statement, nil), conn.Close()))
	return file
}

func TestARestoreTakesNoFileThatActsByItself(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		`CREATE TRIGGER evil AFTER INSERT ON people BEGIN DELETE FROM tokens; END`,
		`CREATE VIEW shadow AS SELECT * FROM tokens`,
	} {
		if _, err := sqlstore.RestoreSQLite(t.Context(), t.TempDir(), fileAfter(t, statement), phones); !errors.Is(err, datafolder.ErrNotLobby) {
			t.Errorf("%s: %v", statement, err)
		}
	}
	for _, file := range []string{t.TempDir(), os.DevNull} {
		if _, err := sqlstore.RestoreSQLite(t.Context(), t.TempDir(), file, phones); !errors.Is(err, datafolder.ErrNotLobby) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestARestoreTakesNoFileWithOtherTables(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ statement, found string }{
		{`DROP INDEX people_external_id`, "it lacks the index people_external_id"},
		{`DROP TABLE erasures`, "it lacks the table erasures"},
		{`ALTER TABLE people ADD COLUMN more TEXT NOT NULL DEFAULT ''`, "its table people has other columns"},
		{`CREATE TABLE more (id TEXT)`, "it has the table more"},
		{`CREATE UNIQUE INDEX more ON people (name)`, "it has the index more"},
	} {
		_, err := sqlstore.RestoreSQLite(t.Context(), t.TempDir(), fileAfter(t, c.statement), phones)
		if !errors.Is(err, sqlengine.ErrAltered) || !strings.HasSuffix(err.Error(), c.found) {
			t.Errorf("%s: %v", c.statement, err)
		}
	}
	_, err := sqlstore.RestoreSQLite(t.Context(), t.TempDir(), fileAfter(t, `ANALYZE`), phones)
	mustNot(t, err)
}

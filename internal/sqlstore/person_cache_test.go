package sqlstore_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

// cached is a store that a server has, with one visitor that it has read lately.
type cached struct {
	*sqlstore.Store
	folder  string
	visitor *people.Person
}

func openCached(t *testing.T) cached {
	t.Helper()
	folder := t.TempDir()
	store, err := sqlstore.OpenSQLite(t.Context(), folder, sqlstore.Serving())
	if err != nil {
		t.Fatal(err)
	}
	return fill(t, cached{Store: store, folder: folder})
}

// changedBeside has another process rename the visitor to "1", after something has happened to the note of the folder.
func (c cached) changedBeside(t *testing.T, before func(noteFile string) error) string {
	t.Helper()
	err := before(filepath.Join(c.folder, "lobby.state"))
	if err != nil {
		t.Fatal(err)
	}
	beside, err := sqlstore.OpenSQLite(t.Context(), c.folder)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(beside.Write(t.Context(), func(w people.Writer) error { return rename(w, "1") }), beside.Close())
	if err != nil {
		t.Error(err)
	}
	return "1"
}

// fill adds the visitor, and has it read.
func fill(t *testing.T, c cached) cached {
	t.Helper()
	t.Cleanup(func() { c.Close() }) //nolint:errcheck // nobody reads it again
	c.visitor = &people.Person{
		Workspace: "cached", ID: "600000000000000000000001", Role: people.Visitor, AnonymousID: "browser", Name: "0", CreatedAt: 1, UpdatedAt: 1,
	}
	c.write(t, func(w people.Writer) error {
		return errors.Join(w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: "cached", Name: "cached", CreatedAt: 1}), w.InsertPerson(c.visitor))
	})
	for range 2 {
		c.mustBe(t, "0")
	}
	return c
}

func (c cached) write(t *testing.T, fn func(people.Writer) error) {
	t.Helper()
	if err := c.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// name reads the name of the visitor; "" when it is gone.
func (c cached) name(t *testing.T) (name string) {
	t.Helper()
	err := c.Read(t.Context(), func(r people.Reader) error {
		p, err := r.PersonByAnonymousID("cached", "browser")
		if name = ""; p != nil {
			name = p.Name
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return name
}

func (c cached) mustBe(t *testing.T, name string) {
	t.Helper()
	if got := c.name(t); got != name {
		t.Errorf("the visitor is called %q, want %q", got, name)
	}
}

// rename gives the visitor another name.
func rename(w people.Writer, name string) error {
	before, err := w.PersonByAnonymousID("cached", "browser")
	if err != nil {
		return err
	}
	after := before.Clone()
	after.Name = name
	return w.UpdatePerson(before, after)
}

func TestACachedPersonIsThatOfTheLastCommit(t *testing.T) {
	t.Parallel()
	errRefused := errors.New("refused")
	for name, change := range map[string]func(t *testing.T, c cached) (want string){
		"changed": func(t *testing.T, c cached) string {
			c.write(t, func(w people.Writer) error { return rename(w, "1") })
			return "1"
		},
		"changed twice in one transaction": func(t *testing.T, c cached) string {
			c.write(t, func(w people.Writer) error { return errors.Join(rename(w, "1"), rename(w, "2")) })
			return "2"
		},
		"changed from an image that is not the row": func(t *testing.T, c cached) string {
			c.write(t, func(w people.Writer) error { return rename(w, "1") })
			c.write(t, func(w people.Writer) error {
				after := c.visitor.Clone()
				after.Pseudonym = "Blue Anvil"
				return w.UpdatePerson(c.visitor, after)
			})
			return "1"
		},
		"rolled back": func(t *testing.T, c cached) string {
			err := c.Write(t.Context(), func(w people.Writer) error { return errors.Join(rename(w, "1"), errRefused) })
			if !errors.Is(err, errRefused) {
				t.Error(err)
			}
			return "0"
		},
		"read between a change and its rollback": func(t *testing.T, c cached) string {
			err := c.Write(t.Context(), func(w people.Writer) error {
				_, err := w.Person("cached", c.visitor.ID)
				return errors.Join(rename(w, "1"), err, rename(w, "2"), errRefused)
			})
			if !errors.Is(err, errRefused) {
				t.Error(err)
			}
			return "0"
		},
		"deleted after a change": func(t *testing.T, c cached) string {
			c.write(t, func(w people.Writer) error {
				return errors.Join(rename(w, "1"), w.DeletePerson("cached", c.visitor.ID, 0))
			})
			return ""
		},
		"deleted with its workspace": func(t *testing.T, c cached) string {
			if err := c.DeleteWorkspace(t.Context(), "cached"); err != nil {
				t.Error(err)
			}
			return ""
		},
		"erased": func(t *testing.T, c cached) string {
			if found, err := c.Erase(t.Context(), []sqlstore.Erasure{{Workspace: "cached", PersonID: c.visitor.ID, At: 9}}); found != 1 || err != nil {
				t.Error(found, err)
			}
			return ""
		},
		"wiped with its workspace": func(t *testing.T, c cached) string {
			if err := c.WipeWorkspace(t.Context(), "cached"); err != nil {
				t.Error(err)
			}
			return ""
		},
		"put back with its workspace": func(t *testing.T, c cached) string {
			putBack, err := c.WorkspaceImage(t.Context(), "cached")
			c.write(t, func(w people.Writer) error { return rename(w, "1") })
			c.mustBe(t, "1")
			if err = errors.Join(err, putBack(t.Context())); err != nil {
				t.Error(err)
			}
			return "0"
		},
		"replaced by an import": func(t *testing.T, c cached) string {
			err := c.Put(t.Context(), "cached", time.Unix(9, 0), false, func(i *sqlstore.Importer) error {
				_, err := i.PutPerson([]byte(`{"id":"`+c.visitor.ID+`","role":"visitor","anonymous_id":"browser","name":"1","created_at":1,"updated_at":9}`), nil)
				return err
			})
			if err != nil {
				t.Error(err)
			}
			return "1"
		},
		"changed by a statement that names it and more": func(t *testing.T, c cached) string {
			err := c.Exec(t.Context(), "UPDATE people SET name = '1' WHERE workspace = $1 AND id = $2 OR role = 'visitor'", "cached", "nobody")
			if err != nil {
				t.Error(err)
			}
			return "1"
		},
		"changed by a statement that names another": func(t *testing.T, c cached) string {
			err := c.Exec(t.Context(), "UPDATE people SET name = '1' WHERE id IN (SELECT $3 FROM people WHERE workspace = $1 AND id = $2)",
				"cached", c.visitor.ID, c.visitor.ID)
			if err != nil {
				t.Error(err)
			}
			return "1"
		},
		"merged, and its address moved on": func(t *testing.T, c cached) string {
			c.write(t, func(w people.Writer) error {
				after := c.visitor.Clone()
				after.State, after.MergedInto, after.Name = people.Merged, "600000000000000000000007", "1"
				return w.UpdatePerson(c.visitor, after)
			})
			c.mustBe(t, "1")
			c.write(t, func(w people.Writer) error {
				return w.Forward("cached", []string{c.visitor.ID}, "600000000000000000000008", 9)
			})
			err := c.Read(t.Context(), func(r people.Reader) error {
				p, err := r.Person("cached", c.visitor.ID)
				if err == nil && p.MergedInto != "600000000000000000000008" {
					t.Errorf("it leads to %q", p.MergedInto)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			return "1"
		},
		"by a process that ends before it notes the commit": func(t *testing.T, c cached) string {
			noteFile := filepath.Join(c.folder, "lobby.state")
			note, err := os.ReadFile(noteFile)
			if err != nil {
				t.Fatal(err)
			}
			beside, err := sqlstore.OpenSQLite(t.Context(), c.folder)
			if err != nil {
				t.Fatal(err)
			}
			defer beside.Close() //nolint:errcheck // it has written
			if err := beside.Write(t.Context(), func(w people.Writer) error { return rename(w, "1") }); err != nil {
				t.Error(err)
			}
			file, err := os.OpenFile(noteFile, os.O_WRONLY, 0)
			if err == nil {
				_, err = file.WriteAt(note[:44], 0)
				err = errors.Join(err, file.Close())
			}
			if err != nil {
				t.Error(err)
			}
			c.mustBe(t, "1")
			c.write(t, func(w people.Writer) error { return rename(w, "2") })
			return "2"
		},
		"changed by another process, after the note was removed": func(t *testing.T, c cached) string {
			return c.changedBeside(t, func(note string) error { return os.Remove(note) })
		},
		"changed by another process, after the note was replaced": func(t *testing.T, c cached) string {
			return c.changedBeside(t, func(note string) error {
				text, err := os.ReadFile(note)
				return errors.Join(err, os.WriteFile(note+"~", text, 0o600), os.Rename(note+"~", note))
			})
		},
		"changed by another process, after the note was emptied": func(t *testing.T, c cached) string {
			return c.changedBeside(t, func(note string) error { return os.Truncate(note, 0) })
		},
		"not changed by another process, which cannot tell": func(t *testing.T, c cached) string {
			noteFile := filepath.Join(c.folder, "lobby.state")
			if err := errors.Join(os.Rename(noteFile, noteFile+"~"), os.Mkdir(noteFile, 0o700)); err != nil {
				t.Fatal(err)
			}
			beside, err := sqlstore.OpenSQLite(t.Context(), c.folder)
			if err != nil {
				t.Fatal(err)
			}
			if err := beside.Write(t.Context(), func(w people.Writer) error { return rename(w, "1") }); err == nil {
				t.Error("a commit is made that nobody was told of")
			}
			if err := errors.Join(os.Remove(noteFile), os.Rename(noteFile+"~", noteFile), beside.Close()); err != nil {
				t.Error(err)
			}
			return "0"
		},
		"changed by another process": func(t *testing.T, c cached) string {
			beside, err := sqlstore.OpenSQLite(t.Context(), c.folder)
			if err != nil {
				t.Fatal(err)
			}
			defer beside.Close() //nolint:errcheck // it has written
			if err := beside.Write(t.Context(), func(w people.Writer) error { return rename(w, "1") }); err != nil {
				t.Error(err)
			}
			c.mustBe(t, "1")
			c.write(t, func(w people.Writer) error {
				p, err := w.Person("cached", c.visitor.ID)
				if err == nil && p.Name != "1" {
					err = errors.New("a writer sees the name " + p.Name)
				}
				return err
			})
			return "1"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := openCached(t)
			want := change(t, c)
			for range 2 {
				c.mustBe(t, want)
			}
			if name != "merged, and its address moved on" && c.IsCached("cached", c.visitor.ID) != (want != "") {
				t.Error("afterwards it is not in the cache, or nobody is")
			}
		})
	}
}

func TestATouchOfACachedPersonIsSeen(t *testing.T) {
	t.Parallel()
	c := openCached(t)
	mustBeSeen := func(at int64) {
		t.Helper()
		err := c.Read(t.Context(), func(r people.Reader) error {
			p, err := r.Person("cached", c.visitor.ID)
			if err == nil && p.LastSeenAt != at {
				t.Errorf("it was seen at %d, want %d", p.LastSeenAt, at)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if !c.IsCached("cached", c.visitor.ID) {
			t.Error("it is not in the cache any more")
		}
	}
	for at := range int64(3) {
		c.Touch("cached", c.visitor.ID, 5+2*at)
		mustBeSeen(5 + 2*at)
		if err := c.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		mustBeSeen(5 + 2*at)
		c.Touch("cached", c.visitor.ID, 6+2*at)
		c.write(t, func(w people.Writer) error { return rename(w, strconv.Itoa(int(at))) })
		mustBeSeen(6 + 2*at)
	}
}

func TestAnUpgradeChangesCachedPeopleStepByStep(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	open := func() *sqlstore.Store {
		t.Helper()
		store, err := sqlstore.OpenSQLite(t.Context(), folder, sqlstore.Serving(), phones)
		if err != nil {
			t.Fatal(err)
		}
		return store
	}
	store := open()
	user := &people.Person{Workspace: "w", ID: "600000000000000000000001", Role: people.User, Phone: "+353 (1) 234-5678", CreatedAt: 1, UpdatedAt: 1}
	err := store.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(user) })
	for _, sql := range []string{"UPDATE people SET phone_e164 = 'x'", "INSERT INTO chores (name) VALUES ('phones')"} {
		err = errors.Join(err, store.Exec(t.Context(), sql))
	}
	number := func() (is string) {
		t.Helper()
		err := store.Read(t.Context(), func(r people.Reader) error {
			p, err := r.Person("w", user.ID)
			if err == nil {
				is = p.FormattedPhone
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		return is
	}
	if is := number(); is != "x" || !store.IsCached("w", user.ID) {
		t.Errorf("the number is %q", is)
	}
	if err = errors.Join(err, store.FindBackfill(t.Context())); err != nil {
		t.Fatal(err)
	}
	for more := true; more; {
		if more, err = store.StepBackfill(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if is := number(); is != "+35312345678" {
			t.Errorf("after the upgrade the number is %q", is)
		}
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

func TestAnImageIsPutBackWithoutWhatWasCached(t *testing.T) {
	t.Parallel()
	store, err := sqlstore.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := fill(t, cached{Store: store})
	putBack, err := c.Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		c.write(t, func(w people.Writer) error { return rename(w, "1") })
		c.mustBe(t, "1")
		if !c.IsCached("cached", c.visitor.ID) {
			t.Error("nobody is in the cache")
		}
		if err := putBack(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.mustBe(t, "0")
	}
}

// A read sees one state, also when what it begins with is cached: here two visitors always have the same name.
func TestACachedPersonIsOfTheSameViewAsRows(t *testing.T) {
	t.Parallel()
	c := openCached(t)
	twin := c.visitor.Clone()
	twin.ID, twin.AnonymousID, twin.State = "600000000000000000000002", "twin", people.Archived // which is never cached
	c.write(t, func(w people.Writer) error { return w.InsertPerson(twin) })

	var writer, readers sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for last := 0; ; {
				var one, other *people.Person
				err := c.Read(t.Context(), func(r people.Reader) (err error) {
					if one, err = r.PersonByAnonymousID("cached", "browser"); err == nil {
						other, err = r.Person("cached", twin.ID)
					}
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				seen, err := strconv.Atoi(one.Name)
				if err != nil || one.Name != other.Name || seen < last {
					t.Errorf("the visitor is called %q after %d, and its twin %q: %v", one.Name, last, other.Name, err)
					return
				}
				last = seen
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	writer.Go(func() {
		for i := range 300 {
			c.write(t, func(w people.Writer) error {
				before, err := w.Person("cached", twin.ID)
				if err != nil {
					return err
				}
				after := before.Clone()
				after.Name = strconv.Itoa(i)
				return errors.Join(w.UpdatePerson(before, after), rename(w, after.Name))
			})
		}
	})
	writer.Wait()
	close(done)
	readers.Wait()
}

// A server that has only read since its start knows of no state that others could have changed.
func TestAChangeByAnotherProcessBeforeTheFirstWriteIsSeen(t *testing.T) {
	t.Parallel()
	first := openCached(t)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	store, err := sqlstore.OpenSQLite(t.Context(), first.folder, sqlstore.Serving())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // nobody reads it again
	c := cached{Store: store, folder: first.folder, visitor: first.visitor}
	c.mustBe(t, "0")
	beside, err := sqlstore.OpenSQLite(t.Context(), c.folder)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(beside.Write(t.Context(), func(w people.Writer) error { return rename(w, "1") }), beside.Close())
	if err != nil {
		t.Fatal(err)
	}
	c.write(t, func(w people.Writer) error {
		return w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: "other", Name: "other", CreatedAt: 1})
	})
	for range 2 {
		c.mustBe(t, "1")
	}
}

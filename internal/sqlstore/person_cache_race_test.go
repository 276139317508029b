package sqlstore_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

// racer is a visitor of a workspace whom one goroutine at a time changes and then reads.
type racer struct {
	sync.Mutex
	ws       workspace.ID
	id, anon string
	name     string // as the last commit left it; "" for nobody
	writes   int
}

var errNotThis = errors.New("not this one")

// step changes the visitor in a random way. It returns an error when a commit fails.
func (r *racer) step(t *testing.T, on *sqlstore.Store) error {
	r.writes++
	name, refuse, again := fmt.Sprint(r.writes), rand.IntN(4) == 0, rand.IntN(4) == 0
	remove, archive := rand.IntN(8) == 0, rand.IntN(6) == 0
	err := on.Write(t.Context(), func(w people.Writer) error {
		before, err := w.Person(r.ws, r.id)
		if err != nil {
			return err
		}
		after := &people.Person{Workspace: r.ws, ID: r.id, Role: people.Visitor, AnonymousID: r.anon, CreatedAt: 1, UpdatedAt: 1}
		switch {
		case before == nil:
			after.Name = name
			err = w.InsertPerson(after)
		case before.Name != r.name:
			t.Errorf("a writer sees %q, want %q", before.Name, r.name)
		case remove:
			err = w.DeletePerson(r.ws, r.id, 0)
		default:
			after = before.Clone()
			after.Name, after.State = name, people.Active
			if archive {
				after.State = people.Archived
			}
			err = w.UpdatePerson(before, after)
			if again && err == nil {
				last := after.Clone()
				last.Pseudonym = name
				err = w.UpdatePerson(after, last)
			}
		}
		if err == nil && refuse {
			err = errNotThis
		}
		return err
	})
	switch {
	case errors.Is(err, errNotThis):
		return nil
	case err == nil && remove && r.name != "":
		r.name = ""
	case err == nil:
		r.name = name
	}
	return err
}

// check reads the visitor by either id.
func (r *racer) check(t *testing.T, on *sqlstore.Store) error {
	return on.Read(t.Context(), func(reader people.Reader) error {
		byID, err := reader.Person(r.ws, r.id)
		if err != nil {
			return err
		}
		byAnonymousID, err := reader.PersonByAnonymousID(r.ws, r.anon)
		for by, p := range map[string]*people.Person{"id": byID, "anonymous id": byAnonymousID} {
			name := ""
			if p != nil {
				name = p.Name
			}
			if err == nil && name != r.name && (by == "id" || p != nil) {
				t.Errorf("by %s %s/%s is %q, want %q", by, r.ws, r.id, name, r.name)
			}
		}
		return err
	})
}

// Whatever is acknowledged is read, while many change many, some of which fail, and another process writes to the same file.
func TestWhatIsAcknowledgedIsReadHoweverManyWrite(t *testing.T) {
	t.Parallel()
	c := openCached(t)
	beside, err := sqlstore.OpenSQLite(t.Context(), c.folder)
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close() //nolint:errcheck // it has written
	var racers []*racer
	for _, ws := range []workspace.ID{"one", "two"} { // with the same ids
		c.write(t, func(w people.Writer) error {
			return w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: ws, Name: string(ws), CreatedAt: 1})
		})
		for i := range 6 {
			racers = append(racers, &racer{ws: ws, id: fmt.Sprintf("6000000000000000000001%02d", i), anon: fmt.Sprint("browser", i)})
		}
	}
	steps := 60
	if os.Getenv("LOBBY_TEST_DEEP") == "1" {
		steps = 5000
	}
	var busy sync.WaitGroup
	for worker := range 12 {
		busy.Go(func() {
			for range steps {
				r := racers[rand.IntN(len(racers))]
				r.Lock()
				err := r.check(t, c.Store)
				if on := c.Store; rand.IntN(2) == 0 && err == nil {
					if worker == 0 {
						on = beside
					}
					err = errors.Join(r.step(t, on), r.check(t, c.Store))
				}
				r.Unlock()
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	busy.Wait()
}

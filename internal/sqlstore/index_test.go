package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"lobby/internal/people"
	"lobby/internal/personindex"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// openers open a database in a file and one in memory.
var openers = map[string]func(t *testing.T) (*Store, error){
	"file": func(t *testing.T) (*Store, error) {
		return OpenSQLite(context.Background(), t.TempDir(), WithReaders(3))
	},
	"memory": func(*testing.T) (*Store, error) { return OpenMemory(context.Background()) },
}

// eachIndexed runs a test on stores with an index, in which there is the workspace w.
func eachIndexed(t *testing.T, test func(t *testing.T, s *Store)) {
	for name, open := range openers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := open(t)
			if err == nil {
				err = s.Write(t.Context(), func(w people.Writer) error {
					return w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: "w", Name: "w", CreatedAt: 1})
				})
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, s)
		})
	}
}

func lead(n int64) *people.Person {
	return &people.Person{Workspace: "w", ID: fmt.Sprintf("%024x", n), Role: people.Lead, Name: fmt.Sprint("Lead ", n), CreatedAt: n, UpdatedAt: n}
}

// live are the search for all contacts, and the number of rows that it should find.
var (
	live     = &search.Request{Condition: &search.Condition{Combine: search.And}, Limit: 50}
	liveRows = `SELECT count(*) FROM people WHERE workspace = 'w' AND role <> 'visitor' AND state IS NULL`
)

// comparison is what one view says: the index, and the rows.
type comparison struct{ found, listed, rows int }

func (s *Store) compare(ctx context.Context) (c comparison, indexed bool, err error) {
	err = s.Read(ctx, func(r people.Reader) error {
		on := r.(*tx)
		page, has, err := on.searchIndex("w", personindex.Contacts, live)
		if indexed = has; !has || err != nil {
			return err
		}
		c.found = page.Total
		if c.listed, _, err = on.CountContacts("w", ""); err != nil {
			return err
		}
		return on.Query(liveRows, nil, func(row sqlengine.Row) error {
			c.rows = int(row.Int(0))
			return nil
		})
	})
	return c, indexed, err
}

// While people come, change and go, and the index is filled again and again, it says in every view what the rows say.
func TestTheIndexIsThatOfTheView(t *testing.T) {
	t.Parallel()
	eachIndexed(t, func(t *testing.T, s *Store) {
		const writes = 150
		var next, done atomic.Int64
		var workers sync.WaitGroup
		for range 3 {
			workers.Go(func() {
				defer done.Add(1)
				for range writes {
					err := s.Write(t.Context(), func(w people.Writer) error {
						p := lead(next.Add(1))
						if err := w.InsertPerson(p); err != nil {
							return err
						}
						old, err := w.Person("w", lead(next.Load()/2).ID)
						if err != nil || old == nil || old.State != people.Active {
							return err
						}
						archived := old.Clone()
						archived.State = people.Archived
						return w.UpdatePerson(old, archived)
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		var compared atomic.Int64
		for reader := range 3 {
			workers.Go(func() {
				for done.Load() < 3 {
					c, indexed, err := s.compare(t.Context())
					if err != nil || indexed && (c.found != c.rows || c.listed != c.rows) {
						t.Errorf("one view: %+v, %v", c, err)
						return
					}
					if indexed {
						compared.Add(1)
					}
					if reader == 0 {
						s.IndexPeople() // anew
					}
				}
			})
		}
		workers.Wait()
		if err := s.WaitForIndex(t.Context()); err != nil {
			t.Fatal(err)
		}
		if c, _, err := s.compare(t.Context()); err != nil || c.found != c.rows || c.listed != c.rows || c.rows == 0 {
			t.Errorf("in the end: %+v, %v", c, err)
		}
		t.Logf("%d views were compared", compared.Load())
	})
}

func TestAnIndexIsFilledAnewWhenOthersWrite(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	open := func() *Store {
		s, err := OpenSQLite(context.Background(), folder)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() }) //nolint:errcheck // the test is over
		return s
	}
	insert := func(s *Store, n int64) {
		t.Helper()
		if err := s.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(lead(n)) }); err != nil {
			t.Fatal(err)
		}
	}
	ours, theirs := open(), open()
	err := ours.Write(t.Context(), func(w people.Writer) error {
		return w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: "w", Name: "w", CreatedAt: 1})
	})
	if err != nil {
		t.Fatal(err)
	}
	insert(ours, 1)
	if err := ours.WaitForIndex(t.Context()); err != nil {
		t.Fatal(err)
	}
	insert(theirs, 2)
	insert(ours, 3) // which notices the other
	for range 2 {
		var page *search.Page[*people.Person]
		err := ours.Read(t.Context(), func(r people.Reader) (err error) {
			page, err = r.SearchContacts("w", live)
			return err
		})
		if err != nil || page.Total != 3 {
			t.Fatalf("%d of 3 are found, %v", page.Total, err)
		}
		if err := ours.WaitForIndex(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSearchesDoNotAllReadAllPeopleWhileTheIndexIsFilled(t *testing.T) {
	t.Parallel()
	eachIndexed(t, func(t *testing.T, s *Store) {
		if err := s.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(lead(1)) }); err != nil {
			t.Fatal(err)
		}
		if err := s.WaitForIndex(t.Context()); err != nil {
			t.Fatal(err)
		}
		filled := s.pretendToFill()
		s.index.scan <- struct{}{} // somebody reads all people
		count := func(ctx context.Context, c *search.Condition) (total int, err error) {
			err = s.Read(ctx, func(r people.Reader) error {
				page, err := r.SearchContacts("w", &search.Request{Condition: c, Limit: 5})
				if err == nil {
					total = page.Total
				}
				return err
			})
			return total, err
		}
		if total, err := count(t.Context(), &search.Condition{Field: "id", Test: search.OneOf, Keys: []string{lead(1).ID}}); err != nil || total != 1 {
			t.Errorf("a search that an index of the database answers: %d, %v", total, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error)
		go func() {
			_, err := count(ctx, live.Condition)
			result <- err
		}()
		cancel()
		if err := <-result; !errors.Is(err, workspace.ErrUnavailable) {
			t.Errorf("a search that nobody waits for any more: %v", err)
		}
		go func() {
			total, err := count(t.Context(), live.Condition)
			if err == nil && total != 1 {
				err = fmt.Errorf("%d contacts are found", total)
			}
			result <- err
		}()
		<-s.index.scan
		if err := <-result; err != nil {
			t.Errorf("a search whose turn it is: %v", err)
		}
		filled()
	})
}

func TestASeenVisitorIsFoundByWhenItWasSeen(t *testing.T) {
	t.Parallel()
	eachIndexed(t, func(t *testing.T, s *Store) {
		visitor := lead(1)
		visitor.Role, visitor.AnonymousID, visitor.LastSeenAt = people.Visitor, "a", 10
		if err := s.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(visitor) }); err != nil {
			t.Fatal(err)
		}
		if err := s.WaitForIndex(t.Context()); err != nil {
			t.Fatal(err)
		}
		seenSince := func(at int64) int {
			t.Helper()
			since := &search.Condition{Field: "last_seen_at", Test: search.Between, Keys: []string{search.NumberKey(search.IntValue(at)), ""}}
			total := 0
			err := s.Read(t.Context(), func(r people.Reader) error {
				page, err := r.SearchVisitors("w", &search.Request{Condition: since, Limit: 5})
				if err == nil {
					total = page.Total
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return total
		}
		s.Touch("w", visitor.ID, 20)
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if seenSince(20) != 1 || seenSince(21) != 0 {
			t.Error("a visitor who was touched is not found by that")
		}
		// An update that sees a touch writes its time, too.
		s.Touch("w", visitor.ID, 30)
		err := s.Write(t.Context(), func(w people.Writer) error {
			before, err := w.Person("w", visitor.ID)
			if err != nil {
				return err
			}
			after := before.Clone()
			after.Name = "Ada"
			return w.UpdatePerson(before, after)
		})
		if err != nil {
			t.Fatal(err)
		}
		if seenSince(30) != 1 || seenSince(31) != 0 {
			t.Error("a visitor who was touched and updated is not found by that")
		}
	})
}

func TestASearchByAddressFindsFewAndMany(t *testing.T) {
	t.Parallel()
	eachIndexed(t, func(t *testing.T, s *Store) {
		sizes := map[string]int64{"one": 1, "most": maxNarrow, "more": maxNarrow + 1, "many": 3 * maxNarrow}
		err := s.Write(t.Context(), func(w people.Writer) error {
			n := int64(1)
			for name, size := range sizes {
				for range size {
					p := lead(n)
					p.Email = name + "@shop.example"
					if n++; n%10 == 0 {
						p.State = people.Archived
					}
					if err := w.InsertPerson(p); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err = errors.Join(err, s.WaitForIndex(t.Context())); err != nil {
			t.Fatal(err)
		}
		for name := range sizes {
			want, err := sqlTotal(t, s, name+"@shop.example")
			if err != nil {
				t.Fatal(err)
			}
			r := &search.Request{Condition: &search.Condition{Field: "email", Test: search.OneOf, Keys: []string{search.TextKey(name + "@shop.example")}}, Limit: 20}
			seen := map[string]bool{}
			for isFirst := true; isFirst || r.After != nil; isFirst = false {
				err := s.Read(t.Context(), func(on people.Reader) error {
					page, err := on.SearchContacts("w", r)
					if err != nil {
						return err
					}
					for _, p := range page.Found {
						seen[p.ID] = true
					}
					if page.Total != want {
						t.Errorf("%s: a total of %d, want %d", name, page.Total, want)
					}
					r.After = page.Next
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			if len(seen) != want {
				t.Errorf("%s: %d persons are on the pages, want %d", name, len(seen), want)
			}
		}
	})
}

// sqlTotal counts the contacts with an address.
func sqlTotal(t *testing.T, s *Store, email string) (n int, err error) {
	err = s.Read(t.Context(), func(r people.Reader) error {
		count, err := sqlengine.Number(r.(*tx), liveRows+` AND email = $1`, []any{email})
		n = int(count)
		return err
	})
	return n, err
}

package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/personindex"
	"lobby/internal/workspace"
)

// Whatever writes people, a filled index says what the rows say, also where the rows are written past the use cases.
func TestAFilledIndexNoticesEveryWrite(t *testing.T) {
	t.Parallel()
	writes := map[string]func(ctx context.Context, s *Store) error{
		"the workspace is deleted and made again": func(ctx context.Context, s *Store) error {
			if err := s.DeleteWorkspace(ctx, "w"); err != nil {
				return err
			}
			return s.Write(ctx, func(w people.Writer) error {
				err := w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: "w", Name: "w", CreatedAt: time.Now().Unix() + 100})
				return errors.Join(err, w.InsertPerson(lead(7)))
			})
		},
		"people are imported": func(ctx context.Context, s *Store) error {
			return s.Import(ctx, "w", time.Unix(100, 0), func(i *Importer) error {
				for n := range 20 {
					row := fmt.Sprintf(`{"id":%q,"role":"lead","created_at":5,"updated_at":5}`, lead(int64(100+n)).ID)
					if err := i.Add("person", []byte(row)); err != nil {
						return err
					}
				}
				return nil
			}, false)
		},
		"an import is refused, then something is written": func(ctx context.Context, s *Store) error {
			err := s.Import(ctx, "w", time.Unix(100, 0), func(i *Importer) error {
				err := i.Add("person", []byte(fmt.Sprintf(`{"id":%q,"role":"lead","created_at":5}`, lead(100).ID)))
				return errors.Join(err, errors.New("refused"))
			}, false)
			if err == nil {
				return errors.New("a refused import succeeded")
			}
			return s.Write(ctx, func(w people.Writer) error { return w.InsertPerson(lead(101)) })
		},
		"an import tries only": func(ctx context.Context, s *Store) error {
			return s.Import(ctx, "w", time.Unix(100, 0), func(i *Importer) error {
				return i.Add("person", []byte(fmt.Sprintf(`{"id":%q,"role":"lead","created_at":5}`, lead(100).ID)))
			}, true)
		},
		"somebody is erased again": func(ctx context.Context, s *Store) error {
			_, err := s.Erase(ctx, []Erasure{{Workspace: "w", PersonID: lead(2).ID, At: 50}, {Workspace: "w", PersonID: lead(77).ID, At: 50}})
			return err
		},
		"all are erased with an older workspace": func(ctx context.Context, s *Store) error {
			_, err := s.Erase(ctx, []Erasure{{Workspace: "w", PersonID: wholeWorkspace, At: time.Now().Unix()}})
			return err
		},
		"addresses are forwarded": func(ctx context.Context, s *Store) error {
			return s.Write(ctx, func(w people.Writer) error {
				for _, n := range []int64{1, 2} {
					p, err := w.Person("w", lead(n).ID)
					if err != nil {
						return err
					}
					merged := p.Clone()
					merged.State, merged.MergedInto = people.Merged, lead(3).ID
					if err := w.UpdatePerson(p, merged); err != nil {
						return err
					}
				}
				return w.Forward("w", []string{lead(1).ID, lead(2).ID}, lead(4).ID, 0)
			})
		},
	}
	for name, write := range writes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachIndexed(t, func(t *testing.T, s *Store) {
				err := s.Write(t.Context(), func(w people.Writer) error {
					for n := range int64(5) {
						if err := w.InsertPerson(lead(n + 1)); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if err := s.WaitForIndex(t.Context()); err != nil {
					t.Fatal(err)
				}
				if c, indexed, err := s.compare(t.Context()); err != nil || !indexed || c.found != 5 {
					t.Fatalf("before: %+v, %v, %v", c, indexed, err)
				}
				if err := write(t.Context(), s); err != nil {
					t.Fatal(err)
				}
				for _, when := range []string{"at once", "filled anew"} {
					c, indexed, err := s.compare(t.Context())
					if err != nil || indexed && c.found != c.rows || c.listed != c.rows {
						t.Errorf("%s: %+v, %v", when, c, err)
					}
					if err := s.WaitForIndex(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
			})
		})
	}
}

// What a command of SQL computes for all people is no key of the index, so no note is needed for it.
func TestTheIndexHasNoColumnThatIsWrittenPastIt(t *testing.T) {
	t.Parallel()
	for i := range indexedFields {
		switch name := indexedFields[i].name; name {
		case "attached", "merged_into", "email_key", "phone_e164":
			t.Errorf("%s is written by statements that tell the index nothing", name)
		}
	}
	if listOf(&people.Person{Role: people.Lead, State: people.Merged, MergedInto: lead(1).ID}) != personindex.Hidden {
		t.Error("a forwarding address is listed, and Forward tells the index nothing")
	}
}

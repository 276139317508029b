package sqlengine_test

import (
	"path/filepath"
	"strconv"
	"testing"

	"lobby/internal/sqlengine"
)

// A read that asks one question has no transaction. When it asks another, both see one state, whatever is committed between them.
func TestAReadSeesOneStateHoweverManyQuestionsItAsks(t *testing.T) {
	t.Parallel()
	e := mustOpen(t, onFile(filepath.Join(t.TempDir(), "test.db")), sqlengine.Defaults())
	count := func(on sqlengine.Session) int64 {
		t.Helper()
		n, err := sqlengine.Number(on, `SELECT count(*) FROM items`, nil)
		if err != nil {
			return -1 // which a caller may make nothing of
		}
		return n
	}
	total := map[int]int{}
	for i := range 8 {
		runs := 0
		err := e.Read(t.Context(), func(on sqlengine.Session) error {
			runs++
			before := count(on)
			if err := e.Write(t.Context(), insert(strconv.Itoa(i)+" "+strconv.Itoa(runs))); err != nil {
				return err
			}
			if after := count(on); after >= 0 && after != before {
				t.Errorf("in read %d it counted %d and then %d", i, before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		total[runs]++
	}
	if total[2] < 1 || total[2] > 2 || total[1]+total[2] != 8 {
		t.Errorf("so many reads ran so often: %v", total)
	}
	for i := range 4 {
		runs := 0
		err := e.Read(t.Context(), func(on sqlengine.Session) error {
			runs++
			if n := count(on); n < 8 {
				t.Errorf("counted %d items", n)
			}
			return nil
		})
		if err != nil || runs != 1 {
			t.Errorf("read %d of one question ran %d times: %v", i, runs, err)
		}
	}
}

// A long read hands on what it reads, like an export, so it does not run again because it asks several questions.
func TestALongReadRunsOnce(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]opener{
		"file": onFile(filepath.Join(t.TempDir(), "test.db")),
		"memory": func(prepare sqlengine.Prepare, o sqlengine.Options) (sqlengine.Engine, error) {
			return sqlengine.OpenMemory(t.Context(), prepare, o)
		},
	} {
		e, runs := mustOpen(t, open, sqlengine.Defaults()), 0
		err := e.ReadLong(t.Context(), func(on sqlengine.Session) (err error) {
			runs++
			for i := 0; i < 3 && err == nil; i++ {
				_, err = sqlengine.Number(on, `SELECT count(*) FROM items`, nil)
			}
			return err
		})
		if err != nil || runs != 1 {
			t.Errorf("a long read of a %s ran %d times: %v", name, runs, err)
		}
	}
}

// The index that a follower keeps is in step with what a read asks next, also after a question that was asked alone.
func TestAReadIsInStepAfterItsFirstQuestion(t *testing.T) {
	t.Parallel()
	eachSQLite(t, func(t *testing.T, f *follower, e sqlengine.Engine) {
		for i := range 5 {
			if err := e.Write(t.Context(), insertNoted(strconv.Itoa(i))); err != nil {
				t.Fatal(err)
			}
			err := e.Read(t.Context(), func(on sqlengine.Session) error {
				n, err := sqlengine.Number(on, `SELECT count(*) FROM items`, nil)
				if err != nil {
					return err
				}
				return on.(sqlengine.Followed).InStep(func() error {
					if int(n) != len(f.told) {
						t.Errorf("the read sees %d items, the follower was told of %d", n, len(f.told))
					}
					return nil
				})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

package touch_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"lobby/internal/touch"
)

// A touch is seen until it is written, and a later one of the same key stays.
func TestWhatIsSeenWhileItIsWrittenStays(t *testing.T) {
	t.Parallel()
	all := touch.New[string](func(context.Context) error { return nil }, nil)
	all.Note("a", 5)
	all.Note("a", 4)
	all.Note("b", 1)
	if keys := all.Keys(cmp.Compare); !slices.Equal(keys, []string{"a", "b"}) || all.Seen("a") != 5 {
		t.Errorf("%v wait, and a was seen at %d", keys, all.Seen("a"))
	}
	all.Note("a", 6)
	all.Written(map[string]int64{"a": 5, "b": 1})
	if all.Seen("a") != 6 || all.Seen("b") != 0 || all.Count() != 1 {
		t.Errorf("a was seen at %d, b at %d", all.Seen("a"), all.Seen("b"))
	}
	all.Forget(func(key string) bool { return key == "a" })
	if all.Seen("a") != 0 || all.Keys(cmp.Compare) != nil {
		t.Error("it was not forgotten")
	}
	if err := all.Close(); err != nil {
		t.Error(err)
	}
}

func TestWhatCannotBeWrittenIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lost := errors.New("the database is away")
		tried, failures := 0, 0
		all := touch.New[string](func(context.Context) error { tried++; return lost }, func(err error) {
			if errors.Is(err, lost) {
				failures++
			}
		})
		all.Note("a", 1)
		time.Sleep(2*touch.FlushEvery + time.Second)
		if tried != 2 || failures != 2 || all.Seen("a") != 1 {
			t.Errorf("tried %d times, %d failures", tried, failures)
		}
		if err := all.Close(); !errors.Is(err, lost) || tried != 3 {
			t.Errorf("closing returned %v after %d tries", err, tried)
		}
	})
}

package census_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"lobby/internal/census"
)

func TestCountsAreNotMadeForEachScrape(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var c census.Census[int]
		counted := 0
		count := func(context.Context) (int, error) {
			counted++
			time.Sleep(time.Second)
			return counted, nil
		}
		mustBe := func(want int) {
			t.Helper()
			if got := c.Present(t.Context(), count); got != want {
				t.Errorf("after %d counts the present one is %d, want %d", counted, got, want)
			}
			synctest.Wait()
		}
		mustBe(1)
		// It took a second, so the next one comes after a hundred.
		time.Sleep(99 * time.Second)
		mustBe(1)
		if counted != 1 {
			t.Errorf("counted %d times", counted)
		}
		time.Sleep(time.Second)
		mustBe(1)
		mustBe(1) // nobody waits for what is under way
		if counted != 2 {
			t.Errorf("counted %d times", counted)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		mustBe(2)
	})
}

func TestACountThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var c census.Census[int]
		var failed error
		count := func(context.Context) (int, error) { return 1, failed }
		c.Present(t.Context(), count)
		time.Sleep(census.Pause)
		failed = errors.New("failed")
		c.Present(t.Context(), func(context.Context) (int, error) { return 2, failed })
		synctest.Wait()
		if got := c.Present(t.Context(), count); got != 1 {
			t.Errorf("the present count is %d", got)
		}
	})
}

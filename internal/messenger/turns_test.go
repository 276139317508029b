package messenger

import (
	"slices"
	"testing"
	"testing/synctest"
)

func TestAppsTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(1, 5)
		var handled, away []string
		arrive := func(app string) {
			go func() {
				if !turns.take(app) {
					away = append(away, app)
					return
				}
				handled = append(handled, app)
			}()
			synctest.Wait()
		}
		for _, app := range []string{"hot", "hot", "hot", "hot", "hot", "hot"} { // one is handled, and five wait
			arrive(app)
		}
		arrive("hot") // is turned away itself
		arrive("a")   // instead of the last hot one
		arrive("b")
		if want := []string{"hot", "hot", "hot"}; !slices.Equal(away, want) {
			t.Errorf("turned away are %q, want %q", away, want)
		}
		for range 6 {
			turns.give()
			synctest.Wait()
		}
		if want := []string{"hot", "hot", "a", "b", "hot", "hot"}; !slices.Equal(handled, want) {
			t.Errorf("handled in the order %q, want %q", handled, want)
		}
		arrive("c")
		if last := handled[len(handled)-1]; last != "c" || turns.free != 0 || turns.room != 5 || len(turns.lines) != 0 {
			t.Errorf("afterwards %q is handled, with %+v", last, turns)
		}
	})
}

func TestNoAppIsTurnedAwayForOneThatIsAsBusy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(1, 2)
		results := make(chan bool, 3)
		turns.take("a")
		for _, app := range []string{"a", "b"} {
			go func() { results <- turns.take(app) }()
			synctest.Wait()
		}
		if turns.take("c") {
			t.Error("a third app took a place of two that have one each")
		}
		for range 2 {
			turns.give()
			if !<-results {
				t.Error("one that waited was turned away")
			}
		}
	})
}

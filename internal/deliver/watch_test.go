package deliver

import (
	"testing"
	"time"
)

// TestADelivererLooksWhenThereMayBeNews goes through what makes a deliverer look at the database again, or not.
func TestADelivererLooksWhenThereMayBeNews(t *testing.T) {
	t.Parallel()
	var commits, created, second int64 = 1, 0, 100
	isAll := true
	w := watch{commits: func() (int64, bool) { return commits, isAll }, created: func() int64 { return created }}
	step := func(what string, change func(), want bool) {
		t.Helper()
		if change != nil {
			change()
		}
		w.last.at = w.last.at.Add(time.Hour) // a slow machine does not reach the second after a look
		if got := w.mayHave(second); got != want {
			t.Errorf("%s: looks %v", what, got)
		}
	}
	w.last.at = time.Now()
	step("the first commit", nil, true)
	step("nothing", nil, false)
	step("a commit", func() { commits++ }, true)
	step("nothing after it", nil, false)
	step("a second, when a retry may be due", func() { second++ }, true)
	step("no subscription, on a database of one's own", func() { w.isNone = true }, false)
	step("a commit without subscriptions", func() { commits++ }, true)

	isAll = false
	step("others may have made one", func() { w.isNone = false }, true)
	step("there is none", func() { w.isNone = true }, false)
	step("a second without any", func() { second++ }, false)
	step("one is made here", func() { created++ }, true)

	w.isNone = true
	w.last.at = time.Now().Add(-idle)
	if !w.mayHave(second) {
		t.Error("nobody looks for what others made")
	}
}

package tally_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"lobby/internal/tally"
)

func counter(b *tally.Board, o tally.Options) *tally.Counter {
	o.Name, o.Seconds = "calls", 10
	return b.NewCounter(o)
}

func report(t *testing.T, b *tally.Board, at int64) string {
	t.Helper()
	text, err := b.Report(at)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAWindowCountsForItselfAlone(t *testing.T) {
	t.Parallel()
	c := counter(new(tally.Board), tally.Options{Share: 1})
	for i, at := range []int64{100, 109, 110, 105} { // the clock goes back at last
		want := []int64{1, 2, 1, 1}[i]
		if got := c.Add("a", at); got != want {
			t.Errorf("at %d it is number %d, want %d", at, got, want)
		}
	}
}

func TestWhatOthersReportedIsAdded(t *testing.T) {
	t.Parallel()
	learned := map[string]int64{}
	mine, other := new(tally.Board), new(tally.Board)
	c := counter(mine, tally.Options{Share: 1, Learn: func(key string, more int64) { learned[key] += more }})
	theirs := counter(other, tally.Options{Share: 3})
	learn := func(at int64, reports ...string) {
		t.Helper()
		if err := mine.Learn(reports, at); err != nil {
			t.Fatal(err)
		}
	}
	theirs.Add("b", 100)
	theirs.Add("a", 100)
	theirs.Add("a", 100)
	if text := report(t, other, 100); text != "" {
		t.Errorf("below the share %s is reported", text)
	}
	theirs.Add("a", 100)
	learn(100, report(t, other, 100), "", report(t, other, 100)) // as if there were two such servers
	if got := c.Add("a", 101); got != 7 {
		t.Errorf("it is number %d, want 7", got)
	}
	theirs.Add("a", 102)
	for range 2 { // the same report again adds nothing
		learn(102, report(t, other, 102), report(t, other, 102))
	}
	if got := c.Others("a", 102); got != 8 || learned["a"] != 8 || len(learned) != 1 {
		t.Errorf("others have %d, and %v was learned", got, learned)
	}
	learn(111, report(t, other, 102))
	if got := c.Others("a", 111); got != 0 || maps.Equal(learned, map[string]int64{"a": 12}) {
		t.Errorf("a former window has %d", got)
	}
}

func TestAReportIsSmall(t *testing.T) {
	t.Parallel()
	b := new(tally.Board)
	c := counter(b, tally.Options{Share: 1})
	for i := range 10_000 {
		c.Add(fmt.Sprint("key", i), 100)
	}
	for range 5 {
		c.Add("busy", 100)
	}
	if text := report(t, b, 100); len(text) > 16_000 || !strings.Contains(text, `"busy":5`) {
		t.Errorf("the report has %d bytes", len(text))
	}
}

func TestAReportThatCannotBeReadIsLeftOut(t *testing.T) {
	t.Parallel()
	mine, other := new(tally.Board), new(tally.Board)
	c := counter(mine, tally.Options{Share: 1})
	counter(other, tally.Options{Share: 1}).Add("a", 100)
	for _, broken := range []string{"{", "[]", `{"calls":null}`, `{"calls":{"window":"x"}}`, `{"other":{"window":100,"counts":{"a":9}}}`} {
		_ = mine.Learn([]string{broken, report(t, other, 100)}, 100) // whether it is an error depends on how it is broken
		if got := c.Others("a", 100); got != 1 {
			t.Errorf("with %s the others have %d, want 1", broken, got)
		}
	}
}

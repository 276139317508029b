package storetest

import (
	"testing"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func numbers(s suite) {
	s.test("numbers of a kind count from one on, in each workspace and for each kind", countedNumbers)
}

func countedNumbers(t *testing.T, w *world) {
	next := func(ws workspace.ID, kind string) (n int64) {
		w.write(t, func(tx people.Writer) (err error) {
			n, err = tx.NextNumber(ws, kind)
			return err
		})
		return n
	}
	got := []int64{next(acme, "tag"), next(acme, "tag"), next(acme, "note"), next(rival, "tag"), next(acme, "tag")}
	expect(t, "the numbers", []int64{1, 2, 1, 1, 3}, got)
}

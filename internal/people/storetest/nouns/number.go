package nouns

import (
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func Numbers(s fixtures.Suite) {
	s.Test("numbers of a kind count from one on, in each workspace and for each kind", countedNumbers)
}

func countedNumbers(t *testing.T, w *fixtures.Fixtures) {
	next := func(ws workspace.ID, kind string) (n int64) {
		w.Write(t, func(tx people.Writer) (err error) {
			n, err = tx.NextNumber(ws, kind)
			return err
		})
		return n
	}
	got := []int64{next(fixtures.Acme, "tag"), next(fixtures.Acme, "tag"), next(fixtures.Acme, "note"), next(fixtures.Rival, "tag"), next(fixtures.Acme, "tag")}
	fixtures.Expect(t, "the numbers", []int64{1, 2, 1, 1, 3}, got)
}

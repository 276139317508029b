package workspace_test

import (
	"testing"

	"lobby/internal/workspace"
)

func TestAPlaceTellsTheTimeThatItsIDDoesNot(t *testing.T) {
	const id = "6657a9246abd0160d35d1f68"
	for place, createdAt := range map[string]int64{id: 0x6657a924, id + ".12": 12} {
		if got := workspace.ListPlace(id, createdAt); got != place || !workspace.IsListPlace(place) {
			t.Errorf("the place of %d is %q, not %q", createdAt, got, place)
		}
		if of, at, _ := workspace.ReadListPlace(place); of != id || at != createdAt {
			t.Errorf("%q is read as %q, %d", place, of, at)
		}
	}
	for _, bad := range []string{"", ".12", id + ".", id + ".012", id + ".x", id + ".-1", id + ".1.2", id[1:]} {
		if workspace.IsListPlace(bad) {
			t.Errorf("%q is a place", bad)
		}
	}
}

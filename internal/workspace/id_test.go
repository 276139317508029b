package workspace

import (
	"testing"
	"time"
)

// A server that is started within the second in which another one was killed goes on with higher ids.
func TestIDsOfEntriesSortAcrossRestarts(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_700_000_000, 0)
	last := ""
	for restart := range 200 {
		var ids entryIDs
		for range 3 {
			at = at.Add(time.Microsecond)
			id := ids.next(at)
			if !IsID(id) || id <= last {
				t.Fatalf("after restart %d %s follows %s", restart, id, last)
			}
			last = id
		}
	}
}

func TestIDsOfEntriesSortWhileTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	var ids entryIDs
	at, last := time.Unix(1_700_000_000, 999_999_999), ""
	for _, step := range []time.Duration{0, 0, -time.Second, time.Nanosecond, -8 * time.Second, time.Minute} {
		at = at.Add(step)
		id := ids.next(at)
		if id <= last {
			t.Errorf("%s follows %s", id, last)
		}
		last = id
	}
	// A clock that was an hour ahead does not leave ids in the future.
	if id := ids.next(at.Add(-time.Hour)); id >= last {
		t.Errorf("%s follows %s", id, last)
	}
}

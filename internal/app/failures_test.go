package app

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestATaskThatKeepsFailingIsLoggedOnceAMinute(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	counted := map[string]int{}
	f := newFailures(slog.New(slog.NewTextHandler(&log, nil)), func(task string) { counted[task]++ })
	now := time.Unix(1_700_000_000, 0)
	f.now = func() time.Time { return now }
	for range 61 { // a minute and its end
		f.BackgroundFailed("touches", errors.New("the disk is full"))
		now = now.Add(time.Second)
	}
	f.BackgroundFailed("sweep", errors.New("another"))

	if counted["touches"] != 61 || counted["sweep"] != 1 {
		t.Errorf("counted %v", counted)
	}
	for line, times := range map[string]int{
		`level=ERROR msg="background work failed" task=touches error="the disk is full" skipped=0`:  1,
		`level=ERROR msg="background work failed" task=touches error="the disk is full" skipped=59`: 1,
		`level=ERROR msg="background work failed" task=sweep error=another skipped=0`:               1,
		"\n": 3,
	} {
		if got := strings.Count(log.String(), line); got != times {
			t.Errorf("%q is logged %d times, want %d:\n%s", line, got, times, log.String())
		}
	}
}

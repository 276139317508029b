package workspace_test

import (
	"testing"
	"time"

	"lobby/internal/workspace"
)

func TestAMonthThatIsTooShortEndsOnItsLastDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day    string
		months int
		want   string
	}{
		{"2026-11-30", 9, "2026-02-28"},
		{"2024-11-29", 9, "2024-02-29"},
		{"2024-11-30", 9, "2024-02-29"},
		{"2026-03-31", 1, "2026-02-28"},
		{"2026-05-31", 1, "2026-04-30"},
		{"2026-11-22", 9, "2026-02-22"},
		{"2026-01-15", 9, "2025-04-15"},
		{"2026-12-31", 120, "2016-12-31"},
	} {
		day, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := workspace.MonthsBefore(day, c.months).Format(time.DateOnly); got != c.want {
			t.Errorf("%d months before %s is %s, want %s", c.months, c.day, got, c.want)
		}
	}
}

package workspace_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"lobby/internal/workspace"
)

func TestATimeZoneHasOneName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Asia/Kolkata": "Asia/Kolkata", "Asia/Calcutta": "Asia/Kolkata", "asia/calcutta": "Asia/Kolkata", "Asia/Saigon": "Asia/Ho_Chi_Minh",
		"Europe/Kiev": "Europe/Kyiv", "US/Pacific": "America/Los_Angeles", "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
		"Africa/Asmera": "Africa/Asmara", "Iceland": "Atlantic/Reykjavik", "Pacific/Truk": "Pacific/Chuuk", "GB": "Europe/London",
		// Places that share the clock of another keep their own name.
		"Europe/Amsterdam": "Europe/Amsterdam", "Europe/Oslo": "Europe/Oslo", "Arctic/Longyearbyen": "Arctic/Longyearbyen",
		"UTC": "UTC", "Etc/UTC": "UTC", "Zulu": "UTC", "utc": "UTC", "Etc/GMT+5": "Etc/GMT+5", "GMT": "Etc/GMT",
	} {
		if got, ok := workspace.Timezone(name); got != want || !ok {
			t.Errorf("%s is %q, %v, want %s", name, got, ok, want)
		}
	}
	for _, name := range []string{
		"", "Local", "localtime", "Factory", "right/UTC", "right/Europe/Dublin", "posix/UTC", "posix/Europe/Dublin", "posixrules", "../etc/passwd",
		"Europe", "Europe/", "/UTC", "+02:00", "Europe/Dublim", "tzdata.zi", "leapseconds", "Europe/Dublin ", "Europe//Dublin",
	} {
		if got, ok := workspace.Timezone(name); ok {
			t.Errorf("%q is %s", name, got)
		}
		if workspace.CheckTimezone(name) == nil {
			t.Errorf("a workspace may be in %q", name)
		}
	}
}

func TestEveryNameOfAZoneHasItsClock(t *testing.T) {
	t.Parallel()
	var years []time.Time
	for year := 2000; year < 2025; year++ {
		years = append(years, time.Date(year, 1, 15, 12, 0, 0, 0, time.UTC), time.Date(year, 7, 15, 12, 0, 0, 0, time.UTC))
	}
	for line := range strings.Lines(workspace.TimezoneTable) {
		names := strings.Fields(line)
		today, err := time.LoadLocation(names[0])
		if err != nil {
			t.Error(err)
			continue
		}
		for _, name := range names[1:] {
			zone, err := time.LoadLocation(name)
			if err != nil {
				continue // given up for so long that this machine does not have it
			}
			for _, at := range years {
				_, want := at.In(today).Zone()
				if _, got := at.In(zone).Zone(); got != want {
					t.Errorf("on %s, %s is %d seconds ahead and %s %d", at, name, got, names[0], want)
					break
				}
			}
		}
	}
}

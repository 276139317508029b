package workspace

import (
	_ "embed"
	"strings"
	"sync"
	"time"
)

// timezoneTable has a time zone a line: its name, then the names that were given up for it. It is made of the zones and the
// backward links of the IANA database, 2025b. A name that zone.tab has stays, and UTC keeps its short one.
//
//go:embed timezones.txt
var timezoneTable string

// timezones returns the name that each zone has today, by all its names in lower case.
var timezones = sync.OnceValue(func() map[string]string {
	all := make(map[string]string, 640)
	for line := range strings.Lines(timezoneTable) {
		names := strings.Fields(line)
		for _, name := range names {
			all[strings.ToLower(name)] = names[0]
		}
	}
	return all
})

// Timezone returns the name that the IANA database has today for a time zone, given any of its names in any case:
// Asia/Kolkata for Asia/Calcutta. It returns false for what names no place or offset, such as Local, localtime or right/UTC.
func Timezone(name string) (today string, ok bool) {
	today, ok = timezones()[strings.ToLower(name)]
	return today, ok
}

// CheckTimezone refuses what is not the name of a time zone.
func CheckTimezone(name string) error {
	today, ok := Timezone(name)
	if ok {
		_, err := time.LoadLocation(today) // the machine may have an older database
		ok = err == nil
	}
	if !ok {
		return Invalid("timezone", "must be the name of a time zone, as in Europe/Dublin")
	}
	return nil
}

// MonthsBefore returns the same day of an earlier month, or the last day of that month when it is shorter.
func MonthsBefore(t time.Time, months int) time.Time {
	earlier := t.AddDate(0, -months, 0)
	if earlier.Day() != t.Day() {
		earlier = earlier.AddDate(0, 0, -earlier.Day())
	}
	return earlier
}

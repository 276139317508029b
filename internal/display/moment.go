package display

import "time"

// Moment is a time as a page shows it: short, and exact when one looks closer.
type Moment struct{ ISO, Short, Exact string }

// ago is how one would say when something was.
func ago(now, t time.Time) string {
	d := now.Sub(t)
	switch {
	case d < -time.Minute:
		return t.Format("2 Jan 2006, 15:04")
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return Counted(int(d/time.Minute), "minute") + " ago"
	case d < 24*time.Hour:
		return Counted(int(d/time.Hour), "hour") + " ago"
	case d < 7*24*time.Hour:
		return Counted(int(d/(24*time.Hour)), "day") + " ago"
	case t.Year() == now.Year():
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 2006")
}

// NewMoment returns a Unix second in a time zone, as it is told at a time; nil for none.
func NewMoment(at int64, now time.Time, zone *time.Location) *Moment {
	if at == 0 {
		return nil
	}
	t := time.Unix(at, 0).In(zone)
	return &Moment{ISO: t.UTC().Format(time.RFC3339), Short: ago(now.In(zone), t), Exact: t.Format("Monday, 2 January 2006, 15:04:05 MST")}
}

package traffic

import (
	"context"

	"lobby/internal/workspace"
)

// presence is for how many seconds somebody who was seen counts as being there.
const presence = 5 * 60

// The max number of people that [Live] lists, and up to which it counts. SparkMinutes is how many minutes it looks back.
const (
	MaxListed    = 50
	MaxPresent   = 10_000
	SparkMinutes = 60
)

// Present is somebody who is there now.
type Present struct {
	PersonID                      string
	Role, Name, Email, Pseudonym  string
	Phone, ExternalID             string
	Country                       string
	SessionCount, SeenAt, FirstAt int64 // FirstAt is when the record was created
	// URL is the page, Referrer the address on another site that led there; "" for unknown.
	URL, Referrer string
}

// Live is who is there now.
type Live struct {
	People []*Present
	// Count is how many are there; at MaxPresent there may be more.
	Count int
	// Views are the page views of the last minutes, oldest first.
	Views [SparkMinutes]int64
}

// ReadLive reads who is there at a Unix second. What it costs does not depend on how many come and go.
func ReadLive(ctx context.Context, s Store, ws workspace.ID, now int64) (*Live, error) {
	var l *Live
	err := s.Read(ctx, func(r Reader) (err error) {
		l = new(Live)
		if l.People, err = r.Present(ws, now-presence, MaxListed); err != nil {
			return err
		}
		if l.Count = len(l.People); l.Count == MaxListed {
			if l.Count, err = r.CountPresent(ws, now-presence, MaxPresent); err != nil {
				return err
			}
		}
		last := now / 60
		minutes, err := r.Counts(ws, Minute, last-SparkMinutes+1, last)
		for _, c := range minutes {
			l.Views[SparkMinutes-1-(last-c.Period)] = c.Count
		}
		return err
	})
	return l, err
}

package workspace

import (
	"context"
	"time"
)

const (
	secondsPerDay = 24 * 60 * 60
	// saltLength is in letters and digits: some 190 bits.
	saltLength = 32
	// saltGrace is how many seconds a salt outlives its day, for servers whose clocks are late.
	saltGrace = 5 * 60
)

// OfServers stands for the workspace in the salt that the servers themselves share.
const OfServers ID = ""

// DayOf returns the number of a day since 1970, in UTC.
func DayOf(at time.Time) int64 { return at.Unix() / secondsPerDay }

// DailySalt returns the salt of a workspace for a day of [DayOf]. The first caller on any server makes it.
func (g *Registry) DailySalt(ctx context.Context, ws ID, day int64) (string, error) {
	salt, err := Read(ctx, g.Store, func(r Reader) (string, error) { return r.DailySalt(ws, day) })
	if err != nil || salt != "" {
		return salt, err
	}
	return Write(ctx, g.Store, func(w Writer) (string, error) {
		if err := w.InsertDailySalt(ws, day, g.Secret(saltLength)); err != nil {
			return "", err
		}
		return w.DailySalt(ws, day)
	})
}

// maxPageSession is how many seconds after its last use a page session is deleted. A ping does not come that late.
const maxPageSession = 60 * 60

// SweepPages deletes the salts of former days and the page sessions that have ended.
func (g *Registry) SweepPages(ctx context.Context, ws ID) error {
	now := g.Now()
	return g.Store.Write(ctx, func(w Writer) error {
		if err := w.DeletePageSessions(ws, now.Unix()-maxPageSession); err != nil {
			return err
		}
		return w.DeleteDailySalts(ws, DayOf(now.Add(-saltGrace*time.Second)))
	})
}

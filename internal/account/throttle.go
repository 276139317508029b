package account

import (
	"context"
	"fmt"
	"time"

	"lobby/internal/workspace"
)

const (
	// attemptWindow is for how many seconds attempts to sign in count.
	attemptWindow = 15 * 60
	// maxAccountAttempts and maxAddressAttempts are how many there may be for one login, and from one address.
	maxAccountAttempts = 10
	maxAddressAttempts = 30
)

// ThrottledError says that there were too many attempts to sign in.
type ThrottledError struct{ Wait time.Duration }

func (e *ThrottledError) Error() string {
	return fmt.Sprintf("too many attempts; the next one counts in %s at the latest", e.Wait)
}

func accountKey(email string) string {
	return "login " + workspace.HashToken(workspace.EmailKey(email))
}

// countAttempt counts an attempt before its password is looked at, so that many at once get no further than one after the
// other. The network address is kept as a hash with the salt of the day.
func (a *Accounts) countAttempt(ctx context.Context, email, address string) error {
	now := a.Now()
	salt, err := a.DailySalt(ctx, workspace.OfServers, workspace.DayOf(now))
	if err != nil {
		return err
	}
	return a.Store.Write(ctx, func(w Writer) error {
		// In one order, so that two writers cannot wait for each other.
		for _, limit := range []struct {
			key string
			max int64
		}{
			{"address " + workspace.HashToken(salt+" "+address), maxAddressAttempts},
			{accountKey(email), maxAccountAttempts},
		} {
			count, err := w.CountAttempt(limit.key, now.Unix(), now.Unix()-attemptWindow)
			if err != nil {
				return err
			}
			if count > limit.max {
				return &ThrottledError{attemptWindow * time.Second}
			}
		}
		return nil
	})
}

package inbox

import (
	"context"
	"errors"
	"time"

	"lobby/internal/workspace"
)

// nextMorning is the hour at which a snooze ends that was to end in the past.
const nextMorning = 9

// snoozeEnd returns when a snooze ends. One into the past ends the next morning in the time zone of the workspace, as the
// public API has it.
func (t *thread) snoozeEnd(until int64) int64 {
	now := t.in.Now()
	if until > now.Unix() {
		return until
	}
	zone, err := time.LoadLocation(t.caller.Timezone)
	if err != nil {
		zone = time.UTC
	}
	day := now.In(zone).AddDate(0, 0, 1)
	return time.Date(day.Year(), day.Month(), day.Day(), nextMorning, 0, 0, 0, zone).Unix()
}

// wakeBatch is the max number of conversations that are looked for at once.
const wakeBatch = 100

// WakeSnoozed ends the snoozes that are over, in all workspaces, and returns their number. Servers may do it side by side:
// each snooze ends once, since a conversation is locked while it ends.
func (in *Inbox) WakeSnoozed(ctx context.Context) (int, error) {
	woken := 0
	for ctx.Err() == nil {
		due, err := read(ctx, in, func(r Reader) ([]Address, error) { return r.DueSnoozes(in.Unix(), wakeBatch) })
		if err != nil || len(due) == 0 {
			return woken, err
		}
		for _, address := range due {
			ended, err := in.wake(ctx, address)
			if err != nil {
				return woken, err
			}
			if ended {
				woken++
			}
		}
	}
	return woken, ctx.Err()
}

// wake ends the snooze of one conversation. It reports false when another server did so, or the conversation is gone.
func (in *Inbox) wake(ctx context.Context, address Address) (ended bool, err error) {
	err = in.Store.Write(ctx, func(w Writer) error {
		ended = false
		t, err := in.open(w, workspace.Caller{Workspace: address.Workspace}, address.ID)
		switch {
		case errors.Is(err, ErrConversationNotFound):
			return nil
		case err != nil:
			return err
		}
		if ended = t.before.State != t.now.State; !ended {
			return nil
		}
		return t.save()
	})
	return ended, err
}

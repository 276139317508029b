package people

import (
	"context"
	"fmt"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// maxSummaries is how many summaries can be added at once.
const maxSummaries = 1000

// EventSummary counts what a person did by one name.
type EventSummary struct {
	Name        string
	Count       int64
	First, Last int64 // Unix seconds
}

// EventSummaries answers a contact and the summaries of all it ever did, the latest first: of its events, of those that it
// absorbed, and what [Lobby.SummarizeEvents] added. ErrContactUnnamed, ErrUserNotFound, MergedError.
func (l *Lobby) EventSummaries(ctx context.Context, c workspace.Caller, of UserRef) (contact *Person, all []*EventSummary, err error) {
	err = l.Store.Read(ctx, func(r Reader) (err error) {
		if contact, err = doer(r, c, of); err != nil {
			return err
		}
		all, err = r.EventSummaries(c.Workspace, contact.ID)
		return err
	})
	return contact, all, err
}

// SummarizeEvents adds summaries of what a contact did elsewhere, which its events here know nothing of. One of a name
// that was summarized before replaces what was said then, so that a client may send it again. ErrContactUnnamed,
// ErrUserNotFound, MergedError, workspace.InvalidError.
func (l *Lobby) SummarizeEvents(ctx context.Context, c workspace.Caller, of UserRef, all []EventSummary) error {
	if len(all) > maxSummaries {
		return workspace.Invalid("event_summaries", fmt.Sprintf("must not be more than %d", maxSummaries))
	}
	for _, s := range all {
		if err := s.check(); err != nil {
			return err
		}
	}
	return l.Store.Write(ctx, func(w Writer) error {
		contact, err := doer(w, c, of)
		if err != nil {
			return err
		}
		for i := range all {
			if err := w.PutEventSummary(c.Workspace, contact.ID, &all[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *EventSummary) check() error {
	switch {
	case s.Count < 1 || s.Count > search.MaxWhole:
		return workspace.Invalid("event_summaries.count", fmt.Sprintf("must be from 1 to %d", search.MaxWhole))
	case s.Last < s.First:
		return workspace.Invalid("event_summaries.last", "must not be before first")
	}
	return CheckEventName("event_summaries.event_name", s.Name)
}

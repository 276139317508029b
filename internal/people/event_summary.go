package people

import (
	"context"
	"fmt"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// maxSummaries is the max number of summaries in one request.
const maxSummaries = 1000

// EventSummary counts a person's events with one name.
type EventSummary struct {
	Name        string
	Count       int64
	First, Last int64 // Unix seconds
}

// EventSummaries returns a contact and the summaries of all its events, latest first. They cover the events of persons that it
// absorbed, and the summaries that [Lobby.SummarizeEvents] added. Errors: ErrContactUnnamed, ErrUserNotFound, MergedError.
func (l *Lobby) EventSummaries(ctx context.Context, c workspace.Caller, of UserRef) (contact *Person, all []*EventSummary, err error) {
	err = l.Store.Read(ctx, func(r Reader) (err error) {
		if contact, err = eventContact(r, c, of); err != nil {
			return err
		}
		all, err = r.EventSummaries(c.Workspace, contact.ID)
		return err
	})
	return contact, all, err
}

// SummarizeEvents adds summaries of a contact's events elsewhere, which are not stored here as events. A summary replaces
// the one added before with the same name, so that a client may send it again. Errors: ErrContactUnnamed, ErrUserNotFound,
// MergedError, workspace.InvalidError.
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
		contact, err := eventContact(w, c, of)
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

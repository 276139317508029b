package people

import "context"

// TrackUserEvent stores an event of the live contact with an id, for a page that has proven whose it is. The same event
// in the same second is stored once. ErrPersonNotFound when there is no such contact, or it is not live.
func (l *Lobby) TrackUserEvent(ctx context.Context, c Caller, id string, e DataEvent) error {
	if err := checkEventName("event_name", e.Name); err != nil {
		return err
	}
	return l.Store.Write(ctx, func(w Writer) error {
		p, err := w.Person(c.Workspace, id)
		if err != nil {
			return err
		}
		if p == nil || !p.IsLiveContact() {
			return ErrPersonNotFound
		}
		if now := l.now(); e.CreatedAt <= 0 || e.CreatedAt > now {
			e.CreatedAt = now
		}
		return l.storeEvent(w, p, e)
	})
}

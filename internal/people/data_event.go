package people

import "context"

// DataEvent is something that a person did, as told by a page or a server.
type DataEvent struct {
	Workspace WorkspaceID
	ID        string
	// PersonID is the person it was told of; a merge does not move it, readers follow the forwarding address.
	PersonID  string
	Name      string
	CreatedAt int64
	// Metadata is a JSON object as text, already checked by the front that took it; "" for none.
	Metadata string
}

// maxEventName is the longest name of an event in bytes.
const maxEventName = 255

// TrackEvent stores an event of a visitor or lead named by the anonymous id that its browser holds. The same event in
// the same second is stored once. ErrPersonNotFound when nobody has that id; ErrSpent when its owner is no longer one
// that an unsigned page may speak for.
func (l *Lobby) TrackEvent(ctx context.Context, c Caller, anonymousID string, e DataEvent) error {
	if e.Name == "" || len(e.Name) > maxEventName {
		return &InvalidError{"event_name", "must have 1 to 255 bytes"}
	}
	return l.Store.Write(ctx, func(w Writer) error {
		p, err := w.PersonByAnonymousID(c.Workspace, anonymousID)
		if err != nil {
			return err
		}
		if p == nil {
			return ErrPersonNotFound
		}
		if !p.mayBeTouchedUnsigned() {
			return ErrSpent
		}
		now := l.now()
		if e.CreatedAt <= 0 || e.CreatedAt > now {
			e.CreatedAt = now
		}
		e.Workspace, e.PersonID, e.ID = c.Workspace, p.ID, l.newID(now)
		fresh, err := w.InsertDataEvent(&e)
		if err != nil || !fresh {
			return err
		}
		return l.emit(w, &Event{Workspace: c.Workspace, Topic: DataEventCreated, PersonID: p.ID, SubjectID: e.ID})
	})
}

// emit puts an event into the outbox, with an id and the time.
func (l *Lobby) emit(w Writer, e *Event) error {
	e.CreatedAt = l.now()
	e.ID = l.newID(e.CreatedAt)
	return w.Emit(e)
}

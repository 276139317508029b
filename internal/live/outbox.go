package live

import (
	"context"
	"strings"

	"lobby/internal/workspace"
)

// PersonKey is the key of all that happens about a person.
func PersonKey(id string) string { return "person/" + id }

// SubjectKey is the key of all that happens to a subject of outbox entries, such as a conversation.
func SubjectKey(id string) string { return "subject/" + id }

// TopicKey is the key of all that happens to a kind of records: the first word of the topics of outbox entries.
func TopicKey(kind string) string { return "topic/" + kind }

// Committed tells of entries of the outbox that were committed.
func (h *Hub) Committed(entries []*workspace.OutboxEntry) {
	topics := make([]Topic, 0, 3*len(entries))
	for _, e := range entries {
		subject, _, _ := strings.Cut(e.SubjectID, "/")
		kind, _, _ := strings.Cut(string(e.Topic), ".")
		topics = append(topics, Topic{e.Workspace, PersonKey(e.PersonID)}, Topic{e.Workspace, SubjectKey(subject)}, Topic{e.Workspace, TopicKey(kind)})
	}
	h.Tell(topics...)
}

// Outbox is what [Hub.Follow] reads.
type Outbox interface {
	// LastSequence returns the last sequence that a workspace gave out; 0 for none.
	LastSequence(workspace.ID) (int64, error)
	// Outbox returns the entries after a sequence, at most limit.
	Outbox(ws workspace.ID, after int64, limit int) ([]*workspace.OutboxEntry, error)
}

// maxFollowed is how many entries of one workspace are read at once. After more, everybody there looks again.
const maxFollowed = 200

// Follow tells of what was committed since the last call, by any server. It reads one number for each workspace that has
// subscriptions, and entries only where it has grown. Calls must not overlap.
func (h *Hub) Follow(ctx context.Context, read func(context.Context, func(Outbox) error) error) error {
	cursors := h.followed()
	if len(cursors) == 0 {
		return nil
	}
	return read(ctx, func(r Outbox) error {
		for ws, cursor := range cursors {
			last, err := r.LastSequence(ws)
			if err != nil {
				return err
			}
			switch {
			case last == cursor:
				continue
			case cursor >= 0 && last > cursor && last-cursor <= maxFollowed:
				entries, err := r.Outbox(ws, cursor, maxFollowed)
				if err != nil {
					return err
				}
				h.Committed(entries)
			default:
				h.WakeAll(ws)
			}
			h.setCursor(ws, last)
		}
		return nil
	})
}

// unknown is the cursor of a workspace whose outbox was not read yet.
const unknown = int64(-1)

// followed returns the cursors of the workspaces that have subscriptions.
func (h *Hub) followed() map[workspace.ID]int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	cursors := make(map[workspace.ID]int64, len(h.of))
	for ws := range h.of {
		cursor, isKnown := h.cursors[ws]
		if !isKnown {
			cursor = unknown
		}
		cursors[ws] = cursor
	}
	return cursors
}

// setCursor keeps how far a workspace was read, if it still has subscriptions.
func (h *Hub) setCursor(ws workspace.ID, cursor int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.of[ws] > 0 {
		h.cursors[ws] = cursor
	}
}

// WakeAll wakes all subscriptions of a workspace; "" stands for all workspaces.
func (h *Hub) WakeAll(ws workspace.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.all {
		if ws == "" || s.workspace == ws {
			s.wake()
		}
	}
}

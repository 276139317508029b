package inbox

import (
	"context"

	"lobby/internal/workspace"
)

// Blocked closes the conversations in which only a person takes part, within the transaction that blocks the person.
func (in *Inbox) Blocked(w Writer, c workspace.Caller, personID string) error {
	return eachOf(w, c.Workspace, personID, func(id int64, alone bool) error {
		if !alone {
			return nil
		}
		t, err := in.open(w, c, id)
		if err != nil || t.now.State == Closed {
			return err
		}
		if err := t.add(AdminCloses, &Part{}); err != nil {
			return err
		}
		return t.save()
	})
}

// Erased erases what a person wrote, within the transaction that deletes the person and before it is deleted. A
// conversation in which nobody else takes part goes as a whole.
func (in *Inbox) Erased(w Writer, c workspace.Caller, personID string) error {
	return forget(w, c.Workspace, personID, in.Unix(), func(found *Conversation) error { return in.erase(w, found, true) })
}

// Forget is [Inbox.Erased] for a person who was erased once and came back with an older copy of the data. It tells nobody.
func Forget(w Writer, ws workspace.ID, personID string, at int64) error {
	return forget(w, ws, personID, at, func(found *Conversation) error {
		return w.DeleteConversation(found, Deleted{ID: found.ID, DeletedAt: at, Retained: true})
	})
}

// forget erases what a person wrote. erase is called for the conversations in which nobody else takes part.
func forget(w Writer, ws workspace.ID, personID string, at int64, erase func(*Conversation) error) error {
	err := eachOf(w, ws, personID, func(id int64, alone bool) error {
		if !alone {
			return w.DeleteParticipant(ws, id, personID)
		}
		found, err := w.Conversation(ws, id)
		if err != nil || found == nil {
			return err
		}
		return erase(found)
	})
	if err != nil {
		return err
	}
	if err := w.DeleteMessagesTo(ws, personID); err != nil {
		return err
	}
	return w.RedactWordsOf(ws, personID, redactedBody, at)
}

// CountOf returns in how many conversations each of the persons takes part.
func (in *Inbox) CountOf(ctx context.Context, c workspace.Caller, personIDs ...string) ([]int, error) {
	return read(ctx, in, func(r Reader) ([]int, error) {
		counts := make([]int, len(personIDs))
		for i, id := range personIDs {
			ids, err := r.ConversationsOf(c.Workspace, id)
			if err != nil {
				return nil, err
			}
			counts[i] = len(ids)
		}
		return counts, nil
	})
}

// eachOf calls fn for the conversations in which a person takes part. alone says that nobody else does.
func eachOf(w Writer, ws workspace.ID, personID string, fn func(id int64, alone bool) error) error {
	ids, err := w.ConversationsOf(ws, personID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		all, err := w.Unlocked().Participants(ws, []int64{id})
		if err != nil {
			return err
		}
		if err := fn(id, len(all[id]) == 1); err != nil {
			return err
		}
	}
	return nil
}

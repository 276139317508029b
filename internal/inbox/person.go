package inbox

import (
	"context"

	"lobby/internal/workspace"
)

// Blocked closes the conversations in which only a person takes part, within the transaction that blocks the person.
func (in *Inbox) Blocked(w Writer, c workspace.Caller, personID string) error {
	return in.eachOf(w, c, personID, func(id int64, alone bool) error {
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
	err := in.eachOf(w, c, personID, func(id int64, alone bool) error {
		if !alone {
			return w.DeleteParticipant(c.Workspace, id, personID)
		}
		found, err := w.Conversation(c.Workspace, id)
		if err != nil || found == nil {
			return err
		}
		return in.erase(w, found, true)
	})
	if err != nil {
		return err
	}
	return w.RedactWordsOf(c.Workspace, personID, redactedBody, in.Unix())
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
func (in *Inbox) eachOf(w Writer, c workspace.Caller, personID string, fn func(id int64, alone bool) error) error {
	ids, err := w.ConversationsOf(c.Workspace, personID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		all, err := w.Unlocked().Participants(c.Workspace, []int64{id})
		if err != nil {
			return err
		}
		if err := fn(id, len(all[id]) == 1); err != nil {
			return err
		}
	}
	return nil
}

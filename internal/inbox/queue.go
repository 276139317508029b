package inbox

import (
	"context"

	"lobby/internal/workspace"
)

// Queue says which conversations somebody works on.
type Queue struct {
	State State
	// Assignee is an admin or a team. Its kind "" is for anybody and nobody.
	Assignee Assignee
	// Unassigned leaves only those that neither an admin nor a team has. Assignee is not read then.
	Unassigned bool
}

// QueuePage is one page of a queue, the latest update first.
type QueuePage struct {
	// Conversations have at most one element in Parts: the last words after the message, notes included.
	Conversations []*Conversation
	// More says that there are conversations after the page.
	More bool
}

// spokenTypes are the types of parts that have words, for contacts or for admins only.
var spokenTypes = append([]PartType{NotePart, NoteAndUnsnoozePart}, shownTypes...)

// QueuedConversations lists the conversations of a queue below a position, at most limit.
func (in *Inbox) QueuedConversations(ctx context.Context, c workspace.Caller, queue Queue, below Position, limit int) (*QueuePage, error) {
	return read(ctx, in, func(r Reader) (page *QueuePage, err error) {
		page = new(QueuePage)
		if page.Conversations, err = r.QueuedConversations(c.Workspace, queue, below, limit+1); err != nil {
			return nil, err
		}
		if page.More = len(page.Conversations) > limit; page.More {
			page.Conversations = page.Conversations[:limit]
		}
		if err := addLastWords(r, c.Workspace, page.Conversations, spokenTypes); err != nil {
			return nil, err
		}
		return page, Show(r, c.Workspace, in.Unix(), page.Conversations...)
	})
}

// addLastWords gives each conversation its last words of some types as its only part, if it has such a part.
func addLastWords(r Reader, ws workspace.ID, all []*Conversation, types []PartType) error {
	ids := make([]int64, len(all))
	for i, one := range all {
		ids[i] = one.ID
	}
	last, err := r.LastParts(ws, ids, types)
	for _, one := range all {
		if p := last[one.ID]; p != nil {
			one.Parts = []*Part{p}
		}
	}
	return err
}

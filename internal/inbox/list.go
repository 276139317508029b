package inbox

import (
	"context"

	"lobby/internal/workspace"
)

// Position is a place in the list of conversations, which begins with the latest update. The zero Position is the beginning.
type Position struct {
	UpdatedAt int64
	ID        int64
}

// ConversationPage is one page of conversations, without their parts.
type ConversationPage struct {
	Conversations []*Conversation
	Total         int
	// More says that there are conversations after the page.
	More bool
}

// Conversations lists the conversations below a position, the latest update first, at most limit.
func (in *Inbox) Conversations(ctx context.Context, c workspace.Caller, below Position, limit int) (*ConversationPage, error) {
	return read(ctx, in, func(r Reader) (page *ConversationPage, err error) {
		page = new(ConversationPage)
		if page.Conversations, err = r.Conversations(c.Workspace, below, limit+1); err != nil {
			return nil, err
		}
		if page.More = len(page.Conversations) > limit; page.More {
			page.Conversations = page.Conversations[:limit]
		}
		if page.Total, err = r.CountConversations(c.Workspace); err != nil {
			return nil, err
		}
		return page, show(r, c.Workspace, in.Unix(), page.Conversations...)
	})
}

package inbox

import (
	"context"
	"errors"
	"slices"

	"lobby/internal/workspace"
)

// The errors of the tags of conversations.
var (
	ErrTaggedNotFound = errors.New("no such conversation to tag")
	ErrTagNotFound    = errors.New("no such tag, or not on the conversation")
)

// ConversationTagged is the topic of a tag that was put on a conversation. The subject is the conversation, followed by a
// slash and the id of the tag.
const ConversationTagged workspace.Topic = "conversation_part.tag.created"

// Tag is a tag as a conversation carries it.
type Tag struct {
	ID        int64
	Name      string
	AppliedAt int64
	AdminID   int64
}

// TagConversation puts a tag on a conversation in the name of an admin. It does nothing when the tag is there already.
// Errors: ErrTaggedNotFound, ErrTagNotFound, workspace.ErrAdminNotFound.
func (in *Inbox) TagConversation(ctx context.Context, c workspace.Caller, id, adminID, tagID int64) (*Tag, error) {
	return in.tag(ctx, c, id, adminID, tagID, func(t *thread, carried *Tag) (*Tag, error) {
		if carried != nil {
			return carried, nil
		}
		name, err := t.w.TagName(c.Workspace, tagID)
		switch {
		case err != nil:
			return nil, err
		case name == "":
			return nil, ErrTagNotFound
		}
		tag := &Tag{ID: tagID, Name: name, AppliedAt: in.Unix(), AdminID: adminID}
		if err := t.w.TagConversation(c.Workspace, id, tag); err != nil {
			return nil, err
		}
		first, err := firstParticipant(t.w.Unlocked(), t.now)
		if err != nil {
			return nil, err
		}
		return tag, in.emit(t.w, ConversationTagged, t.now, first, tagID)
	})
}

// UntagConversation takes a tag off a conversation, and returns it as it was. Errors: those of TagConversation.
func (in *Inbox) UntagConversation(ctx context.Context, c workspace.Caller, id, adminID, tagID int64) (*Tag, error) {
	return in.tag(ctx, c, id, adminID, tagID, func(t *thread, carried *Tag) (*Tag, error) {
		if carried == nil {
			return nil, ErrTagNotFound
		}
		return carried, t.w.UntagConversation(c.Workspace, id, tagID)
	})
}

// tag changes a conversation by fn, which gets the tag with an id as the conversation carries it, nil for none.
func (in *Inbox) tag(
	ctx context.Context, c workspace.Caller, id, adminID, tagID int64, fn func(*thread, *Tag) (*Tag, error),
) (*Tag, error) {
	return write(ctx, in, func(w Writer) (tag *Tag, err error) {
		err = in.edit(w, c, id, func(t *thread) error {
			if err := t.mustBeAdmin(adminID); err != nil {
				return err
			}
			all, err := t.w.ConversationTags(c.Workspace, []int64{id})
			if err != nil {
				return err
			}
			var carried *Tag
			if at := slices.IndexFunc(all[id], func(g *Tag) bool { return g.ID == tagID }); at >= 0 {
				carried = all[id][at]
			}
			tag, err = fn(t, carried)
			return err
		})
		if errors.Is(err, ErrConversationNotFound) {
			err = ErrTaggedNotFound
		}
		return tag, err
	})
}

package inbox

import (
	"context"
	"errors"

	"lobby/internal/workspace"
)

// The errors of a redaction.
var (
	ErrWordsNotFound = errors.New("no such part or message")
	ErrNotRedactable = errors.New("the part or message cannot be redacted")
)

// PartRedacted is the topic of a text that was redacted.
const PartRedacted workspace.Topic = "conversation_part.redacted"

// redactedBody is what is shown of a text that was redacted.
const redactedBody = "<p><i>This message was deleted</i></p>"

// RedactPart replaces the text of a part for good, with its attachments, and returns the conversation. It does nothing when
// the part is redacted already. Errors: ErrWordsNotFound; ErrNotRedactable for a part without text.
func (in *Inbox) RedactPart(ctx context.Context, c workspace.Caller, id, partID int64) (*Conversation, error) {
	return in.redact(ctx, c, id, func(t *thread) error {
		p, err := t.w.Part(c.Workspace, partID)
		switch {
		case err != nil:
			return err
		case p == nil || p.ConversationID != id:
			return ErrWordsNotFound
		case p.Body == "":
			return ErrNotRedactable
		case p.Redacted:
			return nil
		}
		if err := t.w.RedactPart(c.Workspace, partID, redactedBody, in.Unix()); err != nil {
			return err
		}
		return t.emit(PartRedacted, p)
	})
}

// RedactSource is RedactPart for the first message of a conversation. Only what a contact wrote can be redacted.
func (in *Inbox) RedactSource(ctx context.Context, c workspace.Caller, id, messageID int64) (*Conversation, error) {
	return in.redact(ctx, c, id, func(t *thread) error {
		if t.now.MessageID != messageID {
			return ErrWordsNotFound
		}
		found, err := t.w.Messages(c.Workspace, []int64{messageID})
		if err != nil {
			return err
		}
		switch m := found[messageID]; {
		case m == nil:
			return ErrWordsNotFound
		case m.ContactID == "":
			return ErrNotRedactable
		case m.Redacted:
			return nil
		}
		if err := t.w.RedactMessage(c.Workspace, messageID, redactedBody); err != nil {
			return err
		}
		return t.emit(PartRedacted, nil)
	})
}

func (in *Inbox) redact(ctx context.Context, c workspace.Caller, id int64, fn func(*thread) error) (*Conversation, error) {
	found, err := in.change(ctx, c, id, fn)
	if errors.Is(err, ErrConversationNotFound) {
		err = ErrWordsNotFound
	}
	return found, err
}

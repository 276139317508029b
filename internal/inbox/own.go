package inbox

import (
	"context"
	"errors"
	"slices"

	"lobby/internal/workspace"
)

// ErrNobody says that nobody asks who could have conversations.
var ErrNobody = errors.New("nobody is there who could have conversations")

// Identify returns the id of the contact or visitor who asks, as they are in the view of the reader, or ErrNobody. It is
// called in the view or transaction of the use case, so that who asks cannot become somebody else meanwhile.
type Identify func(Reader) (personID string, err error)

// shownTypes are the types of parts that contacts may see, if they have a body. A type that is not listed, such as that of
// a note, is for admins only.
var shownTypes = []PartType{
	CommentPart, QuickReplyPart, OpenPart, ClosePart, AssignmentPart, AssignAndReopenPart, AssignAndUnsnoozePart, ReplyTimePart,
}

func (p *Part) isShown() bool { return p.Body != "" && slices.Contains(shownTypes, p.Type) }

// MaxOwn is how many of their own conversations contacts see in a list.
const MaxOwn = 20

// OwnList is what contacts see of all their conversations.
type OwnList struct {
	// PersonID is who asked.
	PersonID string
	// Conversations are the latest, at most [MaxOwn]. Parts has at most one element, the last words after the message.
	Conversations []*Conversation
	// Unread is how many of all have words that the contacts have not read.
	Unread int
}

// OwnConversations lists the conversations of the one who asks. Errors: ErrNobody.
func (in *Inbox) OwnConversations(ctx context.Context, c workspace.Caller, who Identify) (*OwnList, error) {
	return read(ctx, in, func(r Reader) (list *OwnList, err error) {
		list = new(OwnList)
		if list.PersonID, err = who(r); err != nil {
			return nil, err
		}
		if list.Unread, err = r.CountUnread(c.Workspace, list.PersonID); err != nil {
			return nil, err
		}
		if list.Conversations, err = r.ConversationsWith(c.Workspace, list.PersonID, MaxOwn); err != nil {
			return nil, err
		}
		if err := addLastWords(r, c.Workspace, list.Conversations, shownTypes); err != nil {
			return nil, err
		}
		return list, show(r, c.Workspace, in.Unix(), list.Conversations...)
	})
}

// CountUnread returns how many conversations of a person have words that the contacts have not read.
func (in *Inbox) CountUnread(ctx context.Context, c workspace.Caller, personID string) (int, error) {
	return read(ctx, in, func(r Reader) (int, error) { return r.CountUnread(c.Workspace, personID) })
}

// OwnConversation returns a conversation of the one who asks, with the parts that contacts may see. Errors: ErrNobody;
// ErrConversationNotFound also for a conversation of others.
func (in *Inbox) OwnConversation(ctx context.Context, c workspace.Caller, who Identify, id int64) (*Conversation, error) {
	return read(ctx, in, func(r Reader) (*Conversation, error) {
		personID, err := who(r)
		if err != nil {
			return nil, err
		}
		return in.own(r, c.Workspace, personID, id)
	})
}

// own returns a conversation as a participant sees it.
func (in *Inbox) own(r Reader, ws workspace.ID, personID string, id int64) (*Conversation, error) {
	found, err := in.find(r, ws, id)
	if err != nil {
		return nil, err
	}
	if !isAmong(found.Participants, personID) {
		return nil, ErrConversationNotFound
	}
	found.Parts = slices.DeleteFunc(found.Parts, func(p *Part) bool { return !p.isShown() })
	return found, nil
}

// Words is what a page sends for the one who asks.
type Words struct {
	// Key is the page's own id of the words. Words that come again within [maxResend] are not written again.
	Key string
	// ConversationID is the conversation that they answer; 0 begins a new one.
	ConversationID int64
	Body           string // safe HTML
	// URL is the page on which they were written; "" when unknown.
	URL string
}

// maxResend is how many seconds later words may come again.
const maxResend = 24 * 60 * 60

// SendWords adds what a page sends to a conversation of the one who asks, or begins one, and returns it as contacts see it.
// A visitor becomes a lead in the same transaction. Errors: ErrNobody, ErrConversationNotFound, workspace.InvalidError, and
// those of [Contacts.Author].
func (in *Inbox) SendWords(ctx context.Context, c workspace.Caller, who Identify, words Words) (*Conversation, error) {
	if err := in.checkWords(c, words.Body, nil, 0); err != nil {
		return nil, err
	}
	return write(ctx, in, func(w Writer) (*Conversation, error) {
		personID, err := who(w.Unlocked())
		if err != nil {
			return nil, err
		}
		id, isNew, err := w.EnterSent(c.Workspace, words.Key, in.Unix())
		if err != nil {
			return nil, err
		}
		if isNew {
			if id, err = in.send(w, c, personID, words); err != nil {
				return nil, err
			}
			if err := w.SetSent(c.Workspace, words.Key, id); err != nil {
				return nil, err
			}
			// The person is locked by now: who it was at first may have been merged since.
			today, err := who(w.Unlocked())
			if err == nil && today != personID {
				err = ErrNobody
			}
			if err != nil {
				return nil, err
			}
		}
		return in.own(w.Unlocked(), c.Workspace, personID, id)
	})
}

// send writes words of a person, and returns the conversation.
func (in *Inbox) send(w Writer, c workspace.Caller, personID string, words Words) (int64, error) {
	from := ContactRef{ID: personID}
	if words.ConversationID == 0 {
		started, err := in.startIn(w, c, Start{From: from, Body: words.Body, URL: words.URL})
		if err != nil {
			return 0, err
		}
		return started.ConversationID, nil
	}
	_, err := in.edit(w, c, words.ConversationID, func(t *thread) error {
		return t.reply(Reply{Act: ContactComments, Contact: from, Body: words.Body})
	})
	if errors.Is(err, ErrNotParticipant) {
		err = ErrConversationNotFound
	}
	return words.ConversationID, err
}

// MarkRead records that the one who asks has read a conversation up to a part, 0 for the message. It does nothing when there
// are later words. Errors: ErrNobody, ErrConversationNotFound.
func (in *Inbox) MarkRead(ctx context.Context, c workspace.Caller, who Identify, id, partID int64) error {
	return in.Store.Write(ctx, func(w Writer) error {
		personID, err := who(w.Unlocked())
		if err != nil {
			return err
		}
		found, err := w.Unlocked().Conversation(c.Workspace, id)
		if err != nil {
			return err
		}
		all, err := w.Unlocked().Participants(c.Workspace, []int64{id})
		switch {
		case err != nil:
			return err
		case found == nil || !isAmong(all[id], personID):
			return ErrConversationNotFound
		case found.IsRead:
			return nil
		}
		_, err = in.edit(w, c, id, func(t *thread) error {
			last, err := w.LastParts(c.Workspace, []int64{id}, shownTypes)
			if p := last[id]; err != nil || p != nil && p.ID > partID {
				return err
			}
			t.now.IsRead = true
			return t.emit(ConversationRead, nil)
		})
		return err
	})
}

// SweepSent forgets which words pages sent so long ago that they do not come again.
func (in *Inbox) SweepSent(ctx context.Context, ws workspace.ID) error {
	return in.Store.Write(ctx, func(w Writer) error { return w.DeleteSent(ws, in.Unix()-maxResend) })
}

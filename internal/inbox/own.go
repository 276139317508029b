package inbox

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

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

// OwnRef names what contacts see as one of their conversations: a conversation or, before there is one, a message of an admin
// to them. It is zero for none.
type OwnRef struct{ ConversationID, MessageID int64 }

// messageMark begins the text of a reference to a message.
const messageMark = "m"

// ParseOwnRef returns what a text of [OwnRef.String] names, and the zero OwnRef for any other.
func ParseOwnRef(text string) (ref OwnRef) {
	digits, isMessage := strings.CutPrefix(text, messageMark)
	n, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case err != nil || n <= 0:
	case isMessage:
		ref.MessageID = n
	default:
		ref.ConversationID = n
	}
	return ref
}

func (ref OwnRef) String() string {
	if ref.ConversationID == 0 && ref.MessageID != 0 {
		return messageMark + strconv.FormatInt(ref.MessageID, 10)
	}
	return strconv.FormatInt(ref.ConversationID, 10)
}

// OwnRef returns how contacts name the conversation.
func (c *Conversation) OwnRef() OwnRef { return OwnRef{c.ID, c.MessageID} }

// MaxOwn is how many of their own conversations contacts see in a list.
const MaxOwn = 20

// OwnList is what contacts see of all their conversations.
type OwnList struct {
	// PersonID is who asked.
	PersonID string
	// Conversations are the latest, at most [MaxOwn]. Parts has at most one element, the last words after the message. Messages of
	// admins that have no conversation yet are among them, with the id 0.
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
		messages, err := r.Unanswered(c.Workspace, list.PersonID, MaxOwn)
		if err != nil {
			return nil, err
		}
		for _, to := range messages {
			list.Conversations = append(list.Conversations, to.unbegun(c.Workspace))
		}
		slices.SortStableFunc(list.Conversations, func(a, b *Conversation) int { return cmp.Compare(b.UpdatedAt, a.UpdatedAt) })
		list.Conversations = list.Conversations[:min(len(list.Conversations), MaxOwn)]
		return list, Show(r, c.Workspace, in.Unix(), list.Conversations...)
	})
}

// unbegun returns a message as the conversation that a reply would make of it.
func (r *Recipient) unbegun(ws workspace.ID) *Conversation {
	return &Conversation{Workspace: ws, MessageID: r.MessageID, State: Closed, IsRead: r.ReadAt != 0, CreatedAt: r.CreatedAt, UpdatedAt: r.CreatedAt}
}

// CountUnread returns how many conversations of a person have words that the contacts have not read, and how many messages.
func (in *Inbox) CountUnread(ctx context.Context, c workspace.Caller, personID string) (int, error) {
	return read(ctx, in, func(r Reader) (int, error) { return r.CountUnread(c.Workspace, personID) })
}

// OwnConversation returns a conversation of the one who asks, with the parts that contacts may see. Errors: ErrNobody;
// ErrConversationNotFound also for a conversation of others.
func (in *Inbox) OwnConversation(ctx context.Context, c workspace.Caller, who Identify, ref OwnRef) (*Conversation, error) {
	return read(ctx, in, func(r Reader) (*Conversation, error) {
		personID, err := who(r)
		if err != nil {
			return nil, err
		}
		if ref.ConversationID != 0 {
			return in.own(r, c.Workspace, personID, ref.ConversationID)
		}
		to, err := recipient(r, c.Workspace, personID, ref.MessageID)
		switch {
		case err != nil:
			return nil, err
		case to.ConversationID != 0:
			return in.own(r, c.Workspace, personID, to.ConversationID)
		}
		found := to.unbegun(c.Workspace)
		return found, Show(r, c.Workspace, in.Unix(), found)
	})
}

// recipient returns how a message in the product, or one that has begun a conversation, is addressed to a person. Errors:
// ErrConversationNotFound.
func recipient(r Reader, ws workspace.ID, personID string, messageID int64) (*Recipient, error) {
	to, err := r.Recipient(ws, messageID, personID)
	switch {
	case err != nil:
		return nil, err
	case to == nil:
		return nil, ErrConversationNotFound
	case to.ConversationID != 0:
		return to, nil
	}
	messages, err := r.Messages(ws, []int64{messageID})
	if m := messages[messageID]; err == nil && (m == nil || m.Channel != InApp) {
		err = ErrConversationNotFound
	}
	return to, err
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
	found.keepShown()
	return found, nil
}

// keepShown leaves out of a view the parts that contacts may not see.
func (c *Conversation) keepShown() {
	c.Parts = slices.DeleteFunc(c.Parts, func(p *Part) bool { return !p.isShown() })
}

// Words is what a page sends for the one who asks.
type Words struct {
	// Key is the page's own id of the words. Words that come again within [maxResend] are not written again.
	Key string
	// To is what they answer; zero begins a new conversation.
	To   OwnRef
	Body string // safe HTML
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
		switch {
		case err != nil:
			return nil, err
		case !isNew:
			return in.own(w.Unlocked(), c.Workspace, personID, id)
		}
		// Once the person is locked: who it was at first may have been merged since.
		isStill := func() error {
			today, err := who(w.Unlocked())
			if err == nil && today != personID {
				err = ErrNobody
			}
			return err
		}
		if words.To == (OwnRef{}) {
			return in.sendFirst(w, c, personID, words, isStill)
		}
		return in.sendNext(w, c, personID, words, isStill)
	})
}

// sendFirst begins a conversation with words of a person. isStill is called when the person is locked.
func (in *Inbox) sendFirst(w Writer, c workspace.Caller, personID string, words Words, isStill func() error) (*Conversation, error) {
	started, err := in.startIn(w, c, Start{From: ContactRef{ID: personID}, Body: words.Body, URL: words.URL})
	if err != nil {
		return nil, err
	}
	if err := w.SetSent(c.Workspace, words.Key, started.ConversationID); err != nil {
		return nil, err
	}
	if err := isStill(); err != nil {
		return nil, err
	}
	return in.own(w.Unlocked(), c.Workspace, personID, started.ConversationID)
}

// sendNext adds words of a person to what they answer. isStill is called when the person is locked.
func (in *Inbox) sendNext(w Writer, c workspace.Caller, personID string, words Words, isStill func() error) (*Conversation, error) {
	id := words.To.ConversationID
	if id == 0 {
		to, err := recipient(w, c.Workspace, personID, words.To.MessageID)
		if err == nil {
			id, err = in.answered(w, c.Workspace, to.MessageID, personID)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := w.SetSent(c.Workspace, words.Key, id); err != nil {
		return nil, err
	}
	view, err := in.changeIn(w, c, id, func(t *thread) error {
		err := t.reply(Reply{Act: ContactComments, Contact: ContactRef{ID: personID}, Body: words.Body})
		if err == nil {
			err = isStill()
		}
		return err
	})
	switch {
	case errors.Is(err, ErrNotParticipant):
		return nil, ErrConversationNotFound
	case err != nil:
		return nil, err
	}
	view.keepShown()
	return view, nil
}

// MarkRead records that the one who asks has read a conversation up to a part, 0 for the message. It does nothing when there
// are later words. Errors: ErrNobody, ErrConversationNotFound.
func (in *Inbox) MarkRead(ctx context.Context, c workspace.Caller, who Identify, ref OwnRef, partID int64) error {
	return in.Store.Write(ctx, func(w Writer) error {
		personID, err := who(w.Unlocked())
		if err != nil {
			return err
		}
		id := ref.ConversationID
		if id == 0 {
			to, err := recipient(w, c.Workspace, personID, ref.MessageID)
			if err != nil {
				return err
			}
			if id = to.ConversationID; id == 0 {
				return in.markMessageRead(w, c.Workspace, personID, to)
			}
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
		return in.edit(w, c, id, func(t *thread) error {
			last, err := w.LastParts(c.Workspace, []int64{id}, shownTypes)
			if p := last[id]; err != nil || p != nil && p.ID > partID {
				return err
			}
			t.now.IsRead = true
			return t.emit(ConversationRead, nil)
		})
	})
}

// markMessageRead is MarkRead for a message without a conversation.
func (in *Inbox) markMessageRead(w Writer, ws workspace.ID, personID string, to *Recipient) error {
	if to.ReadAt != 0 {
		return nil
	}
	if err := w.SetRead(ws, to.MessageID, personID, in.Unix()); err != nil {
		return err
	}
	to.ContactID = personID
	return in.emitMessage(w, MessageRead, ws, to)
}

// SweepSent forgets which words pages sent so long ago that they do not come again.
func (in *Inbox) SweepSent(ctx context.Context, ws workspace.ID) error {
	return in.Store.Write(ctx, func(w Writer) error { return w.DeleteSent(ws, in.Unix()-maxResend) })
}

package inbox

import (
	"context"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Store keeps conversations. Every implementation must pass storetest.Run.
type Store interface {
	// Read runs fn on one consistent view that holds every write acknowledged before the call. It may run fn again from the
	// start, so fn must not change what a run begins with.
	Read(ctx context.Context, fn func(Reader) error) error
	// Write runs fn so that all of its writes happen or none; fn may run again from the start. When Write returns nil, the
	// writes survive a power cut.
	Write(ctx context.Context, fn func(Writer) error) error
}

// Reader looks records up. A look-up of one record returns nil when there is none.
type Reader interface {
	ConversationReader
	PartReader
	ParticipantReader
	RecipientReader
	MailReader
	TagReader
	AttributeReader
	AttachmentReader
	workspace.AdminReader
	workspace.TeamReader
}

// Writer also changes records.
type Writer interface {
	Reader
	workspace.NumberWriter
	workspace.Emitter
	ConversationWriter
	PartWriter
	ParticipantWriter
	RecipientWriter
	ReceiptWriter
	MailWriter
	TagWriter
	AttributeWriter
	AttachmentWriter
	SentWriter
	// Unlocked returns a reader of the same transaction, which sees its writes. Its look-ups lock nothing.
	Unlocked() Reader
}

// ConversationReader looks conversations up.
type ConversationReader interface {
	// Conversation returns the record without what a view adds. On a Writer it locks the conversation until the write ends.
	Conversation(ws workspace.ID, id int64) (*Conversation, error)
	// SearchConversations returns one page of those that meet a condition at a Unix second, when snoozes until then are over.
	SearchConversations(ws workspace.ID, s *search.Request, now int64) (*search.Page[*Conversation], error)
	// QueuedConversations lists those of a queue below a position, the latest update first, at most limit.
	QueuedConversations(ws workspace.ID, queue Queue, below Position, limit int) ([]*Conversation, error)
	// ConversationsOf returns the ids of the conversations in which a person, or one that it absorbed, takes part, oldest first.
	ConversationsOf(ws workspace.ID, personID string) ([]int64, error)
	// ConversationsWrittenBy returns the ids of those in which a person, or one that it absorbed, wrote a message or a part,
	// oldest first.
	ConversationsWrittenBy(ws workspace.ID, personID string) ([]int64, error)
	// ConversationsWith returns the ones in which a person, or one that it absorbed, takes part: the latest update first, at
	// most limit.
	ConversationsWith(ws workspace.ID, personID string, limit int) ([]*Conversation, error)
	// CountUnread returns how many of these, and of the messages that Unanswered returns, have words that no contact has read.
	CountUnread(ws workspace.ID, personID string) (int, error)
	// LastConversation returns where the one of those that ConversationsOf returns is that was updated last; the zero Position for none.
	LastConversation(ws workspace.ID, personID string) (Position, error)
	// DueSnoozes lists conversations of all workspaces that are snoozed until a time or less, at most limit.
	DueSnoozes(now int64, limit int) ([]Address, error)
	// Messages returns messages by id.
	Messages(ws workspace.ID, ids []int64) (map[int64]*Message, error)
	// WasDeleted reports whether a conversation with an id was deleted.
	WasDeleted(ws workspace.ID, id int64) (bool, error)
	// DeletedConversations returns one page of the deleted ones, and the number of all.
	DeletedConversations(ws workspace.ID, newestFirst bool, page workspace.Page) ([]Deleted, int, error)
}

// ConversationWriter changes conversations.
type ConversationWriter interface {
	// AdvanceConversations returns the time at which the conversations of a workspace are updated: now in Unix seconds, or the
	// last time that it returned if that is later. With it come the ids of new parts, from firstPart on. Another write that calls
	// it waits until this one ends. So updates become visible in the order of their times, and a program that reads on after
	// the last one misses none.
	AdvanceConversations(ws workspace.ID, now int64, parts int) (firstPart, at int64, err error)
	InsertConversation(*Conversation) error
	// UpdateConversation writes the fields that differ between two images of one conversation.
	UpdateConversation(before, after *Conversation) error
	// DeleteConversation removes a conversation with its parts and all else of it, and its message unless that is also for
	// others. It keeps the id, among the deleted ones.
	DeleteConversation(c *Conversation, deleted Deleted) error
	InsertMessage(*Message) error
	// RedactMessage replaces the body of a message and deletes its attachments.
	RedactMessage(ws workspace.ID, id int64, body string) error
}

// PartReader looks parts up.
type PartReader interface {
	// Parts returns the latest parts of a conversation, oldest first, at most limit.
	Parts(ws workspace.ID, conversationID int64, limit int) ([]*Part, error)
	Part(ws workspace.ID, id int64) (*Part, error)
	// PartsByID returns parts by id, of any conversation.
	PartsByID(ws workspace.ID, ids []int64) (map[int64]*Part, error)
	// LastParts returns, by conversation, the latest part with a body and one of the types.
	LastParts(ws workspace.ID, conversationIDs []int64, types []PartType) (map[int64]*Part, error)
	// AdminsOf returns, by conversation, the ids of the admins who wrote a part.
	AdminsOf(ws workspace.ID, conversationIDs []int64) (map[int64][]int64, error)
}

// PartWriter changes parts.
type PartWriter interface {
	// InsertPart writes a part; its admin counts as a teammate of the conversation.
	InsertPart(*Part) error
	// RedactPart replaces the body of a part at a time and deletes its attachments.
	RedactPart(ws workspace.ID, id int64, body string, at int64) error
}

// ParticipantReader reads who takes part.
type ParticipantReader interface {
	// Participants returns, by conversation, the persons who take part as they are today, each once, oldest first. Hidden
	// ones are among them.
	Participants(ws workspace.ID, conversationIDs []int64) (map[int64][]*Contact, error)
	// ContactsByID returns who the persons with these ids are today, by the given id.
	ContactsByID(ws workspace.ID, ids []string) (map[string]*Contact, error)
	// Erased returns which of the ids are of persons who were erased on request.
	Erased(ws workspace.ID, ids []string) (map[string]bool, error)
}

// ParticipantWriter changes who takes part.
type ParticipantWriter interface {
	InsertParticipant(ws workspace.ID, conversationID int64, contactID string, at int64) error
	// DeleteParticipant removes a person and those that it absorbed from a conversation.
	DeleteParticipant(ws workspace.ID, conversationID int64, contactID string) error
	// RedactWordsOf replaces the bodies of all that a person, and those that it absorbed, wrote in any conversation, and
	// deletes the attachments.
	RedactWordsOf(ws workspace.ID, personID, body string, at int64) error
}

// TagReader reads the tags of conversations.
type TagReader interface {
	// TagName returns the name of a tag; "" when there is none.
	TagName(ws workspace.ID, id int64) (string, error)
	// ConversationTags returns the tags by conversation, in the order in which they were applied.
	ConversationTags(ws workspace.ID, conversationIDs []int64) (map[int64][]*Tag, error)
}

// TagWriter changes the tags of conversations.
type TagWriter interface {
	TagConversation(ws workspace.ID, conversationID int64, tag *Tag) error
	UntagConversation(ws workspace.ID, conversationID, tagID int64) error
}

// AttributeReader reads the attributes that conversations have.
type AttributeReader interface {
	// ConversationAttributes lists them by id.
	ConversationAttributes(ws workspace.ID) ([]*Attribute, error)
}

// AttributeWriter changes them.
type AttributeWriter interface {
	// PutConversationAttribute defines an attribute, or changes the type of the one with its id.
	PutConversationAttribute(*Attribute) error
}

// AttachmentReader reads attachments.
type AttachmentReader interface {
	// AttachmentsOf returns the attachments of messages and of parts, by the ids of these, in their order.
	AttachmentsOf(ws workspace.ID, messageIDs, partIDs []int64) (ofMessages, ofParts map[int64][]*Attachment, err error)
	// Upload returns an attachment with its content.
	Upload(ws workspace.ID, id string) (*Attachment, error)
}

// AttachmentWriter writes attachments.
type AttachmentWriter interface {
	// InsertAttachment writes an attachment of a message or a part. Exactly one of the two ids is not 0.
	InsertAttachment(ws workspace.ID, messageID, partID int64, place int, a *Attachment) error
}

// SentWriter keeps what pages sent lately, so that what comes again is written once.
type SentWriter interface {
	// EnterSent keeps the id of words at a Unix second. When it is there already, isNew is false, and the conversation is the
	// one that [SentWriter.SetSent] named. A second writer with the same id waits for the first.
	EnterSent(ws workspace.ID, id string, now int64) (conversationID int64, isNew bool, err error)
	// SetSent names the conversation of the words with an id.
	SetSent(ws workspace.ID, id string, conversationID int64) error
	// DeleteSent forgets the words that were sent before a Unix second.
	DeleteSent(ws workspace.ID, before int64) error
}

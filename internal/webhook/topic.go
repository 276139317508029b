package webhook

import "slices"

// Every is the topic that stands for all topics, including those of later versions.
const Every = "*"

// Ping is the topic of a test delivery. Every subscription has it.
const Ping = "ping"

// The topics of the public API, then those of Lobby itself.
const (
	VisitorSignedUp = "visitor.signed_up"

	ContactArchived     = "contact.archived"
	ContactUnarchived   = "contact.unarchive"
	ContactDeleted      = "contact.deleted"
	ContactEmailUpdated = "contact.email.updated"
	ContactMerged       = "contact.merged"
	ContactSubscribed   = "contact.subscribed"
	ContactUnsubscribed = "contact.unsubscribed"

	UserCreated    = "contact.user.created"
	UserUpdated    = "contact.user.updated"
	UserTagCreated = "contact.user.tag.created"
	UserTagDeleted = "contact.user.tag.deleted"

	LeadCreated    = "contact.lead.created"
	LeadUpdated    = "contact.lead.updated"
	LeadAddedEmail = "contact.lead.added_email"
	LeadSignedUp   = "contact.lead.signed_up"
	LeadTagCreated = "contact.lead.tag.created"
	LeadTagDeleted = "contact.lead.tag.deleted"

	CompanyCreated  = "company.created"
	CompanyUpdated  = "company.updated"
	CompanyDeleted  = "company.deleted"
	CompanyAttached = "company.contact.attached"
	CompanyDetached = "company.contact.detached"

	EventCreated = "event.created"

	ConversationStarted   = "conversation.user.created"
	ConversationWritten   = "conversation.admin.single.created"
	ConversationReplied   = "conversation.user.replied"
	ConversationAnswered  = "conversation.admin.replied"
	ConversationOperator  = "conversation.operator.replied"
	ConversationNoted     = "conversation.admin.noted"
	ConversationAssigned  = "conversation.admin.assigned"
	ConversationReassign  = "conversation.admin.open.assigned"
	ConversationOpened    = "conversation.admin.opened"
	ConversationClosed    = "conversation.admin.closed"
	ConversationSnoozed   = "conversation.admin.snoozed"
	ConversationUnsnoozed = "conversation.admin.unsnoozed"
	ConversationRead      = "conversation.read"
	ConversationPriority  = "conversation.priority.updated"
	ConversationAttached  = "conversation.contact.attached"
	ConversationDetached  = "conversation.contact.detached"
	ConversationTagged    = "conversation_part.tag.created"
	ConversationRedacted  = "conversation_part.redacted"
	ConversationDeleted   = "conversation.deleted"

	// A person got another role in place; one became the forwarding address of another; such a change was undone.
	PersonConverted = "lobby.person.converted"
	PersonMerged    = "lobby.person.merged"
	ChangeUndone    = "lobby.change.undone"
	ContactBlocked  = "lobby.contact.blocked"
	NoteCreated     = "lobby.note.created"
)

// Topics are all that a subscription may have, in the order of the reference.
var Topics = []string{
	VisitorSignedUp,
	ContactArchived, ContactUnarchived, ContactDeleted, ContactEmailUpdated, ContactMerged, ContactSubscribed, ContactUnsubscribed,
	UserCreated, UserUpdated, UserTagCreated, UserTagDeleted,
	LeadCreated, LeadUpdated, LeadAddedEmail, LeadSignedUp, LeadTagCreated, LeadTagDeleted,
	CompanyCreated, CompanyUpdated, CompanyDeleted, CompanyAttached, CompanyDetached,
	EventCreated,
	ConversationStarted, ConversationWritten, ConversationReplied, ConversationAnswered, ConversationOperator, ConversationNoted, ConversationAssigned,
	ConversationReassign, ConversationOpened, ConversationClosed, ConversationSnoozed, ConversationUnsnoozed, ConversationRead,
	ConversationPriority, ConversationAttached, ConversationDetached, ConversationTagged, ConversationRedacted, ConversationDeleted,
	Ping,
	PersonConverted, PersonMerged, ChangeUndone, ContactBlocked, NoteCreated,
}

// Wants reports whether a subscription gets deliveries of a topic.
func (s *Subscription) Wants(topic string) bool {
	return topic == Ping || slices.Contains(s.Topics, topic) || slices.Contains(s.Topics, Every)
}

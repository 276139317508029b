package people

// Topic says what happened, in Lobby's own words; deliver turns it into the topics of the public API.
type Topic string

// The topics of the outbox.
const (
	// VisitorConverted: a visitor became a contact or was merged into one. The change tells which.
	VisitorConverted Topic = "visitor.converted"
	// ContactConverted: a lead became a user, by an update that may have changed more. The change tells what it was.
	ContactConverted Topic = "contact.converted"
	// What else happened to a contact. The subject is the contact itself; a deleted one is known by its id only.
	ContactCreated    Topic = "contact.created"
	ContactUpdated    Topic = "contact.updated"
	ContactArchived   Topic = "contact.archived"
	ContactUnarchived Topic = "contact.unarchived"
	ContactBlocked    Topic = "contact.blocked"
	ContactDeleted    Topic = "contact.deleted"
	// A tag was put on a contact or taken off; the subject is the tag's id.
	ContactTagCreated Topic = "contact.tag.created"
	ContactTagDeleted Topic = "contact.tag.deleted"
	// NoteCreated: somebody wrote a note about a person or a company.
	NoteCreated Topic = "note.created"
	// ContactMerged: a contact went into another, which is the person. The change tells which.
	ContactMerged Topic = "contact.merged"
	// ChangeUndone: an identity change, or the undoing of one, was taken back. The subject is the entry that says so.
	ChangeUndone Topic = "change.undone"
	// From now on a contact gets, or does not get, what a subscription type sends. The subject is the type.
	ContactSubscribed   Topic = "contact.subscribed"
	ContactUnsubscribed Topic = "contact.unsubscribed"
	// EventCreated: a person did something that its page tracked.
	EventCreated Topic = "event.created"
	// What happened to a company, which is the subject. Nobody is the person of the first three; a deleted company is known
	// by its id only, and its people are detached without being told of one by one.
	CompanyCreated         Topic = "company.created"
	CompanyUpdated         Topic = "company.updated"
	CompanyDeleted         Topic = "company.deleted"
	CompanyContactAttached Topic = "company.contact.attached"
	CompanyContactDetached Topic = "company.contact.detached"
)

// OutboxEntry is one entry of the outbox. It is written in the transaction of the change that it tells of, so that nothing
// can happen without being told, and nothing told without having happened.
type OutboxEntry struct {
	Workspace WorkspaceID
	ID        string
	Topic     Topic
	// PersonID is the person as it is now, empty for a topic about nobody; SubjectID the journal entry, data event, contact,
	// tag, note, subscription type or company that the topic is about.
	PersonID  string
	SubjectID string
	CreatedAt int64
}

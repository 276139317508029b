package people

import (
	"context"
	"time"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Store keeps everything. Every implementation must pass storetest.Run.
type Store interface {
	// Read runs fn on one consistent view that holds every write acknowledged before the call. It may run fn again from the
	// start, so fn must not change what a run begins with.
	Read(ctx context.Context, fn func(Reader) error) error
	// Write runs fn in one transaction: all of its writes happen, or none. It may run fn again from the start. When it returns
	// nil, the writes survive a power cut. workspace.ErrUnknownOutcome means that the writes may or may not have happened.
	Write(ctx context.Context, fn func(Writer) error) error
	// Workspaces returns the store of the workspaces themselves, in the same database. Its readers and writers also
	// implement Reader and Writer.
	Workspaces() workspace.Store
	// E164 returns the international form of a phone number as the store keeps it; "" when the number has none.
	E164(phone string) string
	// Touch records when a visitor was seen, in Unix seconds. Every read on this store shows it at once. The row is written
	// within seconds, at the latest by Close; a crash may lose it. If the person is no live visitor at that time, nothing
	// is written.
	Touch(ws workspace.ID, visitorID string, at int64)
	// Flush writes what was touched. Call it before a query on the database that depends on when visitors were seen.
	Flush(ctx context.Context) error
	// Purge makes the bytes of what was deleted before the call vanish from the files of an embedded database. It returns
	// false when that takes longer than patience, as it does while something reads them; then they vanish soon after.
	// PostgreSQL overwrites what was deleted in its own time; for it Purge returns true at once.
	Purge(ctx context.Context, patience time.Duration) bool
	// Ready returns nil while the store can acknowledge writes.
	Ready(ctx context.Context) error
	Close() error
}

// Reader looks records up. A look-up of one record returns nil when there is none.
//
// On a Writer, where servers share a database, every look-up of one person also locks it until the write ends. Look up
// visitors before leads before users, and each of these by id: then two writes can never wait for each other.
type Reader interface {
	PersonReader
	SearchReader
	AssociationReader
	SubscriptionReader
	SegmentReader
	ChangeReader
	AttributeReader
	EventReader
	BrowserSessionReader
	workspace.AdminReader
	TagReader
	NoteReader
	CompanyReader
}

// Writer also changes records.
type Writer interface {
	Reader
	// Trial runs fn, and rolls its writes back unless keep is true. Both cases take as many statements, and their commit
	// costs the same. An error of fn ends the whole write.
	Trial(keep bool, fn func() error) error
	workspace.NumberWriter
	PersonWriter
	SubscriptionWriter
	SegmentWriter
	ChangeWriter
	workspace.Emitter
	AttributeWriter
	EventWriter
	BrowserSessionWriter
	TagWriter
	NoteWriter
	CompanyWriter
	// Unlocked returns a reader of the same transaction, which sees its writes. Its look-ups lock nothing.
	Unlocked() Reader
}

// PersonReader looks persons up. Unless a method says otherwise, they may have any role and state.
type PersonReader interface {
	Person(ws workspace.ID, id string) (*Person, error)
	PersonByAnonymousID(ws workspace.ID, anonymousID string) (*Person, error)
	// ContactsByExternalID and PeopleByEmail return active records first; of these the verified ones first, then the most
	// recently seen. Addresses are compared by workspace.EmailKey. PeopleByEmail locks nobody, since many persons may share
	// an address; a writer looks up by id those that it changes.
	ContactsByExternalID(ws workspace.ID, externalID string) ([]*Person, error)
	PeopleByEmail(ws workspace.ID, email string) ([]*Person, error)
	// Visitors lists live visitors, newest first, at most limit.
	Visitors(ws workspace.ID, filter VisitorFilter, limit int) ([]*Person, error)
	// VisitorsUnseenSince lists the ids of live visitors that were created and last seen before a time, oldest first, at
	// most limit. Only visitors behind the place after are listed; last is the place of the last of them.
	VisitorsUnseenSince(ws workspace.ID, before int64, after string, limit int) (ids []string, last string, err error)
	// Contacts lists live contacts, newest first, at most limit. Only contacts before the place are listed, unless that is
	// empty.
	Contacts(ws workspace.ID, before string, limit int) ([]*Person, error)
	// Absorbed returns the ids of the forwarding addresses that lead to a person.
	Absorbed(ws workspace.ID, id string) ([]string, error)
	// CountContacts counts the live contacts. The second result counts those that a list shows down to the place until,
	// inclusive; 0 for the empty place. The time it takes grows with the number of people.
	CountContacts(ws workspace.ID, until string) (all, shown int, err error)
}

// SearchReader finds persons and companies by their fields.
type SearchReader interface {
	// SearchContacts returns live contacts, and SearchVisitors live visitors, that meet the condition. The total comes from
	// the cursor where the page begins; without a cursor it is counted.
	SearchContacts(ws workspace.ID, search *search.Request) (*search.Page[*Person], error)
	SearchVisitors(ws workspace.ID, search *search.Request) (*search.Page[*Person], error)
	// SearchCompanies returns companies with users that meet the condition, and their total.
	SearchCompanies(ws workspace.ID, search *search.Request) (*search.Page[*Company], error)
}

// AssociationReader reads what is attached to persons.
type AssociationReader interface {
	// Associations returns what is attached to each of the persons and to those that they absorbed, by the persons' ids. Persons
	// with nothing attached are not in the map.
	Associations(ws workspace.ID, personIDs []string) (map[string]*Associations, error)
}

// SubscriptionReader looks up subscription types and the choices of persons about them.
type SubscriptionReader interface {
	// SubscriptionTypes lists a workspace's types by id. On a Writer, other writers that call it wait until this one ends.
	SubscriptionTypes(ws workspace.ID) ([]*SubscriptionType, error)
	SubscriptionType(ws workspace.ID, id int64) (*SubscriptionType, error)
	// Subscriptions lists the types about which a person, or one that it absorbed, made a choice, in the order of the choices.
	Subscriptions(ws workspace.ID, personID string) ([]*SubscriptionType, error)
}

// SubscriptionWriter changes subscription types and the choices of persons about them.
type SubscriptionWriter interface {
	// PutSubscriptionType creates a type, or changes the one with the same id, which keeps its consent and its creation time.
	PutSubscriptionType(*SubscriptionType) error
	InsertSubscription(*Subscription) error
	// DeleteSubscription removes the choice about a type from a person and from those that it absorbed.
	DeleteSubscription(ws workspace.ID, personID string, typeID int64) error
}

// SegmentReader looks segments up.
type SegmentReader interface {
	// Segments lists a workspace's segments by id. On a Writer, other writers that call it wait until this one ends.
	Segments(ws workspace.ID) ([]*Segment, error)
	Segment(ws workspace.ID, id string) (*Segment, error)
}

// SegmentWriter changes segments.
type SegmentWriter interface {
	// PutSegment creates a segment, or changes the one with the same id, which keeps its creation time.
	PutSegment(*Segment) error
	DeleteSegment(ws workspace.ID, id string) error
}

// PersonWriter changes persons.
type PersonWriter interface {
	InsertPerson(*Person) error
	// UpdatePerson writes the fields that differ between two images of one person.
	UpdatePerson(before, after *Person) error
	// Forward makes forwarding addresses lead to another person, at a Unix second.
	Forward(ws workspace.ID, ids []string, toID string, at int64) error
	// DeletePerson removes a person, the records that it absorbed, and everything attached to them, including the journal.
	// When erasedAt is not 0, it remembers their ids with that Unix second, so that no older copy brings anybody back.
	DeletePerson(ws workspace.ID, id string, erasedAt int64) error
}

// ChangeReader reads the journal.
type ChangeReader interface {
	// Changes lists the journal of one person, newest first, at most limit. It includes the changes of persons that it
	// absorbed, and the merges themselves. Only entries older than the one with the id before are listed, unless that is empty.
	Changes(ws workspace.ID, personID, before string, limit int) ([]*Change, error)
	Change(ws workspace.ID, id string) (*Change, error)
	// Undoing returns the entry that undid another one.
	Undoing(ws workspace.ID, id string) (*Change, error)
	// ChangeFrom returns the entry by which a person left a role, if that entry is not undone.
	ChangeFrom(ws workspace.ID, personID string, from Role) (*Change, error)
	// Merges returns, by person id, the contacts that were merged into each of the persons, newest first.
	Merges(ws workspace.ID, personIDs []string) (map[string][]Merge, error)
}

// ChangeWriter writes the journal.
type ChangeWriter interface {
	InsertChange(*Change) error
	// MarkUndone sets whether a change is undone.
	MarkUndone(ws workspace.ID, id string, undone bool) error
}

// AttributeReader reads the definitions of custom attributes.
type AttributeReader interface {
	// Attributes lists a workspace's definitions by name. On a Writer that is not Unlocked, others that call it wait until
	// this one ends. The list is the caller's, the definitions in it are not.
	Attributes(ws workspace.ID) ([]*Attribute, error)
}

// AttributeWriter changes the definitions of custom attributes.
type AttributeWriter interface {
	// DefineAttribute creates a definition, or changes the one with the same name, which keeps its id, its model and its
	// creation time.
	DefineAttribute(*Attribute) error
}

// EventReader reads the events of persons.
type EventReader interface {
	// Events lists a person's events within a span, newest first, at most limit. It includes events of absorbed persons.
	Events(ws workspace.ID, personID string, span EventSpan, limit int) ([]*Event, error)
	// EventsAfter lists the events of a person and of those that it absorbed, newest first, at most limit. It begins after
	// the event with the id after, or at the newest when that is empty. It does not set Event.Place.
	EventsAfter(ws workspace.ID, personID, after string, limit int) ([]*Event, error)
	// EventSummaries counts a person's events by name, latest first. It includes the events of absorbed persons and the
	// counts stored by PutEventSummary.
	EventSummaries(ws workspace.ID, personID string) ([]*EventSummary, error)
}

// EventWriter stores the events of persons.
type EventWriter interface {
	// InsertEvent returns false when the person, or one that it absorbed, already has an event of that name in that second.
	InsertEvent(*Event) (bool, error)
	// PutEventSummary replaces the summary stored before for the same person and name.
	PutEventSummary(ws workspace.ID, personID string, s *EventSummary) error
}

// BrowserSessionReader looks browser sessions up.
type BrowserSessionReader interface {
	// BrowserSession returns the session, expired or not, whose token has this hash.
	BrowserSession(ws workspace.ID, hash string) (*BrowserSession, error)
}

// BrowserSessionWriter changes browser sessions.
type BrowserSessionWriter interface {
	// PutBrowserSession creates a session, or extends the one with the same hash.
	PutBrowserSession(*BrowserSession) error
	DeleteBrowserSession(ws workspace.ID, hash string) error
	// DeleteExpiredBrowserSessions deletes the sessions that expired at or before a time.
	DeleteExpiredBrowserSessions(ws workspace.ID, now int64) error
}

// TagReader looks tags up. On a Writer, a look-up of one tag also locks it until the write ends. Look persons up before tags.
type TagReader interface {
	Tag(ws workspace.ID, id int64) (*Tag, error)
	// TagByName returns the tag whose name has the same TagKey.
	TagByName(ws workspace.ID, name string) (*Tag, error)
	// Tags lists a workspace's tags by id.
	Tags(ws workspace.ID) ([]*Tag, error)
	// PersonTags returns, by person id, the tags of each of the persons and of those that they absorbed. Each tag comes
	// once, in the order in which they were first applied. Persons without tags are not in the map.
	PersonTags(ws workspace.ID, personIDs []string) (map[string][]*AppliedTag, error)
}

// TagWriter changes tags and what carries them.
type TagWriter interface {
	// PutTag creates a tag, or renames the one with the same id.
	PutTag(*Tag) error
	// DeleteTag removes a tag, also from all that carry it.
	DeleteTag(ws workspace.ID, id int64) error
	// TagPerson puts a tag on a person that does not have it.
	TagPerson(personID string, tag *AppliedTag) error
	// UntagPerson takes a tag off a person and those that it absorbed.
	UntagPerson(ws workspace.ID, personID string, tagID int64) error
	// TagCompany puts a tag on a company, unless it already has it. UntagCompany takes a tag off a company.
	TagCompany(id string, tag *AppliedTag) error
	UntagCompany(ws workspace.ID, id string, tagID int64) error
}

// NoteReader looks notes up.
type NoteReader interface {
	Note(ws workspace.ID, id int64) (*Note, error)
	// Notes returns one page of the notes about a person and those that it absorbed, newest first, and the number of all.
	Notes(ws workspace.ID, personID string, page workspace.Page) ([]*Note, int, error)
	// NotesOfCompany is Notes for a company.
	NotesOfCompany(ws workspace.ID, companyID string, page workspace.Page) ([]*Note, int, error)
}

// NoteWriter changes notes.
type NoteWriter interface {
	InsertNote(*Note) error
}

// CompanyReader looks companies up, with what a view shows of them.
//
// On a Writer, where servers share a database, every look-up of one company also locks it until the write ends. Look
// persons up before companies.
type CompanyReader interface {
	Company(ws workspace.ID, id string) (*Company, error)
	CompanyByCompanyID(ws workspace.ID, companyID string) (*Company, error)
	// CompanyByName returns the oldest company with a name. Names are compared by CompanyNameKey.
	CompanyByName(ws workspace.ID, name string) (*Company, error)
	// Companies lists companies with users, the latest request first; those of the same second by age.
	Companies(ws workspace.ID, filter CompanyFilter, page workspace.Page) ([]*Company, error)
	CountCompanies(ws workspace.ID, filter CompanyFilter) (int, error)
	// CompaniesAfter lists companies with users, oldest first, at most limit. They stand behind the place after, and were
	// created at or before the time until.
	CompaniesAfter(ws workspace.ID, after string, until int64, limit int) ([]*Company, error)
	// CompaniesOf returns, by person id, the companies of each of the persons and of those that they absorbed. They come in
	// the order in which they were attached. Persons without companies are not in the map.
	CompaniesOf(ws workspace.ID, personIDs []string) (map[string][]*Company, error)
	// CompanyIDs returns the ids of the companies that CompaniesOf returns for one person, in any order.
	CompanyIDs(ws workspace.ID, personID string) ([]string, error)
	// ContactsOfCompany lists the live contacts of a company, newest first, at most limit. Only contacts before the place are
	// listed, unless that is empty; newer counts those that come before them.
	ContactsOfCompany(ws workspace.ID, id, before string, limit int) (all []*Person, newer int, err error)
	PlanByName(ws workspace.ID, name string) (*CompanyPlan, error)
	// CompanyScroll returns the scroll of a workspace, even one that has expired.
	CompanyScroll(ws workspace.ID) (*CompanyScroll, error)
}

// CompanyWriter changes companies. Methods that attach, detach, merge, hide or delete persons keep Company.UserCount correct.
type CompanyWriter interface {
	// InsertCompany and UpdateCompany write the record and attach nobody.
	InsertCompany(*Company) error
	UpdateCompany(*Company) error
	// DeleteCompany removes a company with everything attached to it, and detaches its people.
	DeleteCompany(ws workspace.ID, id string) error
	// AttachCompany attaches a person that is not attached yet.
	AttachCompany(ws workspace.ID, personID, companyID string, at int64) error
	// DetachCompany detaches a person and those that it absorbed.
	DetachCompany(ws workspace.ID, personID, companyID string, at int64) error
	InsertPlan(ws workspace.ID, p *CompanyPlan) error
	// InsertCompanyScroll opens a scroll in a workspace that has none, not even an expired one.
	InsertCompanyScroll(*CompanyScroll) error
	UpdateCompanyScroll(*CompanyScroll) error
	DeleteCompanyScroll(ws workspace.ID) error
}

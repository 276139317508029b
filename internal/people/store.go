package people

import (
	"context"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Store keeps everything. An implementation proves itself with storetest.Run.
type Store interface {
	// Read runs fn on one consistent view that holds every write acknowledged before the call.
	Read(ctx context.Context, fn func(Reader) error) error
	// Write runs fn so that all of its writes happen or none; fn may run again from the start. When Write returns nil,
	// the writes survive a power cut. workspace.ErrUnknownOutcome means that they may or may not.
	Write(ctx context.Context, fn func(Writer) error) error
	// Workspaces returns the store of the workspaces themselves, which is the same database. Its readers and writers are
	// also those of this package.
	Workspaces() workspace.Store
	// E164 returns the international form that the store keeps of a phone number; "" for one that has none.
	E164(phone string) string
	// Touch notes that a visitor was seen, at a Unix second. Every read on this store shows it at once; it is written
	// within seconds, at the latest by Close, so that a crash may lose it. Whoever is no live visitor then is not touched.
	Touch(ws workspace.ID, visitorID string, at int64)
	// Flush writes what was touched: whoever asks the database itself when visitors were seen calls it first.
	Flush(ctx context.Context) error
	// Ready answers nil while the store can acknowledge writes.
	Ready(ctx context.Context) error
	Close() error
}

// Reader looks things up. A look-up of one record answers nil when there is none. On a Writer, where servers share a
// database, every look-up of one person also locks it until the write ends; look up visitors before leads before users,
// then by id, and two writes can never wait for each other.
type Reader interface {
	PersonReader
	SearchReader
	LinkReader
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

// Writer also changes things.
type Writer interface {
	Reader
	// Trial runs fn, and takes back what it wrote unless it is to be kept. Both take as many statements, and the commit
	// costs as much. An error of fn ends the whole write.
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
	// Unlocked returns a reader of the transaction, with what it has written so far, whose look-ups lock nothing.
	Unlocked() Reader
}

// PersonReader looks persons up, whatever their role and state unless said otherwise.
type PersonReader interface {
	Person(ws workspace.ID, id string) (*Person, error)
	PersonByAnonymousID(ws workspace.ID, anonymousID string) (*Person, error)
	// ContactsByExternalID and PeopleByEmail return active records first, of these the verified ones first, then the most
	// recently seen. The email is compared by workspace.EmailKey, and looking for it locks nobody: many may have the same, so
	// a writer looks up by their ids those whom it changes.
	ContactsByExternalID(ws workspace.ID, externalID string) ([]*Person, error)
	PeopleByEmail(ws workspace.ID, email string) ([]*Person, error)
	// Visitors lists live visitors, newest first, at most limit.
	Visitors(ws workspace.ID, filter VisitorFilter, limit int) ([]*Person, error)
	// VisitorsUnseenSince lists the ids of live visitors that were made and last seen before a time, oldest first: those
	// that are younger than the one with the id after, at most limit.
	VisitorsUnseenSince(ws workspace.ID, before int64, after string, limit int) ([]string, error)
	// Contacts lists live contacts, newest first, at most limit: those older than the one with the id before, or, when
	// that is empty, from the newest on.
	Contacts(ws workspace.ID, before string, limit int) ([]*Person, error)
	// Absorbed answers the ids of the forwarding addresses that lead to a person.
	Absorbed(ws workspace.ID, id string) ([]string, error)
	// CountContacts counts the live contacts, and how many of them the list shows until the one with the id until, that
	// one included; none for the empty id. It takes as long as there are people.
	CountContacts(ws workspace.ID, until string) (all, shown int, err error)
}

// SearchReader finds persons by what they have.
type SearchReader interface {
	// SearchContacts answers live contacts, and SearchVisitors live visitors, that meet the condition. The total is that of
	// the place where the page begins, and counted where there is none.
	SearchContacts(ws workspace.ID, search *search.Request) (*search.Page[*Person], error)
	SearchVisitors(ws workspace.ID, search *search.Request) (*search.Page[*Person], error)
	// SearchCompanies answers companies with users that meet the condition, and their total.
	SearchCompanies(ws workspace.ID, search *search.Request) (*search.Page[*Company], error)
}

// LinkReader reads what hangs on persons.
type LinkReader interface {
	// Links answers what hangs on each of the persons, by their ids, those that they absorbed included. Who has nothing
	// is not in the answer.
	Links(ws workspace.ID, personIDs []string) (map[string]*Links, error)
}

// SubscriptionReader looks subscription types up, and what persons chose about them.
type SubscriptionReader interface {
	// SubscriptionTypes lists a workspace's types by id. On a Writer, other writers that ask wait until this one ends.
	SubscriptionTypes(ws workspace.ID) ([]*SubscriptionType, error)
	SubscriptionType(ws workspace.ID, id int64) (*SubscriptionType, error)
	// Subscriptions lists the types about which a person, or one that it absorbed, chose, in the order of the choices.
	Subscriptions(ws workspace.ID, personID string) ([]*SubscriptionType, error)
}

// SubscriptionWriter changes subscription types, and what persons chose about them.
type SubscriptionWriter interface {
	// PutSubscriptionType creates a type, or changes the one with the same id, which keeps its consent and its age.
	PutSubscriptionType(*SubscriptionType) error
	InsertSubscription(*Subscription) error
	// DeleteSubscription removes the choice of a person, and of those that it absorbed, about a type.
	DeleteSubscription(ws workspace.ID, personID string, typeID int64) error
}

// SegmentReader looks segments up.
type SegmentReader interface {
	// Segments lists a workspace's segments by id. On a Writer, other writers that ask wait until this one ends.
	Segments(ws workspace.ID) ([]*Segment, error)
	Segment(ws workspace.ID, id string) (*Segment, error)
}

// SegmentWriter changes segments.
type SegmentWriter interface {
	// PutSegment creates a segment, or changes the one with the same id, which keeps its age.
	PutSegment(*Segment) error
	DeleteSegment(ws workspace.ID, id string) error
}

// PersonWriter changes persons.
type PersonWriter interface {
	InsertPerson(*Person) error
	// UpdatePerson writes what differs between the two images of one person.
	UpdatePerson(before, after *Person) error
	// Forward makes forwarding addresses lead to another person.
	Forward(ws workspace.ID, ids []string, toID string) error
	// DeletePerson removes a person, the records that it absorbed, and everything that hangs on them, the journal too.
	DeletePerson(ws workspace.ID, id string) error
}

// ChangeReader reads the journal.
type ChangeReader interface {
	// Changes lists the journal of one person, newest first, at most limit: what happened to it, to whom it absorbed, and
	// what it absorbed. Of entries those older than the one with the id before count, or all when that is empty.
	Changes(ws workspace.ID, personID, before string, limit int) ([]*Change, error)
	Change(ws workspace.ID, id string) (*Change, error)
	// Undoing answers the entry by which another was undone.
	Undoing(ws workspace.ID, id string) (*Change, error)
	// Conversion answers the entry, among those that stand, by which a person stopped being of a role.
	Conversion(ws workspace.ID, personID string, from Role) (*Change, error)
	// Merges answers, for each of the persons by its id, the contacts that went into it, newest first.
	Merges(ws workspace.ID, personIDs []string) (map[string][]Merge, error)
}

// ChangeWriter writes the journal.
type ChangeWriter interface {
	InsertChange(*Change) error
	// MarkUndone says of a change whether what it did is taken back.
	MarkUndone(ws workspace.ID, id string, undone bool) error
}

// AttributeReader reads the definitions of custom attributes.
type AttributeReader interface {
	// Attributes lists a workspace's definitions by name. On a Writer, other writers that ask wait until this one ends.
	Attributes(ws workspace.ID) ([]*Attribute, error)
}

// AttributeWriter changes the definitions of custom attributes.
type AttributeWriter interface {
	// DefineAttribute creates a definition, or changes the one with the same name, which keeps its id, its model and
	// its age.
	DefineAttribute(*Attribute) error
}

// EventReader reads the events that persons did.
type EventReader interface {
	// Events lists a person's events within a span, newest first, those of absorbed persons among them, at most limit.
	Events(ws workspace.ID, personID string, span EventSpan, limit int) ([]*Event, error)
	// EventsAfter lists what a person and those that it absorbed did, newest first, at most limit: what stands after the
	// event with an id, or all when that is empty. The events have no places.
	EventsAfter(ws workspace.ID, personID, after string, limit int) ([]*Event, error)
	// EventSummaries counts a person's events by their names, latest first, those of absorbed persons and those put there
	// among them.
	EventSummaries(ws workspace.ID, personID string) ([]*EventSummary, error)
}

// EventWriter stores the events that persons did.
type EventWriter interface {
	// InsertEvent reports false when the person, or one that it absorbed, did the same in the same second already.
	InsertEvent(*Event) (bool, error)
	// PutEventSummary replaces what was put there of the same person and name.
	PutEventSummary(ws workspace.ID, personID string, s *EventSummary) error
}

// BrowserSessionReader looks browser sessions up.
type BrowserSessionReader interface {
	// BrowserSession returns the session, expired or not, whose token has this hash.
	BrowserSession(ws workspace.ID, hash string) (*BrowserSession, error)
}

// BrowserSessionWriter changes browser sessions.
type BrowserSessionWriter interface {
	// PutBrowserSession creates a session, or prolongs the one with the same hash.
	PutBrowserSession(*BrowserSession) error
	DeleteBrowserSession(ws workspace.ID, hash string) error
	// DeleteExpiredBrowserSessions deletes those that expired at a time or before it.
	DeleteExpiredBrowserSessions(ws workspace.ID, now int64) error
}

// TagReader looks tags up. On a Writer, a look-up of one tag also locks it until the write ends; persons are looked up
// before tags.
type TagReader interface {
	Tag(ws workspace.ID, id int64) (*Tag, error)
	// TagByName answers the tag whose name has the same TagKey.
	TagByName(ws workspace.ID, name string) (*Tag, error)
	// Tags lists a workspace's tags by id.
	Tags(ws workspace.ID) ([]*Tag, error)
	// PersonTags answers, by their ids, all tags of each of the persons and of those that they absorbed, each tag once, in
	// the order in which they were applied first. Who has none is not in the answer.
	PersonTags(ws workspace.ID, personIDs []string) (map[string][]*AppliedTag, error)
}

// TagWriter changes tags and who carries them.
type TagWriter interface {
	// PutTag creates a tag, or renames the one with the same id.
	PutTag(*Tag) error
	// DeleteTag removes a tag, also from whatever carries it.
	DeleteTag(ws workspace.ID, id int64) error
	// TagPerson puts a tag on a person that does not carry it.
	TagPerson(personID string, tag *AppliedTag) error
	// UntagPerson takes a tag off a person and those that it absorbed.
	UntagPerson(ws workspace.ID, personID string, tagID int64) error
	// TagCompany puts a tag on a company, unless it carries it already, and UntagCompany takes one off.
	TagCompany(id string, tag *AppliedTag) error
	UntagCompany(ws workspace.ID, id string, tagID int64) error
}

// NoteReader looks notes up.
type NoteReader interface {
	Note(ws workspace.ID, id int64) (*Note, error)
	// Notes answers one page of the notes about a person and those that it absorbed, newest first, and how many there are.
	Notes(ws workspace.ID, personID string, page workspace.Page) ([]*Note, int, error)
	// NotesOfCompany is Notes for a company.
	NotesOfCompany(ws workspace.ID, companyID string, page workspace.Page) ([]*Note, int, error)
}

// NoteWriter changes notes.
type NoteWriter interface {
	InsertNote(*Note) error
}

// CompanyReader looks companies up, with what a view shows of them. On a Writer, where servers share a database, every
// look-up of one company also locks it until the write ends; look persons up before companies.
type CompanyReader interface {
	Company(ws workspace.ID, id string) (*Company, error)
	CompanyByCompanyID(ws workspace.ID, companyID string) (*Company, error)
	// CompanyByName answers the oldest of those with a name, which is compared by CompanyNameKey.
	CompanyByName(ws workspace.ID, name string) (*Company, error)
	// Companies lists companies with users, the latest request first, and those of the same second by age.
	Companies(ws workspace.ID, filter CompanyFilter, page workspace.Page) ([]*Company, error)
	CountCompanies(ws workspace.ID, filter CompanyFilter) (int, error)
	// CompaniesAfter lists companies with users whose ids come after one and that were made no later than at a time, by id,
	// at most limit.
	CompaniesAfter(ws workspace.ID, after string, until int64, limit int) ([]*Company, error)
	// CompaniesOf answers the companies of each of the persons, by their ids, those of absorbed persons included, in the
	// order in which they were attached. Who has none is not in the answer.
	CompaniesOf(ws workspace.ID, personIDs []string) (map[string][]*Company, error)
	// CompanyIDs is CompaniesOf for the ids of one person's companies, in any order.
	CompanyIDs(ws workspace.ID, personID string) ([]string, error)
	// ContactsOfCompany lists the live contacts of a company, newest first, at most limit: those older than the one with
	// the id before, and how many stand before these; or, when that is empty, from the newest on.
	ContactsOfCompany(ws workspace.ID, id, before string, limit int) (all []*Person, newer int, err error)
	PlanByName(ws workspace.ID, name string) (*CompanyPlan, error)
	// CompanyScroll answers the scroll of a workspace, used lately or not.
	CompanyScroll(ws workspace.ID) (*CompanyScroll, error)
}

// CompanyWriter changes companies. Whatever attaches, detaches, merges, hides or deletes persons keeps Company.UserCount
// true.
type CompanyWriter interface {
	// InsertCompany and UpdateCompany write the record; nobody is attached by them.
	InsertCompany(*Company) error
	UpdateCompany(*Company) error
	// DeleteCompany removes a company and all that hangs on it, and detaches everybody.
	DeleteCompany(ws workspace.ID, id string) error
	// AttachCompany attaches a person that is not.
	AttachCompany(ws workspace.ID, personID, companyID string, at int64) error
	// DetachCompany detaches a person and those that it absorbed.
	DetachCompany(ws workspace.ID, personID, companyID string, at int64) error
	InsertPlan(ws workspace.ID, p *CompanyPlan) error
	// InsertCompanyScroll opens a scroll in a workspace that has none, not even one that nobody uses.
	InsertCompanyScroll(*CompanyScroll) error
	UpdateCompanyScroll(*CompanyScroll) error
	DeleteCompanyScroll(ws workspace.ID) error
}

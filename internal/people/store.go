package people

import (
	"context"

	"lobby/internal/search"
)

// Store keeps everything. An implementation proves itself with storetest.Run.
type Store interface {
	// Read runs fn on one consistent view that holds every write acknowledged before the call.
	Read(ctx context.Context, fn func(Reader) error) error
	// Write runs fn so that all of its writes happen or none; fn may run again from the start. When Write returns nil,
	// the writes survive a power cut. ErrUnknownOutcome means that they may or may not.
	Write(ctx context.Context, fn func(Writer) error) error
	// Workspaces returns the store of the workspaces themselves, which is the same database. Its readers and writers are
	// also those of this package.
	Workspaces() OfficeStore
	// Touch notes that a visitor was seen, at a Unix second. Every read on this store shows it at once; it is written
	// within seconds, at the latest by Close, so that a crash may lose it. Whoever is no live visitor then is not touched.
	Touch(ws WorkspaceID, visitorID string, at int64)
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
	AdminReader
	TagReader
	NoteReader
	CompanyReader
}

// Writer also changes things.
type Writer interface {
	Reader
	NumberWriter
	PersonWriter
	SubscriptionWriter
	SegmentWriter
	ChangeWriter
	Emitter
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
	Person(ws WorkspaceID, id string) (*Person, error)
	PersonByAnonymousID(ws WorkspaceID, anonymousID string) (*Person, error)
	// ContactsByExternalID and PeopleByEmail answer active records first, then the most recently seen. The email is
	// compared by EmailKey.
	ContactsByExternalID(ws WorkspaceID, externalID string) ([]*Person, error)
	PeopleByEmail(ws WorkspaceID, email string) ([]*Person, error)
	// Visitors lists live visitors, newest first, at most limit.
	Visitors(ws WorkspaceID, filter VisitorFilter, limit int) ([]*Person, error)
	// VisitorsUnseenSince lists the ids of live visitors that were made and last seen before a time, oldest first: those
	// that are younger than the one with the id after, at most limit.
	VisitorsUnseenSince(ws WorkspaceID, before int64, after string, limit int) ([]string, error)
	// Contacts lists live contacts, newest first, at most limit: those older than the one with the id before, or, when
	// that is empty, from the newest on.
	Contacts(ws WorkspaceID, before string, limit int) ([]*Person, error)
	// Absorbed answers the ids of the forwarding addresses that lead to a person.
	Absorbed(ws WorkspaceID, id string) ([]string, error)
	// CountContacts counts the live contacts, and how many of them the list shows until the one with the id until, that
	// one included; none for the empty id. It takes as long as there are people.
	CountContacts(ws WorkspaceID, until string) (all, shown int, err error)
}

// SearchReader finds persons by what they have.
type SearchReader interface {
	// SearchContacts answers live contacts, and SearchVisitors live visitors, that meet the condition. The total is that of
	// the place where the page begins, and counted where there is none.
	SearchContacts(ws WorkspaceID, search *search.Request) (*search.Page[*Person], error)
	SearchVisitors(ws WorkspaceID, search *search.Request) (*search.Page[*Person], error)
	// SearchCompanies answers companies with users that meet the condition, and their total.
	SearchCompanies(ws WorkspaceID, search *search.Request) (*search.Page[*Company], error)
}

// LinkReader reads what hangs on persons.
type LinkReader interface {
	// Links answers what hangs on each of the persons, by their ids, those that they absorbed included. Who has nothing
	// is not in the answer.
	Links(ws WorkspaceID, personIDs []string) (map[string]*Links, error)
}

// SubscriptionReader looks subscription types up, and what persons chose about them.
type SubscriptionReader interface {
	// SubscriptionTypes lists a workspace's types by id. On a Writer, other writers that ask wait until this one ends.
	SubscriptionTypes(ws WorkspaceID) ([]*SubscriptionType, error)
	SubscriptionType(ws WorkspaceID, id int64) (*SubscriptionType, error)
	// Subscriptions lists the types about which a person, or one that it absorbed, chose, in the order of the choices.
	Subscriptions(ws WorkspaceID, personID string) ([]*SubscriptionType, error)
}

// SubscriptionWriter changes subscription types, and what persons chose about them.
type SubscriptionWriter interface {
	InsertSubscriptionType(*SubscriptionType) error
	// UpdateSubscriptionType leaves the consent and the age of a type as they are.
	UpdateSubscriptionType(*SubscriptionType) error
	InsertSubscription(*Subscription) error
	// DeleteSubscription removes the choice of a person, and of those that it absorbed, about a type.
	DeleteSubscription(ws WorkspaceID, personID string, typeID int64) error
}

// SegmentReader looks segments up.
type SegmentReader interface {
	// Segments lists a workspace's segments by id. On a Writer, other writers that ask wait until this one ends.
	Segments(ws WorkspaceID) ([]*Segment, error)
	Segment(ws WorkspaceID, id string) (*Segment, error)
}

// SegmentWriter changes segments.
type SegmentWriter interface {
	InsertSegment(*Segment) error
	UpdateSegment(*Segment) error
	DeleteSegment(ws WorkspaceID, id string) error
}

// NumberWriter gives out the numbers that some kinds of records have for ids.
type NumberWriter interface {
	// NextNumber answers a number from 1 on that no record of the kind in the workspace ever had. Other writers that ask
	// for the same kind wait until this one ends.
	NextNumber(ws WorkspaceID, kind string) (int64, error)
}

// PersonWriter changes persons.
type PersonWriter interface {
	InsertPerson(*Person) error
	// UpdatePerson writes what differs between the two images of one person.
	UpdatePerson(before, after *Person) error
	// Forward makes forwarding addresses lead to another person.
	Forward(ws WorkspaceID, ids []string, toID string) error
	// DeletePerson removes a person, the records that it absorbed, and everything that hangs on them, the journal too.
	DeletePerson(ws WorkspaceID, id string) error
}

// ChangeReader reads the journal.
type ChangeReader interface {
	// Changes lists the journal of one person, newest first, at most limit: what happened to it, to whom it absorbed, and
	// what it absorbed. Of entries those older than the one with the id before count, or all when that is empty.
	Changes(ws WorkspaceID, personID, before string, limit int) ([]*Change, error)
	Change(ws WorkspaceID, id string) (*Change, error)
	// Undoing answers the entry by which another was undone.
	Undoing(ws WorkspaceID, id string) (*Change, error)
	// Conversion answers the entry, among those that stand, by which a person stopped being of a role.
	Conversion(ws WorkspaceID, personID string, from Role) (*Change, error)
	// Merges answers, for each of the persons by its id, the contacts that went into it, newest first.
	Merges(ws WorkspaceID, personIDs []string) (map[string][]Merge, error)
}

// ChangeWriter writes the journal.
type ChangeWriter interface {
	InsertChange(*Change) error
	// MarkUndone says of a change whether what it did is taken back.
	MarkUndone(ws WorkspaceID, id string, undone bool) error
}

// OutboxReader reads the outbox.
type OutboxReader interface {
	// Outbox lists the entries of a workspace that have a sequence above the one given, in their order, at most limit.
	// Whoever goes on after the last one that it was shown misses none and sees none twice, as long as it comes before
	// they are deleted.
	Outbox(ws WorkspaceID, after int64, limit int) ([]*OutboxEntry, error)
	// OutboxWaits reports whether any entry has no sequence yet.
	OutboxWaits() (bool, error)
}

// Emitter puts entries into the outbox.
type Emitter interface {
	// Emit writes an entry, which has no sequence yet.
	Emit(*OutboxEntry) error
}

// OutboxWriter writes the outbox.
type OutboxWriter interface {
	Emitter
	// StampOutbox gives the next sequences to at most limit entries, oldest ids first, of the first workspace after the one
	// given that has entries without. It returns which workspace and how many. Only the holder of a lease may call it.
	StampOutbox(after WorkspaceID, limit int) (WorkspaceID, int, error)
	// DeleteOutbox deletes at most limit entries of a workspace that were written before a time, the oldest first, and
	// returns how many. From then on changes before that time may have no entry.
	DeleteOutbox(ws WorkspaceID, before int64, limit int) (int, error)
}

// LeaseWriter leaves work to one server of those that share a database.
type LeaseWriter interface {
	// TakeLease makes holder the holder of a lease until a time, and reports false when another holds it at the time now.
	// Other writers that ask for the same lease wait until this one ends.
	TakeLease(name, holder string, now, until int64) (bool, error)
}

// AttributeReader reads the definitions of custom attributes.
type AttributeReader interface {
	// Attributes lists a workspace's definitions by name. On a Writer, other writers that ask wait until this one ends.
	Attributes(ws WorkspaceID) ([]*Attribute, error)
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
	Events(ws WorkspaceID, personID string, span EventSpan, limit int) ([]*Event, error)
	// EventSummaries counts a person's events by their names, latest first, those of absorbed persons and those put there
	// among them.
	EventSummaries(ws WorkspaceID, personID string) ([]*EventSummary, error)
}

// EventWriter stores the events that persons did.
type EventWriter interface {
	// InsertEvent reports false when the person, or one that it absorbed, did the same in the same second already.
	InsertEvent(*Event) (bool, error)
	// PutEventSummary replaces what was put there of the same person and name.
	PutEventSummary(ws WorkspaceID, personID string, s *EventSummary) error
}

// BrowserSessionReader looks browser sessions up.
type BrowserSessionReader interface {
	// BrowserSession returns the session, expired or not, whose token has this hash.
	BrowserSession(ws WorkspaceID, hash string) (*BrowserSession, error)
}

// BrowserSessionWriter changes browser sessions.
type BrowserSessionWriter interface {
	InsertBrowserSession(*BrowserSession) error
	ExtendBrowserSession(ws WorkspaceID, hash string, expiresAt int64) error
	DeleteBrowserSession(ws WorkspaceID, hash string) error
	// DeleteExpiredBrowserSessions deletes those that expired at a time or before it.
	DeleteExpiredBrowserSessions(ws WorkspaceID, now int64) error
}

// WorkspaceReader looks workspaces up.
type WorkspaceReader interface {
	Workspace(ws WorkspaceID) (*Workspace, error)
	// Workspaces lists all, oldest first. On a Writer, other writers that ask wait until this one ends.
	Workspaces() ([]*Workspace, error)
}

// WorkspaceWriter changes workspaces. Their identity secrets come and go by themselves.
type WorkspaceWriter interface {
	InsertWorkspace(*Workspace) error
	UpdateWorkspace(*Workspace) error
	InsertIdentitySecret(*IdentitySecret) error
	// DeleteIdentitySecret reports false when there is none with that id.
	DeleteIdentitySecret(ws WorkspaceID, id int64) (bool, error)
}

// TokenReader looks access tokens up.
type TokenReader interface {
	// TokenByHash answers the token, revoked or not, whose secret has this hash.
	TokenByHash(hash string) (*Token, error)
	// Tokens lists a workspace's tokens, oldest first.
	Tokens(ws WorkspaceID) ([]*Token, error)
}

// TokenWriter changes access tokens.
type TokenWriter interface {
	InsertToken(*Token) error
	RevokeToken(ws WorkspaceID, id string, at int64) error
}

// AdminReader looks admins up.
type AdminReader interface {
	Admin(ws WorkspaceID, id int64) (*Admin, error)
	// Admins lists a workspace's admins by id. On a Writer, other writers that ask wait until this one ends.
	Admins(ws WorkspaceID) ([]*Admin, error)
}

// AdminWriter changes admins.
type AdminWriter interface {
	// NextAdminID answers an id that no admin of the workspace ever had. Other writers that ask wait until this one ends.
	NextAdminID(ws WorkspaceID) (int64, error)
	InsertAdmin(*Admin) error
	UpdateAdmin(*Admin) error
	// DeleteAdmin removes an admin, from its teams too.
	DeleteAdmin(ws WorkspaceID, id, at int64) error
}

// TeamReader looks teams up.
type TeamReader interface {
	// Teams lists a workspace's teams by id. On a Writer, other writers that ask wait until this one ends.
	Teams(ws WorkspaceID) ([]*Team, error)
}

// TeamWriter changes teams.
type TeamWriter interface {
	// NextTeamID answers an id that no team of the workspace ever had. Other writers that ask wait until this one ends.
	NextTeamID(ws WorkspaceID) (int64, error)
	InsertTeam(*Team) error
	UpdateTeam(*Team) error
	DeleteTeam(ws WorkspaceID, id, at int64) error
}

// TagReader looks tags up. On a Writer, a look-up of one tag also locks it until the write ends; persons are looked up
// before tags.
type TagReader interface {
	Tag(ws WorkspaceID, id int64) (*Tag, error)
	// TagByName answers the tag whose name has the same TagKey.
	TagByName(ws WorkspaceID, name string) (*Tag, error)
	// Tags lists a workspace's tags by id.
	Tags(ws WorkspaceID) ([]*Tag, error)
	// PersonTag answers a tag as a person or one that it absorbed carries it, as it was applied first.
	PersonTag(ws WorkspaceID, personID string, tagID int64) (*AppliedTag, error)
	// PersonTags answers, by their ids, all tags of each of the persons and of those that they absorbed, each tag once, in
	// the order in which they were applied first. Who has none is not in the answer.
	PersonTags(ws WorkspaceID, personIDs []string) (map[string][]*AppliedTag, error)
}

// TagWriter changes tags and who carries them.
type TagWriter interface {
	InsertTag(*Tag) error
	UpdateTag(*Tag) error
	// DeleteTag removes a tag, also from whatever carries it.
	DeleteTag(ws WorkspaceID, id int64) error
	// TagPerson puts a tag on a person that does not carry it.
	TagPerson(personID string, tag *AppliedTag) error
	// UntagPerson takes a tag off a person and those that it absorbed.
	UntagPerson(ws WorkspaceID, personID string, tagID int64) error
	// TagCompany puts a tag on a company, unless it carries it already, and UntagCompany takes one off.
	TagCompany(id string, tag *AppliedTag) error
	UntagCompany(ws WorkspaceID, id string, tagID int64) error
}

// NoteReader looks notes up.
type NoteReader interface {
	Note(ws WorkspaceID, id int64) (*Note, error)
	// Notes answers one page of the notes about a person and those that it absorbed, newest first, and how many there are.
	Notes(ws WorkspaceID, personID string, page Page) ([]*Note, int, error)
	// NotesOfCompany is Notes for a company.
	NotesOfCompany(ws WorkspaceID, companyID string, page Page) ([]*Note, int, error)
}

// NoteWriter changes notes.
type NoteWriter interface {
	InsertNote(*Note) error
}

// ActivityReader reads the log of what admins did.
type ActivityReader interface {
	// Activities answers one page, newest first; CountActivities how many there are on all pages.
	Activities(ws WorkspaceID, filter ActivityFilter, page Page) ([]*Activity, error)
	CountActivities(ws WorkspaceID, filter ActivityFilter) (int, error)
}

// ActivityWriter writes the log of what admins did.
type ActivityWriter interface {
	InsertActivity(*Activity) error
}

// AwayReasonReader reads why admins may be away.
type AwayReasonReader interface {
	// AwayReasons lists a workspace's reasons in their order, those that are deleted among them.
	AwayReasons(ws WorkspaceID) ([]*AwayReason, error)
}

// AwayReasonWriter changes why admins may be away.
type AwayReasonWriter interface {
	// PutAwayReason creates a reason, or changes the one with the same id, which keeps its age.
	PutAwayReason(*AwayReason) error
}

// CompanyReader looks companies up, with what a view shows of them. On a Writer, where servers share a database, every
// look-up of one company also locks it until the write ends; look persons up before companies.
type CompanyReader interface {
	Company(ws WorkspaceID, id string) (*Company, error)
	CompanyByCompanyID(ws WorkspaceID, companyID string) (*Company, error)
	// CompanyByName answers the oldest of those with a name, which is compared by CompanyNameKey.
	CompanyByName(ws WorkspaceID, name string) (*Company, error)
	// Companies lists companies with users, the latest request first, and those of the same second by age.
	Companies(ws WorkspaceID, filter CompanyFilter, page Page) ([]*Company, error)
	CountCompanies(ws WorkspaceID, filter CompanyFilter) (int, error)
	// CompaniesAfter lists companies with users whose ids come after one and that were made no later than at a time, by id,
	// at most limit.
	CompaniesAfter(ws WorkspaceID, after string, until int64, limit int) ([]*Company, error)
	// CompaniesOf answers the companies of each of the persons, by their ids, those of absorbed persons included, in the
	// order in which they were attached. Who has none is not in the answer.
	CompaniesOf(ws WorkspaceID, personIDs []string) (map[string][]*Company, error)
	// CompanyIDs is CompaniesOf for the ids of one person's companies, in any order.
	CompanyIDs(ws WorkspaceID, personID string) ([]string, error)
	// ContactsOfCompany lists the live contacts of a company, newest first, at most limit: those older than the one with
	// the id before, and how many stand before these; or, when that is empty, from the newest on.
	ContactsOfCompany(ws WorkspaceID, id, before string, limit int) (all []*Person, newer int, err error)
	PlanByName(ws WorkspaceID, name string) (*CompanyPlan, error)
	// CompanyScroll answers the scroll of a workspace, used lately or not.
	CompanyScroll(ws WorkspaceID) (*CompanyScroll, error)
}

// CompanyWriter changes companies. Whatever attaches, detaches, merges, hides or deletes persons keeps Company.UserCount
// true.
type CompanyWriter interface {
	// InsertCompany and UpdateCompany write the record; nobody is attached by them.
	InsertCompany(*Company) error
	UpdateCompany(*Company) error
	// DeleteCompany removes a company and all that hangs on it, and detaches everybody.
	DeleteCompany(ws WorkspaceID, id string) error
	// AttachCompany attaches a person that is not.
	AttachCompany(ws WorkspaceID, personID, companyID string, at int64) error
	// DetachCompany detaches a person and those that it absorbed.
	DetachCompany(ws WorkspaceID, personID, companyID string) error
	InsertPlan(ws WorkspaceID, p *CompanyPlan) error
	// InsertCompanyScroll opens a scroll in a workspace that has none, not even one that nobody uses.
	InsertCompanyScroll(*CompanyScroll) error
	UpdateCompanyScroll(*CompanyScroll) error
	DeleteCompanyScroll(ws WorkspaceID) error
}

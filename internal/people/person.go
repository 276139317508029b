package people

import (
	"errors"
	"strings"

	"lobby/internal/provenance"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// The errors of a person.
var (
	ErrPersonNotFound   = errors.New("no such person")
	ErrResourceNotFound = errors.New("no such record") // for records other than persons
)

// Role is the stage of a person's life.
type Role string

// The three stages, in the order in which a life may pass them.
const (
	Visitor Role = "visitor" // anonymous, seen by the browser script only
	Lead    Role = "lead"    // a contact without a proven identity
	User    Role = "user"    // a contact that signed up
)

// IsContact reports whether the Contacts API shows persons of this role.
func (r Role) IsContact() bool { return r == Lead || r == User }

// State says whether a person can be seen and changed.
type State string

// The states of a person's record.
const (
	Active   State = ""         // the default, and therefore not stored
	Archived State = "archived" // hidden; its identifiers stay taken
	Blocked  State = "blocked"  // hidden for good; cannot be created again
	Merged   State = "merged"   // a forwarding address: see Person.MergedInto
)

// Maybe is a boolean that may be unknown.
type Maybe int8

// The values of a Maybe.
const (
	Unknown Maybe = 0
	No      Maybe = 1
	Yes     Maybe = 2
)

// MaybeOf turns a known boolean into a Maybe.
func MaybeOf(b bool) Maybe {
	if b {
		return Yes
	}
	return No
}

// Person is one record with one life: first seen as a visitor, later a lead or a user. Visitor and contact are two views of
// it. The zero value of a field means "unknown", and is shown as null or as the view's own empty form. Plain booleans and
// counters are exceptions. All times are Unix seconds.
type Person struct {
	Workspace workspace.ID
	ID        string // 24 hexadecimal digits, for life
	Role      Role
	State     State
	// MergedInto is the id of the person that absorbed this one; set exactly when State is Merged.
	MergedInto string

	// AnonymousID is the UUID that the browser holds: a visitor's user_id. It stays on the record after conversion, so that
	// the old id resolves for ever and never begins a second life.
	AnonymousID string
	// ExternalID is the owner's own id of a contact (the user_id of older API versions); visitors have none.
	ExternalID string
	Email      string // as sent, trimmed; compared ignoring case
	Phone      string
	Name       string
	Pseudonym  string // "Colour Noun", perhaps " from City"
	Avatar     string // URL of a picture, never that of the pseudonym
	OwnerID    int64  // id of an admin

	UnsubscribedFromEmails bool
	MarkedEmailAsSpam      bool
	HasHardBounced         bool
	EnabledPushMessaging   Maybe

	CreatedAt          int64
	UpdatedAt          int64
	SignedUpAt         int64
	LastSeenAt         int64 // a visitor's last_request_at
	LastRepliedAt      int64
	LastContactedAt    int64
	LastEmailOpenedAt  int64
	LastEmailClickedAt int64

	LanguageOverride string
	Browser          string
	BrowserVersion   string
	BrowserLanguage  string
	OS               string
	Location         Location
	Android          Device
	IOS              Device

	Referrer     string
	UTM          UTM
	DoNotTrack   Maybe
	SessionCount int64
	// SessionStartedAt is when the present session began. A session ends after 24 hours even when the person stays active.
	SessionStartedAt int64

	CustomAttributes search.Attributes

	// Unverified says that the user was created by a page without proof. No other source has said that the user exists.
	Unverified bool

	// Origins say who wrote the values, and when. [Person.Trace] writes them; a merge and an undo take them along.
	Origins provenance.Origins

	// Attached says that tags, notes, companies or subscriptions may be attached to the person or to one that it absorbed.
	// When it is false, there are none to look up.
	Attached bool
	// FormattedPhone is the phone number in E.164 form, "+" and digits; empty for a number without a country code. A store
	// derives it from Phone when it writes or reads a person. It is no field of the record.
	FormattedPhone string
	// Associations is what is attached to the person, as far as a view shows it; nil when there is nothing or it was not loaded.
	// It is no field of the record.
	Associations *Associations
	// Merges are the contacts that were merged into this one, newest first; nil when not loaded. They are no field either.
	Merges []Merge
}

// Location is where a person was last seen, as far as it is known.
type Location struct {
	City          string
	Region        string
	Country       string // English name
	CountryCode   string // ISO 3166-1 alpha-3
	ContinentCode string // two letters
	PostalCode    string
	Timezone      string // IANA name
}

// UTM is the set of campaign parameters of a visit. The set is adopted or kept as a whole.
type UTM struct {
	Campaign, Content, Medium, Source, Term string
}

// Device is what a mobile app reports about itself.
type Device struct {
	AppName, AppVersion, Model, OSVersion, SDKVersion string
	LastSeenAt                                        int64
}

// IsLiveVisitor reports whether the Visitors API shows this person.
func (p *Person) IsLiveVisitor() bool { return p.Role == Visitor && p.State == Active }

// IsLiveContact reports whether the Contacts API shows this person.
func (p *Person) IsLiveContact() bool { return p.Role.IsContact() && p.State == Active }

// Clone returns a copy of the record that shares nothing with p. It lacks what is no field of the record.
func (p *Person) Clone() *Person {
	q := *p
	q.CustomAttributes = p.CustomAttributes.Clone()
	q.Associations, q.Merges = nil, nil
	return &q
}

// forwardedTo returns the forwarding address that p becomes when it is merged into another person.
func (p *Person) forwardedTo(id string) *Person {
	q := p.Clone()
	q.State, q.MergedInto = Merged, id
	return q
}

// AvatarSlug returns the file name, without extension, of a pseudonym's picture: colour and noun in kebab case, without the
// city. It is empty for an empty pseudonym.
func AvatarSlug(pseudonym string) string {
	name, _, _ := strings.Cut(pseudonym, " from ")
	return strings.ReplaceAll(strings.ToLower(name), " ", "-")
}

// A session ends after half an hour without activity, or after a day in any case.
const (
	sessionIdle = 30 * 60
	sessionLife = 24 * 60 * 60
)

// Opening an app begins a session, unless one began less than this many seconds ago.
const sessionGap = 20

// MayBeTouchedUnsigned reports whether a page may write to this person without proof.
func (p *Person) MayBeTouchedUnsigned() bool {
	return p.State == Active && (p.Role == Visitor || p.Role == Lead)
}

// Seen records that the person is active now, and reports whether that began a session.
func (p *Person) Seen(now int64, activated bool) bool {
	isNew := now-p.LastSeenAt > sessionIdle || now-p.SessionStartedAt > sessionLife ||
		activated && now-p.SessionStartedAt >= sessionGap
	if isNew {
		p.SessionCount++
		p.SessionStartedAt = now
	}
	p.LastSeenAt = max(p.LastSeenAt, now) // the clock of another server may be ahead
	return isNew
}

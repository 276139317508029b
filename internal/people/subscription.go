package people

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/workspace"
)

// The topics of subscriptions: a contact now gets, or no longer gets, what a type sends. The subject is the type.
const (
	ContactSubscribed   workspace.Topic = "contact.subscribed"
	ContactUnsubscribed workspace.Topic = "contact.unsubscribed"
)

// Consent says how persons come to get what a subscription type sends.
type Consent string

// The kinds of consent.
const (
	OptOut Consent = "opt_out" // persons get it unless they left it
	OptIn  Consent = "opt_in"  // persons get it only if they entered it
)

// SubscriptionState says whether a subscription type is in use. A choice about a type may be made and revoked in any state,
// since it must count when the type is used again.
type SubscriptionState string

// The states of a subscription type.
const (
	SubscriptionLive     SubscriptionState = "live"
	SubscriptionDraft    SubscriptionState = "draft"
	SubscriptionArchived SubscriptionState = "archived"
)

// ContentType is a kind of message.
type ContentType string

// The kinds of messages that a subscription type may send.
const (
	EmailContent ContentType = "email"
	SMSContent   ContentType = "sms_message"
)

// SubscriptionType is a kind of message that persons may leave or enter. It is archived, never removed.
type SubscriptionType struct {
	Workspace workspace.ID
	ID        int64 // decimal digits on the wire, counts from 1 in each workspace
	State     SubscriptionState
	// Consent never changes, so that all choices about the type keep their meaning.
	Consent      Consent
	ContentTypes []ContentType // at least one
	// Translations are the names of the type, at most one for each locale. The first is the default.
	Translations []Translation
	CreatedAt    int64
	UpdatedAt    int64
}

// Translation is the name and description of a subscription type in one locale.
type Translation struct {
	Name, Description string
	Locale            string // such as en or pt-BR
}

// Subscription is the explicit choice of a person: to leave a type that everybody has, or to enter one that nobody has.
// Since the consent of a type never changes, all choices about it say the same, and those of merged persons add up. A
// person that unsubscribed stays unsubscribed in the person that absorbs it.
type Subscription struct {
	Workspace workspace.ID
	PersonID  string
	TypeID    int64
	Consent   Consent // the type's own
	CreatedAt int64
}

// SubscriptionTypeFields are the fields of a subscription type that a request may set; nil leaves a value unchanged.
type SubscriptionTypeFields struct {
	State        *SubscriptionState
	Consent      *Consent // required on creation; cannot change
	ContentTypes *[]ContentType
	// Name, Description and Locale are those of the default translation, and override Translations.
	Name, Description, Locale *string
	Translations              *[]Translation
}

// SubscriptionTypes lists a workspace's subscription types by id, in any state.
func (l *Lobby) SubscriptionTypes(ctx context.Context, c workspace.Caller) ([]*SubscriptionType, error) {
	return read(ctx, l, func(r Reader) ([]*SubscriptionType, error) { return r.SubscriptionTypes(c.Workspace) })
}

// CreateSubscriptionType adds a subscription type to a workspace: live, for email and in English unless fields say
// otherwise. Errors: workspace.InvalidError.
func (l *Lobby) CreateSubscriptionType(ctx context.Context, c workspace.Caller, fields SubscriptionTypeFields) (*SubscriptionType, error) {
	t := &SubscriptionType{
		Workspace: c.Workspace, State: SubscriptionLive, ContentTypes: []ContentType{EmailContent}, Translations: []Translation{{Locale: "en"}},
		CreatedAt: l.Unix(), UpdatedAt: l.Unix(),
	}
	if fields.Consent != nil {
		t.Consent = *fields.Consent
	}
	if err := fields.writeTo(t); err != nil {
		return nil, err
	}
	return t, l.Store.Write(ctx, func(w Writer) error { return addSubscriptionType(w, t) })
}

// ChangeSubscriptionType changes or archives a subscription type; the choices of persons stay. Errors: ErrResourceNotFound,
// workspace.InvalidError.
func (l *Lobby) ChangeSubscriptionType(ctx context.Context, c workspace.Caller, id int64, fields SubscriptionTypeFields) (*SubscriptionType, error) {
	return write(ctx, l, func(w Writer) (changed *SubscriptionType, err error) {
		all, err := w.SubscriptionTypes(c.Workspace)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(t *SubscriptionType) bool { return t.ID == id })
		if i < 0 {
			return nil, ErrResourceNotFound
		}
		changed = all[i]
		if err := fields.writeTo(changed); err != nil {
			return nil, err
		}
		changed.UpdatedAt = l.Unix()
		return changed, w.PutSubscriptionType(changed)
	})
}

// seedSubscriptionTypes gives a new workspace one type of each consent, so that both can be used at once. Workspaces that
// are older than subscription types got the same from the migration that created the table.
func seedSubscriptionTypes(w Writer, ws *workspace.Workspace) error {
	for _, t := range []*SubscriptionType{
		{Consent: OptOut, ContentTypes: []ContentType{EmailContent}, Translations: []Translation{{"Newsletters", "News by email", "en"}}},
		{Consent: OptIn, ContentTypes: []ContentType{SMSContent}, Translations: []Translation{{"Text messages", "News by text message", "en"}}},
	} {
		t.Workspace, t.State, t.CreatedAt, t.UpdatedAt = ws.ID, SubscriptionLive, ws.CreatedAt, ws.CreatedAt
		if err := addSubscriptionType(w, t); err != nil {
			return err
		}
	}
	return nil
}

func addSubscriptionType(w Writer, t *SubscriptionType) (err error) {
	if t.ID, err = w.NextNumber(t.Workspace, "subscription_type"); err != nil {
		return err
	}
	return w.PutSubscriptionType(t)
}

// writeTo writes the given fields to t, and checks the result.
func (f *SubscriptionTypeFields) writeTo(t *SubscriptionType) error {
	if f.Consent != nil && *f.Consent != t.Consent {
		return workspace.Invalid("consent_type", "cannot be changed")
	}
	set(&t.State, f.State)
	if f.ContentTypes != nil {
		t.ContentTypes = nil
		for _, c := range *f.ContentTypes {
			if !slices.Contains(t.ContentTypes, c) {
				t.ContentTypes = append(t.ContentTypes, c)
			}
		}
	}
	first, all := t.Translations[0], t.Translations
	if f.Translations != nil {
		all = *f.Translations
	}
	set(&first.Locale, f.Locale)
	rest := make([]Translation, 0, len(all))
	for _, other := range all {
		if other.Locale == first.Locale {
			first = other
			continue
		}
		rest = append(rest, other)
	}
	set(&first.Name, f.Name)
	set(&first.Description, f.Description)
	t.Translations = append([]Translation{first}, rest...)
	return t.check()
}

func (t *SubscriptionType) check() error {
	switch t.State {
	case SubscriptionLive, SubscriptionDraft, SubscriptionArchived:
	default:
		return workspace.Invalid("state", "must be live, draft or archived")
	}
	if t.Consent != OptOut && t.Consent != OptIn {
		return workspace.Invalid("consent_type", "must be either opt_out or opt_in")
	}
	for _, c := range t.ContentTypes {
		if c != EmailContent && c != SMSContent {
			return workspace.Invalid("content_types", "must be email or sms_message each")
		}
	}
	if len(t.ContentTypes) == 0 {
		return workspace.Invalid("content_types", "must be at least one")
	}
	seen := map[string]bool{}
	for i, translation := range t.Translations {
		of := "default_translation"
		if i > 0 {
			of = "translations"
		}
		if err := translation.check(of); err != nil {
			return err
		}
		if seen[translation.Locale] {
			return workspace.Invalid("translations", "must be of different locales")
		}
		seen[translation.Locale] = true
	}
	return nil
}

// check refuses a translation without a name, and a locale that is not letters and digits with hyphens between.
func (t *Translation) check(of string) error {
	if strings.TrimSpace(t.Name) == "" {
		return workspace.Invalid(of+".name", "is blank")
	}
	for part := range strings.SplitSeq(t.Locale, "-") {
		if len(part) < 1 || len(part) > 8 || strings.ContainsFunc(part, isNoLetterOrDigit) {
			return workspace.Invalid(of+".locale", "must be a locale, as in en or pt-BR")
		}
	}
	return workspace.CheckLine(of+".name", t.Name)
}

func isNoLetterOrDigit(c rune) bool {
	return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
}

// Subscriptions lists the types about which a contact made a choice, in the order of the choices. Errors: ErrUserNotFound,
// MergedError.
func (l *Lobby) Subscriptions(ctx context.Context, c workspace.Caller, contactID string) ([]*SubscriptionType, error) {
	return read(ctx, l, func(r Reader) ([]*SubscriptionType, error) {
		p, err := findContact(r, c, contactID, Active)
		if err != nil || !p.Attached {
			return nil, err
		}
		return r.Subscriptions(c.Workspace, p.ID)
	})
}

// AttachSubscription makes a choice about a type, and returns the type. With the type's own consent, the contact leaves an
// opt-out type or enters an opt-in type. With the other consent, it revokes that choice. The same choice again does
// nothing. Errors: ErrUserNotFound, MergedError, ErrResourceNotFound, workspace.InvalidError.
func (l *Lobby) AttachSubscription(ctx context.Context, c workspace.Caller, contactID string, typeID int64, consent Consent) (*SubscriptionType, error) {
	return l.choose(ctx, c, contactID, typeID, func(w Writer, p *Person, t *SubscriptionType, chosen bool) error {
		switch {
		case consent != OptOut && consent != OptIn:
			return workspace.Invalid("consent_type", "must be either opt_out or opt_in")
		case consent != t.Consent:
			return l.revokeChoice(w, p, t, chosen)
		case chosen:
			return nil
		}
		if err := l.MarkUpdated(w, p); err != nil {
			return err
		}
		choice := &Subscription{Workspace: c.Workspace, PersonID: p.ID, TypeID: t.ID, Consent: t.Consent, CreatedAt: l.Unix()}
		if err := w.InsertSubscription(choice); err != nil {
			return err
		}
		return l.emitChoice(w, p, t, t.Consent == OptIn)
	})
}

// DetachSubscription revokes a contact's choice about a type, including those of persons that it absorbed, and returns the
// type. It does nothing when there is no choice. Errors: ErrUserNotFound, MergedError, ErrResourceNotFound.
func (l *Lobby) DetachSubscription(ctx context.Context, c workspace.Caller, contactID string, typeID int64) (*SubscriptionType, error) {
	return l.choose(ctx, c, contactID, typeID, func(w Writer, p *Person, t *SubscriptionType, chosen bool) error {
		return l.revokeChoice(w, p, t, chosen)
	})
}

// revokeChoice deletes a person's choice about a type, if there is one.
func (l *Lobby) revokeChoice(w Writer, p *Person, t *SubscriptionType, chosen bool) error {
	if !chosen {
		return nil
	}
	if err := l.MarkUpdated(w, p); err != nil {
		return err
	}
	if err := w.DeleteSubscription(p.Workspace, p.ID, t.ID); err != nil {
		return err
	}
	return l.emitChoice(w, p, t, t.Consent == OptOut)
}

// choose looks up the contact and the type, and calls change with whether the contact has made a choice.
func (l *Lobby) choose(ctx context.Context, c workspace.Caller, contactID string, typeID int64,
	change func(w Writer, p *Person, t *SubscriptionType, chosen bool) error,
) (*SubscriptionType, error) {
	return write(ctx, l, func(w Writer) (found *SubscriptionType, err error) {
		p, err := findContact(w, c, contactID, Active)
		if err != nil {
			return nil, err
		}
		if found, err = w.SubscriptionType(c.Workspace, typeID); err != nil {
			return nil, err
		}
		if found == nil {
			return nil, ErrResourceNotFound
		}
		var all []*SubscriptionType
		if p.Attached {
			if all, err = w.Subscriptions(c.Workspace, p.ID); err != nil {
				return nil, err
			}
		}
		return found, change(w, p, found, slices.ContainsFunc(all, func(t *SubscriptionType) bool { return t.ID == typeID }))
	})
}

// emitChoice adds an outbox entry: whether a contact gets what a type sends from now on.
func (l *Lobby) emitChoice(w Writer, p *Person, t *SubscriptionType, gets bool) error {
	topic := ContactUnsubscribed
	if gets {
		topic = ContactSubscribed
	}
	return l.Emit(w, &workspace.OutboxEntry{Workspace: p.Workspace, Topic: topic, PersonID: p.ID, SubjectID: strconv.FormatInt(t.ID, 10)})
}

package people

import "context"

// Visit is what a browser tells of itself when its page loads or changes something. All of it is unsigned: it can make
// or touch a visitor or a lead, never a user.
type Visit struct {
	// AnonymousID is the id that the browser holds, a version 4 UUID; empty for a browser that has none yet.
	AnonymousID string
	// Referrer and UTM describe where the visit came from. The first referrer stays; a UTM set replaces the former one.
	Referrer string
	UTM      UTM
	// DoNotTrack as the browser said; Unknown leaves what is known.
	DoNotTrack      Maybe
	Browser         string
	BrowserVersion  string
	BrowserLanguage string
	OS              string
	Timezone        string

	// Name, Phone, Avatar and LanguageOverride are what the page knows; nil leaves them, a pointer to "" clears them.
	Name, Phone, Avatar, LanguageOverride *string
	UnsubscribedFromEmails                Maybe
	CustomAttributes                      Attributes
}

// Visited is whom a visit was.
type Visited struct {
	Person *Person
	// NewSession says that this visit began a session.
	NewSession bool
}

// A session ends after half an hour without a sign of life, or after a day with them.
const (
	sessionIdle = 30 * 60
	sessionLife = 24 * 60 * 60
)

// Visit makes or touches the visitor behind a browser. An id whose life as an anonymous person is over is not revived:
// the browser then gets a new one, in the answer. InvalidError.
func (l *Lobby) Visit(ctx context.Context, c Caller, v Visit) (*Visited, error) {
	if v.AnonymousID != "" && !isUUID(v.AnonymousID) {
		return nil, &InvalidError{"anonymous_id", "must be a version 4 UUID"}
	}
	if visited, err := l.touch(ctx, c, &v); visited != nil || err != nil {
		return visited, err
	}
	var visited *Visited
	err := l.Store.Write(ctx, func(w Writer) error {
		now := l.now()
		id := v.AnonymousID
		var before *Person
		var err error
		if id == "" {
			id = l.NewUUID()
		} else {
			if before, err = w.PersonByAnonymousID(c.Workspace, id); err != nil {
				return err
			}
			if before != nil && !before.mayBeTouchedUnsigned() {
				before, id = nil, l.NewUUID()
			}
		}
		// A page cannot know the definitions: what does not fit them is left out rather than costing the whole visit.
		writable, err := l.messengerWritable(w, c.Workspace, v.CustomAttributes)
		if err != nil {
			return err
		}
		attributes, _, err := l.define(w, c.Workspace, ContactModel, writable)
		if err != nil {
			return err
		}
		var p *Person
		if before == nil {
			p = &Person{
				Workspace: c.Workspace, Role: Visitor, ID: l.newID(now), AnonymousID: id,
				CreatedAt: now, UpdatedAt: now,
			}
		} else {
			p = before.Clone()
		}
		visited = &Visited{p, p.seen(now)}
		v.writeTo(p, attributes, now)
		l.name(p)
		if before == nil {
			return w.InsertPerson(p)
		}
		return w.UpdatePerson(before, p)
	})
	return visited, err
}

// touch answers the visitor of a visit that tells nothing new, but that it is there: nil when there is more to write.
func (l *Lobby) touch(ctx context.Context, c Caller, v *Visit) (*Visited, error) {
	if v.AnonymousID == "" {
		return nil, nil
	}
	var before *Person
	err := l.Store.Read(ctx, func(r Reader) (err error) {
		before, err = r.PersonByAnonymousID(c.Workspace, v.AnonymousID)
		return err
	})
	if err != nil || before == nil || !before.IsLiveVisitor() || before.Pseudonym == "" {
		return nil, err
	}
	now := l.now()
	p := before.Clone()
	if p.seen(now) {
		return nil, nil
	}
	v.writeTo(p, v.CustomAttributes, now)
	p.UpdatedAt = before.UpdatedAt // to say again what is known already is no news
	for i := range Fields {
		if f := &Fields[i]; f.Name != "last_seen_at" && !f.Equal(before, p) {
			return nil, nil
		}
	}
	l.Store.Touch(c.Workspace, p.ID, now)
	return &Visited{p, false}, nil
}

// mayBeTouchedUnsigned reports whether a page may speak for this person without proof.
func (p *Person) mayBeTouchedUnsigned() bool {
	return p.State == Active && (p.Role == Visitor || p.Role == Lead)
}

// seen moves the person's clock and reports whether that began a session.
func (p *Person) seen(now int64) bool {
	fresh := now-p.LastSeenAt > sessionIdle || now-p.SessionStartedAt > sessionLife
	if fresh {
		p.SessionCount++
		p.SessionStartedAt = now
	}
	p.LastSeenAt = now
	return fresh
}

// writeTo gives p what the visit says. Only what the page itself states counts as an update.
func (v *Visit) writeTo(p *Person, attributes Attributes, now int64) {
	if p.Referrer == "" {
		p.Referrer = v.Referrer
	}
	if v.UTM != (UTM{}) {
		p.UTM = v.UTM
	}
	if v.DoNotTrack != Unknown {
		p.DoNotTrack = v.DoNotTrack
	}
	for at, value := range map[*string]string{
		&p.Browser: v.Browser, &p.BrowserVersion: v.BrowserVersion, &p.BrowserLanguage: v.BrowserLanguage,
		&p.OS: v.OS, &p.Location.Timezone: v.Timezone,
	} {
		if value != "" {
			*at = value
		}
	}
	stated := len(attributes) > 0 || v.UnsubscribedFromEmails != Unknown
	for at, value := range map[*string]*string{
		&p.Name: v.Name, &p.Phone: v.Phone, &p.Avatar: v.Avatar, &p.LanguageOverride: v.LanguageOverride,
	} {
		if value != nil {
			*at, stated = *value, true
		}
	}
	if v.UnsubscribedFromEmails != Unknown {
		p.UnsubscribedFromEmails = v.UnsubscribedFromEmails == Yes
	}
	p.CustomAttributes = p.CustomAttributes.with(attributes)
	if stated {
		p.UpdatedAt = now
	}
}

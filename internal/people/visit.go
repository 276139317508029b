package people

import (
	"context"
	"maps"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Visit is what a browser or an app tells of itself and of the person that uses it. All of it is unsigned, unless a
// [SignIn] brings it: it can make or touch a visitor or a lead, never a user that is known.
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
	// Place is where the visit comes from, which counts when it begins a session, and Timezone what the browser says of it.
	Place    Location
	Timezone string

	// Platform is where an app runs, and App what it tells of itself; neither is set by a browser.
	Platform workspace.Platform
	App      Device
	// Activated says that somebody has just opened the app.
	Activated bool

	// Name, Phone, Avatar and LanguageOverride are what the page knows; nil leaves them, a pointer to "" clears them.
	Name, Phone, Avatar, LanguageOverride *string
	UnsubscribedFromEmails                Maybe
	CustomAttributes                      search.Attributes
	// Admit is called before a person is made for somebody unproven, and its error refuses the whole ping; nil admits all.
	// It may be called more than once.
	Admit func() error
}

// A session ends after half an hour without a sign of life, or after a day with them.
const (
	sessionIdle = 30 * 60
	sessionLife = 24 * 60 * 60
)

// An app that is opened begins a session, but not at once again.
const sessionGap = 20

// visit makes or touches the visitor or lead behind a browser. An id whose life as an anonymous person is over is not
// revived: the browser then gets a new one.
func (run *pingRun) visit() error {
	l, w, ws := run.lobby, run.writer, run.caller.Workspace
	v := run.ping.unsigned()
	id := v.AnonymousID
	before, err := anonymousPerson(w, ws, id)
	if err != nil {
		return err
	}
	if id == "" || before != nil && !before.mayBeTouchedUnsigned() {
		before, id = nil, l.NewUUID()
	}
	if before == nil {
		if err := v.admit(); err != nil {
			return err
		}
	}
	p := l.newVisitor(ws, id)
	if before != nil {
		p = before.Clone()
	}
	isNew, err := run.meet(p, v)
	if err != nil {
		return err
	}
	run.result.Person, run.result.AnonymousID, run.result.NewSession = p, p.AnonymousID, isNew
	if before == nil {
		return w.InsertPerson(p)
	}
	return w.UpdatePerson(before, p)
}

// touch handles a visit that tells nothing new, but that the visitor is there. It returns nil when there is more to write.
func (l *Lobby) touch(ctx context.Context, c workspace.Caller, v *Visit) (*PingResult, error) {
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
	if p.seen(now, v.Activated) {
		return nil, nil
	}
	v.writeTo(p, false, now)
	v.state(p, v.CustomAttributes, now)
	for i := range Fields {
		if f := &Fields[i]; f.Name != "last_seen_at" && !f.Equal(before, p) {
			return nil, nil
		}
	}
	l.Store.Touch(c.Workspace, p.ID, now)
	return &PingResult{Person: p, AnonymousID: p.AnonymousID}, nil
}

func (v *Visit) check() error {
	if v.AnonymousID != "" && !workspace.IsUUID(v.AnonymousID) {
		return workspace.Invalid("anonymous_id", "must be a version 4 UUID")
	}
	return nil
}

func (v *Visit) admit() error {
	if v.Admit == nil {
		return nil
	}
	return v.Admit()
}

func (l *Lobby) newVisitor(ws workspace.ID, anonymousID string) *Person {
	now := l.now()
	return &Person{
		Workspace: ws, Role: Visitor, ID: l.newID(now), AnonymousID: anonymousID, CreatedAt: now, UpdatedAt: now,
	}
}

// meet gives a person what a visit says, and reports whether that began a session.
func (run *pingRun) meet(p *Person, v *Visit) (bool, error) {
	attributes, err := run.definitions.fromPage(run.writer, ContactModel, v.CustomAttributes, run.definesNothing())
	if err != nil {
		return false, err
	}
	now := run.lobby.now()
	isNew := p.seen(now, v.Activated)
	v.writeTo(p, isNew, now)
	v.state(p, attributes, now)
	run.lobby.name(p)
	return isNew, nil
}

// mayBeTouchedUnsigned reports whether a page may speak for this person without proof.
func (p *Person) mayBeTouchedUnsigned() bool {
	return p.State == Active && (p.Role == Visitor || p.Role == Lead)
}

// seen moves the person's clock and reports whether that began a session.
func (p *Person) seen(now int64, activated bool) bool {
	isNew := now-p.LastSeenAt > sessionIdle || now-p.SessionStartedAt > sessionLife ||
		activated && now-p.SessionStartedAt >= sessionGap
	if isNew {
		p.SessionCount++
		p.SessionStartedAt = now
	}
	p.LastSeenAt = now
	return isNew
}

// writeTo gives p what the browser or the app knows by itself, which is no update of the person.
func (v *Visit) writeTo(p *Person, isNew bool, now int64) {
	if p.Referrer == "" {
		p.Referrer = v.Referrer
	}
	if v.UTM != (UTM{}) {
		p.UTM = v.UTM
	}
	if v.DoNotTrack != Unknown {
		p.DoNotTrack = v.DoNotTrack
	}
	if isNew && v.Place != (Location{}) {
		p.Location = v.Place
	}
	for at, value := range map[*string]string{
		&p.Browser: v.Browser, &p.BrowserVersion: v.BrowserVersion, &p.BrowserLanguage: v.BrowserLanguage,
		&p.OS: v.OS, &p.Location.Timezone: v.Timezone,
	} {
		if value != "" {
			*at = value
		}
	}
	device := map[workspace.Platform]*Device{workspace.IOS: &p.IOS, workspace.Android: &p.Android}[v.Platform]
	if device == nil {
		return
	}
	for at, value := range map[*string]string{
		&device.AppName: v.App.AppName, &device.AppVersion: v.App.AppVersion, &device.Model: v.App.Model,
		&device.OSVersion: v.App.OSVersion, &device.SDKVersion: v.App.SDKVersion,
	} {
		if value != "" {
			*at = value
		}
	}
	device.LastSeenAt = now
}

// state gives p what the page states of it. Only what it did not say before counts as an update.
func (v *Visit) state(p *Person, attributes search.Attributes, now int64) {
	isUpdate := false
	for at, value := range map[*string]*string{
		&p.Name: v.Name, &p.Phone: v.Phone, &p.Avatar: v.Avatar, &p.LanguageOverride: v.LanguageOverride,
	} {
		if value != nil && *value != *at {
			*at, isUpdate = *value, true
		}
	}
	if v.UnsubscribedFromEmails != Unknown && p.UnsubscribedFromEmails != (v.UnsubscribedFromEmails == Yes) {
		p.UnsubscribedFromEmails, isUpdate = !p.UnsubscribedFromEmails, true
	}
	if all := p.CustomAttributes.With(attributes); !maps.Equal(all, p.CustomAttributes) {
		p.CustomAttributes, isUpdate = all, true
	}
	if isUpdate {
		p.UpdatedAt = now
	}
}

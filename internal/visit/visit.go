package visit

import (
	"context"
	"maps"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Visit is what a browser or an app tells of itself and of the person that uses it. All of it is unsigned, unless a
// [SignIn] brings it: it can make or touch a visitor or a lead, never a user that is known.
type Visit struct {
	// AnonymousID is the id that the browser holds, a version 4 UUID; empty for a browser that has none yet.
	AnonymousID string
	// Referrer and people.UTM describe where the visit came from. The first referrer stays; a people.UTM set replaces the former one.
	Referrer string
	UTM      people.UTM
	// DoNotTrack as the browser said; Unknown leaves what is known.
	DoNotTrack      people.Maybe
	Browser         string
	BrowserVersion  string
	BrowserLanguage string
	OS              string
	// Place is where the visit comes from, which counts when it begins a session, and Timezone what the browser says of it.
	Place    people.Location
	Timezone string

	// Platform is where an app runs, and App what it tells of itself; neither is set by a browser.
	Platform workspace.Platform
	App      people.Device
	// Activated says that somebody has just opened the app.
	Activated bool

	// Name, Phone, Avatar and LanguageOverride are what the page knows; nil leaves them, a pointer to "" clears them.
	Name, Phone, Avatar, LanguageOverride *string
	UnsubscribedFromEmails                people.Maybe
	CustomAttributes                      search.Attributes
	// Admit is called before a person is made for somebody unproven, and its error refuses the whole ping; nil admits all.
	// It may be called more than once.
	Admit func() error
}

// visit makes or touches the visitor or lead behind a browser. An id whose life as an anonymous person is over is not
// revived: the browser then gets a new one.
func (run *pingRun) visit() error {
	l, w, ws := run.lobby, run.writer, run.caller.Workspace
	v := run.unsigned()
	id := v.AnonymousID
	before, err := anonymousPerson(w, ws, id)
	if err != nil {
		return err
	}
	if id == "" || before != nil && !before.MayBeTouchedUnsigned() {
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
func (l Visits) touch(ctx context.Context, c workspace.Caller, ping *Ping) (*PingResult, error) {
	v, omissions := ping.unsigned()
	if v.AnonymousID == "" {
		return nil, nil
	}
	var before *people.Person
	err := l.Store.Read(ctx, func(r people.Reader) (err error) {
		before, err = r.PersonByAnonymousID(c.Workspace, v.AnonymousID)
		return err
	})
	if err != nil || before == nil || !before.IsLiveVisitor() || before.Pseudonym == "" {
		return nil, err
	}
	now := l.Unix()
	p := before.Clone()
	if p.Seen(now, v.Activated) {
		return nil, nil
	}
	v.writeTo(p, false, now)
	v.state(p, v.CustomAttributes, now)
	for i := range people.Fields {
		if f := &people.Fields[i]; f.Name != "last_seen_at" && !f.Equal(before, p) {
			return nil, nil
		}
	}
	l.Store.Touch(c.Workspace, p.ID, now)
	return &PingResult{Person: p, AnonymousID: p.AnonymousID, Omissions: omissions}, nil
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

func (l Visits) newVisitor(ws workspace.ID, anonymousID string) *people.Person {
	now := l.Unix()
	return &people.Person{
		Workspace: ws, Role: people.Visitor, ID: l.IDAt(now), AnonymousID: anonymousID, CreatedAt: now, UpdatedAt: now,
	}
}

// meet gives a person what a visit says, and reports whether that began a session.
func (run *pingRun) meet(p *people.Person, v *Visit) (bool, error) {
	attributes, omissions, err := run.definitions.FromPage(run.writer, people.ContactModel, v.CustomAttributes, run.definesNothing())
	if err != nil {
		return false, err
	}
	run.result.Omissions = append(run.result.Omissions, omissions...)
	return run.stateVisit(p, v, attributes), nil
}

// stateVisit is meet once it is known which attributes may be stored.
func (run *pingRun) stateVisit(p *people.Person, v *Visit, attributes search.Attributes) bool {
	now := run.lobby.Unix()
	isNew := p.Seen(now, v.Activated)
	v.writeTo(p, isNew, now)
	v.state(p, attributes, now)
	run.lobby.GivePseudonym(p)
	return isNew
}

// writeTo gives p what the browser or the app knows by itself, which is no update of the person.
func (v *Visit) writeTo(p *people.Person, isNew bool, now int64) {
	if p.Referrer == "" {
		p.Referrer = v.Referrer
	}
	if v.UTM != (people.UTM{}) {
		p.UTM = v.UTM
	}
	if v.DoNotTrack != people.Unknown {
		p.DoNotTrack = v.DoNotTrack
	}
	if isNew && v.Place != (people.Location{}) {
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
	device := map[workspace.Platform]*people.Device{workspace.IOS: &p.IOS, workspace.Android: &p.Android}[v.Platform]
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
func (v *Visit) state(p *people.Person, attributes search.Attributes, now int64) {
	isUpdate := false
	for at, value := range map[*string]*string{
		&p.Name: v.Name, &p.Phone: v.Phone, &p.Avatar: v.Avatar, &p.LanguageOverride: v.LanguageOverride,
	} {
		if value != nil && *value != *at {
			*at, isUpdate = *value, true
		}
	}
	if v.UnsubscribedFromEmails != people.Unknown && p.UnsubscribedFromEmails != (v.UnsubscribedFromEmails == people.Yes) {
		p.UnsubscribedFromEmails, isUpdate = !p.UnsubscribedFromEmails, true
	}
	if all := p.CustomAttributes.With(attributes); !maps.Equal(all, p.CustomAttributes) {
		p.CustomAttributes, isUpdate = all, true
	}
	if isUpdate {
		p.UpdatedAt = now
	}
}

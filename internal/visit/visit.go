package visit

import (
	"context"
	"maps"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Visit is what a browser or an app reports about itself and its person. It is unsigned unless a [SignIn] contains it: then
// it can create or update a visitor or a lead, but never a known user.
type Visit struct {
	// AnonymousID is the id that the browser holds, a version 4 UUID; empty when it has none yet.
	AnonymousID string
	// Referrer and UTM describe where the visit came from. The first referrer is kept; a new set of UTM parameters replaces
	// the former one.
	Referrer string
	UTM      people.UTM
	// DoNotTrack is the browser's setting; Unknown leaves the stored value unchanged.
	DoNotTrack      people.Maybe
	Browser         string
	BrowserVersion  string
	BrowserLanguage string
	OS              string
	// Place is where the visit comes from; it is stored when the visit begins a session. Timezone is the time zone that the
	// browser reports.
	Place    people.Location
	Timezone string

	// Platform is the platform of an app, and App what the app reports about itself. A browser sets neither.
	Platform workspace.Platform
	App      people.Device
	// Activated says that the person has just opened the app.
	Activated bool

	// Name, Phone, Avatar and LanguageOverride are values that the page knows. Nil leaves one unchanged; a pointer to ""
	// clears it.
	Name, Phone, Avatar, LanguageOverride *string
	UnsubscribedFromEmails                people.Maybe
	CustomAttributes                      search.Attributes
	// Admit is called before a person without proof is created; nil admits all. Its error refuses the whole ping. It may be
	// called more than once.
	Admit func() error
}

// visit creates or updates the visitor or lead behind a browser. An anonymous id that can no longer be written without
// proof is not reused: the browser gets a new one.
func (run *pingRun) visit() error {
	vs, w, ws := run.visits, run.writer, run.caller.Workspace
	v := run.unsigned()
	id := v.AnonymousID
	before, err := anonymousPerson(w, ws, id)
	if err != nil {
		return err
	}
	if before != nil && run.isFirstSight() {
		if isLate, err := run.enterPageSession(); err != nil || isLate {
			return err
		}
	}
	if id == "" || before != nil && !before.MayBeTouchedUnsigned() {
		before, id = nil, vs.NewUUID()
	}
	if before == nil {
		if err := v.admit(); err != nil {
			return err
		}
	}
	p := vs.newVisitor(ws, id)
	if before != nil {
		p = before.Clone()
	}
	isNew, err := run.applyVisit(p, v)
	if err != nil {
		return err
	}
	run.result.Person, run.result.AnonymousID, run.result.NewSession = p, p.AnonymousID, isNew
	return vs.Save(w, run.caller, before, p)
}

// touch handles a visit that says only that the visitor is there. It returns nil when there is more to write.
func (vs Visits) touch(ctx context.Context, c workspace.Caller, ping *Ping) (*PingResult, error) {
	v, omissions := ping.unsigned()
	if v.AnonymousID == "" {
		return nil, nil
	}
	var before *people.Person
	err := vs.Store.Read(ctx, func(r people.Reader) (err error) {
		before, err = r.PersonByAnonymousID(c.Workspace, v.AnonymousID)
		return err
	})
	if err != nil || before == nil || !before.IsLiveVisitor() || before.Pseudonym == "" {
		return nil, err
	}
	now := vs.Unix()
	p := before.Clone()
	if p.Seen(now, v.Activated) {
		return nil, nil
	}
	v.writeTo(p, false, now)
	v.writeFields(p, v.CustomAttributes, now)
	for i := range people.Fields {
		if f := &people.Fields[i]; f.Name != "last_seen_at" && !f.Equal(before, p) {
			return nil, nil
		}
	}
	vs.Store.Touch(c.Workspace, p.ID, now)
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

func (vs Visits) newVisitor(ws workspace.ID, anonymousID string) *people.Person {
	now := vs.Unix()
	return &people.Person{
		Workspace: ws, Role: people.Visitor, ID: vs.IDAt(now), AnonymousID: anonymousID, CreatedAt: now, UpdatedAt: now,
	}
}

// applyVisit writes what a visit reports to a person, and reports whether that began a session.
func (run *pingRun) applyVisit(p *people.Person, v *Visit) (bool, error) {
	attributes, omissions, err := run.definitions.FromPage(run.writer, people.ContactModel, v.CustomAttributes, run.definesNothing())
	if err != nil {
		return false, err
	}
	run.result.Omissions = append(run.result.Omissions, omissions...)
	return run.applyVisitWith(p, v, attributes), nil
}

// applyVisitWith is applyVisit with the attributes that may be stored.
func (run *pingRun) applyVisitWith(p *people.Person, v *Visit, attributes search.Attributes) bool {
	now := run.visits.Unix()
	isNew := p.Seen(now, v.Activated)
	v.writeTo(p, isNew, now)
	v.writeFields(p, attributes, now)
	run.visits.GivePseudonym(p)
	return isNew
}

// writeTo writes to p what the browser or the app knows by itself. That does not count as an update of the person.
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
	device.LastSeenAt = max(device.LastSeenAt, now)
}

// writeFields writes to p what the page reports about it. Only new values count as an update.
func (v *Visit) writeFields(p *people.Person, attributes search.Attributes, now int64) {
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

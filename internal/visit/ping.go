package visit

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// Ping is everything that one request of a page or an app reports: who is there, and what that person did.
type Ping struct {
	// SignIn says who is there. Without a User, the page speaks for the user of its browser session, or else for the
	// visitor or lead of its browser. A User without proof is a claim.
	SignIn
	PageSession
	// Workspace has the settings that say what an unsigned page may write.
	Workspace *workspace.Workspace
	// ProvenOnly ignores persons without proof, because the browser may not hold an id.
	ProvenOnly bool
	// Email is an address that a person typed, or that a page reports for a person without naming one; "" for none. It
	// makes a visitor a lead.
	Email string
	// Events are the events of the person, oldest first.
	Events []PingEvent
	// AdmitEvent is called before each event with a key of the person; nil admits all. On an error, that event and all
	// later ones are left for another ping.
	AdmitEvent func(key string) error

	// admitted counts the events that were admitted, and limited is why the next one was not. They are kept so that a write
	// that runs again does not ask twice.
	admitted int
	limited  error
}

// PingEvent is an event, or the reason why it cannot be read.
type PingEvent struct {
	people.Event
	// Number is the number of the event in its [PageSession]; 0 for none.
	Number  int64
	Refusal error
}

// PingResult is the result of a ping.
type PingResult struct {
	// Person is the person who is there now. It is nil for nobody, and for a claim about a known person.
	Person *people.Person
	// IsUnproven says that the page named a user without proof, so it must learn nothing about Person.
	IsUnproven bool
	// AnonymousID is the id that the browser is to store.
	AnonymousID string
	// NewSession says that the ping began a session.
	NewSession bool
	// SessionToken is the token that the browser is to store; "" for none.
	SessionToken string
	// Decision and ChangeID say how a proven user was signed in; both are empty for all others. ChangeID is also empty when
	// no change was recorded.
	Decision people.Decision
	ChangeID string
	// Refusals are the reasons why parts of the ping were left out: companies first, then events, then the address.
	Refusals []error
	// Omissions are the reasons why values were not stored although nothing was refused.
	Omissions []error
	// Handled is the number of events that were stored or refused. When it is not all of them, Limited is the error of
	// AdmitEvent. The parts after the events are then left for another ping, too.
	Handled int
	Limited error
	// IsLate says that a newer ping of the page session was handled before, and that this one changed nothing. All else is
	// empty then.
	IsLate bool
}

// Ping handles a whole request in one write: either everything except the refused parts is stored, or nothing. A visit with
// nothing new costs one read instead.
//
// Errors, after which nothing is written: workspace.InvalidError of an identifier, people.ErrUserNotFound, the error of
// Admit; people.ConflictError and people.BlockedError of the user to be signed in.
func (vs Visits) Ping(ctx context.Context, c workspace.Caller, ping *Ping) (*PingResult, error) {
	if ping.writesNothing() {
		return &PingResult{Handled: len(ping.Events)}, nil
	}
	ping.User.Email = strings.TrimSpace(ping.User.Email)
	if err := ping.check(); err != nil {
		return nil, err
	}
	if ping.isBareVisit() {
		if result, err := vs.touch(ctx, c, ping); result != nil || err != nil {
			return result, err
		}
	}
	var run *pingRun
	err := vs.Store.Write(ctx, func(w people.Writer) error {
		run = &pingRun{
			visits: vs, writer: w, caller: c, ping: ping, definitions: vs.Definitions(w, c.Workspace), result: new(PingResult),
		}
		return run.handle()
	})
	if err != nil {
		return nil, err
	}
	return run.result, nil
}

func (p *Ping) check() error {
	if (p.User != people.UserRef{}) {
		if err := p.User.Check(); err != nil {
			return err
		}
	}
	return p.Visit.check()
}

// hasSession reports whether the ping may belong to a user who signed in before.
func (p *Ping) hasSession() bool {
	return p.User == people.UserRef{} && p.SessionToken != "" && p.Device != ""
}

// endsSession reports whether the ping revokes a browser session.
func (p *Ping) endsSession() bool { return p.Ends && p.SessionToken != "" }

// writesNothing reports whether the ping can be about nobody.
func (p *Ping) writesNothing() bool {
	return p.ProvenOnly && !p.IsProven && !p.hasSession() && !p.endsSession()
}

// isBareVisit reports whether the ping says only that the visitor of a browser is there. After an unanswered ping it says
// more: that what still arrives of that one is late.
func (p *Ping) isBareVisit() bool {
	return p.User == people.UserRef{} && !p.ProvenOnly && !p.hasSession() && !p.endsSession() && p.Email == "" && len(p.Events) == 0 &&
		len(p.Companies) == 0 && !p.FollowsUnanswered
}

// protects reports whether only a proven user may write a field or a custom attribute.
func (p *Ping) protects(name string) bool {
	return slices.Contains(workspace.ProtectedAttributes.List(p.Workspace), name)
}

// unsigned returns the visit without the values that only a proven user may set, and the reasons for leaving them out.
func (p *Ping) unsigned() (*Visit, []error) {
	v := p.Visit
	v.CustomAttributes = maps.Clone(v.CustomAttributes)
	var omissions []error
	for _, name := range workspace.ProtectedAttributes.List(p.Workspace) {
		if v.drop(name) {
			omissions = append(omissions, workspace.Invalid(name, "counts for users with a proof only"))
		}
	}
	if p.SignedUpAt != 0 {
		omissions = append(omissions, workspace.Invalid("created_at", "counts for users with a proof only"))
	}
	return &v, omissions
}

// drop removes a field or a custom attribute from a visit, and reports whether it was set.
func (v *Visit) drop(name string) (wasSaid bool) {
	texts := map[string]**string{"name": &v.Name, "phone": &v.Phone, "avatar": &v.Avatar, "language_override": &v.LanguageOverride}
	if text := texts[name]; text != nil {
		wasSaid, *text = *text != nil, nil
		return wasSaid
	}
	if name == "unsubscribed_from_emails" {
		wasSaid, v.UnsubscribedFromEmails = v.UnsubscribedFromEmails != people.Unknown, people.Unknown
		return wasSaid
	}
	_, wasSaid = v.CustomAttributes[name]
	delete(v.CustomAttributes, name)
	return wasSaid
}

// admitEvent asks whether the event with an index is admitted. A write that runs again gets the first result.
func (p *Ping) admitEvent(i int, key string) error {
	if p.AdmitEvent == nil || i < p.admitted {
		return nil
	}
	if p.limited == nil {
		if p.limited = p.AdmitEvent(key); p.limited == nil {
			p.admitted = i + 1
		}
	}
	return p.limited
}

// Visits has the use cases of pages and apps, in addition to those of people.
type Visits struct{ *people.Lobby }

// pingRun handles a ping in one write. A write that runs again creates a new one.
type pingRun struct {
	visits      Visits
	writer      people.Writer
	caller      workspace.Caller
	ping        *Ping
	definitions *people.Definitions
	companies   map[string]*people.Company // by company_id
	isProven    bool                       // whether the person is a proven user
	lastEvent   int64                      // the number of the last event of the page session that was handled before
	result      *PingResult
}

func (run *pingRun) handle() error {
	if !run.isFirstSight() {
		if isLate, err := run.enterPageSession(); err != nil || isLate {
			return err
		}
	}
	if err := run.handleNewer(); err != nil || run.result.IsLate {
		return err
	}
	return run.leavePageSession()
}

// handleNewer handles a ping that is not late as far as is known.
func (run *pingRun) handleNewer() error {
	if err := run.identify(); err != nil || run.result.IsLate {
		return err
	}
	if run.result.Person != nil || run.result.IsUnproven {
		if err := run.visitCompanies(); err != nil {
			return err
		}
		if !run.result.IsUnproven { // visitUnproven has stored their events
			if err := run.storeEvents(run.result.Person); err != nil {
				return err
			}
		}
		if run.result.Limited != nil {
			return nil
		}
		if err := run.applyEmail(); err != nil {
			return err
		}
	}
	if run.ping.endsSession() {
		return run.writer.DeleteBrowserSession(run.caller.Workspace, workspace.HashToken(run.ping.SessionToken))
	}
	return nil
}

// identify finds out who is there, and creates or updates that person.
func (run *pingRun) identify() error {
	switch {
	case run.ping.IsProven:
		return run.signIn()
	case run.ping.hasSession():
		if err := run.signIn(); !errors.Is(err, errSessionInvalid) {
			return err
		}
	}
	switch {
	case run.ping.ProvenOnly:
		return nil
	case run.ping.User != people.UserRef{}:
		return run.visitUnproven()
	}
	return run.visit()
}

// definesNothing reports whether this page may not define custom attributes.
func (run *pingRun) definesNothing() bool {
	mode := workspace.BrowserAttributes.Of(run.ping.Workspace)
	return mode == "nobody" || mode == "verified" && !run.isProven
}

// refuse records why a part of the ping is left out.
func (run *pingRun) refuse(reason error) { run.result.Refusals = append(run.result.Refusals, reason) }

// omit records why the value with a name is left out.
func (run *pingRun) omit(name, reason string) {
	run.result.Omissions = append(run.result.Omissions, workspace.Invalid(name, reason))
}

// unsigned returns what a person without proof may set, and records what is left out.
func (run *pingRun) unsigned() *Visit {
	v, omissions := run.ping.unsigned()
	run.result.Omissions = append(run.result.Omissions, omissions...)
	return v
}

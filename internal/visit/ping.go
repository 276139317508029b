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

// Ping is everything that one request of a page or an app tells: who is there, and what that person did.
type Ping struct {
	// SignIn says who is there. A page that names nobody speaks for the user whose session it holds, or else for the
	// visitor or lead of its browser. A User that is not proven is a claim.
	SignIn
	// Workspace has the settings that say what an unsigned page may write.
	Workspace *workspace.Workspace
	// ProvenOnly leaves out whoever is not proven, because the browser may not hold an id.
	ProvenOnly bool
	// Email is an address that somebody typed, or that a page tells of somebody whom it does not name; "" for none. It makes
	// a lead of a visitor.
	Email string
	// Events are what the person did, oldest first.
	Events []PingEvent
	// AdmitEvent is called before each event with a key of the person; nil admits all. Its error leaves that event and all
	// that follows for another ping.
	AdmitEvent func(key string) error

	// admitted counts the events that were admitted, and limited is why the next was not: a write that runs again must not
	// ask again.
	admitted int
	limited  error
}

// PingEvent is an event, or the reason for which it cannot be read.
type PingEvent struct {
	people.Event
	Refusal error
}

// PingResult is what became of a ping.
type PingResult struct {
	// Person is who is there now. It is nil for nobody, and for a claim about somebody known.
	Person *people.Person
	// IsUnproven says that the page named a user without proof: it must learn nothing of Person.
	IsUnproven bool
	// AnonymousID is the id that the browser is to hold.
	AnonymousID string
	// NewSession says that the ping began a session.
	NewSession bool
	// SessionToken is what the browser is to hold, "" for nothing.
	SessionToken string
	// Decision and ChangeID say how a proven user was signed in; both are empty for anybody else. ChangeID is also empty
	// when there was nothing to write down.
	Decision people.Decision
	ChangeID string
	// Refusals are why parts of the ping were left out: companies first, then events, then the address.
	Refusals []error
	// Handled is how many of the events were handled, stored or refused. When that is not all, Limited is the error of
	// AdmitEvent; the parts after the events are then left for another ping, too.
	Handled int
	Limited error
}

// Ping handles all that a request tells in one write: either everything but the refused parts is there to stay, or
// nothing. A visit that tells nothing new costs one read instead.
//
// Errors, for which nothing is written: workspace.InvalidError of an identifier, people.ErrUserNotFound, people.ConflictError and people.BlockedError of
// the user who would be signed in, and the error of Admit.
func (l Visits) Ping(ctx context.Context, c workspace.Caller, ping *Ping) (*PingResult, error) {
	if ping.writesNothing() {
		return &PingResult{Handled: len(ping.Events)}, nil
	}
	ping.User.Email = strings.TrimSpace(ping.User.Email)
	if err := ping.check(); err != nil {
		return nil, err
	}
	if ping.isBareVisit() {
		if result, err := l.touch(ctx, c, ping.unsigned()); result != nil || err != nil {
			return result, err
		}
	}
	var run *pingRun
	err := l.Store.Write(ctx, func(w people.Writer) error {
		run = &pingRun{
			lobby: l, writer: w, caller: c, ping: ping, definitions: l.Definitions(w, c.Workspace), result: new(PingResult),
		}
		return run.handle()
	})
	if err != nil {
		return nil, err
	}
	if run.result.IsUnproven {
		run.result.Refusals = nil // what is wrong with an event depends on whether somebody is there to have it
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

// hasSession reports whether the ping may be one of a user who was signed in before.
func (p *Ping) hasSession() bool {
	return p.User == people.UserRef{} && p.SessionToken != "" && p.Device != ""
}

// endsSession reports whether there is a browser session to be revoked.
func (p *Ping) endsSession() bool { return p.Ends && p.SessionToken != "" }

// writesNothing reports whether nobody is there whom the ping could be about.
func (p *Ping) writesNothing() bool {
	return p.ProvenOnly && !p.IsProven && !p.hasSession() && !p.endsSession()
}

// isBareVisit reports whether the ping tells nothing but that the visitor of a browser is there.
func (p *Ping) isBareVisit() bool {
	return p.User == people.UserRef{} && !p.ProvenOnly && !p.hasSession() && !p.endsSession() && p.Email == "" && len(p.Events) == 0
}

// protects reports whether only a proven user may write a field or a custom attribute.
func (p *Ping) protects(name string) bool {
	return slices.Contains(workspace.ProtectedAttributes.List(p.Workspace), name)
}

// unsigned returns the visit without what only a proven user may say.
func (p *Ping) unsigned() *Visit {
	v := p.Visit
	protected := workspace.ProtectedAttributes.List(p.Workspace)
	if len(protected) == 0 {
		return &v
	}
	v.CustomAttributes = maps.Clone(v.CustomAttributes)
	for _, name := range protected {
		switch name {
		case "name":
			v.Name = nil
		case "phone":
			v.Phone = nil
		case "avatar":
			v.Avatar = nil
		case "language_override":
			v.LanguageOverride = nil
		case "unsubscribed_from_emails":
			v.UnsubscribedFromEmails = people.Unknown
		default:
			delete(v.CustomAttributes, name)
		}
	}
	return &v
}

// admitEvent asks whether the event with an index is admitted. A write that runs again gets the answer of the first time.
func (p *Ping) admitEvent(i int, key string) error {
	if p.AdmitEvent == nil || i < p.admitted {
		return nil
	}
	if p.limited == nil {
		if p.limited = p.AdmitEvent(key); p.limited == nil {
			p.admitted++
		}
	}
	return p.limited
}

// Visits is the use cases of pages and apps over those of people.
type Visits struct{ *people.Lobby }

// pingRun handles a ping in one write. A write that runs again makes a new one.
type pingRun struct {
	lobby       Visits
	writer      people.Writer
	caller      workspace.Caller
	ping        *Ping
	definitions *people.Definitions
	companies   map[string]*people.Company // by the owner's own ids
	isProven    bool                       // whether the person is a proven user
	result      *PingResult
}

func (run *pingRun) handle() error {
	if err := run.identify(); err != nil {
		return err
	}
	if run.result.Person != nil || run.result.IsUnproven {
		for _, part := range []func() error{run.visitCompanies, run.storeEvents} {
			if err := part(); err != nil {
				return err
			}
		}
		if run.result.Limited != nil {
			return nil
		}
		if err := run.supplyEmail(); err != nil {
			return err
		}
	}
	if run.ping.endsSession() {
		return run.writer.DeleteBrowserSession(run.caller.Workspace, workspace.HashToken(run.ping.SessionToken))
	}
	return nil
}

// identify finds out who is there, and makes or touches that person.
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

// definesNothing reports whether the page of the person may not define custom attributes.
func (run *pingRun) definesNothing() bool {
	mode := workspace.BrowserAttributes.Of(run.ping.Workspace)
	return mode == "nobody" || mode == "verified" && !run.isProven
}

// refuse collects the reason for which a part of the ping is left out.
func (run *pingRun) refuse(reason error) { run.result.Refusals = append(run.result.Refusals, reason) }

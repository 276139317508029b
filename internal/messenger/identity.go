package messenger

import (
	"context"
	"errors"
	"maps"
	"net/http"

	"lobby/internal/people"
)

// guest is who is behind a call.
type guest struct {
	// told is what the page may know of it; nil when there is nobody.
	told *pingUser
	// role decides what else may be heard, and key whose events are counted together.
	role people.Role
	key  string
	// userID is the user whose events these are. It is empty for a visitor or lead, known by its anonymous id, and for
	// a name that was not proven and is somebody else's, of whom nothing is kept.
	userID       string
	isUnproven   bool
	sessionToken string
}

// The values of the settings of identity.
const (
	identityOff     = "off"
	identityEnforce = "enforce"
)

var identitySettings = map[people.Platform]*people.Setting{
	people.Web: people.IdentityWeb, people.IOS: people.IdentityIOS, people.Android: people.IdentityAndroid,
}

// arrive finds out who is behind a call, and makes or touches that person. A page that names nobody speaks for a visitor
// or lead, or for the user of its browser session.
func (m *messenger) arrive(w http.ResponseWriter, r *http.Request, c *call) (*guest, error) {
	mode := identitySettings[c.platform].Of(c.workspace)
	who := c.claim(mode)
	if who.isMade() {
		isProven, err := m.isProven(c, &who, mode)
		var g *guest
		switch {
		case err == nil && isProven:
			maps.Copy(c.settings, who.proven) // what the site has signed wins over what its page says
			g, err = m.signIn(w, r, c, who)
		case err == nil:
			return m.visitUnproven(r.Context(), c, who)
		}
		if err != nil {
			w.Header().Set("Lobby-Identity", "refused; reason="+refusalOf(err).code)
		}
		return g, err
	}
	if c.form.Get("anonymous_session") != "" && c.device() != "" {
		g, err := m.signIn(w, r, c, who)
		if !errors.Is(err, people.ErrSessionInvalid) {
			return g, err
		}
	}
	if !c.mayRemember() {
		return &guest{}, nil
	}
	return m.visit(r.Context(), c)
}

// claim answers whom the page names. Where an address alone makes a lead, it names nobody.
func (c *call) claim(mode string) claim {
	who := c.settings.claim()
	if mode == identityOff {
		who.hash, who.token = "", ""
	}
	if who.userID == "" && who.email != "" && !who.hasProof() && people.LeadFromEmail.On(c.workspace) {
		c.email = who.email
		return claim{}
	}
	return who
}

// isProven reports whether a claim is to be believed, or refuses it. A token that is not good is never taken for none.
func (m *messenger) isProven(c *call, who *claim, mode string) (bool, error) {
	if mode == identityOff {
		return false, nil
	}
	err := who.check(c.workspace.SecretsOf(c.platform), m.lobby.Now())
	if isHash := errors.Is(err, &missing) || errors.Is(err, &unproven); isHash && mode != identityEnforce {
		return false, nil
	}
	return err == nil, err
}

// signIn makes the one behind a call the user of a proven claim, or, without a claim, of the browser session.
func (m *messenger) signIn(w http.ResponseWriter, r *http.Request, c *call, who claim) (*guest, error) {
	in := people.SignIn{
		Visit:         m.visitOf(c),
		User:          people.UserRef{UserID: who.userID, Email: who.email},
		EmailIsProven: who.coversEmail(),
		SignedUpAt:    number(c.settings.text("created_at")),
		SessionToken:  c.form.Get("anonymous_session"),
		Device:        c.device(),
		SessionLife:   c.settings.milliseconds("session_duration") / 1000,
		Ends:          c.isLast(),
	}
	in.DefinesNothing = people.BrowserAttributes.Of(c.workspace) == "nobody"
	if c.isCookieless {
		in.AnonymousID, in.Device = "", "" // others may have the same id today
	}
	done, err := m.lobby.SignIn(r.Context(), c.caller, in)
	if err != nil {
		return nil, err
	}
	decision := string(done.Decision)
	if done.ChangeID != "" {
		decision += "; entry=" + done.ChangeID
	}
	w.Header().Set("Lobby-Identity", decision)
	user := done.Contact
	return &guest{
		told: &pingUser{ID: user.ID, Role: user.Role, AnonymousID: done.AnonymousID, NewSession: done.NewSession},
		role: user.Role, key: user.ID, userID: user.ID, sessionToken: done.SessionToken,
	}, nil
}

// visitUnproven hears a page that names a user without proof. Its answer is the same whoever that is, and of the visitor
// of the browser it says and does nothing, so that nothing is to be learnt by it, now or later.
func (m *messenger) visitUnproven(ctx context.Context, c *call, who claim) (*guest, error) {
	if !c.mayRemember() {
		return &guest{}, nil
	}
	if err := m.letClaim(c, who); err != nil {
		return nil, err
	}
	c.protect()
	v := m.visitOf(c)
	v.DefinesNothing = people.BrowserAttributes.Of(c.workspace) != "everybody"
	user, err := m.lobby.VisitUnproven(ctx, c.caller, v, people.UserRef{UserID: who.userID, Email: who.email})
	if err != nil {
		return nil, err
	}
	g := &guest{told: &pingUser{}, role: people.User, key: who.userID + "\x00" + people.EmailKey(who.email), isUnproven: true}
	if !c.isCookieless {
		g.told.AnonymousID = c.anonymousID
	}
	if user != nil {
		g.userID = user.ID
	}
	return g, nil
}

// visit makes or touches the visitor or lead behind a call.
func (m *messenger) visit(ctx context.Context, c *call) (*guest, error) {
	c.protect()
	v := m.visitOf(c)
	asked := false
	var admitted error
	v.Admit = func() error {
		if !asked {
			asked, admitted = true, m.letNewcomer(c)
		}
		return admitted
	}
	v.DefinesNothing = people.BrowserAttributes.Of(c.workspace) != "everybody"
	visited, err := m.lobby.Visit(ctx, c.caller, v)
	if err != nil {
		return nil, err
	}
	p := visited.Person
	return &guest{
		told: &pingUser{ID: p.ID, Role: p.Role, AnonymousID: p.AnonymousID, NewSession: visited.NewSession},
		role: p.Role, key: p.ID,
	}, nil
}

// protect takes out of a call what only a proven user may say.
func (c *call) protect() {
	for _, name := range people.ProtectedAttributes.List(c.workspace) {
		delete(c.settings, name)
		if name == "email" {
			delete(c.settings, "supplied_email")
			c.email = ""
		}
	}
}

func (m *messenger) forget(ctx context.Context, c people.Caller, anonymousID string) error {
	_, err := m.lobby.DeleteVisitor(context.WithoutCancel(ctx), c, people.VisitorRef{UserID: anonymousID})
	if errors.Is(err, people.ErrVisitorNotFound) {
		return nil
	}
	return err
}

package messenger

import (
	"errors"
	"maps"

	"lobby/internal/people"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

// The values of the settings of identity.
const (
	identityOff     = "off"
	identityEnforce = "enforce"
)

var identitySettings = map[workspace.Platform]*workspace.Setting{
	workspace.Web: workspace.IdentityWeb, workspace.IOS: workspace.IdentityIOS, workspace.Android: workspace.IdentityAndroid,
}

// identityMode is how the workspace treats users whom a page names.
func (c *call) identityMode() string { return identitySettings[c.platform].Of(c.workspace) }

// claim returns the user whom the page names. Where an address alone makes a lead, it names nobody.
func (c *call) claim() claim {
	named := c.settings.claim()
	if c.identityMode() == identityOff {
		named.hash, named.token = "", ""
	}
	if named.userID == "" && named.email != "" && !named.hasProof() && workspace.LeadFromEmail.On(c.workspace) {
		c.email = named.email
		return claim{}
	}
	return named
}

// isProven reports whether a claim is to be believed, or refuses it. A token that is not good is never taken for none.
func (m *messenger) isProven(c *call, named *claim) (bool, error) {
	mode := c.identityMode()
	if !named.isMade() || mode == identityOff {
		return false, nil
	}
	err := named.check(c.workspace.SecretsOf(c.platform), m.lobby.Now())
	if isHash := errors.Is(err, &missing) || errors.Is(err, &unproven); isHash && mode != identityEnforce {
		return false, nil
	}
	return err == nil, err
}

// pingOf puts together what a call tells, but for its events.
func (m *messenger) pingOf(c *call, named *claim) (*visit.Ping, error) {
	isProven, err := m.isProven(c, named)
	if err != nil {
		return nil, err
	}
	if isProven {
		maps.Copy(c.settings, named.proven) // what the site has signed wins over what its page says
	}
	p := &visit.Ping{
		SignIn: visit.SignIn{
			Visit:         m.visitOf(c),
			User:          people.UserRef{UserID: named.userID, Email: named.email},
			IsProven:      isProven,
			EmailIsProven: isProven && named.coversEmail(),
			SessionToken:  c.form.Get("anonymous_session"),
			Device:        c.device(),
			SessionLife:   c.settings.milliseconds("session_duration") / 1000,
			Ends:          c.isLast(),
		},
		PageSession: c.pageSession(),
		Workspace:   c.workspace,
		ProvenOnly:  !c.mayRemember(),
		Email:       c.suppliedEmail(),
		AdmitEvent:  func(person string) error { return m.limiter.allowEvent(c, person, m.lobby.Now()) },
	}
	p.Companies = c.statement().companies()
	if at := c.statement().firstTime("created_at", "signed_up_at", "remote_created_at"); at != nil {
		if p.SignedUpAt = *at; *at > m.lobby.Unix() {
			c.told.add("created_at", "is in the future")
		}
	}
	if !named.isMade() {
		p.Admit = m.admitOnce(c)
	}
	if c.isCookieless {
		// Others may have the same id today.
		p.Device = ""
		if named.isMade() {
			p.AnonymousID = ""
		}
	}
	return p, nil
}

// admitOnce limits the new visitors of a call, which is counted once however often the write runs.
func (m *messenger) admitOnce(c *call) func() error {
	isAsked := false
	var admitted error
	return func() error {
		if !isAsked {
			isAsked, admitted = true, m.allowNewVisitor(c)
		}
		return admitted
	}
}

// suppliedEmail returns the address that makes a lead of a visitor: one that was typed into the form, or else the one
// that the page tells.
func (c *call) suppliedEmail() string {
	typed := c.settings.text("supplied_email")
	if typed != "" && (workspace.LeadFromEmail.On(c.workspace) || workspace.EmailForm.On(c.workspace)) {
		return typed
	}
	return c.email
}

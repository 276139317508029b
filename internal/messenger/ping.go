package messenger

import (
	"maps"
	"net/http"

	"lobby/internal/people"
)

// pingAnswer tells a page's script who its visitor is now, and nothing of what is known about a person: whoever holds
// an anonymous id can ask. Its shape is that of Intercom's messenger, which has a launcher and modules where we have none.
type pingAnswer struct {
	// User is missing when there is nobody to speak of: for a bot, and for a stranger who may not be remembered.
	User             *pingUser      `json:"user,omitempty"`
	AnonymousSession string         `json:"anonymous_session"`
	LauncherSettings launcher       `json:"launcher_settings"`
	Modules          map[string]any `json:"modules"`
	// Disabled tells the script to be silent from now on.
	Disabled bool `json:"disabled"`
	// Errors are what was left out of what the page said. The rest was heard.
	Errors []complaint `json:"errors,omitempty"`
}

type pingUser struct {
	ID   string      `json:"id"`
	Role people.Role `json:"role"`
	// AnonymousID is the id that the browser is to hold, which may not be the one that it had.
	AnonymousID           string  `json:"anonymous_id"`
	CountryCode           *string `json:"country_code"`
	NewSession            bool    `json:"new_session"`
	RequiresCookieConsent bool    `json:"requires_cookie_consent"`
}

type launcher struct {
	ShowLauncher bool `json:"show_launcher"`
}

// ping answers the script. A page that names nobody speaks for a visitor or lead; one that names a user has to prove it.
func (m *messenger) ping(w http.ResponseWriter, r *http.Request) error {
	c, err := m.read(w, r)
	if err != nil {
		return err
	}
	answer := pingAnswer{Modules: map[string]any{}}
	who := c.settings.claim()
	isUnknown := !who.isMade() && c.form.Get("cc") == "0"
	if answer.Disabled = c.browser.Bot; c.browser.Bot || isUnknown {
		writeJSON(w, http.StatusOK, answer)
		return nil
	}
	s := m.enter(c)
	defer s.mu.Unlock()
	if s.isLate(c) {
		writeJSON(w, http.StatusOK, answer)
		return nil
	}
	if answer.User, err = m.arrive(w, r, c, who); err != nil {
		return err
	}
	if answer.Errors, err = m.hear(r.Context(), c, s, answer.User); err != nil {
		return err
	}
	s.ping = c.number
	writeJSON(w, http.StatusOK, answer)
	return nil
}

func (m *messenger) arrive(w http.ResponseWriter, r *http.Request, c *call, who claim) (*pingUser, error) {
	if !who.isMade() {
		visited, err := m.lobby.Visit(r.Context(), c.caller, m.visitOf(c))
		if err != nil {
			return nil, err
		}
		p := visited.Person
		return &pingUser{ID: p.ID, Role: p.Role, AnonymousID: p.AnonymousID, NewSession: visited.NewSession}, nil
	}
	err := who.check(c.workspace.SecretsOf(people.Web), m.lobby.Now())
	maps.Copy(c.settings, who.proven) // what the site has signed wins over what its page says
	var arrived *arrival
	if err == nil {
		arrived, err = m.signIn(r.Context(), c.caller, m.visitOf(c), who)
	}
	if err != nil {
		w.Header().Set("Lobby-Identity", "refused; reason="+refusalOf(err).code)
		return nil, err
	}
	w.Header().Set("Lobby-Identity", string(arrived.Decision)+"; entry="+arrived.ChangeID)
	return &pingUser{
		ID: arrived.Contact.ID, Role: arrived.Contact.Role,
		AnonymousID: arrived.anonymousID, NewSession: arrived.newSession,
	}, nil
}

// optOut forgets the visitor of a browser. Whoever has become a contact is not a page's to delete.
func (m *messenger) optOut(w http.ResponseWriter, r *http.Request) error {
	c, err := m.read(w, r)
	if err == nil && c.anonymousID != "" {
		err = m.forget(r.Context(), c.caller, c.anonymousID)
	}
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

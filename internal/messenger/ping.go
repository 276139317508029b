package messenger

import (
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
	// ID and Role are missing where a page names a user without proof: it is not to find out who is known.
	ID   string      `json:"id,omitempty"`
	Role people.Role `json:"role,omitempty"`
	// AnonymousID is the id that the browser is to hold, which may not be the one that it had.
	AnonymousID           string  `json:"anonymous_id"`
	CountryCode           *string `json:"country_code"`
	NewSession            bool    `json:"new_session"`
	RequiresCookieConsent bool    `json:"requires_cookie_consent"`
}

type launcher struct {
	ShowLauncher bool `json:"show_launcher"`
}

// ping answers the script.
func (m *messenger) ping(w http.ResponseWriter, r *http.Request) error {
	c, err := m.read(w, r)
	if err != nil {
		return err
	}
	answer, err := m.listen(w, r, c)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

// listen takes all that a call says.
func (m *messenger) listen(w http.ResponseWriter, r *http.Request, c *call) (answer pingAnswer, err error) {
	answer.Modules = map[string]any{}
	if answer.Disabled = c.isSilenced(); answer.Disabled || isPrefetch(r.Header) {
		return answer, nil
	}
	s := m.enter(c)
	defer s.mu.Unlock()
	if s.isLate(c) {
		return answer, nil
	}
	g, err := m.arrive(w, r, c)
	if err != nil {
		return answer, err
	}
	if answer.User, answer.AnonymousSession = g.told, g.sessionToken; g.told != nil {
		if answer.Errors, err = m.hear(r.Context(), c, s, g); err != nil {
			return answer, err
		}
	}
	if c.isLast() {
		if err := m.lobby.EndBrowserSession(r.Context(), c.workspace.ID, c.form.Get("anonymous_session")); err != nil {
			return answer, err
		}
	}
	s.ping = c.number
	return answer, nil
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

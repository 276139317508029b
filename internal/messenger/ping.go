package messenger

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"lobby/internal/people"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

// pingResponse tells a page's script who its visitor is now, and nothing of what is known about a person: whoever holds
// an anonymous id can ask. Its shape is that of Intercom's messenger, which has a launcher and modules where we have none.
type pingResponse struct {
	// User is missing when there is nobody: for a bot, and for a stranger who may not be remembered.
	User             *pingUser      `json:"user,omitempty"`
	AnonymousSession string         `json:"anonymous_session"`
	LauncherSettings launcher       `json:"launcher_settings"`
	Modules          map[string]any `json:"modules"`
	// Unread is how many conversations have words that the person has not read. It is missing where pages show none.
	Unread *int `json:"unread,omitempty"`
	// Disabled tells the script to be silent from now on.
	Disabled bool `json:"disabled"`
	// Errors are why parts of the ping were left out, those first that were refused whole. The rest is stored.
	Errors  []warning `json:"errors,omitempty"`
	refused int
}

type pingUser struct {
	// ID and Role are missing where a page names a user without proof: it must not find out who is known.
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

// ping handles a ping of the script.
func (m *messenger) ping(w http.ResponseWriter, r *http.Request) error {
	c, err := m.read(w, r)
	if err != nil {
		return err
	}
	if c.events, err = c.pingEvents(); err != nil {
		return err
	}
	response, err := m.handlePing(w, r, c)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, response)
	return nil
}

// handlePing stores all that a call tells, unless nobody is there or a newer ping was handled already.
func (m *messenger) handlePing(w http.ResponseWriter, r *http.Request, c *call) (pingResponse, error) {
	response := pingResponse{Modules: map[string]any{}, Disabled: c.isSilenced()}
	if response.Disabled || isPrefetch(r.Header) {
		return response, nil
	}
	s := m.lockSession(c)
	defer s.mu.Unlock()
	if s.isLate(c) {
		return response, nil
	}
	named := c.claim()
	ping, err := m.pingOf(c, &named)
	if err != nil {
		refuseIdentity(w, err)
		return response, err
	}
	if named.isMade() && !ping.IsProven && !ping.ProvenOnly {
		if err := m.allowClaim(c, named); err != nil {
			return response, err
		}
	}
	now := m.lobby.Unix()
	events, last := c.newEvents(s, now)
	views := c.newViews(s, now)
	ping.Events = events
	result, err := m.visits.Ping(workspace.Within(r.Context(), c.caller.Workspace), c.caller, ping)
	if err != nil {
		if ping.IsProven {
			refuseIdentity(w, err)
		}
		return response, err
	}
	if result.Decision != "" {
		w.Header().Set("Lobby-Identity", decisionRecord(result))
	}
	if result.Limited != nil { // the script sends the rest again
		if result.Handled > 0 {
			s.event = max(s.event, ping.Events[result.Handled-1].Number)
		}
		return response, result.Limited
	}
	s.ping, s.event = c.number, last
	if result.IsLate {
		return response, nil
	}
	m.recordViews(c, ping, result.Person, views)
	response.User, response.AnonymousSession = userOf(result), result.SessionToken
	if response.Unread, err = m.unread(r.Context(), c, result); err != nil {
		return response, err
	}
	response.refused = len(result.Refusals)
	for _, reason := range slices.Concat(result.Refusals, result.Omissions, c.told.all) {
		response.Errors = append(response.Errors, refusalOf(reason).warning())
	}
	return response, nil
}

// userOf returns what a page may know of who is there; nil when nobody is.
func userOf(result *visit.PingResult) *pingUser {
	switch p := result.Person; {
	case result.IsUnproven:
		return &pingUser{AnonymousID: result.AnonymousID}
	case p == nil:
		return nil
	default:
		return &pingUser{ID: p.ID, Role: p.Role, AnonymousID: result.AnonymousID, NewSession: result.NewSession}
	}
}

// decisionRecord is the value of Lobby-Identity for a sign-in.
func decisionRecord(result *visit.PingResult) string {
	if result.ChangeID == "" {
		return string(result.Decision)
	}
	return string(result.Decision) + "; entry=" + result.ChangeID
}

// refuseIdentity says in Lobby-Identity why somebody was not signed in.
func refuseIdentity(w http.ResponseWriter, err error) {
	w.Header().Set("Lobby-Identity", "refused; reason="+refusalOf(err).code)
}

// optOut deletes the visitor of a browser. A page may not delete a contact.
func (m *messenger) optOut(w http.ResponseWriter, r *http.Request) error {
	c, err := m.read(w, r)
	if err == nil && c.anonymousID != "" {
		ref := people.VisitorRef{UserID: c.anonymousID}
		ctx := context.WithoutCancel(r.Context())
		if _, err = m.lobby.DeleteVisitor(ctx, c.caller, ref); errors.Is(err, people.ErrVisitorNotFound) {
			err = nil
		} else if err == nil {
			m.lobby.Store.Purge(ctx, 0) // nobody asks whether it is done
		}
	}
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

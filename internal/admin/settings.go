package admin

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/workspace"
)

// settingsPage is what the page settings shows.
type settingsPage struct{ Settings []setting }

// setting is a row of the table of settings, with its value.
type setting struct {
	Name, Label, Meaning, Values, Default, Value, Error string
	// Choices are the values of a setting that has few; nil for others.
	Choices []string
}

func (a *admin) showSettings(r *request) error {
	return r.show(http.StatusOK, "settings", newSettingsPage(r.workspace, nil))
}

// newSettingsPage returns the settings with the values that were given, or else with those of the workspace.
func newSettingsPage(ws *workspace.Workspace, given map[string]string) *settingsPage {
	page := new(settingsPage)
	for _, s := range workspace.Settings {
		value, typed := given[s.Name]
		if !typed {
			value = s.Of(ws)
		}
		row := setting{Name: s.Name, Label: label(s.Name), Meaning: sentence(s.Meaning), Values: s.Values, Default: s.Default, Value: value}
		if choices := strings.Split(strings.ReplaceAll(s.Values, " or ", ", "), ", "); slices.Contains(choices, s.Default) && slices.Contains(choices, value) {
			row.Choices = choices
		}
		page.Settings = append(page.Settings, row)
	}
	return page
}

// saveSettings saves those that differ, so that a setting that a colleague changes meanwhile stays.
func (a *admin) saveSettings(r *request) error {
	given, changed := map[string]string{}, map[string]string{}
	for _, s := range workspace.Settings {
		if values, is := r.PostForm[s.Name]; is && len(values) == 1 {
			given[s.Name] = strings.TrimSpace(values[0])
			if given[s.Name] != s.Of(r.workspace) {
				changed[s.Name] = given[s.Name]
			}
		}
	}
	if len(changed) == 0 {
		return r.redirect(r.in("settings?done=settings"))
	}
	r.did.After = strings.Join(slices.Sorted(maps.Keys(changed)), ", ")
	_, err := a.lobby.ChangeSettings(r.Context(), r.caller, changed)
	if invalid, ok := errors.AsType[*workspace.InvalidError](err); ok {
		page := newSettingsPage(r.workspace, given)
		for i := range page.Settings {
			if page.Settings[i].Name == invalid.Field {
				page.Settings[i].Error = sentence(invalid.Reason)
			}
		}
		return r.showWith(http.StatusUnprocessableEntity, "settings", page, "Nothing was saved: "+label(invalid.Field)+" "+invalid.Reason+".")
	}
	if err != nil {
		return err
	}
	return r.redirect(r.in("settings?done=settings"))
}

// keysPage is what the page keys shows.
type keysPage struct {
	Tokens                []token
	Secrets               []secret
	Scopes                []choice
	Made                  *made
	TokenName, TokenError string
}

type token struct {
	ID, Name, Scopes    string
	Used, Ends, Revoked *moment
}

type secret struct {
	ID               int64
	Platform, Masked string
	Made             *moment
}

// made is a secret that was made just now, and is shown only this once.
type made struct{ What, Secret string }

// scopeWords say what a scope allows.
var scopeWords = map[workspace.Scope]string{
	workspace.ReadUsers: "read people and companies", workspace.WriteUsers: "write people and companies", workspace.ReadWriteUsers: "read and write people",
	workspace.ReadConversations: "read conversations", workspace.WriteConversations: "write conversations", workspace.WriteSettings: "change settings",
	workspace.WriteSecrets: "make identity secrets", workspace.WriteWebhooks: "decide who is told what happens",
}

func (a *admin) showKeys(r *request) error { return a.keysWith(r, http.StatusOK, keysPage{}) }

func (a *admin) keysWith(r *request, status int, page keysPage) error {
	all, err := a.lobby.Tokens(r.Context(), r.caller)
	if err != nil {
		return err
	}
	for _, t := range all {
		shown := token{ID: t.ID, Name: t.Name, Used: r.moment(t.LastUsedAt), Ends: r.moment(t.ExpiresAt), Revoked: r.moment(t.RevokedAt)}
		if shown.Name == "" {
			shown.Name = "unnamed"
		}
		words := make([]string, len(t.Scopes))
		for i, s := range t.Scopes {
			words[i] = scopeWords[s]
		}
		if shown.Scopes = strings.Join(words, ", "); len(t.Scopes) == len(workspace.AllScopes) {
			shown.Scopes = "everything"
		}
		page.Tokens = append(page.Tokens, shown)
	}
	ws, err := a.lobby.Workspace(r.Context(), r.caller.Workspace)
	if err != nil {
		return err
	}
	for _, s := range ws.IdentitySecrets {
		page.Secrets = append(page.Secrets, secret{s.ID, string(s.Platform), s.Masked(), r.moment(s.CreatedAt)})
	}
	for _, s := range workspace.AllScopes {
		page.Scopes = append(page.Scopes, choice{Value: string(s), Word: scopeWords[s]})
	}
	return r.show(status, "keys", page)
}

// maxTokenDays is how many days a token that ends may live.
const maxTokenDays = 3660

func (a *admin) createToken(r *request) error {
	draft := workspace.TokenDraft{Name: strings.TrimSpace(r.PostForm.Get("name"))}
	refuse := func(why string) error {
		return a.keysWith(r, http.StatusUnprocessableEntity, keysPage{TokenName: draft.Name, TokenError: why})
	}
	if len(r.PostForm["scope"]) == 0 {
		return refuse("A token that may do nothing is of no use: choose what it may.")
	}
	scopes, err := workspace.ParseScopes(strings.Join(r.PostForm["scope"], ","))
	if text := strings.TrimSpace(r.PostForm.Get("days")); text != "" && err == nil {
		days, parseErr := strconv.ParseInt(text, 10, 32)
		if parseErr != nil || days < 1 || days > maxTokenDays {
			return refuse("Write a number of days, at most 3660.")
		}
		draft.ExpiresAt = a.lobby.Unix() + days*24*60*60
	}
	r.did.After = draft.Name
	var created *workspace.NewToken
	if err == nil {
		draft.Scopes = scopes
		created, err = a.lobby.CreateToken(r.Context(), r.caller, draft)
	}
	if invalid, ok := errors.AsType[*workspace.InvalidError](err); ok {
		return refuse("The " + invalid.Field + " " + invalid.Reason + ".")
	}
	if err != nil {
		return err
	}
	return a.keysWith(r, http.StatusOK, keysPage{Made: &made{"The new access token", created.Secret}})
}

func (a *admin) revokeToken(r *request) error {
	err := a.lobby.RevokeToken(r.Context(), r.caller, r.PostForm.Get("id"))
	if errors.Is(err, workspace.ErrTokenNotFound) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	return r.redirect(r.in("keys?done=revoked"))
}

func (a *admin) createSecret(r *request) error {
	created, err := a.lobby.CreateIdentitySecret(r.Context(), r.caller, workspace.Platform(r.PostForm.Get("platform")), "")
	if _, ok := errors.AsType[*workspace.InvalidError](err); ok {
		return errNotFound
	}
	if err != nil {
		return err
	}
	return a.keysWith(r, http.StatusOK, keysPage{Made: &made{"The new identity secret", created.Secret}})
}

func (a *admin) deleteSecret(r *request) error {
	id, err := strconv.ParseInt(r.PostForm.Get("id"), 10, 64)
	if err == nil {
		err = a.lobby.DeleteIdentitySecret(r.Context(), r.caller, id)
	} else {
		err = errNotFound
	}
	if errors.Is(err, workspace.ErrIdentitySecretNotFound) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	return r.redirect(r.in("keys?done=forgotten"))
}

package admin

import (
	"errors"
	"fmt"
	"net/http"

	"lobby/internal/account"
	"lobby/internal/workspace"
)

// start leads to the first workspace, or to where one signs in.
func (a *admin) start(r *request) error {
	switch {
	case r.presence != nil && len(r.presence.Memberships) > 0:
		r.member = r.presence.Memberships[0]
		return r.redirect(r.in("people"))
	case r.presence != nil:
		return r.redirect("/pages/account")
	}
	isSetUp, err := a.accounts.IsSetUp(r.Context())
	if err != nil {
		return err
	}
	if isSetUp {
		return r.redirect("/pages/login")
	}
	return r.show(http.StatusOK, "message", message{
		Title: "Almost there",
		Text: "Nobody can sign in yet. The server printed a setup link when it started: open it within an hour of the start. " +
			"To get another one, start the server again, or let yourself in on its machine:",
		Command: "lobby admin add APP_ID you@example.com",
	})
}

// loginPage is what the page login shows.
type loginPage struct{ Email, Next, Error string }

func (a *admin) showLogin(r *request) error {
	if r.presence != nil {
		return r.redirect("/pages/")
	}
	return r.show(http.StatusOK, "login", loginPage{Next: r.URL.Query().Get("next")})
}

func (a *admin) signIn(r *request) error {
	page := loginPage{Email: r.PostForm.Get("email"), Next: r.PostForm.Get("next")}
	secret, err := a.accounts.SignIn(r.Context(), page.Email, r.PostForm.Get("password"), r.network())
	if errors.Is(err, account.ErrRefused) {
		page.Error = "The email address or the password is wrong."
		return r.show(http.StatusUnauthorized, "login", page)
	}
	if err != nil {
		return err
	}
	return r.begin(secret, page.Next)
}

// network is the address for which attempts to sign in are counted: of IPv6 the network that one customer has.
func (r *request) network() string {
	addr := r.admin.proxies.Client(r.Request)
	if addr.Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return addr.String()
}

// credential is a field of the page setup.
type credential struct{ ID, Label, Type, Complete, Value, Hint, Error string }

// setupPage is what the page setup shows.
type setupPage struct {
	Link                  string
	Name, Email, Password credential
}

func newSetupPage(link string, c account.Credentials) *setupPage {
	return &setupPage{
		Link:     link,
		Name:     credential{ID: "name", Label: "Your name", Type: "text", Complete: "name", Value: c.Name, Hint: "As your team knows you."},
		Email:    credential{ID: "email", Label: "Email address", Type: "email", Complete: "username", Value: c.Email, Hint: "You sign in with it. Nothing is sent to it."},
		Password: credential{ID: "password", Label: "Password", Type: "password", Complete: "new-password", Hint: "At least 12 characters. A sentence is easy to remember."},
	}
}

// usedLink is the page for a link that lets nobody in.
var usedLink = message{
	Title: "This link does not work any more", Text: "A link works once, and only for a while. If you have a login, sign in; else ask for another link.",
	Next: &step{Path: "/pages/", Word: "To the start"},
}

func (a *admin) showSetup(r *request) error {
	link := r.URL.Query().Get("token")
	login, err := a.accounts.FindLink(r.Context(), link)
	switch {
	case errors.Is(err, account.ErrLinkNotFound), login != nil:
		return r.show(http.StatusGone, "message", usedLink)
	case err != nil:
		return err
	}
	return r.show(http.StatusOK, "setup", newSetupPage(link, account.Credentials{}))
}

func (a *admin) setUp(r *request) error {
	link := r.PostForm.Get("link")
	c := account.Credentials{Name: r.PostForm.Get("name"), Email: r.PostForm.Get("email"), Password: r.PostForm.Get("password")}
	secret, err := a.accounts.SetUp(r.Context(), link, c)
	if errors.Is(err, account.ErrLinkNotFound) || errors.Is(err, account.ErrSetUp) {
		return r.show(http.StatusGone, "message", usedLink)
	}
	if invalid, ok := errors.AsType[*workspace.InvalidError](err); ok {
		page := newSetupPage(link, c)
		for _, field := range []*credential{&page.Name, &page.Email, &page.Password} {
			if field.ID == invalid.Field {
				field.Error = field.Label + " " + invalid.Reason + "."
			}
		}
		return r.show(http.StatusUnprocessableEntity, "setup", page)
	}
	if err != nil {
		return err
	}
	return r.begin(secret, "/pages/")
}

// linkPage is what the page enter shows. Programs that look links up for their users use none up.
type linkPage struct{ Link, Email string }

func (a *admin) showLink(r *request) error {
	link := r.URL.Query().Get("token")
	login, err := a.accounts.FindLink(r.Context(), link)
	if errors.Is(err, account.ErrLinkNotFound) || err == nil && login == nil {
		return r.show(http.StatusGone, "message", usedLink)
	}
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "enter", linkPage{link, login.Email})
}

func (a *admin) enter(r *request) error {
	secret, err := a.accounts.UseLink(r.Context(), r.PostForm.Get("link"))
	if errors.Is(err, account.ErrLinkNotFound) {
		return r.show(http.StatusGone, "message", usedLink)
	}
	if err != nil {
		return err
	}
	if r.presence != nil { // somebody else in the same browser
		if err := a.accounts.SignOut(r.Context(), r.presence); err != nil {
			return err
		}
	}
	return r.begin(secret, "/pages/")
}

func (a *admin) signOut(r *request) error {
	if err := a.accounts.SignOut(r.Context(), r.presence); err != nil {
		return err
	}
	r.setCookie(sessionCookie, "", -1)
	return r.redirect("/pages/login")
}

// accountPage is what the page account shows.
type accountPage struct {
	Error, OldError string
	Sessions        []session
}

type session struct {
	Here        bool
	Begun, Used *moment
}

func (a *admin) showAccount(r *request) error { return a.accountWith(r, http.StatusOK, accountPage{}) }

func (a *admin) accountWith(r *request, status int, page accountPage) error {
	all, err := a.accounts.Sessions(r.Context(), r.presence)
	if err != nil {
		return err
	}
	for _, s := range all {
		page.Sessions = append(page.Sessions, session{s.Hash == r.presence.Session.Hash, r.moment(s.CreatedAt), r.moment(s.UsedAt)})
	}
	return r.show(status, "account", page)
}

func (a *admin) setPassword(r *request) error {
	err := a.accounts.SetPassword(r.Context(), r.presence, r.PostForm.Get("old"), r.PostForm.Get("password"), r.network())
	if errors.Is(err, account.ErrRefused) {
		return a.accountWith(r, http.StatusUnprocessableEntity, accountPage{OldError: "That is not your password."})
	}
	if invalid, ok := errors.AsType[*workspace.InvalidError](err); ok {
		return a.accountWith(r, http.StatusUnprocessableEntity, accountPage{Error: fmt.Sprintf("The password %s.", invalid.Reason)})
	}
	if err != nil {
		return err
	}
	return r.redirect("/pages/account?done=password")
}

func (a *admin) signOutOthers(r *request) error {
	if err := a.accounts.SignOutOthers(r.Context(), r.presence); err != nil {
		return err
	}
	return r.redirect("/pages/account?done=others")
}

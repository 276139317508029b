package admin

import (
	"errors"
	"net/http"
	"net/url"

	"lobby/internal/account"
	"lobby/internal/workspace"
)

// teamPage is what the page team shows.
type teamPage struct {
	Members            []member
	Roles              []account.Role
	Name, Email, Error string // of the form
	Invited            *invited
}

type member struct {
	*account.Membership
	Me, MayReinvite bool
	Since           *moment
}

// invited is somebody for whom a link was made just now.
type invited struct{ Email, Link string }

func (a *admin) showTeam(r *request) error { return a.teamWith(r, http.StatusOK, teamPage{}, "") }

func (a *admin) teamWith(r *request, status int, page teamPage, problem string) error {
	all, err := a.accounts.Members(r.Context(), r.caller)
	if err != nil {
		return err
	}
	page.Roles = account.Roles
	for _, m := range all {
		page.Members = append(page.Members, member{m, m.LoginID == r.presence.Login.ID, m.Alone && !m.HasPassword, r.moment(m.CreatedAt)})
	}
	return r.showWith(status, "team", page, problem)
}

func (a *admin) invite(r *request) error {
	i := account.Invitation{Name: r.PostForm.Get("name"), Email: r.PostForm.Get("email"), Role: account.Role(r.PostForm.Get("role"))}
	link, err := a.accounts.Invite(r.Context(), r.caller, i)
	page := teamPage{Name: i.Name, Email: i.Email}
	if invalid, ok := errors.AsType[*workspace.InvalidError](err); ok {
		page.Error = "The " + invalid.Field + " " + invalid.Reason + "."
	}
	if errors.Is(err, account.ErrMember) {
		page.Error = "That address is in the team already."
	}
	switch {
	case page.Error != "":
		return a.teamWith(r, http.StatusUnprocessableEntity, page, "")
	case err != nil:
		return err
	case link == "":
		return r.redirect(r.in("team?done=joined"))
	}
	return a.teamWith(r, http.StatusOK, teamPage{Invited: &invited{i.Email, r.absolute("/pages/enter?token=" + url.QueryEscape(link))}}, "")
}

// absolute returns the URL of a path below base.
func (r *request) absolute(path string) string {
	base, _ := r.admin.proxies.Base(r.Request)
	return base + path
}

func (a *admin) reinvite(r *request) error {
	id := r.PostForm.Get("login")
	link, err := a.accounts.Reinvite(r.Context(), r.caller, id)
	if err != nil {
		return a.teamProblem(r, err)
	}
	all, err := a.accounts.Members(r.Context(), r.caller)
	if err != nil {
		return err
	}
	page := teamPage{}
	for _, m := range all {
		if m.LoginID == id {
			page.Invited = &invited{m.Email, r.absolute("/pages/enter?token=" + url.QueryEscape(link))}
		}
	}
	return a.teamWith(r, http.StatusOK, page, "")
}

func (a *admin) setRole(r *request) error {
	r.did.After = r.PostForm.Get("role")
	err := a.accounts.SetRole(r.Context(), r.caller, r.PostForm.Get("login"), account.Role(r.PostForm.Get("role")))
	if err != nil {
		return a.teamProblem(r, err)
	}
	if r.PostForm.Get("login") == r.presence.Login.ID && !account.Role(r.PostForm.Get("role")).MayManage() {
		return r.redirect("/pages/")
	}
	return r.redirect(r.in("team?done=role"))
}

func (a *admin) removeMember(r *request) error {
	if err := a.accounts.Remove(r.Context(), r.caller, r.PostForm.Get("login")); err != nil {
		return a.teamProblem(r, err)
	}
	if r.PostForm.Get("login") == r.presence.Login.ID {
		return r.redirect("/pages/")
	}
	return r.redirect(r.in("team?done=removed"))
}

// teamProblem shows the team with what was refused.
func (a *admin) teamProblem(r *request, err error) error {
	switch {
	case errors.Is(err, account.ErrLastOwner):
		return a.teamWith(r, http.StatusConflict, teamPage{}, "A workspace needs an owner: make somebody else one first.")
	case errors.Is(err, account.ErrMemberNotFound):
		return errNotFound
	}
	if _, ok := errors.AsType[*workspace.InvalidError](err); ok {
		return errNotFound
	}
	return err
}

// Package sheet makes the pages of nouns that need nothing but tables, facts and forms: companies, tags, segments,
// attributes, subscription types, admins, teams and the activity log. Package admin serves them and all other pages.
// It calls use cases and says in words what they return. It must not know sessions, templates or a store.
package sheet

import (
	"net/http"
	"strings"
	"time"

	"lobby/internal/account"
	"lobby/internal/display"
	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// UseCases are what the pages call.
type UseCases struct {
	Lobby    *people.Lobby
	Inbox    *inbox.Inbox
	Accounts *account.Accounts
}

type pages struct {
	lobby    *people.Lobby
	inbox    *inbox.Inbox
	accounts *account.Accounts
}

// Route is a page or an action of a workspace. Its path is that below the workspace.
type Route struct {
	Method, Path string
	// May says whether a role may use it; nil is everybody.
	May func(account.Role) bool
	// Handle returns what to answer, or an error for which there is a page, such as [display.ErrNotFound].
	Handle func(*Request) (*Answer, error)
}

// Answer is a page, or the path of the one that comes next.
type Answer struct {
	Next    string // below the workspace; empty for a page
	Page    *Page
	Problem string // about the page as a whole; empty for none
	Refused bool   // whether something was not done
}

// Request is a request of a member of a workspace.
type Request struct {
	*http.Request
	Caller    workspace.Caller
	Workspace *workspace.Workspace
	Role      account.Role
	// Base is the path of the workspace's pages, with a slash at its end.
	Base string
	Zone *time.Location
	Now  time.Time
}

// moment returns a Unix second in the time zone of the workspace; nil for none.
func (r *Request) moment(at int64) *display.Moment { return display.NewMoment(at, r.Now, r.Zone) }

// link is a cell that leads to a page of the workspace.
func (r *Request) link(text, path string) display.Value {
	return display.Value{Text: text, Link: r.Base + path}
}

// sentTo is the path within the workspace to which a form was sent.
func (r *Request) sentTo() string {
	_, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/pages/"), "/")
	return path
}

// Routes are all pages of the package.
func Routes(u UseCases) []Route {
	p := &pages{u.Lobby, u.Inbox, u.Accounts}
	all := append(p.companies(), Route{http.MethodGet, "activity", account.Role.MayManage, show("activity", p.showActivity)})
	for _, n := range []noun{p.tags(), p.segments(), p.attributes(), p.subscriptions(), p.admins(), p.teams()} {
		all = append(all, n.routes()...)
	}
	return all
}

// show returns a handler that shows a page of a section.
func show(section string, build func(*Request) (*Page, error)) func(*Request) (*Answer, error) {
	return func(r *Request) (*Answer, error) {
		page, err := build(r)
		if err != nil {
			return nil, notThere(err)
		}
		page.Section = section
		return &Answer{Page: page}, nil
	}
}

// act returns a handler that does something and leads on, or shows the page again with the reason of a refusal.
func act(section string, do func(*Request) (string, error), build func(*Request) (*Page, error)) func(*Request) (*Answer, error) {
	return func(r *Request) (*Answer, error) {
		next, err := do(r)
		if err == nil {
			return &Answer{Next: next}, nil
		}
		field, reason := refused(err)
		if reason == "" {
			return nil, notThere(err)
		}
		page, err := build(r)
		if err != nil {
			return nil, notThere(err)
		}
		page.Section = section
		if page.refill(r.sentTo(), r.PostForm, field, reason) {
			reason = ""
		}
		return &Answer{Page: page, Problem: reason, Refused: true}, nil
	}
}

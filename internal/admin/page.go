package admin

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"sync"

	"lobby/internal/account"
	"lobby/internal/display"
	"lobby/internal/sheet"
	"lobby/web"
)

// pages return the templates by name, each with the layout around it. One is parsed when it is first shown: all of them
// would be a tenth of the start of a server.
var pages = func() map[string]func() *template.Template {
	all := map[string]func() *template.Template{}
	for _, name := range []string{"message", "login", "setup", "enter", "account", "team", "live", "overview", "people", "bulk", "person", "identity", "remove", "duplicates", "duplicate", "settings", "keys", "webhooks", "deliveries", "conversations", "conversation", "sheet"} {
		all[name] = sync.OnceValue(func() *template.Template {
			return template.Must(template.New(name).ParseFS(web.Admin, "admin/layout.html", "admin/"+name+".html"))
		})
	}
	return all
}()

// view is what a template sees.
type view struct {
	// Base is the path in front of all links.
	Base     string
	Presence *account.Presence
	Member   *account.Membership
	// Name is that of the page.
	Name string
	// Section is the part of the navigation that the page belongs to.
	Section string
	// Token is the value of the field token, which every form must have.
	Token           string
	Notice, Problem string
	Page            any

	request *request
	forms   int // how many forms of a sheet were begun
}

// Number returns a number that no other form of the page has.
func (v *view) Number() int {
	v.forms++
	return v.forms
}

// In returns the link to a page within the workspace.
func (v *view) In(path string) string { return v.Base + v.request.in(path) }

// message is a page that only says something.
type message struct {
	Title, Text string
	Command     string // for a shell; empty for none
	Next        *step
}

// show writes a page.
func (r *request) show(status int, name string, page any) error {
	return r.showWith(status, name, page, "")
}

// showWith is show with a sentence about what went wrong.
func (r *request) showWith(status int, name string, page any, problem string) error {
	v := &view{
		Base: r.base, Name: name, Presence: r.presence, Member: r.member, Section: sections[name], Token: r.token(), Page: page, request: r,
		Notice: notices[r.URL.Query().Get("done")], Problem: problem,
	}
	if made, is := page.(*sheet.Page); is {
		v.Section = made.Section
	}
	var body bytes.Buffer
	if err := pages[name]().ExecuteTemplate(&body, "layout", v); err != nil {
		return fmt.Errorf("make the page %s: %w", name, err)
	}
	h := r.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	r.w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = r.w.Write(body.Bytes()) // a browser that is gone needs no response
	}
	return nil
}

// sections are the parts of the navigation that pages belong to.
var sections = map[string]string{
	"live": "live", "overview": "overview", "people": "people", "bulk": "people", "person": "people", "identity": "people", "remove": "people", "duplicates": "duplicates", "duplicate": "duplicates", "team": "team",
	"settings": "settings", "keys": "keys", "webhooks": "webhooks", "deliveries": "webhooks",
	"conversations": "conversations", "conversation": "conversations",
}

// notices are the sentences about what was done, by the value of the parameter done.
var notices = map[string]string{
	"password":  "The password is saved. You are signed out everywhere else.",
	"others":    "You are signed out everywhere else.",
	"role":      "The role is saved.",
	"removed":   "Removed. Who was signed in is out at once.",
	"noted":     "The note is saved.",
	"tagged":    "The tag is on.",
	"untagged":  "The tag is off.",
	"converted": "Done. The history below has an Undo, should it be needed.",
	"merged":    "Merged. The history below has an Undo, should it be needed.",
	"repeated":  "That was done before; nothing has changed.",
	"undone":    "Taken back.",
	"distinct":  "Remembered: they are different people.",
	"same":      "Taken back: they may be the same person.",
	"archived":  "Archived. Lists do not show this person any more.",
	"restored":  "Restored. Lists show this person again.",
	"blocked":   "Blocked for good.",
	"erased":    "Erased. Nothing that Lobby knew of that person is left.",
	"settings":  "The settings are saved.",
	"revoked":   "Revoked. Who used that token is out within a second.",
	"forgotten": "Deleted. What it proved stays proven.",
	"paused":    "Paused. What happens meanwhile is told when you resume.",
	"resumed":   "Resumed.",
	"deleted":   "Deleted.",
	"again":     "It is sent again.",
	"replied":   "Sent.",
	"kept":      "The note is saved. Only your team sees it.",
	"assigned":  "Assigned.",
	"snoozed":   "Snoozed. It comes back by itself, or when somebody writes.",
	"closed":    "Closed.",
	"opened":    "Open again.",
	"made":      "Done: it is there now.",
	"saved":     "Saved.",
	"segment":   "The segment is saved.",
	"joined":    "Added. They sign in as they do already.",
}

// moment returns a Unix second in the time zone of the workspace; nil for none.
func (r *request) moment(at int64) *display.Moment {
	return display.NewMoment(at, r.admin.lobby.Now(), r.zone)
}

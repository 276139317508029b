package admin

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lobby/internal/account"
	"lobby/internal/display"
	"lobby/internal/inbox"
	"lobby/internal/live"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// The refusals of a request as such.
var (
	errNotFound  = display.ErrNotFound
	errForbidden = errors.New("your role does not allow that")
	errForgery   = errors.New("the form is too old, or came from elsewhere")
)

// handler handles a request, and returns an error for which there is a page.
type handler func(*request) error

// request is one request of a browser.
type request struct {
	*http.Request
	w     http.ResponseWriter
	admin *admin
	// base is the path in front of all links, without a slash at the end; isSecure says whether the browser uses HTTPS.
	base     string
	isSecure bool
	// key is the secret that the browser holds, from which the tokens of its forms are made.
	key string
	// presence is who is signed in; nil for nobody.
	presence *account.Presence
	// member, workspace and caller are set within a workspace.
	member    *account.Membership
	workspace *workspace.Workspace
	caller    workspace.Caller
	zone      *time.Location
	// did is what an action leaves in the activity log; nil for nothing.
	did *workspace.Activity
}

// The cookies: of a session, and of a browser in which nobody is signed in. On HTTPS a prefix keeps plain HTTP away from them.
const (
	sessionCookie = "lobby-session"
	formCookie    = "lobby-form"
	securePrefix  = "__Secure-"
)

// serve handles requests: headers, who is signed in, the token of a form, and a page for an error.
func (a *admin) serve(handle handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		base, _ := a.proxies.Base(req)
		r := &request{Request: req, w: w, admin: a, base: pathOf(base), isSecure: strings.HasPrefix(base, "https:"), zone: time.UTC}
		secureHeaders(w.Header())
		err := r.checkAddress()
		if err == nil {
			err = r.identify()
		}
		if err == nil && req.Method == http.MethodPost {
			err = r.checkForm()
		}
		if err == nil {
			err = handle(r)
		}
		if err != nil {
			r.fail(err)
		}
	})
}

func secureHeaders(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "+
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
}

// pathOf returns the path of a base URL.
func pathOf(base string) string {
	_, rest, _ := strings.Cut(base, "://")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return ""
}

// checkAddress refuses an address with bytes that no database holds as text.
func (r *request) checkAddress() error {
	if !workspace.IsText(r.URL.Path) {
		return errNotFound
	}
	for name, values := range r.URL.Query() {
		for _, text := range append(values, name) {
			if !workspace.IsText(text) {
				return errNotFound
			}
		}
	}
	return nil
}

// identify finds out who is signed in. A browser in which nobody is gets a cookie for its forms.
func (r *request) identify() error {
	if secret := r.cookie(sessionCookie); secret != "" {
		p, err := r.admin.accounts.Present(r.Context(), secret)
		switch {
		case err == nil:
			r.presence, r.key = p, secret
			return nil
		case !errors.Is(err, account.ErrSignedOut):
			return err
		}
		r.setCookie(sessionCookie, "", -1)
	}
	if r.key = r.cookie(formCookie); r.key == "" {
		r.key = rand.Text()
		r.setCookie(formCookie, r.key, 0)
	}
	return nil
}

func (r *request) cookieName(name string) string {
	if r.isSecure {
		return securePrefix + name
	}
	return name
}

func (r *request) cookie(name string) string {
	c, err := r.Request.Cookie(r.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie sets a cookie for maxAge seconds; 0 is until the browser ends, less deletes it.
func (r *request) setCookie(name, value string, maxAge int) {
	http.SetCookie(r.w, &http.Cookie{
		Name: r.cookieName(name), Value: value, Path: r.base + "/pages/", MaxAge: maxAge,
		HttpOnly: true, Secure: r.isSecure, SameSite: http.SameSiteLaxMode,
	})
}

// sessionAge is how long a browser keeps the cookie of a session: the server may end it before.
const sessionAge = 30 * 24 * 60 * 60

// begin signs the browser in with the secret of a new session, and leads it to a page of ours.
func (r *request) begin(secret, next string) error {
	r.setCookie(sessionCookie, secret, sessionAge)
	r.setCookie(formCookie, "", -1)
	if !strings.HasPrefix(next, "/pages/") || strings.ContainsAny(next, "\\\r\n") || strings.Contains(next, "//") {
		next = "/pages/"
	}
	return r.redirect(next)
}

// token is what a form of this browser must bring along.
func (r *request) token() string {
	mac := hmac.New(sha256.New, []byte(r.key))
	mac.Write([]byte("a form of the pages")) //nolint:errcheck // it never fails
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// maxFields is how many values a form may have.
const maxFields = 500

// checkForm refuses a form that another site has sent, or made. A browser says where a request comes from; what it does not
// say, the token does.
func (r *request) checkForm() error {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return errForgery
	}
	if err := r.ParseForm(); err != nil {
		return fmt.Errorf("%w: %w", errForgery, err)
	}
	fields := 0
	for name, values := range r.Form {
		fields += len(values)
		for _, v := range append(values, name) {
			if !workspace.IsText(v) {
				return errForgery
			}
		}
	}
	if fields > maxFields || !hmac.Equal([]byte(r.PostForm.Get("token")), []byte(r.token())) {
		return errForgery
	}
	return nil
}

// redirect leads the browser to a path below base.
func (r *request) redirect(path string) error {
	http.Redirect(r.w, r.Request, r.base+path, http.StatusSeeOther)
	return nil
}

// signedIn returns a handler for those who are signed in. It asks others to sign in first.
func signedIn(handle handler) handler {
	return func(r *request) error {
		if r.presence != nil {
			return handle(r)
		}
		if r.Method != http.MethodGet {
			return r.redirect("/pages/login")
		}
		return r.redirect("/pages/login?next=" + url.QueryEscape(r.URL.RequestURI()))
	}
}

// within returns a handler for the members of the workspace that the path names. To others it does not exist.
func (a *admin) within(may func(account.Role) bool, handle handler) handler {
	return func(r *request) error {
		r.member = r.presence.Membership(workspace.ID(r.PathValue("app")))
		if r.member == nil {
			return errNotFound
		}
		if may != nil && !may(r.member.Role) {
			return errForbidden
		}
		r.Request = r.WithContext(workspace.Within(r.Context(), r.member.Workspace))
		ws, err := a.lobby.Workspace(r.Context(), r.member.Workspace)
		if err != nil {
			return err
		}
		r.workspace, r.caller = ws, ws.Caller()
		r.caller.Actor = workspace.Actor{Kind: "login", ID: r.presence.Login.ID}
		r.caller.RequestID, r.caller.AdminID = r.w.Header().Get("X-Request-Id"), r.member.AdminID
		if zone, err := time.LoadLocation(ws.Timezone); err == nil {
			r.zone = zone
		}
		if r.Method == http.MethodPost {
			if err := r.willLog(); err != nil {
				return err
			}
		}
		return handle(r)
	}
}

// in returns the path of a page within the workspace of the request, without base.
func (r *request) in(path string) string {
	return "/pages/" + url.PathEscape(string(r.member.Workspace)) + "/" + path
}

// fail shows the page of an error.
func (r *request) fail(err error) {
	status, page := http.StatusInternalServerError, message{Title: "Something went wrong", Text: "It is not your fault. Try again; if it stays, whoever runs this server finds the reason in its log."}
	var throttled *account.ThrottledError
	var tooLong *http.MaxBytesError
	switch {
	case errors.Is(err, errNotFound), errors.Is(err, errNotFound), errors.Is(err, people.ErrPersonNotFound), errors.Is(err, inbox.ErrConversationNotFound), errors.Is(err, workspace.ErrWorkspaceNotFound):
		status, page = http.StatusNotFound, message{Title: "Not found", Text: "There is nothing here, or nothing that you may see.", Next: &step{Path: "/pages/", Word: "To the start"}}
	case errors.Is(err, errForbidden):
		status, page = http.StatusForbidden, message{Title: "Not allowed", Text: "Your role in this workspace does not allow that. An owner can give you another one.", Next: &step{Path: "/pages/", Word: "To the start"}}
	case errors.As(err, &tooLong):
		status, page = http.StatusRequestEntityTooLarge, message{Title: "Too long", Text: "That was longer than this server takes. Nothing was saved."}
	case errors.Is(err, errForgery):
		status, page = http.StatusForbidden, message{Title: "Please try again", Text: "That form was too old, or it came from another site. Nothing was changed.", Next: &step{Path: "/pages/", Word: "To the start"}}
	case errors.As(err, &throttled):
		r.w.Header().Set("Retry-After", fmt.Sprint(int(throttled.Wait.Seconds())))
		status, page = http.StatusTooManyRequests, message{Title: "Too many attempts", Text: "Try again in a quarter of an hour."}
	case errors.Is(err, live.ErrTooMany):
		r.w.Header().Set("Retry-After", "15")
		status, page = http.StatusServiceUnavailable, message{Title: "Too many open pages", Text: "Close some of them."}
	case errors.Is(err, workspace.ErrUnavailable), errors.Is(err, workspace.ErrUnknownOutcome):
		r.w.Header().Set("Retry-After", "5")
		status, page = http.StatusServiceUnavailable, message{Title: "One moment", Text: "The database cannot answer now. Try again in a few seconds."}
	default:
		if r.Context().Err() == nil {
			r.admin.log.LogAttrs(r.Context(), slog.LevelError, "page failed", slog.String("error", err.Error()),
				slog.String("request_id", r.w.Header().Get("X-Request-Id")))
		}
	}
	if err := r.show(status, "message", page); err != nil {
		r.w.WriteHeader(http.StatusInternalServerError)
	}
}

package mail

import (
	"encoding/base64"
	"html"
	"io"
	"log/slog"
	"net/http"

	"lobby/internal/inbox"
	"lobby/internal/workspace"
)

// Prefixes are the paths that [NewFront]'s handler is for.
var Prefixes = []string{Prefix}

// front serves the links in mails.
type front struct {
	inbox *inbox.Inbox
	log   *slog.Logger
}

// NewFront returns the handler of the links in mails. They work for as long as the workspace does, also on a server that
// sends no mail.
func NewFront(in *inbox.Inbox, log *slog.Logger) http.Handler {
	f := &front{in, log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Prefix+"unsubscribe/{app}/{person}/{signature}", f.askUnsubscribe)
	mux.HandleFunc("POST "+Prefix+"unsubscribe/{app}/{person}/{signature}", f.unsubscribe)
	mux.HandleFunc("GET "+Prefix+"open/{app}/{person}/{signature}", f.open)
	mux.HandleFunc("GET "+Prefix+"click/{app}/{person}/{signature}", f.click)
	mux.HandleFunc(Prefix, func(w http.ResponseWriter, _ *http.Request) { notFound(w) })
	return mux
}

// valid returns the link of a request, and reports whether it is signed. If it is not, the response is written.
func (f *front) valid(w http.ResponseWriter, r *http.Request, kind linkKind) (link, bool) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Robots-Tag", "noindex")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	l := link{kind: kind, workspace: workspace.ID(r.PathValue("app")), personID: r.PathValue("person")}
	if kind == clickLink {
		l.target = r.URL.Query().Get("to")
	}
	if !workspace.IsText(string(l.workspace) + l.personID) {
		notFound(w)
		return l, false
	}
	key, err := f.inbox.MailKey(workspace.Within(r.Context(), l.workspace), l.workspace, false)
	if err != nil {
		f.fail(w, r, err)
		return l, false
	}
	if !l.isSignedBy(key, r.PathValue("signature")) {
		notFound(w)
		return l, false
	}
	return l, true
}

// receive records what a link tells, and reports whether it could. If not, the response is written.
func (f *front) receive(w http.ResponseWriter, r *http.Request, l link, kind inbox.ReceiptKind) bool {
	c := workspace.Caller{Workspace: l.workspace, Actor: workspace.Actor{Kind: "mail", ID: string(l.kind)}}
	if err := f.inbox.Receive(workspace.Within(r.Context(), l.workspace), c, l.personID, kind); err != nil {
		f.fail(w, r, err)
		return false
	}
	return true
}

// askUnsubscribe shows a page with a button. Reading it changes nothing, because programs that look for malware read links, too.
func (f *front) askUnsubscribe(w http.ResponseWriter, r *http.Request) {
	if _, ok := f.valid(w, r, unsubscribeLink); ok {
		page(w, http.StatusOK, "Unsubscribe", `<p>No more emails from us?</p><form method="post"><button>Unsubscribe</button></form>`)
	}
}

// unsubscribe is the button and, by RFC 8058, the one click in a mail program.
func (f *front) unsubscribe(w http.ResponseWriter, r *http.Request) {
	if l, ok := f.valid(w, r, unsubscribeLink); ok && f.receive(w, r, l, inbox.Unsubscribed) {
		page(w, http.StatusOK, "Unsubscribed", `<p>You will get no more emails from us.</p>`)
	}
}

func (f *front) open(w http.ResponseWriter, r *http.Request) {
	if l, ok := f.valid(w, r, openLink); ok && f.receive(w, r, l, inbox.Opened) {
		w.Header().Set("Content-Type", "image/gif")
		w.Write(pixel) //nolint:errcheck // the client is gone; there is nobody to tell
	}
}

// click leads on even when the click cannot be recorded now.
func (f *front) click(w http.ResponseWriter, r *http.Request) {
	l, ok := f.valid(w, r, clickLink)
	if !ok {
		return
	}
	c := workspace.Caller{Workspace: l.workspace}
	if err := f.inbox.Receive(workspace.Within(r.Context(), l.workspace), c, l.personID, inbox.Clicked); err != nil {
		f.log.ErrorContext(r.Context(), "a click in an email was not recorded", "workspace", l.workspace, "error", err)
	}
	w.Header().Set("Location", l.target)
	w.WriteHeader(http.StatusFound)
}

// pixel is a transparent picture of one pixel.
var pixel, _ = base64.StdEncoding.DecodeString("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

func notFound(w http.ResponseWriter) {
	page(w, http.StatusNotFound, "No such link", `<p>This link is not one of ours, or it is not complete.</p>`)
}

// fail writes that the database cannot do it now.
func (f *front) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		f.log.ErrorContext(r.Context(), "a link in an email failed", "error", err)
	}
	w.Header().Set("Retry-After", "5")
	page(w, http.StatusServiceUnavailable, "Not now", `<p>This does not work at the moment. Please try again.</p>`)
}

// page writes a small page.
func page(w http.ResponseWriter, status int, title, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	title = html.EscapeString(title)
	io.WriteString(w, `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">`+ //nolint:errcheck // as above
		`<title>`+title+`</title><style>body{font:1.1em/1.5 sans-serif;max-width:30em;margin:4em auto;padding:0 1em}button{font:inherit;padding:.5em 1em}</style>`+
		`<main><h1>`+title+`</h1>`+body+`</main></html>`)
}

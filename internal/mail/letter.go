package mail

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"

	"lobby/internal/inbox"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// envelope is what a letter needs besides itself.
type envelope struct {
	workspace *workspace.Workspace
	key       string // that of the workspace's links
	from      string // the address of the sender
	base      string // the URL of this server
}

// message returns a letter as MIME. Its Message-ID and its date are the same in every attempt. An error says that the
// contact's address cannot be written to.
func (e envelope) message(l *inbox.Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg()
	if err := m.FromFormat(e.sender(l.Author), e.from); err != nil {
		return nil, err
	}
	if err := m.AddToFormat(oneLine(l.To.Name), asciiHost(l.To.Email)); err != nil {
		return nil, err
	}
	if to := workspace.EmailReplyTo.Of(e.workspace); to != "" {
		if err := m.ReplyTo(to); err != nil {
			return nil, err
		}
	}
	m.Subject(e.subject(l))
	m.SetMessageIDWithValue(e.id("mail", l.ID))
	m.SetGenHeader(gomail.HeaderReferences, "<"+e.id("thread", l.ThreadID)+">")
	m.SetDateWithValue(time.Unix(l.CreatedAt, 0).UTC())
	leave := link{kind: unsubscribeLink, workspace: l.Workspace, personID: l.PersonID}.url(e.base, e.key)
	m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+leave+">")
	m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	m.SetBodyString(gomail.TypeTextPlain, e.text(l, leave))
	m.AddAlternativeString(gomail.TypeTextHTML, e.html(l, leave))
	return m, nil
}

// id returns a Message-ID without its brackets.
func (e envelope) id(kind string, number int64) string {
	return fmt.Sprintf("lobby.%s.%s.%d@%s", e.workspace.ID, kind, number, e.from[strings.LastIndexByte(e.from, '@')+1:])
}

// sender returns the name of who writes: the admin, with the workspace.
func (e envelope) sender(admin *workspace.Admin) string {
	if admin == nil || admin.Name == "" || admin.Name == e.workspace.Name {
		return oneLine(e.workspace.Name)
	}
	return oneLine(admin.Name + " (" + e.workspace.Name + ")")
}

func (e envelope) subject(l *inbox.Letter) string {
	switch {
	case l.Subject == "":
		return oneLine("Message from " + e.workspace.Name)
	case l.IsReply:
		return oneLine("Re: " + l.Subject)
	}
	return oneLine(l.Subject)
}

// text returns the body without markup.
func (e envelope) text(l *inbox.Letter, leave string) string {
	var b strings.Builder
	b.WriteString(wire.PlainText(l.Body))
	for _, a := range l.Attachments {
		b.WriteString("\n\n" + a.Name + ": " + wire.FileURL(e.base, l.Workspace, a))
	}
	b.WriteString("\n\n-- \nUnsubscribe: " + leave + "\n")
	return b.String()
}

// html returns the body with markup.
func (e envelope) html(l *inbox.Letter, leave string) string {
	body := l.Body
	if workspace.EmailClicks.On(e.workspace) {
		body = e.rewritten(l, body)
	}
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>` + body)
	for _, a := range l.Attachments {
		b.WriteString(`<p><a href="` + html.EscapeString(wire.FileURL(e.base, l.Workspace, a)) + `">` + html.EscapeString(a.Name) + `</a></p>`)
	}
	b.WriteString(`<p style="color:#666;font-size:.85em"><a href="` + html.EscapeString(leave) + `">Unsubscribe</a></p>`)
	if workspace.EmailOpens.On(e.workspace) {
		seen := link{kind: openLink, workspace: l.Workspace, personID: l.PersonID}.url(e.base, e.key)
		b.WriteString(`<img src="` + html.EscapeString(seen) + `" width="1" height="1" alt="">`)
	}
	b.WriteString(`</body></html>`)
	return b.String()
}

// href is the address of a link in a body, which is written by a sanitizer in one form.
var href = regexp.MustCompile(`<a href="(https?://[^"]*)"`)

// rewritten returns a body whose links lead over this server.
func (e envelope) rewritten(l *inbox.Letter, body string) string {
	return href.ReplaceAllStringFunc(body, func(found string) string {
		target := html.UnescapeString(href.FindStringSubmatch(found)[1])
		over := link{kind: clickLink, workspace: l.Workspace, personID: l.PersonID, target: target}
		return `<a href="` + html.EscapeString(over.url(e.base, e.key)) + `"`
	})
}

// oneLine returns a text as a header may have it, without control characters.
func oneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text))
}

// asciiHost returns an address with its host in Punycode, which every mail server knows.
func asciiHost(address string) string {
	at := strings.LastIndexByte(address, '@') + 1
	if host, err := idna.Lookup.ToASCII(address[at:]); err == nil && at > 0 {
		return address[:at] + host
	}
	return address
}

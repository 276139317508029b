package messenger

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lobby/internal/inbox"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

// asker is a page that asks about the conversations of the person for whom it speaks.
type asker struct {
	*call
	caller workspace.Caller // with the settings of the workspace
	ping   *visit.Ping      // says for whom the page speaks
}

var withoutMessenger = refusal{http.StatusForbidden, "forbidden", "This workspace shows no conversations in pages"}

// readAsker reads a request about conversations.
func (m *messenger) readAsker(w http.ResponseWriter, r *http.Request) (*asker, error) {
	c, err := m.read(w, r)
	if err != nil {
		return nil, err
	}
	if isPrefetch(r.Header) {
		return nil, inbox.ErrNobody
	}
	ask, err := m.ask(c)
	if err != nil {
		refuseIdentity(w, err)
	}
	return ask, err
}

// ask returns whom a call speaks for, by the workspace as it is now and by the proofs that count now.
func (m *messenger) ask(c *call) (*asker, error) {
	if !workspace.Messenger.On(c.workspace) {
		return nil, &withoutMessenger
	}
	if c.isSilenced() {
		return nil, inbox.ErrNobody
	}
	named := c.claim()
	ping, err := m.pingOf(c, &named)
	if err != nil {
		return nil, err
	}
	if c.isCookieless {
		ping.AnonymousID = "" // others may have the same one today
	}
	ask := &asker{call: c, caller: c.workspace.Caller(), ping: ping}
	ask.caller.Actor, ask.caller.RequestID = c.caller.Actor, c.caller.RequestID
	return ask, nil
}

// who identifies the person for whom a page speaks, in the view or transaction that reads or writes conversations.
func (m *messenger) who(ask *asker) inbox.Identify {
	return func(r inbox.Reader) (string, error) {
		p, err := m.visits.Who(m.persons(r), ask.caller.Workspace, ask.ping)
		switch {
		case err != nil:
			return "", err
		case p == nil:
			return "", inbox.ErrNobody
		}
		return p.ID, nil
	}
}

// unread returns how many conversations the person of a ping has not read; nil where pages show none, and for somebody who
// may not see any.
func (m *messenger) unread(ctx context.Context, c *call, result *visit.PingResult) (*int, error) {
	isNobody := result.Person == nil || result.IsUnproven || c.isCookieless && result.SessionToken == "" && result.Decision == ""
	if isNobody || !workspace.Messenger.On(c.workspace) {
		return nil, nil
	}
	n, err := m.inbox.CountUnread(workspace.Within(ctx, c.caller.Workspace), c.caller, result.Person.ID)
	return &n, err
}

// ownList is what a page gets of all conversations of its person.
type ownList struct {
	Conversations []ownItem `json:"conversations"`
	Unread        int       `json:"unread"`
}

type ownItem struct {
	ID     string `json:"id"`
	IsRead bool   `json:"read"`
	// Last are the latest words, whose Body is the beginning of them as plain text.
	Last ownWords `json:"last"`
}

// ownWords are the first message of a conversation, which has the id 0, or a part.
type ownWords struct {
	ID          string          `json:"id"`
	Author      ownAuthor       `json:"author"`
	Body        string          `json:"body"` // safe HTML
	CreatedAt   int64           `json:"created_at"`
	Attachments []ownAttachment `json:"attachments,omitempty"`
}

// ownAuthor is who wrote. Nothing else of admins, or of other contacts, is for pages.
type ownAuthor struct {
	Type string `json:"type"` // contact, admin or bot
	Name string `json:"name"` // may be blank
	IsMe bool   `json:"me"`
}

type ownAttachment struct {
	Name string `json:"name"`
	URL  string `json:"url"` // an upload has only a path, of this server
}

// ownConversation is one conversation of a page's person.
type ownConversation struct {
	ID     string     `json:"id"`
	IsRead bool       `json:"read"`
	Parts  []ownWords `json:"parts"` // oldest first
}

// listConversations writes the conversations of the page's person.
func (m *messenger) listConversations(w http.ResponseWriter, r *http.Request) error {
	ask, err := m.readAsker(w, r)
	if err != nil {
		return err
	}
	found, err := m.ownList(r.Context(), ask)
	if err == nil {
		writeJSON(w, http.StatusOK, shownList(found))
	}
	return err
}

func (m *messenger) ownList(ctx context.Context, ask *asker) (*inbox.OwnList, error) {
	return m.inbox.OwnConversations(workspace.Within(ctx, ask.caller.Workspace), ask.caller, m.who(ask))
}

func shownList(found *inbox.OwnList) ownList {
	list := ownList{Conversations: []ownItem{}, Unread: found.Unread}
	for _, c := range found.Conversations {
		words := shownParts(c, found.PersonID)
		last := words[len(words)-1]
		last.Body, last.Attachments = excerpt(last.Body), nil
		list.Conversations = append(list.Conversations, ownItem{ID: c.OwnRef().String(), IsRead: c.IsRead, Last: last})
	}
	return list
}

// readConversation writes one conversation.
func (m *messenger) readConversation(w http.ResponseWriter, r *http.Request) error {
	ask, err := m.readAsker(w, r)
	if err != nil {
		return err
	}
	me := ""
	who := m.who(ask)
	found, err := m.inbox.OwnConversation(workspace.Within(r.Context(), ask.caller.Workspace), ask.caller, func(r inbox.Reader) (id string, err error) {
		me, err = who(r)
		return me, err
	}, ask.conversation())
	if err == nil {
		writeJSON(w, http.StatusOK, shownConversation(found, me))
	}
	return err
}

// conversation returns what a request names; zero for none.
func (c *call) conversation() inbox.OwnRef { return inbox.ParseOwnRef(c.form.Get("conversation_id")) }

// sendWords adds words to a conversation or, without one, begins it.
func (m *messenger) sendWords(w http.ResponseWriter, r *http.Request) error {
	ask, err := m.readAsker(w, r)
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(strings.ToValidUTF8(ask.form.Get("text"), ""), "\x00", "")
	words := inbox.Words{
		Key: ask.form.Get("message_id"), To: ask.conversation(), Body: m.html(text), URL: referrer(ask.form.Get("referer"), nil),
	}
	switch {
	case !uuid4.MatchString(words.Key):
		return invalid("message_id must be a version 4 UUID")
	case strings.TrimSpace(text) == "":
		return invalid("text is blank")
	case words.To == inbox.OwnRef{} && ask.form.Get("conversation_id") != "":
		return invalid("conversation_id is no id of a conversation")
	}
	me := ""
	who, isAllowed := m.who(ask), false
	found, err := m.inbox.SendWords(workspace.Within(r.Context(), ask.caller.Workspace), ask.caller, func(r inbox.Reader) (id string, err error) {
		if me, err = who(r); err == nil && !isAllowed {
			if err = m.limiter.allowWords(ask.call, me, m.lobby.Now()); err == nil {
				isAllowed = true // a write that runs again is counted once
			}
		}
		return me, err
	}, words)
	if err == nil {
		writeJSON(w, http.StatusOK, shownConversation(found, me))
	}
	return err
}

// markRead records what the page has shown: a conversation up to part_id.
func (m *messenger) markRead(w http.ResponseWriter, r *http.Request) error {
	ask, err := m.readAsker(w, r)
	if err != nil {
		return err
	}
	err = m.inbox.MarkRead(workspace.Within(r.Context(), ask.caller.Workspace), ask.caller, m.who(ask), ask.conversation(), number(ask.form.Get("part_id")))
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

func shownConversation(c *inbox.Conversation, me string) ownConversation {
	return ownConversation{ID: c.OwnRef().String(), IsRead: c.IsRead, Parts: shownParts(c, me)}
}

// shownParts returns the first message of a conversation, and the parts that its view has.
func shownParts(c *inbox.Conversation, me string) []ownWords {
	words := []ownWords{{
		ID: "0", Author: shownAuthor(&c.Source.Author, me), Body: c.Source.Body, CreatedAt: c.Source.CreatedAt,
		Attachments: shownAttachments(c.Workspace, c.Source.Attachments),
	}}
	for _, p := range c.Parts {
		words = append(words, ownWords{
			ID: strconv.FormatInt(p.ID, 10), Author: shownAuthor(&p.Author, me), Body: p.Body, CreatedAt: p.CreatedAt,
			Attachments: shownAttachments(c.Workspace, p.Attachments),
		})
	}
	return words
}

func shownAuthor(a *inbox.Author, me string) ownAuthor {
	switch {
	case a.Contact != nil:
		return ownAuthor{Type: "contact", Name: a.Contact.Name, IsMe: a.Contact.ID == me}
	case a.ContactID != "":
		return ownAuthor{Type: "contact"}
	case a.Admin != nil:
		return ownAuthor{Type: "admin", Name: a.Admin.Name}
	}
	return ownAuthor{Type: "bot"}
}

func shownAttachments(ws workspace.ID, all []*inbox.Attachment) (shown []ownAttachment) {
	for _, a := range all {
		address := a.URL
		if address == "" {
			address = "/uploads/" + url.PathEscape(string(ws)) + "/" + a.ID + "/" + url.PathEscape(a.Name)
		}
		shown = append(shown, ownAttachment{Name: a.Name, URL: address})
	}
	return shown
}

// maxExcerpt is how many characters of the last words a list shows.
const maxExcerpt = 100

// excerpt returns the beginning of safe HTML as plain text.
func excerpt(body string) string {
	var b strings.Builder
	for body != "" && b.Len() < 8*maxExcerpt {
		text, rest, _ := strings.Cut(body, "<")
		b.WriteString(html.UnescapeString(text))
		if rest != "" {
			b.WriteByte(' ')
		}
		_, body, _ = strings.Cut(rest, ">")
	}
	return cut(strings.Join(strings.Fields(b.String()), " "), maxExcerpt)
}

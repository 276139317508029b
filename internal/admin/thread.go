package admin

import (
	"cmp"
	"crypto/rand"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"lobby/internal/inbox"
)

// conversationPage is what the page conversation shows.
type conversationPage struct {
	human
	ConversationID  int64
	Title           string
	State           inbox.State
	StateWord       string
	Until, Waiting  *moment
	Urgency         string
	Assignee, Group string
	People          []human
	Tags            []string
	Attributes      []fact
	Words           []words
	Earlier         string // address of what came before; empty for nothing
	Admins, Teams   []choice
	Snoozes         []choice
	May             bool // whether the member may write
	// Text is what was typed, Error what is wrong with it, and Key keeps it from being sent twice.
	Text, Error, Key string
}

// words is an entry of a thread: a text, or what happened.
type words struct {
	ID    int64
	By    human
	Kind  string // "contact", "team", "note" or "act"
	Text  string
	What  string // what happened; empty for nothing but a text
	Files []fact
	At    *moment
	Last  bool
}

// conversationID returns the id that the path names.
func (r *request) conversationID() (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, errNotFound
	}
	return id, nil
}

func (a *admin) showConversation(r *request) error {
	return r.conversationWith(http.StatusOK, "", func(*conversationPage) {})
}

// conversationWith shows the conversation that the path names, after a change of its page, with a sentence about what was refused.
func (r *request) conversationWith(status int, problem string, change func(*conversationPage)) error {
	id, err := r.conversationID()
	if err != nil {
		return err
	}
	found, err := r.admin.inbox.FindConversation(r.Context(), r.caller, id)
	if err != nil {
		return err
	}
	team, err := r.readStaff()
	if err != nil {
		return err
	}
	page := r.conversationPage(found, team)
	change(page)
	return r.showWith(status, "conversation", page, problem)
}

func (r *request) conversationPage(c *inbox.Conversation, team staff) *conversationPage {
	page := &conversationPage{
		human: subjectOf(c), ConversationID: c.ID, Title: clipped(plainText(cmp.Or(c.Title, c.Source.Subject)), maxExcerpt), State: c.State, StateWord: stateWord(c.State),
		Until: r.moment(c.SnoozedUntil), Waiting: r.moment(c.WaitingSince), Urgency: string(c.Priority),
		Assignee: team.admin(c.AdminAssigneeID), Group: team.team(c.TeamAssigneeID), May: r.member.Role.MayWrite(), Key: rand.Text(),
	}
	for _, p := range c.Participants {
		page.People = append(page.People, contactHuman(p))
	}
	for _, t := range c.Tags {
		page.Tags = append(page.Tags, t.Name)
	}
	for name, v := range c.CustomAttributes {
		page.Attributes = append(page.Attributes, fact{Label: name, Value: value{Text: clipped(textOf(v), 300)}})
	}
	sortFacts(page.Attributes)
	page.assignable(c, team)
	page.Snoozes = snoozes(r.admin.lobby.Now().In(r.zone))
	r.fillThread(page, c, team)
	return page
}

// assignable fills in who can have the conversation.
func (p *conversationPage) assignable(c *inbox.Conversation, team staff) {
	for _, a := range team.admins {
		p.Admins = append(p.Admins, choice{Value: strconv.FormatInt(a.ID, 10), Word: team.admin(a.ID), Chosen: a.ID == c.AdminAssigneeID})
	}
	for _, t := range team.teams {
		p.Teams = append(p.Teams, choice{Value: strconv.FormatInt(t.ID, 10), Word: t.Name, Chosen: t.ID == c.TeamAssigneeID})
	}
}

// How much of a thread a page has: entries, and bytes of their texts in HTML. Earlier ones are on pages of their own.
const (
	maxEntries = 60
	maxThread  = 45_000
)

// fillThread adds the latest entries, or those before the one that the address names.
func (r *request) fillThread(page *conversationPage, c *inbox.Conversation, team staff) {
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	all := make([]words, 0, len(c.Parts)+1)
	if len(c.Parts) < inbox.MaxParts {
		all = append(all, r.first(c, team))
	}
	for _, p := range c.Parts {
		if p.ID == before {
			break
		}
		all = append(all, r.entry(p, team))
	}
	begin, size := len(all), 0
	for begin > 0 && len(all)-begin < maxEntries {
		one := &all[begin-1]
		if size += len(template.HTMLEscapeString(one.Text)) + 300*len(one.Files); size > maxThread && begin < len(all) {
			break
		}
		begin--
	}
	page.Words = all[begin:]
	if len(page.Words) > 0 {
		page.Words[len(page.Words)-1].Last = true
	}
	if begin > 0 {
		page.Earlier = "?before=" + strconv.FormatInt(all[begin].ID, 10)
	}
}

// first returns the message that a conversation began with.
func (r *request) first(c *inbox.Conversation, team staff) words {
	w := words{Text: plainText(c.Source.Body), Files: files(c.Source.Attachments), At: r.moment(c.Source.CreatedAt)}
	w.sign(c.Source.Author, team)
	if c.Source.Redacted {
		w.What = "removed what was written here"
	}
	return w
}

// entry returns a part.
func (r *request) entry(p *inbox.Part, team staff) words {
	w := words{ID: p.ID, Text: plainText(p.Body), Files: files(p.Attachments), At: r.moment(p.CreatedAt), What: r.happened(p, team)}
	w.sign(p.Author, team)
	switch {
	case p.Type == inbox.NotePart || p.Type == inbox.NoteAndUnsnoozePart:
		w.Kind = "note"
	case w.Text == "" && len(w.Files) == 0:
		w.Kind = "act"
	}
	return w
}

// sign says who wrote an entry.
func (w *words) sign(by inbox.Author, team staff) {
	switch {
	case by.ContactID == "":
		w.Kind, w.By.Name = "team", cmp.Or(team.admin(by.AdminID), "Lobby")
	case by.Contact == nil:
		w.Kind, w.By.Name = "contact", "Somebody who was erased"
	default:
		w.Kind, w.By = "contact", contactHuman(by.Contact)
	}
}

// happened is what a part says that happened, in words that follow a name; empty for nothing but a text.
func (r *request) happened(p *inbox.Part, team staff) string {
	assignee := cmp.Or(map[bool]string{true: team.team(p.Assigned.ID), false: team.admin(p.Assigned.ID)}[p.Assigned.Kind == inbox.TeamAssignee], "nobody")
	switch p.Type {
	case inbox.OpenPart:
		if p.ContactID != "" {
			return "" // the text says why
		}
		return "opened it again"
	case inbox.ClosePart:
		return "closed it"
	case inbox.SnoozedPart:
		if until := r.moment(p.Details.Until); until != nil {
			return "snoozed it until " + until.Exact
		}
		return "snoozed it"
	case inbox.TimerUnsnoozePart:
		return "woke it, as the snooze is over"
	case inbox.AssignmentPart, inbox.DefaultAssignmentPart:
		return "assigned it to " + assignee
	case inbox.AssignAndReopenPart, inbox.AssignAndUnsnoozePart:
		return "opened it again and assigned it to " + assignee
	case inbox.ParticipantAddedPart:
		return "added somebody to it"
	case inbox.ParticipantGonePart:
		return "took somebody out of it"
	case inbox.AttributePart:
		return "set " + clipped(p.Details.Attribute+" to "+p.Details.Value, 300)
	case inbox.PriorityPart:
		return "set the priority to " + cmp.Or(string(p.Details.Priority), "none")
	}
	if p.Redacted {
		return "removed what was written here"
	}
	return ""
}

// files are attachments by name, with a link where they lie elsewhere.
func files(attached []*inbox.Attachment) (all []fact) {
	for _, f := range attached {
		all = append(all, fact{Label: clipped(f.Name, 100), Value: value{Text: f.ContentType, Link: f.URL}})
	}
	return all
}

// snoozes are the ends of a snooze that a page offers. A day begins at nine.
func snoozes(now time.Time) []choice {
	morning := func(days int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, 9, 0, 0, 0, now.Location())
	}
	toMonday := (int(time.Monday-now.Weekday())+6)%7 + 1
	all := []choice{}
	for _, c := range []struct {
		id, word string
		until    time.Time
	}{
		{"hours", "For three hours", now.Add(3 * time.Hour)},
		{"tomorrow", "Until tomorrow", morning(1)},
		{"monday", "Until Monday", morning(toMonday)},
		{"week", "For a week", morning(7)},
		{"month", "For 30 days", morning(30)},
	} {
		all = append(all, choice{Value: c.id, Word: c.word + ", " + c.until.Format("2 Jan, 15:04"), Link: strconv.FormatInt(c.until.Unix(), 10)})
	}
	return all
}

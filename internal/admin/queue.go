package admin

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/roster"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// queueSize is how many conversations a page lists.
const queueSize = 30

// queuePage is what the page conversations shows.
type queuePage struct {
	States, Whose []choice
	// Others are the admins and teams whose conversations can be listed besides one's own.
	Others    []choice
	Text      string // that is searched for; empty for none
	Found     string // how many have it, in words
	State     inbox.State
	StateWord string
	WhoseID   string
	Rows      []queueRow
	Next      string // address of the next page; empty for none
	First     string // address of the first page; empty on it
}

// queueRow is a conversation in a list.
type queueRow struct {
	human
	Link, Title, Text string
	// By is who wrote the text, unless it is the contact.
	By       string
	State    string // in words
	Assignee string
	At       *moment
	Waiting  *moment // since when a contact waits for an answer; nil for nobody waits
	Until    *moment // when the snooze ends; nil for none
	Urgency  string  // empty for none
}

// stateChoices are the states of conversations in words, in the order of the tabs.
var stateChoices = []choice{{Value: string(inbox.Open), Word: "Open"}, {Value: string(inbox.Snoozed), Word: "Snoozed"}, {Value: string(inbox.Closed), Word: "Closed"}}

func stateWord(s inbox.State) string {
	i := slices.IndexFunc(stateChoices, func(c choice) bool { return c.Value == string(s) })
	return stateChoices[max(i, 0)].Word
}

// staff are the names of the admins and teams of a workspace.
type staff struct {
	admins []*workspace.Admin
	teams  []*workspace.Team
}

func (r *request) readStaff() (s staff, err error) {
	if s.admins, err = r.admin.lobby.Admins(r.Context(), r.caller); err != nil {
		return s, err
	}
	s.teams, err = r.admin.lobby.Teams(r.Context(), r.caller)
	return s, err
}

// admin returns the name of an admin, and "" for the id 0.
func (s staff) admin(id int64) string {
	for _, a := range s.admins {
		if a.ID == id {
			return cmp.Or(a.Name, a.Email, "admin "+strconv.FormatInt(id, 10))
		}
	}
	if id == 0 {
		return ""
	}
	return "somebody who left"
}

// team returns the name of a team, and "" for the id 0.
func (s staff) team(id int64) string {
	for _, t := range s.teams {
		if t.ID == id {
			return t.Name
		}
	}
	if id == 0 {
		return ""
	}
	return "a team that is gone"
}

// The values of the parameter whose, besides the ids of admins and teams behind a prefix.
const (
	mine        = "me"
	nobodys     = "nobody"
	adminPrefix = "admin-"
	teamPrefix  = "team-"
)

// readQueue reads the address of a list. What it does not know is everybody's.
func (r *request) readQueue() (q inbox.Queue, whose string) {
	q.State = inbox.Open
	if state := r.FormValue("state"); slices.ContainsFunc(stateChoices, func(c choice) bool { return c.Value == state }) {
		q.State = inbox.State(state)
	}
	whose = r.FormValue("whose")
	number := func(prefix string) int64 {
		id, _ := strconv.ParseInt(strings.TrimPrefix(whose, prefix), 10, 64)
		return id
	}
	switch {
	case whose == mine:
		q.Assignee = inbox.Assignee{Kind: inbox.AdminAssignee, ID: r.member.AdminID}
	case whose == nobodys:
		q.Unassigned = true
	case strings.HasPrefix(whose, adminPrefix):
		q.Assignee = inbox.Assignee{Kind: inbox.AdminAssignee, ID: number(adminPrefix)}
	case strings.HasPrefix(whose, teamPrefix):
		q.Assignee = inbox.Assignee{Kind: inbox.TeamAssignee, ID: number(teamPrefix)}
	default:
		whose = ""
	}
	return q, whose
}

func (a *admin) showQueue(r *request) error {
	queue, whose := r.readQueue()
	below, err := readPosition(r.FormValue("below"))
	if err != nil {
		return err
	}
	team, err := r.readStaff()
	if err != nil {
		return err
	}
	page := &queuePage{State: queue.State, StateWord: strings.ToLower(stateWord(queue.State)), WhoseID: whose, Text: searchedText(r)}
	queues := page.choose(queue, whose, team, r.member.AdminID)
	if err := a.countQueues(r, page, queues); err != nil {
		return err
	}
	if page.Text != "" {
		if err := a.searchQueue(r, page, team); err != nil {
			return err
		}
		return r.show(http.StatusOK, "conversations", page)
	}
	found, err := a.inbox.QueuedConversations(r.Context(), r.caller, queue, below, queueSize)
	if err != nil {
		return err
	}
	for _, c := range found.Conversations {
		page.Rows = append(page.Rows, r.queueRow(c, team))
	}
	if found.More {
		last := found.Conversations[len(found.Conversations)-1]
		page.Next = queueAddress(queue.State, whose) + "&below=" + fmt.Sprintf("%d.%d", last.UpdatedAt, last.ID)
	}
	if below != (inbox.Position{}) {
		page.First = queueAddress(queue.State, whose)
	}
	return r.show(http.StatusOK, "conversations", page)
}

// countQueues sets how many conversations there are behind each choice of a page. The queues are those of the states, of whose
// they are, and of the others, in this order.
func (a *admin) countQueues(r *request, page *queuePage, queues []inbox.Queue) error {
	counts, err := a.inbox.CountQueues(r.Context(), r.caller, queues...)
	if err != nil {
		return err
	}
	for _, choices := range [][]choice{page.States, page.Whose, page.Others} {
		for i := range choices {
			choices[i].Count, counts = grouped(counts[0]), counts[1:]
		}
	}
	return nil
}

func searchedText(r *request) string {
	text := strings.TrimSpace(r.FormValue("q"))
	return strings.ToValidUTF8(text[:min(len(text), maxText)], "")
}

// searchQueue lists the conversations of a state that begin with a text, or are with somebody of that name or address.
func (a *admin) searchQueue(r *request, page *queuePage, team staff) error {
	after, err := readCursor(r.FormValue("after"))
	if err != nil && r.FormValue("after") != "" {
		return err
	}
	either := search.Query{Combine: search.Or}
	for _, field := range []string{"source.body", "source.subject", "source.author.name", "source.author.email"} {
		either.Queries = append(either.Queries, search.Query{Field: field, Operator: search.Contains, Values: []search.Value{search.TextValue(page.Text)}})
	}
	query := search.Query{Combine: search.And, Queries: []search.Query{roster.Equal("state", string(page.State)), either}}
	found, err := a.inbox.Search(r.Context(), r.caller, inbox.ContactRef{}, search.Order{Query: query, After: after, Limit: queueSize})
	if err != nil {
		return err
	}
	for _, c := range found.Found {
		page.Rows = append(page.Rows, r.queueRow(c, team))
	}
	page.Found = counted(found.Total, "conversation")
	address := "?state=" + url.QueryEscape(string(page.State)) + "&q=" + url.QueryEscape(page.Text)
	if found.Next != nil {
		page.Next = address + "&after=" + cursorText(found.Next)
	}
	if after != nil {
		page.First = address
	}
	return nil
}

// readPosition reads where a page of a list begins. A text that is none is a page that does not exist.
func readPosition(text string) (below inbox.Position, err error) {
	if text == "" {
		return below, nil
	}
	at, id, _ := strings.Cut(text, ".")
	if below.UpdatedAt, err = strconv.ParseInt(at, 10, 64); err == nil {
		below.ID, err = strconv.ParseInt(id, 10, 64)
	}
	if err != nil {
		return below, errNotFound
	}
	return below, nil
}

func queueAddress(state inbox.State, whose string) string {
	return "?state=" + url.QueryEscape(string(state)) + "&whose=" + url.QueryEscape(whose)
}

// choose fills in what else can be listed, and returns the queues behind these choices: of the states, of whose they are, and of
// the others.
func (p *queuePage) choose(queue inbox.Queue, whose string, team staff, me int64) (queues []inbox.Queue) {
	of := func(state inbox.State, assignee inbox.Assignee, unassigned bool) {
		queues = append(queues, inbox.Queue{State: state, Assignee: assignee, Unassigned: unassigned})
	}
	for _, c := range stateChoices {
		c.Chosen, c.Link = c.Value == string(queue.State), queueAddress(inbox.State(c.Value), whose)
		p.States = append(p.States, c)
		of(inbox.State(c.Value), queue.Assignee, queue.Unassigned)
	}
	of(queue.State, inbox.Assignee{}, false)
	of(queue.State, inbox.Assignee{Kind: inbox.AdminAssignee, ID: me}, false)
	of(queue.State, inbox.Assignee{}, true)
	for _, c := range []choice{{Word: "Everybody's"}, {Value: mine, Word: "Yours"}, {Value: nobodys, Word: "Nobody's"}} {
		c.Chosen, c.Link = c.Value == whose, queueAddress(queue.State, c.Value)
		p.Whose = append(p.Whose, c)
	}
	for _, a := range team.admins {
		if id := adminPrefix + strconv.FormatInt(a.ID, 10); a.ID != me {
			p.Others = append(p.Others, choice{Value: id, Word: team.admin(a.ID), Chosen: id == whose})
			of(queue.State, inbox.Assignee{Kind: inbox.AdminAssignee, ID: a.ID}, false)
		}
	}
	for _, t := range team.teams {
		id := teamPrefix + strconv.FormatInt(t.ID, 10)
		p.Others = append(p.Others, choice{Value: id, Word: t.Name + " (team)", Chosen: id == whose})
		of(queue.State, inbox.Assignee{Kind: inbox.TeamAssignee, ID: t.ID}, false)
	}
	return queues
}

// maxExcerpt is how much of its last words a list shows of a conversation, in bytes.
const maxExcerpt = 160

func (r *request) queueRow(c *inbox.Conversation, team staff) queueRow {
	row := queueRow{
		human: subjectOf(c), Link: r.in("conversations/" + strconv.FormatInt(c.ID, 10)), Title: cmp.Or(c.Title, c.Source.Subject),
		State: stateWord(c.State), Assignee: cmp.Or(team.admin(c.AdminAssigneeID), team.team(c.TeamAssigneeID)), At: r.moment(c.UpdatedAt),
		Waiting: r.moment(c.WaitingSince), Until: r.moment(c.SnoozedUntil), Urgency: string(c.Priority),
	}
	body, author := c.Source.Body, c.Source.Author
	if len(c.Parts) > 0 {
		body, author = c.Parts[0].Body, c.Parts[0].Author
	}
	row.Title = clipped(plainText(row.Title), maxExcerpt)
	row.Text = clipped(strings.Join(strings.Fields(plainText(body)), " "), maxExcerpt)
	if author.ContactID == "" {
		row.By = cmp.Or(team.admin(author.AdminID), "Lobby")
	}
	return row
}

// subjectOf is whom a conversation is with: the first participant.
func subjectOf(c *inbox.Conversation) human {
	if len(c.Participants) > 0 {
		return contactHuman(c.Participants[0])
	}
	return human{Name: "Nobody any more", Initials: "?", RoleWord: "Erased"}
}

// contactHuman is a contact of a conversation as every page names it.
func contactHuman(c *inbox.Contact) human {
	return newHuman(&people.Person{ID: c.ID, Name: c.Name, Email: c.Email, ExternalID: c.ExternalID, Role: people.Role(c.Role)})
}

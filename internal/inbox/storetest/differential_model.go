package storetest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"lobby/internal/inbox"
	"lobby/internal/search"
)

// model is what is known of the conversations of a workspace, in the simplest words.
type model struct {
	admin, team int64
	persons     []string
	into        map[string]string // of who was merged
	lost        map[string]bool   // who was erased
	merged      []merged
	talks       map[int64]*talk // by id
	messages    map[int64]*letter
	receipts    map[string]string // the persons, by id
}

// merged is one merge of a person.
type merged struct{ change, from, into string }

// talk is a conversation.
type talk struct {
	id, message     int64
	author          string // of its message; "" for an admin
	redacted        bool
	state           inbox.State
	until           int64
	parts           []*said
	who             []string // the records that take part
	isRead, tagged  bool
	title           string
	level           inbox.Priority
	admin, team     int64
	n               search.Value
	waiting, update int64
}

// said is a part.
type said struct {
	id   int64
	kind inbox.PartType
	by   string // the record of a contact; "" for an admin or the bot
	body string
}

// letter is a message of an admin.
type letter struct {
	id, at int64
	inApp  bool
	to     map[string]int64 // the conversation that it began for a record; 0 for none
}

func newModel() model {
	return model{into: map[string]string{}, lost: map[string]bool{}, talks: map[int64]*talk{}, messages: map[int64]*letter{}, receipts: map[string]string{}}
}

// today is whom a record leads to.
func (m *model) today(person string) string {
	for m.into[person] != "" {
		person = m.into[person]
	}
	return person
}

func (m *model) isThere(person string) bool { return !m.lost[m.today(person)] }

// anyTalk is a conversation, or now and then one that is not there.
func (m *model) anyTalk(random *rand.Rand) *talk {
	ids := slices.Sorted(maps.Keys(m.talks))
	if len(ids) == 0 || random.IntN(15) == 0 {
		return &talk{}
	}
	return m.talks[ids[max(0, len(ids)-1-random.IntN(min(len(ids), 6)))]]
}

// who are the persons that take part, as they are today.
func (m *model) who(c *talk) (all []string) {
	for _, p := range c.who {
		if today := m.today(p); !slices.Contains(all, today) {
			all = append(all, today)
		}
	}
	slices.Sort(all)
	return all
}

func (m *model) isAmong(c *talk, person string) bool {
	return m.isThere(person) && slices.Contains(m.who(c), m.today(person))
}

func (m *model) begun(id, message int64, author string, at int64) {
	m.talks[id] = &talk{id: id, message: message, author: author, state: inbox.Open, who: []string{author}, isRead: true, waiting: at, update: at}
}

// touch is a write: a snooze that is over ends first.
func (m *model) touch(c *talk, at int64) {
	if c.state == inbox.Snoozed && c.until <= at {
		c.state, c.until = inbox.Open, 0
		c.parts = append(c.parts, &said{kind: inbox.TimerUnsnoozePart})
	}
	c.update = at
}

func (c *talk) stateAt(now int64) inbox.State {
	if c.state == inbox.Snoozed && c.until <= now {
		return inbox.Open
	}
	return c.state
}

// act is what comes of an act.
func (m *model) act(c *talk, r inbox.Reply, person string, at int64) {
	m.touch(c, at)
	want := outcomes[r.Act][c.state]
	p := &said{kind: want.part, body: r.Body}
	if c.state = want.state; c.state != inbox.Snoozed {
		c.until = 0
	}
	speaks := r.Body != ""
	switch r.Act {
	case inbox.ContactComments, inbox.ContactChooses:
		p.by = person
		if c.waiting == 0 {
			c.waiting = at
		}
		speaks = false
	case inbox.AdminAsks:
		c.waiting, speaks = 0, true
	case inbox.AdminComments, inbox.AdminCloses:
		c.waiting = 0
	case inbox.AdminNotes, inbox.RulesAssign:
		speaks = false
	case inbox.AdminSnoozes:
		c.until, speaks = r.Until, false
	case inbox.AdminAssigns:
		if r.Assignee.Kind == inbox.TeamAssignee {
			c.team = r.Assignee.ID
		} else {
			c.admin = r.Assignee.ID
		}
	}
	if speaks {
		c.isRead = false
	}
	c.parts = append(c.parts, p)
}

func (m *model) attach(c *talk, person string, at int64) {
	m.touch(c, at)
	if !slices.Contains(m.who(c), person) {
		c.who = append(c.who, person)
		c.parts = append(c.parts, &said{kind: inbox.ParticipantAddedPart})
	}
}

func (m *model) detach(c *talk, person string, at int64) {
	m.touch(c, at)
	c.who = slices.DeleteFunc(c.who, func(p string) bool { return m.today(p) == person })
	c.parts = append(c.parts, &said{kind: inbox.ParticipantGonePart})
}

func (m *model) updated(c *talk, title string, isRead bool, level inbox.Priority, n search.Value, at int64) {
	m.touch(c, at)
	if c.n != n {
		c.parts = append(c.parts, &said{kind: inbox.AttributePart})
	}
	if c.level != level {
		c.parts = append(c.parts, &said{kind: inbox.PriorityPart})
	}
	c.title, c.isRead, c.level, c.n = title, isRead, level, n
}

// redacted is what is left of a text.
const redacted = "<p><i>This message was deleted</i></p>"

func (m *model) sent(l *letter, conversation int64, to ...string) {
	l.to = map[string]int64{}
	m.messages[l.id] = l
	var who []string
	for _, p := range to {
		if _, known := l.to[p]; !known {
			l.to[p] = conversation
			who = append(who, p)
		}
	}
	if conversation != 0 {
		m.talks[conversation] = &talk{id: conversation, message: l.id, state: inbox.Open, who: who, update: l.at}
	}
}

// answered is the conversation that a first reply to a message makes.
func (m *model) answered(l *letter, id int64, person string, at int64) *talk {
	c := &talk{id: id, message: l.id, state: inbox.Closed, who: []string{person}, update: at}
	m.talks[id] = c
	for p := range l.to {
		if m.today(p) == person {
			l.to[p] = id
		}
	}
	return c
}

// last is what a person answers to: its last conversation, or a later message that has none.
func (m *model) last(person string) (c *talk, l *letter) {
	if !m.isThere(person) {
		return nil, nil
	}
	for _, id := range slices.Sorted(maps.Keys(m.talks)) {
		if t := m.talks[id]; m.isAmong(t, person) && (c == nil || t.update >= c.update) {
			c = t
		}
	}
	for _, one := range m.unanswered(person) {
		if l == nil || one.at >= l.at {
			l = one
		}
	}
	if l != nil && (c == nil || l.at >= c.update) {
		return nil, l
	}
	return c, nil
}

// unanswered are the messages to a person that have no conversation with it, oldest first.
func (m *model) unanswered(person string) (all []*letter) {
	for _, id := range slices.Sorted(maps.Keys(m.messages)) {
		isTo, hasConversation := false, false
		for p, conversation := range m.messages[id].to {
			if m.today(p) == m.today(person) {
				isTo = true
				hasConversation = hasConversation || conversation != 0
			}
		}
		if isTo && !hasConversation {
			all = append(all, m.messages[id])
		}
	}
	return all
}

// gone forgets a conversation. Its message goes with what it began.
func (m *model) gone(c *talk) {
	delete(m.talks, c.id)
	if l := m.messages[c.message]; l != nil {
		maps.DeleteFunc(l.to, func(_ string, conversation int64) bool { return conversation == c.id })
	}
}

// erased forgets a person with those that it absorbed.
func (m *model) erased(person string) {
	is := func(p string) bool { return m.today(p) == person }
	for _, id := range slices.Sorted(maps.Keys(m.talks)) {
		c := m.talks[id]
		if m.isAmong(c, person) && len(m.who(c)) == 1 {
			m.gone(c)
			continue
		}
		c.who = slices.DeleteFunc(c.who, is)
		for _, p := range c.parts {
			if p.by != "" && is(p.by) && p.body != "" {
				p.body = redacted
			}
		}
	}
	for _, l := range m.messages {
		maps.DeleteFunc(l.to, func(p string, _ int64) bool { return is(p) })
	}
	for _, p := range m.persons {
		if is(p) {
			m.lost[p] = true
		}
	}
	m.lost[person] = true
	maps.DeleteFunc(m.receipts, func(_, p string) bool { return !m.isThere(p) })
}

// woken ends the snoozes that are over, and counts them.
func (m *model) woken(now int64) (n int) {
	for _, c := range m.talks {
		if c.state == inbox.Snoozed && c.until <= now {
			m.touch(c, now)
			n++
		}
	}
	return n
}

// unread counts the conversations and messages in the product that have words which no contact has read.
func (m *model) unread(person string) (n int) {
	for _, c := range m.talks {
		if m.isAmong(c, person) && !c.isRead {
			n++
		}
	}
	for _, l := range m.unanswered(person) {
		if l.inApp {
			n++
		}
	}
	return n
}

// summary is what the model knows of a conversation.
func (m *model) summary(c *talk, now int64) string {
	var b strings.Builder
	until := c.until
	if c.stateAt(now) != inbox.Snoozed {
		until = 0
	}
	fmt.Fprintln(&b, c.message, c.stateAt(now), until, c.isRead, c.title, c.level, c.admin, c.team, c.tagged, c.waiting, c.update, m.who(c))
	for _, p := range c.parts {
		by := p.by
		if by != "" {
			if by = m.today(by); m.lost[by] {
				by = ""
			}
		}
		fmt.Fprintln(&b, p.kind, by, p.body)
	}
	return b.String()
}

// summary is the same of a conversation as it is shown.
func summary(c *inbox.Conversation) string {
	var b strings.Builder
	var who []string
	for _, p := range c.Participants {
		who = append(who, p.ID)
	}
	slices.Sort(who)
	fmt.Fprintln(&b, c.MessageID, c.State, c.SnoozedUntil, c.IsRead, c.Title, c.Priority, c.AdminAssigneeID, c.TeamAssigneeID, len(c.Tags) == 1, c.WaitingSince, c.UpdatedAt, who)
	for _, p := range c.Parts {
		by := ""
		if p.Contact != nil {
			by = p.Contact.ID
		}
		fmt.Fprintln(&b, p.Type, by, p.Body)
	}
	return b.String()
}

package inbox

import (
	"math"
	"slices"

	"lobby/internal/workspace"
)

// Personal returns the conversations in which a person takes part or wrote, oldest first, at a Unix second. They have what
// the person wrote and what it could see, all parts of it. Where nobody else takes part, they also have what admins noted and
// what happened. What a person absorbed did counts as its own.
func Personal(r Reader, ws workspace.ID, personID string, now int64) ([]*Conversation, error) {
	takesPart, err := r.ConversationsOf(ws, personID)
	if err != nil {
		return nil, err
	}
	wrote, err := r.ConversationsWrittenBy(ws, personID)
	if err != nil {
		return nil, err
	}
	ids := slices.Concat(takesPart, wrote)
	slices.Sort(ids)
	var all []*Conversation
	for _, id := range slices.Compact(ids) {
		c, err := r.Conversation(ws, id)
		if err != nil {
			return nil, err
		}
		if c.Parts, err = r.Parts(ws, id, math.MaxInt32); err != nil {
			return nil, err
		}
		if err := Show(r, ws, now, c); err != nil {
			return nil, err
		}
		c.narrow(personID, slices.Contains(takesPart, id))
		all = append(all, c)
	}
	return all, nil
}

// PersonalMessages returns the messages that are addressed to a person and that none of the conversations, which are those of
// [Personal], shows, oldest first. Many of them have no conversation, because nobody has answered.
func PersonalMessages(r Reader, ws workspace.ID, personID string, conversations []*Conversation) ([]*Message, error) {
	all, err := r.MessagesTo(ws, personID)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(m *Message) bool {
		return slices.ContainsFunc(conversations, func(c *Conversation) bool { return c.Source != nil && c.Source.ID == m.ID })
	})
	ids, authors := make([]int64, len(all)), make([]*Author, len(all))
	for i, m := range all {
		ids[i], authors[i] = m.ID, &m.Author
	}
	files, _, err := r.AttachmentsOf(ws, ids, nil)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		m.Attachments = files[m.ID]
	}
	return all, showAuthors(r, ws, nil, authors)
}

// narrow leaves what a person wrote, and what it may know when it takes part.
func (c *Conversation) narrow(personID string, takesPart bool) {
	isAlone := takesPart && len(c.Participants) == 1
	c.Parts = slices.DeleteFunc(c.Parts, func(p *Part) bool {
		isSeen := isAlone || takesPart && (p.Body != "" || len(p.Attachments) > 0) && !p.isNote()
		return !isSeen && !p.isBy(personID)
	})
	if !takesPart && !c.Source.isBy(personID) {
		c.Source = nil
	}
	if !isAlone { // what admins keep about it may be about others
		c.Tags, c.CustomAttributes = nil, nil
	}
}

// isBy reports whether a person wrote it.
func (a *Author) isBy(personID string) bool { return a.Contact != nil && a.Contact.ID == personID }

// isNote reports whether only admins see the part.
func (p *Part) isNote() bool { return p.Type == NotePart || p.Type == NoteAndUnsnoozePart }

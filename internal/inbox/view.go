package inbox

import (
	"cmp"
	"maps"
	"slices"

	"lobby/internal/workspace"
)

// showWhole sets what the view of one conversation shows at a Unix second.
func showWhole(r Reader, c *Conversation, now int64) (err error) {
	if c.Parts, err = r.Parts(c.Workspace, c.ID, MaxParts); err != nil {
		return err
	}
	return Show(r, c.Workspace, now, c)
}

// view returns what the conversation will show when it is saved.
func (t *thread) view() (*Conversation, error) {
	stored, err := t.w.Unlocked().Parts(t.now.Workspace, t.now.ID, MaxParts)
	if err != nil {
		return nil, err
	}
	c := t.now.clone()
	c.Participants, c.Parts = t.known, t.withNew(stored)
	c.Parts = c.Parts[max(0, len(c.Parts)-MaxParts):]
	if err := Show(t.w.Unlocked(), c.Workspace, t.in.Unix(), c); err != nil {
		return nil, err
	}
	for _, p := range t.parts {
		if p.AdminID != 0 && !slices.Contains(c.Teammates, p.AdminID) {
			c.Teammates = append(c.Teammates, p.AdminID)
		}
	}
	slices.Sort(c.Teammates)
	return c, nil
}

// withNew returns parts of the conversation, which are in order, together with the new ones.
func (t *thread) withNew(stored []*Part) []*Part {
	all := append(stored, t.parts...)
	slices.SortStableFunc(all, func(p, q *Part) int { return cmp.Compare(p.CreatedAt, q.CreatedAt) })
	return all
}

// ViewOfPart returns a conversation at a Unix second with one of its parts alone; partID 0 is for none. It returns nil when
// the conversation is gone.
func ViewOfPart(r Reader, ws workspace.ID, id, partID, now int64) (*Conversation, error) {
	c, err := r.Conversation(ws, id)
	if err != nil || c == nil {
		return nil, err
	}
	if partID != 0 {
		p, err := r.Part(ws, partID)
		if err != nil {
			return nil, err
		}
		if p != nil && p.ConversationID == id {
			c.Parts = []*Part{p}
		}
	}
	c.PartCount = int64(len(c.Parts))
	return c, Show(r, ws, now, c)
}

// Show sets what the view of conversations of one workspace shows, but for their parts, and for participants that are there
// already. A snooze that is over is not shown.
func Show(r Reader, ws workspace.ID, now int64, all ...*Conversation) error {
	if len(all) == 0 {
		return nil
	}
	ids, messageIDs := make([]int64, len(all)), make([]int64, len(all))
	for i, c := range all {
		ids[i], messageIDs[i] = c.ID, c.MessageID
		if c.isDue(now) {
			c.State, c.SnoozedUntil = Open, 0
		}
	}
	messages, err := r.Messages(ws, messageIDs)
	if err != nil {
		return err
	}
	if err := showParticipants(r, ws, all, ids); err != nil {
		return err
	}
	teammates, err := r.AdminsOf(ws, ids)
	if err != nil {
		return err
	}
	tags, err := r.ConversationTags(ws, ids)
	if err != nil {
		return err
	}
	var authors []*Author
	for _, c := range all {
		c.Source, c.Teammates, c.Tags = messages[c.MessageID], teammates[c.ID], tags[c.ID]
		authors = append(authors, &c.Source.Author)
		for _, p := range c.Parts {
			authors = append(authors, &p.Author)
		}
	}
	if err := showAttachments(r, ws, all, messageIDs); err != nil {
		return err
	}
	if err := showTeams(r, ws, all); err != nil {
		return err
	}
	return showAuthors(r, ws, all, authors)
}

// showParticipants sets who takes part in conversations, where that is not set.
func showParticipants(r Reader, ws workspace.ID, all []*Conversation, ids []int64) error {
	if !slices.ContainsFunc(all, func(c *Conversation) bool { return c.Participants == nil }) {
		return nil
	}
	participants, err := r.Participants(ws, ids)
	for _, c := range all {
		if c.Participants == nil {
			c.Participants = participants[c.ID]
		}
	}
	return err
}

// People returns the ids of the persons of whom a view shows something, each once: as they are today, who takes part first.
func (c *Conversation) People() (ids []string) {
	add := func(p *Contact) {
		if p != nil && !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	for _, p := range c.Participants {
		add(p)
	}
	add(c.Source.Contact)
	for _, p := range c.Parts {
		add(p.Contact)
	}
	return ids
}

// showAttachments sets the attachments of the messages and the parts of conversations.
func showAttachments(r Reader, ws workspace.ID, all []*Conversation, messageIDs []int64) error {
	var partIDs []int64
	for _, c := range all {
		for _, p := range c.Parts {
			if p.HasFiles && p.ID != 0 {
				partIDs = append(partIDs, p.ID)
			}
		}
	}
	ofMessages, ofParts, err := r.AttachmentsOf(ws, messageIDs, partIDs)
	for _, c := range all {
		c.Source.Attachments = ofMessages[c.MessageID]
		for _, p := range c.Parts {
			if p.ID != 0 { // a new one has them
				p.Attachments = ofParts[p.ID]
			}
		}
	}
	return err
}

// showTeams sets the names of the teams in the paces of conversations.
func showTeams(r Reader, ws workspace.ID, all []*Conversation) error {
	if !slices.ContainsFunc(all, func(c *Conversation) bool { return c.Statistics.Pace != "" }) {
		return nil
	}
	teams, err := r.Teams(ws)
	if err != nil || len(teams) == 0 {
		return err
	}
	names := make(map[int64]string, len(teams))
	for _, g := range teams {
		names[g.ID] = g.Name
	}
	for _, c := range all {
		c.TeamNames = names
	}
	return nil
}

// showAuthors sets who the authors are today. Many of them take part in the conversations.
func showAuthors(r Reader, ws workspace.ID, all []*Conversation, authors []*Author) error {
	contacts, adminWrote := map[string]*Contact{}, false
	for _, c := range all {
		for _, p := range c.Participants {
			contacts[p.ID] = p
		}
	}
	var unknown []string
	for _, a := range authors {
		adminWrote = adminWrote || a.AdminID != 0
		if _, known := contacts[a.ContactID]; a.ContactID != "" && !known {
			contacts[a.ContactID] = nil
			unknown = append(unknown, a.ContactID)
		}
	}
	found, err := r.ContactsByID(ws, unknown)
	if err != nil {
		return err
	}
	maps.Copy(contacts, found)
	admins := map[int64]*workspace.Admin{}
	if adminWrote {
		list, err := r.Admins(ws)
		if err != nil {
			return err
		}
		for _, admin := range list {
			admins[admin.ID] = admin
		}
	}
	for _, a := range authors {
		a.Contact, a.Admin = contacts[a.ContactID], admins[a.AdminID]
		if a.AdminID != 0 && a.Admin == nil {
			a.Admin = &workspace.Admin{Workspace: ws, ID: a.AdminID}
		}
	}
	return nil
}

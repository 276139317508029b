package inbox

import (
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

// Show sets what the view of conversations of one workspace shows, but for their parts. A snooze that is over is not shown.
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
	participants, err := r.Participants(ws, ids)
	if err != nil {
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
		c.Source, c.Participants, c.Teammates, c.Tags = messages[c.MessageID], participants[c.ID], teammates[c.ID], tags[c.ID]
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
	return showAuthors(r, ws, authors)
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
			if p.HasFiles {
				partIDs = append(partIDs, p.ID)
			}
		}
	}
	ofMessages, ofParts, err := r.AttachmentsOf(ws, messageIDs, partIDs)
	for _, c := range all {
		c.Source.Attachments = ofMessages[c.MessageID]
		for _, p := range c.Parts {
			p.Attachments = ofParts[p.ID]
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

// showAuthors sets who the authors are today.
func showAuthors(r Reader, ws workspace.ID, authors []*Author) error {
	var contactIDs []string
	known, adminWrote := map[string]bool{}, false
	for _, a := range authors {
		adminWrote = adminWrote || a.AdminID != 0
		if a.ContactID != "" && !known[a.ContactID] {
			known[a.ContactID] = true
			contactIDs = append(contactIDs, a.ContactID)
		}
	}
	contacts, err := r.ContactsByID(ws, contactIDs)
	if err != nil {
		return err
	}
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

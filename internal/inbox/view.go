package inbox

import (
	"lobby/internal/workspace"
)

// showWhole sets what the view of one conversation shows.
func (in *Inbox) showWhole(r Reader, c *Conversation) (err error) {
	if c.Parts, err = r.Parts(c.Workspace, c.ID, MaxParts); err != nil {
		return err
	}
	return in.show(r, c.Workspace, c)
}

// show sets what the view of conversations of one workspace shows, but for their parts. A snooze that is over is not shown.
func (in *Inbox) show(r Reader, ws workspace.ID, all ...*Conversation) error {
	if len(all) == 0 {
		return nil
	}
	ids, messageIDs := make([]int64, len(all)), make([]int64, len(all))
	for i, c := range all {
		ids[i], messageIDs[i] = c.ID, c.MessageID
		if c.isDue(in.Unix()) {
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
	return showAuthors(r, ws, authors)
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

package inbox

import (
	"fmt"
	"maps"
	"slices"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// ImportError says why a conversation of another server was not written.
type ImportError struct{ Why string }

func (e *ImportError) Error() string { return e.Why }

// The reasons for which an import leaves a conversation as it is here.
var (
	errDeletedHere = &ImportError{"it was deleted here"}
	errNewerHere   = &ImportError{"it was changed here later than there"}
	errOtherHere   = &ImportError{"another conversation has its id here"}
	errMessageHere = &ImportError{"another message has the id of its first message here"}
	errNobodyHere  = &ImportError{"nobody who takes part in it is here"}
)

// LeftOut is something of an imported conversation that was not written.
type LeftOut struct{ Kind, ID, Why string }

// Import writes a conversation as another server has it, with all its ids and times: the record, its source, participants,
// tags and parts. Its counts and statistics follow from its parts, but for the reopenings. A MessageID of 0 is unknown.
//
// One that is here gets what it lacks, and the words that were redacted there. Parts that only this server has stay. Words
// of somebody who was erased here come redacted. Nobody is told. Errors: ImportError.
func Import(w Writer, c *Conversation, now int64) (left []LeftOut, err error) {
	before, err := CheckImport(w, c)
	if err != nil {
		return nil, err
	}
	im := &imported{w: w, now: c.clone(), view: c}
	if im.contacts, err = im.known(); err != nil {
		return nil, err
	}
	steps := []func() error{im.source, im.parts, im.participants, im.tags, func() error { return im.attributes(now) }, im.count}
	if before != nil {
		im.now.MessageID = before.MessageID
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if before == nil {
		return im.left, w.InsertConversation(im.now)
	}
	return im.left, w.UpdateConversation(before, im.now)
}

// CheckImport returns the conversation that is here under the id of one of another server, nil for none. Errors:
// ImportError.
func CheckImport(r Reader, c *Conversation) (*Conversation, error) {
	before, err := r.Conversation(c.Workspace, c.ID)
	if err != nil {
		return nil, err
	}
	if before == nil {
		deleted, err := r.WasDeleted(c.Workspace, c.ID)
		if err == nil && deleted {
			err = errDeletedHere
		}
		return nil, err
	}
	switch {
	case before.CreatedAt != c.CreatedAt || c.MessageID != 0 && before.MessageID != c.MessageID:
		return nil, errOtherHere
	case before.UpdatedAt > c.UpdatedAt:
		return nil, errNewerHere
	}
	return before, nil
}

// imported is a conversation that is being imported.
type imported struct {
	w    Writer
	now  *Conversation // as it will be
	view *Conversation // as it came
	// contacts are those who take part or wrote and are here, by the ids that came. erased are the ids of who was erased here.
	contacts map[string]*Contact
	erased   map[string]bool
	left     []LeftOut
}

// known returns the contacts of the view who are here.
func (im *imported) known() (here map[string]*Contact, err error) {
	var ids []string
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, p := range im.view.Participants {
		add(p.ID)
	}
	add(im.view.Source.ContactID)
	for _, p := range im.view.Parts {
		add(p.ContactID)
	}
	if im.erased, err = im.w.Erased(im.now.Workspace, ids); err != nil {
		return nil, err
	}
	return im.w.Unlocked().ContactsByID(im.now.Workspace, ids)
}

// source writes the first message.
func (im *imported) source() (err error) {
	ws, m := im.now.Workspace, *im.view.Source
	m.Workspace = ws
	if im.erased[m.ContactID] {
		m.Body, m.Subject, m.URL, m.Redacted, m.Attachments = redactedBody, "", "", true, nil
	}
	if im.now.MessageID == 0 {
		if im.now.MessageID, err = im.w.NextNumber(ws, "message"); err != nil {
			return err
		}
	}
	m.ID = im.now.MessageID
	found, err := im.w.Messages(ws, []int64{m.ID})
	if err != nil {
		return err
	}
	switch old := found[m.ID]; {
	case old == nil:
		if err := im.w.InsertMessage(&m); err != nil {
			return err
		}
		return im.files(m.ID, 0, m.Attachments)
	case old.Delivery != m.Delivery || old.AdminID != m.AdminID || old.Body != m.Body && !m.Redacted && !old.Redacted:
		return errMessageHere
	case m.Redacted && !old.Redacted:
		return im.w.RedactMessage(ws, m.ID, m.Body)
	}
	return nil
}

// files writes the attachments of a message or a part, which have their ids.
func (im *imported) files(messageID, partID int64, all []*Attachment) error {
	for i, a := range all {
		if err := im.w.InsertAttachment(im.now.Workspace, messageID, partID, i+1, a); err != nil {
			return err
		}
	}
	return nil
}

// parts writes the parts that are not here.
func (im *imported) parts() error {
	ws, ids := im.now.Workspace, make([]int64, len(im.view.Parts))
	for i, p := range im.view.Parts {
		ids[i] = p.ID
	}
	here, err := im.w.PartsByID(ws, ids)
	if err != nil {
		return err
	}
	for _, came := range im.view.Parts {
		p := *came
		p.Workspace, p.ConversationID, p.HasFiles = ws, im.now.ID, len(p.Attachments) > 0
		if im.erased[p.ContactID] {
			p.Redacted, p.Details, p.Attachments, p.HasFiles = true, Details{}, nil, false
			if p.Body != "" {
				p.Body = redactedBody
			}
		}
		switch old := here[p.ID]; {
		case old == nil:
			if err := im.w.InsertPart(&p); err != nil {
				return err
			}
			if err := im.files(0, p.ID, p.Attachments); err != nil {
				return err
			}
		case old.ConversationID != p.ConversationID || old.CreatedAt != p.CreatedAt:
			return &ImportError{fmt.Sprintf("another part has the id of its part %d here", p.ID)}
		case p.Redacted && !old.Redacted && old.Body != "":
			if err := im.w.RedactPart(ws, p.ID, p.Body, p.UpdatedAt); err != nil {
				return err
			}
		}
	}
	return nil
}

// participants makes those take part who did there and are here.
func (im *imported) participants() error {
	ws, id := im.now.Workspace, im.now.ID
	all, err := im.w.Unlocked().Participants(ws, []int64{id})
	if err != nil {
		return err
	}
	some := false
	for i, p := range im.view.Participants {
		today := im.contacts[p.ID]
		if today == nil {
			im.left = append(im.left, LeftOut{"participant", p.ID, "the contact is not here"})
			continue
		}
		some = true
		if isAmong(all[id], today.ID) {
			continue
		}
		all[id] = append(all[id], today)
		if err := im.w.InsertParticipant(ws, id, p.ID, im.now.CreatedAt+int64(i)); err != nil {
			return err
		}
	}
	if !some {
		return errNobodyHere
	}
	for _, p := range all[id] {
		stays := slices.ContainsFunc(im.view.Participants, func(came *Contact) bool {
			today := im.contacts[came.ID]
			return today != nil && today.ID == p.ID
		})
		if stays {
			continue
		}
		if err := im.w.DeleteParticipant(ws, id, p.ID); err != nil {
			return err
		}
	}
	return nil
}

// tags puts on the conversation the tags that it had there and that are here, and takes off all others.
func (im *imported) tags() error {
	ws, id := im.now.Workspace, im.now.ID
	carried, err := im.w.ConversationTags(ws, []int64{id})
	if err != nil {
		return err
	}
	isIn := func(all []*Tag, tagID int64) bool {
		return slices.ContainsFunc(all, func(t *Tag) bool { return t.ID == tagID })
	}
	for _, t := range carried[id] {
		if isIn(im.view.Tags, t.ID) {
			continue
		}
		if err := im.w.UntagConversation(ws, id, t.ID); err != nil {
			return err
		}
	}
	for _, t := range im.view.Tags {
		if isIn(carried[id], t.ID) {
			continue
		}
		name, err := im.w.TagName(ws, t.ID)
		switch {
		case err != nil:
			return err
		case name == "":
			im.left = append(im.left, LeftOut{"conversation_tag", t.Name, "the tag is not here"})
			continue
		}
		if err := im.w.TagConversation(ws, id, t); err != nil {
			return err
		}
	}
	return nil
}

// attributes defines the custom attributes by their first values, and leaves out values of another type.
func (im *imported) attributes(now int64) error {
	if len(im.now.CustomAttributes) == 0 {
		return nil
	}
	defined, err := im.w.ConversationAttributes(im.now.Workspace)
	if err != nil {
		return err
	}
	kept := search.Attributes{}
	for _, name := range slices.Sorted(maps.Keys(im.now.CustomAttributes)) {
		value := im.now.CustomAttributes[name]
		err := define(im.w, defined, &Attribute{Workspace: im.now.Workspace, Name: name, CreatedAt: now, UpdatedAt: now}, value)
		if invalid, is := err.(*workspace.InvalidError); is { //nolint:errorlint // it is not wrapped
			im.left = append(im.left, LeftOut{"custom_attribute", name, invalid.Reason})
			continue
		}
		if err != nil {
			return err
		}
		kept[name] = value
	}
	im.now.CustomAttributes = kept
	return nil
}

// count sets what follows from all parts that are here now.
func (im *imported) count() error {
	all, err := im.w.Unlocked().Parts(im.now.Workspace, im.now.ID, AllParts)
	if err != nil {
		return err
	}
	sources, err := im.w.Messages(im.now.Workspace, []int64{im.now.MessageID})
	if err != nil {
		return err
	}
	im.now.PartCount = int64(len(all))
	im.now.Statistics, err = im.now.Recount(sources[im.now.MessageID], all)
	return err
}

package inbox

import (
	"context"
	"strconv"

	"lobby/internal/workspace"
)

// thread is a conversation that is being changed, in one transaction. What it makes is written by [thread.save], all at once.
type thread struct {
	in     *Inbox
	w      Writer
	caller workspace.Caller
	// before is the record as it was stored, now as it will be.
	before, now *Conversation
	// parts are the new ones. They get their ids when they are written.
	parts []*Part
	told  []notice
	mails []outgoing
	// known are the participants, nil when they may have changed or were not asked for yet.
	known []*Contact
}

// notice is what to tell of a thread: of a part, or of the conversation when it is nil.
type notice struct {
	topic    workspace.Topic
	personID string
	of       *Part
}

// outgoing is a mail with a part.
type outgoing struct {
	*Mail
	of *Part
}

// change runs fn on a locked conversation, writes what fn made of it, and returns the whole view. A snooze that is over ends
// first. Errors: ErrConversationNotFound and those of fn.
func (in *Inbox) change(ctx context.Context, c workspace.Caller, id int64, fn func(*thread) error) (*Conversation, error) {
	return write(ctx, in, func(w Writer) (*Conversation, error) { return in.changeIn(w, c, id, fn) })
}

// changeIn is change within a transaction. What the view shows is read before the conversation is saved.
func (in *Inbox) changeIn(w Writer, c workspace.Caller, id int64, fn func(*thread) error) (*Conversation, error) {
	t, err := in.open(w, c, id)
	if err != nil {
		return nil, err
	}
	if err := fn(t); err != nil {
		return nil, err
	}
	view, err := t.view()
	if err != nil {
		return nil, err
	}
	err = t.save()
	view.UpdatedAt = t.now.UpdatedAt
	return view, err
}

// edit changes a conversation within a transaction, and shows nothing of it. Errors: ErrConversationNotFound and those of fn.
func (in *Inbox) edit(w Writer, c workspace.Caller, id int64, fn func(*thread) error) error {
	t, err := in.open(w, c, id)
	if err != nil {
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	return t.save()
}

// open locks a conversation for a change, and ends its snooze if that is over. Errors: ErrConversationNotFound.
func (in *Inbox) open(w Writer, c workspace.Caller, id int64) (*thread, error) {
	found, err := w.Conversation(c.Workspace, id)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, ErrConversationNotFound
	}
	t := &thread{in: in, w: w, caller: c, before: found, now: found.clone()}
	if found.isDue(in.Unix()) {
		err = t.add(TimerEnds, &Part{CreatedAt: found.SnoozedUntil})
	}
	return t, err
}

// save writes the conversation with all that is new. It comes last, because others wait from its first statement on.
func (t *thread) save() (err error) {
	for _, m := range t.mails {
		if m.ID, err = t.w.NextNumber(t.now.Workspace, mailNumber); err != nil {
			return err
		}
	}
	firstPart, at, err := t.w.AdvanceConversations(t.now.Workspace, t.in.Unix(), len(t.parts))
	if err != nil {
		return err
	}
	t.now.UpdatedAt = at
	for i, p := range t.parts {
		p.ID = firstPart + int64(i)
		if err := t.w.InsertPart(p); err != nil {
			return err
		}
		if err := insertAttachments(t.w, p.Workspace, 0, p.ID, p.Attachments); err != nil {
			return err
		}
	}
	for _, n := range t.told {
		of := int64(0)
		if n.of != nil {
			of = n.of.ID
		}
		if err := t.in.emit(t.w, n.topic, t.now, n.personID, of); err != nil {
			return err
		}
	}
	for _, m := range t.mails {
		m.PartID = m.of.ID
		if err := t.w.InsertMail(m.Mail); err != nil {
			return err
		}
	}
	return t.w.UpdateConversation(t.before, t.now)
}

// add makes the part of an act and moves the conversation by [Transitions]. The part has its author, and what else the act
// says; its time is now unless it has one.
func (t *thread) add(act Act, p *Part) error {
	return t.move(act, Transitions[act][t.now.State], p)
}

// move is add for a transition that the table does not have.
func (t *thread) move(act Act, step Transition, p *Part) error {
	from := t.now.State
	p.Type = step.Part
	t.now.State = step.To
	if step.To != Snoozed {
		t.now.SnoozedUntil = 0
	}
	t.append(p)
	t.settle(act, p)
	if err := t.count(p, from); err != nil {
		return err
	}
	topics := act.topics(from)
	if from == Snoozed && t.now.State == Open {
		topics = append(topics, ConversationUnsnoozed)
	}
	for _, topic := range topics {
		if err := t.emit(topic, p); err != nil {
			return err
		}
	}
	return nil
}

// settle sets what follows from an act and its part besides the state.
func (t *thread) settle(act Act, p *Part) {
	switch act {
	case ContactComments, ContactChooses:
		if t.now.WaitingSince == 0 {
			t.now.WaitingSince = p.CreatedAt
		}
		if t.now.FirstReplyAt == 0 {
			t.now.FirstReplyAt = p.CreatedAt
		}
	case AdminComments, AdminAsks, AdminCloses:
		t.now.WaitingSince = 0
	}
	if act.speaks(p.Body) || act == BotAnswers {
		t.now.IsRead = false
	}
}

// append adds a part that leaves the state as it is.
func (t *thread) append(p *Part) {
	p.Workspace, p.ConversationID, p.State = t.now.Workspace, t.now.ID, t.now.State
	if p.CreatedAt == 0 {
		p.CreatedAt = t.in.Unix()
	}
	p.UpdatedAt, p.Attachments = p.CreatedAt, t.in.named(p.Attachments)
	p.HasFiles = len(p.Attachments) > 0
	t.now.PartCount++
	t.parts = append(t.parts, p)
}

// emit tells of the conversation and a part of it, nil for none.
func (t *thread) emit(topic workspace.Topic, of *Part) error {
	about := ""
	if of != nil {
		about = of.ContactID
	}
	if about == "" {
		all, err := t.participants()
		if err != nil {
			return err
		}
		if len(all) > 0 {
			about = all[0].ID
		}
	}
	t.told = append(t.told, notice{topic, about, of})
	return nil
}

// emit adds an entry about a conversation and one of its parts or tags by id, 0 for none.
func (in *Inbox) emit(w Writer, topic workspace.Topic, c *Conversation, personID string, of int64) error {
	subject := strconv.FormatInt(c.ID, 10)
	if of != 0 {
		subject += "/" + strconv.FormatInt(of, 10)
	}
	return in.Emit(w, &workspace.OutboxEntry{Workspace: c.Workspace, Topic: topic, PersonID: personID, SubjectID: subject})
}

// participants returns who takes part in the conversation.
func (t *thread) participants() (all []*Contact, err error) {
	if t.known == nil {
		t.known, err = participantsOf(t.w.Unlocked(), t.now)
	}
	return t.known, err
}

func participantsOf(r Reader, c *Conversation) ([]*Contact, error) {
	all, err := r.Participants(c.Workspace, []int64{c.ID})
	return all[c.ID], err
}

// firstParticipant returns the id of who takes part in a conversation for longest; "" for nobody.
func firstParticipant(r Reader, c *Conversation) (string, error) {
	all, err := participantsOf(r, c)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0].ID, nil
}

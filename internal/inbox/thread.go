package inbox

import (
	"context"
	"strconv"

	"lobby/internal/workspace"
)

// thread is a conversation that is being changed, in one transaction.
type thread struct {
	in     *Inbox
	w      Writer
	caller workspace.Caller
	// before is the record as it was stored, now as it will be.
	before, now *Conversation
}

// change runs fn on a locked conversation, writes what fn made of it, and returns the whole view. A snooze that is over ends
// first. Errors: ErrConversationNotFound and those of fn.
func (in *Inbox) change(ctx context.Context, c workspace.Caller, id int64, fn func(*thread) error) (*Conversation, error) {
	return write(ctx, in, func(w Writer) (*Conversation, error) { return in.changeIn(w, c, id, fn) })
}

// changeIn is change within a transaction.
func (in *Inbox) changeIn(w Writer, c workspace.Caller, id int64, fn func(*thread) error) (*Conversation, error) {
	changed, err := in.edit(w, c, id, fn)
	if err != nil {
		return nil, err
	}
	return changed, showWhole(w.Unlocked(), changed, in.Unix())
}

// edit is changeIn, but returns the record without what a view adds.
func (in *Inbox) edit(w Writer, c workspace.Caller, id int64, fn func(*thread) error) (*Conversation, error) {
	t, err := in.open(w, c, id)
	if err != nil {
		return nil, err
	}
	if err := fn(t); err != nil {
		return nil, err
	}
	return t.now, t.save()
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

// save writes the conversation. It comes last, because others wait from here on.
func (t *thread) save() (err error) {
	if t.now.UpdatedAt, err = t.w.AdvanceConversations(t.now.Workspace, t.in.Unix()); err != nil {
		return err
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
	if err := t.append(p); err != nil {
		return err
	}
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

// append writes a part that leaves the state as it is.
func (t *thread) append(p *Part) (err error) {
	if p.ID, err = t.w.NextNumber(t.now.Workspace, "part"); err != nil {
		return err
	}
	p.Workspace, p.ConversationID, p.State = t.now.Workspace, t.now.ID, t.now.State
	if p.CreatedAt == 0 {
		p.CreatedAt = t.in.Unix()
	}
	p.UpdatedAt, p.HasFiles = p.CreatedAt, len(p.Attachments) > 0
	t.now.PartCount++
	if err := t.w.InsertPart(p); err != nil {
		return err
	}
	return t.in.attach(t.w, p.Workspace, 0, p.ID, p.Attachments)
}

// emit tells of the conversation and a part of it, nil for none.
func (t *thread) emit(topic workspace.Topic, p *Part) error {
	if p == nil {
		p = &Part{}
	}
	about := p.ContactID
	if about == "" {
		var err error
		if about, err = firstParticipant(t.w.Unlocked(), t.now); err != nil {
			return err
		}
	}
	return t.in.emit(t.w, topic, t.now, about, p.ID)
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
func (t *thread) participants() ([]*Contact, error) {
	all, err := t.w.Unlocked().Participants(t.now.Workspace, []int64{t.now.ID})
	return all[t.now.ID], err
}

// firstParticipant returns the id of who takes part in a conversation for longest; "" for nobody.
func firstParticipant(r Reader, c *Conversation) (string, error) {
	all, err := r.Participants(c.Workspace, []int64{c.ID})
	if err != nil || len(all[c.ID]) == 0 {
		return "", err
	}
	return all[c.ID][0].ID, nil
}

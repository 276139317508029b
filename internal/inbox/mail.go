package inbox

import (
	"context"
	"errors"

	"lobby/internal/ticker"
	"lobby/internal/workspace"
)

// MailState says how a mail stands.
type MailState string

// The states of a mail.
const (
	MailWaits      MailState = "waiting"
	MailSent       MailState = "sent"       // a mail server accepted it
	MailFailed     MailState = "failed"     // given up
	MailSuppressed MailState = "suppressed" // not to be sent any more
)

// Mail is one email to one contact, in the queue or done. What it says is looked up when it is sent.
type Mail struct {
	Workspace workspace.ID
	ID        int64 // unique within the workspace and never reused
	// MessageID or PartID is what is sent; the other is 0.
	MessageID, PartID int64
	PersonID          string
	State             MailState
	// Reason is why it failed or was suppressed, and of one that waits why the last attempt failed; "" for none.
	Reason string
	// Attempts counts the attempts that began.
	Attempts  int64
	CreatedAt int64 // Unix seconds, as all times
	// NextAttemptAt is set exactly while the mail waits. A server that attempts it moves it on, so that another one takes the
	// mail only when the first one is gone.
	NextAttemptAt int64
	SentAt        int64
}

// Letter is a mail with what it says, for one attempt.
type Letter struct {
	*Mail
	To Mailbox
	// Author is the admin who wrote it; its name is empty when the admin is gone.
	Author      *workspace.Admin
	Subject     string // "" for none
	Body        string // safe HTML
	Template    Template
	Attachments []*Attachment
	// ThreadID is the message with which the thread began. IsReply says that this is not that message.
	ThreadID int64
	IsReply  bool
}

// MailReader reads the queue.
type MailReader interface {
	// Mail returns a mail. On a Writer it locks it.
	Mail(ws workspace.ID, id int64) (*Mail, error)
	// DueMails lists mails of all workspaces that are to be attempted at a Unix second, the longest due first, at most limit.
	DueMails(now int64, limit int) ([]Address, error)
	// MailsTo returns the mails to a person, and to those that it absorbed, oldest first.
	MailsTo(ws workspace.ID, personID string) ([]*Mail, error)
	// MailKey returns the secret with which a workspace signs the links in its mails; "" for none yet.
	MailKey(ws workspace.ID) (string, error)
}

// MailWriter changes the queue.
type MailWriter interface {
	InsertMail(*Mail) error
	UpdateMail(*Mail) error
	// InsertMailKey keeps the key that is there, if any.
	InsertMailKey(ws workspace.ID, key string, at int64) error
	// DeleteMails deletes at most limit mails of a workspace that are done and were made before a Unix second.
	DeleteMails(ws workspace.ID, before int64, limit int) (int, error)
}

// enqueue writes a mail that is due at once.
func (in *Inbox) enqueue(w Writer, m *Mail) (err error) {
	if m.ID, err = w.NextNumber(m.Workspace, mailNumber); err != nil {
		return err
	}
	in.wait(m, 0)
	return w.InsertMail(m)
}

// mailNumber is the kind of number that mails have.
const mailNumber = "mail"

// wait has a mail wait for some seconds.
func (in *Inbox) wait(m *Mail, delay int64) {
	m.State, m.CreatedAt = MailWaits, in.Unix()
	m.NextAttemptAt = m.CreatedAt + delay
}

// DueMails lists mails that are to be attempted now, in all workspaces.
func (in *Inbox) DueMails(ctx context.Context, limit int) ([]Address, error) {
	return read(ctx, in, func(r Reader) ([]Address, error) { return r.DueMails(in.Unix(), limit) })
}

// MailLease is how many seconds a server has for an attempt, before another one takes the mail.
const MailLease = 120

// TakeMail begins an attempt to send a mail, and returns what to send. It returns nil when the mail is not due any more,
// because another server has it, or because it is not to be sent.
func (in *Inbox) TakeMail(ctx context.Context, c workspace.Caller, id int64) (*Letter, error) {
	return write(ctx, in, func(w Writer) (*Letter, error) {
		m, err := w.Mail(c.Workspace, id)
		if err != nil || m == nil || m.State != MailWaits || m.NextAttemptAt > in.Unix() {
			return nil, err
		}
		l := &Letter{Mail: m}
		why, err := in.compose(w.Unlocked(), c, l)
		if err != nil {
			return nil, err
		}
		if why != "" {
			m.State, m.Reason, m.NextAttemptAt = MailSuppressed, why, 0
			return nil, w.UpdateMail(m)
		}
		m.Attempts++
		m.NextAttemptAt = in.Unix() + MailLease
		return l, w.UpdateMail(m)
	})
}

// compose sets what a letter says and to whom. It returns why it is not to be sent, "" when it is.
func (in *Inbox) compose(r Reader, c workspace.Caller, l *Letter) (why string, err error) {
	box, err := in.Contacts.Mailbox(r, c, l.PersonID)
	switch {
	case errors.Is(err, ErrContactUnknown):
		return "no contact", nil
	case err != nil:
		return "", err
	case box.Refusal != "":
		return box.Refusal, nil
	}
	l.To = *box
	if l.PartID != 0 {
		return composeReply(r, c, l)
	}
	return composeMessage(r, l)
}

func composeMessage(r Reader, l *Letter) (why string, err error) {
	found, err := r.Messages(l.Workspace, []int64{l.MessageID})
	if err != nil {
		return "", err
	}
	m := found[l.MessageID]
	if m == nil {
		return "gone", nil
	}
	l.ThreadID = m.ID
	l.Subject, l.Body, l.Template = m.Subject, m.Body, m.Template
	files, _, err := r.AttachmentsOf(l.Workspace, []int64{m.ID}, nil)
	if err != nil {
		return "", err
	}
	l.Attachments = files[m.ID]
	if err := showAuthors(r, l.Workspace, nil, []*Author{&m.Author}); err != nil {
		return "", err
	}
	l.Author = m.Admin
	return "", nil
}

// composeReply is composeMessage for a part. Who has read it, or was since on a page that shows conversations, gets no mail.
func composeReply(r Reader, caller workspace.Caller, l *Letter) (why string, err error) {
	p, err := r.Part(l.Workspace, l.PartID)
	switch {
	case err != nil:
		return "", err
	case p == nil || p.Redacted:
		return "gone", nil
	}
	c, err := ViewOfPart(r, l.Workspace, p.ConversationID, p.ID, p.CreatedAt)
	switch {
	case err != nil:
		return "", err
	case c == nil || !isAmong(c.Participants, l.To.ContactID):
		return "gone", nil
	case c.IsRead:
		return "read", nil
	case caller.ShowsConversations && l.To.LastSeenAt >= l.CreatedAt:
		return "seen on a page", nil
	}
	part := c.Parts[0]
	l.ThreadID, l.IsReply = c.MessageID, true
	l.Subject, l.Body, l.Attachments, l.Author = c.Source.Subject, part.Body, part.Attachments, part.Admin
	if l.Subject == "" {
		l.Subject = c.Title
	}
	return "", nil
}

// Outcome is what came of an attempt.
type Outcome struct {
	IsSent bool
	// IsFinal says that another attempt would fail too, and HasBounced that it is because of the address.
	IsFinal, HasBounced bool
	// Reason is why it failed, without anything of the contact.
	Reason string
}

const (
	firstMailRetry, maxMailRetry = 60, 4 * 60 * 60
	// mailLife is for how many seconds a mail is attempted.
	mailLife = 2 * 24 * 60 * 60
)

// SettleMail writes down what came of an attempt, unless another server has begun one since. spread is a random number from
// 0 up to 1. An address that bounces marks its contact.
func (in *Inbox) SettleMail(ctx context.Context, c workspace.Caller, attempted *Mail, o Outcome, spread float64) error {
	return in.Store.Write(ctx, func(w Writer) error {
		m, err := w.Mail(c.Workspace, attempted.ID)
		if err != nil || m == nil || m.State != MailWaits || m.Attempts != attempted.Attempts {
			return err
		}
		now := in.Unix()
		m.Reason = o.Reason
		switch {
		case o.IsSent:
			m.State, m.SentAt, m.NextAttemptAt = MailSent, now, 0
		case o.IsFinal || now >= m.CreatedAt+mailLife:
			m.State, m.NextAttemptAt = MailFailed, 0
		default:
			m.NextAttemptAt = now + ticker.Backoff(firstMailRetry, maxMailRetry, m.Attempts, spread)
		}
		if err := w.UpdateMail(m); err != nil || !o.HasBounced {
			return err
		}
		return in.Contacts.Received(w, c, m.PersonID, Bounced, now)
	})
}

// Receive records what a link in a mail tells of a contact. It does nothing when there is no such contact.
func (in *Inbox) Receive(ctx context.Context, c workspace.Caller, contactID string, kind ReceiptKind) error {
	return in.Store.Write(ctx, func(w Writer) error { return in.Contacts.Received(w, c, contactID, kind, in.Unix()) })
}

// mailKeyLength is the length of a key in characters, each worth five bits.
const mailKeyLength = 40

// MailKey returns the secret with which a workspace signs the links in its mails. With make it makes one if there is none;
// otherwise it is "" then.
func (in *Inbox) MailKey(ctx context.Context, ws workspace.ID, make bool) (string, error) {
	key, err := read(ctx, in, func(r Reader) (string, error) { return r.MailKey(ws) })
	if err != nil || key != "" || !make {
		return key, err
	}
	fresh := in.Secret(mailKeyLength)
	return write(ctx, in, func(w Writer) (string, error) {
		if err := w.InsertMailKey(ws, fresh, in.Unix()); err != nil {
			return "", err
		}
		return w.MailKey(ws)
	})
}

// SweepMails deletes the mails of a workspace that are done for as long as receipts are kept, and returns their number.
func (in *Inbox) SweepMails(ctx context.Context, ws workspace.ID) (total int, err error) {
	for {
		n, err := write(ctx, in, func(w Writer) (int, error) { return w.DeleteMails(ws, in.Unix()-receiptLife, sweepBatch) })
		if total += n; err != nil || n < sweepBatch {
			return total, err
		}
	}
}

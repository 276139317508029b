package api

import (
	"slices"

	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// channels are the words for the ways in which a message reaches its recipients.
var channels = map[string]inbox.Channel{
	"inapp": inbox.InApp, "in_app": inbox.InApp, "conversation": inbox.InApp, "email": inbox.Email,
}

// POST /messages
//
// Everybody may write: a contact, who thereby begins a conversation, or an admin.
func (a *API) createMessage(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	from := in.Object("from")
	kind := from.Text("type").Or("")
	switch err := in.Mistake(); {
	case err != nil:
		return nil, err
	case kind == "":
		return nil, required("from.type")
	case kind == "admin":
		return a.sendMessage(c, in, from)
	case !slices.Contains(contactTypes, kind):
		return nil, &workspace.InvalidError{Field: "from.type", Reason: "must be admin, user, lead or contact"}
	}
	referer := in.Text("referer").Or("")
	start, sent, err := startIn(in)
	if err != nil {
		return nil, err
	}
	start.URL = referer
	if _, given := sent.Value(); !given {
		return nil, errNoBody
	}
	return a.startConversation(c, start, sent.Or(""))
}

// sendMessage stores a message of an admin.
func (a *API) sendMessage(c *call, in, from *jsonio.Object) (encoder, error) {
	word, admin := in.Text("message_type").Or("inapp"), from.ID("id")
	channel, known := channels[word]
	_, hasBody := in.Text("body").Value()
	d := inbox.Draft{
		AdminID: numberIn(admin), Channel: channel, Body: wire.HTML(in, "body").Or(""), Subject: in.Text("subject").Or(""),
		Begins: in.Bool("create_conversation_without_contact_reply").Or(false), CreatedAt: in.Time("created_at").Or(0),
		Attachments: attachmentsIn(in),
	}
	template := in.Text("template").Or(string(inbox.PersonalTemplate))
	if channel == inbox.Email {
		d.Template = inbox.Template(template)
	}
	d.To, d.CC, d.BCC = recipientsIn(in, "to"), recipientsIn(in, "cc"), recipientsIn(in, "bcc")
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case !hasBody:
		return nil, errNoBody
	case !known:
		return nil, &workspace.InvalidError{Field: "message_type", Reason: "must be inapp, in_app, conversation or email"}
	case template != string(inbox.PlainTemplate) && template != string(inbox.PersonalTemplate):
		return nil, &workspace.InvalidError{Field: "template", Reason: "must be plain or personal"}
	case channel == inbox.Email && d.Subject == "":
		return nil, errNoSubject
	case d.AdminID == 0:
		return nil, required("from.id")
	case len(d.To) == 0:
		return nil, required("to")
	}
	sent, err := a.inbox.SendMessage(c.r.Context(), c.caller(), d)
	if err != nil {
		return nil, err
	}
	if channel == inbox.Email {
		c.toldOfMail(a.inbox.SendsMail)
	}
	return wire.AdminMessage{Sent: sent}, nil
}

// recipientsIn reads one contact, or a list of them.
func recipientsIn(in *jsonio.Object, name string) (all []inbox.ContactRef) {
	for _, one := range in.OneOrMore(name) {
		kind := one.Text("type").Or("user")
		ref := inbox.ContactRef{ID: one.ID("id").Or(""), UserID: one.ID("user_id").Or(""), Email: one.Text("email").Or("")}
		switch {
		case !slices.Contains(contactTypes, kind):
			one.Fail("type", "parameter_invalid", "must be user, lead or contact")
		case ref.IsZero():
			one.Fail("id", "parameter_not_found", "is a required parameter")
		}
		all = append(all, ref)
	}
	return all
}

// emailHeader says whether an email leaves the server.
const emailHeader = "Lobby-Email"

// toldOfMail says whether a message by email is sent.
func (c *call) toldOfMail(isSent bool) {
	fate := "queued"
	if !isSent {
		fate = "stored, not sent"
	}
	c.w.Header().Set(emailHeader, fate)
}

package api

import (
	"slices"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// POST /conversations
func (a *API) createConversation(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	kind := in.Object("from").Text("type").Or("")
	start, sent, err := startIn(in)
	_, given := sent.Value()
	switch {
	case kind != "" && !slices.Contains(contactTypes, kind):
		return nil, &workspace.InvalidError{Field: "from.type", Reason: "must be user, lead or contact"}
	case err != nil:
		return nil, err
	case !given:
		return nil, required("body")
	}
	return a.startConversation(c, start, sent.Or(""))
}

// startIn reads what a contact writes first, and its body as it was sent.
func startIn(in *jsonio.Object) (inbox.Start, jsonio.Opt[string], error) {
	from, sent := in.Object("from"), in.Text("body")
	start := inbox.Start{
		From: inbox.ContactRef{ID: from.ID("id").Or(""), UserID: from.ID("user_id").Or(""), Email: from.Text("email").Or("")},
		Body: wire.HTMLText(sent.Or("")), Subject: in.Text("subject").Or(""), CreatedAt: in.Time("created_at").Or(0),
		Attachments: attachmentsIn(in),
	}
	if err := in.Err(); err != nil {
		return start, sent, err
	}
	if start.From.IsZero() {
		return start, sent, required("from.id")
	}
	return start, sent, nil
}

// startConversation begins a conversation with what a contact wrote, and returns the message.
func (a *API) startConversation(c *call, start inbox.Start, sent string) (encoder, error) {
	started, err := a.inbox.StartConversation(c.r.Context(), c.caller(), start)
	if err != nil {
		return nil, err
	}
	c.converted(started.Author)
	return wire.UserMessage{Started: started, Sent: sent}, nil
}

// contactTypes are the words for a contact who writes. Which of them is used decides nothing.
var contactTypes = []string{"user", "lead", "contact"}

// POST /conversations/{id}/reply, POST /conversations/{id}/parts
//
// Both paths take everything: which clients use for what has changed with the versions.
func (a *API) replyToConversation(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	reply, err := c.reply(in)
	if err != nil {
		return nil, err
	}
	to := inbox.Target{ID: c.number("id")}
	if c.param("id") == "last" {
		if to.LastOf = contactNamed(in); to.LastOf.IsZero() {
			return nil, inbox.ErrNoConversation
		}
	}
	found, err := a.inbox.Reply(c.r.Context(), c.caller(), to, reply)
	return a.conversation(c, found, err)
}

// adminActs and contactActs are what each of them does by the words of message_type.
var (
	adminActs = map[string]inbox.Act{
		"comment": inbox.AdminComments, "note": inbox.AdminNotes, "quick_reply": inbox.AdminAsks, "close": inbox.AdminCloses,
		"open": inbox.AdminOpens, "snoozed": inbox.AdminSnoozes, "assignment": inbox.AdminAssigns,
	}
	contactActs = map[string]inbox.Act{"comment": inbox.ContactComments, "quick_reply": inbox.ContactChooses}
)

// reply reads what a contact or an admin does.
func (c *call) reply(in *jsonio.Object) (inbox.Reply, error) {
	word, kind := in.Text("message_type").Or(""), in.Text("type").Or("")
	reply := inbox.Reply{
		AdminID: numberIn(in.ID("admin_id")), CreatedAt: in.Time("created_at").Or(0), Attachments: attachmentsIn(in), Options: optionsIn(in),
	}
	isContact := slices.Contains(contactTypes, kind)
	acts, words := adminActs, "must be comment, note, quick_reply, close, open, snoozed or assignment"
	if isContact {
		acts, words = contactActs, "must be comment or quick_reply"
		reply.Contact, reply.Body = contactNamed(in), wire.HTMLText(in.Text("body").Or(""))
	} else {
		reply.Body = wire.HTML(in, "body").Or("")
	}
	reply.Act = acts[word]
	var until, assignee bool
	switch reply.Act {
	case inbox.AdminSnoozes:
		reply.Until, until = in.Int("snoozed_until").Value()
		if reply.Until < 0 || reply.Until > maxSnooze {
			in.Fail("snoozed_until", "parameter_invalid", "must be a Unix time in seconds")
		}
	case inbox.AdminAssigns:
		assignee = assigneeIn(in, kind, &reply)
	case inbox.AdminComments, inbox.AdminNotes:
		if c.version.AtLeast(apiversion.Preview) {
			reply.KeepsSnooze = in.Bool("skip_unsnooze").Or(false)
		}
	}
	_, hasBody := in.Text("body").Value()
	switch err := in.Err(); {
	case err != nil:
		return reply, err
	case word == "":
		return reply, required("message_type")
	case reply.Act == "":
		return reply, &workspace.InvalidError{Field: "message_type", Reason: words}
	case isContact && reply.Contact.IsZero():
		return reply, required("intercom_user_id")
	case !isContact && reply.AdminID == 0:
		return reply, required("admin_id")
	case !hasBody && (word == "comment" || word == "note"):
		return reply, required("body")
	case reply.Act == inbox.AdminSnoozes && !until:
		return reply, required("snoozed_until")
	case reply.Act == inbox.AdminAssigns && !assignee:
		return reply, required("assignee_id")
	}
	return reply, nil
}

// maxSnooze is the last second of the year 9999. Clients send times far beyond those of other members.
const maxSnooze = 253_402_300_799

// assigneeIn reads who is to be assigned, and reports whether the request says so. Null and 0 stand for nobody.
func assigneeIn(in *jsonio.Object, kind string, reply *inbox.Reply) bool {
	id := in.ID("assignee_id")
	reply.Assignee.Kind = inbox.AdminAssignee
	if kind == "team" {
		reply.Assignee.Kind = inbox.TeamAssignee
	}
	if id.Or("0") != "0" {
		reply.Assignee.ID = numberIn(id)
	}
	return id.Present()
}

// optionsIn reads the answers that a question offers, or the one that was chosen.
func optionsIn(in *jsonio.Object) (all []inbox.QuickReply) {
	for _, option := range in.Objects("reply_options").Or(nil) {
		all = append(all, inbox.QuickReply{Text: strings.TrimSpace(option.Text("text").Or("")), UUID: option.ID("uuid").Or("")})
	}
	return all
}

package admin

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/inbox"
	"lobby/internal/workspace"
)

// act makes a reply of the member in the conversation that the path names, and leads back to it.
func (r *request) act(reply inbox.Reply, done string) error {
	id, err := r.conversationID()
	if err != nil {
		return err
	}
	reply.AdminID = r.member.AdminID
	_, err = r.admin.inbox.Reply(r.Context(), r.caller, inbox.Target{ID: id}, reply)
	switch {
	case errors.Is(err, inbox.ErrAssigneeNotFound):
		return r.conversationWith(http.StatusConflict, "Whom you chose is not there any more.", func(*conversationPage) {})
	case errors.Is(err, workspace.ErrAdminNotFound):
		return errForbidden // shut out a moment ago
	case err != nil:
		return err
	}
	return r.redirect(r.in("conversations/" + strconv.FormatInt(id, 10) + "?done=" + done + "#last"))
}

// replyActs are the acts of the buttons below a text, and the notices of each.
var replyActs = map[string]struct {
	act  inbox.Act
	done string
}{"reply": {inbox.AdminComments, "replied"}, "note": {inbox.AdminNotes, "kept"}, "close": {inbox.AdminCloses, "closed"}}

// maxKey is the max length of the key of a form, in bytes.
const maxKey = 40

func (a *admin) replyTo(r *request) error {
	chosen, ok := replyActs[r.PostForm.Get("act")]
	if !ok {
		return errNotFound
	}
	text, reply := strings.TrimSpace(r.PostForm.Get("text")), inbox.Reply{Act: chosen.act}
	if key := r.PostForm.Get("key"); key != "" && len(key) <= maxKey {
		reply.Key = "pages/" + r.presence.Login.ID + "/" + key
	}
	reply.Body = noteHTML(text)
	refuse := func(reason string) error {
		return r.conversationWith(http.StatusUnprocessableEntity, "", func(page *conversationPage) { page.Text, page.Error = text, reason })
	}
	if text == "" {
		return refuse("Write something first.")
	}
	err := r.act(reply, chosen.done)
	if invalid, isInvalid := errors.AsType[*workspace.InvalidError](err); isInvalid {
		return refuse("The text " + invalid.Reason + ".")
	}
	return err
}

func (a *admin) assign(r *request) error {
	kind := inbox.AssigneeKind(r.PostForm.Get("kind"))
	id, err := strconv.ParseInt(r.PostForm.Get("assignee"), 10, 64)
	if err != nil || id < 0 || kind != inbox.AdminAssignee && kind != inbox.TeamAssignee {
		return errNotFound
	}
	return r.act(inbox.Reply{Act: inbox.AdminAssigns, Assignee: inbox.Assignee{Kind: kind, ID: id}}, "assigned")
}

func (a *admin) snooze(r *request) error {
	offered := snoozes(a.lobby.Now().In(r.zone))
	i := slices.IndexFunc(offered, func(c choice) bool { return c.Value == r.PostForm.Get("until") })
	if i < 0 {
		return errNotFound
	}
	until, err := strconv.ParseInt(offered[i].Link, 10, 64)
	if err != nil {
		return err
	}
	return r.act(inbox.Reply{Act: inbox.AdminSnoozes, Until: until}, "snoozed")
}

func (a *admin) closeConversation(r *request) error {
	return r.act(inbox.Reply{Act: inbox.AdminCloses}, "closed")
}

func (a *admin) openConversation(r *request) error {
	return r.act(inbox.Reply{Act: inbox.AdminOpens}, "opened")
}

package admin

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// shownConversations is how many conversations the page of a person lists.
const shownConversations = 10

// addConversations adds the latest conversations of a person to its page.
func (r *request) addConversations(page *personPage) error {
	all, total, err := r.admin.inbox.ConversationsWith(r.Context(), r.caller, page.ID, shownConversations)
	if err != nil || total == 0 {
		return err
	}
	team, err := r.readStaff()
	if err != nil {
		return err
	}
	page.ConversationCount = total
	for _, c := range all {
		page.Conversations = append(page.Conversations, r.queueRow(c, team))
	}
	return nil
}

// beginWith begins a conversation with a person: by a message in the owner's product, or by an email.
func (a *admin) beginWith(r *request) error {
	p, err := a.lobby.Resolve(r.Context(), r.caller, r.PathValue("id"))
	if err != nil {
		return err
	}
	text, subject := strings.TrimSpace(r.PostForm.Get("text")), strings.TrimSpace(r.PostForm.Get("subject"))
	refuse := func(reason string) error {
		return r.personProblem(http.StatusUnprocessableEntity, "", func(page *personPage) {
			page.Message.Subject, page.Message.Text, page.MessageError = subject, text, reason
		})
	}
	draft := inbox.Draft{AdminID: r.member.AdminID, To: []inbox.ContactRef{{ID: p.ID}}, Subject: subject, Body: noteHTML(text), Begins: true}
	switch may := r.actions(p); {
	case !may.Message:
		return r.refusedPerson(people.ErrUserNotFound)
	case r.PostForm.Get("channel") == "email" && !may.Email:
		return refuse("There is no address, or this server sends no emails.")
	case r.PostForm.Get("channel") == "email" && subject == "":
		return refuse("An email needs a subject.")
	case r.PostForm.Get("channel") == "email":
		draft.Channel, draft.Template = inbox.Email, inbox.PlainTemplate
	}
	sent, err := a.inbox.SendMessage(r.Context(), r.caller, draft)
	invalid, isInvalid := errors.AsType[*workspace.InvalidError](err)
	switch {
	case isInvalid:
		return refuse("The " + map[bool]string{true: "text", false: invalid.Field}[invalid.Field == "body"] + " " + invalid.Reason + ".")
	case errors.Is(err, inbox.ErrNotMessageable):
		return refuse("A visitor cannot be written to.")
	case errors.Is(err, workspace.ErrAdminNotFound):
		return errForbidden // shut out a moment ago
	case err != nil:
		return r.refusedPerson(err)
	}
	return r.redirect(r.in("conversations/" + strconv.FormatInt(sent.ConversationID, 10) + "?done=replied#last"))
}

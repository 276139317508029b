package admin

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/people"
	"lobby/internal/roster"
	"lobby/internal/workspace"
)

// kinds are what the actions of a workspace are called in the activity log, by the path of the route.
var kinds = map[string]workspace.ActivityKind{
	"people/{id}/notes": workspace.PersonNoted, "people/{id}/tags": workspace.PersonTagged, "people/{id}/untag": workspace.PersonUntagged,
	"people/{id}/identity": workspace.PersonConverted, "people/{id}/undo": workspace.PersonUndone, "people/{id}/remove/archive": workspace.PersonArchived,
	"people/{id}/remove/restore": workspace.PersonRestored, "people/{id}/remove/block": workspace.PersonBlocked, "people/{id}/remove/erase": workspace.PersonErased,
	"companies": workspace.CompanyMade, "companies/{id}": workspace.CompanyChanged, "companies/{id}/people": workspace.CompanyMoved,
	"companies/{id}/tags": workspace.CompanyTagged, "companies/{id}/delete": workspace.CompanyRemoved,
	"tags": workspace.TagMade, "tags/{id}": workspace.TagRenamed, "tags/{id}/delete": workspace.TagRemoved,
	"segments/{id}": workspace.SegmentRenamed, "segments/{id}/delete": workspace.SegmentRemoved,
	"attributes": workspace.AttributeMade, "attributes/{id}": workspace.AttributeChanged,
	"subscriptions": workspace.TypeMade, "subscriptions/{id}": workspace.TypeChanged, "admins/{id}": workspace.AdminChanged, "teams/{id}": workspace.TeamChanged,
	"settings": workspace.SettingsChanged, "keys/token": workspace.TokenMade, "keys/revoke": workspace.TokenRevoked,
	"keys/secret": workspace.SecretMade, "keys/forget": workspace.SecretRemoved,
	"webhooks": workspace.WebhookMade, "webhooks/{id}/delete": workspace.WebhookRemoved, "webhooks/{id}/pause": workspace.WebhookPaused,
	"webhooks/{id}/resume": workspace.WebhookResumed, "webhooks/{id}/redeliver": workspace.WebhookRepeated,
	"team": workspace.MemberInvited, "team/link": workspace.MemberInvited, "team/role": workspace.MemberRoleChanged, "team/remove": workspace.MemberRemoved,
}

// unlogged are the actions that leave no activity of their own: use cases log those on admins and teams themselves, and a
// conversation shows who did what in it.
var unlogged = []string{
	"admins", "admins/{id}/delete", "teams", "teams/{id}/delete", "conversations/{id}/reply", "conversations/{id}/assign", "conversations/{id}/snooze",
	"conversations/{id}/close", "conversations/{id}/open",
}

// subjects are the words for what is changed, by the path of its pages.
var subjects = map[string]string{
	"people": "person", "companies": "company", "tags": "tag", "segments": "segment", "attributes": "attribute", "subscriptions": "subscription_type",
	"admins": "admin", "teams": "team", "webhooks": "webhook",
}

// willLog has the write of an action log what was done, in the same transaction. An action without a kind is logged, too.
func (r *request) willLog() error {
	path := strings.TrimPrefix(r.Pattern, http.MethodPost+" /pages/{app}/")
	if slices.Contains(unlogged, path) {
		return nil
	}
	now := r.admin.lobby.Unix()
	r.did = &workspace.Activity{
		Workspace: r.member.Workspace, ID: r.admin.lobby.IDAt(now), AdminID: r.member.AdminID, CreatedAt: now,
		Kind: cmp.Or(kinds[strings.Replace(path, "{action}", r.PathValue("action"), 1)], workspace.OtherDone),
	}
	noun, _, _ := strings.Cut(path, "/")
	id := r.PathValue("id")
	if noun == "people" && id != "" { // whom the path may name by an email address
		p, err := r.admin.lobby.Resolve(r.Context(), r.caller, id)
		if err != nil && !errors.Is(err, people.ErrPersonNotFound) {
			return err
		}
		if id = ""; p != nil {
			id = p.ID
		}
	}
	if id != "" && subjects[noun] != "" {
		r.did.Subject = subjects[noun] + "/" + id
	}
	r.Request = r.WithContext(workspace.Did(r.Context(), r.did))
	return nil
}

func (a *admin) showActivity(r *request) (*sheet, error) {
	number, err := strconv.Atoi(cmp.Or(r.URL.Query().Get("page"), "1"))
	if err != nil || number < 1 || number > 1<<20 {
		return nil, errNotFound
	}
	found, err := a.lobby.Activities(r.Context(), r.caller, workspace.ActivityFilter{Before: 1 << 40}, workspace.Page{Number: number, Size: roster.PageSize})
	if err != nil {
		return nil, err
	}
	t := &table{Label: "Activity log", Heads: []string{"What", "About", "When"}, Empty: &message{Title: "Nothing yet", Text: "What you and your team change here is listed from now on."}}
	for _, did := range found.Activities {
		t.Rows = append(t.Rows, []value{said(found.Sentence(did)), r.subject(did), {Time: r.moment(did.CreatedAt)}})
	}
	if number > 1 {
		t.First = "?"
	}
	if number*roster.PageSize < found.Total {
		t.Next = "?page=" + strconv.Itoa(number+1)
	}
	return &sheet{
		Title: "Activity log", Count: countedAs(found.Total, "entry", "entries"), Parts: []*part{{Table: t}},
		Intro: "What was changed in these pages, and who changed it. Entries name records by their ids only, nobody can change them, and they are kept for " +
			counted(int(workspace.ActivityLife.Number(r.workspace)), "day") + ", as a setting says. What is done in a conversation stands in the conversation.",
	}, nil
}

// subject is a cell that leads to what an activity is about.
func (r *request) subject(did *workspace.Activity) value {
	kind, id, _ := strings.Cut(did.Subject, "/")
	switch did.Kind {
	case workspace.AwayModeChanged, workspace.AdminDeleted, workspace.AdminJoined:
		kind, id = "admin", numbered(did.AboutID)
	case workspace.TeamCreated, workspace.TeamDeleted, workspace.MembershipChanged:
		kind, id = "team", numbered(did.AboutID)
	}
	for path, word := range subjects {
		if word == kind {
			return r.link(strings.ReplaceAll(kind, "_", " ")+" "+id, path+"/"+id)
		}
	}
	return value{}
}

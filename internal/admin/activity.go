package admin

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"lobby/internal/people"
	"lobby/internal/sheet"
	"lobby/internal/workspace"
)

// kinds are what the actions of a workspace are called in the activity log, by the path of the route.
var kinds = map[string]workspace.ActivityKind{
	"people/{id}/notes": workspace.PersonNoted, "people/{id}/tags": workspace.PersonTagged, "people/{id}/untag": workspace.PersonUntagged,
	"people/{id}/identity": workspace.PersonConverted, "people/{id}/undo": workspace.PersonUndone, "people/{id}/remove/archive": workspace.PersonArchived,
	"people/{id}/remove/restore": workspace.PersonRestored, "people/{id}/remove/block": workspace.PersonBlocked, "people/{id}/remove/erase": workspace.PersonErased,
	"people": workspace.SegmentMade, "bulk": workspace.PeopleChanged, "bulk/export": workspace.PeopleExported,
	"duplicates/merge": workspace.PersonConverted, "duplicates/undo": workspace.PersonUndone, "duplicates/distinct": workspace.PeopleToldApart,
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
	"conversations/{id}/close", "conversations/{id}/open", "people/{id}/messages",
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
	if id != "" && sheet.Subjects[noun] != "" {
		r.did.Subject = sheet.Subjects[noun] + "/" + id
	}
	r.Request = r.WithContext(workspace.Did(r.Context(), r.did))
	return nil
}

package workspace

import (
	"cmp"
	"strconv"
)

// The kinds of what is done in the pages. They have the names of the public API where it has one for the same.
const (
	PersonNoted       ActivityKind = "person_note_creation"
	PersonTagged      ActivityKind = "person_tag_addition"
	PersonUntagged    ActivityKind = "person_tag_removal"
	PersonConverted   ActivityKind = "person_identity_change"
	PersonUndone      ActivityKind = "person_identity_undo"
	PersonArchived    ActivityKind = "person_archival"
	PersonRestored    ActivityKind = "person_restoration"
	PersonBlocked     ActivityKind = "person_block"
	PersonErased      ActivityKind = "app_data_deletion"
	PeopleToldApart   ActivityKind = "person_distinction"
	PeopleChanged     ActivityKind = "person_bulk_change"
	PeopleExported    ActivityKind = "person_export"
	CompanyMade       ActivityKind = "company_creation"
	CompanyChanged    ActivityKind = "company_change"
	CompanyMoved      ActivityKind = "company_people_change"
	CompanyTagged     ActivityKind = "company_tag_change"
	CompanyRemoved    ActivityKind = "company_deletion"
	TagMade           ActivityKind = "tag_creation"
	TagRenamed        ActivityKind = "tag_change"
	TagRemoved        ActivityKind = "tag_deletion"
	SegmentMade       ActivityKind = "segment_creation"
	SegmentRenamed    ActivityKind = "segment_change"
	SegmentRemoved    ActivityKind = "segment_deletion"
	AttributeMade     ActivityKind = "attribute_creation"
	AttributeChanged  ActivityKind = "attribute_change"
	TypeMade          ActivityKind = "subscription_type_creation"
	TypeChanged       ActivityKind = "subscription_type_change"
	AdminChanged      ActivityKind = "admin_change"
	TeamChanged       ActivityKind = "team_change"
	SettingsChanged   ActivityKind = "workspace_setting_change"
	TokenMade         ActivityKind = "access_token_creation"
	TokenRevoked      ActivityKind = "access_token_revocation"
	SecretMade        ActivityKind = "identity_secret_creation"
	SecretRemoved     ActivityKind = "identity_secret_deletion"
	WebhookMade       ActivityKind = "app_webhook_creation"
	WebhookRemoved    ActivityKind = "app_webhook_deletion"
	WebhookPaused     ActivityKind = "webhook_pause"
	WebhookResumed    ActivityKind = "webhook_resumption"
	WebhookRepeated   ActivityKind = "webhook_redelivery"
	MemberInvited     ActivityKind = "admin_invite_creation"
	MemberRoleChanged ActivityKind = "admin_permission_change"
	MemberRemoved     ActivityKind = "admin_deprovisioned"
	OtherDone         ActivityKind = "page_action"
)

// doneWords say what was done in the pages, in words that follow a name, by kind and in the order of the list of kinds.
var doneWords = []struct {
	Kind  ActivityKind
	Words string
}{
	{PersonNoted, "wrote a note about a person"},
	{PersonTagged, "put a tag on a person"},
	{PersonUntagged, "took a tag off a person"},
	{PersonConverted, "converted or merged a person"},
	{PersonUndone, "took back a change of who a person is"},
	{PersonArchived, "archived a person"},
	{PersonRestored, "took a person out of the archive"},
	{PersonBlocked, "blocked a person"},
	{PersonErased, "erased a person"},
	{PeopleToldApart, "said which people are the same, or not"},
	{PeopleChanged, "tagged, untagged, archived or restored many people"},
	{PeopleExported, "downloaded a list of people"},
	{CompanyMade, "made a company"},
	{CompanyChanged, "changed a company"},
	{CompanyMoved, "changed who belongs to a company"},
	{CompanyTagged, "changed the tags of a company"},
	{CompanyRemoved, "deleted a company"},
	{TagMade, "made a tag"},
	{TagRenamed, "renamed a tag"},
	{TagRemoved, "deleted a tag"},
	{SegmentMade, "made a segment"},
	{SegmentRenamed, "renamed a segment"},
	{SegmentRemoved, "deleted a segment"},
	{AttributeMade, "defined an attribute"},
	{AttributeChanged, "changed an attribute"},
	{TypeMade, "made a subscription type"},
	{TypeChanged, "changed a subscription type"},
	{AdminChanged, "changed an admin"},
	{TeamChanged, "changed a team"},
	{SettingsChanged, "changed settings"},
	{TokenMade, "made an access token"},
	{TokenRevoked, "revoked an access token"},
	{SecretMade, "made an identity secret"},
	{SecretRemoved, "deleted an identity secret"},
	{WebhookMade, "added a webhook"},
	{WebhookRemoved, "deleted a webhook"},
	{WebhookPaused, "paused a webhook"},
	{WebhookResumed, "resumed a webhook"},
	{WebhookRepeated, "had a webhook told again"},
	{MemberInvited, "let somebody into the pages"},
	{MemberRoleChanged, "changed what somebody may do in the pages"},
	{MemberRemoved, "took somebody out of the pages"},
	{OtherDone, "did something in the pages"},
}

// ActivityKinds are all kinds: first those that the public API has for changes of the workspace, then those of the pages.
var ActivityKinds = func() []ActivityKind {
	all := []ActivityKind{AwayModeChanged, AdminDeleted, AdminJoined, AppNameChanged, TeamCreated, TeamDeleted, MembershipChanged, TimezoneChanged}
	for _, done := range doneWords {
		all = append(all, done.Kind)
	}
	return all
}()

// Sentence returns an activity as an English sentence.
func (p *ActivityPage) Sentence(a *Activity) string {
	who, about := p.Name(a.AdminID), strconv.FormatInt(a.AboutID, 10)
	switch a.Kind {
	case AwayModeChanged:
		if a.Away.On {
			return who + " set " + p.Name(a.AboutID) + " to away."
		}
		return who + " set " + p.Name(a.AboutID) + " to active."
	case AdminDeleted:
		return who + " removed the admin " + about + "."
	case AdminJoined:
		return who + " added " + p.Name(a.AboutID) + " to the workspace."
	case AppNameChanged:
		return who + " changed the name of the workspace from " + a.Before + " to " + a.After + "."
	case TimezoneChanged:
		return who + " changed the time zone of the workspace from " + cmp.Or(a.Before, "UTC") + " to " + cmp.Or(a.After, "UTC") + "."
	case TeamCreated:
		return who + " created the team " + a.After + "."
	case TeamDeleted:
		return who + " deleted the team " + a.Before + "."
	case MembershipChanged:
		return who + " changed who belongs to the team " + about + "."
	}
	for _, done := range doneWords {
		if done.Kind == a.Kind && a.After != "" {
			return who + " " + done.Words + ": " + a.After + "."
		} else if done.Kind == a.Kind {
			return who + " " + done.Words + "."
		}
	}
	return ""
}

// Name returns the name of an admin, or "A former admin" once it is deleted.
func (p *ActivityPage) Name(id int64) string {
	if admin := p.Admins[id]; admin != nil {
		return admin.Name
	}
	return "A former admin"
}

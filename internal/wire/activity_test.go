package wire_test

import (
	"testing"

	"lobby/internal/testkit"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

func TestTheLogIsWrittenAlikeInEveryVersion(t *testing.T) {
	t.Parallel()
	all := []*workspace.Activity{
		{Kind: workspace.AwayModeChanged, AdminID: 991266214, AboutID: 2, Away: workspace.Away{On: true, Reassign: true, ReasonID: 7}},
		{Kind: workspace.AwayModeChanged, AdminID: 991266214, AboutID: 991266214},
		{Kind: workspace.AdminDeleted, AdminID: 991266214, AboutID: 2},
		{Kind: workspace.AdminJoined, AdminID: 2, AboutID: 991266214},
		{Kind: workspace.AppNameChanged, AdminID: 991266214, Before: "Foyer", After: `"Hall" <日本>`},
		{Kind: workspace.TimezoneChanged, AdminID: 991266214, After: "Europe/Dublin"},
		{Kind: workspace.TimezoneChanged, AdminID: 991266214, Before: "Europe/Dublin"},
		{Kind: workspace.TeamCreated, AdminID: 991266214, AboutID: 5, After: "Sales"},
		{Kind: workspace.TeamDeleted, AdminID: 991266214, AboutID: 5, Before: "Sales"},
		{Kind: workspace.MembershipChanged, AdminID: 991266214, AboutID: 5, After: "1,991266214"},
	}
	for _, kind := range workspace.ActivityKinds[8:] { // of what is done in the pages
		all = append(all, &workspace.Activity{Kind: kind, AdminID: 991266214, Subject: "person/5f1bb1e2c4a5d60001aabbcc"})
	}
	all = append(all, &workspace.Activity{Kind: workspace.SettingsChanged, AdminID: 991266214, After: "name, origins"})
	for i, a := range all {
		a.ID, a.CreatedAt = "6657a9246abd0160d35d1f68", 1717020964-int64(i)
	}
	testkit.Golden(t, "activity_log.json", indented(t, wire.ActivityList{
		Page: &workspace.ActivityPage{
			Activities: all, Admins: map[int64]*workspace.Admin{ciaran.ID: ciaran},
			Reasons: map[int64]*workspace.AwayReason{7: {Label: "On a break", Emoji: "☕"}},
		},
		Pages: wire.NumberedPages{Page: workspace.Page{Number: 1, Size: 20}, Total: len(all)},
	}.AppendJSON(nil)))
	if got, want := string(wire.ActivityKindList(workspace.ActivityKinds[:2]).AppendJSON(nil)),
		`{"type":"activity_log_event_type.list","event_types":["admin_away_mode_change","admin_deletion"]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, kind := range workspace.ActivityKinds {
		known := false
		for _, a := range all {
			known = known || a.Kind == kind
		}
		if !known {
			t.Errorf("there is no activity of the kind %s", kind)
		}
	}
}

package nouns

import (
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func Activities(s fixtures.Suite) {
	s.Test("what admins do is in the log, and what they refrain from is not", loggedActivities)
	s.Test("the log is read in pages, by time and by kind, each workspace its own", filteredActivities)
	s.Test("what is refused is not in the log", refusedActivities)
}

// always is every time there is.
var always = workspace.ActivityFilter{Before: 1 << 40}

func loggedActivities(t *testing.T, w *fixtures.Fixtures) {
	admin, team, ws := fixtures.Must[*workspace.Admin](t), fixtures.Must[*workspace.Team](t), fixtures.Must[*workspace.Workspace](t)
	ada, bob := w.HasAdmin(t, fixtures.Acme, "ada"), w.HasAdmin(t, fixtures.Acme, "bob")
	asBob := workspace.Caller{Workspace: fixtures.Acme, AdminID: bob.ID}
	away := workspace.Away{On: true, Reassign: true, ReasonID: w.HasReason(t, fixtures.Acme, "Lunch").ID}
	for range 2 { // the second time changes nothing
		admin(w.SetAway(t.Context(), asBob, ada.ID, away))
	}
	admin(w.SetAway(t.Context(), asBob, ada.ID, workspace.Away{}))
	sales := team(w.CreateTeam(t.Context(), asBob, "Sales 日本", []int64{bob.ID}))
	members, name := []int64{bob.ID, ada.ID}, "Selling"
	for range 2 {
		team(w.ChangeTeam(t.Context(), asBob, sales.ID, workspace.TeamUpdate{AdminIDs: &members}))
	}
	team(w.ChangeTeam(t.Context(), asBob, sales.ID, workspace.TeamUpdate{Name: &name}))
	team(w.DeleteTeam(t.Context(), asBob, sales.ID))
	for range 2 {
		ws(w.ChangeWorkspace(t.Context(), fixtures.By(fixtures.Acme), func(ws *workspace.Workspace) error {
			ws.Name, ws.Timezone, ws.ResolveMerged = "Acme", "Europe/Dublin", true
			return nil
		}))
	}
	admin(w.DeleteAdmin(t.Context(), workspace.Caller{Workspace: fixtures.Acme, AdminID: ada.ID}, bob.ID))
	want := []*workspace.Activity{
		{Kind: workspace.AdminDeleted, AdminID: ada.ID, AboutID: bob.ID},
		{Kind: workspace.TimezoneChanged, AdminID: ada.ID, After: "Europe/Dublin"},
		{Kind: workspace.AppNameChanged, AdminID: ada.ID, Before: "acme", After: "Acme"},
		{Kind: workspace.TeamDeleted, AdminID: bob.ID, AboutID: sales.ID, Before: "Selling"},
		{Kind: workspace.MembershipChanged, AdminID: bob.ID, AboutID: sales.ID, Before: "2", After: "1,2"},
		{Kind: workspace.TeamCreated, AdminID: bob.ID, AboutID: sales.ID, After: "Sales 日本"},
		{Kind: workspace.AwayModeChanged, AdminID: bob.ID, AboutID: ada.ID},
		{Kind: workspace.AwayModeChanged, AdminID: bob.ID, AboutID: ada.ID, Away: away},
		{Kind: workspace.AdminJoined, AdminID: ada.ID, AboutID: bob.ID},
		{Kind: workspace.AdminJoined, AdminID: ada.ID, AboutID: ada.ID},
	}
	fixtures.Expect(t, "the log", want, w.Log(t, fixtures.Acme, always, workspace.Page{Number: 1, Size: 50}))
	found, err := w.Activities(t.Context(), fixtures.By(fixtures.Acme), always, workspace.Page{Number: 1, Size: 1})
	if err != nil || found.Total != len(want) || len(found.Admins) != 1 || found.Admins[ada.ID].Name != "ada" {
		t.Errorf("the page is %+v, %v", found, err)
	}
}

func filteredActivities(t *testing.T, w *fixtures.Fixtures) {
	w.HasAdmin(t, fixtures.Rival, "mallory")
	ada := w.HasAdmin(t, fixtures.Acme, "ada")
	var want []*workspace.Activity
	for i := range int64(5) {
		w.Clock.Pass(time.Second)
		away := workspace.Away{On: i%2 == 0}
		if _, err := w.SetAway(t.Context(), fixtures.By(fixtures.Acme), ada.ID, away); err != nil {
			t.Fatal(err)
		}
		want = append([]*workspace.Activity{{Kind: workspace.AwayModeChanged, AdminID: ada.ID, AboutID: ada.ID, Away: away}}, want...)
	}
	joined := &workspace.Activity{Kind: workspace.AdminJoined, AdminID: ada.ID, AboutID: ada.ID}
	for what, c := range map[string]struct {
		filter workspace.ActivityFilter
		page   workspace.Page
		want   []*workspace.Activity
		total  int
	}{
		"the first page":  {always, workspace.Page{Number: 1, Size: 2}, want[:2], 6},
		"the last page":   {always, workspace.Page{Number: 2, Size: 4}, []*workspace.Activity{want[4], joined}, 6},
		"after the last":  {always, workspace.Page{Number: 4, Size: 2}, nil, 6},
		"far after":       {always, workspace.Page{Number: 1 << 31, Size: 150}, nil, 6},
		"one kind":        {workspace.ActivityFilter{Before: fixtures.Begin + 9, Kinds: []workspace.ActivityKind{workspace.AdminJoined}}, workspace.Page{Number: 1, Size: 9}, []*workspace.Activity{joined}, 1},
		"two kinds":       {workspace.ActivityFilter{Before: fixtures.Begin + 1, Kinds: []workspace.ActivityKind{workspace.AdminJoined, workspace.AwayModeChanged}}, workspace.Page{Number: 1, Size: 9}, []*workspace.Activity{want[4], joined}, 2},
		"an unknown kind": {workspace.ActivityFilter{Before: fixtures.Begin + 9, Kinds: []workspace.ActivityKind{"admin_logout"}}, workspace.Page{Number: 1, Size: 9}, nil, 0},
		"some time":       {workspace.ActivityFilter{After: fixtures.Begin + 2, Before: fixtures.Begin + 4}, workspace.Page{Number: 1, Size: 9}, want[1:4], 3},
	} {
		fixtures.Expect(t, what, c.want, w.Log(t, fixtures.Acme, c.filter, c.page))
		n := fixtures.Get(t, w, func(r people.Reader) (int, error) { return fixtures.Office(r).CountActivities(fixtures.Acme, c.filter) })
		if n != c.total {
			t.Errorf("%s: there are %d, want %d", what, n, c.total)
		}
	}
	fixtures.Expect(t, "the other's log", []*workspace.Activity{{Kind: workspace.AdminJoined, AdminID: 1, AboutID: 1}}, w.Log(t, fixtures.Rival, always, workspace.Page{Number: 1, Size: 9}))
}

func refusedActivities(t *testing.T, w *fixtures.Fixtures) {
	w.HasAdmin(t, fixtures.Acme, "ada")
	blank, strangers := " ", []int64{9}
	for what, err := range map[string]error{
		"CreateAdmin": second(w.CreateAdmin(t.Context(), fixtures.By(fixtures.Acme), blank, "x@example.com")),
		"SetAway":     second(w.SetAway(t.Context(), fixtures.By(fixtures.Acme), 9, workspace.Away{On: true})),
		"DeleteAdmin": second(w.DeleteAdmin(t.Context(), fixtures.By(fixtures.Acme), 1)),
		"CreateTeam":  second(w.CreateTeam(t.Context(), fixtures.By(fixtures.Acme), "Spies", strangers)),
		"ChangeTeam":  second(w.ChangeTeam(t.Context(), fixtures.By(fixtures.Acme), 9, workspace.TeamUpdate{AdminIDs: &strangers})),
		"DeleteTeam":  second(w.DeleteTeam(t.Context(), fixtures.By(fixtures.Acme), 9)),
	} {
		if err == nil {
			t.Errorf("%s is not refused", what)
		}
	}
	if all := w.Log(t, fixtures.Acme, always, workspace.Page{Number: 1, Size: 9}); len(all) != 1 {
		t.Errorf("the log has %d entries", len(all))
	}
}

func second[T any](_ T, err error) error { return err }

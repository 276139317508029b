package storetest

import (
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func activities(s suite) {
	s.test("what admins do is in the log, and what they refrain from is not", loggedActivities)
	s.test("the log is read in pages, by time and by kind, each workspace its own", filteredActivities)
	s.test("what is refused is not in the log", refusedActivities)
}

// always is every time there is.
var always = workspace.ActivityFilter{Before: 1 << 40}

// log answers the log of a workspace without the ids and times of its entries.
func (w *world) log(t *testing.T, ws workspace.ID, filter workspace.ActivityFilter, page workspace.Page) []*workspace.Activity {
	t.Helper()
	found, err := w.Activities(t.Context(), by(ws), filter, page)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range found.Activities {
		if a.Workspace != ws || len(a.ID) != 24 || a.CreatedAt < begin {
			t.Errorf("an entry is %+v", a)
		}
		a.Workspace, a.ID, a.CreatedAt = "", "", 0
	}
	return found.Activities
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func loggedActivities(t *testing.T, w *world) {
	admin, team, ws := must[*workspace.Admin](t), must[*workspace.Team](t), must[*workspace.Workspace](t)
	ada, bob := w.hasAdmin(t, acme, "ada"), w.hasAdmin(t, acme, "bob")
	asBob := workspace.Caller{Workspace: acme, AdminID: bob.ID}
	away := workspace.Away{On: true, Reassign: true, ReasonID: w.hasReason(t, acme, "Lunch").ID}
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
		ws(w.ChangeWorkspace(t.Context(), by(acme), func(ws *workspace.Workspace) error {
			ws.Name, ws.Timezone, ws.ResolveMerged = "Acme", "Europe/Dublin", true
			return nil
		}))
	}
	admin(w.DeleteAdmin(t.Context(), workspace.Caller{Workspace: acme, AdminID: ada.ID}, bob.ID))
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
	expect(t, "the log", want, w.log(t, acme, always, workspace.Page{Number: 1, Size: 50}))
	found, err := w.Activities(t.Context(), by(acme), always, workspace.Page{Number: 1, Size: 1})
	if err != nil || found.Total != len(want) || len(found.Admins) != 1 || found.Admins[ada.ID].Name != "ada" {
		t.Errorf("the page is %+v, %v", found, err)
	}
}

func filteredActivities(t *testing.T, w *world) {
	w.hasAdmin(t, rival, "mallory")
	ada := w.hasAdmin(t, acme, "ada")
	var want []*workspace.Activity
	for i := range int64(5) {
		w.clock.pass(time.Second)
		away := workspace.Away{On: i%2 == 0}
		if _, err := w.SetAway(t.Context(), by(acme), ada.ID, away); err != nil {
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
		"one kind":        {workspace.ActivityFilter{Before: begin + 9, Kinds: []workspace.ActivityKind{workspace.AdminJoined}}, workspace.Page{Number: 1, Size: 9}, []*workspace.Activity{joined}, 1},
		"two kinds":       {workspace.ActivityFilter{Before: begin + 1, Kinds: []workspace.ActivityKind{workspace.AdminJoined, workspace.AwayModeChanged}}, workspace.Page{Number: 1, Size: 9}, []*workspace.Activity{want[4], joined}, 2},
		"an unknown kind": {workspace.ActivityFilter{Before: begin + 9, Kinds: []workspace.ActivityKind{"admin_logout"}}, workspace.Page{Number: 1, Size: 9}, nil, 0},
		"some time":       {workspace.ActivityFilter{After: begin + 2, Before: begin + 4}, workspace.Page{Number: 1, Size: 9}, want[1:4], 3},
	} {
		expect(t, what, c.want, w.log(t, acme, c.filter, c.page))
		n := get(t, w, func(r people.Reader) (int, error) { return office(r).CountActivities(acme, c.filter) })
		if n != c.total {
			t.Errorf("%s: there are %d, want %d", what, n, c.total)
		}
	}
	expect(t, "the other's log", []*workspace.Activity{{Kind: workspace.AdminJoined, AdminID: 1, AboutID: 1}}, w.log(t, rival, always, workspace.Page{Number: 1, Size: 9}))
}

func refusedActivities(t *testing.T, w *world) {
	w.hasAdmin(t, acme, "ada")
	blank, strangers := " ", []int64{9}
	for what, err := range map[string]error{
		"CreateAdmin": second(w.CreateAdmin(t.Context(), by(acme), blank, "x@example.com")),
		"SetAway":     second(w.SetAway(t.Context(), by(acme), 9, workspace.Away{On: true})),
		"DeleteAdmin": second(w.DeleteAdmin(t.Context(), by(acme), 1)),
		"CreateTeam":  second(w.CreateTeam(t.Context(), by(acme), "Spies", strangers)),
		"ChangeTeam":  second(w.ChangeTeam(t.Context(), by(acme), 9, workspace.TeamUpdate{AdminIDs: &strangers})),
		"DeleteTeam":  second(w.DeleteTeam(t.Context(), by(acme), 9)),
	} {
		if err == nil {
			t.Errorf("%s is not refused", what)
		}
	}
	if all := w.log(t, acme, always, workspace.Page{Number: 1, Size: 9}); len(all) != 1 {
		t.Errorf("the log has %d entries", len(all))
	}
}

func second[T any](_ T, err error) error { return err }

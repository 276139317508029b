package storetest

import (
	"errors"
	"testing"

	"lobby/internal/workspace"
)

func teams(s suite) {
	s.test("a team comes back as it was, and its admins know of it", wholeTeam)
	s.test("a team has admins of its own workspace only", teamOfOurs)
	s.test("who is deleted is in no team, and a team that is deleted has nobody", deletedTeam)
}

func (w *world) hasTeam(t *testing.T, ws workspace.ID, name string, adminIDs ...int64) *workspace.Team {
	t.Helper()
	team, err := w.CreateTeam(t.Context(), by(ws), name, adminIDs)
	if err != nil {
		t.Fatal(err)
	}
	return team
}

func (w *world) teamsOf(t *testing.T, ws workspace.ID) []*workspace.Team {
	t.Helper()
	all, err := w.Teams(t.Context(), by(ws))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wholeTeam(t *testing.T, w *world) {
	ada, bob := w.hasAdmin(t, acme, "ada"), w.hasAdmin(t, acme, "bob")
	w.hasAdmin(t, rival, "mallory")
	sales := w.hasTeam(t, acme, "Sales 🦊", bob.ID, ada.ID, bob.ID)
	help := w.hasTeam(t, acme, "Help", bob.ID)
	empty := w.hasTeam(t, acme, "Empty")
	theirs := w.hasTeam(t, rival, "Theirs", 1)
	expect(t, "the first", &workspace.Team{Workspace: acme, ID: 1, Name: "Sales 🦊", AdminIDs: []int64{1, 2}, CreatedAt: begin}, sales)
	expect(t, "acme's teams", []*workspace.Team{sales, help, empty}, w.teamsOf(t, acme))
	expect(t, "rival's teams", []*workspace.Team{theirs}, w.teamsOf(t, rival))
	ada.TeamIDs, bob.TeamIDs = []int64{1}, []int64{1, 2}
	expect(t, "the admins", []*workspace.Admin{ada, bob}, w.adminsOf(t, acme))
	for id, want := range map[int64]*workspace.Admin{1: ada, 2: bob} {
		got, err := w.FindAdmin(t.Context(), by(acme), id)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "one of them", want, got)
	}
	name, members := "Selling", []int64{2}
	changed, err := w.ChangeTeam(t.Context(), by(acme), 1, workspace.TeamUpdate{Name: &name, AdminIDs: &members})
	if err != nil {
		t.Fatal(err)
	}
	sales.Name, sales.AdminIDs = name, members
	expect(t, "the answer to a change", sales, changed)
	if changed, err = w.ChangeTeam(t.Context(), by(acme), 1, workspace.TeamUpdate{}); err != nil {
		t.Fatal(err)
	}
	expect(t, "the answer to none", sales, changed)
	found, err := w.FindTeam(t.Context(), by(acme), 1)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "the team after it", sales, found)
	expect(t, "rival's teams after it", []*workspace.Team{theirs}, w.teamsOf(t, rival))
}

func teamOfOurs(t *testing.T, w *world) {
	w.hasAdmin(t, acme, "ada")
	w.hasAdmin(t, rival, "mallory")
	w.hasAdmin(t, rival, "trudy")
	help := w.hasTeam(t, acme, "Help", 1)
	blank, strangers := " ", []int64{1, 2}
	var invalid *workspace.InvalidError
	if _, err := w.CreateTeam(t.Context(), by(acme), "Spies", strangers); !errors.As(err, &invalid) || invalid.Field != "admin_ids" {
		t.Errorf("CreateTeam with a stranger: %v", err)
	}
	if _, err := w.ChangeTeam(t.Context(), by(acme), 1, workspace.TeamUpdate{AdminIDs: &strangers}); !errors.As(err, &invalid) || invalid.Field != "admin_ids" {
		t.Errorf("ChangeTeam with a stranger: %v", err)
	}
	if _, err := w.CreateTeam(t.Context(), by(acme), blank, nil); !errors.As(err, &invalid) || invalid.Field != "name" {
		t.Errorf("CreateTeam without a name: %v", err)
	}
	if _, err := w.ChangeTeam(t.Context(), by(acme), 1, workspace.TeamUpdate{Name: &blank}); !errors.As(err, &invalid) || invalid.Field != "name" {
		t.Errorf("ChangeTeam without a name: %v", err)
	}
	expect(t, "the teams", []*workspace.Team{help}, w.teamsOf(t, acme))
	if _, err := w.FindTeam(t.Context(), by(rival), 1); !errors.Is(err, workspace.ErrTeamNotFound) {
		t.Errorf("FindTeam elsewhere: %v", err)
	}
	if _, err := w.ChangeTeam(t.Context(), by(rival), 1, workspace.TeamUpdate{}); !errors.Is(err, workspace.ErrTeamNotFound) {
		t.Errorf("ChangeTeam elsewhere: %v", err)
	}
	if _, err := w.DeleteTeam(t.Context(), by(rival), 1); !errors.Is(err, workspace.ErrTeamNotFound) {
		t.Errorf("DeleteTeam elsewhere: %v", err)
	}
}

func deletedTeam(t *testing.T, w *world) {
	ada, bob := w.hasAdmin(t, acme, "ada"), w.hasAdmin(t, acme, "bob")
	sales, help := w.hasTeam(t, acme, "Sales", 1, 2), w.hasTeam(t, acme, "Help", 1, 2)
	deleted, err := w.DeleteTeam(t.Context(), by(acme), help.ID)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "what was deleted", help, deleted)
	expect(t, "the teams", []*workspace.Team{sales}, w.teamsOf(t, acme))
	ada.TeamIDs, bob.TeamIDs = []int64{1}, []int64{1}
	expect(t, "the admins", []*workspace.Admin{ada, bob}, w.adminsOf(t, acme))
	if again := w.hasTeam(t, acme, "Help again"); again.ID != 3 {
		t.Errorf("the id of a deleted team is given again: %d", again.ID)
	}
	if _, err := w.DeleteAdmin(t.Context(), by(acme), bob.ID); err != nil {
		t.Fatal(err)
	}
	left, err := w.FindTeam(t.Context(), by(acme), sales.ID)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "who is left", []int64{1}, left.AdminIDs)
}

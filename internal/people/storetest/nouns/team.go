package nouns

import (
	"errors"
	"testing"

	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func Teams(s fixtures.Suite) {
	s.Test("a team comes back as it was, and its admins know of it", wholeTeam)
	s.Test("a team has admins of its own workspace only", teamOfOurs)
	s.Test("who is deleted is in no team, and a team that is deleted has nobody", deletedTeam)
}

func wholeTeam(t *testing.T, w *fixtures.Fixtures) {
	ada, bob := w.HasAdmin(t, fixtures.Acme, "ada"), w.HasAdmin(t, fixtures.Acme, "bob")
	w.HasAdmin(t, fixtures.Rival, "mallory")
	sales := w.HasTeam(t, fixtures.Acme, "Sales 🦊", bob.ID, ada.ID, bob.ID)
	help := w.HasTeam(t, fixtures.Acme, "Help", bob.ID)
	empty := w.HasTeam(t, fixtures.Acme, "Empty")
	theirs := w.HasTeam(t, fixtures.Rival, "Theirs", 1)
	fixtures.Expect(t, "the first", &workspace.Team{Workspace: fixtures.Acme, ID: 3, Name: "Sales 🦊", AdminIDs: []int64{1, 2}, CreatedAt: fixtures.Begin}, sales)
	fixtures.Expect(t, "acme's teams", []*workspace.Team{sales, help, empty}, w.TeamsOf(t, fixtures.Acme))
	fixtures.Expect(t, "rival's teams", []*workspace.Team{theirs}, w.TeamsOf(t, fixtures.Rival))
	ada.TeamIDs, bob.TeamIDs = []int64{3}, []int64{3, 4}
	fixtures.Expect(t, "the admins", []*workspace.Admin{ada, bob}, w.AdminsOf(t, fixtures.Acme))
	for id, want := range map[int64]*workspace.Admin{1: ada, 2: bob} {
		got, err := w.FindAdmin(t.Context(), fixtures.By(fixtures.Acme), id)
		if err != nil {
			t.Fatal(err)
		}
		fixtures.Expect(t, "one of them", want, got)
	}
	name, members := "Selling", []int64{2}
	changed, err := w.ChangeTeam(t.Context(), fixtures.By(fixtures.Acme), sales.ID, workspace.TeamUpdate{Name: &name, AdminIDs: &members})
	if err != nil {
		t.Fatal(err)
	}
	sales.Name, sales.AdminIDs = name, members
	fixtures.Expect(t, "the answer to a change", sales, changed)
	if changed, err = w.ChangeTeam(t.Context(), fixtures.By(fixtures.Acme), sales.ID, workspace.TeamUpdate{}); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the answer to none", sales, changed)
	found, err := w.FindTeam(t.Context(), fixtures.By(fixtures.Acme), sales.ID)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the team after it", sales, found)
	fixtures.Expect(t, "rival's teams after it", []*workspace.Team{theirs}, w.TeamsOf(t, fixtures.Rival))
}

func teamOfOurs(t *testing.T, w *fixtures.Fixtures) {
	w.HasAdmin(t, fixtures.Acme, "ada")
	w.HasAdmin(t, fixtures.Rival, "mallory")
	w.HasAdmin(t, fixtures.Rival, "trudy")
	help := w.HasTeam(t, fixtures.Acme, "Help", 1)
	blank, strangers := " ", []int64{1, 2}
	var invalid *workspace.InvalidError
	if _, err := w.CreateTeam(t.Context(), fixtures.By(fixtures.Acme), "Spies", strangers); !errors.As(err, &invalid) || invalid.Field != "admin_ids" {
		t.Errorf("CreateTeam with a stranger: %v", err)
	}
	if _, err := w.ChangeTeam(t.Context(), fixtures.By(fixtures.Acme), help.ID, workspace.TeamUpdate{AdminIDs: &strangers}); !errors.As(err, &invalid) || invalid.Field != "admin_ids" {
		t.Errorf("ChangeTeam with a stranger: %v", err)
	}
	if _, err := w.CreateTeam(t.Context(), fixtures.By(fixtures.Acme), blank, nil); !errors.As(err, &invalid) || invalid.Field != "name" {
		t.Errorf("CreateTeam without a name: %v", err)
	}
	if _, err := w.ChangeTeam(t.Context(), fixtures.By(fixtures.Acme), help.ID, workspace.TeamUpdate{Name: &blank}); !errors.As(err, &invalid) || invalid.Field != "name" {
		t.Errorf("ChangeTeam without a name: %v", err)
	}
	fixtures.Expect(t, "the teams", []*workspace.Team{help}, w.TeamsOf(t, fixtures.Acme))
	if _, err := w.FindTeam(t.Context(), fixtures.By(fixtures.Rival), help.ID); !errors.Is(err, workspace.ErrTeamNotFound) {
		t.Errorf("FindTeam elsewhere: %v", err)
	}
	if _, err := w.ChangeTeam(t.Context(), fixtures.By(fixtures.Rival), help.ID, workspace.TeamUpdate{}); !errors.Is(err, workspace.ErrTeamNotFound) {
		t.Errorf("ChangeTeam elsewhere: %v", err)
	}
	if _, err := w.DeleteTeam(t.Context(), fixtures.By(fixtures.Rival), help.ID); !errors.Is(err, workspace.ErrTeamNotFound) {
		t.Errorf("DeleteTeam elsewhere: %v", err)
	}
}

func deletedTeam(t *testing.T, w *fixtures.Fixtures) {
	ada, bob := w.HasAdmin(t, fixtures.Acme, "ada"), w.HasAdmin(t, fixtures.Acme, "bob")
	sales, help := w.HasTeam(t, fixtures.Acme, "Sales", 1, 2), w.HasTeam(t, fixtures.Acme, "Help", 1, 2)
	deleted, err := w.DeleteTeam(t.Context(), fixtures.By(fixtures.Acme), help.ID)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "what was deleted", help, deleted)
	fixtures.Expect(t, "the teams", []*workspace.Team{sales}, w.TeamsOf(t, fixtures.Acme))
	ada.TeamIDs, bob.TeamIDs = []int64{sales.ID}, []int64{sales.ID}
	fixtures.Expect(t, "the admins", []*workspace.Admin{ada, bob}, w.AdminsOf(t, fixtures.Acme))
	if again := w.HasTeam(t, fixtures.Acme, "Help again"); again.ID != help.ID+1 {
		t.Errorf("the id of a deleted team is given again: %d", again.ID)
	}
	if _, err := w.DeleteAdmin(t.Context(), fixtures.By(fixtures.Acme), bob.ID); err != nil {
		t.Fatal(err)
	}
	left, err := w.FindTeam(t.Context(), fixtures.By(fixtures.Acme), sales.ID)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "who is left", []int64{1}, left.AdminIDs)
	if next := w.HasAdmin(t, fixtures.Acme, "cy"); next.ID != help.ID+2 {
		t.Errorf("an admin has the id of a team: %d", next.ID)
	}
}

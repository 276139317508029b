package workspace

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrTeamNotFound says that no team has the id.
var ErrTeamNotFound = errors.New("no such team")

// Team is a group of admins.
type Team struct {
	Workspace ID
	ID        int64 // no admin of the workspace has it, and it is never reused; a string of decimal digits in JSON
	Name      string
	AdminIDs  []int64 // ascending
	CreatedAt int64
}

// TeamUpdate is a change of a team; nil keeps the value.
type TeamUpdate struct {
	Name     *string
	AdminIDs *[]int64
	// Accept, unless nil, is called first with the unchanged team. Its error prevents the change and is returned.
	Accept func(*Team) error
}

// Teams returns a workspace's teams, sorted by id.
func (g *Registry) Teams(ctx context.Context, c Caller) ([]*Team, error) {
	return Read(ctx, g.Store, func(r Reader) ([]*Team, error) { return r.Teams(c.Workspace) })
}

// FindTeam returns one team. Errors: ErrTeamNotFound.
func (g *Registry) FindTeam(ctx context.Context, c Caller, id int64) (*Team, error) {
	return Read(ctx, g.Store, func(r Reader) (*Team, error) { return findTeam(r, c.Workspace, id) })
}

// CreateTeam adds a team of admins to a workspace. Errors: InvalidError.
func (g *Registry) CreateTeam(ctx context.Context, c Caller, name string, adminIDs []int64) (*Team, error) {
	team := &Team{Workspace: c.Workspace, Name: name, AdminIDs: ascending(adminIDs), CreatedAt: g.Unix()}
	err := g.Store.Write(ctx, func(w Writer) (err error) {
		if err := team.check(w); err != nil {
			return err
		}
		if team.ID, err = w.NextAssigneeID(c.Workspace); err != nil {
			return err
		}
		if err := w.InsertTeam(team); err != nil {
			return err
		}
		return g.log(w, c, Activity{Kind: TeamCreated, AboutID: team.ID, After: name})
	})
	return team, err
}

// ChangeTeam changes a team's name or members. Errors: ErrTeamNotFound, InvalidError, and those of update.Accept.
func (g *Registry) ChangeTeam(ctx context.Context, c Caller, id int64, update TeamUpdate) (*Team, error) {
	return Write(ctx, g.Store, func(w Writer) (*Team, error) {
		team, err := findTeam(w, c.Workspace, id)
		if err != nil {
			return nil, err
		}
		if update.Accept != nil {
			if err := update.Accept(team); err != nil {
				return nil, err
			}
		}
		before := idsText(team.AdminIDs)
		if update.Name != nil {
			team.Name = *update.Name
		}
		if update.AdminIDs != nil {
			team.AdminIDs = ascending(*update.AdminIDs)
		}
		if err := team.check(w); err != nil {
			return nil, err
		}

		if err := w.UpdateTeam(team); err != nil {
			return nil, err
		}
		if after := idsText(team.AdminIDs); after != before {
			return team, g.log(w, c, Activity{Kind: MembershipChanged, AboutID: id, Before: before, After: after})
		}
		return team, nil
	})
}

// DeleteTeam deletes a team and returns it as it was. Its admins stay. Errors: ErrTeamNotFound.
func (g *Registry) DeleteTeam(ctx context.Context, c Caller, id int64) (*Team, error) {
	return Write(ctx, g.Store, func(w Writer) (deleted *Team, err error) {
		if deleted, err = findTeam(w, c.Workspace, id); err != nil {
			return nil, err
		}
		if err := w.DeleteTeam(c.Workspace, id, g.Unix()); err != nil {
			return nil, err
		}
		return deleted, g.log(w, c, Activity{Kind: TeamDeleted, AboutID: id, Before: deleted.Name})
	})
}

func findTeam(r Reader, ws ID, id int64) (*Team, error) {
	all, err := r.Teams(ws)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(t *Team) bool { return t.ID == id })
	if i < 0 {
		return nil, ErrTeamNotFound
	}
	return all[i], nil
}

// check returns an InvalidError for a team without a name, and for one with an id that is no admin of its workspace.
func (t *Team) check(w Writer) error {
	if err := CheckName(t.Name); err != nil {
		return err
	}
	admins, err := w.Admins(t.Workspace)
	if err != nil {
		return err
	}
	for _, id := range t.AdminIDs {
		if !slices.ContainsFunc(admins, func(a *Admin) bool { return a.ID == id }) {
			return Invalid("admin_ids", fmt.Sprintf("names %d, who is no admin of the workspace", id))
		}
	}
	return nil
}

// ascending returns the ids sorted, each once.
func ascending(ids []int64) []int64 { return slices.Compact(slices.Sorted(slices.Values(ids))) }

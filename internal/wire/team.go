package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// Team is a team in the shape of a version. The exported fields say which members the shape has; the versions' changes set
// them.
type Team struct {
	team                             *workspace.Team
	AdminPriorityLevel, Distribution bool
}

// NewTeam returns a team in the shape of version v.
func NewTeam(t *workspace.Team, v apiversion.Version) *Team {
	shown := &Team{team: t, AdminPriorityLevel: true, Distribution: true}
	changes.StepDown(v, shown)
	return shown
}

// AppendJSON appends the team.
func (t *Team) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "team")
	o.Text("id", strconv.FormatInt(t.team.ID, 10))
	o.Text("name", t.team.Name)
	o.Ints("admin_ids", t.team.AdminIDs)
	if t.AdminPriorityLevel {
		o.Open("admin_priority_level")
		o.Ints("primary_admin_ids", t.team.AdminIDs)
		o.Ints("secondary_admin_ids", nil)
		o.Close()
	}
	if t.Distribution {
		o.Null("assignment_limit")
		o.Null("distribution_method")
	}
	return o.End()
}

// TeamList is the list of all teams of a workspace.
type TeamList struct {
	Teams   []*workspace.Team
	Version apiversion.Version
}

// AppendJSON appends the list.
func (l TeamList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "team.list")
	o.OpenList("teams")
	for _, t := range l.Teams {
		o.Next()
		o.Buf = NewTeam(t, l.Version).AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

func teamSamples(v apiversion.Version) []Shape {
	t, bare := full[workspace.Team](), new(workspace.Team)
	return []Shape{NewTeam(t, v), NewTeam(bare, v), TeamList{Teams: []*workspace.Team{t, bare}, Version: v}}
}

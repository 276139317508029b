package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/people"
)

// Team is a team as the newest version shows it, with what some version introduced where its change can reach it.
type Team struct {
	team                             *people.Team
	AdminPriorityLevel, Distribution bool
}

// NewTeam answers a team in the shape of version v.
func NewTeam(t *people.Team, v apiversion.Version) *Team {
	shown := &Team{team: t, AdminPriorityLevel: true, Distribution: true}
	changes.StepDown(v, shown)
	return shown
}

// AppendJSON appends the team.
func (t *Team) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "team")
	o.text("id", strconv.FormatInt(t.team.ID, 10))
	o.text("name", t.team.Name)
	o.ints("admin_ids", t.team.AdminIDs)
	if t.AdminPriorityLevel {
		o.open("admin_priority_level")
		o.ints("primary_admin_ids", t.team.AdminIDs)
		o.ints("secondary_admin_ids", nil)
		o.close()
	}
	if t.Distribution {
		o.null("assignment_limit")
		o.null("distribution_method")
	}
	return o.end()
}

// TeamList is all teams of a workspace.
type TeamList struct {
	Teams   []*people.Team
	Version apiversion.Version
}

// AppendJSON appends the list.
func (l TeamList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "team.list")
	o.openList("teams")
	for _, t := range l.Teams {
		o.next()
		o.buf = NewTeam(t, l.Version).AppendJSON(o.buf)
	}
	o.closeList()
	return o.end()
}

func teamSamples(v apiversion.Version) []Shape {
	t, bare := full[people.Team](), new(people.Team)
	return []Shape{NewTeam(t, v), NewTeam(bare, v), TeamList{Teams: []*people.Team{t, bare}, Version: v}}
}

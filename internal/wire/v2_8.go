package wire

import "lobby/internal/apiversion"

var v2_8 = []apiversion.Change{
	{
		In: apiversion.V2_8, What: "Admins carry team_priority_level.",
		Step: apiversion.Response(func(a *Admin) { a.TeamPriorityLevel = false }),
	},
	{
		In: apiversion.V2_8, What: "Teams carry admin_priority_level.",
		Step: apiversion.Response(func(t *Team) { t.AdminPriorityLevel = false }),
	},
}

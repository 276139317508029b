package wire

import "lobby/internal/apiversion"

var v2_14 = []apiversion.Change{
	{
		In: apiversion.V2_14, What: "The authors of a conversation carry from_ai_agent and is_ai_answer.",
		Step: apiversion.Response(func(c *Conversation) { c.SourceFlags, c.PartFlags = false, false }),
	},
	{
		In: apiversion.V2_14, What: "Admins carry away_status_reason_id.",
		Step: apiversion.Response(func(a *Admin) { a.AwayStatusReason = false }),
	},
	{
		In: apiversion.V2_14, What: "Teams carry assignment_limit and distribution_method.",
		Step: apiversion.Response(func(t *Team) { t.Distribution = false }),
	},
}

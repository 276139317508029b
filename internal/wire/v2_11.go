package wire

import "lobby/internal/apiversion"

var v2_11 = []apiversion.Change{
	{
		In: apiversion.V2_11, What: "Conversations carry ai_agent and ai_agent_participated.",
		Step: apiversion.Response(func(c *Conversation) { c.AIAgent = false }),
	},
}

package wire

import "lobby/internal/apiversion"

var v2_9 = []apiversion.Change{
	{
		In: apiversion.V2_9, What: "Conversations carry ticket.",
		Step: apiversion.Response(func(c *Conversation) { c.Ticket = false }),
	},
}

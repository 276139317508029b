package wire

import "lobby/internal/apiversion"

var v2_10 = []apiversion.Change{
	{
		In: apiversion.V2_10, What: "Conversations carry linked_objects, and their contacts carry external_id.",
		Step: apiversion.Response(func(c *Conversation) { c.LinkedObjects, c.ExternalIDs = false, false }),
	},
	{
		In: apiversion.V2_10, What: "The responses to archiving, unarchiving and deleting a contact no longer carry object.",
		Step: apiversion.Response(func(s *ContactState) { s.ObjectNamed = true }),
	},
}

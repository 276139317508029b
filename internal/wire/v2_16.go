package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

var v2_16 = []apiversion.Change{
	{
		In: apiversion.V2_16, What: "The priority of a conversation is one of five levels, 0 stands for no assignee, and the author of the source says nothing of AI.",
		Step: apiversion.Response(func(c *Conversation) { c.Levels, c.SourceFlags = false, true }),
	},
	{
		In: apiversion.V2_16, What: "The owner_id of a contact is a string.",
		Step: apiversion.Response(func(c *Contact) { c.NumericOwner = true }),
	},
	{
		In: apiversion.V2_16, What: "Contacts carry merge_history when it is asked for.",
		Step: apiversion.Response(func(c *Contact) { c.MergeHistory = jsonio.Opt[[]people.Merge]{} }),
	},
	{
		In: apiversion.V2_16, What: "Admins carry role.",
		Step: apiversion.Response(func(a *Admin) { a.Role = false }),
	},
	{
		In: apiversion.V2_16, What: "The response to POST /tags says who was tagged.",
		Step: apiversion.Response(func(t *Tagging) { t.Targets = false }),
	},
	{
		In: apiversion.V2_16, What: "Notes carry company.",
		Step: apiversion.Response(func(n *Note) { n.Company = false }),
	},
}

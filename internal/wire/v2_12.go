package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
)

var v2_12 = []apiversion.Change{
	{
		In: apiversion.V2_12, What: "The statistics of a conversation carry assigned_team_first_response_time.",
		Step: apiversion.Response(func(c *Conversation) { c.TeamStatistics = false }),
	},
	{
		In: apiversion.V2_12, What: "Contacts carry enabled_push_messaging.",
		Step: apiversion.Response(func(c *Contact) { c.EnabledPushMessaging = jsonio.Opt[bool]{} }),
	},
}

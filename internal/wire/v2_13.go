package wire

import "lobby/internal/apiversion"

var v2_13 = []apiversion.Change{
	{
		In: apiversion.V2_13, What: "The statistics of a conversation carry assigned_team_first_response_time_in_office_hours, handling_time and adjusted_handling_time.",
		Step: apiversion.Response(func(c *Conversation) { c.MoreStatistics = false }),
	},
	{
		In: apiversion.V2_13, What: "The parts of a conversation carry metadata, email_message_metadata, state, tags, event_details and app_package_code.",
		Step: apiversion.Response(func(c *Conversation) { c.PartDetails = false }),
	},
}

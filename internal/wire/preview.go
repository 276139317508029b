package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/people"
)

var preview = []apiversion.Change{
	{
		In: apiversion.Preview, What: "Conversations carry ai_topics and channel, and their parts carry translations and more event_details.",
		Step: apiversion.Response(func(c *Conversation) { c.AITopics, c.Channel, c.MoreDetails = false, false, false }),
	},
	{
		In: apiversion.Preview, What: "Contacts carry formatted_phone.",
		Step: apiversion.Response(func(c *Contact) { c.FormattedPhone = false }),
	},
	{
		In: apiversion.Preview, What: "The data_type of a data attribute may be datetime.",
		Step: apiversion.Response(func(d *DataAttribute) {
			if d.DataType == string(people.DatetimeAttribute) {
				d.DataType = string(people.DateAttribute)
			}
		}),
	},
	{
		In: apiversion.Preview, What: "Companies carry notes.",
		Step: apiversion.Response(func(c *Company) { c.Notes = false }),
	},
	{
		In: apiversion.Preview, What: "The admin of a token carries role.",
		Step: apiversion.Response(func(m *Me) { m.Role = false }),
	},
}

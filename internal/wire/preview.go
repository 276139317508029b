package wire

import "lobby/internal/apiversion"

var preview = []apiversion.Change{
	{
		In: apiversion.Preview, What: "Contacts carry formatted_phone.",
		Step: apiversion.Response(func(c *Contact) { c.FormattedPhone = Opt[string]{} }),
	},
}

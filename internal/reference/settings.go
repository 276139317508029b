package reference

import (
	"strings"

	"lobby/internal/workspace"
)

var settings = Chapter{
	Name:  "Settings",
	About: "A setting is a choice that the owner of a workspace makes. Settings are the same in every version.",
	Operations: []Operation{
		{Route: "GET /lobby/v1/settings", Summary: "List the settings"},
		{Route: "PUT /lobby/v1/settings", Summary: "Change settings", About: "Settings that are left out keep their values; null sets the default. If one value is invalid, nothing changes."},
	},
	Descriptions: settingDescriptions(),
	Examples: []Example{
		{Caption: "Two of them", Do: "PUT /lobby/v1/settings", Body: `{"timezone":"Europe/Dublin","origins":["*.example.com"]}`},
		{Caption: "There is no such place", Do: "PUT /lobby/v1/settings", Body: `{"timezone":"Europe/Dublim"}`, Refused: "parameter_invalid"},
		{Caption: "All of them", Do: "GET /lobby/v1/settings"},
	},
}

// settingDescriptions takes the descriptions from the table of settings.
func settingDescriptions() Descriptions {
	descriptions := Descriptions{
		"settings":        "The choices of a workspace's owner.",
		"settings.app_id": "The workspace.",
	}
	for _, s := range workspace.Settings {
		meaning := strings.ToUpper(s.Meaning[:1]) + s.Meaning[1:] + "."
		if s.Kind != workspace.FlagSetting {
			meaning += " It is " + s.Values + "."
		}
		descriptions["settings."+s.Name] = meaning
	}
	return descriptions
}

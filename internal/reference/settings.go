package reference

import (
	"strings"

	"lobby/internal/people"
)

var settings = Chapter{
	Name:  "Settings",
	About: "A setting is something that the owner of a workspace decides. They are the same in every version.",
	Operations: []Operation{
		{Route: "GET /lobby/v1/settings", Summary: "List the settings"},
		{Route: "PUT /lobby/v1/settings", Summary: "Change settings", About: "What is not mentioned stays as it is; null is the default. One mistake, and nothing changes."},
	},
	Words: settingWords(),
	Story: []Step{
		{Says: "Two of them", Do: "PUT /lobby/v1/settings", Body: `{"timezone":"Europe/Dublin","origins":["*.example.com"]}`},
		{Says: "There is no such place", Do: "PUT /lobby/v1/settings", Body: `{"timezone":"Europe/Dublim"}`, Refused: "parameter_invalid"},
		{Says: "All of them", Do: "GET /lobby/v1/settings"},
	},
}

// settingWords takes the words from the table of settings, which has its own.
func settingWords() Words {
	words := Words{
		"settings":        "What the owner of a workspace decides.",
		"settings.app_id": "The workspace.",
	}
	for _, s := range people.Settings {
		meaning := strings.ToUpper(s.Meaning[:1]) + s.Meaning[1:] + "."
		if s.Kind != people.FlagSetting {
			meaning += " It is " + s.Values + "."
		}
		words["settings."+s.Name] = meaning
	}
	return words
}

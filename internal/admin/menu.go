package admin

import "lobby/internal/account"

// menuGroup is a part of the navigation. Its name leads to the first of its entries that a role may see.
type menuGroup struct {
	Word    string
	Entries []menuEntry
	Current bool
}

type menuEntry struct {
	Section, Word string // the section is the path, too
	may           func(account.Role) bool
}

// menu is the navigation of a workspace, in order.
var menu = []menuGroup{
	{Word: "People", Entries: []menuEntry{
		{"people", "Everybody", nil}, {"duplicates", "Duplicates", nil}, {"companies", "Companies", nil}, {"segments", "Segments", nil},
	}},
	{Word: "Conversations", Entries: []menuEntry{{"conversations", "Conversations", nil}}},
	{Word: "Reports", Entries: []menuEntry{{"overview", "Overview", nil}, {"live", "Live", nil}}},
	{Word: "Data", Entries: []menuEntry{{"tags", "Tags", nil}, {"attributes", "Attributes", nil}, {"subscriptions", "Subscription types", nil}}},
	{Word: "Settings", Entries: []menuEntry{
		{"settings", "Workspace", account.Role.MayManage},
		{"admins", "Admins", account.Role.MayManage},
		{"teams", "Teams", account.Role.MayManage},
		{"team", "Who may sign in", account.Role.MayManage},
		{"keys", "Tokens and secrets", account.Role.MayManage},
		{"webhooks", "Webhooks", account.Role.MayManage},
		{"activity", "Activity log", account.Role.MayManage},
	}},
}

// Menu returns the navigation as the member may see it.
func (v *view) Menu() (all []menuGroup) {
	for _, group := range menu {
		shown := menuGroup{Word: group.Word}
		for _, entry := range group.Entries {
			if entry.may == nil || entry.may(v.Member.Role) {
				shown.Entries = append(shown.Entries, entry)
				shown.Current = shown.Current || entry.Section == v.Section
			}
		}
		if len(shown.Entries) > 0 {
			all = append(all, shown)
		}
	}
	return all
}

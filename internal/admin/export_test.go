package admin

// Actions are the paths below a workspace that change something.
func Actions() (all []string) {
	for _, r := range (&admin{}).workspaceRoutes() {
		if r.method == "POST" {
			all = append(all, r.path)
		}
	}
	return all
}

// PlainText is what a page shows of a note.
var PlainText = plainText

// Harmless is a cell of CSV.
var Harmless = harmless

// ParsePages parses all templates, and returns how many there are.
func ParsePages() int {
	for _, page := range pages {
		page()
	}
	return len(pages)
}

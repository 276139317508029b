package admin

import (
	"maps"
	"slices"

	"lobby/internal/workspace"
)

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

// ParsePages parses all templates, and returns how many there are.
func ParsePages() int {
	for _, page := range pages {
		page()
	}
	return len(pages)
}

// Kind is what an action is called in the activity log; empty for one that leaves no entry of its own.
func Kind(path string) (kind workspace.ActivityKind, isListed bool) {
	kind, isListed = kinds[path]
	return kind, isListed != slices.Contains(unlogged, path)
}

// Logged are the actions that have a kind.
func Logged() []string { return slices.Sorted(maps.Keys(kinds)) }

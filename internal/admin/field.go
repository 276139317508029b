package admin

import (
	"slices"
	"strings"

	"lobby/internal/people"
	"lobby/internal/search"
)

// columnsByName are the fields of a person by name.
var columnsByName = func() map[string]*people.Field {
	all := map[string]*people.Field{}
	for i := range people.Fields {
		all[people.Fields[i].Name] = &people.Fields[i]
	}
	return all
}()

// valueOf returns a field or a custom attribute of a person.
func (r *request) valueOf(p *people.Person, name string) value {
	if custom, is := strings.CutPrefix(name, search.CustomPrefix); is {
		return value{Text: textOf(p.CustomAttributes[custom])}
	}
	f := columnsByName[name]
	if f == nil || f.IsBlank(p) {
		return value{}
	}
	shown := f.Shown(p)
	switch {
	case shown.IsNull():
		return value{}
	case strings.HasSuffix(name, "_at"):
		return value{Time: r.moment(shown.Int())}
	}
	return value{Text: textOf(shown)}
}

// hidden are the fields that a page about a person does not list: what it shows elsewhere, and what only a program needs.
var hidden = []string{"id", "role", "state", "merged_into", "anonymous_id", "external_id", "pseudonym", "attached", "unverified", "session_started_at", "origins"}

// shownFields are the fields of a person that pages list, in the order of the table.
var shownFields = func() (all []string) {
	for i := range people.Fields {
		if f := &people.Fields[i]; f.Attributes == nil && !slices.Contains(hidden, f.Name) {
			all = append(all, f.Name)
		}
	}
	return all
}()

// sortFacts sorts by label.
func sortFacts(all []fact) {
	slices.SortFunc(all, func(a, b fact) int { return strings.Compare(a.Label, b.Label) })
}

package admin

import (
	"strings"

	"lobby/internal/people"
	"lobby/internal/profile"
	"lobby/internal/search"
)

// unrecorded are the fields that Lobby counts itself, or that every write changes: who wrote them says nothing.
var unrecorded = map[string]bool{"updated_at": true, "created_at": true, "last_seen_at": true, "session_count": true}

// originOf returns where a field or a custom attribute of a person came from; nil where nothing is known.
func (r *request) originOf(p *profile.Profile, name string) *origin {
	same := func(a, b *people.Person) bool { return columnsByName[name].Equal(a, b) }
	if custom, is := strings.CutPrefix(name, search.CustomPrefix); is {
		same = func(a, b *people.Person) bool { return a.CustomAttributes[custom] == b.CustomAttributes[custom] }
	}
	if unrecorded[name] || len(p.Changes) == 0 {
		return nil
	}
	switch o := p.OriginOf(same); {
	case o.From != nil:
		return &origin{Text: "from " + nameOf(o.From) + ", merged", At: r.moment(o.Change.CreatedAt)}
	case o.Change != nil && o.Change.Kind == people.ChangeReverted:
		return &origin{Text: "back by an undo", At: r.moment(o.Change.CreatedAt)}
	case o.Change != nil && o.Change.Kind == people.ChangeMerged:
		return &origin{Text: "set by a merge", At: r.moment(o.Change.CreatedAt)}
	case o.Change != nil:
		return &origin{Text: "set by the conversion", At: r.moment(o.Change.CreatedAt)}
	case o.After != 0:
		return &origin{Text: "written after the change", At: r.moment(o.After)}
	}
	return nil
}

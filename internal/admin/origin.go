package admin

import (
	"strings"

	"lobby/internal/people"
	"lobby/internal/profile"
	"lobby/internal/search"
)

// origin says where a value came from: words, and when.
type origin struct {
	Text string
	At   *moment
}

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
		return &origin{"from " + nameOf(o.From) + ", merged", r.moment(o.Change.CreatedAt)}
	case o.Change != nil && o.Change.Kind == people.ChangeReverted:
		return &origin{"back by an undo", r.moment(o.Change.CreatedAt)}
	case o.Change != nil && o.Change.Kind == people.ChangeMerged:
		return &origin{"set by a merge", r.moment(o.Change.CreatedAt)}
	case o.Change != nil:
		return &origin{"set by the conversion", r.moment(o.Change.CreatedAt)}
	case o.After != 0:
		return &origin{"written after the change", r.moment(o.After)}
	}
	return nil
}

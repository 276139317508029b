package admin

import (
	"strings"

	"lobby/internal/people"
	"lobby/internal/profile"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// tracer tells where the values of a person came from, and who asked for the changes of its identity.
type tracer struct {
	*request
	profile *profile.Profile
	// names are those of the tokens and the logins of the workspace, by their ids.
	names map[string]string
}

// tracerOf returns the tracer of a person. It asks for names only when the person's values or changes need some.
func (r *request) tracerOf(p *profile.Profile) (*tracer, error) {
	t := &tracer{request: r, profile: p, names: map[string]string{}}
	kinds := map[string]bool{}
	for _, s := range p.Person.Origins.All() {
		kinds[s.Kind] = kinds[s.Kind] || s.ID != ""
	}
	for _, c := range p.Changes {
		kinds[c.Actor.Kind] = true
	}
	if kinds["token"] {
		all, err := r.admin.lobby.Tokens(r.Context(), r.caller)
		if err != nil {
			return nil, err
		}
		for _, token := range all {
			t.names[token.ID] = token.Name
		}
	}
	if kinds["login"] {
		all, err := r.admin.accounts.Members(r.Context(), r.caller)
		if err != nil {
			return nil, err
		}
		for _, m := range all {
			t.names[m.LoginID] = m.AdminName
		}
	}
	return t, nil
}

// unrecorded are the fields that Lobby counts itself, or that every write changes: who wrote them says nothing.
var unrecorded = map[string]bool{"updated_at": true, "created_at": true, "last_seen_at": true, "session_count": true}

// originOf returns where a field or a custom attribute came from; nil where nothing is known. The person itself knows who wrote
// what, and the journal what a merge brought, and what changes of identity did to values from before writers were kept.
func (t *tracer) originOf(name string) *origin {
	var same func(a, b *people.Person) bool
	kept := name
	if custom, is := strings.CutPrefix(name, search.CustomPrefix); is {
		same = func(a, b *people.Person) bool { return a.CustomAttributes[custom] == b.CustomAttributes[custom] }
	} else {
		kept, same = columnsByName[name].Origin(), columnsByName[name].Equal
	}
	if unrecorded[name] {
		return nil
	}
	var written *origin
	s := t.profile.Person.Origins.Of(kept)
	if s.Kind != "" && kept != "" {
		written = &origin{Text: t.wordsOf(workspace.Actor{Kind: s.Kind, ID: s.ID}), At: t.moment(s.At)}
	}
	o := t.profile.OriginOf(same)
	switch {
	case written != nil && (o.From == nil || o.Change.CreatedAt < s.At):
		return written
	case o.From != nil:
		return &origin{Text: "from " + nameOf(o.From) + ", merged", At: t.moment(o.Change.CreatedAt), Before: written}
	case o.Change != nil && o.Change.Kind == people.ChangeReverted:
		return &origin{Text: "back by an undo", At: t.moment(o.Change.CreatedAt)}
	case o.Change != nil && o.Change.Kind == people.ChangeMerged:
		return &origin{Text: "set by a merge", At: t.moment(o.Change.CreatedAt)}
	case o.Change != nil:
		return &origin{Text: "set by the conversion", At: t.moment(o.Change.CreatedAt)}
	case o.After != 0 && kept != "":
		return &origin{Text: "written after the conversion or merge", At: t.moment(o.After)}
	}
	return nil
}

// wordsOf say who wrote a value, or asked for a change.
func (t *tracer) wordsOf(by workspace.Actor) string {
	name := t.names[by.ID]
	switch {
	case by.Kind == "browser":
		return "from the page"
	case by.Kind == "token" && name != "":
		return "by the API, with the token “" + name + "”"
	case by.Kind == "token":
		return "by the API"
	case by.Kind == "login" && name != "":
		return "by " + name + " in these pages"
	case by.Kind == "login":
		return "in these pages"
	case by.Kind == "mail":
		return "through an email to them"
	}
	return map[string]string{"import": "imported", "command": "on the command line"}[by.Kind]
}

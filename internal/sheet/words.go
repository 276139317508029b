package sheet

import (
	"strings"

	"lobby/internal/people"
)

// TargetOf names a person to which something is attached.
func TargetOf(p *people.Person) people.Target {
	if p.Role == people.Visitor {
		return people.Target{VisitorID: p.ID}
	}
	return people.Target{ContactID: p.ID}
}

// NameOf is what a person is called: the first that is known.
func NameOf(p *people.Person) string {
	for _, name := range []string{p.Name, p.Email, p.Pseudonym, p.Phone, p.ExternalID} {
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
	}
	return RoleWords[p.Role] + " …" + p.ID[max(0, len(p.ID)-6):]
}

// RoleWords are the words of roles.
var RoleWords = map[people.Role]string{people.Visitor: "Visitor", people.Lead: "Lead", people.User: "User"}

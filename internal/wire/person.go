package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/people"
)

// Person is Lobby's own view of a person, whatever its role: what it is, all ids that lead to it, and the object by
// which the public API shows it.
type Person struct {
	Person  *people.Person
	Base    string
	Version apiversion.Version
	// Asked is the id by which it was asked for.
	Asked string
}

// AppendJSON appends the person.
func (v Person) AppendJSON(buf []byte) []byte {
	p := v.Person
	o := begin(buf)
	o.text("type", "person")
	o.text("id", p.ID)
	o.text("role", string(p.Role))
	state := string(p.State)
	if p.State == people.Active {
		state = "active"
	}
	o.text("state", state)
	o.textOrNull("visitor_user_id", p.AnonymousID)
	o.textOrNull("external_id", p.ExternalID)
	o.text("asked_for", v.Asked)
	if p.IsLiveVisitor() {
		o.name("visitor")
		o.buf = Visitor{p, v.Base}.AppendJSON(o.buf)
	} else {
		o.name("contact")
		o.buf = NewContact(p, v.Version).AppendJSON(o.buf)
	}
	return o.end()
}

func personSamples(v apiversion.Version) []Shape {
	return []Shape{
		Person{Person: fullPerson(people.Visitor), Version: v},
		Person{Person: barePerson(people.Visitor), Version: v},
		Person{Person: fullPerson(people.User), Version: v},
		Person{Person: barePerson(people.Lead), Version: v},
	}
}

package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// Person is Lobby's own view of a person of any role: its role and state, its ids, and the object that the public API
// shows for it.
type Person struct {
	Person  *people.Person
	Base    string
	Version apiversion.Version
	// Asked is the id in the request.
	Asked string
}

// AppendJSON appends the person.
func (v Person) AppendJSON(buf []byte) []byte {
	p := v.Person
	o := jsonio.Begin(buf)
	o.Text("type", "person")
	o.Text("id", p.ID)
	o.Text("role", string(p.Role))
	state := string(p.State)
	if p.State == people.Active {
		state = "active"
	}
	o.Text("state", state)
	o.TextOrNull("visitor_user_id", p.AnonymousID)
	o.TextOrNull("external_id", p.ExternalID)
	o.Text("asked_for", v.Asked)
	if p.IsLiveVisitor() {
		o.Name("visitor")
		o.Buf = Visitor{p, v.Base}.AppendJSON(o.Buf)
	} else {
		o.Name("contact")
		o.Buf = NewContact(p, v.Version).AppendJSON(o.Buf)
	}
	return o.End()
}

func personSamples(v apiversion.Version) []Shape {
	return []Shape{
		Person{Person: fullPerson(people.Visitor), Version: v},
		Person{Person: barePerson(people.Visitor), Version: v},
		Person{Person: fullPerson(people.User), Version: v},
		Person{Person: barePerson(people.Lead), Version: v},
	}
}

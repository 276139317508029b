package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// ContactState answers what was done with a contact that is hidden or gone: who it was, and a flag that names the deed.
type ContactState struct {
	person *people.Person
	flag   string
	on     bool
	// ObjectNamed adds the member object, beside type, that says the same.
	ObjectNamed bool
}

// NewContactState answers a contact with a flag, such as "archived", in the shape of version v.
func NewContactState(p *people.Person, flag string, on bool, v apiversion.Version) *ContactState {
	s := &ContactState{person: p, flag: flag, on: on}
	changes.StepDown(v, s)
	return s
}

// AppendJSON appends the contact's reference and the flag.
func (s *ContactState) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "contact")
	o.Text("id", s.person.ID)
	if s.ObjectNamed {
		o.Text("object", "contact")
	}
	o.TextOrNull("external_id", s.person.ExternalID)
	o.Bool(s.flag, s.on)
	return o.End()
}

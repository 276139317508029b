package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// ContactState is the response to archiving, unarchiving, blocking and deleting a contact: its ids, and a flag named after
// what was done.
type ContactState struct {
	person *people.Person
	flag   string
	on     bool
	// ObjectNamed says whether to write object, which has the same value as type.
	ObjectNamed bool
}

// NewContactState returns a contact with a flag, such as "archived", in the shape of version v.
func NewContactState(p *people.Person, flag string, on bool, v apiversion.Version) *ContactState {
	s := &ContactState{person: p, flag: flag, on: on}
	changes.StepDown(v, s)
	return s
}

// AppendJSON appends the contact's ids and the flag.
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

package people

import (
	"lobby/internal/provenance"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Origin is the name of the field in [Person.Origins], where what is adopted as a set is one; empty where none is kept.
func (f *Field) Origin() string {
	switch {
	case f.Rule == Place:
		return "location"
	case f.Rule == Campaign:
		return "campaign"
	case f.Rule == Identifier, f.Rule == Single, f.Rule == EmailFlag, f.Name == "signed_up_at":
		return f.Name
	}
	return ""
}

var traced = provenance.NewTable(Fields, (*Field).Origin, func(p *Person) *provenance.Origins { return &p.Origins },
	func(p *Person) map[string]search.Value { return p.CustomAttributes })

// Trace notes who has made p of before, which is nil for somebody new, and when, in Unix seconds. What p has of an absorbed
// person keeps its origin; without a merge, absorbed is before.
func (p *Person) Trace(before, absorbed *Person, by workspace.Actor, at int64) {
	traced.Write(provenance.Source{Kind: by.Kind, ID: by.ID, At: at}, before, absorbed, p)
}

// Save writes what a caller has made of a person. before is nil for somebody new.
func (l *Lobby) Save(w Writer, c workspace.Caller, before, after *Person) error {
	after.Trace(before, before, c.Actor, l.Unix())
	if before == nil {
		return w.InsertPerson(after)
	}
	return w.UpdatePerson(before, after)
}

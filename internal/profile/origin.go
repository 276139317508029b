package profile

import (
	"slices"

	"lobby/internal/people"
)

// Origin says where the present value of a field came from, as far as the journal tells. Who wrote a value is in
// [people.Person.Origins].
type Origin struct {
	// Change is the conversion, merge or undo that set the value; nil for none of these.
	Change *people.Change
	// From is the record that a merge took the value from; nil for a value that came with the request.
	From *people.Person
	// After is the time of a change that a value without a Change was written later than, in Unix seconds; 0 for none.
	After int64
}

// OriginOf returns the origin of the field in which same compares two images of a person. A value that an undo has brought back
// has the origin that it had before the change that was undone.
func (p *Profile) OriginOf(same func(a, b *people.Person) bool) Origin {
	for i := 0; i < len(p.Changes); i++ {
		c := p.Changes[i]
		switch before := imageBefore(c); {
		case c.SurvivorID != p.Person.ID:
			continue
		case !same(c.Result, p.Person):
			return Origin{After: c.CreatedAt}
		case same(before, p.Person):
			continue
		}
		undone := slices.IndexFunc(p.Changes, func(other *people.Change) bool { return c.Undoes != "" && other.ID == c.Undoes })
		if undone > i && same(imageBefore(p.Changes[undone]), p.Person) {
			i = undone
			continue
		}
		o := Origin{Change: c}
		if c.Survivor != nil && c.Undoes == "" && same(c.Subject, p.Person) {
			o.From = c.Subject
		}
		return o
	}
	return Origin{}
}

// imageBefore is the person that stays after a change, as it was before.
func imageBefore(c *people.Change) *people.Person {
	if c.Survivor == nil {
		return c.Subject
	}
	return c.Survivor
}

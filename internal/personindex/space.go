package personindex

import (
	"slices"
	"strings"

	"lobby/internal/search"
)

// Kind is the list that shows a person.
type Kind uint8

// The kinds.
const (
	Hidden Kind = iota // no list
	Visitors
	Contacts
	kinds
)

// Key is what a person has in a field.
type Key struct {
	Field string
	// Text is the key that [search.Condition.Matches] compares; empty for nothing.
	Text string
	// IsNumber says that the key was made by search.NumberKey. It does not change what is found.
	IsNumber bool
}

// Change is what a commit did to one person.
type Change struct {
	ID   string
	Kind Kind
	// Keys are all keys of the person when IsWhole, and otherwise those that have changed. Those of a Hidden person are
	// forgotten.
	Keys    []Key
	IsWhole bool
}

// space is the index of one workspace.
type space struct {
	roll
	kinds  [kinds]set
	fields map[string]*field
	gone   int // how many ordinals are hidden
}

// field has the keys of one field. A person has a key in one of the columns, or none.
type field struct {
	numbers numbers
	texts   *texts
}

func newSpace() *space { return &space{fields: map[string]*field{}} }

func (s *space) apply(c *Change) {
	if c.Kind == Hidden {
		if n, known := s.find(c.ID); known && s.leave(n) {
			s.clear(n)
			s.gone++
		}
		return
	}
	former := s.size
	n := s.add(c.ID)
	switch wasThere := s.leave(n); {
	case wasThere && c.IsWhole: // nobody else has keys
		s.clear(n)
	case !wasThere && s.size == former:
		s.gone--
	}
	s.kinds[c.Kind].add(n)
	for _, key := range c.Keys {
		s.put(n, key)
	}
}

// leave takes an ordinal out of its list, and reports whether it was in one.
func (s *space) leave(n uint32) (was bool) {
	for _, members := range s.kinds {
		was = was || members.has(n)
		members.remove(n)
	}
	return was
}

// clear forgets all keys of an ordinal.
func (s *space) clear(n uint32) {
	for _, f := range s.fields {
		f.drop(n)
	}
}

func (f *field) drop(n uint32) {
	f.numbers.drop(n)
	f.texts.drop(n)
}

func (s *space) put(n uint32, key Key) {
	f := s.fields[key.Field]
	if f == nil {
		if key.Text == "" {
			return
		}
		f = &field{texts: newTexts()}
		s.fields[key.Field] = f
	}
	switch {
	case key.Text == "":
		f.drop(n)
	case key.IsNumber:
		f.texts.drop(n)
		f.numbers.put(n, key.Text)
	default:
		f.numbers.drop(n)
		f.texts.put(n, key.Text)
	}
}

// isWorn reports whether a new index would be much better: one without those who are gone, and in the order of all ids.
func (s *space) isWorn() bool {
	return s.size > 1<<12 && (len(s.late) > int(s.size)/16 || s.gone > int(s.size)/2)
}

// words returns the length of a set that has room for all ordinals.
func (s *space) words() int { return int(s.size+63) >> 6 }

// meet adds the ordinals that meet a condition to an empty set. It may add those of hidden persons, too.
func (s *space) meet(c *search.Condition, ask Outside, into set) error {
	var err error
	switch {
	case isOutside(c):
		var ids []string
		ids, err = ask(c)
		s.addIDs(ids, into)
	case c.Combine == "":
		s.pass(c, into)
	default:
		err = s.combine(c, ask, into)
	}
	if c.Not {
		into.not()
	}
	return err
}

// isOutside reports whether nothing of a condition is in the index, so that it is asked for as a whole.
func isOutside(c *search.Condition) bool {
	if c.Combine == "" {
		return c.Field == "tag_id" || strings.HasPrefix(c.Field, OutsidePrefix)
	}
	return len(c.Parts) > 0 && !slices.ContainsFunc(c.Parts, func(part *search.Condition) bool {
		return part.Field == "tag_id" || !isOutside(part)
	})
}

func (s *space) combine(c *search.Condition, ask Outside, into set) error {
	isAnd := c.Combine == search.And
	if isAnd {
		into.not()
	}
	part := borrow(len(into))
	defer giveBack(part)
	for _, p := range c.Parts {
		clear(*part)
		if err := s.meet(p, ask, *part); err != nil {
			return err
		}
		if isAnd {
			into.and(*part)
		} else {
			into.or(*part)
		}
	}
	return nil
}

func (s *space) pass(c *search.Condition, into set) {
	if c.Field == "id" {
		s.passID(c, into)
		return
	}
	if f := s.fields[c.Field]; f != nil {
		f.numbers.find(c, into)
		f.texts.find(c, into)
	}
}

// addIDs adds those of some ids to a set that are known.
func (s *space) addIDs(ids []string, into set) {
	for _, id := range ids {
		if n, known := s.find(id); known {
			into.add(n)
		}
	}
}

func (s *space) passID(c *search.Condition, into set) {
	if c.Test == search.OneOf {
		s.addIDs(c.Keys, into)
		return
	}
	passes := matcher(c)
	for n := range s.size {
		if passes(s.ids.get(n)) {
			into.add(n)
		}
	}
}

// key returns the key of an ordinal; empty for none.
func (f *field) key(n uint32) string {
	if f == nil {
		return ""
	}
	if key := f.numbers.key(n); key != "" {
		return key
	}
	return f.texts.key(n)
}

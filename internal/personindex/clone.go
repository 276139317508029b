package personindex

import (
	"maps"
	"slices"
)

// Clone returns a copy of the index. Neither changes with the other.
func (x *Index) Clone() *Index {
	c := &Index{spaces: make(map[string]*space, len(x.spaces)), isWorn: x.isWorn}
	for workspace, s := range x.spaces {
		c.spaces[workspace] = s.clone()
	}
	return c
}

func (s *space) clone() *space {
	c := *s
	c.ids, c.isLate, c.late = s.ids.clone(), slices.Clone(s.isLate), slices.Clone(s.late)
	for kind, members := range s.kinds {
		c.kinds[kind] = slices.Clone(members)
	}
	c.fields = make(map[string]*field, len(s.fields))
	for name, f := range s.fields {
		c.fields[name] = &field{numbers: numbers{f.numbers.clone(), maps.Clone(f.numbers.odd)}, texts: f.texts.clone()}
	}
	return &c
}

func (c *column) clone() column {
	copied := *c
	copied.given, copied.words = slices.Clone(c.given), slices.Clone(c.words)
	return copied
}

func (c *texts) clone() *texts {
	copied := *c
	copied.column, copied.many, copied.starts.column = c.column.clone(), c.many.clone(), c.starts.clone()
	if t := c.few; t != nil {
		copied.few = &terms{slices.Clone(t.texts), maps.Clone(t.numbers), slices.Clone(t.uses), slices.Clone(t.free)}
	}
	return &copied
}

func (p pages) clone() pages {
	copied := slices.Clone(p)
	for i := range copied {
		copied[i].at, copied[i].buffer = slices.Clone(p[i].at), slices.Clone(p[i].buffer)
	}
	return copied
}

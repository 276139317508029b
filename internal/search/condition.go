package search

import "strings"

// Condition is a query that has been checked: its fields exist, its values are keys, and what a filter means in a version
// and a time zone is decided. It is a group or a test.
type Condition struct {
	// Combine is empty for a test. A group without parts is true of all when it is And, of none when it is Or.
	Combine Combination
	Parts   []*Condition

	// Not turns the answer round, also that of a group.
	Not bool

	// Field is the name under which a record is asked for its keys. It has several in a list, and none where it has
	// nothing; a test is passed when one of them passes.
	Field string
	Test  Test
	// Keys are what Test compares with: any number for OneOf; the first and the key after the last for Between, each
	// empty for no bound; one for Containing and EndingWith; none for Given.
	Keys []string
}

// Test is how a key is compared.
type Test uint8

// The tests.
const (
	Given      Test = iota // there is a key
	OneOf                  // it is one of several
	Between                // it lies in a range
	Containing             // it has a text in it
	EndingWith             // it ends with a text
)

// Matches reports whether a record meets the condition. It asks the record for its keys by the name of a field; empty
// ones do not count.
func (c *Condition) Matches(keys func(field string) []string) bool {
	return c.holds(keys) != c.Not
}

func (c *Condition) holds(keys func(string) []string) bool {
	if c.Combine != "" {
		for _, part := range c.Parts {
			if part.Matches(keys) != (c.Combine == And) {
				return c.Combine == Or
			}
		}
		return c.Combine == And
	}
	for _, key := range keys(c.Field) {
		if key != "" && c.passes(key) {
			return true
		}
	}
	return false
}

func (c *Condition) passes(key string) bool {
	switch c.Test {
	case Given:
		return true
	case OneOf:
		for _, k := range c.Keys {
			if k == key {
				return true
			}
		}
	case Between:
		return c.Keys[0] <= key && (c.Keys[1] == "" || key < c.Keys[1])
	case Containing:
		return strings.Contains(key, c.Keys[0])
	case EndingWith:
		return strings.HasSuffix(key, c.Keys[0])
	}
	return false
}

// Fields calls see with every field that the condition tests.
func (c *Condition) Fields(see func(field string)) {
	if c.Combine == "" {
		see(c.Field)
	}
	for _, part := range c.Parts {
		part.Fields(see)
	}
}

// KeysOf answers the keys of a record for [Condition.Matches]; tags are the ids of its tags, for a person those of the
// people that it absorbed among them.
func KeysOf(r Record, tags []string) func(field string) []string {
	return func(field string) []string {
		if field == "tag_id" {
			return tags
		}
		return []string{r.SearchKey(field)}
	}
}

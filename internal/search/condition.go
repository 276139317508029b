package search

import "strings"

// Condition is a checked query, either a group or a test. Its fields exist, its values are keys, and it no longer depends
// on a version or a time zone.
type Condition struct {
	// Combine is empty for a test. A group without parts holds for every record when it is And, and for none when it is Or.
	Combine Combination
	Parts   []*Condition

	// Not negates the result of the test or the group.
	Not bool

	// Field is the name to pass to [Record.SearchKey]. A record has several keys in a list, and none without a value. The
	// test passes when one of the keys passes.
	Field string
	Test  Test
	// Keys are the operands of Test. OneOf takes any number, Containing and EndingWith one, and Given none. Between takes
	// two, an inclusive lower and an exclusive upper bound; "" means no bound.
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

// Matches reports whether a record meets the condition. The function keys returns the record's keys for a field; empty
// keys are ignored.
func (c *Condition) Matches(keys func(field string) []string) bool {
	return c.holds(keys) != c.Not
}

// holds is Matches before negation.
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

// passes reports whether one key passes the test.
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

// Fields calls see with the field of every test in the condition; a field may occur more than once.
func (c *Condition) Fields(see func(field string)) {
	if c.Combine == "" {
		see(c.Field)
	}
	for _, part := range c.Parts {
		part.Fields(see)
	}
}

// KeysOf returns the keys of a record, as [Condition.Matches] needs them. Tags are the ids of the record's tags; those of
// a person include the tags of the people that it absorbed.
func KeysOf(r Record, tags []string) func(field string) []string {
	return func(field string) []string {
		if field == "tag_id" {
			return tags
		}
		return []string{r.SearchKey(field)}
	}
}

// Rewritten returns a copy whose filters a function has changed.
func (c *Condition) Rewritten(change func(filter *Condition)) *Condition {
	out := *c
	if c.Combine == "" {
		change(&out)
		return &out
	}
	out.Parts = make([]*Condition, len(c.Parts))
	for i, part := range c.Parts {
		out.Parts[i] = part.Rewritten(change)
	}
	return &out
}

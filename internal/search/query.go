package search

import (
	"slices"
	"time"
)

// Check finds out what a query means for the records of a table. Error; whatever Attribute and Segment return.
func (q Query) Check(table *Table, rules Rules) (*Condition, error) {
	if rules.Zone == nil {
		rules.Zone = time.UTC
	}
	return (&checker{Rules: rules, table: table}).query(&q, "query")
}

// Operator compares a field with the values of a filter.
type Operator string

// The operators of the search grammar.
const (
	Equal          Operator = "="
	NotEqual       Operator = "!="
	In             Operator = "IN"
	NotIn          Operator = "NIN"
	Less           Operator = "<"
	LessOrEqual    Operator = "<="
	Greater        Operator = ">"
	GreaterOrEqual Operator = ">="
	Contains       Operator = "~"
	ContainsNot    Operator = "!~"
	StartsWith     Operator = "^"
	EndsWith       Operator = "$"
)

// Combination says how the parts of a group go together.
type Combination string

// The combinations.
const (
	And Combination = "AND"
	Or  Combination = "OR"
)

// Query is a question for persons or companies: a filter on one field, or a group of queries.
type Query struct {
	// Combine is empty for a filter.
	Combine Combination
	Queries []Query // of a group

	// Field, Operator and Values make a filter. Values has one element, but for In and NotIn.
	Field    string
	Operator Operator
	Values   []Value
	// DaysAgo, when it is not 0, stands for the only value: the time so many days before the question is asked. Segments
	// have it, which must mean the same tomorrow.
	DaysAgo int64
}

// What bounds the shape of a query.
const (
	MaxQueryDepth = 2  // groups inside one another
	MaxGroup      = 15 // parts of a group
)

// AsksFor reports whether a test holds for any filter of a query.
func (q *Query) AsksFor(test func(filter *Query) bool) bool {
	if q.Combine == "" {
		return test(q)
	}
	return slices.ContainsFunc(q.Queries, func(part Query) bool { return part.AsksFor(test) })
}

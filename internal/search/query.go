package search

import (
	"slices"
	"time"
)

// Check turns a query into a condition on the records of a table. It returns an [Error] for an invalid query, and the
// errors of [Rules.Attribute] and [Rules.Segment].
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

// Combination says how the parts of a group are combined.
type Combination string

// The combinations.
const (
	And Combination = "AND"
	Or  Combination = "OR"
)

// Query is a filter on one field, or a group of queries.
type Query struct {
	// Combine is empty for a filter.
	Combine Combination
	Queries []Query // the parts of a group

	// Field, Operator and Values make a filter. Values has one element, except for In and NotIn.
	Field    string
	Operator Operator
	Values   []Value
	// DaysAgo, unless 0, replaces the only value with the time this many days before the search runs. Segments need it,
	// because their queries run again every day.
	DaysAgo int64
}

// The limits of a query's shape.
const (
	MaxQueryDepth = 2  // nested groups
	MaxGroup      = 15 // parts of a group
)

// AsksFor reports whether test holds for any filter of the query.
func (q *Query) AsksFor(test func(filter *Query) bool) bool {
	if q.Combine == "" {
		return test(q)
	}
	return slices.ContainsFunc(q.Queries, func(part Query) bool { return part.AsksFor(test) })
}

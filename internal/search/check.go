package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rules are how queries are understood: by which version of the public API, where and when.
type Rules struct {
	// Exact compares times by the second. Otherwise they are compared by the day in Zone.
	Exact bool
	// OwnerText takes owner_id for a text.
	OwnerText bool
	// FormattedPhone says whether formatted_phone can be searched.
	FormattedPhone bool
	Zone           *time.Location // nil for UTC
	Now            int64          // Unix seconds
	// Attribute returns how the values of a custom attribute of the table's model compare, and false for a name that is
	// not defined.
	Attribute func(name string) (FieldType, bool, error)
	// E164 returns the international form of a phone number, as records have it; nil knows none.
	E164 func(phone string) string
	// Segment looks the query of a segment up; nil for none. Without it no segment has anybody in it.
	Segment func(id string) (*Query, error)
	// DaysAgo allows filters that count back from today.
	DaysAgo bool
}

// What bounds a query beside its shape.
const (
	maxSearchValues = 10_000
	maxSearchTests  = 1_000
	maxSegmentDepth = 5
)

// Error says which filter of a query cannot be understood.
type Error struct {
	// Path leads to the filter or to its value, as in query.value.0.value.
	Path string
	// Reason is a sentence without a full stop.
	Reason string
	// Unknown says that the filter names a field that cannot be searched.
	Unknown bool
}

func (e *Error) Error() string { return e.Reason }

type checker struct {
	Rules
	table         *Table
	segments      []string // that are being expanded
	values, tests int
}

// Nobody is a condition that nothing meets.
func Nobody() *Condition { return &Condition{Combine: Or} }

func (c *checker) query(q *Query, path string) (*Condition, error) {
	if q.Combine == "" {
		return c.filter(q, path)
	}
	group := &Condition{Combine: q.Combine}
	for i := range q.Queries {
		part, err := c.query(&q.Queries[i], path+".value."+strconv.Itoa(i))
		if err != nil {
			return nil, err
		}
		group.Parts = append(group.Parts, part)
	}
	return group, nil
}

// operand is a field within a query: what it is, and which operators it has.
type operand struct {
	Field
	operators []Operator
	byDay     bool
	zone      *time.Location
	e164      func(string) string
	// lenient: a value of another kind is none that anybody has.
	lenient bool
	// flag: who is not known to be true is false.
	flag bool
	// inclusive: > and < also find what is equal.
	inclusive bool
}

// The operators by type.
var (
	textOperators   = []Operator{Equal, NotEqual, In, NotIn, Contains, ContainsNot, StartsWith, EndsWith}
	numberOperators = []Operator{Equal, NotEqual, In, NotIn, Less, Greater, LessOrEqual, GreaterOrEqual}
	choiceOperators = []Operator{Equal, NotEqual, In, NotIn}
	listOperators   = []Operator{Equal, NotEqual}
	serialOperators = slices.Concat(textOperators, []Operator{Less, Greater, LessOrEqual, GreaterOrEqual})
	timeOperators   = []Operator{Equal, NotEqual, Less, Greater, LessOrEqual, GreaterOrEqual}
	dayOperators    = []Operator{Equal, Less, Greater}
)

func (f *operand) findOperators(table *Table) {
	switch f.Type {
	case Text, ID, Phone:
		f.operators = textOperators
	case Number, Decimal:
		f.operators = numberOperators
	case Bool:
		f.operators = choiceOperators
	case List:
		f.operators = listOperators
	case Serial:
		f.operators = serialOperators
	case Time:
		f.operators = timeOperators
		if f.byDay {
			f.operators = dayOperators
		}
		if table.TimeOperators != nil {
			f.operators = table.TimeOperators
		}
	}
	if f.lenient {
		f.operators = choiceOperators
	}
}

// find returns the field of a name; nil when there is none that can be searched.
func (c *checker) find(name string) (*operand, error) {
	attribute, custom := strings.CutPrefix(name, CustomPrefix)
	if !custom {
		field, ok := c.table.Field(name)
		if !ok || name == "formatted_phone" && !c.FormattedPhone {
			return nil, nil
		}
		f := &operand{Field: field, byDay: !c.Exact, zone: c.Zone, e164: c.E164, lenient: name == "owner_id" && c.OwnerText}
		f.flag = f.Type == Bool
		f.inclusive = c.table.IsInclusive && f.Type != Serial
		f.findOperators(c.table)
		return f, nil
	}
	if c.Attribute == nil {
		return nil, nil
	}
	typ, defined, err := c.Attribute(attribute)
	if err != nil || !defined {
		return nil, err
	}
	f := &operand{Field: Field{Name: name, Key: CustomKey(attribute), Type: typ}, byDay: !c.Exact, zone: c.Zone, inclusive: c.table.IsInclusive}
	if typ == Date {
		f.Type, f.byDay = Time, true
		if c.Exact {
			f.zone = time.UTC
		}
	}
	f.findOperators(c.table)
	return f, nil
}

func (c *checker) filter(q *Query, path string) (*Condition, error) {
	f, err := c.find(q.Field)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return nil, &Error{path + ".field", q.Field + " is not a valid search field", true}
	}
	refuse := func(member, format string, args ...any) error {
		return &Error{Path: path + "." + member, Reason: q.Field + " " + fmt.Sprintf(format, args...)}
	}
	if c.tests++; c.tests > maxSearchTests {
		return nil, refuse("field", "is one filter too many: there may be %d, those of segments among them", maxSearchTests)
	}
	list := q.Operator == In || q.Operator == NotIn
	values := q.Values
	switch {
	case q.DaysAgo != 0 && (!c.DaysAgo || f.Type != Time):
		return nil, refuse("value", "cannot be compared with a number of days ago")
	case q.DaysAgo != 0: // so many times 24 hours, whatever the calendar says
		f.byDay, f.operators = false, timeOperators
		values = []Value{IntValue(c.Now - q.DaysAgo*24*60*60)}
	case !list && len(values) != 1:
		return nil, refuse("value", "must be compared with one value, not with a list, by %s", q.Operator)
	}
	if c.values += len(values); c.values > maxSearchValues {
		return nil, refuse("value", "has one value too many: there may be %d in all filters", maxSearchValues)
	}
	if f.ZeroIsNone {
		if list && slices.ContainsFunc(values, f.isNone) {
			return f.noneOr(c, q, path)
		}
		if !list && f.isNone(values[0]) && !isOrder(q.Operator) {
			values = []Value{NullValue()}
		}
	}
	if f.Type == Serial && IsNothing(values[0]) && (q.Operator == Greater || q.Operator == GreaterOrEqual) {
		return f.unset(false), nil // a program that reads all by their ids begins so
	}
	if !list && IsNothing(values[0]) && (q.Operator == Equal || q.Operator == NotEqual) {
		f.flag = f.flag || f.Name == "segment_id" // everybody is in one: that of all users or of all leads
		return f.unset(q.Operator == Equal), nil
	}
	if !slices.Contains(f.operators, q.Operator) {
		return nil, refuse("operator", "cannot be compared by %s", q.Operator)
	}
	if f.Name == "segment_id" {
		return c.segment(q, refuse)
	}
	keys := make([]string, 0, len(values))
	for i, v := range values {
		key, ok := f.key(q.Operator, v)
		switch {
		case !ok && list:
			return nil, refuse("value."+strconv.Itoa(i), "must be compared with %s", f.wants(v))
		case !ok:
			return nil, refuse("value", "must be compared with %s", f.wants(v))
		case key != "":
			keys = append(keys, key)
		}
	}
	switch f.Type {
	case Time:
		return f.time(q.Operator, keys[0], values[0]), nil
	case Phone:
		return f.phone(q.Operator, values), nil
	}
	return f.test(q.Operator, keys), nil
}

// everybody is a condition that all meet.
func everybody() *Condition { return &Condition{Combine: And} }

// unset finds those who have nothing in a field, or those who have something.
func (f *operand) unset(want bool) *Condition {
	switch {
	case f.flag && want:
		return Nobody()
	case f.flag:
		return everybody()
	}
	return &Condition{Field: f.Key, Test: Given, Not: want}
}

// isNone reports whether a value stands for nothing in a field where 0 does, too.
func (f *operand) isNone(v Value) bool {
	n, whole := WholeNumber(v)
	return IsNothing(v) || whole && n == 0
}

// noneOr is a filter by a list with a value that stands for nothing.
func (f *operand) noneOr(c *checker, q *Query, path string) (*Condition, error) {
	rest := *q
	rest.Operator, rest.Values = In, slices.DeleteFunc(slices.Clone(q.Values), f.isNone)
	some, err := c.filter(&rest, path)
	if err != nil {
		return nil, err
	}
	return &Condition{Combine: Or, Parts: []*Condition{f.unset(true), some}, Not: q.Operator == NotIn}, nil
}

// segment puts the query of a segment in the place of its id.
func (c *checker) segment(q *Query, refuse func(string, string, ...any) error) (*Condition, error) {
	id := q.Values[0].String()
	if slices.Contains(c.segments, id) || len(c.segments) == maxSegmentDepth {
		return nil, refuse("value", "names a segment that goes back to itself, or through more than %d others", maxSegmentDepth)
	}
	found := Nobody()
	if c.Segment != nil {
		meant, err := c.Segment(id)
		if err != nil {
			return nil, err
		}
		if meant != nil {
			// A segment means the same whoever asks for it.
			inner := *c
			inner.segments = append(slices.Clone(c.segments), id)
			inner.Exact, inner.OwnerText, inner.FormattedPhone, inner.DaysAgo = false, false, true, true
			if found, err = inner.query(meant, "query"); err != nil {
				return nil, err
			}
			c.values, c.tests = inner.values, inner.tests
		}
	}
	if q.Operator == NotEqual {
		return &Condition{Combine: And, Parts: []*Condition{found}, Not: true}, nil
	}
	return found, nil
}

// test is what an operator asks of keys that are no times.
func (f *operand) test(op Operator, keys []string) *Condition {
	if f.flag {
		return f.choice(keys, op == NotEqual || op == NotIn)
	}
	t := &Condition{Field: f.Key, Test: OneOf, Keys: keys}
	if f.Within != "" && isTextual(op) {
		t.Field = f.Within
	}
	switch {
	case f.inclusive && op == Less:
		op = LessOrEqual
	case f.inclusive && op == Greater:
		op = GreaterOrEqual
	}
	switch op {
	case NotEqual, NotIn:
		t.Not = true
	case Contains, ContainsNot:
		t.Test, t.Not = Containing, op == ContainsNot
	case EndsWith:
		t.Test = EndingWith
	case StartsWith:
		t.Test, t.Keys = Between, []string{keys[0], afterPrefix(keys[0])}
	case Less:
		t.Test, t.Keys = Between, []string{"", keys[0]}
	case LessOrEqual:
		t.Test, t.Keys = Between, []string{"", JustAfter(keys[0])}
	case Greater:
		t.Test, t.Keys = Between, []string{JustAfter(keys[0]), ""}
	case GreaterOrEqual:
		t.Test, t.Keys = Between, []string{keys[0], ""}
	}
	return t
}

// choice is test for flags, of which only true is a key.
func (f *operand) choice(keys []string, not bool) *Condition {
	yes, no := slices.Contains(keys, BoolKey(true)), slices.Contains(keys, BoolKey(false))
	if not {
		yes, no = !yes, !no
	}
	switch {
	case yes && no:
		return everybody()
	case yes || no:
		return &Condition{Field: f.Key, Test: OneOf, Keys: []string{BoolKey(true)}, Not: no}
	}
	return Nobody()
}

// time is test for times, which may be compared by the day: = is any second of the day, < before it, > after it.
func (f *operand) time(op Operator, key string, v Value) *Condition {
	if !f.byDay {
		return f.test(op, []string{key})
	}
	second, _ := WholeNumber(v)
	y, m, d := time.Unix(second, 0).In(f.zone).Date()
	first := NumberKey(IntValue(time.Date(y, m, d, 0, 0, 0, 0, f.zone).Unix()))
	next := NumberKey(IntValue(time.Date(y, m, d+1, 0, 0, 0, 0, f.zone).Unix()))
	t := &Condition{Field: f.Key, Test: Between}
	switch op {
	case Less:
		t.Keys = []string{"", first}
	case Greater:
		t.Keys = []string{next, ""}
	case GreaterOrEqual:
		t.Keys = []string{first, ""}
	case LessOrEqual:
		t.Keys = []string{"", next}
	default:
		t.Keys, t.Not = []string{first, next}, op == NotEqual
	}
	return t
}

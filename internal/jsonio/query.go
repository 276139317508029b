package jsonio

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"lobby/internal/search"
)

// Query returns the query of a search: a filter, or a group of filters and groups. Whether its fields exist and its
// values fit them is for people to check. A filter may count back from the day of the search with the value
// {"days_ago": n}.
func (o *Object) Query(name string) search.Query {
	defer o.recordWhole(name, QueryMember)()
	if !o.Has(name) {
		o.Fail(name, codeMissing, "must be given")
		return search.Query{}
	}
	child, ok := o.object(name)
	if !ok {
		o.Fail(name, codeKind, "must be an object")
		return search.Query{}
	}
	return child.query(0)
}

// operators are those of filters.
var operators = []search.Operator{
	search.Equal, search.NotEqual, search.In, search.NotIn, search.Less, search.LessOrEqual, search.Greater, search.GreaterOrEqual,
	search.Contains, search.ContainsNot, search.StartsWith, search.EndsWith,
}

// query reads a query that stands in depth groups.
func (o *Object) query(depth int) search.Query {
	operator := o.Text("operator").Or("")
	combine := search.Combination(operator)
	switch group := combine == search.And || combine == search.Or; {
	case o.doc.err != nil:
	case group && o.Has("field"):
		o.Fail("operator", CodeValue, "must compare the field with the value: "+operator+" joins several filters")
	case group && depth == search.MaxQueryDepth:
		o.Fail("operator", CodeValue, fmt.Sprintf("must not join filters here: groups may stand in one another %d deep", search.MaxQueryDepth))
	case group:
		return search.Query{Combine: combine, Queries: o.queries(depth + 1)}
	case operator == "":
		o.Fail("operator", CodeValue, "must be given")
	case !slices.Contains(operators, search.Operator(operator)):
		o.Fail("operator", CodeValue, "must be one of = != IN NIN < > <= >= ~ !~ ^ $, or AND or OR")
	default:
		return o.filter(search.Operator(operator))
	}
	return search.Query{}
}

// queries reads the parts of a group, which stand in depth groups.
func (o *Object) queries(depth int) (all []search.Query) {
	list, absent := o.list("value", "a list of filters")
	if absent != nil {
		o.Fail("value", CodeValue, "must be a list of filters")
		return nil
	}
	for i := list.first; i < list.end; i = o.doc.members[i].next {
		at := strconv.Itoa(len(all))
		if len(all) == search.MaxGroup {
			o.Fail("value", CodeValue, fmt.Sprintf("must not have more than %d filters", search.MaxGroup))
			return nil
		}
		m := &o.doc.members[i]
		if m.kind != jsontext.KindBeginObject {
			list.Fail(at, codeKind, "must be an object")
			return nil
		}
		part := Object{doc: o.doc, path: join(list.path, at), first: i + 1, end: m.next}
		all = append(all, part.query(depth))
		if o.doc.err != nil {
			return nil
		}
	}
	if len(all) == 0 {
		o.Fail("value", CodeValue, "must have at least one filter")
	}
	return all
}

func (o *Object) filter(operator search.Operator) search.Query {
	q := search.Query{Operator: operator, Field: o.Text("field").Or("")}
	if q.Field == "" {
		o.Fail("field", CodeValue, "must be given")
		return q
	}
	m := &member{kind: jsontext.KindNull} // what an absent value means
	i := o.find("value")
	if i >= 0 {
		m = &o.doc.members[i]
	}
	isList := operator == search.In || operator == search.NotIn
	switch {
	case m.kind == jsontext.KindBeginArray && !isList:
		o.Fail("value", CodeValue, "must be one value, not a list, for the operator "+string(operator))
	case m.kind == jsontext.KindBeginArray:
		for i, n := i+1, 0; i < m.next; i, n = o.doc.members[i].next, n+1 {
			q.Values = append(q.Values, o.filterValue(&o.doc.members[i], "value."+strconv.Itoa(n)))
		}
	case isList:
		o.Fail("value", CodeValue, "must be a list for the operator "+string(operator))
	case m.kind == jsontext.KindBeginObject:
		q.DaysAgo = o.daysAgo()
	default:
		q.Values = []search.Value{o.filterValue(m, "value")}
	}
	return q
}

// daysAgo reads a value that counts back from today.
func (o *Object) daysAgo() int64 {
	value := o.Object("value")
	days := value.Int("days_ago").Or(0)
	if days < 1 || days > maxDaysAgo {
		o.Fail("value", CodeValue, fmt.Sprintf(`must be a value, or {"days_ago": n} with n from 1 to %d`, maxDaysAgo))
		return 0
	}
	return days
}

// maxDaysAgo keeps what counts back within the times that there are.
const maxDaysAgo = 10_000

func (o *Object) filterValue(m *member, name string) search.Value {
	switch m.kind {
	case jsontext.KindNull:
		return search.NullValue()
	case jsontext.KindTrue, jsontext.KindFalse:
		return search.BoolValue(m.kind == jsontext.KindTrue)
	case jsontext.KindString:
		return search.TextValue(m.text)
	case jsontext.KindNumber:
		v, ok := number(m.text)
		if !ok {
			o.Fail(name, CodeValue, "is too large a number to be compared exactly")
		}
		return v
	}
	o.Fail(name, CodeValue, "must be a string, number, boolean or null")
	return search.Value{}
}

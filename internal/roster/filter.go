package roster

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"lobby/internal/display"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Operator is an operator of the search grammar in words.
type Operator struct {
	ID, Word string
	// types are the types of fields that have it; none is all.
	types []search.FieldType
	op    search.Operator
	// noValue says that it needs no value; days that its value is a number of days ago.
	noValue, days bool
}

var (
	textTypes   = []search.FieldType{search.Text, search.ID, search.Phone}
	numberTypes = []search.FieldType{search.Number, search.Decimal}
	timeTypes   = []search.FieldType{search.Time, search.Date}
)

// Operators are all Operators, in the order in which a page lists them.
var Operators = []Operator{
	{ID: "is", Word: "is", op: search.Equal},
	{ID: "not", Word: "is not", op: search.NotEqual, types: slices.Concat(textTypes, numberTypes, []search.FieldType{search.Bool})},
	{ID: "has", Word: "contains", op: search.Contains, types: textTypes},
	{ID: "lacks", Word: "does not contain", op: search.ContainsNot, types: textTypes},
	{ID: "starts", Word: "starts with", op: search.StartsWith, types: textTypes},
	{ID: "ends", Word: "ends with", op: search.EndsWith, types: textTypes},
	{ID: "over", Word: "is more than", op: search.Greater, types: numberTypes},
	{ID: "under", Word: "is less than", op: search.Less, types: numberTypes},
	{ID: "after", Word: "is after", op: search.Greater, types: timeTypes},
	{ID: "before", Word: "is before", op: search.Less, types: timeTypes},
	{ID: "within", Word: "is within the last … days", op: search.Greater, types: timeTypes, days: true},
	{ID: "older", Word: "is more than … days ago", op: search.Less, types: timeTypes, days: true},
	{ID: "known", Word: "is known", op: search.NotEqual, noValue: true},
	{ID: "unknown", Word: "is not known", op: search.Equal, noValue: true},
}

// Kinds are the kinds of the fields that have the operator, separated by spaces; empty for all. The script shows no other ones.
func (o Operator) Kinds() string {
	var all []string
	for _, t := range o.types {
		all = append(all, kindOf(t))
	}
	return strings.Join(slices.Compact(all), " ")
}

// kindOf is how a script knows a type of field.
func kindOf(t search.FieldType) string {
	switch t {
	case search.Number, search.Decimal:
		return "number"
	case search.Time, search.Date:
		return "time"
	case search.Bool:
		return "bool"
	}
	return "text"
}

// Field is a field that a filter can be about.
type Field struct {
	Name, Label, Kind string
	typ               search.FieldType
	// visitors and contacts say who has it.
	visitors, contacts bool
}

// FieldsOf are the fields of a workspace that filters can be about, sorted by their labels. Tags and segments are
// chosen elsewhere, and of several names of one field the first counts.
func FieldsOf(attributes []*people.Attribute) (all []*Field) {
	byKey := map[string]*Field{}
	for _, from := range []struct {
		table *search.Table
		of    func(*Field) *bool
	}{
		{people.ContactSearch, func(f *Field) *bool { return &f.contacts }},
		{people.VisitorSearch, func(f *Field) *bool { return &f.visitors }},
	} {
		for _, f := range from.table.Fields {
			key := cmp.Or(f.Key, f.Name)
			if f.Type == search.List || f.Name == "role" || f.Name == "avatar" || f.Name == "formatted_phone" {
				continue
			}
			if byKey[key] == nil {
				byKey[key] = &Field{Name: f.Name, Label: display.Label(key), Kind: kindOf(f.Type), typ: f.Type}
				all = append(all, byKey[key])
			}
			*from.of(byKey[key]) = true
		}
	}
	for _, a := range attributes {
		if a.Model != people.ContactModel || a.Archived {
			continue
		}
		typ := attributeTypes[a.Type]
		all = append(all, &Field{search.CustomPrefix + a.Name, a.Name, kindOf(typ), typ, true, true})
	}
	slices.SortStableFunc(all, func(a, b *Field) int { return cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	return all
}

// isOf reports whether visitors or contacts have the field.
func (f *Field) isOf(visitors bool) bool {
	return visitors && f.visitors || !visitors && f.contacts
}

// attributeTypes says how custom attributes compare, by their type. Texts are the rest.
var attributeTypes = map[people.AttributeType]search.FieldType{
	people.IntegerAttribute: search.Number, people.FloatAttribute: search.Decimal, people.BooleanAttribute: search.Bool,
	people.DateAttribute: search.Date, people.DatetimeAttribute: search.Date,
}

// Filter is one row of the filter builder.
type Filter struct {
	Field, Operator, Value, Error string
	// Number is that of the row, from 1.
	Number int
	field  *Field
}

// Label is the name of the field.
func (f *Filter) Label() string {
	if f.field == nil {
		return f.Field
	}
	return f.field.Label
}

// Kind is that of the field.
func (f *Filter) Kind() string {
	if f.field == nil {
		return ""
	}
	return f.field.Kind
}

// Operators are those that the field has, and all for a row that is to be filled in.
func (f *Filter) Operators() []Operator {
	if f.field == nil {
		return Operators
	}
	return slices.DeleteFunc(slices.Clone(Operators), func(o Operator) bool {
		return o.ID != f.Operator && o.types != nil && !slices.Contains(o.types, f.field.typ)
	})
}

// maxValue is the max length of what a filter compares with, in bytes.
const maxValue = 100

// maxFilters is how many filters a list takes: some of a group's parts are the text, the tag and the segment.
const maxFilters = search.MaxGroup - 4

// readFilters reads the rows of the filter builder; rows without a field are left out.
func readFilters(form url.Values, fields []*Field) (all []*Filter) {
	at := func(name string, i int) string {
		if values := form[name]; i < len(values) {
			return strings.TrimSpace(values[i])
		}
		return ""
	}
	for i, name := range form["f"] {
		if name == "" || len(all) == maxFilters {
			continue
		}
		f := &Filter{Field: name, Operator: at("o", i), Value: strings.ToValidUTF8(at("v", i)[:min(len(at("v", i)), maxValue+1)], "")}
		if n := slices.IndexFunc(fields, func(known *Field) bool { return known.Name == name }); n >= 0 {
			f.field = fields[n]
		}
		all = append(all, f)
	}
	return all
}

// query returns the filter in the search grammar. What is wrong with it is its Error, and ok is false, for good.
func (f *Filter) query(zone *time.Location) (q search.Query, ok bool) {
	if f.Error != "" {
		return q, false
	}
	i := slices.IndexFunc(Operators, func(o Operator) bool { return o.ID == f.Operator })
	if f.field == nil || i < 0 {
		f.Error = "Choose a field and how to compare it."
		return q, false
	}
	o := Operators[i]
	q = search.Query{Field: f.Field, Operator: o.op}
	switch {
	case o.types != nil && !slices.Contains(o.types, f.field.typ):
		f.Error = fmt.Sprintf("“%s” does not go with %s.", o.Word, f.field.Label)
		return q, false
	case o.noValue:
		q.Values = []search.Value{search.NullValue()}
		return q, true
	case f.Value == "" || !workspace.IsText(f.Value):
		f.Error = "Say what to compare with."
		return q, false
	case len(f.Value) > maxValue:
		f.Error = "That is too long to compare with."
		return q, false
	case o.days:
		days, err := strconv.ParseInt(f.Value, 10, 32)
		if err != nil || days < 1 || days > 36500 {
			f.Error = "Write a number of days, such as 7."
			return q, false
		}
		q.DaysAgo, q.Values = days, []search.Value{search.NullValue()}
		return q, true
	}
	v, problem := f.field.read(f.Value, zone)
	f.Error, q.Values = problem, []search.Value{v}
	return q, problem == ""
}

// read reads a value of the field, or says what is wrong with it.
func (f *Field) read(text string, zone *time.Location) (search.Value, string) {
	switch f.typ {
	case search.Number, search.Decimal:
		n, err := strconv.ParseFloat(text, 64)
		if v := search.FloatValue(n); err == nil && !v.IsNull() {
			return v, ""
		}
		return search.Value{}, "Write a number."
	case search.Bool:
		switch strings.ToLower(text) {
		case "yes", "true":
			return search.BoolValue(true), ""
		case "no", "false":
			return search.BoolValue(false), ""
		}
		return search.Value{}, "Write yes or no."
	case search.Time, search.Date:
		day, err := time.ParseInLocation(time.DateOnly, text, zone)
		if second := day.Unix(); err == nil && second >= 0 && second <= search.MaxWhole {
			return search.IntValue(second), ""
		}
		return search.Value{}, "Write a day as 2026-01-31."
	}
	return search.TextValue(text), ""
}

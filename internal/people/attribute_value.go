package people

import (
	"slices"
	"strings"

	"lobby/internal/search"
)

// reading says how the value of a custom attribute is read, by who sends it.
type reading uint8

const (
	// exact takes a value only when it is of the attribute's type: contacts and companies in the API.
	exact reading = iota
	// spelled also takes a text that spells a value of the type, and a number or flag for its text: visitors in the API,
	// whose attributes typed clients declare as strings.
	spelled
	// fromPage is spelled for pages, which also write times as JavaScript has them; see [search.PageTime].
	fromPage
)

// plural is what messages call those whose attributes a model has.
var plural = map[AttributeModel]string{ContactModel: "people", CompanyModel: "companies"}

// fitted returns a value as it is stored, and the type that the definition of the attribute, nil for none yet, must then
// have; or the reason why that cannot be.
func (as reading) fitted(a *Attribute, model AttributeModel, name string, v search.Value) (stored search.Value, typ AttributeType, reason string) {
	switch {
	case v.IsNull() && a != nil:
		return v, a.Type, ""
	case v.IsNull():
		return v, StringAttribute, ""
	case a == nil:
		typ = firstType(name, v)
	case a.Model != model:
		return v, a.Type, "does not exist for " + plural[model]
	default:
		typ = a.Type
	}
	stored = as.read(typ, v)
	wider, ok := widen(typ, stored)
	switch {
	case typ.isDate():
		return stored, typ, as.noDate(stored)
	case !ok:
		return v, typ, "must be of type " + string(typ) + as.hint(typ, v)
	case a != nil && len(a.Options) > 0 && !slices.Contains(a.Options, stored.Text()):
		return v, typ, "must be one of its options"
	}
	return stored, wider, ""
}

// firstType returns the type that the first value of an attribute gives it. A whole number is a time under a name that ends as
// the names of all times do.
func firstType(name string, v search.Value) AttributeType {
	if v.Kind() == search.KindInt && strings.HasSuffix(name, "_at") {
		return DateAttribute
	}
	return typeOf(v)
}

// read returns the value of a type that v spells, or v when it spells none.
func (as reading) read(typ AttributeType, v search.Value) search.Value {
	text := strings.TrimSpace(v.Text())
	switch {
	case as == exact:
	case typ.isDate() && as == fromPage:
		if second, ok := search.PageTime(v); ok {
			return search.IntValue(second)
		}
	case typ == StringAttribute:
		return search.TextValue(v.String())
	case v.Kind() != search.KindText:
	case typ == BooleanAttribute:
		if yes := strings.EqualFold(text, "true"); yes || strings.EqualFold(text, "false") {
			return search.BoolValue(yes)
		}
	default:
		if number, ok := search.ParseNumber(text); ok {
			return number
		}
	}
	return v
}

// noDate returns why a value cannot be a date; empty for one that can.
func (as reading) noDate(v search.Value) string {
	const wanted = "must be of type date, in whole Unix seconds"
	if v.Kind() != search.KindInt {
		return wanted + as.hint(DateAttribute, v)
	}
	if _, reason := search.UnixTime(v); reason == "" {
		return ""
	}
	return wanted + search.MillisecondsHint(v)
}

// hint ends a sentence that refuses a value which would be taken from a visitor.
func (as reading) hint(typ AttributeType, v search.Value) string {
	read := spelled.read(typ, v)
	if _, fits := widen(typ, read); as != exact || read == v || !fits {
		return ""
	}
	if typ == StringAttribute {
		return "; only for visitors is a number or boolean taken as a string"
	}
	return "; only for visitors is a string taken as the value that it spells"
}

// widen returns the type that holds both what is of type t and v, and whether there is one. Whole numbers widen to
// floats; nothing else changes its type.
func widen(t AttributeType, v search.Value) (AttributeType, bool) {
	typ := typeOf(v)
	switch {
	case t == typ, t.isDate() && typ == IntegerAttribute:
		return t, true
	case t == FloatAttribute && typ == IntegerAttribute, t == IntegerAttribute && typ == FloatAttribute:
		return FloatAttribute, true
	}
	return t, false
}

// SearchType returns how searches compare values of the type.
func (t AttributeType) SearchType() search.FieldType {
	switch t {
	case IntegerAttribute:
		return search.Number
	case FloatAttribute:
		return search.Decimal
	case BooleanAttribute:
		return search.Bool
	case DateAttribute:
		return search.Date
	case DatetimeAttribute:
		return search.Time
	}
	return search.Text
}

func (t AttributeType) isDate() bool { return t == DateAttribute || t == DatetimeAttribute }

func typeOf(v search.Value) AttributeType {
	switch v.Kind() {
	case search.KindInt:
		return IntegerAttribute
	case search.KindFloat:
		return FloatAttribute
	case search.KindBool:
		return BooleanAttribute
	}
	return StringAttribute
}

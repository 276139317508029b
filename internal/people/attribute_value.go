package people

import (
	"slices"
	"strings"

	"lobby/internal/search"
)

// reading says how the value of a custom attribute is read, depending on its source.
type reading uint8

const (
	// exact accepts only values of the attribute's type. It is for contacts and companies in the API.
	exact reading = iota
	// spelled also accepts a text that spells a value of the type, and a number or boolean for a text. It is for visitors
	// in the API, whose attributes typed clients declare as strings.
	spelled
	// fromPage is spelled for pages, which also write times in the formats of JavaScript; see [search.PageTime].
	fromPage
)

// plural is the word for the records of a model in messages.
var plural = map[AttributeModel]string{ContactModel: "people", CompanyModel: "companies"}

// fitted returns a value as it is stored, and the type that the definition must then have; or the reason why the value does
// not fit. a is the present definition, nil for none.
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

// firstType returns the type that its first value gives an attribute. A whole number is a date when the name ends in "_at".
func firstType(name string, v search.Value) AttributeType {
	if v.Kind() == search.KindInt && strings.HasSuffix(name, "_at") {
		return DateAttribute
	}
	return typeOf(v)
}

// read returns the value of type typ that v spells, or v itself when it spells none.
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

// noDate returns why a value is no valid date; empty for one that is.
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

// hint returns the end of the error message for a value that would be accepted from a visitor.
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

// widen returns the type that holds both values of type t and v, if there is one. Only whole numbers widen, to floats.
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

package people

import (
	"maps"
	"testing"

	"lobby/internal/search"
)

func TestAChangeSetsWhatItNamesAndNullTakesAway(t *testing.T) {
	t.Parallel()
	one, two := search.IntValue(1), search.IntValue(2)
	for i, c := range []struct{ before, change, want search.Attributes }{
		{nil, nil, nil},
		{nil, search.Attributes{"a": search.NullValue()}, nil},
		{nil, search.Attributes{"a": one}, search.Attributes{"a": one}},
		{search.Attributes{"a": one, "b": one}, search.Attributes{"b": two, "c": two}, search.Attributes{"a": one, "b": two, "c": two}},
		{search.Attributes{"a": one, "b": one}, search.Attributes{"a": search.NullValue(), "c": search.NullValue()}, search.Attributes{"b": one}},
		{search.Attributes{"a": one}, search.Attributes{"A": two}, search.Attributes{"a": one, "A": two}},
	} {
		before := maps.Clone(c.before)
		if got := c.before.With(c.change); !maps.Equal(got, c.want) {
			t.Errorf("%d: the attributes are %v, want %v", i, got, c.want)
		}
		if !maps.Equal(before, c.before) {
			t.Errorf("%d: the change was made to the original", i)
		}
	}
}

func TestOnlyWholeNumbersChangeTheirType(t *testing.T) {
	t.Parallel()
	values := map[AttributeType]search.Value{
		StringAttribute: search.TextValue("1"), IntegerAttribute: search.IntValue(1), FloatAttribute: search.FloatValue(1.5), BooleanAttribute: search.BoolValue(true),
	}
	number := map[AttributeType]bool{IntegerAttribute: true, FloatAttribute: true}
	for old := range values {
		for typ, v := range values {
			want, fits := old, old == typ
			if number[old] && number[typ] && old != typ {
				want, fits = FloatAttribute, true
			}
			if got, ok := widen(old, v); got != want || ok != fits {
				t.Errorf("a %s attribute given %v: %s, %v, want %s, %v", old, v, got, ok, want, fits)
			}
		}
		if got := firstType("a", values[old]); got != old {
			t.Errorf("a new attribute given %v: %s", values[old], got)
		}
	}
}

func TestHowAValueIsReadDependsOnWhoSendsIt(t *testing.T) {
	t.Parallel()
	text, whole := search.TextValue, search.IntValue
	const second = 1714557600
	for _, c := range []struct {
		typ     AttributeType
		sent    search.Value
		spelled search.Value // null for refused
		page    search.Value
	}{
		{BooleanAttribute, text("true"), search.BoolValue(true), search.BoolValue(true)},
		{BooleanAttribute, text(" False "), search.BoolValue(false), search.BoolValue(false)},
		{BooleanAttribute, text("yes"), search.NullValue(), search.NullValue()},
		{BooleanAttribute, whole(1), search.NullValue(), search.NullValue()},
		{IntegerAttribute, text("9"), whole(9), whole(9)},
		{IntegerAttribute, text("1.5"), search.FloatValue(1.5), search.FloatValue(1.5)},
		{IntegerAttribute, text("9.0"), whole(9), whole(9)},
		{IntegerAttribute, text("nine"), search.NullValue(), search.NullValue()},
		{IntegerAttribute, text(""), search.NullValue(), search.NullValue()},
		{IntegerAttribute, search.BoolValue(true), search.NullValue(), search.NullValue()},
		{FloatAttribute, text("1.5"), search.FloatValue(1.5), search.FloatValue(1.5)},
		{FloatAttribute, text("-2"), whole(-2), whole(-2)},
		{StringAttribute, whole(7), text("7"), text("7")},
		{StringAttribute, search.FloatValue(12345678.5), text("12345678.5"), text("12345678.5")},
		{StringAttribute, search.BoolValue(false), text("false"), text("false")},
		{DateAttribute, text("1714557600"), whole(second), whole(second)},
		{DateAttribute, text("2024-05-01T10:00:00Z"), search.NullValue(), whole(second)},
		{DatetimeAttribute, whole(second * 1000), search.NullValue(), whole(second)},
		{DateAttribute, text("tomorrow"), search.NullValue(), search.NullValue()},
		{DateAttribute, whole(-1), search.NullValue(), search.NullValue()},
	} {
		a := &Attribute{Model: ContactModel, Type: c.typ}
		for as, want := range map[reading]search.Value{exact: search.NullValue(), spelled: c.spelled, fromPage: c.page} {
			got, _, reason := as.fitted(a, ContactModel, "x", c.sent)
			if want.IsNull() != (reason != "") || reason == "" && got != want {
				t.Errorf("%d: %v as a %s is %v, %q, want %v", as, c.sent, c.typ, got, reason, want)
			}
		}
	}
}

func TestAWholeNumberIsATimeWhereTheNameSaysSo(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]AttributeType{
		"last_order_at": DateAttribute, "_at": DateAttribute, "at": IntegerAttribute, "lat": IntegerAttribute,
		"last_order_at_": IntegerAttribute, "Last_At": IntegerAttribute, "seats": IntegerAttribute,
	} {
		if got := firstType(name, search.IntValue(1714557600)); got != want {
			t.Errorf("%s is a %s, want a %s", name, got, want)
		}
	}
	for v, want := range map[search.Value]AttributeType{
		search.TextValue("1714557600"): StringAttribute, search.BoolValue(true): BooleanAttribute, search.FloatValue(1.5): FloatAttribute,
	} {
		if got := firstType("last_order_at", v); got != want {
			t.Errorf("%v makes a %s, want a %s", v, got, want)
		}
	}
}

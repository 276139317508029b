package people

import (
	"maps"
	"testing"
)

func TestAChangeSetsWhatItNamesAndNullTakesAway(t *testing.T) {
	t.Parallel()
	one, two := IntValue(1), IntValue(2)
	for i, c := range []struct{ before, change, want Attributes }{
		{nil, nil, nil},
		{nil, Attributes{"a": NullValue()}, nil},
		{nil, Attributes{"a": one}, Attributes{"a": one}},
		{Attributes{"a": one, "b": one}, Attributes{"b": two, "c": two}, Attributes{"a": one, "b": two, "c": two}},
		{Attributes{"a": one, "b": one}, Attributes{"a": NullValue(), "c": NullValue()}, Attributes{"b": one}},
		{Attributes{"a": one}, Attributes{"A": two}, Attributes{"a": one, "A": two}},
	} {
		before := maps.Clone(c.before)
		if got := c.before.with(c.change); !maps.Equal(got, c.want) {
			t.Errorf("%d: the attributes are %v, want %v", i, got, c.want)
		}
		if !maps.Equal(before, c.before) {
			t.Errorf("%d: the change was made to the original", i)
		}
	}
}

func TestOnlyWholeNumbersChangeTheirType(t *testing.T) {
	t.Parallel()
	values := map[AttributeType]Value{
		StringAttribute: TextValue("1"), IntegerAttribute: IntValue(1), FloatAttribute: FloatValue(1.5), BooleanAttribute: BoolValue(true),
	}
	number := map[AttributeType]bool{IntegerAttribute: true, FloatAttribute: true}
	for old := range values {
		for typ, v := range values {
			want, fits := old, old == typ
			if number[old] && number[typ] && old != typ {
				want, fits = FloatAttribute, true
			}
			if got, ok := fit(old, v); got != want || ok != fits {
				t.Errorf("a %s attribute given %v: %s, %v, want %s, %v", old, v, got, ok, want, fits)
			}
		}
		if got, ok := fit("", values[old]); got != old || !ok {
			t.Errorf("a new attribute given %v: %s, %v", values[old], got, ok)
		}
	}
}

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
			if got, ok := fit(old, v); got != want || ok != fits {
				t.Errorf("a %s attribute given %v: %s, %v, want %s, %v", old, v, got, ok, want, fits)
			}
		}
		if got, ok := fit("", values[old]); got != old || !ok {
			t.Errorf("a new attribute given %v: %s, %v", values[old], got, ok)
		}
	}
}

package search

import (
	"math"
	"testing"
)

func TestAValueKeepsWhatItWasMadeOf(t *testing.T) {
	t.Parallel()
	if v := TextValue("pro"); v.Kind() != KindText || v.Text() != "pro" {
		t.Errorf("TextValue(pro) is %v", v)
	}
	for _, n := range []int64{0, -1, math.MaxInt64, math.MinInt64, 1<<53 + 1} {
		if v := IntValue(n); v.Kind() != KindInt || v.Int() != n || v.Float() != float64(n) {
			t.Errorf("IntValue(%d) is %v", n, v)
		}
	}
	for _, f := range []float64{0.1, -155.5, 5e-324, math.MaxFloat64, 1 << 63} {
		if v := FloatValue(f); v.Kind() != KindFloat || v.Float() != f {
			t.Errorf("FloatValue(%g) is %v", f, v)
		}
	}
	if v := BoolValue(true); v.Kind() != KindBool || !v.Bool() || BoolValue(false).Bool() {
		t.Errorf("BoolValue(true) is %v, BoolValue(false) is %v", v, BoolValue(false))
	}
	if v := NullValue(); v.Kind() != KindNull || !v.IsNull() || v != (Value{}) {
		t.Errorf("NullValue() is %v", v)
	}
}

func TestANumberHasOneValueHoweverItWasMade(t *testing.T) {
	t.Parallel()
	for f, n := range map[float64]int64{3: 3, 1e3: 1000, math.Copysign(0, -1): 0, -1 << 63: math.MinInt64} {
		if FloatValue(f) != IntValue(n) {
			t.Errorf("FloatValue(%g) is %v, not IntValue(%d)", f, FloatValue(f), n)
		}
	}
}

func TestWhatIsNoNumberBecomesNull(t *testing.T) {
	t.Parallel()
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if !FloatValue(f).IsNull() {
			t.Errorf("FloatValue(%g) is %v", f, FloatValue(f))
		}
	}
}

func TestAnAccessorOfAnotherKindReturnsTheZeroOfItsType(t *testing.T) {
	t.Parallel()
	for _, v := range []Value{TextValue("1"), IntValue(1), FloatValue(1.5), BoolValue(true), NullValue()} {
		if v.Kind() != KindText && v.Text() != "" {
			t.Errorf("%v has the text %q", v, v.Text())
		}
		if v.Kind() != KindInt && v.Int() != 0 {
			t.Errorf("%v has the int %d", v, v.Int())
		}
		if v.Kind() != KindInt && v.Kind() != KindFloat && v.Float() != 0 {
			t.Errorf("%v has the float %g", v, v.Float())
		}
		if v.Kind() != KindBool && v.Bool() {
			t.Errorf("%v is true", v)
		}
	}
}

func TestAValueReadsAsItsText(t *testing.T) {
	t.Parallel()
	for v, want := range map[Value]string{
		TextValue("pro"): "pro", IntValue(-7): "-7", FloatValue(155.5): "155.5",
		FloatValue(12345678.5): "12345678.5", FloatValue(1e20 + .5): "100000000000000000000", FloatValue(1e21): "1e+21", FloatValue(-1e-7): "-1e-7", FloatValue(1e-6): "0.000001",
		FloatValue(2.5e-10): "2.5e-10", BoolValue(true): "true", NullValue(): "null",
	} {
		if v.String() != want {
			t.Errorf("got %q, want %q", v.String(), want)
		}
	}
}

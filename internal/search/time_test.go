package search

import (
	"strings"
	"testing"
)

func TestAUnixTimeIsWholeSeconds(t *testing.T) {
	t.Parallel()
	for v, want := range map[Value]int64{
		IntValue(0): 0, IntValue(MaxWhole): MaxWhole, TextValue("1714557600"): 1714557600, FloatValue(1714557600): 1714557600,
	} {
		if got, reason := UnixTime(v); got != want || reason != "" {
			t.Errorf("%v is %d, %q", v, got, reason)
		}
	}
	for _, v := range []Value{
		IntValue(-1), IntValue(MaxWhole + 1), IntValue(1714557600000), TextValue("1714557600000"), FloatValue(1714557600.5),
		TextValue("2024-05-01T10:00:00Z"), TextValue(""), BoolValue(true), NullValue(), IntValue(maxMilliseconds + 1),
	} {
		_, reason := UnixTime(v)
		if reason == "" {
			t.Errorf("%v is a time", v)
		}
		n, _ := WholeNumber(v)
		if want := n == 1714557600000; strings.Contains(reason, "milliseconds") != want {
			t.Errorf("%v: %s", v, reason)
		}
	}
}

func TestAPageMayWriteATimeAsItLikes(t *testing.T) {
	t.Parallel()
	const second = 1626343200 // 2021-07-15 10:00:00 UTC
	for _, v := range []Value{
		IntValue(second), IntValue(second * 1000), IntValue(second*1000 + 999), FloatValue(second + .5), FloatValue(second*1000 + .25),
		TextValue("1626343200"), TextValue("1626343200000"), TextValue("2021-07-15T10:00:00Z"), TextValue("2021-07-15T10:00:00.123Z"),
		TextValue("2021-07-15t10:00:00.123456789z"), TextValue("2021-07-15T12:00:00+02:00"), TextValue("2021-07-15T12:00:00+0200"),
		TextValue("2021-07-15T12:00:00+02"), TextValue("2021-07-15T10:00Z"), TextValue("2021-07-15T10:00:00"), TextValue("2021-07-15T10:00"),
		TextValue(" 2021-07-15 10:00:00 "), TextValue("2021-07-15 12:00:00 +0200"), TextValue("2021-07-15 10:00:00 UTC"), TextValue("2021-07-15T12:00:00 02:00"),
	} {
		if got, ok := PageTime(v); got != second || !ok {
			t.Errorf("%v is %d, %v", v, got, ok)
		}
	}
	if got, ok := PageTime(TextValue("2021-07-15")); got != 1626307200 || !ok {
		t.Errorf("a day is %d, %v", got, ok)
	}
	for _, v := range []Value{
		NullValue(), BoolValue(true), TextValue(""), TextValue("yesterday"), TextValue("2021-13-01"), TextValue("1969-12-31"),
		TextValue("2038-01-19T03:14:08Z"), IntValue(-1), IntValue(MaxWhole + 1), IntValue(minMilliseconds - 1), IntValue(maxMilliseconds + 1), FloatValue(1e300), FloatValue(-0.5),
	} {
		if got, ok := PageTime(v); ok {
			t.Errorf("%v is %d", v, got)
		}
	}
}

func TestANumberIsSpelledAsJSONSpellsIt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Value{
		"0": IntValue(0), "-0": IntValue(0), "9": IntValue(9), "-17": IntValue(-17), "1.5": FloatValue(1.5), "1.0": IntValue(1),
		"1e3": IntValue(1000), "2.5E-1": FloatValue(0.25), "9007199254740993": IntValue(9007199254740993),
	} {
		if got, ok := ParseNumber(text); got != want || !ok {
			t.Errorf("%s is %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "-", "+1", "01", ".5", "5.", "1e", "1e+", "0x10", "1_000", "1,5", " 1", "NaN", "Infinity", "1e999", "99999999999999999999", "１",
	} {
		if got, ok := ParseNumber(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}

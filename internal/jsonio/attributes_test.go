package jsonio

import (
	"errors"
	"maps"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lobby/internal/search"
)

// Databases have attributes whose floats were written in the form of strconv's 'g': they must be read as what they were.
func TestStoredFloatsAreReadInEveryForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f             float64
		former, today string
	}{
		{1.5, "1.5", "1.5"},
		{-0.25, "-0.25", "-0.25"},
		{1e19, "1e+19", "10000000000000000000"},
		{123456789012345680000, "1.2345678901234568e+20", "123456789012345680000"},
		{1e21, "1e+21", "1e+21"},
		{0.00001, "1e-05", "0.00001"},
		{0.0000012, "1.2e-06", "0.0000012"},
		{1e-7, "1e-07", "1e-7"},
		{12345678.9, "1.23456789e+07", "12345678.9"},
		{math.MaxFloat64, "1.7976931348623157e+308", "1.7976931348623157e+308"},
		{math.SmallestNonzeroFloat64, "5e-324", "5e-324"},
	} {
		want := search.Attributes{"n": search.FloatValue(c.f)}
		if got := string(AppendAttributes(nil, want)); got != `{"n":`+c.today+`}` {
			t.Errorf("%v is written as %s, want %s", c.f, got, c.today)
		}
		for _, text := range []string{c.former, c.today} {
			if got, err := ReadAttributes(`{"n":` + text + `}`); err != nil || !maps.Equal(got, want) {
				t.Errorf("%s is read as %v, %v, want %v", text, got, err, want)
			}
			if got, err := ReadValue(text); err != nil || got != want["n"] {
				t.Errorf("%s alone is read as %v, %v, want %v", text, got, err, want["n"])
			}
		}
	}
}

func TestStoredAttributesThatAreNone(t *testing.T) {
	t.Parallel()
	if got, err := ReadAttributes(""); got != nil || err != nil {
		t.Errorf("the empty text is read as %v, %v", got, err)
	}
	if got, err := ReadValue("null"); got != search.NullValue() || err != nil {
		t.Errorf("null is read as %v, %v", got, err)
	}
	for _, text := range []string{`[]`, `null`, `{"a":[1]}`, `{"a":{}}`, `{"a":null}`} {
		if got, err := ReadAttributes(text); !errors.Is(err, ErrKind) {
			t.Errorf("%s is read as %v, %v, want ErrKind", text, got, err)
		}
	}
	for _, text := range []string{`{"a":`, `{"a":1`, `{`} {
		if got, err := ReadAttributes(text); err == nil {
			t.Errorf("%s is read as %v", text, got)
		}
	}
}

// Nearly all attributes are read by a short way. The blank before the brace closes it.
func TestAttributesAreReadTheSameInBothWays(t *testing.T) {
	t.Parallel()
	same := func(t interface{ Fatalf(string, ...any) }, text string) {
		short, err := ReadAttributes(text)
		long, longErr := ReadAttributes(" " + text)
		if !maps.Equal(short, long) || (err == nil) != (longErr == nil) {
			t.Fatalf("%q is read as %v, %v, and as %v, %v", text, short, err, long, longErr)
		}
	}
	for _, text := range []string{
		`{}`, `{"a":1}`, `{"a":1,"b":2}`, `{"b":1,"a":2}`, `{"a":1,"a":2}`, `{"":1}`, `{"":1,"a":2}`, `{"a":-0}`, `{"a":0.5}`, `{"a":01}`, `{"a":1.}`,
		`{"a":.5}`, `{"a":-}`, `{"a":+1}`, `{"a":1e400}`, `{"a":9223372036854775808}`, `{"a":0x1}`, `{"a":1_0}`, `{"a":Inf}`, `{"a":tru}`, `{"a":truefalse}`,
		`{"a":"b}`, `{"a":"\u00e9\\"}`, "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}", `{"a":"é"}`, `{"é":true,"ü":false}`, `{"a":"x""b":1}`, `{"a":1,}`, `{,}`, `{"a"}`, `{"a":}`,
		`{"a":1 ,"b":2}`, `{"a":{"b":1}}`, `{"a":null}`, `"`, `{`, `{"a":1`, `{"a":"}"}`, `{"a":"","b":"1"}`,
	} {
		same(t, text)
	}
	part := rapid.SampledFrom([]string{`{`, `}`, `"a"`, `"b"`, `:`, `,`, `"`, `1`, `-`, `0`, `.5`, `e7`, `true`, `null`, `\`, ` `, "é"})
	rapid.Check(t, func(rt *rapid.T) {
		same(rt, `{"a":`+strings.Join(rapid.SliceOfN(part, 0, 12).Draw(rt, "parts"), ""))
	})
}

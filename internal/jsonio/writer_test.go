package jsonio

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lobby/internal/search"
)

func TestAnObjectIsWrittenInTheOrderOfItsCalls(t *testing.T) {
	t.Parallel()
	o := Begin([]byte("before "))
	o.Text("type", "visitor")
	o.TextOrNull("name", "")
	o.TextOrNull("email", "a@b.example")
	o.Int("session_count", 0)
	o.IntOrNull("last_request_at", 0)
	o.IntOrNull("created_at", 1717020964)
	o.Bool("anonymous", true)
	o.Null("referrer")
	o.Raw("location_data", "{}")
	o.Open("avatar")
	o.TextOrNull("image_url", "")
	o.Close()
	o.Open("tags")
	o.OpenList("tags")
	o.Item()
	o.Text("id", "1")
	o.Close()
	o.Item()
	o.Close()
	o.CloseList()
	o.Close()
	o.OpenList("segments")
	o.CloseList()
	o.Attributes("custom_attributes", search.Attributes{"b": search.IntValue(1), "a": search.NullValue()})
	o.Attributes("none", nil)
	got := string(o.End())
	want := `before {"type":"visitor","name":null,"email":"a@b.example","session_count":0,"last_request_at":null,` +
		`"created_at":1717020964,"anonymous":true,"referrer":null,` +
		`"location_data":{},"avatar":{"image_url":null},"tags":{"tags":[{"id":"1"},{}]},"segments":[],` +
		`"custom_attributes":{"a":null,"b":1},"none":{}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	o = Begin(nil)
	if got := string(o.End()); got != "{}" {
		t.Errorf("got %s, want {}", got)
	}
}

func TestTextIsEscapedNoFurtherThanJSONDemands(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`say "hi"\`:         `"say \"hi\"\\"`,
		"\b\f\n\r\t\x01":    `"\b\f\n\r\t\u0001"`,
		"<a href='/'>&</a>": `"<a href='/'>&</a>"`,
		"\u2028é😀\x7f":      "\"\u2028é😀\x7f\"",
		"{":                 `"{"`,
		"\xffa":             "\"\ufffda\"",
	} {
		if got := string(AppendText(nil, text)); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestFloatsAreShortAndWithoutExponentWherePeopleReadThem(t *testing.T) {
	t.Parallel()
	for f, want := range map[float64]string{
		0.1: "0.1", 155.5: "155.5", -2.25: "-2.25", 1e-6: "0.000001", 1e-7: "1e-7", 1e20: "100000000000000000000",
		1e21: "1e+21", 1 << 63: "9223372036854776000", math.MaxFloat64: "1.7976931348623157e+308",
	} {
		if got := string(appendFloat(nil, f)); got != want {
			t.Errorf("%g is %s, want %s", f, got, want)
		}
	}
}

// anyValue draws attribute values of every kind, numbers at the edges of their types included.
func anyValue() *rapid.Generator[search.Value] {
	return rapid.OneOf(
		rapid.Map(rapid.String(), search.TextValue),
		rapid.Map(rapid.Int64(), search.IntValue),
		rapid.Map(rapid.Float64(), search.FloatValue),
		rapid.Map(rapid.Bool(), search.BoolValue),
		rapid.Just(search.NullValue()),
	)
}

func TestWhatIsWrittenMeansTheSameToEncodingJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		n := rapid.Int64().Draw(t, "n")
		a := search.Attributes(rapid.MapOf(rapid.String(), anyValue()).Draw(t, "attributes"))
		o := Begin(nil)
		o.Text("text", text)
		o.TextOrNull("textOrNull", text)
		o.Int("int", n)
		o.IntOrNull("intOrNull", n)
		o.Attributes("attributes", a)
		b := o.End()

		var compact bytes.Buffer
		if err := json.Compact(&compact, b); err != nil || compact.String() != string(b) {
			t.Fatalf("%s is not compact JSON: %v", b, err)
		}
		var got struct {
			Text       string
			TextOrNull *string
			Int        int64
			IntOrNull  *int64
			Attributes map[string]any
		}
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		if err := d.Decode(&got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if got.Text != text || (got.TextOrNull == nil) != (text == "") || got.Int != n || (got.IntOrNull == nil) != (n == 0) {
			t.Fatalf("%s became %+v", b, got)
		}
		read := search.Attributes{}
		for name, v := range got.Attributes {
			read[name] = valueOf(t, v)
		}
		if !maps.Equal(read, a) {
			t.Fatalf("%s became %v, want %v", b, read, a)
		}
	})
}

// valueOf is the Value of what encoding/json decoded with UseNumber.
func valueOf(t *rapid.T, v any) search.Value {
	switch v := v.(type) {
	case string:
		return search.TextValue(v)
	case bool:
		return search.BoolValue(v)
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return search.IntValue(n)
		}
		f, err := v.Float64()
		if err != nil {
			t.Fatal(err)
		}
		return search.FloatValue(f)
	}
	return search.NullValue()
}

func TestAttributesComeBackFromReadAsTheyWere(t *testing.T) {
	t.Parallel()
	legal := rapid.String().Filter(func(s string) bool {
		return !strings.ContainsAny(s, ".$\x00") && s != "" && len(s) <= search.MaxText
	})
	value := anyValue().Filter(func(v search.Value) bool {
		return len(v.Text()) <= search.MaxText && !strings.Contains(v.Text(), "\x00")
	})
	rapid.Check(t, func(t *rapid.T) {
		want := search.Attributes(rapid.MapOf(legal, value).Draw(t, "attributes"))
		out := Begin(nil)
		out.Attributes("custom_attributes", want)
		b := out.End()
		in, err := Read(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if got := in.Scalars("custom_attributes"); !maps.Equal(got, want) {
			t.Fatalf("%s became %v (%v), want %v", b, got, in.Err(), want)
		}
	})
}

func BenchmarkAppendObject(b *testing.B) {
	a := search.Attributes{"paid_subscriber": search.BoolValue(true), "monthly_spend": search.FloatValue(155.5), "team_mates": search.IntValue(9)}
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		o := Begin(buf)
		o.Text("id", "6657a9246abd0160d35d1f68")
		o.TextOrNull("name", "Gareth Bale")
		o.IntOrNull("created_at", 1717020964)
		o.Attributes("custom_attributes", a)
		buf = o.End()[:0]
	}
}

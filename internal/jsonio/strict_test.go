package jsonio_test

import (
	"errors"
	"testing"

	"lobby/internal/jsonio"
)

func TestAStrictDocumentRefusesWhatNobodyReads(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"name":"x","custom_attributes":{"any":1}}`: "",
		`{"name":"x","nmae":"y"}`:                    "you sent nmae: did you mean name?",
		`{"location":{"city":"x","cuntry":"y"}}`:     "you sent location.cuntry: did you mean country?",
		`{"whatever":1}`:                             "you sent whatever, which this operation does not know",
		`{"whatever":null,"other":""}`:               "", // they say nothing
		`{"name":1,"whatever":1}`:                    "name must be a string",
	} {
		in, err := jsonio.Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		in.RecordReads(new(jsonio.Recorder))
		in.Strict()
		in.Text("name")
		in.Scalars("custom_attributes")
		place := in.Object("location")
		place.Text("city")
		place.Text("country")
		got := ""
		if err := in.Err(); err != nil {
			got = err.Error()
			var field *jsonio.FieldError
			if !errors.As(err, &field) || field.Field == "" {
				t.Errorf("%s: the field is not named", text)
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsCoercedIsRecorded(t *testing.T) {
	t.Parallel()
	in, err := jsonio.Read([]byte(`{"a":"1","b":1,"c":"x","d":"1700000000"}`))
	if err != nil {
		t.Fatal(err)
	}
	reads := new(jsonio.Recorder)
	in.RecordReads(reads)
	in.Int("a")
	in.Int("b")
	in.ID("c")
	in.Time("d")
	if len(reads.Coerced) != 2 || reads.Coerced[0].Path != "a" || reads.Coerced[1].Path != "d" {
		t.Errorf("coerced: %v", reads.Coerced)
	}
}

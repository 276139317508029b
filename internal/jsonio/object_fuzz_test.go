package jsonio

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"lobby/internal/search"
)

// FuzzRead holds Read against encoding/json, which takes more: whatever Read accepts means the same there, and
// whatever Read refuses it refuses with a FieldError.
func FuzzRead(f *testing.F) {
	for _, body := range accepted {
		f.Add([]byte(body))
	}
	for _, c := range refused {
		f.Add([]byte(c.body))
	}
	f.Add([]byte(`{"":[],"a":{"":{}}}`))
	f.Add([]byte(`{"a":["x",{"value":"y","z":[{}]}],"b":[[],1]}`))
	f.Add([]byte(`{"a":9007199254740993,"b":-9223372036854775809,"c":1e308,"d":-0.0,"e":"\u2028\t","f":123456789012345678901234}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		o, err := Read(body)
		if err != nil {
			var problem *FieldError
			if !errors.As(err, &problem) || problem.Message == "" || o != nil {
				t.Fatalf("got %v and the error %#v", o, err)
			}
			return
		}
		plain := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
		if len(plain) == 0 || plain[0] == '[' {
			if len(o.doc.members) != 0 {
				t.Fatalf("nothing has the members %v", o.doc.members)
			}
			return
		}
		d := json.NewDecoder(bytes.NewReader(plain))
		d.UseNumber()
		var want map[string]any
		if err := d.Decode(&want); err != nil {
			t.Fatalf("encoding/json refuses what Read accepts: %v", err)
		}
		checkSame(t, o, want)
	})
}

// checkSame checks that o has the members of want and every accessor finds in them what is there.
func checkSame(t *testing.T, o *Object, want map[string]any) {
	count := 0
	for i := o.first; i < o.end; i = o.doc.members[i].next {
		count++
	}
	if count != len(want) {
		t.Fatalf("%q has %d members, want %d", o.path, count, len(want))
	}
	for name, v := range want {
		if strings.ContainsRune(name, 0) {
			t.Fatalf("the name %q has a NUL", name)
		}
		o.doc.err = nil
		switch v := v.(type) {
		case nil:
			if !o.Text(name).IsNull() {
				t.Fatalf("%q is not null", name)
			}
		case bool:
			if o.Bool(name) != Some(v) {
				t.Fatalf("%q is not %t", name, v)
			}
		case string:
			if o.Text(name) != Some(v) || o.ID(name) != Some(v) || strings.ContainsRune(v, 0) {
				t.Fatalf("%q is %q, want %q", name, o.Text(name).Or(""), v)
			}
		case json.Number:
			checkSameNumber(t, o, name, v)
		case []any:
			if in := o.Object(name); in.first != in.end || (o.Err() == nil) != (len(v) == 0) {
				t.Fatalf("%q, a list of %d, is an object of %d: %v", name, len(v), in.end-in.first, o.Err())
			}
			checkSameTexts(t, o, name, v)
		case map[string]any:
			checkSame(t, o.Object(name), v)
		}
	}
}

// checkSameNumber checks that the number is the one encoding/json finds, and comes out of the encoder as the one it was.
func checkSameNumber(t *testing.T, o *Object, name string, want json.Number) {
	if whole, err := want.Int64(); err == nil && (o.Int(name) != Some(whole) || o.ID(name).Or("") != want.String()) {
		t.Fatalf("%q is %d, want %s", name, o.Int(name).Or(0), want)
	}
	v, ok := number(want.String())
	f, err := want.Float64()
	if !ok {
		if err == nil && !isWhole(want.String()) {
			t.Fatalf("%s is refused", want)
		}
		return
	}
	if err != nil || v.Float() != f {
		t.Fatalf("%s is %v, want %g", want, v, f)
	}
	again, ok := number(string(AppendValue(nil, v)))
	if !ok || again != v {
		t.Fatalf("%s is written as %s and read as %v", want, AppendValue(nil, v), again)
	}
	if v.Kind() == search.KindInt && o.Int(name) != Some(v.Int()) {
		t.Fatalf("%q is %d as an Int and %d as an attribute", name, o.Int(name).Or(0), v.Int())
	}
	if !jsontext.Value(AppendValue(nil, v)).IsValid() {
		t.Fatalf("%s is written as %s", want, AppendValue(nil, v))
	}
}

// checkSameTexts checks that a list is one of texts exactly when all its elements are, or are objects with one.
func checkSameTexts(t *testing.T, o *Object, name string, want []any) {
	texts, all := []string{}, true
	for _, v := range want {
		if object, is := v.(map[string]any); is {
			v = object["value"]
		}
		text, is := v.(string)
		texts, all = append(texts, text), all && is
	}
	o.doc.err = nil
	got, is := o.Texts(name).Value()
	if is != all || (o.Err() == nil) != all || is && !slices.Equal(got, texts) {
		t.Fatalf("%q is %q (%v), want %q", name, got, o.Err(), want)
	}
}

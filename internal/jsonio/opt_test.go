package jsonio

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestAnOptIsAbsentNullOrAValue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opt                   Opt[string]
		absent, null, present bool
		value, or             string
		ok                    bool
		json                  string
	}{
		"absent":    {Opt[string]{}, true, false, false, "", "def", false, `null`},
		"null":      {Null[string](), false, true, true, "", "def", false, `null`},
		"a value":   {Some("<a>"), false, false, true, "<a>", "<a>", true, `"<a>"`},
		"no length": {Some(""), false, false, true, "", "", true, `""`},
	} {
		if c.opt.IsZero() != c.absent || c.opt.IsNull() != c.null || c.opt.Present() != c.present {
			t.Errorf("%s is absent %t, null %t, present %t", name, c.opt.IsZero(), c.opt.IsNull(), c.opt.Present())
		}
		if v, ok := c.opt.Value(); v != c.value || ok != c.ok || c.opt.Or("def") != c.or {
			t.Errorf("%s has the value %q (%t), or %q", name, v, ok, c.opt.Or("def"))
		}
		if b, err := c.opt.MarshalJSON(); string(b) != c.json || err != nil {
			t.Errorf("%s is %s (%v)", name, b, err)
		}
	}
}

func TestAnAbsentMemberIsNotWritten(t *testing.T) {
	t.Parallel()
	in := struct {
		Absent Opt[int]    `json:"absent,omitzero"`
		Null   Opt[int]    `json:"null,omitzero"`
		Zero   Opt[int]    `json:"zero,omitzero"`
		Text   Opt[string] `json:"text,omitzero"`
	}{Null: Null[int](), Zero: Some(0), Text: Some("<&>")}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(in); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), `{"null":null,"zero":0,"text":"<&>"}`+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAValueThatIsNoJSONIsAnError(t *testing.T) {
	t.Parallel()
	if b, err := json.Marshal(Some(make(chan int))); err == nil {
		t.Errorf("a channel is %s", b)
	}
}

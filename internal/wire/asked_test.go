package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lobby/internal/wire"
)

func TestWhatIsAskedOfARequestIsNotedOnce(t *testing.T) {
	t.Parallel()
	in, err := wire.Read([]byte(`{"a":{"b":1},"list":[{"value":"x"}],"picture":{"image_url":"u"},"users":[{"id":"1"}],"one":{"n":1},"facts":{"link":{"url":"u","value":"v"}},
		"query":{"operator":"AND","value":[{"field":"email","operator":"=","value":"x"}]},"sum":1.5}`))
	if err != nil {
		t.Fatal(err)
	}
	var asked wire.Asked
	in.Text("before")
	in.Tell(&asked)
	in.Object("a").Int("b")
	in.Text("missing")
	in.Text("missing")
	in.Object("nowhere").ID("id")
	in.Texts("list")
	in.Picture("picture")
	in.Objects("users").Or(nil)[0].ID("id")
	in.OneOrMore("one")[0].Int("n")
	in.Metadata("facts")
	in.Query("query")
	in.Truncated("sum")
	want := []wire.AskedMember{
		{"a", wire.AskedObject},
		{"a.b", wire.AskedInt},
		{"missing", wire.AskedText},
		{"nowhere", wire.AskedObject},
		{"nowhere.id", wire.AskedID},
		{"list", wire.AskedTexts},
		{"list.0.value", wire.AskedText},
		{"picture", wire.AskedPicture},
		{"picture.image_url", wire.AskedText},
		{"users", wire.AskedObjects},
		{"users.0.id", wire.AskedID},
		{"one", wire.AskedObjects},
		{"one.n", wire.AskedInt},
		{"facts", wire.AskedFacts},
		{"query", wire.AskedQuery},
		{"sum", wire.AskedNumber},
	}
	if diff := cmp.Diff(want, asked.Members); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

package jsonio_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lobby/internal/jsonio"
)

func TestWhatIsAskedOfARequestIsNotedOnce(t *testing.T) {
	t.Parallel()
	in, err := jsonio.Read([]byte(`{"a":{"b":1},"list":[{"value":"x"}],"picture":{"image_url":"u"},"users":[{"id":"1"}],"one":{"n":1},"facts":{"link":{"url":"u","value":"v"}},
		"query":{"operator":"AND","value":[{"field":"email","operator":"=","value":"x"}]},"sum":1.5}`))
	if err != nil {
		t.Fatal(err)
	}
	var asked jsonio.Recorder
	in.Text("before")
	in.RecordReads(&asked)
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
	want := []jsonio.Member{
		{"a", jsonio.ObjectMember},
		{"a.b", jsonio.IntMember},
		{"missing", jsonio.TextMember},
		{"nowhere", jsonio.ObjectMember},
		{"nowhere.id", jsonio.IDMember},
		{"list", jsonio.TextsMember},
		{"list.0.value", jsonio.TextMember},
		{"picture", jsonio.PictureMember},
		{"picture.image_url", jsonio.TextMember},
		{"users", jsonio.ObjectsMember},
		{"users.0.id", jsonio.IDMember},
		{"one", jsonio.EitherMember},
		{"one.n", jsonio.IntMember},
		{"facts", jsonio.MetadataMember},
		{"query", jsonio.QueryMember},
		{"sum", jsonio.NumberMember},
	}
	if diff := cmp.Diff(want, asked.Members); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

package jsonio_test

import (
	"testing"

	"lobby/internal/jsonio"
)

func TestAListOfObjectsIsReadElementByElement(t *testing.T) {
	t.Parallel()
	for body, c := range map[string]struct{ names, refused string }{
		`{}`:                          {},
		`{"users":null}`:              {},
		`{"users":[]}`:                {},
		`{"users":[{}]}`:              {names: "?"},
		`{"users":[[],{"name":"a"}]}`: {names: "?a"}, // PHP writes an empty object like that
		`{"users":[{"name":"a","x":[1,{"name":"b"}]},{"name":"c"}]}`: {names: "ac"},
		`{"users":{"name":"a"}}`:              {refused: "users must be a list of objects"},
		`{"users":"a"}`:                       {refused: "users must be a list of objects"},
		`{"users":[{"name":"a"},"b"]}`:        {refused: "users must be a list of objects"},
		`{"users":[[1]]}`:                     {refused: "users must be a list of objects"},
		`{"users":[{"name":"a"},{"name":1}]}`: {names: "a?", refused: "users.1.name must be a string"},
	} {
		in, err := jsonio.Read([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		names, refused := "", ""
		for _, user := range in.Objects("users").Or(nil) {
			names += user.Text("name").Or("?")
		}
		if in.Err() != nil {
			refused = in.Err().Error()
		}
		if names != c.names || refused != c.refused {
			t.Errorf("%s: %q, %q, want %q, %q", body, names, refused, c.names, c.refused)
		}
	}
}

package wire_test

import (
	"testing"

	"lobby/internal/wire"
)

func TestAnErrorIsAListOfOne(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]wire.Error{
		`{"type":"error.list","request_id":"r","errors":[{"code":"not_found","message":"Visitor Not Found"}]}`: {
			RequestID: "r", Code: "not_found", Message: "Visitor Not Found",
		},
		`{"type":"error.list","request_id":null,"errors":[{"code":"a","message":"b \"c\"","field":"d","existing_id":"e"}]}`: {
			Code: "a", Message: `b "c"`, Field: "d", ExistingID: "e",
		},
	} {
		if got := string(e.AppendJSON(nil)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

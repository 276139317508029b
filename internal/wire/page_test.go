package wire

import (
	"testing"

	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

func TestNumberedPagesSayWhereTheyStand(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]NumberedPages{
		`{"total_count":0,"pages":{"type":"pages","next":null,"page":1,"per_page":50,"total_pages":0}}`: {
			Page: workspace.Page{Number: 1, Size: 50},
		},
		`{"total_count":3,"pages":{"type":"pages","next":"http://a.example/x?page=2","page":1,"per_page":2,"total_pages":2}}`: {
			Page: workspace.Page{Number: 1, Size: 2}, Total: 3, Next: "http://a.example/x?page=2",
		},
		`{"total_count":4,"pages":{"type":"pages","next":null,"page":9,"per_page":2,"total_pages":2}}`: {
			Page: workspace.Page{Number: 9, Size: 2}, Total: 4,
		},
	} {
		o := jsonio.Begin(nil)
		p.write(&o)
		if got := string(o.End()); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

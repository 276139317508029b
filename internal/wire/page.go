package wire

import (
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// NumberedPages is where a page stands in a list whose pages are numbered, and where the next is found.
type NumberedPages struct {
	workspace.Page
	// Total is how many records the list has.
	Total int
	// Next is the absolute URL of the next page; "" on the last page and after it.
	Next string
}

// write appends the members that such a list has beside its records.
func (p NumberedPages) write(o *jsonio.Writer) {
	o.Int("total_count", int64(p.Total))
	o.Open("pages")
	o.Text("type", "pages")
	o.TextOrNull("next", p.Next) // one client stops at null only, another at no more records
	o.Int("page", int64(p.Number))
	o.Int("per_page", int64(p.Size))
	o.Int("total_pages", pages(p.Total, p.Size))
	o.Close()
}

// pageSample and lastPageSample are a page that is not the last, and one that is.
var (
	pageSample     = NumberedPages{Page: workspace.Page{Size: 1}, Next: "*"}
	lastPageSample = NumberedPages{Page: workspace.Page{Size: 1}}
)

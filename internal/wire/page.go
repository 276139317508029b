package wire

import (
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// NumberedPages is the paging information of a list with numbered pages.
type NumberedPages struct {
	workspace.Page
	// Total is the number of records on all pages.
	Total int
	// Next is the absolute URL of the next page; "" on the last page and after it.
	Next string
}

// write writes total_count and pages.
func (p NumberedPages) write(o *jsonio.Writer) {
	o.Int("total_count", int64(p.Total))
	o.Open("pages")
	o.Text("type", "pages")
	o.TextOrNull("next", p.Next) // one client stops only at null, another only at an empty page
	o.Int("page", int64(p.Number))
	o.Int("per_page", int64(p.Size))
	o.Int("total_pages", pages(p.Total, p.Size))
	o.Close()
}

// pageSample has a next page, and lastPageSample has none.
var (
	pageSample     = NumberedPages{Page: workspace.Page{Size: 1}, Next: "*"}
	lastPageSample = NumberedPages{Page: workspace.Page{Size: 1}}
)

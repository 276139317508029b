package wire

import "lobby/internal/people"

// NumberedPages is where a page stands in a list whose pages are numbered, and where the next is found.
type NumberedPages struct {
	people.Page
	// Total is how many records the list has.
	Total int
	// Next is the absolute URL of the next page; "" on the last page and after it.
	Next string
}

// write appends the members that such a list has beside its records.
func (p NumberedPages) write(o *object) {
	o.int("total_count", int64(p.Total))
	o.open("pages")
	o.text("type", "pages")
	o.textOrNull("next", p.Next) // one client stops at null only, another at no more records
	o.int("page", int64(p.Number))
	o.int("per_page", int64(p.Size))
	o.int("total_pages", pages(p.Total, p.Size))
	o.close()
}

// pageSample and lastPageSample are a page that is not the last, and one that is.
var (
	pageSample     = NumberedPages{Page: people.Page{Size: 1}, Next: "*"}
	lastPageSample = NumberedPages{Page: people.Page{Size: 1}}
)

package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
)

// SearchPages is one page of search results.
type SearchPages[T search.Record] struct {
	Page    *search.Page[T]
	PerPage int
	// Next is the cursor of the next page; "" on the last page.
	Next string
}

// ContactSearch is a page of contacts.
type ContactSearch struct {
	SearchPages[*people.Person]
	Version apiversion.Version
}

// AppendJSON appends the page.
func (s ContactSearch) AppendJSON(buf []byte) []byte {
	return s.append(buf, func(buf []byte, p *people.Person) []byte { return NewContact(p, s.Version).AppendJSON(buf) })
}

// VisitorSearch is a page of visitors.
type VisitorSearch struct {
	SearchPages[*people.Person]
	Base string
}

// AppendJSON appends the page.
func (s VisitorSearch) AppendJSON(buf []byte) []byte {
	return s.append(buf, func(buf []byte, p *people.Person) []byte { return Visitor{p, s.Base}.AppendJSON(buf) })
}

// CompanySearch is a page of companies.
type CompanySearch struct {
	SearchPages[*people.Company]
	Version apiversion.Version
}

// AppendJSON appends the page.
func (s CompanySearch) AppendJSON(buf []byte) []byte {
	return s.append(buf, func(buf []byte, c *people.Company) []byte { return NewCompany(c, s.Version).AppendJSON(buf) })
}

func (s *SearchPages[T]) append(buf []byte, item func([]byte, T) []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, found := range s.Page.Found {
		o.Next()
		o.Buf = item(o.Buf, found)
	}
	o.CloseList()
	cursorPages(&o, int64(s.Page.Number), s.PerPage, s.Page.Total, s.Next, false)
	return o.End()
}

// cursorPages writes total_count and pages. Next is the cursor of the next page. The last page has no next, or null if
// nullable.
func cursorPages(o *jsonio.Writer, page int64, perPage, total int, next string, nullable bool) {
	o.Int("total_count", int64(total))
	o.Open("pages")
	o.Text("type", "pages")
	o.Int("page", page)
	o.Int("per_page", int64(perPage))
	o.Int("total_pages", pages(total, perPage))
	switch {
	case next == "" && nullable:
		o.Null("next")
	case next != "":
		o.Open("next")
		o.Int("page", page+1)
		o.Int("per_page", int64(perPage))
		o.Text("starting_after", next)
		o.Close()
	}
	o.Close()
}

func searchSamples(v apiversion.Version) []Shape {
	of := func(role people.Role) SearchPages[*people.Person] {
		return foundSample(fullPerson(role), barePerson(role))
	}
	last, lastCompanies := foundSample[*people.Person](), foundSample[*people.Company]()
	last.Next, lastCompanies.Next = "", ""
	return []Shape{
		ContactSearch{of(people.User), v},
		ContactSearch{last, v},
		VisitorSearch{SearchPages: of(people.Visitor)},
		VisitorSearch{SearchPages: last},
		CompanySearch{foundSample(full[people.Company](), new(people.Company)), v},
		CompanySearch{lastCompanies, v},
	}
}

// foundSample returns a page of these records that is not the last.
func foundSample[T search.Record](found ...T) SearchPages[T] {
	return SearchPages[T]{Page: &search.Page[T]{Found: found}, PerPage: 1, Next: "*"}
}

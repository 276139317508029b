package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/people"
)

// ContactList is one page of contacts, with the cursor of the next.
type ContactList struct {
	Page    *people.ContactPage
	PerPage int
	Version apiversion.Version
}

// AppendJSON appends the page. The last page has no next.
func (l ContactList) AppendJSON(buf []byte) []byte {
	o := begin(buf)
	o.text("type", "list")
	o.openList("data")
	for _, p := range l.Page.Contacts {
		o.next()
		o.buf = NewContact(p, l.Version).AppendJSON(o.buf)
	}
	o.closeList()
	o.int("total_count", int64(l.Page.Total))
	o.open("pages")
	o.text("type", "pages")
	page := pages(l.Page.Newer, l.PerPage) + 1
	o.int("page", page)
	o.int("per_page", int64(l.PerPage))
	o.int("total_pages", pages(l.Page.Total, l.PerPage))
	if l.Page.More() && len(l.Page.Contacts) > 0 {
		o.open("next")
		o.int("page", page+1)
		o.int("per_page", int64(l.PerPage))
		o.text("starting_after", l.Page.Contacts[len(l.Page.Contacts)-1].ID)
		o.close()
	}
	o.close()
	return o.end()
}

// pages is how many pages so many records fill.
func pages(records, perPage int) int64 { return int64((records + perPage - 1) / perPage) }

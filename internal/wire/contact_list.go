package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// ContactList is one page of contacts, with the cursor of the next page.
type ContactList struct {
	Page    *people.ContactPage
	PerPage int
	// NullAtEnd writes null for the next of the last page, where one client stops. Lists without it have no next there,
	// because null would stop another client.
	NullAtEnd bool
	Version   apiversion.Version
}

// AppendJSON appends the page.
func (l ContactList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, p := range l.Page.Contacts {
		o.Next()
		o.Buf = NewContact(p, l.Version).AppendJSON(o.Buf)
	}
	o.CloseList()
	next := ""
	if l.Page.More() && len(l.Page.Contacts) > 0 {
		last := l.Page.Contacts[len(l.Page.Contacts)-1]
		next = workspace.ListPlace(last.ID, last.CreatedAt)
	}
	cursorPages(&o, pages(l.Page.Newer, l.PerPage)+1, l.PerPage, l.Page.Total, next, l.NullAtEnd)
	return o.End()
}

// pages returns the number of pages that some records fill.
func pages(records, perPage int) int64 { return int64((records + perPage - 1) / perPage) }

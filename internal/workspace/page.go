package workspace

// Page identifies one page of a list with numbered pages.
type Page struct {
	Number int // from 1; may be past the end of the list
	Size   int // records per page, from 1 to people.MaxPage
}

// Offset returns the number of records on the previous pages.
func (p Page) Offset() int64 { return int64(p.Number-1) * int64(p.Size) }

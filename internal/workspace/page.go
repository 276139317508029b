package workspace

// Page names one page of a list whose pages are numbered.
type Page struct {
	Number int // from 1 on; a list may well end before it
	Size   int // how many records a page has, from 1 to [people.MaxPage]
}

// Offset is how many records stand on the pages before.
func (p Page) Offset() int64 { return int64(p.Number-1) * int64(p.Size) }

package api

import (
	"net/url"
	"strconv"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// defaultPage is how many records a page of people has when the request does not say.
const defaultPage = 50

// queryReader reads the parameters of a request and keeps the first error.
type queryReader struct {
	values parameters
	err    error
}

// parameters returns a reader of the request's query. A query that is not well-formed is the reader's first error.
func (c *call) parameters() queryReader {
	values, err := c.query()
	return queryReader{values, err}
}

// time reads Unix seconds; 0 when the parameter is absent.
func (q *queryReader) time(name string) int64 {
	text := q.values.read(name, jsonio.TimeMember)
	if text == "" {
		return 0
	}
	n, reason := search.UnixTime(search.TextValue(text))
	if reason != "" && q.err == nil {
		q.err = &workspace.InvalidError{Field: name, Reason: reason}
	}
	return n
}

// instant reads Unix seconds or a time in ISO 8601; 0 when the parameter is absent.
func (q *queryReader) instant(name string) int64 {
	text := q.values.read(name, jsonio.InstantMember)
	if text == "" {
		return 0
	}
	n, ok := jsonio.ParseInstant(text)
	if !ok && q.err == nil {
		q.err = &workspace.InvalidError{Field: name, Reason: "must be " + string(jsonio.InstantMember)}
	}
	return n
}

// bool reads true or false; false when the parameter is absent.
func (q *queryReader) bool(name string) bool {
	text := q.values.read(name, jsonio.BoolMember)
	if text != "" && text != "true" && text != "false" && q.err == nil {
		q.err = &workspace.InvalidError{Field: name, Reason: "must be true or false"}
	}
	return text == "true"
}

// extra reads whether a part of the view is wanted that is loaded only then.
func (q *queryReader) extra(name string, wanted people.Extra) []people.Extra {
	if !q.bool(name) {
		return nil
	}
	return []people.Extra{wanted}
}

// perPage reads the size of a page of people.
func (q *queryReader) perPage() int { return q.pageSize(defaultPage) }

// pageSize reads the size of a page: more than the most counts as the most, less than one as the usual.
func (q *queryReader) pageSize(usual int) int {
	if n := q.whole("per_page"); n > 0 {
		return min(n, people.MaxPage)
	}
	return usual
}

// page reads which page of a list is wanted whose pages are numbered; less than one counts as the first.
func (q *queryReader) page(usualSize int) workspace.Page {
	return workspace.Page{Number: max(q.whole("page"), 1), Size: q.pageSize(usualSize)}
}

// whole reads a whole number; 0 when the parameter is absent.
func (q *queryReader) whole(name string) int {
	text := q.values.read(name, jsonio.IntMember)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil && q.err == nil {
		q.err = &workspace.InvalidError{Field: name, Reason: "must be a whole number"}
	}
	return int(n)
}

// numbered says where a page stands in its list. The next has the address of this one, but for its number.
func (a *API) numbered(c *call, page workspace.Page, total int) wire.NumberedPages {
	return a.numberedAt(c, c.r.URL.EscapedPath(), c.r.URL.Query(), page, total)
}

// numberedAt is numbered for a list that is found elsewhere.
func (a *API) numberedAt(c *call, path string, query url.Values, page workspace.Page, total int) wire.NumberedPages {
	pages := wire.NumberedPages{Page: page, Total: total}
	if page.Offset()+int64(page.Size) < int64(total) {
		query.Set("page", strconv.Itoa(page.Number+1))
		query.Set("per_page", strconv.Itoa(page.Size))
		pages.Next = a.base(c) + path + "?" + query.Encode()
	}
	return pages
}

// place reads where in a list of events a page begins or ends; 0 when the parameter is absent.
func (q *queryReader) place(name string) int64 {
	text := q.values.read(name, jsonio.IntMember)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if (err != nil || n < 0) && q.err == nil {
		q.err = &workspace.InvalidError{Field: name, Reason: "must be a time in milliseconds, as pages have it"}
	}
	return n
}

// listCursor reads starting_after of a list by age: the place of the last record of the page before. It needs no escaping
// in a URL and stays valid whatever is written meanwhile.
func (q *queryReader) listCursor() string { return q.cursorThat(workspace.IsListPlace) }

// cursor reads starting_after. Our cursors are the id of the last record of the page before, which needs no escaping in
// a URL and stays valid whatever is written meanwhile.
func (q *queryReader) cursor() string { return q.cursorThat(workspace.IsID) }

func (q *queryReader) cursorThat(isOurs func(string) bool) string {
	cursor := q.values.Get("starting_after")
	if cursor != "" && !isOurs(cursor) && q.err == nil {
		q.err = errCursor
	}
	return cursor
}

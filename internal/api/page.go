package api

import (
	"net/url"
	"strconv"

	"lobby/internal/people"
)

// defaultPage is how many records a page of people has when the request does not say.
const defaultPage = 50

// queryReader reads the parameters of a list and keeps the first error.
type queryReader struct {
	values url.Values
	err    error
}

// time reads Unix seconds; 0 when the parameter is absent.
func (q *queryReader) time(name string) int64 {
	text := q.values.Get(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if (err != nil || n < 0) && q.err == nil {
		q.err = &people.InvalidError{Field: name, Reason: "must be a time in Unix seconds"}
	}
	return n
}

// bool reads true or false; false when the parameter is absent.
func (q *queryReader) bool(name string) bool {
	text := q.values.Get(name)
	if text != "" && text != "true" && text != "false" && q.err == nil {
		q.err = &people.InvalidError{Field: name, Reason: "must be true or false"}
	}
	return text == "true"
}

// perPage reads the size of a page: more than the most counts as the most, less than one as the default.
func (q *queryReader) perPage() int {
	text := q.values.Get("per_page")
	if text == "" {
		return defaultPage
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		if q.err == nil {
			q.err = &people.InvalidError{Field: "per_page", Reason: "must be a whole number"}
		}
	case n > 0:
		return min(n, people.MaxPage)
	}
	return defaultPage
}

// cursor reads starting_after. Our cursors are the id of the last record of the page before, which needs no escaping in
// a URL and stays valid whatever is written meanwhile.
func (q *queryReader) cursor() string {
	cursor := q.values.Get("starting_after")
	if cursor != "" && !isID(cursor) && q.err == nil {
		q.err = errCursor
	}
	return cursor
}

// isID reports whether s has the form of a person's id: 24 hexadecimal digits in lower case.
func isID(s string) bool {
	if len(s) != 24 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

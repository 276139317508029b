// Package roster is the list of people that a team asks for: its address, the filters that somebody builds, and the searches
// behind it. It knows neither HTTP nor pages.
package roster

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Span is a part of a list: in which order, from where, and at most how many.
type Span struct {
	Field     string
	Ascending bool
	After     *search.Cursor
	Limit     int
	// ContactsOnly leaves visitors out.
	ContactsOnly bool
}

// OldestFirst begins with whom Lobby has known longest. No change of a person moves it, so that whoever reads a list in this order
// span by span meets everybody once.
func OldestFirst(after *search.Cursor) Span {
	return Span{Field: "created_at", Ascending: true, After: after, Limit: people.MaxPage}
}

// question is what a list asks of visitors or of contacts.
type question struct {
	search.Query
	// filters are those that stand at the beginning of the query, or of its first part where one of them is enough.
	filters []*Filter
}

// question returns the search of a list among visitors or contacts. It is false when none of these can be in the list.
func (l *Listing) question(visitors bool) (q question, any bool) {
	switch role := people.Role(l.Role); {
	case visitors && role != "" && role != people.Visitor, !visitors && role == people.Visitor, visitors && l.Segment != "":
		return q, false
	}
	if q, any = l.narrowing(visitors); !any {
		return q, false
	}
	if l.Segment != "" {
		q.Queries = append(q.Queries, Equal("segment_id", l.Segment))
	}
	if l.Role != "" && !visitors {
		q.Queries = append(q.Queries, Equal("role", l.Role))
	}
	return q, true
}

// narrowing is the part of a question that a segment can keep: the filters, the tag and the text.
func (l *Listing) narrowing(visitors bool) (q question, any bool) {
	q.Combine = search.And
	either := search.Query{Combine: search.Or}
	for _, f := range l.Filters { // first, so that a refusal says by its place which one is meant
		part, ok := f.query(l.zone)
		switch {
		case !ok:
		case !f.field.isOf(visitors) && !l.Any:
			return q, false
		case !f.field.isOf(visitors):
		case l.Any:
			either.Queries, q.filters = append(either.Queries, part), append(q.filters, f)
		default:
			q.Queries, q.filters = append(q.Queries, part), append(q.filters, f)
		}
	}
	switch {
	case len(either.Queries) > 0:
		q.Queries = append(q.Queries, either)
	case l.Any && len(l.Filters) > 0:
		return q, false
	}
	if l.Tag != "" {
		q.Queries = append(q.Queries, Equal("tag_id", l.Tag))
	}
	if l.Text != "" {
		q.Queries = append(q.Queries, textQuery(l.Text, visitors))
	}
	return q, true
}

// Equal is the query for those with a text in a field.
func Equal(field, text string) search.Query {
	return search.Query{Field: field, Operator: search.Equal, Values: []search.Value{search.TextValue(text)}}
}

// textQuery finds a text wherever one would look for somebody.
func textQuery(text string, visitors bool) search.Query {
	q := search.Query{Combine: search.Or}
	add := func(op search.Operator, fields ...string) {
		for _, field := range fields {
			q.Queries = append(q.Queries, search.Query{Field: field, Operator: op, Values: []search.Value{search.TextValue(text)}})
		}
	}
	add(search.Contains, "name", "email")
	add(search.Equal, "id")
	if strings.ContainsAny(text, "0123456789") && !strings.ContainsFunc(text, func(c rune) bool { return !strings.ContainsRune("0123456789+-/(). ", c) }) {
		add(search.Contains, "phone")
	}
	if visitors {
		add(search.Contains, "pseudonym")
		add(search.Equal, "user_id")
	} else {
		add(search.Contains, "external_id")
	}
	return q
}

// Find returns a part of a list of visitors and contacts together, and of how many of these two it is. Both come in the
// same order, and a place in that order is one in either list. What is wrong with a filter is said of that filter.
func (l *Listing) Find(ctx context.Context, lobby *people.Lobby, caller workspace.Caller, s Span) (found *search.Page[*people.Person], parts int, err error) {
	order := people.SearchOrder{
		Field: s.Field, Ascending: s.Ascending, After: s.After, Limit: s.Limit, Rules: search.Rules{FormattedPhone: true, DaysAgo: true},
	}
	sort := search.Sort{Ascending: s.Ascending}
	if s.Field != "created_at" { // which is the order without a field
		sort.Field = s.Field
	}
	all, total := []*people.Person{}, 0
	var goesOn bool
	for _, visitors := range []bool{true, false} {
		q, any := l.question(visitors)
		if !any || visitors && s.ContactsOnly {
			continue
		}
		order.Query = q.Query
		ask := func() (*search.Page[*people.Person], error) {
			return lobby.SearchContacts(ctx, caller, order)
		}
		if visitors {
			ask = func() (*search.Page[*people.Person], error) {
				return lobby.SearchVisitors(ctx, caller, order)
			}
		}
		part, err := ask()
		if refused, ok := errors.AsType[*search.Error](err); ok {
			l.refuse(q.filters, refused)
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		parts++
		all, total, goesOn = append(all, part.Found...), total+part.Total, goesOn || part.Next != nil
	}
	if s.After != nil {
		total = s.After.Total
	}
	slices.SortFunc(all, func(p, q *people.Person) int { return sort.Compare(sort.PlaceOf(p), sort.PlaceOf(q)) })
	if goesOn && len(all) == s.Limit { // of one list, which goes on
		all = append(all, nil)
	}
	return search.PageOf(&search.Request{Sort: sort, After: s.After, Limit: s.Limit}, all, total), parts, nil
}

// refuse puts what a search says of a filter beside that filter.
func (l *Listing) refuse(asked []*Filter, e *search.Error) {
	path := strings.TrimPrefix(e.Path, "query.value.")
	if l.Any {
		path = strings.TrimPrefix(path, "0.value.")
	}
	n, err := strconv.Atoi(strings.Split(path, ".")[0])
	if err == nil && n < len(asked) {
		asked[n].Error = strings.TrimSuffix(e.Reason, ".") + "."
	}
}

// HasErrors reports whether something is wrong with a filter.
func (l *Listing) HasErrors() bool {
	return slices.ContainsFunc(l.Filters, func(f *Filter) bool { return f.Error != "" })
}

package admin

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/people"
	"lobby/internal/search"
)

// span is a part of a list: in which order, from where, and at most how many.
type span struct {
	Field     string
	Ascending bool
	After     *search.Cursor
	Limit     int
	// ContactsOnly leaves visitors out.
	ContactsOnly bool
}

// oldestFirst begins with whom Lobby has known longest. No change of a person moves it, so that whoever reads a list in this order
// span by span meets everybody once.
func oldestFirst(after *search.Cursor) span {
	return span{Field: "created_at", Ascending: true, After: after, Limit: people.MaxPage}
}

// question is what a list asks of visitors or of contacts.
type question struct {
	search.Query
	// filters are those that stand at the beginning of the query, or of its first part where one of them is enough.
	filters []*filter
}

// question returns the search of a list among visitors or contacts. It is false when none of these can be in the list.
func (l *listing) question(r *request, visitors bool) (q question, any bool) {
	switch role := people.Role(l.Role); {
	case visitors && role != "" && role != people.Visitor, !visitors && role == people.Visitor, visitors && l.Segment != "":
		return q, false
	}
	if q, any = l.narrowing(r, visitors); !any {
		return q, false
	}
	if l.Segment != "" {
		q.Queries = append(q.Queries, equal("segment_id", l.Segment))
	}
	if l.Role != "" && !visitors {
		q.Queries = append(q.Queries, equal("role", l.Role))
	}
	return q, true
}

// narrowing is the part of a question that a segment can keep: the filters, the tag and the text.
func (l *listing) narrowing(r *request, visitors bool) (q question, any bool) {
	q.Combine = search.And
	either := search.Query{Combine: search.Or}
	for _, f := range l.Filters { // first, so that a refusal says by its place which one is meant
		part, ok := f.query(r.zone)
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
		q.Queries = append(q.Queries, equal("tag_id", l.Tag))
	}
	if l.Text != "" {
		q.Queries = append(q.Queries, textQuery(l.Text, visitors))
	}
	return q, true
}

func equal(field, text string) search.Query {
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

// findPeople returns a part of a list of visitors and contacts together, and of how many of these two it is. Both come in the
// same order, and a place in that order is one in either list. What is wrong with a filter is said of that filter.
func (a *admin) findPeople(r *request, l *listing, s span) (found *search.Page[*people.Person], parts int, err error) {
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
		q, any := l.question(r, visitors)
		if !any || visitors && s.ContactsOnly {
			continue
		}
		order.Query = q.Query
		ask := func() (*search.Page[*people.Person], error) {
			return a.lobby.SearchContacts(r.Context(), r.caller, order)
		}
		if visitors {
			ask = func() (*search.Page[*people.Person], error) {
				return a.lobby.SearchVisitors(r.Context(), r.caller, order)
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
func (l *listing) refuse(asked []*filter, e *search.Error) {
	path := strings.TrimPrefix(e.Path, "query.value.")
	if l.Any {
		path = strings.TrimPrefix(path, "0.value.")
	}
	n, err := strconv.Atoi(strings.Split(path, ".")[0])
	if err == nil && n < len(asked) {
		asked[n].Error = strings.TrimSuffix(e.Reason, ".") + "."
	}
}

// hasErrors reports whether something is wrong with a filter.
func (l *listing) hasErrors() bool {
	return slices.ContainsFunc(l.Filters, func(f *filter) bool { return f.Error != "" })
}

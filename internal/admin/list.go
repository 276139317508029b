package admin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// columns are the fields that a list can show, besides the custom attributes.
var columns = []string{
	"email", "phone", "external_id", "anonymous_id", "last_seen_at", "created_at", "updated_at", "signed_up_at", "session_count", "location_city",
	"location_country", "browser", "os", "browser_language", "referrer", "utm_source", "utm_campaign", "last_replied_at", "last_contacted_at",
}

// usualColumns are shown unless others are chosen; sortable are the fields by which a list can be sorted.
var (
	usualColumns = []string{"email", "last_seen_at", "location_country", "created_at"}
	sortable     = []string{"name", "email", "last_seen_at", "created_at", "updated_at"}
)

// listing is what a list is asked for, as its address says it.
type listing struct {
	Role, Text, Tag, Segment string
	Filters                  []*filter
	Sort                     string
	Ascending                bool
	Columns                  []string
	after                    *search.Cursor
	fields                   []*filterField
}

// listPage is what the page people shows.
type listPage struct {
	*listing
	Roles      []choice
	Tags       []choice
	Segments   []choice
	Fields     []*filterField
	Operators  []operator
	Rows       []listRow
	Heads      []head
	Choices    []choice // of columns
	Total      int
	Next       string // address of the next page; empty for none
	First      string // address of the first page; empty on it
	IsNarrowed bool   // whether anything but the role narrows the list
	HasErrors  bool
	HasFilters bool
	Shown      string // how many there are, in words
	Range      string // which of them the page has
	Snippet    string // of the script, for who has nobody yet
	Clear      string
	Only       string // whom the filters leave out; empty for nobody
}

type head struct{ Label, Link, Order string }

type listRow struct {
	human
	Link  string
	Cells []value
}

func (a *admin) showPeople(r *request) error {
	ctx := r.Context()
	attributes, err := a.lobby.Attributes(ctx, r.caller)
	if err != nil {
		return err
	}
	l, err := readListing(r.URL.Query(), filterFields(attributes))
	if err != nil {
		return err
	}
	page := &listPage{listing: l, Fields: l.fields, Operators: operators}
	if err := a.listChoices(r, page, attributes); err != nil {
		return err
	}
	found, err := a.findPeople(ctx, r, page)
	if err != nil {
		return err
	}
	status := http.StatusOK
	for _, f := range l.Filters {
		page.HasErrors = page.HasErrors || f.Error != ""
	}
	if page.HasErrors {
		status = http.StatusUnprocessableEntity
	}
	page.fill(r, found)
	return r.show(status, "people", page)
}

// readListing reads the address of a list. A cursor that is none is a page that does not exist.
func readListing(form url.Values, fields []*filterField) (*listing, error) {
	l := &listing{
		Role: form.Get("role"), Text: strings.TrimSpace(form.Get("q")), Tag: form.Get("tag"), Segment: form.Get("segment"),
		Sort: form.Get("sort"), Ascending: form.Get("order") == "up", Filters: readFilters(form, fields), fields: fields,
	}
	if len(l.Text) > maxText {
		l.Text = strings.ToValidUTF8(l.Text[:maxText], "")
	}
	if !slices.Contains(sortable, l.Sort) {
		l.Sort = "last_seen_at"
	}
	if roleWords[people.Role(l.Role)] == "" {
		l.Role = ""
	}
	for _, name := range form["c"] {
		isCustom := strings.HasPrefix(name, search.CustomPrefix) && slices.ContainsFunc(fields, func(f *filterField) bool { return f.Name == name })
		if (slices.Contains(columns, name) || isCustom) && !slices.Contains(l.Columns, name) {
			l.Columns = append(l.Columns, name)
		}
	}
	if len(l.Columns) == 0 {
		l.Columns = usualColumns
	}
	var err error
	l.after, err = readCursor(form.Get("after"))
	return l, err
}

// address returns the query of the list with some parameters replaced; an empty value takes a parameter away. A list that
// is asked for something else begins at its first page.
func (l *listing) address(replaced map[string]string) string {
	v := url.Values{}
	set := func(name, value string) {
		if other, is := replaced[name]; is {
			value = other
		}
		if value != "" {
			v.Set(name, value)
		}
	}
	set("role", l.Role)
	set("q", l.Text)
	set("tag", l.Tag)
	set("segment", l.Segment)
	set("sort", l.Sort)
	if l.Ascending {
		set("order", "up")
	} else {
		set("order", "")
	}
	set("after", "")
	for _, f := range l.Filters {
		v.Add("f", f.Field)
		v.Add("o", f.Operator)
		v.Add("v", f.Value)
	}
	if !slices.Equal(l.Columns, usualColumns) {
		v["c"] = l.Columns
	}
	return "?" + v.Encode()
}

// listChoices sets what the list can be narrowed by.
func (a *admin) listChoices(r *request, page *listPage, attributes []*people.Attribute) error {
	l := page.listing
	for _, role := range []people.Role{"", people.Visitor, people.Lead, people.User} {
		word := "Everybody"
		if role != "" {
			word = roleWords[role] + "s"
		}
		page.Roles = append(page.Roles, choice{string(role), word, l.address(map[string]string{"role": string(role)}), l.Role == string(role)})
	}
	tags, err := a.lobby.Tags(r.Context(), r.caller)
	if err != nil {
		return err
	}
	for _, t := range tags {
		id := strconv.FormatInt(t.ID, 10)
		page.Tags = append(page.Tags, choice{Value: id, Word: t.Name, Chosen: l.Tag == id})
	}
	segments, err := a.lobby.Segments(r.Context(), r.caller, people.ContactModel)
	if err != nil {
		return err
	}
	for _, s := range segments {
		page.Segments = append(page.Segments, choice{Value: s.ID, Word: s.Name, Chosen: l.Segment == s.ID})
	}
	names := slices.Clone(columns)
	for _, f := range page.Fields {
		if strings.HasPrefix(f.Name, search.CustomPrefix) {
			names = append(names, f.Name)
		}
	}
	for _, name := range names {
		page.Choices = append(page.Choices, choice{Value: name, Word: label(name), Chosen: slices.Contains(l.Columns, name)})
	}
	return nil
}

// query returns the search of a list among visitors or contacts. It is false when none of these can be in the list.
func (l *listing) query(r *request, visitors bool) (search.Query, bool) {
	q := search.Query{Combine: search.And}
	add := func(part search.Query) { q.Queries = append(q.Queries, part) }
	for _, f := range l.Filters { // first, so that a refusal says by its place which one is meant
		if part, ok := f.query(r.zone); ok {
			add(part)
		}
		if f.field != nil && (visitors && !f.field.visitors || !visitors && !f.field.contacts) {
			return q, false
		}
	}
	equal := func(field, text string) search.Query {
		return search.Query{Field: field, Operator: search.Equal, Values: []search.Value{search.TextValue(text)}}
	}
	switch role := people.Role(l.Role); {
	case visitors && role != "" && role != people.Visitor, !visitors && role == people.Visitor, visitors && l.Segment != "":
		return q, false
	case !visitors && role != "":
		add(equal("role", l.Role))
	}
	if l.Tag != "" {
		add(equal("tag_id", l.Tag))
	}
	if l.Segment != "" {
		add(equal("segment_id", l.Segment))
	}
	if l.Text != "" {
		add(textQuery(l.Text, visitors))
	}
	return q, true
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

// findPeople returns a page of visitors and contacts together. Both come in the same order, and a place in that order is
// one in either list.
func (a *admin) findPeople(ctx context.Context, r *request, page *listPage) (*search.Page[*people.Person], error) {
	l := page.listing
	order := people.SearchOrder{
		Field: l.Sort, Ascending: l.Ascending, After: l.after, Limit: listSize,
		Rules: search.Rules{FormattedPhone: true, DaysAgo: true},
	}
	sort := search.Sort{Ascending: l.Ascending}
	if l.Sort != "created_at" { // which is the order without a field
		sort.Field = l.Sort
	}
	all, parts, total := []*people.Person{}, 0, 0
	var whole bool
	for _, visitors := range []bool{true, false} {
		q, any := l.query(r, visitors)
		if !any {
			continue
		}
		order.Query = q
		found, err := a.search(ctx, r.caller, visitors, order)
		if refused, ok := errors.AsType[*search.Error](err); ok {
			l.refuse(refused)
			continue
		}
		if err != nil {
			return nil, err
		}
		parts++
		all, total, whole = append(all, found.Found...), total+found.Total, whole || found.Next != nil
	}
	if l.Role == "" && parts == 1 {
		page.Only = "Only some people have the fields of these filters: the others are left out."
	}
	if l.after != nil {
		total = l.after.Total
	}
	slices.SortFunc(all, func(p, q *people.Person) int { return sort.Compare(sort.PlaceOf(p), sort.PlaceOf(q)) })
	if whole && len(all) == listSize { // of one list, which goes on
		all = append(all, nil)
	}
	merged := search.PageOf(&search.Request{Sort: sort, After: l.after, Limit: listSize}, all, total)
	return merged, nil
}

func (a *admin) search(ctx context.Context, c workspace.Caller, visitors bool, order people.SearchOrder) (*search.Page[*people.Person], error) {
	if visitors {
		return a.lobby.SearchVisitors(ctx, c, order)
	}
	return a.lobby.SearchContacts(ctx, c, order)
}

// refuse puts what a search says of a filter beside that filter.
func (l *listing) refuse(e *search.Error) {
	place := strings.Split(strings.TrimPrefix(e.Path, "query.value."), ".")[0]
	n, err := strconv.Atoi(place)
	for _, f := range l.Filters {
		if f.Error != "" {
			continue
		}
		if n == 0 && err == nil {
			f.Error = strings.TrimSuffix(e.Reason, ".") + "."
			return
		}
		n--
	}
}

// fill sets what the page shows of the people that were found.
func (page *listPage) fill(r *request, found *search.Page[*people.Person]) {
	l := page.listing
	for _, p := range found.Found {
		row := listRow{human: newHuman(p), Link: r.in("people/" + p.ID)}
		for _, name := range l.Columns {
			row.Cells = append(row.Cells, r.valueOf(p, name))
		}
		page.Rows = append(page.Rows, row)
	}
	for _, name := range append([]string{"name"}, l.Columns...) {
		h := head{Label: label(name)}
		if slices.Contains(sortable, name) {
			up := name == "name" || name == "email"
			if l.Sort == name {
				h.Order = map[bool]string{true: "ascending", false: "descending"}[l.Ascending]
				up = !l.Ascending
			}
			h.Link = l.address(map[string]string{"sort": name, "order": map[bool]string{true: "up"}[up]})
		}
		page.Heads = append(page.Heads, h)
	}
	page.Total, page.Shown = found.Total, counted(found.Total, "person")
	if found.Total != 1 {
		page.Shown = grouped(found.Total) + " people"
	}
	before := (found.Number - 1) * listSize
	page.Range = grouped(before+1) + " to " + grouped(before+len(found.Found)) + " of " + grouped(found.Total)
	base, _ := r.admin.proxies.Base(r.Request)
	page.Snippet = fmt.Sprintf("<script>window.intercomSettings = {app_id: %q};</script>\n<script async src=\"%s/widget/%s\"></script>",
		r.member.Workspace, base, url.PathEscape(string(r.member.Workspace)))
	if found.Next != nil {
		page.Next = l.address(map[string]string{"after": cursorText(found.Next)})
	}
	if l.after != nil {
		page.First = l.address(nil)
	}
	page.IsNarrowed = cmp.Or(l.Text, l.Tag, l.Segment) != "" || len(l.Filters) > 0
	page.Clear = (&listing{Role: l.Role, Sort: l.Sort, Ascending: l.Ascending, Columns: l.Columns}).address(nil)
	page.HasFilters = len(page.Filters) > 0
	page.Filters = append(page.Filters, &filter{}) // a row to fill in
	for i, f := range page.Filters {
		f.Number = i + 1
	}
}

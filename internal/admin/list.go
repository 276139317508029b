package admin

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
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

const (
	// listSize is how many people a page lists, and wideSize how many where each takes much room.
	listSize, wideSize = 50, 25
	// maxColumns is how many columns a list shows besides the name: a page has 100 kB.
	maxColumns = 8
	// maxCell is how much of a text a list shows, in bytes.
	maxCell = 60
	// maxText is the length of a text to search for, in bytes.
	maxText = 200
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
	Any                      bool // whether one filter that holds is enough, instead of all
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
	List       string // address of the list from its beginning, as forms send it
	LeadsTo    *human // to whom the text leads as an id of any age; nil when the list has them
	May        bool   // whether the member may write
	// SegmentName is what was typed as the name of a new segment, and SegmentError what is wrong with it.
	SegmentName, SegmentError string
}

type choice struct {
	Value, Word, Link string
	Count             string // how many it leads to; empty for what is not counted
	Chosen            bool
}

type head struct{ Label, Link, Order string }

type listRow struct {
	human
	Link  string
	Cells []value
}

func (a *admin) showPeople(r *request) error {
	return a.listWith(r, r.URL.Query(), http.StatusOK, func(*listPage) {})
}

// listWith shows a list, after a change of its page.
func (a *admin) listWith(r *request, form url.Values, status int, change func(*listPage)) error {
	l, err := a.readListing(r, form)
	if err != nil {
		return err
	}
	page := &listPage{listing: l, Fields: l.fields, May: r.member.Role.MayWrite()}
	if err := a.listChoices(r, page); err != nil {
		return err
	}
	found, parts, err := a.findPeople(r, l, span{Field: l.Sort, Ascending: l.Ascending, After: l.after, Limit: l.size()})
	if err != nil {
		return err
	}
	if l.Role == "" && parts == 1 {
		page.Only = "Only some people have the fields of these filters: the others are left out."
	}
	if l.hasErrors() {
		page.HasErrors, status = true, http.StatusUnprocessableEntity
	}
	page.fill(r, found)
	if err := a.findByID(r, page); err != nil {
		return err
	}
	change(page)
	return r.show(status, "people", page)
}

// findByID finds out whom the text names as an id that a search does not know: one from before a merge, or of somebody who
// is in the archive.
func (a *admin) findByID(r *request, page *listPage) error {
	if page.Text == "" || strings.ContainsAny(page.Text, " ") || page.after != nil {
		return nil
	}
	p, err := a.lobby.Resolve(r.Context(), r.caller, page.Text)
	switch {
	case errors.Is(err, people.ErrPersonNotFound):
		return nil
	case err != nil:
		return err
	case !slices.ContainsFunc(page.Rows, func(row listRow) bool { return row.ID == p.ID }):
		found := newHuman(p)
		page.LeadsTo = &found
	}
	return nil
}

// readListing reads the address of a list in the workspace of the request.
func (a *admin) readListing(r *request, form url.Values) (*listing, error) {
	attributes, err := a.lobby.Attributes(r.Context(), r.caller)
	if err != nil {
		return nil, err
	}
	return readListing(form, filterFields(attributes))
}

// readListing reads the address of a list. A cursor that is none is a page that does not exist.
func readListing(form url.Values, fields []*filterField) (*listing, error) {
	l := &listing{
		Role: form.Get("role"), Text: strings.TrimSpace(form.Get("q")), Tag: form.Get("tag"), Segment: form.Get("segment"),
		Sort: form.Get("sort"), Ascending: form.Get("order") == "up", Filters: readFilters(form, fields), Any: form.Get("m") == "any", fields: fields,
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
		if (slices.Contains(columns, name) || isCustom) && !slices.Contains(l.Columns, name) && len(l.Columns) < maxColumns {
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

// size is how many people a page of the list has. A page has 100 kB, whatever is chosen.
func (l *listing) size() int {
	if len(l.Columns) > 5 || len(l.address(nil)) > 400 {
		return wideSize
	}
	return listSize
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
	if l.Any {
		v.Set("m", "any")
	}
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

// readCursor reads where a page begins; nil for the first.
func readCursor(text string) (*search.Cursor, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	c := new(search.Cursor)
	if err != nil || json.Unmarshal(raw, c) != nil || !workspace.IsText(c.Key) || !isRecordID(c.ID) || c.Page < 2 || c.Page > 1<<24 || c.Total < 0 {
		return nil, errNotFound
	}
	return c, nil
}

// isRecordID reports whether a text has the form of the id of a person or of a conversation.
func isRecordID(id string) bool {
	_, err := strconv.ParseInt(id, 10, 64)
	return err == nil || workspace.IsID(id)
}

func cursorText(c *search.Cursor) string {
	raw, _ := json.Marshal(c) // texts and numbers always can be
	return base64.RawURLEncoding.EncodeToString(raw)
}

// listChoices sets what the list can be narrowed by.
func (a *admin) listChoices(r *request, page *listPage) error {
	l := page.listing
	for _, role := range []people.Role{"", people.Visitor, people.Lead, people.User} {
		word := "Everybody"
		if role != "" {
			word = roleWords[role] + "s"
		}
		page.Roles = append(page.Roles, choice{Value: string(role), Word: word, Link: l.address(map[string]string{"role": string(role)}), Chosen: l.Role == string(role)})
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

// fill sets what the page shows of the people that were found.
func (page *listPage) fill(r *request, found *search.Page[*people.Person]) {
	l := page.listing
	for _, p := range found.Found {
		row := listRow{human: newHuman(p), Link: r.in("people/" + p.ID)}
		row.Name = clipped(row.Name, maxCell)
		for _, name := range l.Columns {
			cell := r.valueOf(p, name)
			cell.Text = clipped(cell.Text, maxCell)
			row.Cells = append(row.Cells, cell)
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
	page.List = l.address(nil)
	before := (found.Number - 1) * l.size()
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

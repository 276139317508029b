package admin

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/people"
	"lobby/internal/roster"
	"lobby/internal/search"
)

// maxCell is how much of a text a list shows, in bytes.
const maxCell = 60

// listPage is what the page people shows.
type listPage struct {
	*roster.Listing
	Roles      []choice
	Tags       []choice
	Segments   []choice
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
	page := &listPage{Listing: l, May: r.member.Role.MayWrite()}
	if err := a.listChoices(r, page); err != nil {
		return err
	}
	found, parts, err := l.Find(r.Context(), a.lobby, r.caller, roster.Span{Field: l.Sort, Ascending: l.Ascending, After: l.After, Limit: l.Size()})
	if err != nil {
		return err
	}
	if l.Role == "" && parts == 1 {
		page.Only = "Only some people have the fields of these filters: the others are left out."
	}
	if l.HasErrors() {
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
	if page.Text == "" || strings.ContainsAny(page.Text, " ") || page.After != nil {
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
func (a *admin) readListing(r *request, form url.Values) (*roster.Listing, error) {
	attributes, err := a.lobby.Attributes(r.Context(), r.caller)
	if err != nil {
		return nil, err
	}
	return roster.Read(form, roster.FieldsOf(attributes), r.zone)
}

// listChoices sets what the list can be narrowed by.
func (a *admin) listChoices(r *request, page *listPage) error {
	l := page.Listing
	for _, role := range []people.Role{"", people.Visitor, people.Lead, people.User} {
		word := "Everybody"
		if role != "" {
			word = roleWords[role] + "s"
		}
		page.Roles = append(page.Roles, choice{Value: string(role), Word: word, Link: l.Address(map[string]string{"role": string(role)}), Chosen: l.Role == string(role)})
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
	names := slices.Clone(roster.Columns)
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
	l := page.Listing
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
		if slices.Contains(roster.Sortable, name) {
			up := name == "name" || name == "email"
			if l.Sort == name {
				h.Order = map[bool]string{true: "ascending", false: "descending"}[l.Ascending]
				up = !l.Ascending
			}
			h.Link = l.Address(map[string]string{"sort": name, "order": map[bool]string{true: "up"}[up]})
		}
		page.Heads = append(page.Heads, h)
	}
	page.Total, page.Shown = found.Total, counted(found.Total, "person")
	if found.Total != 1 {
		page.Shown = grouped(found.Total) + " people"
	}
	page.List = l.Address(nil)
	before := (found.Number - 1) * l.Size()
	page.Range = grouped(before+1) + " to " + grouped(before+len(found.Found)) + " of " + grouped(found.Total)
	base, _ := r.admin.proxies.Base(r.Request)
	page.Snippet = fmt.Sprintf("<script>window.intercomSettings = {app_id: %q};</script>\n<script async src=\"%s/widget/%s\"></script>",
		r.member.Workspace, base, url.PathEscape(string(r.member.Workspace)))
	if found.Next != nil {
		page.Next = l.Address(map[string]string{"after": cursorText(found.Next)})
	}
	if l.After != nil {
		page.First = l.Address(nil)
	}
	page.IsNarrowed = cmp.Or(l.Text, l.Tag, l.Segment) != "" || len(l.Filters) > 0
	page.Clear = (&roster.Listing{Role: l.Role, Sort: l.Sort, Ascending: l.Ascending, Columns: l.Columns}).Address(nil)
	page.HasFilters = len(page.Filters) > 0
	page.Filters = append(page.Filters, &roster.Filter{}) // a row to fill in
	for i, f := range page.Filters {
		f.Number = i + 1
	}
}

package roster

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"lobby/internal/display"
	"lobby/internal/people"
	"lobby/internal/search"
)

const (
	// wideSize is how many people a page lists where each takes much room.
	wideSize = 25
	// maxColumns is how many columns a list shows besides the name: a page has 100 kB.
	maxColumns = 8
)

// Columns are the fields that a list can show, besides the custom attributes.
var Columns = []string{
	"email", "phone", "external_id", "anonymous_id", "last_seen_at", "created_at", "updated_at", "signed_up_at", "session_count", "location_city",
	"location_country", "browser", "os", "browser_language", "referrer", "utm_source", "utm_campaign", "last_replied_at", "last_contacted_at",
}

// usualColumns are shown unless others are chosen; Sortable are the fields by which a list can be sorted.
var (
	usualColumns = []string{"email", "last_seen_at", "location_country", "created_at"}
	Sortable     = []string{"name", "email", "last_seen_at", "created_at", "updated_at"}
)

// Listing is what a list is asked for, as its address says it.
type Listing struct {
	Role, Text, Tag, Segment string
	Filters                  []*Filter
	Any                      bool // whether one filter that holds is enough, instead of all
	Sort                     string
	Ascending                bool
	Columns                  []string
	After                    *search.Cursor
	// Fields are those that filters can be about.
	Fields []*Field
	zone   *time.Location
}

// Read reads the address of a list. A cursor that is none is a page that does not exist.
func Read(form url.Values, fields []*Field, zone *time.Location) (*Listing, error) {
	l := &Listing{
		Role: form.Get("role"), Text: strings.TrimSpace(form.Get("q")), Tag: form.Get("tag"), Segment: form.Get("segment"),
		Sort: form.Get("sort"), Ascending: form.Get("order") == "up", Filters: readFilters(form, fields), Any: form.Get("m") == "any", Fields: fields, zone: zone,
	}
	if len(l.Text) > display.MaxText {
		l.Text = strings.ToValidUTF8(l.Text[:display.MaxText], "")
	}
	if !slices.Contains(Sortable, l.Sort) {
		l.Sort = "last_seen_at"
	}
	if role := people.Role(l.Role); role != people.Visitor && !role.IsContact() {
		l.Role = ""
	}
	for _, name := range form["c"] {
		isCustom := strings.HasPrefix(name, search.CustomPrefix) && slices.ContainsFunc(fields, func(f *Field) bool { return f.Name == name })
		if (slices.Contains(Columns, name) || isCustom) && !slices.Contains(l.Columns, name) && len(l.Columns) < maxColumns {
			l.Columns = append(l.Columns, name)
		}
	}
	if len(l.Columns) == 0 {
		l.Columns = usualColumns
	}
	var err error
	l.After, err = display.ReadCursor(form.Get("after"))
	return l, err
}

// Size is how many people a page of the list has. A page has 100 kB, whatever is chosen.
func (l *Listing) Size() int {
	if len(l.Columns) > 5 || len(l.Address(nil)) > 400 {
		return wideSize
	}
	return display.ListSize
}

// Address returns the query of the list with some parameters replaced; an empty value takes a parameter away. A list that
// is asked for something else begins at its first page.
func (l *Listing) Address(replaced map[string]string) string {
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

// AsSegment returns what a segment of the list has, or says why there cannot be one.
func (l *Listing) AsSegment(name string) (fields people.SegmentFields, wrong string) {
	role := people.Role(l.Role)
	q, any := l.narrowing(false)
	switch {
	case !role.IsContact():
		return fields, "Choose Leads or Users first: a segment has one of these."
	case l.Segment != "":
		return fields, "Choose “Any segment” first: a segment cannot be made of another one."
	case l.HasErrors() || !any:
		return fields, "Mend the filters first."
	case len(q.Queries) == 0:
		return fields, "Add a filter, a tag or a text first: this is everybody."
	}
	return people.SegmentFields{Name: &name, Role: &role, Query: &q.Query}, ""
}

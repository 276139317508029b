package sheet

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/account"
	"lobby/internal/display"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Page is a page that is made of the same few pieces as others: tables of records, facts about one, and forms.
type Page struct {
	Section             string // of the navigation
	Title, Count, Intro string
	Crumb               *display.Step
	Parts               []*Part
}

// Part is a part of a sheet; what it does not have is empty or nil.
type Part struct {
	Heading, Text string
	Search        *Input
	Facts         []display.Fact
	Table         *Table
	Forms         []*Form
}

// Table lists records. The first cell of a row says which record it is.
type Table struct {
	Label       string
	Heads       []string
	Rows        [][]display.Value
	Empty       *display.Message // shown instead of no rows
	First, Next string           // addresses of other pages; empty for none
}

// Form is sent to a path of the workspace. One with a warning is shown only on request, and its button in red.
type Form struct {
	Path, Heading, Button, Warning string
	Fields                         []*Input
	Error                          string // about the form as a whole
}

// Input is a field of a form. Its kind is that of the HTML element, or area, select, checks or hidden.
type Input struct {
	Name, Label, Kind, Hint, Value string
	Choices                        []display.Choice
	Required                       bool
	Error                          string
}

// ID is the id of the element on the page. It has no blanks, which a name may have.
func (i *Input) ID(form int) string { return fmt.Sprintf("%s-%d", url.QueryEscape(i.Name), form) }

// noun says how the records of a kind are listed, shown and changed. Functions that it does not have are nil.
type noun struct {
	path, title string // the title is the plural
	counts      [2]string
	intro       string
	heads       []string
	empty       *display.Message
	read, write func(account.Role) bool
	all         func(*Request) ([]*record, error)
	make        func(*Request) (*Form, error)   // makes a record
	with        func(*Request) ([]*Part, error) // what the list shows besides
	// The others change records, and return the path of the page that comes next. A refusal of theirs is shown beside the
	// form that was sent.
	create, change, remove func(*Request) (next string, err error)
}

// record is a record of a noun. Its cells stand below the heads but the first, which is for its name.
type record struct {
	id, name string
	cells    func() ([]display.Value, error)
	facts    []display.Fact // which the list does not show
	forms    []*Part        // for those who may change it
}

// routes are the pages and actions of the noun.
func (n noun) routes() []Route {
	all := []Route{{"GET", n.path, n.read, show(n.path, n.list)}, {"GET", n.path + "/{id}", n.read, show(n.path, n.one)}}
	for _, action := range []struct {
		path string
		do   func(*Request) (string, error)
		page func(*Request) (*Page, error)
	}{{"", n.create, n.list}, {"/{id}", n.change, n.one}, {"/{id}/delete", n.remove, n.one}} {
		if action.do != nil {
			all = append(all, Route{"POST", n.path + action.path, n.write, act(n.path, action.do, action.page)})
		}
	}
	return all
}

// list is the page with all records.
func (n noun) list(r *Request) (*Page, error) {
	all, err := n.all(r)
	if err != nil {
		return nil, err
	}
	t := &Table{Label: n.title, Heads: n.heads, Empty: n.empty}
	for _, each := range pageOf(r, all, t) {
		cells, err := each.cells()
		if err != nil {
			return nil, err
		}
		t.Rows = append(t.Rows, append([]display.Value{r.link(each.name, n.path+"/"+each.id)}, cells...))
	}
	page := &Page{Title: n.title, Count: display.CountedAs(len(all), n.counts[0], n.counts[1]), Intro: n.intro, Parts: []*Part{{Table: t}}}
	if n.with != nil {
		more, err := n.with(r)
		if err != nil {
			return nil, err
		}
		page.Parts = append(page.Parts, more...)
	}
	if n.create != nil && n.write(r.Role) {
		f, err := n.make(r)
		if err != nil {
			return nil, err
		}
		f.Path = n.path
		page.Parts = append(page.Parts, &Part{Heading: f.Button, Forms: []*Form{f}})
	}
	return page, nil
}

// one is the page of the record that the path names.
func (n noun) one(r *Request) (*Page, error) {
	all, err := n.all(r)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(each *record) bool { return each.id == r.PathValue("id") })
	if at < 0 {
		return nil, display.ErrNotFound
	}
	is := all[at]
	cells, err := is.cells()
	if err != nil {
		return nil, err
	}
	page := &Page{Title: is.name, Crumb: &display.Step{Path: n.path, Word: n.title}, Parts: []*Part{{}}}
	for i, cell := range cells {
		page.Parts[0].Facts = append(page.Parts[0].Facts, display.Fact{Label: n.heads[i+1], Value: cell})
	}
	page.Parts[0].Facts = append(page.Parts[0].Facts, append(is.facts, display.Fact{Label: "Id", Value: display.Value{Text: is.id}})...)
	if n.write(r.Role) {
		for _, p := range is.forms {
			for _, f := range p.Forms {
				f.Path = strings.TrimSuffix(n.path+"/"+is.id+"/"+f.Path, "/")
			}
		}
		page.Parts = append(page.Parts, is.forms...)
	}
	return page, nil
}

// refill writes what was typed into the form that was sent, with the reason of the refusal beside the field that it is about.
// It reports false when the page has no such form.
func (s *Page) refill(path string, typed url.Values, field, reason string) bool {
	for _, p := range s.Parts {
		for _, f := range p.Forms {
			if f.Path != path || !f.wasSent(typed) {
				continue
			}
			f.Error = reason
			for _, i := range f.Fields {
				i.Value = typed.Get(i.Name)
				for c := range i.Choices {
					i.Choices[c].Chosen = slices.Contains(typed[i.Name], i.Choices[c].Value)
				}
				if i.Name == field && i.Kind != "hidden" {
					i.Error, f.Error = reason, ""
				}
			}
			return true
		}
	}
	return false
}

// wasSent reports whether the values of hidden fields, by which forms to one path differ, are those that were sent.
func (f *Form) wasSent(typed url.Values) bool {
	return !slices.ContainsFunc(f.Fields, func(i *Input) bool { return i.Kind == "hidden" && typed.Get(i.Name) != i.Value })
}

// notThere turns the errors for records that do not exist into one.
func notThere(err error) error {
	for _, missing := range []error{
		people.ErrResourceNotFound, people.ErrCompanyNotFound, people.ErrAttributeNotFound, workspace.ErrAdminNotFound, workspace.ErrTeamNotFound,
	} {
		if errors.Is(err, missing) {
			return display.ErrNotFound
		}
	}
	return err
}

// refused says which field is wrong, and why in words; the reason is empty for an error that is no refusal.
func refused(err error) (field, reason string) {
	if invalid, ok := errors.AsType[*workspace.InvalidError](err); ok {
		field = strings.TrimPrefix(invalid.Field, "default_translation.")
		return field, display.Label(field) + " " + strings.TrimSuffix(invalid.Reason, ".") + "."
	}
	if used, ok := errors.AsType[*people.TagInUseError](err); ok {
		return "", "Segments ask for this tag: " + strings.Join(used.Segments, ", ") + ". Change or delete them first."
	}
	if taken, ok := errors.AsType[*people.AttributeExistsError](err); ok {
		return "name", "There is an attribute of that name already, of each " + string(taken.Has) + "."
	}
	if wrong, ok := errors.AsType[*search.Error](err); ok {
		return "", display.Sentence(strings.TrimSuffix(wrong.Reason, "."))
	}
	if owner, ok := errors.AsType[*workspace.OwnerError](err); ok {
		return "", "The access token " + owner.TokenID + " acts for this admin: revoke it first."
	}
	for _, known := range refusals {
		if errors.Is(err, known.err) {
			return known.field, known.reason
		}
	}
	return "", ""
}

// refusals are the errors of use cases that have nothing to add, with the field that they are about.
var refusals = []struct {
	err           error
	field, reason string
}{
	{people.ErrTagInvalid, "name", "Write the name of a tag."},
	{people.ErrSegmentFixed, "", "This segment comes with Lobby and stays as it is."},
	{people.ErrTooManyAttributes, "", "There are as many attributes as there may be: archive one first."},
	{people.ErrAttributeInUse, "", "A segment asks for this attribute: change or delete the segment first."},
	{people.ErrAttributeUnnamed, "name", "Write a name."},
	{people.ErrAttributeNameInvalid, "name", "A name may have letters, digits, blanks, commas, - and _ only."},
	{people.ErrAttributeTypeInvalid, "type", "Choose a type."},
	{people.ErrModelInvalid, "model", "Choose who has the attribute."},
	{people.ErrTooManyCompanies, "person", "That person is in as many companies as one can be."},
	{people.ErrPersonNotFound, "person", "Nobody here has that id."},
	{people.ErrUserNotFound, "person", "Nobody here has that id, or not in a state that allows it."},
	{people.ErrVisitorNotFound, "person", "Nobody here has that id, or not in a state that allows it."},
	{errMayEnter, "", "This admin may sign in: end that first, under “Who may sign in”."},
	{workspace.ErrAwayReasonDeleted, "reason", "Choose another reason."},
	{workspace.ErrLastAdmin, "", "A workspace needs an admin: add another one first."},
}

// number is the id that the path names, of a record that is numbered.
func (r *Request) number() (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, display.ErrNotFound
	}
	return id, nil
}

// sent returns a field of the form, without blanks around it.
func (r *Request) sent(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }

// changing is a form that changes a record, and deletion one that deletes it, with the consequence in words.
func changing(heading, text string, fields ...*Input) *Part {
	return &Part{Heading: heading, Text: text, Forms: []*Form{{Button: "Save", Fields: fields}}}
}

func deletion(button, warning string) *Part {
	return &Part{Forms: []*Form{{Path: "delete", Button: button, Warning: warning}}}
}

// known returns cells that are known.
func known(cells ...display.Value) func() ([]display.Value, error) {
	return func() ([]display.Value, error) { return cells, nil }
}

// said is a cell with a text.
func said(text string) display.Value { return display.Value{Text: display.Clipped(text, 300)} }

// numbered writes the number of a record, as in its path.
func numbered(id int64) string { return strconv.FormatInt(id, 10) }

// chosen marks the choices whose values are among some.
func chosen(all []display.Choice, values ...string) []display.Choice {
	for i := range all {
		all[i].Chosen = slices.Contains(values, all[i].Value)
	}
	return all
}

// pageOf returns those of a list that a page shows, and sets the addresses of the other pages.
func pageOf[T any](r *Request, all []T, t *Table) []T {
	number, err := strconv.Atoi(r.URL.Query().Get("page"))
	first := (number - 1) * display.ListSize
	if err != nil || number < 1 || first >= len(all) || first < 0 {
		number, first = 1, 0
	}
	if number > 1 {
		t.First = "?"
	}
	if first+display.ListSize < len(all) {
		t.Next = "?page=" + strconv.Itoa(number+1)
	}
	return all[first:min(first+display.ListSize, len(all))]
}

// IsOpen says that a form is shown at once: something is wrong with it.
func (f *Form) IsOpen() bool {
	return f.Error != "" || slices.ContainsFunc(f.Fields, func(i *Input) bool { return i.Error != "" })
}

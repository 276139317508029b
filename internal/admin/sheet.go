package admin

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/account"
	"lobby/internal/people"
	"lobby/internal/roster"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// sheet is a page that is made of the same few pieces as others: tables of records, facts about one, and forms.
type sheet struct {
	section             string // of the navigation
	Title, Count, Intro string
	Crumb               *step
	Parts               []*part
}

// part is a part of a sheet; what it does not have is empty or nil.
type part struct {
	Heading, Text string
	Search        *input
	Facts         []fact
	Table         *table
	Forms         []*form
}

// table lists records. The first cell of a row says which record it is.
type table struct {
	Label       string
	Heads       []string
	Rows        [][]value
	Empty       *message // shown instead of no rows
	First, Next string   // addresses of other pages; empty for none
}

// form is sent to a path of the workspace. One with a warning is shown only on request, and its button in red.
type form struct {
	Path, Heading, Button, Warning string
	Fields                         []*input
	Error                          string // about the form as a whole
}

// input is a field of a form. Its kind is that of the HTML element, or area, select, checks or hidden.
type input struct {
	Name, Label, Kind, Hint, Value string
	Choices                        []choice
	Required                       bool
	Error                          string
}

// ID is the id of the element on the page.
func (i *input) ID(form int) string { return fmt.Sprintf("%s-%d", i.Name, form) }

// noun says how the records of a kind are listed, shown and changed. Functions that it does not have are nil.
type noun struct {
	path, title string // the title is the plural
	counts      [2]string
	intro       string
	heads       []string
	empty       *message
	read, write func(account.Role) bool
	all         func(*request) ([]*record, error)
	make        func(*request) (*form, error)   // makes a record
	with        func(*request) ([]*part, error) // what the list shows besides
	// The others change records, and return the path of the page that comes next. A refusal of theirs is shown beside the
	// form that was sent.
	create, change, remove func(*request) (next string, err error)
}

// record is a record of a noun. Its cells stand below the heads but the first, which is for its name.
type record struct {
	id, name string
	cells    func() ([]value, error)
	facts    []fact  // which the list does not show
	forms    []*part // for those who may change it
}

// routes are the pages and actions of the noun.
func (n noun) routes() []route {
	all := []route{{"GET", n.path, n.read, n.show(n.list)}, {"GET", n.path + "/{id}", n.read, n.show(n.one)}}
	for _, action := range []struct {
		path string
		do   func(*request) (string, error)
		page func(*request) (*sheet, error)
	}{{"", n.create, n.list}, {"/{id}", n.change, n.one}, {"/{id}/delete", n.remove, n.one}} {
		if action.do != nil {
			all = append(all, route{"POST", n.path + action.path, n.write, n.act(action.do, action.page)})
		}
	}
	return all
}

// list is the page with all records.
func (n noun) list(r *request) (*sheet, error) {
	all, err := n.all(r)
	if err != nil {
		return nil, err
	}
	t := &table{Label: n.title, Heads: n.heads, Empty: n.empty}
	for _, each := range pageOf(r, all, t) {
		cells, err := each.cells()
		if err != nil {
			return nil, err
		}
		t.Rows = append(t.Rows, append([]value{r.link(each.name, n.path+"/"+each.id)}, cells...))
	}
	page := &sheet{Title: n.title, Count: countedAs(len(all), n.counts[0], n.counts[1]), Intro: n.intro, Parts: []*part{{Table: t}}}
	if n.with != nil {
		more, err := n.with(r)
		if err != nil {
			return nil, err
		}
		page.Parts = append(page.Parts, more...)
	}
	if n.create != nil && n.write(r.member.Role) {
		f, err := n.make(r)
		if err != nil {
			return nil, err
		}
		f.Path = n.path
		page.Parts = append(page.Parts, &part{Heading: f.Button, Forms: []*form{f}})
	}
	return page, nil
}

// one is the page of the record that the path names.
func (n noun) one(r *request) (*sheet, error) {
	all, err := n.all(r)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(each *record) bool { return each.id == r.PathValue("id") })
	if at < 0 {
		return nil, errNotFound
	}
	is := all[at]
	cells, err := is.cells()
	if err != nil {
		return nil, err
	}
	page := &sheet{Title: is.name, Crumb: &step{n.path, n.title}, Parts: []*part{{}}}
	for i, cell := range cells {
		page.Parts[0].Facts = append(page.Parts[0].Facts, fact{n.heads[i+1], cell})
	}
	page.Parts[0].Facts = append(page.Parts[0].Facts, append(is.facts, fact{"Id", value{Text: is.id}})...)
	if n.write(r.member.Role) {
		for _, p := range is.forms {
			for _, f := range p.Forms {
				f.Path = strings.TrimSuffix(n.path+"/"+is.id+"/"+f.Path, "/")
			}
		}
		page.Parts = append(page.Parts, is.forms...)
	}
	return page, nil
}

func (n noun) show(build func(*request) (*sheet, error)) handler {
	return func(r *request) error {
		page, err := build(r)
		if err != nil {
			return notThere(err)
		}
		page.section = n.path
		return r.show(http.StatusOK, "sheet", page)
	}
}

// act returns a handler that does something and leads on, or shows the page again with the reason of a refusal.
func (n noun) act(do func(*request) (string, error), build func(*request) (*sheet, error)) handler {
	return func(r *request) error {
		next, err := do(r)
		if err == nil {
			return r.redirect(r.in(next))
		}
		field, reason := refused(err)
		if reason == "" {
			return notThere(err)
		}
		page, err := build(r)
		if err != nil {
			return notThere(err)
		}
		page.section = n.path
		if page.refill(r.sentTo(), r.PostForm, field, reason) {
			reason = ""
		}
		return r.showWith(http.StatusUnprocessableEntity, "sheet", page, reason)
	}
}

// sentTo is the path within the workspace to which a form was sent.
func (r *request) sentTo() string {
	_, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/pages/"), "/")
	return path
}

// refill writes what was typed into the form that was sent, with the reason of the refusal beside the field that it is about.
// It reports false when the page has no such form.
func (s *sheet) refill(path string, typed url.Values, field, reason string) bool {
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
func (f *form) wasSent(typed url.Values) bool {
	return !slices.ContainsFunc(f.Fields, func(i *input) bool { return i.Kind == "hidden" && typed.Get(i.Name) != i.Value })
}

// notThere turns the errors for records that do not exist into one.
func notThere(err error) error {
	for _, missing := range []error{
		people.ErrResourceNotFound, people.ErrCompanyNotFound, people.ErrAttributeNotFound, workspace.ErrAdminNotFound, workspace.ErrTeamNotFound,
	} {
		if errors.Is(err, missing) {
			return errNotFound
		}
	}
	return err
}

// refused says which field is wrong, and why in words; the reason is empty for an error that is no refusal.
func refused(err error) (field, reason string) {
	if invalid, ok := errors.AsType[*workspace.InvalidError](err); ok {
		field = invalid.Field
		for _, list := range []string{"default_translation.", "custom_attributes."} {
			field = strings.TrimPrefix(field, list)
		}
		return field, roster.Label(field) + " " + strings.TrimSuffix(invalid.Reason, ".") + "."
	}
	if used, ok := errors.AsType[*people.TagInUseError](err); ok {
		return "", "Segments ask for this tag: " + strings.Join(used.Segments, ", ") + ". Change or delete them first."
	}
	if taken, ok := errors.AsType[*people.AttributeExistsError](err); ok {
		return "name", "There is an attribute of that name already, of each " + string(taken.Has) + "."
	}
	if wrong, ok := errors.AsType[*search.Error](err); ok {
		return "", sentence(strings.TrimSuffix(wrong.Reason, "."))
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
func (r *request) number() (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, errNotFound
	}
	return id, nil
}

// sent returns a field of the form, without blanks around it.
func (r *request) sent(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }

// link is a cell that leads to a page of the workspace.
func (r *request) link(text, path string) value { return value{Text: text, Link: r.base + r.in(path)} }

// changing is a form that changes a record, and deletion one that deletes it, with the consequence in words.
func changing(heading, text string, fields ...*input) *part {
	return &part{Heading: heading, Text: text, Forms: []*form{{Button: "Save", Fields: fields}}}
}

func deletion(button, warning string) *part {
	return &part{Forms: []*form{{Path: "delete", Button: button, Warning: warning}}}
}

// known returns cells that are known.
func known(cells ...value) func() ([]value, error) {
	return func() ([]value, error) { return cells, nil }
}

// said is a cell with a text.
func said(text string) value { return value{Text: clipped(text, 300)} }

// numbered writes the number of a record, as in its path.
func numbered(id int64) string { return strconv.FormatInt(id, 10) }

// chosen marks the choices whose values are among some.
func chosen(all []choice, values ...string) []choice {
	for i := range all {
		all[i].Chosen = slices.Contains(values, all[i].Value)
	}
	return all
}

// pageOf returns those of a list that a page shows, and sets the addresses of the other pages.
func pageOf[T any](r *request, all []T, t *table) []T {
	number, err := strconv.Atoi(r.URL.Query().Get("page"))
	first := (number - 1) * roster.PageSize
	if err != nil || number < 1 || first >= len(all) || first < 0 {
		number, first = 1, 0
	}
	if number > 1 {
		t.First = "?"
	}
	if first+roster.PageSize < len(all) {
		t.Next = "?page=" + strconv.Itoa(number+1)
	}
	return all[first:min(first+roster.PageSize, len(all))]
}

// IsOpen says that a form is shown at once: something is wrong with it.
func (f *form) IsOpen() bool {
	return f.Error != "" || slices.ContainsFunc(f.Fields, func(i *input) bool { return i.Error != "" })
}

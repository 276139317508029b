package people

import (
	"cmp"
	"maps"
	"slices"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// AttributeType is the type of a custom attribute's values.
type AttributeType string

// The types. The first four can be inferred from a value. Dates are whole Unix seconds, not negative; their type has two names.
const (
	StringAttribute   AttributeType = "string"
	IntegerAttribute  AttributeType = "integer"
	FloatAttribute    AttributeType = "float"
	BooleanAttribute  AttributeType = "boolean"
	DateAttribute     AttributeType = "date"
	DatetimeAttribute AttributeType = "datetime"
)

// AttributeModel says which records have an attribute.
type AttributeModel string

// The models.
const (
	ContactModel AttributeModel = "contact" // people, whatever their role
	CompanyModel AttributeModel = "company"
)

// Attribute is the definition of a custom attribute. It is archived, never removed. Its name and its id are unique in the
// workspace, across models.
type Attribute struct {
	Workspace   workspace.ID
	ID          int64 // counts from 1 in each workspace
	Model       AttributeModel
	Name        string
	Description string // "" for none
	Type        AttributeType
	// Options are the values that a string attribute may have; none allows any value.
	Options []string
	// Archived definitions are listed only on request, and do not count. They keep their names and their values.
	Archived bool
	// MessengerWritable says whether a page may set the attribute unsigned.
	MessengerWritable bool
	AdminID           int64 // the admin shown as its creator; 0 for none
	CreatedAt         int64
	UpdatedAt         int64
}

// maxAttributes is the max number of custom attributes of a workspace, as in the public API.
const maxAttributes = 250

// define makes sure that each attribute in set has a definition of the right type. An unknown name is defined by its first
// value: the public documentation shows arbitrary attributes on visitors being accepted. It returns the attributes that may
// be stored, and the error of the first other one, in the order of names. Others wait only for a writer that defines something.
func (d *Definitions) define(w Writer, model AttributeModel, set search.Attributes, as reading) (fitting search.Attributes, refused, err error) {
	l, ws := d.lobby, d.workspace
	if len(set) == 0 {
		return set, nil, nil
	}
	all, err := d.list()
	if err != nil {
		return nil, nil, err
	}
	if fitting, ok := allDefined(all, model, set, as); ok {
		return fitting, nil, nil
	}
	if all, err = w.Attributes(ws); err != nil {
		return nil, nil, err
	}
	d.all = all
	fitting = search.Attributes{}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		old := find(all, name)
		v, after, reason := as.fitted(old, model, name, set[name])
		switch {
		case v.IsNull() || old != nil && reason == "" && after == old.Type:
			fitting[name] = v
			continue
		case reason != "":
			refused = cmp.Or(refused, error(workspace.Invalid("custom_attributes."+name, reason)))
			continue
		case old == nil && isFull(all):
			refused = cmp.Or(refused, ErrTooManyAttributes)
			continue
		}
		defined := &Attribute{Workspace: ws, Model: model, Name: name, Type: after, MessengerWritable: true}
		if old != nil {
			widened := *old
			widened.Type, widened.UpdatedAt = after, l.Unix()
			defined, all = &widened, slices.DeleteFunc(all, func(a *Attribute) bool { return a == old })
		} else if err := l.complete(w, defined, all); err != nil {
			return nil, nil, err
		}
		all, fitting[name] = append(all, defined), v
		d.all = all
		if err := w.DefineAttribute(defined); err != nil {
			return nil, nil, err
		}
	}
	return fitting, refused, nil
}

// defineVisitor defines the attributes that the API sets on a visitor, and returns them as they are stored. Errors:
// workspace.InvalidError, ErrTooManyAttributes.
func (l *Lobby) defineVisitor(w Writer, ws workspace.ID, set search.Attributes) (search.Attributes, error) {
	fitting, refused, err := l.Definitions(w, ws).define(w, ContactModel, set, spelled)
	return fitting, cmp.Or(err, refused)
}

// FromFile returns the attributes of an imported contact as they are stored, and defines those that are new. A text may
// spell a value of the attribute's type. Errors: workspace.InvalidError, ErrTooManyAttributes, ErrAttributeNameInvalid.
func (d *Definitions) FromFile(w Writer, set search.Attributes) (search.Attributes, error) {
	fitting, refused, err := d.define(w, ContactModel, set, spelled)
	return fitting, cmp.Or(err, refused)
}

// UnknownAttributeError names a custom attribute that the workspace has not defined for the model of the record.
type UnknownAttributeError struct{ Name string }

func (e *UnknownAttributeError) Error() string { return "no custom attribute is called " + e.Name }

// mustBeDefined checks the attributes that the API sets on a contact or a company. A name without a definition is an
// UnknownAttributeError, and a value of another type a workspace.InvalidError.
func (l *Lobby) mustBeDefined(w Writer, ws workspace.ID, model AttributeModel, set search.Attributes) error {
	definition := l.definitions(w, ws)
	for _, name := range slices.Sorted(maps.Keys(set)) {
		switch a, err := definition(name); {
		case err != nil:
			return err
		case a == nil || a.Model != model:
			return &UnknownAttributeError{name}
		}
	}
	_, refused, err := l.Definitions(w, ws).define(w, model, set, exact)
	return cmp.Or(err, refused)
}

// Definitions are the definitions of a workspace as one transaction sees them, with those that it makes itself. They are
// read at most once, and once more by a writer that may have to define something.
type Definitions struct {
	lobby     *Lobby
	reader    Reader
	workspace workspace.ID
	all       []*Attribute
	isRead    bool
}

// Definitions returns the definitions of a workspace for the transaction of r. It reads nothing until they are needed.
func (l *Lobby) Definitions(r Reader, ws workspace.ID) *Definitions {
	if w, ok := r.(Writer); ok {
		r = w.Unlocked()
	}
	return &Definitions{lobby: l, reader: r, workspace: ws}
}

// list returns all definitions.
func (d *Definitions) list() ([]*Attribute, error) {
	if d.isRead {
		return d.all, nil
	}
	all, err := d.reader.Attributes(d.workspace)
	if err != nil {
		return nil, err
	}
	d.all, d.isRead = all, true
	return all, nil
}

// find returns a definition, or nil when there is none.
func (d *Definitions) find(name string) (*Attribute, error) {
	all, err := d.list()
	return find(all, name), err
}

// definitions returns a look-up of definitions by name, which returns nil when there is none.
func (l *Lobby) definitions(r Reader, ws workspace.ID) func(name string) (*Attribute, error) {
	return l.Definitions(r, ws).find
}

// comparisons returns how searches compare the values of a model's custom attributes, by their names.
func (l *Lobby) comparisons(r Reader, ws workspace.ID, model AttributeModel) func(name string) (search.FieldType, bool, error) {
	definition := l.definitions(r, ws)
	return func(name string) (search.FieldType, bool, error) {
		a, err := definition(name)
		if err != nil || a == nil || a.Model != model {
			return 0, false, err
		}
		return a.Type.SearchType(), true, nil
	}
}

// allDefined returns the values as they are stored, and whether the definitions show that all of them fit.
func allDefined(all []*Attribute, model AttributeModel, set search.Attributes, as reading) (search.Attributes, bool) {
	fitting := set
	for name, v := range set {
		if v.IsNull() {
			continue
		}
		a := find(all, name)
		if a == nil {
			return nil, false
		}
		stored, typ, reason := as.fitted(a, model, name, v)
		if reason != "" || typ != a.Type {
			return nil, false
		}
		if stored != v {
			fitting = fitting.With(search.Attributes{name: stored})
		}
	}
	return fitting, true
}

// FromPage returns the attributes of a page that may be stored, and defines those that are new. A page cannot know the
// definitions, so attributes that it may not set or define, or whose values do not fit, are left out. The second result has
// the reason for each of them, in the order of names.
func (d *Definitions) FromPage(
	w Writer, model AttributeModel, set search.Attributes, definesNothing bool,
) (kept search.Attributes, omissions []error, err error) {
	writable := make(search.Attributes, len(set))
	for name, v := range set {
		a, err := d.find(name)
		if err != nil {
			return nil, nil, err
		}
		if a == nil && !definesNothing || a != nil && a.MessengerWritable {
			writable[name] = v
		}
	}
	if kept, _, err = d.define(w, model, writable, fromPage); err != nil || len(kept) == len(set) {
		return kept, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if _, isKept := kept[name]; isKept {
			continue
		}
		reason, err := d.whyNot(model, name, set[name])
		if err != nil {
			return nil, nil, err
		}
		omissions = append(omissions, workspace.Invalid(name, reason))
	}
	return kept, omissions, nil
}

// whyNot returns why a page cannot set an attribute to a value.
func (d *Definitions) whyNot(model AttributeModel, name string, v search.Value) (string, error) {
	a, err := d.find(name)
	if err != nil {
		return "", err
	}
	if a != nil && !a.MessengerWritable {
		return "cannot be set by a page", nil
	}
	if a != nil {
		_, _, reason := fromPage.fitted(a, model, name, v)
		return reason, nil
	}
	all, err := d.list()
	if isFull(all) {
		return "is a new custom attribute, and " + ErrTooManyAttributes.Error(), err
	}
	return "is not defined, and this page may not define it", err
}

func find(all []*Attribute, name string) *Attribute {
	i := slices.IndexFunc(all, func(a *Attribute) bool { return a.Name == name })
	if i < 0 {
		return nil
	}
	return all[i]
}

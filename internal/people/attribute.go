package people

import (
	"cmp"
	"maps"
	"slices"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// AttributeType is what a custom attribute may hold.
type AttributeType string

// The types. The first four can be inferred from a value; dates are whole Unix seconds, not negative, and have two names.
const (
	StringAttribute   AttributeType = "string"
	IntegerAttribute  AttributeType = "integer"
	FloatAttribute    AttributeType = "float"
	BooleanAttribute  AttributeType = "boolean"
	DateAttribute     AttributeType = "date"
	DatetimeAttribute AttributeType = "datetime"
)

// AttributeModel is whose attribute it is.
type AttributeModel string

// The models.
const (
	ContactModel AttributeModel = "contact" // people, whatever their role
	CompanyModel AttributeModel = "company"
)

// Attribute is the definition of a custom attribute. It is archived, never removed, and its name and id are its own in
// the workspace, whatever the model.
type Attribute struct {
	Workspace   workspace.ID
	ID          int64 // counts from 1 in each workspace
	Model       AttributeModel
	Name        string
	Description string // "" for none
	Type        AttributeType
	// Options are all the values that a string attribute may have; none for any value.
	Options []string
	// Archived definitions are not listed unless asked for, and do not count. They keep their name and their values.
	Archived bool
	// MessengerWritable says whether a page may set the attribute unsigned.
	MessengerWritable bool
	AdminID           int64 // of the admin who counts as its creator; 0 for none
	CreatedAt         int64
	UpdatedAt         int64
}

// maxAttributes is how many custom attributes the public API gives a workspace.
const maxAttributes = 250

type attributeKey struct {
	workspace workspace.ID
	name      string
}

// knownAttribute is a definition as it was read from the store. It is believed until the second ends: so long another
// server may still go by a definition that was changed.
type knownAttribute struct {
	*Attribute
	at int64
}

// define makes sure that every attribute that is set has a definition of the right type. Unknown names are defined by
// their first value, as every page of the public documentation shows arbitrary attributes on visitors being accepted.
// It returns what of the set may be stored, and why the first of the rest, in the order of names, may not.
func (d *Definitions) define(w Writer, model AttributeModel, set search.Attributes, as reading) (fitting search.Attributes, refused, err error) {
	l, ws := d.lobby, d.workspace
	if fitting, ok := l.allDefined(ws, model, set, as); ok {
		return fitting, nil, nil
	}
	all, err := d.list()
	if err != nil {
		return nil, nil, err
	}
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

// defineVisitor defines what the API sets of a visitor, and returns it as it is stored. workspace.InvalidError,
// ErrTooManyAttributes.
func (l *Lobby) defineVisitor(w Writer, ws workspace.ID, set search.Attributes) (search.Attributes, error) {
	fitting, refused, err := l.Definitions(w, ws).define(w, ContactModel, set, spelled)
	return fitting, cmp.Or(err, refused)
}

// UnknownAttributeError names a custom attribute that the workspace has not defined for the model it was given to.
type UnknownAttributeError struct{ Name string }

func (e *UnknownAttributeError) Error() string { return "no custom attribute is called " + e.Name }

// mustBeDefined refuses what contacts and companies cannot be given by the API: a name that has no definition yet, with an
// UnknownAttributeError, and a value of another type, with a workspace.InvalidError.
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

// Definitions is the definitions of a workspace as one transaction sees them. It reads the store at most once. What the
// transaction defines itself is added here only: it may still be rolled back, so nobody else may go by it.
type Definitions struct {
	lobby     *Lobby
	reader    Reader
	workspace workspace.ID
	all       []*Attribute
	isRead    bool
}

// Definitions returns the definitions of a workspace for the transaction of r. It reads nothing until they are needed.
func (l *Lobby) Definitions(r Reader, ws workspace.ID) *Definitions {
	return &Definitions{lobby: l, reader: r, workspace: ws}
}

// list returns all definitions.
func (d *Definitions) list() ([]*Attribute, error) {
	if d.isRead {
		return d.all, nil
	}
	all, err := d.lobby.readAttributes(d.reader, d.workspace)
	if err != nil {
		return nil, err
	}
	d.all, d.isRead = all, true
	return all, nil
}

// find returns a definition, or nil for none. It reads the store only for a name that is not remembered.
func (d *Definitions) find(name string) (*Attribute, error) {
	if a := d.lobby.remembered(d.workspace, name); a != nil {
		return a, nil
	}
	all, err := d.list()
	if err != nil {
		return nil, err
	}
	return find(all, name), nil
}

// definitions returns a look-up of definitions by name, which returns nil for none. It reads the store at most once, and
// only for a name that is not remembered.
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

// readAttributes reads all definitions of a workspace and remembers them.
func (l *Lobby) readAttributes(r Reader, ws workspace.ID) ([]*Attribute, error) {
	all, err := r.Attributes(ws)
	for _, a := range all {
		l.remember(a)
	}
	return all, err
}

func (l *Lobby) remember(a *Attribute) {
	l.defined.Store(attributeKey{a.Workspace, a.Name}, knownAttribute{a, l.Unix()})
}

// remembered answers a definition from memory; nil when it is not known there, which does not mean that there is none.
func (l *Lobby) remembered(ws workspace.ID, name string) *Attribute {
	known, ok := l.defined.Load(attributeKey{ws, name})
	if !ok || known.(knownAttribute).at != l.Unix() {
		return nil
	}
	return known.(knownAttribute).Attribute
}

// allDefined returns the values as they are stored, and whether memory alone tells that every one fits its definition.
func (l *Lobby) allDefined(ws workspace.ID, model AttributeModel, set search.Attributes, as reading) (search.Attributes, bool) {
	fitting := set
	for name, v := range set {
		if v.IsNull() {
			continue
		}
		a := l.remembered(ws, name)
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

// FromPage returns what may be stored of the attributes that a page sets, and defines those that are new. A page cannot
// know the definitions: what does not fit them, what a page may not set, and what is not defined where a page may not
// define, is left out rather than costing the whole ping. The second result is why, in the order of names.
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

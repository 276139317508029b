package people

import (
	"cmp"
	"maps"
	"slices"
)

// AttributeType is what a custom attribute may hold.
type AttributeType string

// The types that can be inferred from a value.
const (
	StringAttribute  AttributeType = "string"
	IntegerAttribute AttributeType = "integer"
	FloatAttribute   AttributeType = "float"
	BooleanAttribute AttributeType = "boolean"
)

// Attribute is the definition of a custom attribute of people.
type Attribute struct {
	Workspace WorkspaceID
	Name      string
	Type      AttributeType
	CreatedAt int64
}

// maxAttributes is how many custom attributes the public API gives a workspace.
const maxAttributes = 250

type attributeKey struct {
	workspace WorkspaceID
	name      string
}

// with returns a copy of a with the changes: a null removes, anything else sets.
func (a Attributes) with(changes Attributes) Attributes {
	out := maps.Clone(a)
	for name, v := range changes {
		switch {
		case v.IsNull():
			delete(out, name)
		case out == nil:
			out = Attributes{name: v}
		default:
			out[name] = v
		}
	}
	return out
}

// define makes sure that every attribute that is set has a definition of the right type. Unknown names are defined by
// their first value, as every page of the public documentation shows arbitrary attributes on visitors being accepted.
// It answers what of the set may be stored, and why the first of the rest, in the order of names, may not.
func (l *Lobby) define(w Writer, ws WorkspaceID, set Attributes) (fitting Attributes, refused, err error) {
	if l.allDefined(ws, set) {
		return set, nil, nil
	}
	all, err := w.Attributes(ws)
	if err != nil {
		return nil, nil, err
	}
	types := make(map[string]AttributeType, len(all))
	for _, a := range all {
		types[a.Name] = a.Type
		l.defined.Store(attributeKey{ws, a.Name}, a.Type)
	}
	fitting = Attributes{}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		v := set[name]
		old, known := types[name]
		typ, ok := fit(old, v)
		switch {
		case v.IsNull() || known && ok && typ == old:
			fitting[name] = v
			continue
		case !ok:
			refused = cmp.Or(refused, error(&InvalidError{"custom_attributes." + name, "must be of type " + string(old)}))
			continue
		case !known && len(types) >= maxAttributes:
			refused = cmp.Or(refused, ErrTooManyAttributes)
			continue
		}
		types[name], fitting[name] = typ, v
		if err := w.DefineAttribute(&Attribute{ws, name, typ, l.now()}); err != nil {
			return nil, nil, err
		}
	}
	return fitting, refused, nil
}

// mustDefine is define for callers who are told what does not fit.
func (l *Lobby) mustDefine(w Writer, ws WorkspaceID, set Attributes) error {
	_, refused, err := l.define(w, ws, set)
	return cmp.Or(err, refused)
}

// UnknownAttributeError names a custom attribute that the workspace has not defined.
type UnknownAttributeError struct{ Name string }

func (e *UnknownAttributeError) Error() string { return "no custom attribute is called " + e.Name }

// mustBeDefined is mustDefine for contacts: a name that has no definition yet is refused, whatever its value, with an
// UnknownAttributeError.
func (l *Lobby) mustBeDefined(w Writer, ws WorkspaceID, set Attributes) error {
	names := slices.Sorted(maps.Keys(set))
	unknown := func(name string) bool {
		_, known := l.defined.Load(attributeKey{ws, name})
		return !known
	}
	if slices.ContainsFunc(names, unknown) {
		all, err := w.Attributes(ws)
		if err != nil {
			return err
		}
		for _, a := range all {
			l.defined.Store(attributeKey{ws, a.Name}, a.Type)
		}
		if i := slices.IndexFunc(names, unknown); i >= 0 {
			return &UnknownAttributeError{names[i]}
		}
	}
	return l.mustDefine(w, ws, set)
}

// allDefined answers from memory whether every value fits its definition.
func (l *Lobby) allDefined(ws WorkspaceID, set Attributes) bool {
	for name, v := range set {
		if v.IsNull() {
			continue
		}
		typ, known := l.defined.Load(attributeKey{ws, name})
		if !known {
			return false
		}
		if fitting, ok := fit(typ.(AttributeType), v); !ok || fitting != typ {
			return false
		}
	}
	return true
}

// fit answers the type that holds both what old holds ("" for nothing yet) and v, and whether there is one. Whole
// numbers widen to floats; nothing else changes its type.
func fit(old AttributeType, v Value) (AttributeType, bool) {
	typ := typeOf(v)
	switch {
	case old == "" || old == typ || v.IsNull():
		return typ, true
	case old == FloatAttribute && typ == IntegerAttribute, old == IntegerAttribute && typ == FloatAttribute:
		return FloatAttribute, true
	}
	return old, false
}

func typeOf(v Value) AttributeType {
	switch v.Kind() {
	case KindInt:
		return IntegerAttribute
	case KindFloat:
		return FloatAttribute
	case KindBool:
		return BooleanAttribute
	}
	return StringAttribute
}

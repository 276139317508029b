package apidoc

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Schema is a JSON schema.
type Schema struct {
	// Ref is the name of a component. When it is set, only Description is used besides it.
	Ref string
	// Types are the JSON types, with "integer" for whole numbers and "null" last.
	Types []string
	// Enum are the allowed texts; nil for any.
	Enum       []string
	Properties []Property
	// Rest is the schema of members of any other name; nil when there are none.
	Rest *Schema
	// Items is the schema of a list's elements; nil when no sample had any.
	Items       *Schema
	Description string
}

// Property is a member of an object.
type Property struct {
	Name     string
	Schema   *Schema
	Required bool
}

// Infer returns the schema that all samples match. A member is required when every sample has it, and nullable when it is
// null in one of them. A text member called type is limited to the values in the samples. A name that begins with * stands
// for any name.
func Infer(samples ...[]byte) (*Schema, error) {
	var s *Schema
	for _, sample := range samples {
		value, err := parse(sample)
		if err != nil {
			return nil, fmt.Errorf("apidoc: the sample %s: %w", sample, err)
		}
		s = merge(s, schemaOf(value))
	}
	return s, nil
}

func schemaOf(value any) *Schema {
	switch v := value.(type) {
	case string:
		return &Schema{Types: []string{"string"}}
	case Number:
		if strings.ContainsAny(string(v), ".eE") {
			return &Schema{Types: []string{"number"}}
		}
		return &Schema{Types: []string{"integer"}}
	case bool:
		return &Schema{Types: []string{"boolean"}}
	case List:
		s := &Schema{Types: []string{"array"}}
		for _, element := range v {
			s.Items = merge(s.Items, schemaOf(element))
		}
		return s
	case Object:
		s := &Schema{Types: []string{"object"}}
		for _, m := range v {
			of := schemaOf(m.Value)
			if strings.HasPrefix(m.Name, "*") {
				s.Rest = merge(s.Rest, of)
				continue
			}
			if text, is := m.Value.(string); is && m.Name == "type" {
				of.Enum = []string{text}
			}
			s.Properties = append(s.Properties, Property{m.Name, of, true})
		}
		return s
	default:
		return &Schema{Types: []string{"null"}}
	}
}

// order is the order of types in a schema.
var order = []string{"object", "array", "string", "number", "integer", "boolean", "null"}

// merge returns the schema of values that match a or b; nil stands for no values.
func merge(a, b *Schema) *Schema {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	types := slices.Concat(a.Types, b.Types)
	slices.SortFunc(types, func(x, y string) int { return slices.Index(order, x) - slices.Index(order, y) })
	types = slices.Compact(types)
	if slices.Contains(types, "number") {
		types = slices.DeleteFunc(types, func(t string) bool { return t == "integer" })
	}
	both := &Schema{
		Types: types, Enum: slices.Concat(a.Enum, b.Enum), Properties: slices.Clone(a.Properties),
		Rest: merge(a.Rest, b.Rest), Items: merge(a.Items, b.Items),
	}
	slices.Sort(both.Enum)
	both.Enum = slices.Compact(both.Enum)
	if !a.is("object") || !b.is("object") {
		both.Properties = slices.Concat(a.Properties, b.Properties)
		return both
	}
	for i := range both.Properties {
		if b.property(both.Properties[i].Name) == nil {
			both.Properties[i].Required = false
		}
	}
	at := 0 // new members keep their place among those that both have
	for _, p := range b.Properties {
		i := slices.IndexFunc(both.Properties, func(q Property) bool { return q.Name == p.Name })
		if i < 0 {
			p.Required = false
			both.Properties = slices.Insert(both.Properties, at, p)
			at++
			continue
		}
		both.Properties[i].Schema = merge(both.Properties[i].Schema, p.Schema)
		both.Properties[i].Required = both.Properties[i].Required && p.Required
		at = i + 1
	}
	return both
}

func (s *Schema) is(kind string) bool { return slices.Contains(s.Types, kind) }

func (s *Schema) property(name string) *Property {
	for i := range s.Properties {
		if s.Properties[i].Name == name {
			return &s.Properties[i]
		}
	}
	return nil
}

// children yields the schemas directly below: those of members with their names, those of elements and other members with "".
func (s *Schema) children(yield func(name string, child *Schema) bool) {
	for _, p := range s.Properties {
		if !yield(p.Name, p.Schema) {
			return
		}
	}
	for _, child := range []*Schema{s.Items, s.Rest} {
		if child != nil && !yield("", child) {
			return
		}
	}
}

// Walk calls visit with every member at any depth and its path, whose names are joined by dots. The members of a list's
// elements have the path of the list.
func (s *Schema) Walk(visit func(path string, member *Schema)) { s.walk("", visit) }

func (s *Schema) walk(above string, visit func(string, *Schema)) {
	for name, child := range s.children {
		path := strings.TrimPrefix(above+"."+name, ".")
		if name == "" {
			path = above
		} else {
			visit(path, child)
		}
		child.walk(path, visit)
	}
}

// Component is a schema with a name.
type Component struct {
	Name   string
	Schema *Schema
}

// Share replaces each schema below a component that equals a whole component by a reference to the first such component.
func Share(all []Component) {
	shared := make([]*Schema, len(all))
	for i := range all {
		shared[i] = shareBelow(all[i].Schema, all)
	}
	for i := range all {
		all[i].Schema = shared[i]
	}
}

func share(s *Schema, all []Component) *Schema {
	if s == nil {
		return nil
	}
	for _, c := range all {
		if len(s.Properties) > 0 && reflect.DeepEqual(s, c.Schema) {
			return &Schema{Ref: c.Name}
		}
	}
	return shareBelow(s, all)
}

func shareBelow(s *Schema, all []Component) *Schema {
	copied := *s
	copied.Properties = slices.Clone(s.Properties)
	for i := range copied.Properties {
		copied.Properties[i].Schema = share(copied.Properties[i].Schema, all)
	}
	copied.Items, copied.Rest = share(s.Items, all), share(s.Rest, all)
	return &copied
}

// tree renders the schema.
func (s *Schema) tree() Object {
	var o Object
	if s.Ref != "" {
		o.add("$ref", "#/components/schemas/"+s.Ref)
		o.add("description", s.Description)
		return o
	}
	if len(s.Types) == 1 {
		o.add("type", s.Types[0])
	} else {
		o.add("type", texts(s.Types))
	}
	o.add("description", s.Description)
	if s.is("integer") {
		o.add("format", "int64") // times after 2038 fit
	}
	o.add("enum", s.enum())
	var required List
	var properties Object
	for _, p := range s.Properties {
		properties = append(properties, Member{p.Name, p.Schema.tree()})
		if p.Required {
			required = append(required, p.Name)
		}
	}
	o.add("required", required)
	o.add("properties", properties)
	if s.Rest != nil {
		o.add("additionalProperties", s.Rest.tree())
	}
	if s.Items != nil {
		o.add("items", s.Items.tree())
	}
	return o
}

// enum returns the allowed values: the texts, and null if it is allowed.
func (s *Schema) enum() List {
	list := texts(s.Enum)
	if list != nil && s.is("null") {
		list = append(list, nil)
	}
	return list
}

func texts(all []string) (list List) {
	for _, text := range all {
		list = append(list, text)
	}
	return list
}

// Has reports whether the schema has a member of that name.
func (s *Schema) Has(name string) bool { return s.property(name) != nil }

// needs reports whether the schema has required members.
func (s *Schema) needs() bool {
	return slices.ContainsFunc(s.Properties, func(p Property) bool { return p.Required })
}

// Member returns the schema of a member, and adds an object by that name if there is none. A number stands for the elements
// of a list.
func (s *Schema) Member(name string) *Schema {
	if strings.Trim(name, "0123456789") == "" {
		if s.Items == nil {
			s.Types, s.Items = []string{"array"}, &Schema{Types: []string{"object"}}
		}
		return s.Items
	}
	if p := s.property(name); p != nil {
		return p.Schema
	}
	child := &Schema{Types: []string{"object"}}
	s.Properties = append(s.Properties, Property{Name: name, Schema: child})
	return child
}

// Describe sets the description. A text that begins with words, bars between them and a colon after them, as in
// "lead|user: …", limits the value to these words.
func (s *Schema) Describe(text string) {
	s.Description = text
	choice, rest, _ := strings.Cut(text, ": ")
	if !strings.Contains(choice, "|") || strings.Contains(choice, " ") {
		return
	}
	s.Description = strings.ToUpper(rest[:1]) + rest[1:]
	if s.Enum == nil && s.is("string") {
		s.Enum = strings.Split(choice, "|")
	}
}

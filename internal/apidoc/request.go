package apidoc

import (
	"slices"
	"strings"

	"lobby/internal/jsonio"
)

// bodySchema returns the schema of a request body by the members that were read. The members in needs are required.
func bodySchema(read *jsonio.Recorder, needs []string, names ShapeNames) *Schema {
	body := &Schema{Types: []string{"object"}}
	for _, m := range read.Members {
		in := body
		path := strings.Split(m.Path, ".")
		for _, name := range path[:len(path)-1] {
			in = in.Member(name)
		}
		last := path[len(path)-1]
		schema := requestSchema(m.Kind, names)
		required := in == body && slices.Contains(needs, last)
		if !required {
			schema.Types = append(schema.Types, "null")
		}
		if !in.Has(last) {
			in.Properties = append(in.Properties, Property{Name: last, Schema: schema, Required: required})
		}
	}
	return body
}

// requestSchema returns the schema of a member of a request that was read as a kind.
func requestSchema(kind jsonio.MemberKind, names ShapeNames) *Schema {
	one := func(types ...string) *Schema { return &Schema{Types: types} }
	orWithin := func(name string) *Schema { // a text, or an object with the text in a member
		return &Schema{Types: []string{"object", "string"}, Properties: []Property{{Name: name, Schema: one("string")}}}
	}
	switch kind {
	case jsonio.IDMember:
		return one("string", "integer")
	case jsonio.IntMember, jsonio.TimeMember:
		return one("integer")
	case jsonio.NumberMember:
		return one("string", "number")
	case jsonio.BoolMember:
		return one("boolean")
	case jsonio.ObjectMember:
		return one("object")
	case jsonio.PictureMember:
		return orWithin("image_url")
	case jsonio.ScalarsMember:
		return &Schema{Types: []string{"object"}, Rest: one("string", "number", "boolean", "null")}
	case jsonio.TextsMember:
		return &Schema{Types: []string{"array"}, Items: orWithin("value")}
	case jsonio.ObjectsMember:
		return &Schema{Types: []string{"array"}, Items: one("object")}
	case jsonio.EitherMember:
		return &Schema{Types: []string{"object", "array"}, Items: one("object")}
	case jsonio.MetadataMember:
		fact := one("object", "string", "number", "boolean", "null")
		fact.Properties = []Property{
			{Name: "url", Schema: one("string")},
			{Name: "value", Schema: one("string")},
			{Name: "amount", Schema: one("integer")},
			{Name: "currency", Schema: one("string")},
		}
		return &Schema{Types: []string{"object"}, Rest: fact}
	case jsonio.QueryMember:
		return &Schema{Ref: names.Query}
	case jsonio.IntsMember:
		return &Schema{Types: []string{"array"}, Items: one("integer")}
	default:
		return one("string")
	}
}

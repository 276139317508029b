package apidoc

import (
	"slices"
	"strings"

	"lobby/internal/wire"
)

// bodySchema returns the schema of a body of which these members were read. It requires those that are needed.
func bodySchema(read *wire.Asked, needs []string, names ShapeNames) *Schema {
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
func requestSchema(kind wire.AskedKind, names ShapeNames) *Schema {
	one := func(types ...string) *Schema { return &Schema{Types: types} }
	orWithin := func(name string) *Schema { // a text that may also stand in an object
		return &Schema{Types: []string{"object", "string"}, Properties: []Property{{Name: name, Schema: one("string")}}}
	}
	switch kind {
	case wire.AskedID:
		return one("string", "integer")
	case wire.AskedInt, wire.AskedTime:
		return one("integer")
	case wire.AskedNumber:
		return one("string", "number")
	case wire.AskedBool:
		return one("boolean")
	case wire.AskedObject:
		return one("object")
	case wire.AskedPicture:
		return orWithin("image_url")
	case wire.AskedScalars:
		return &Schema{Types: []string{"object"}, Rest: one("string", "number", "boolean", "null")}
	case wire.AskedTexts:
		return &Schema{Types: []string{"array"}, Items: orWithin("value")}
	case wire.AskedObjects:
		return &Schema{Types: []string{"array"}, Items: one("object")}
	case wire.AskedFacts:
		fact := one("object", "string", "number", "boolean", "null")
		fact.Properties = []Property{
			{Name: "url", Schema: one("string")},
			{Name: "value", Schema: one("string")},
			{Name: "amount", Schema: one("integer")},
			{Name: "currency", Schema: one("string")},
		}
		return &Schema{Types: []string{"object"}, Rest: fact}
	case wire.AskedQuery:
		return &Schema{Ref: names.Query}
	case wire.AskedInts:
		return &Schema{Types: []string{"array"}, Items: one("integer")}
	default:
		return one("string")
	}
}

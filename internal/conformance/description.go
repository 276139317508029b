package conformance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// description is an OpenAPI document, as far as responses are compared with it.
type description struct {
	Paths      map[string]map[string]operation `json:"paths"` // by path and method
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	Responses map[string]struct { // by status
		Content map[string]struct {
			Schema *schema `json:"schema"`
		} `json:"content"`
	} `json:"responses"`
}

// schema is a JSON schema with the keywords that Lobby's description uses.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       types              `json:"type"`
	Enum       []string           `json:"enum"`
	Required   []string           `json:"required"`
	Properties map[string]*schema `json:"properties"`
	// Rest is the schema of members of any other name; nil when there are none.
	Rest  *schema   `json:"additionalProperties"`
	Items *schema   `json:"items"`
	OneOf []*schema `json:"oneOf"`
	AnyOf []*schema `json:"anyOf"`
}

// types are the JSON types of a schema, which writes a single one without a list.
type types []string

// UnmarshalJSON implements json.Unmarshaler.
func (t *types) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*t = types{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(t))
}

// route returns the described path that a request has; "" for none. A path with fewer parameters comes first.
func (d *description) route(method, path string) (route string) {
	parts := strings.Split(path, "/")
	fewest := math.MaxInt
	for _, pattern := range slices.Sorted(maps.Keys(d.Paths)) {
		if !d.has(method, pattern) {
			continue
		}
		is := strings.Split(pattern, "/")
		if n := strings.Count(pattern, "{"); len(is) == len(parts) && n < fewest && matches(is, parts) {
			route, fewest = pattern, n
		}
	}
	return route
}

// has reports whether there is an operation.
func (d *description) has(method, route string) bool {
	_, has := d.Paths[route][strings.ToLower(method)]
	return has
}

func matches(pattern, parts []string) bool {
	for i := range pattern {
		if !strings.HasPrefix(pattern[i], "{") && pattern[i] != parts[i] {
			return false
		}
	}
	return true
}

// differences returns where a response differs from the description of its operation.
func (d *description) differences(method, route string, status int, body []byte) []string {
	described, has := d.Paths[route][strings.ToLower(method)].Responses[strconv.Itoa(status)]
	if !has {
		return []string{fmt.Sprintf("the status %d is not described", status)}
	}
	content, has := described.Content["application/json"]
	if !has {
		return nil
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return []string{"the body is no JSON"}
	}
	c := comparison{schemas: d.Components.Schemas}
	c.compare("", value, content.Schema)
	return c.found
}

// maxFound is the max number of differences of one response.
const maxFound = 20

// comparison compares a value with a schema.
type comparison struct {
	schemas map[string]*schema
	found   []string
}

func (c *comparison) say(at, format string, args ...any) {
	if len(c.found) < maxFound {
		c.found = append(c.found, cmp.Or(strings.TrimPrefix(at, "."), "the body")+" "+fmt.Sprintf(format, args...))
	}
}

func (c *comparison) compare(at string, value any, s *schema) {
	for s != nil && s.Ref != "" {
		s = c.schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	if s == nil {
		return
	}
	if any := slices.Concat(s.OneOf, s.AnyOf); len(any) > 0 {
		c.compareAny(at, value, any)
		return
	}
	is := typeOf(value)
	if len(s.Type) > 0 && !slices.Contains(s.Type, is) && !(is == "integer" && slices.Contains(s.Type, "number")) {
		c.say(at, "is %s, not %s", is, strings.Join(s.Type, " or "))
		return
	}
	switch v := value.(type) {
	case string:
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
			c.say(at, "is %q, not %s", v, strings.Join(s.Enum, " or "))
		}
	case []any:
		for _, element := range v {
			c.compare(at+".[]", element, s.Items)
		}
	case map[string]any:
		c.compareMembers(at, v, s)
	}
}

// compareAny compares a value with the one of several schemas that it differs least from.
func (c *comparison) compareAny(at string, value any, any []*schema) {
	var best []string
	for i, s := range any {
		one := comparison{schemas: c.schemas}
		if one.compare(at, value, s); i == 0 || len(one.found) < len(best) {
			best = one.found
		}
	}
	c.found = append(c.found, best...)
}

func (c *comparison) compareMembers(at string, object map[string]any, s *schema) {
	for _, name := range s.Required {
		if _, has := object[name]; !has {
			c.say(at+"."+name, "is missing")
		}
	}
	if s.Properties == nil && s.Rest == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		of, known := s.Properties[name]
		if !known {
			of, known = s.Rest, s.Rest != nil
		}
		if !known {
			c.say(at+"."+name, "is not described")
			continue
		}
		c.compare(at+"."+name, object[name], of)
	}
}

func typeOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if v == math.Trunc(v) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

package sqlstore

import (
	"encoding/json"
	"fmt"
	"strings"

	"lobby/internal/people"
)

// writeAttributes answers custom attributes as a JSON object with sorted keys, or "" for none.
func writeAttributes(all people.Attributes) string {
	if len(all) == 0 {
		return ""
	}
	object := make(map[string]any, len(all))
	for name, v := range all {
		object[name] = plain(v)
	}
	return toJSON(object)
}

// plain is a value as encoding/json takes it.
func plain(v people.Value) any {
	switch v.Kind() {
	case people.KindText:
		return v.Text()
	case people.KindInt:
		return v.Int()
	case people.KindFloat:
		return v.Float()
	case people.KindBool:
		return v.Bool()
	}
	return nil
}

func readAttributes(text string) (people.Attributes, error) {
	if text == "" {
		return nil, nil
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber() // whole numbers beyond 2^53 stay whole
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return nil, err
	}
	all := make(people.Attributes, len(object))
	for name, v := range object {
		switch v := v.(type) {
		case string:
			all[name] = people.TextValue(v)
		case bool:
			all[name] = people.BoolValue(v)
		case json.Number:
			if n, err := v.Int64(); err == nil {
				all[name] = people.IntValue(n)
			} else if f, err := v.Float64(); err == nil {
				all[name] = people.FloatValue(f)
			} else {
				return nil, err
			}
		}
	}
	return all, nil
}

// writeImage answers a person as a JSON object of what is not blank, by the names of people.Fields, or "" for nil.
func writeImage(p *people.Person) string {
	if p == nil {
		return ""
	}
	object := make(map[string]any, 16)
	for i := range people.Fields {
		f := &people.Fields[i]
		if f.IsBlank(p) {
			continue
		}
		object[f.Name] = f.At(p)
		if at, ok := f.At(p).(*people.Attributes); ok {
			object[f.Name] = json.RawMessage(writeAttributes(*at))
		}
	}
	return toJSON(object)
}

func readImage(ws people.WorkspaceID, text string) (*people.Person, error) {
	if text == "" {
		return nil, nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		return nil, err
	}
	p := &people.Person{Workspace: ws}
	for i := range people.Fields {
		f := &people.Fields[i]
		raw, has := object[f.Name]
		if !has {
			continue
		}
		var err error
		if at, ok := f.At(p).(*people.Attributes); ok {
			*at, err = readAttributes(string(raw))
		} else {
			err = json.Unmarshal(raw, f.At(p))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return p, nil
}

// toJSON cannot fail on the plain values that it is given.
func toJSON(v any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(text.String(), "\n")
}

package sqlstore

import (
	"encoding/json"
	"fmt"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// blank is a person without any data.
var blank = &people.Person{}

// writeImage returns a person as a JSON object by the names of people.Fields: what differs from base, and null for
// what base has and p lacks. It returns "" for nil. The journal stores the first image of a change against blank and
// the result against the first, so an entry is hardly longer than the change.
func writeImage(base, p *people.Person) string {
	if p == nil {
		return ""
	}
	buf := append(make([]byte, 0, 512), '{')
	for i := range people.Fields {
		f := &people.Fields[i]
		if f.Equal(base, p) {
			continue
		}
		if len(buf) > 1 {
			buf = append(buf, ',')
		}
		buf = append(jsonio.AppendText(buf, f.Name), ':')
		if f.IsBlank(p) {
			buf = append(buf, "null"...)
			continue
		}
		buf = jsonio.AppendField(buf, &f.Column, p)
	}
	return string(append(buf, '}'))
}

// readImage reads what writeImage wrote against the same base.
func readImage(ws workspace.ID, base *people.Person, text string) (*people.Person, error) {
	if text == "" {
		return nil, nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		return nil, err
	}
	p := base.Clone()
	p.Workspace = ws
	for i := range people.Fields {
		f := &people.Fields[i]
		raw, has := object[f.Name]
		if !has {
			continue
		}
		if err := jsonio.ReadField(&f.Column, p, raw); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return p, nil
}

// readObject reads JSON that is kept as it came, which must be an object.
func readObject(text string) (all map[string]json.RawMessage, err error) {
	err = json.Unmarshal([]byte(text), &all)
	return all, err
}

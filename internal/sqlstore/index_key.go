package sqlstore

import (
	"cmp"
	"slices"

	"lobby/internal/people"
	"lobby/internal/personindex"
	"lobby/internal/search"
)

// indexedField is a field of contacts or visitors that searches compare.
type indexedField struct {
	name     string        // as in people.Person.SearchKey
	source   *people.Field // of which its key is made
	isNumber bool
}

// derived are the fields whose keys are made of another field.
var derived = map[string]string{"email_domain": "email", "formatted_phone": "phone", search.PhoneText: "phone"}

// indexedFields are all fields that the index of people has, but for custom attributes.
var indexedFields = func() (all []indexedField) {
	names := []string{search.PhoneText}
	for _, f := range slices.Concat(people.ContactSearch.Fields, people.VisitorSearch.Fields) {
		if name := cmp.Or(f.Key, f.Name); name != "id" && f.Type != search.List && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		from := cmp.Or(derived[name], name)
		i := slices.IndexFunc(people.Fields, func(f people.Field) bool { return f.Name == from })
		source := &people.Fields[i]
		all = append(all, indexedField{name, source, source.Kind == search.KindInt})
	}
	return all
}()

// changedKeys returns the keys of a person that differ from those of its former image; all keys when that is nil.
func changedKeys(before, p *people.Person) []personindex.Key {
	keys := make([]personindex.Key, 0, 16)
	for i := range indexedFields {
		f := &indexedFields[i]
		if before != nil && f.source.Equal(before, p) || before == nil && f.source.IsBlank(p) {
			continue
		}
		keys = append(keys, personindex.Key{Field: f.name, Text: p.SearchKey(f.name), IsNumber: f.isNumber})
	}
	var old search.Attributes
	if before != nil {
		old = before.CustomAttributes
	}
	return append(keys, personindex.ChangedAttributes(old, p.CustomAttributes)...)
}

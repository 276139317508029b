package personindex

import "lobby/internal/search"

// ChangedAttributes returns the keys of custom attributes that differ from the former ones.
func ChangedAttributes(old, now search.Attributes) (keys []Key) {
	for name, v := range now {
		if was, had := old[name]; !had || was != v {
			keys = append(keys, attributeKey(name, v))
		}
	}
	for name := range old {
		if _, has := now[name]; !has {
			keys = append(keys, attributeKey(name, search.NullValue()))
		}
	}
	return keys
}

func attributeKey(name string, v search.Value) Key {
	return Key{Field: search.CustomKey(name), Text: search.ValueKey(v), IsNumber: isNumber(v)}
}

func isNumber(v search.Value) bool { return v.Kind() == search.KindInt || v.Kind() == search.KindFloat }

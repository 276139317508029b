package people

import (
	"slices"
	"strings"
)

// SearchType is how the values of a field are compared.
type SearchType uint8

// The types.
const (
	SearchText    SearchType = iota // a text, whatever its case
	SearchID                        // a text, exactly
	SearchNumber                    // a whole number
	SearchDecimal                   // any number
	SearchBool                      // true or false
	SearchTime                      // Unix seconds
	SearchDate                      // Unix seconds, of which only the day counts; of custom attributes
	SearchList                      // the ids of what a record belongs to
)

// SearchField is a field that filters may name.
type SearchField struct {
	Name string
	Type SearchType
	// Key is the name under which a record is asked for its keys; empty for Name.
	Key string
}

// SearchTable is what can be searched of one kind of record: its fields, and the custom attributes of a model under
// custom_attributes.
type SearchTable struct {
	Fields []SearchField
	Model  string // an [AttributeModel]
	// TimeOperators, unless empty, are what its times can be compared by in every version.
	TimeOperators []Operator
}

// ContactSearch is what can be searched of contacts. The names in which Intercom's description has slips of the pen are
// understood with and without them.
var ContactSearch = &SearchTable{Model: string(ContactModel), Fields: []SearchField{
	{Name: "id", Type: SearchID},
	{Name: "role"},
	{Name: "name"},
	{Name: "avatar"},
	{Name: "email"},
	{Name: "email_domain"},
	{Name: "phone"},
	{Name: "formatted_phone"},
	{Name: "external_id", Type: SearchID},
	{Name: "owner_id", Type: SearchNumber},
	{Name: "language_override"},
	{Name: "browser"},
	{Name: "browser_language"},
	{Name: "os"},
	{Name: "location.country", Key: "location_country"},
	{Name: "location.region", Key: "location_region"},
	{Name: "location.city", Key: "location_city"},
	{Name: "ios_app_name"},
	{Name: "ios_app_version"},
	{Name: "ios_device"},
	{Name: "ios_app_device", Key: "ios_device"},
	{Name: "ios_os_version"},
	{Name: "ios_sdk_version"},
	{Name: "android_app_name"},
	{Name: "android_app_version"},
	{Name: "android_device"},
	{Name: "android_sdk_version"},
	{Name: "andoid_sdk_version", Key: "android_sdk_version"},
	{Name: "unsubscribed_from_emails", Type: SearchBool},
	{Name: "marked_email_as_spam", Type: SearchBool},
	{Name: "has_hard_bounced", Type: SearchBool},
	{Name: "created_at", Type: SearchTime},
	{Name: "updated_at", Type: SearchTime},
	{Name: "signed_up_at", Type: SearchTime},
	{Name: "last_seen_at", Type: SearchTime},
	{Name: "last_contacted_at", Type: SearchTime},
	{Name: "last_replied_at", Type: SearchTime},
	{Name: "last_email_opened_at", Type: SearchTime},
	{Name: "last_email_clicked_at", Type: SearchTime},
	{Name: "ios_last_seen_at", Type: SearchTime},
	{Name: "android_last_seen_at", Type: SearchTime},
	{Name: "tag_id", Type: SearchList},
	{Name: "segment_id", Type: SearchList},
}}

// VisitorSearch is what can be searched of visitors: what contacts have, without what visitors never have, and with the
// names and the members of the Visitors API.
var VisitorSearch = func() *SearchTable {
	never := map[string]bool{
		"external_id": true, "formatted_phone": true, "segment_id": true, "signed_up_at": true,
	}
	t := &SearchTable{Model: string(ContactModel)}
	for _, f := range ContactSearch.Fields {
		if !never[f.Name] {
			t.Fields = append(t.Fields, f)
		}
	}
	t.Fields = append(t.Fields, SearchField{Name: "user_id", Type: SearchID, Key: "anonymous_id"},
		SearchField{Name: "last_request_at", Type: SearchTime, Key: "last_seen_at"},
		SearchField{Name: "session_count", Type: SearchNumber})
	for _, name := range []string{
		"pseudonym", "browser_version", "referrer", "utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term",
	} {
		t.Fields = append(t.Fields, SearchField{Name: name})
	}
	return t
}()

// customPrefix begins the names of custom attributes in filters.
const customPrefix = "custom_attributes."

// CustomKey is the name under which a record is asked for the key of a custom attribute. No field of ours begins with a
// point, and no attribute has one in its name.
func CustomKey(name string) string { return "." + name }

func (t *SearchTable) find(name string) (SearchField, bool) {
	for _, f := range t.Fields {
		if f.Name == name {
			if f.Key == "" {
				f.Key = name
			}
			return f, true
		}
	}
	return SearchField{}, false
}

// fieldsByName are Fields by their names.
var fieldsByName = func() map[string]*Field {
	all := make(map[string]*Field, len(Fields))
	for i := range Fields {
		all[Fields[i].Name] = &Fields[i]
	}
	return all
}()

// SearchID is the id of a person.
func (p *Person) SearchID() string { return p.ID }

// SearchKey returns the key that p has in a field of [ContactSearch] or [VisitorSearch]; see [Record].
func (p *Person) SearchKey(field string) string {
	if name, custom := strings.CutPrefix(field, "."); custom {
		return ValueKey(p.CustomAttributes[name])
	}
	switch field {
	case "id", "external_id", "anonymous_id", "role":
		return fieldsByName[field].Value(p).Text()
	case "email":
		return TextKey(strings.TrimSpace(p.Email))
	case "formatted_phone":
		return TextKey(p.FormattedPhone)
	case "email_domain":
		return TextKey(strings.TrimSpace(p.Email[strings.LastIndexByte(p.Email, '@')+1:]))
	}
	f := fieldsByName[field]
	if f == nil || f.IsBlank(p) {
		return ""
	}
	return ValueKey(f.Value(p))
}

// contactKeys are the fields of [ContactSearch] that a store keeps keys of: all that are neither the id nor lists.
var contactKeys = func() (all []string) {
	for _, f := range ContactSearch.Fields {
		if f.Key == "" && f.Name != "id" && f.Type != SearchList {
			all = append(all, f.Name)
		} else if f.Key != "" && !slices.Contains(all, f.Key) {
			all = append(all, f.Key)
		}
	}
	return all
}()

// SearchKeys answers all keys of a live contact by their fields; none for everybody else.
func (p *Person) SearchKeys() map[string]string {
	if !p.IsLiveContact() {
		return nil
	}
	all := make(map[string]string, 16)
	for _, field := range contactKeys {
		if key := p.SearchKey(field); key != "" {
			all[field] = key
		}
	}
	for name, v := range p.CustomAttributes {
		if key := ValueKey(v); key != "" {
			all[CustomKey(name)] = key
		}
	}
	return all
}

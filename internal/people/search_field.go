package people

import (
	"slices"
	"strings"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// ContactSearch are the fields by which contacts can be searched. Names misspelled in Intercom's description work in both
// forms.
var ContactSearch = &search.Table{Model: string(ContactModel), Fields: []search.Field{
	{Name: "id", Type: search.ID},
	{Name: "role"},
	{Name: "name"},
	{Name: "avatar"},
	{Name: "email", Spell: workspace.EmailKey},
	{Name: "email_domain", Spell: domainKey},
	{Name: "phone", Type: search.Phone},
	{Name: "formatted_phone", Type: search.Phone},
	{Name: "external_id", Type: search.ID},
	{Name: "owner_id", Type: search.Number},
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
	{Name: "unsubscribed_from_emails", Type: search.Bool},
	{Name: "marked_email_as_spam", Type: search.Bool},
	{Name: "has_hard_bounced", Type: search.Bool},
	{Name: "created_at", Type: search.Time},
	{Name: "updated_at", Type: search.Time},
	{Name: "signed_up_at", Type: search.Time},
	{Name: "last_seen_at", Type: search.Time},
	{Name: "last_contacted_at", Type: search.Time},
	{Name: "last_replied_at", Type: search.Time},
	{Name: "last_email_opened_at", Type: search.Time},
	{Name: "last_email_clicked_at", Type: search.Time},
	{Name: "ios_last_seen_at", Type: search.Time},
	{Name: "android_last_seen_at", Type: search.Time},
	{Name: "tag_id", Type: search.List},
	{Name: "segment_id", Type: search.List},
}}

// VisitorSearch are the fields by which visitors can be searched: those of contacts that a visitor can have, and the
// additional fields and names of the Visitors API.
var VisitorSearch = func() *search.Table {
	never := map[string]bool{
		"external_id": true, "formatted_phone": true, "segment_id": true, "signed_up_at": true,
	}
	t := &search.Table{Model: string(ContactModel)}
	for _, f := range ContactSearch.Fields {
		if !never[f.Name] {
			t.Fields = append(t.Fields, f)
		}
	}
	t.Fields = append(t.Fields, search.Field{Name: "user_id", Type: search.ID, Key: "anonymous_id"},
		search.Field{Name: "last_request_at", Type: search.Time, Key: "last_seen_at"},
		search.Field{Name: "session_count", Type: search.Number})
	for _, name := range []string{
		"pseudonym", "browser_version", "referrer", "utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term",
	} {
		t.Fields = append(t.Fields, search.Field{Name: name})
	}
	return t
}()

// fieldsByName are the Fields by name.
var fieldsByName = func() map[string]*Field {
	all := make(map[string]*Field, len(Fields))
	for i := range Fields {
		all[Fields[i].Name] = &Fields[i]
	}
	return all
}()

// SearchID returns the id of the person.
func (p *Person) SearchID() string { return p.ID }

// SearchKey returns the key that p has in a field of [ContactSearch] or [VisitorSearch]; see [search.Record].
func (p *Person) SearchKey(field string) string {
	if name, custom := strings.CutPrefix(field, "."); custom {
		return search.ValueKey(p.CustomAttributes[name])
	}
	switch field {
	case "id", "external_id", "anonymous_id", "role":
		return fieldsByName[field].Value(p).Text()
	case "email":
		return search.TextKey(workspace.EmailKey(p.Email))
	case "email_domain":
		return search.TextKey(domainKey(p.Email))
	case "phone":
		return search.PhoneKey(p.Phone, p.FormattedPhone)
	case search.PhoneText:
		return search.PhoneTextKey(p.Phone)
	case "formatted_phone":
		return p.FormattedPhone
	}
	f := fieldsByName[field]
	if f == nil || f.IsBlank(p) {
		return ""
	}
	return search.ValueKey(f.Value(p))
}

// domainKey returns the form in which the domain of an email address, or a domain alone, is compared.
func domainKey(address string) string {
	key := workspace.EmailKey("@" + address)
	return key[strings.LastIndexByte(key, '@')+1:]
}

// contactKeys are the fields of [ContactSearch] for which a store keeps keys: all but the id and lists.
var contactKeys = func() (all []string) {
	for _, f := range ContactSearch.Fields {
		if f.Key == "" && f.Name != "id" && f.Type != search.List {
			all = append(all, f.Name)
		} else if f.Key != "" && !slices.Contains(all, f.Key) {
			all = append(all, f.Key)
		}
	}
	return append(all, search.PhoneText)
}()

// SearchKeys returns all keys of a live contact by field; nil for all other persons.
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
		if key := search.ValueKey(v); key != "" {
			all[search.CustomKey(name)] = key
		}
	}
	return all
}

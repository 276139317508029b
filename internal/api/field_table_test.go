package api

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"lobby/internal/apidoc"
	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// A field of a person has a place in five tables: people.Fields, the shape of a contact, people.ContactSearch, the labels of
// the standard attributes, and what POST and PUT /contacts read. These are the fields that are not in all of them, with the
// tables that they are missing from. Whoever adds a field adds it everywhere, or here.
var incompleteFields = map[string]string{
	"id":                      "",
	"state":                   "shape search label", // records of other states are not shown at all
	"merged_into":             "shape search label", // a forwarding address
	"anonymous_id":            "shape search label", // of visitors, as user_id
	"pseudonym":               "shape search label", // of visitors
	"enabled_push_messaging":  "search label",       // not in the list of the public API
	"browser_version":         "search label",       // not in the list of the public API
	"location_country_code":   "search label",       // shown in the newest versions only
	"location_continent_code": "search label",
	"location_postal_code":    "shape search label", // of visitors
	"location_timezone":       "shape search label", // of visitors
	"android_os_version":      "search label",       // forgotten by the public API, which has ios_os_version
	"referrer":                "search label",       // searched of visitors
	"utm_campaign":            "search label",
	"utm_content":             "search label",
	"utm_medium":              "search label",
	"utm_source":              "search label",
	"utm_term":                "search label",
	"do_not_track":            "shape search label", // of visitors
	"session_count":           "shape search label", // of visitors
	"session_started_at":      "shape search label", // never shown
	"unverified":              "shape search label", // never shown
	"attached":                "shape search label", // never shown
	"origins":                 "shape search label", // of the pages, and of the export of a person
	"custom_attributes":       "search label",       // each has a label and is searched by its own name
}

// fieldNames are what a field is called where it is not called by its own name.
var fieldNames = map[string]string{
	"location_city": "location.city", "location_region": "location.region", "location_country": "location.country",
	"location_country_code": "location.country_code", "location_continent_code": "location.continent_code",
	"location_postal_code": "location.postal_code", "location_timezone": "location.timezone",
}

func TestTheTablesOfFieldsAgree(t *testing.T) {
	t.Parallel()
	shape, labels, written := contactMembers(t), contactLabels(t), contactWrites(t)
	searched := map[string]bool{}
	for _, f := range people.ContactSearch.Fields {
		searched[f.Name] = true
	}
	known := map[string]bool{}
	for _, f := range people.Fields {
		name := f.Name
		if other, has := fieldNames[name]; has {
			name = other
		}
		known[name] = true
		var missing []string
		if !shape[name] {
			missing = append(missing, "shape")
		}
		if !searched[name] {
			missing = append(missing, "search")
		}
		writable, labelled := labels[name]
		if !labelled {
			missing = append(missing, "label")
		}
		if got := strings.Join(missing, " "); got != incompleteFields[f.Name] {
			t.Errorf("%s is missing from %q, want %q (shape: wire.Contact, search: people.ContactSearch, label: wire.standard)", f.Name, got, incompleteFields[f.Name])
		}
		if labelled && writable != written[name] {
			t.Errorf("%s: the label says writable=%t, and contactFields reads it: %t", f.Name, writable, written[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if !known[name] {
			t.Errorf("contactFields reads %s, which is no field", name)
		}
	}
	derived := map[string]bool{ // from fields
		"email_domain": true, "formatted_phone": true, "tag_id": true, "segment_id": true, "ios_app_device": true, "andoid_sdk_version": true,
	}
	for name := range searched {
		if !known[name] && !derived[name] {
			t.Errorf("people.ContactSearch has %s, which is no field", name)
		}
	}
	for name := range labels {
		if !known[name] && !derived[name] {
			t.Errorf("there is a label for %s, which is no field", name)
		}
	}
}

// contactMembers returns the members of a contact in the newest shape, with those of its location.
func contactMembers(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for name, value := range decoded(t, wire.NewContact(new(people.Person), apiversion.Preview)) {
		names[name] = true
		if inner, is := value.(map[string]any); is && name == "location" {
			for of := range inner {
				names[name+"."+of] = true
			}
		}
	}
	return names
}

// contactLabels returns whether each standard attribute of contacts can be written.
func contactLabels(t *testing.T) map[string]bool {
	t.Helper()
	list := decoded(t, wire.DataAttributeList{Models: []people.AttributeModel{people.ContactModel}, Version: apiversion.Preview})
	writable := map[string]bool{}
	for _, item := range list["data"].([]any) {
		attribute := item.(map[string]any)
		if attribute["model"] == "contact" {
			writable[attribute["full_name"].(string)] = attribute["api_writable"].(bool)
		}
	}
	return writable
}

// contactWrites returns what POST and PUT /contacts read in the newest version.
func contactWrites(t *testing.T) map[string]bool {
	t.Helper()
	c := &call{
		w: httptest.NewRecorder(), r: httptest.NewRequest(http.MethodPost, "/contacts", strings.NewReader(`{}`)),
		workspace: new(workspace.Workspace), version: apiversion.Preview, observed: new(apidoc.Observed),
	}
	if _, err := c.contactFields(); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, m := range c.observed.Body.Members {
		if !strings.Contains(m.Path, ".") {
			names[m.Path] = true
		}
	}
	return names
}

func decoded(t *testing.T, shape encoder) (object map[string]any) {
	t.Helper()
	if err := json.Unmarshal(shape.AppendJSON(nil), &object); err != nil {
		t.Fatal(err)
	}
	return object
}

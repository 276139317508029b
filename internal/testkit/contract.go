package testkit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/messenger"
)

// exchange has the parts of a request and its response that the contract covers. Version is zero when the request named one
// that is not served.
type exchange struct {
	version      apiversion.Version
	method, path string
	*Response
}

// violations returns one text for each way in which a response of the API breaks the contract of its version. Responses of
// other fronts have no contract.
func violations(e exchange) (wrong []string) {
	if !e.isAPI() || e.method == http.MethodHead {
		return nil
	}
	if e.Header.Get("X-Request-Id") == "" {
		wrong = append(wrong, "there is no X-Request-Id")
	}
	if e.Status == http.StatusInternalServerError {
		wrong = append(wrong, "the server failed")
	}
	if e.Status >= 400 {
		wrong = append(wrong, e.errorList()...)
	}
	if e.Text == "" {
		return wrong
	}
	if e.JSON == nil {
		return append(wrong, "the body is no JSON")
	}
	if got, want := e.Header.Get("Content-Type"), "application/json; charset=utf-8"; got != want {
		wrong = append(wrong, fmt.Sprintf("the Content-Type is %q, not %q", got, want))
	}
	wrong = append(wrong, memberOrder([]byte(e.Text), e.version)...)
	return append(wrong, e.description()...)
}

func (e *exchange) isAPI() bool {
	for _, prefix := range slices.Concat(messenger.Prefixes, []string{"/docs", "/uploads/", "/openapi.", "/livez", "/readyz", "/metrics"}) {
		if strings.HasPrefix(e.path, prefix) {
			return false
		}
	}
	return true
}

// errorList checks what every client needs from an error response of any version and path. A client that finds no error
// list throws nothing, or an error without a message.
func (e *exchange) errorList() (wrong []string) {
	if e.Get("type") != "error.list" {
		return []string{"an error must be an error.list"}
	}
	// The public API has no request id in one error, that about an unknown member.
	if id := e.Header.Get("X-Request-Id"); e.Get("request_id") != id && (e.Get("errors.0.code") != "bad_request" || e.Get("request_id") != nil) {
		wrong = append(wrong, fmt.Sprintf("the request_id is %v in the body and %q in the header", e.Get("request_id"), id))
	}
	all, _ := e.Get("errors").([]any)
	if len(all) == 0 {
		wrong = append(wrong, "an error.list must have an error")
	}
	for i := range all {
		for _, member := range []string{"code", "message"} {
			if text, _ := e.Get(fmt.Sprintf("errors.%d.%s", i, member)).(string); text == "" {
				wrong = append(wrong, fmt.Sprintf("error %d has no %s", i, member))
			}
		}
	}
	return wrong
}

// visitorKeys and contactKeys are the members of the public examples, in their order.
var (
	visitorKeys = strings.Fields(`type id user_id anonymous email phone name pseudonym avatar app_id companies location_data
		last_request_at created_at remote_created_at signed_up_at updated_at session_count social_profiles owner_id
		unsubscribed_from_emails marked_email_as_spam has_hard_bounced tags segments custom_attributes referrer
		utm_campaign utm_content utm_medium utm_source utm_term do_not_track`)
	contactKeys = strings.Fields(`type id workspace_id external_id role email phone name avatar owner_id social_profiles
		has_hard_bounced marked_email_as_spam unsubscribed_from_emails created_at updated_at signed_up_at last_seen_at
		last_replied_at last_contacted_at last_email_opened_at last_email_clicked_at language_override
		browser browser_version browser_language os location
		android_app_name android_app_version android_device android_os_version android_sdk_version android_last_seen_at
		ios_app_name ios_app_version ios_device ios_os_version ios_sdk_version ios_last_seen_at
		custom_attributes tags notes companies opted_out_subscription_types opted_in_subscription_types
		utm_campaign utm_content utm_medium utm_source utm_term referrer`)
)

// stateFlags are the last members of the responses to changes of a contact's state, which do not have the whole contact.
var stateFlags = []string{"archived", "blocked", "deleted"}

// reference has the members of an object that only refers to a contact.
var reference = []string{"type", "id"}

// participant has the members of a contact in a conversation, since version 2.10; participants is the type of their list.
var participant = []string{"type", "id", "external_id"}

const participants = "contact.list"

// stateKeys returns the members of a contact in the response to a change of its state.
func stateKeys(flag string, v apiversion.Version) []string {
	if v.AtLeast(apiversion.V2_10) {
		return []string{"type", "id", "external_id", flag}
	}
	return []string{"type", "id", "object", "external_id", flag}
}

// keysOf returns the members that an object of a type has in a version, nil for a type that has no examples.
func keysOf(kind string, v apiversion.Version) []string {
	switch kind {
	case "visitor":
		return visitorKeys
	case "contact":
		keys := slices.Clone(contactKeys)
		if v.AtLeast(apiversion.V2_12) {
			keys = append(keys, "enabled_push_messaging")
		}
		if v.AtLeast(apiversion.Preview) {
			keys = slices.Insert(keys, slices.Index(keys, "name"), "formatted_phone")
		}
		return keys
	}
	return nil
}

// memberOrder returns a text for every visitor and contact in a document whose members differ from the public examples, also
// in order. Order matters because people compare the printed objects with the reference.
func memberOrder(document []byte, v apiversion.Version) (wrong []string) {
	return memberOrderIn("", document, v)
}

// memberOrderIn is memberOrder within an object of a type.
func memberOrderIn(holder string, document []byte, v apiversion.Version) (wrong []string) {
	names, values := membersOf(document)
	var kind string
	if i := slices.Index(names, "type"); i >= 0 {
		_ = json.Unmarshal(values[i], &kind) // a type that is not a string counts as none
	}
	want := keysOf(kind, v)
	if kind == "contact" && v.AtLeast(apiversion.V2_16) && names[len(names)-1] == "merge_history" {
		want = append(want, "merge_history") // present only if the request asked for it
	}
	if last := len(names) - 1; kind == "contact" && slices.Contains(stateFlags, names[last]) {
		want = stateKeys(names[last], v)
	}
	if kind == "contact" && holder == participants && v.AtLeast(apiversion.V2_10) {
		want = participant
	}
	if want != nil && !slices.Equal(names, want) && !slices.Equal(names, reference) {
		wrong = append(wrong, fmt.Sprintf("the members of a %s are %v, not %v", kind, names, want))
	}
	if names != nil {
		holder = kind
	}
	for _, value := range values {
		wrong = append(wrong, memberOrderIn(holder, value, v)...)
	}
	return wrong
}

// membersOf returns the members of an object, or the elements of a list, which have no names.
func membersOf(document []byte) (names []string, values []json.RawMessage) {
	d := json.NewDecoder(bytes.NewReader(document))
	open, err := d.Token()
	if _, is := open.(json.Delim); err != nil || !is {
		return nil, nil
	}
	for d.More() {
		if open == json.Delim('{') {
			name, _ := d.Token()
			names = append(names, fmt.Sprint(name))
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return names, values
		}
		values = append(values, value)
	}
	return names, values
}

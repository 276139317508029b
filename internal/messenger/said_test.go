package messenger_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// tellsOf pings, and the answer has to tell of these names and no others, in any order.
func (l *lobby) tellsOf(data map[string]any, names ...string) {
	l.t.Helper()
	l.toldOf(l.pings(http.StatusOK, data), names...)
}

func (l *lobby) toldOf(a answer, names ...string) {
	l.t.Helper()
	var told []string
	for _, e := range a.Errors {
		if e.Code != "parameter_invalid" {
			l.t.Errorf("told with the code %s: %s", e.Code, e.Message)
		}
		name, _, _ := strings.Cut(e.Message, " ")
		told = append(told, name)
	}
	slices.Sort(told)
	slices.Sort(names)
	if !slices.Equal(told, names) {
		l.t.Errorf("the page is told of %v, want %v: %+v", told, names, a.Errors)
	}
}

func TestTheTimesThatPagesWriteAreUnderstood(t *testing.T) {
	t.Parallel()
	const at = 1626343200 // 2021-07-15T10:00:00Z
	for _, v := range []any{
		at, float64(at) + 0.7, "1626343200", 1626343200000, "1626343200000", 1626343200123,
		"2021-07-15T10:00:00Z", "2021-07-15T10:00:00.123Z", "2021-07-15T12:00:00+02:00", "2021-07-15T10:00:00", "2021-07-15 10:00:00",
		"2021-07-15T12:00:00+0200", "2021-07-15 10:00:00 UTC", "2021-07-15 12:00:00 +0200", "2021-07-15T10:00Z", " 2021-07-15T10:00:00Z ",
		"Thu Jul 15 2021 12:00:00 GMT+0200 (Central European Summer Time)", "Thu, 15 Jul 2021 10:00:00 GMT",
	} {
		l := setup(t)
		l.tellsOf(map[string]any{
			"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42"), "created_at": v,
			"company": map[string]any{"id": "1", "created_at": v},
		})
		if got := l.user("42").SignedUpAt; got != at {
			t.Errorf("created_at %v is %d", v, got)
		}
		if got := l.company("1").RemoteCreatedAt; got != at {
			t.Errorf("created_at %v of a company is %d", v, got)
		}
	}
	l := setup(t)
	for _, name := range []string{"signed_up_at", "remote_created_at"} {
		l.tellsOf(map[string]any{"anonymous_id": first, "user_id": name, "user_hash": l.proof(name), name: at})
		if got := l.user(name).SignedUpAt; got != at {
			t.Errorf("%s is %d", name, got)
		}
	}
	l.tellsOf(map[string]any{"anonymous_id": first, "user_id": "day", "user_hash": l.proof("day"), "created_at": "2021-07-15"})
	if got := l.user("day").SignedUpAt; got != at-10*3600 {
		t.Errorf("a day is %d", got)
	}
}

func TestATimeThatIsNoneIsTold(t *testing.T) {
	t.Parallel()
	l := setup(t)
	for _, v := range []any{"yesterday", -1, 1e300, true, []any{}, map[string]any{"date": 1}, "15/07/2021", 2147483648, "2050-01-01", begin + 3600} {
		l.tellsOf(map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42"), "created_at": v}, "created_at")
	}
	for _, v := range []any{nil, "", "undefined", "null"} {
		l.tellsOf(map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42"), "created_at": v})
	}
	if got := l.user("42").SignedUpAt; got != begin {
		t.Errorf("the user signed up at %d", got)
	}
}

func TestWordsWithAMeaningAreNoCustomAttributes(t *testing.T) {
	t.Parallel()
	person := strings.Fields(`id type role external_id workspace_id anonymous pseudonym has_hard_bounced marked_email_as_spam
		unsubscribed_from_sms sms_consent updated_at last_seen_at last_replied_at last_contacted_at last_email_opened_at
		last_email_clicked_at last_seen_ip last_seen_user_agent user_agent_data browser browser_version browser_language os
		location location_data referrer session_count do_not_track tags segments notes social_profiles owner_id
		opted_in_subscription_types opted_out_subscription_types formatted_phone android_app_name ios_device utm_source`)
	company := strings.Fields(`type app_id workspace_id user_count session_count last_request_at updated_at tags segments notes`)
	l := setup(t)
	object := func(names []string) map[string]any {
		all := map[string]any{}
		for _, name := range names {
			all[name] = "x"
		}
		return all
	}
	data, acme, want := object(person), object(company), slices.Clone(person)
	acme["id"] = "1"
	for _, name := range company {
		want = append(want, "company."+name)
	}
	data["anonymous_id"], data["user_id"], data["user_hash"], data["company"] = first, "42", l.proof("42"), acme
	l.tellsOf(data, want...)
	// Nor within an object of their own, nor where they say nothing of anybody.
	nested := object([]string{"role", "plan"})
	nested["hide_default_launcher"] = true
	l.tellsOf(map[string]any{"anonymous_id": second, "custom_attributes": nested, "app_id": app, "last_request_at": 5, "z_index": 1}, "role")
	if got := l.visitor(second).CustomAttributes; len(got) != 1 || got["plan"].Text() != "x" {
		t.Errorf("the visitor has %v", got)
	}
	defined, err := l.Attributes(t.Context(), workspace.Caller{Workspace: app})
	if err != nil || len(defined) != 1 {
		t.Errorf("there are definitions %v, %v", defined, err)
	}
}

func TestWhatIsNotKeptIsTold(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 300)
	for name, test := range map[string]struct {
		said map[string]any
		told []string
	}{
		"objects":        {map[string]any{"list": []any{1}, "object": map[string]any{}}, []string{"list", "object"}},
		"names":          {map[string]any{"a.b": 1, "a$b": 1}, []string{"a.b", "a$b"}},
		"long texts":     {map[string]any{"note": long, "name": long}, []string{"note", "name"}},
		"texts":          {map[string]any{"name": true, "phone": []any{}, "language_override": map[string]any{}}, []string{"name", "phone", "language_override"}},
		"flags":          {map[string]any{"unsubscribed_from_emails": "perhaps"}, []string{"unsubscribed_from_emails"}},
		"avatars":        {map[string]any{"avatar": map[string]any{"image_url": "http://shop.example/a.png"}}, []string{"avatar"}},
		"no avatar":      {map[string]any{"avatar": 7}, []string{"avatar"}},
		"users' own":     {map[string]any{"created_at": 5, "company": map[string]any{"id": 1}}, []string{"created_at", "company"}},
		"utm by hand":    {map[string]any{"utm_medium": "mail"}, []string{"utm_medium"}},
		"no attributes":  {map[string]any{"custom_attributes": []any{}}, []string{"custom_attributes"}},
		"large numbers":  {map[string]any{"big": jsonNumber("1e999")}, []string{"big"}},
		"saying nothing": {map[string]any{"a": "", "b": "undefined", "c": "null", "name": "", "phone": "null", "avatar": nil}, nil},
		"understood":     {map[string]any{"unsubscribed_from_emails": "true", "avatar": "https://shop.example/a.png", "d": nil}, nil},
	} {
		l := setup(t)
		test.said["anonymous_id"] = first
		a := l.pings(http.StatusOK, test.said)
		t.Log(name)
		l.toldOf(a, test.told...)
	}
}

// jsonNumber writes a number as it is spelled.
type jsonNumber string

func (n jsonNumber) MarshalJSON() ([]byte, error) { return []byte(n), nil }

func TestWhatTheWorkspaceKeepsFromPagesIsTold(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"identity_web": "accept", "protected_attributes": "plan,name"})
	c := workspace.Caller{Workspace: app}
	if _, err := l.CreateAttribute(t.Context(), c, &people.Attribute{Model: people.ContactModel, Name: "score", Type: people.IntegerAttribute}); err != nil {
		t.Fatal(err)
	}
	l.tellsOf(map[string]any{"anonymous_id": first, "plan": "pro", "name": "Ada", "score": 1, "seats": 3}, "plan", "name", "score")
	l.tellsOf(map[string]any{"anonymous_id": first, "plan": "pro"}, "plan") // also when nothing is to be written
	l.tellsOf(map[string]any{"anonymous_id": first, "seats": "three"}, "seats")
	l.sets(map[string]string{"browser_attributes": "nobody"})
	l.tellsOf(map[string]any{"anonymous_id": first, "fresh": 1, "seats": 4}, "fresh")
	if got := l.visitor(first).CustomAttributes; len(got) != 1 || got["seats"] != search.IntValue(4) {
		t.Errorf("the visitor has %v", got)
	}
}

func TestWhatIsNotKeptOfAnEventIsTold(t *testing.T) {
	t.Parallel()
	l := setup(t)
	a := l.tells(http.StatusOK, first, `[{"event_name":"bought","created_at":"yesterday","metadata":{"a.b":1,"note":"`+strings.Repeat("x", 300)+`"}},
		{"event_name":"left","created_at":1000}]`, nil)
	if len(a.Errors) != 4 || len(l.events(first)) != 2 {
		t.Errorf("the page is told %+v of %d events", a.Errors, len(l.events(first)))
	}
	// In a request of its own an event with a part left out is stored, and told of.
	r := call("/messenger/web/events", map[string]string{"event_name": "seen", "metadata": `{"a.b":1}`}, map[string]any{"anonymous_id": first})
	if a := l.sends(http.StatusOK, r); len(a.Errors) != 1 || len(l.events(first)) != 3 {
		t.Errorf("the page is told %+v", a.Errors)
	}
}

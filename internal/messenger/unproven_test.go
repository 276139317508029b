package messenger_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// user answers the live or hidden contact with an external id, or nil.
func (l *lobby) user(externalID string) *people.Person {
	l.t.Helper()
	var all []*people.Person
	err := l.Store.Read(l.t.Context(), func(r people.Reader) (err error) {
		all, err = r.ContactsByExternalID(app, externalID)
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// has makes a contact as the API does.
func (l *lobby) has(fields people.ContactFields) *people.Person {
	l.t.Helper()
	p, err := l.CreateContact(l.t.Context(), workspace.Caller{Workspace: app}, fields)
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

func TestANameWithoutProofMakesAnUnverifiedUserAndLinksNobody(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"off", "accept"} {
		l := setup(t)
		l.sets(map[string]string{"identity_web": mode})
		l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "name": "Visitor"})
		visitor := l.visitor(first)
		claim := map[string]any{"anonymous_id": first, "user_id": "42", "email": "ada@example.com", "name": "Ada", "plan": "pro"}
		a := l.pings(http.StatusOK, claim)
		if a.User.ID != "" || a.User.Role != "" || a.User.AnonymousID != first || a.User.NewSession {
			t.Errorf("%s: the answer was %+v", mode, a.User)
		}
		user := l.user("42")
		if user == nil || !user.Unverified || user.Role != people.User || user.Email != "ada@example.com" || user.Name != "Ada" ||
			user.CustomAttributes["plan"].Text() != "pro" || user.ID == visitor.ID || user.SessionCount != 1 {
			t.Fatalf("%s: the user is %+v", mode, user)
		}
		l.clock.Add(3600)
		claim["plan"], claim["email"] = "free", "other@example.com"
		l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"deeds": `[{"event_name":"seen"}]`}, claim))
		after := l.user("42")
		if after.ID != user.ID || after.CustomAttributes["plan"].Text() != "free" || after.LastSeenAt != begin+3600 ||
			after.SessionCount != 2 || after.Email != "ada@example.com" {
			t.Errorf("%s: the user is now %+v", mode, after)
		}
		if n := len(l.events(user.ID)); n != 1 {
			t.Errorf("%s: the user has %d events", mode, n)
		}
		if v := l.visitor(first); v == nil || v.Name != "Visitor" || v.LastSeenAt != begin {
			t.Errorf("%s: the visitor is %+v", mode, v)
		}
	}
}

func TestANameWithoutProofNeverTouchesSomebodyKnown(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	for name, claim := range map[string]map[string]any{
		"by user id":                     {"user_id": "42"},
		"by address":                     {"email": "ADA@example.com"},
		"by both":                        {"user_id": "42", "email": "ada@example.com"},
		"by the address and a new id":    {"user_id": "43", "email": "ada@example.com"},
		"by the user id and an address":  {"user_id": "42", "email": "eve@example.com"},
		"by the id of a lead":            {"user_id": "lead"},
		"by the id of somebody archived": {"user_id": "gone"},
	} {
		l := setup(t)
		l.sets(map[string]string{"identity_web": "accept", "lead_from_email": "off"})
		lead := people.Lead
		l.has(people.ContactFields{ExternalID: text("42"), Email: text("ada@example.com"), Name: text("Ada")})
		l.has(people.ContactFields{ExternalID: text("lead"), Role: &lead})
		gone := l.has(people.ContactFields{ExternalID: text("gone")})
		if _, err := l.ArchiveContact(t.Context(), workspace.Caller{Workspace: app}, gone.ID); err != nil {
			t.Fatal(err)
		}
		before := []*people.Person{l.user("42"), l.user("lead"), l.user("gone")}
		claim["name"], claim["anonymous_id"] = "Mallory", first
		r := call("/messenger/web/ping", map[string]string{"deeds": `[{"event_name":"seen"},{}]`, "device_identifier": second}, claim)
		a := l.sends(http.StatusOK, r)
		if a.User.ID != "" || a.User.Role != "" || a.User.AnonymousID != first || len(a.Errors) != 1 || a.AnonymousSession != "" {
			t.Errorf("%s: the answer was %+v", name, a)
		}
		for i, p := range []*people.Person{l.user("42"), l.user("lead"), l.user("gone")} {
			if p.LastSeenAt != 0 || p.Name != before[i].Name || p.Email != before[i].Email || len(l.events(p.ID)) != 0 {
				t.Errorf("%s: somebody known is %+v", name, p)
			}
		}
		if l.user("43") != nil {
			t.Errorf("%s: there is a user 43", name)
		}
		l.hasVisitors(0)
	}
}

func TestAGoodProofIsBelievedInAcceptAndNotAskedForInOff(t *testing.T) {
	t.Parallel()
	for mode, wantUnverified := range map[string]bool{"accept": false, "off": true} {
		l := setup(t)
		l.sets(map[string]string{"identity_web": mode})
		l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42")})
		if user := l.user("42"); user == nil || user.Unverified != wantUnverified {
			t.Errorf("%s: the user is %+v", mode, user)
		}
		l.pings(http.StatusOK, map[string]any{"anonymous_id": second, "user_id": "43", "user_hash": l.proof("42")})
		if user := l.user("43"); user == nil || !user.Unverified {
			t.Errorf("%s: with another's proof the user is %+v", mode, user)
		}
	}
	l := setup(t)
	l.sets(map[string]string{"identity_web": "accept"})
	l.pings(http.StatusUnauthorized, map[string]any{"user_id": "42", "intercom_user_jwt": "e30"})
}

func TestAProofMakesAnUnverifiedUserTheProvenOneAndKeepsNothingThatNamesAnother(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"identity_web": "accept"})
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "42", "email": "mallory@example.com", "plan": "pro"})
	unverified := l.user("42")
	a := l.pings(http.StatusOK, map[string]any{"anonymous_id": second, "user_id": "42", "user_hash": l.proof("42")})
	user := l.user("42")
	if user.Unverified || user.ID != unverified.ID || a.User.ID != user.ID || user.Email != "" || user.CustomAttributes["plan"].Text() != "pro" {
		t.Errorf("the user is %+v", user)
	}
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "42", "plan": "free"})
	if got := l.user("42").CustomAttributes["plan"].Text(); got != "pro" {
		t.Errorf("without proof the plan became %s", got)
	}
}

func TestWhoSquatsOnAnAddressDoesNotKeepItsOwnerOut(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"identity_web": "accept"})
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "squatter", "email": "ada@example.com"})
	l.pings(http.StatusOK, map[string]any{
		"anonymous_id": second, "user_id": "42", "email": "ada@example.com", "user_hash": l.proof("42"),
	})
	if user, squatter := l.user("42"), l.user("squatter"); user.Email != "ada@example.com" || squatter.Email != "" || !squatter.Unverified {
		t.Errorf("Ada is %+v, the squatter %+v", user, squatter)
	}
}

func TestWhoWasGivenAnIdentifierByTheOwnerIsKnown(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"identity_web": "accept"})
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "42", "name": "Ada"})
	email := "ada@example.com"
	_, _, err := l.UpdateContact(t.Context(), workspace.Caller{Workspace: app}, l.user("42").ID, people.ContactFields{Email: &email})
	if err != nil {
		t.Fatal(err)
	}
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "42", "name": "Mallory"})
	if user := l.user("42"); user.Unverified || user.Name != "Ada" {
		t.Errorf("the user is %+v", user)
	}
}

func TestOnlyAProvenUserWritesWhatIsProtected(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"identity_web": "accept", "protected_attributes": "plan,name,email"})
	said := func(id string, more map[string]any) map[string]any {
		data := map[string]any{"anonymous_id": id, "plan": "pro", "name": "Ada", "colour": "red"}
		for name, value := range more {
			data[name] = value
		}
		return data
	}
	l.pings(http.StatusOK, said(first, map[string]any{"supplied_email": "ada@example.com"}))
	l.pings(http.StatusOK, said(second, map[string]any{"user_id": "42"}))
	for who, p := range map[string]*people.Person{"visitor": l.owner(first), "unverified user": l.user("42")} {
		if p.Name != "" || len(p.CustomAttributes) != 1 || p.Role == people.Lead {
			t.Errorf("the %s is %+v", who, p)
		}
	}
	l.pings(http.StatusOK, said(first, map[string]any{"user_id": "43", "user_hash": l.proof("43")}))
	if p := l.user("43"); p.Name != "Ada" || p.CustomAttributes["plan"].Text() != "pro" {
		t.Errorf("the proven user is %+v", p)
	}
}

func TestTheWorkspaceSaysWhosePagesDefineAttributes(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string][2]int{"everybody": {1, 1}, "verified": {0, 1}, "nobody": {0, 0}} {
		l := setup(t)
		l.sets(map[string]string{"browser_attributes": mode})
		l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "one": 1})
		l.pings(http.StatusOK, map[string]any{"anonymous_id": second, "two": 2, "user_id": "42", "user_hash": l.proof("42")})
		got := [2]int{len(l.visitor(first).CustomAttributes), len(l.user("42").CustomAttributes)}
		if got != want {
			t.Errorf("%s: the visitor and the user have %v attributes, want %v", mode, got, want)
		}
	}
}

func TestAnAddressAloneMakesALeadOrNamesAUser(t *testing.T) {
	t.Parallel()
	data := map[string]any{"anonymous_id": first, "email": "ada@example.com"}
	for _, mode := range []string{"enforce", "accept", "off"} {
		l := setup(t)
		l.sets(map[string]string{"identity_web": mode})
		a := l.pings(http.StatusOK, data)
		if lead := l.owner(first); lead.Role != people.Lead || lead.Email != "ada@example.com" || a.User.Role != "lead" {
			t.Errorf("%s: got %+v and %+v", mode, lead, a.User)
		}
		l.sets(map[string]string{"lead_from_email": "off"})
		if mode == "enforce" {
			l.pings(http.StatusForbidden, map[string]any{"anonymous_id": second, "email": "bob@example.com"})
			continue
		}
		l.pings(http.StatusOK, map[string]any{"anonymous_id": second, "email": "bob@example.com"})
		if _, err := l.Resolve(t.Context(), workspace.Caller{Workspace: app}, second); !errors.Is(err, people.ErrPersonNotFound) {
			t.Errorf("%s: the browser itself became somebody: %v", mode, err)
		}
	}
}

func TestASignedPingTouchesTheUser(t *testing.T) {
	t.Parallel()
	l := setup(t)
	data := map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42"), "plan": "pro", "created_at": begin - 500}
	l.pings(http.StatusOK, data)
	l.clock.Add(7200)
	data["plan"], data["name"] = "free", "Ada"
	a := l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"deeds": `[{"event_name":"seen"}]`}, data))
	user := l.user("42")
	if user.LastSeenAt != begin+7200 || user.SessionCount != 2 || user.Name != "Ada" || user.CustomAttributes["plan"].Text() != "free" ||
		user.SignedUpAt != begin-500 || user.UpdatedAt != begin+7200 || !a.User.NewSession || len(a.Errors) != 0 {
		t.Errorf("the user is %+v, the answer %+v", user, a)
	}
	if len(l.events(user.ID)) != 1 {
		t.Errorf("the user has %d events", len(l.events(user.ID)))
	}
}

func TestLeadsOfAProvenAddressGoIntoTheUserAndOthersDoNot(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "email": "ada@example.com", "plan": "pro"})
	l.pings(http.StatusOK, map[string]any{"anonymous_id": second, "user_id": "42", "email": "ada@example.com", "user_hash": l.proof("42")})
	if lead := l.owner(first); lead.Role != people.Lead {
		t.Errorf("an address that the hash does not cover merged %+v", lead)
	}
	third := "33333333-3333-4333-8333-333333333333"
	l.pings(http.StatusOK, map[string]any{"anonymous_id": third, "email": "ada@example.com", "user_hash": l.proof("ada@example.com")})
	if user := l.owner(first); user.ExternalID != "42" || user.CustomAttributes["plan"].Text() != "pro" {
		t.Errorf("the lead is now %+v", user)
	}
}

func TestUnsignedAnswersHoldNothingOfAnybody(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"identity_web": "accept"})
	text := "ada@example.com"
	known := l.has(people.ContactFields{Email: &text, ExternalID: &text})
	answers := map[string]bool{}
	for _, id := range []string{"ada@example.com", "nobody@example.com", "ada@example.com", "nobody@example.com"} {
		w := l.does(call("/messenger/web/ping", map[string]string{"deeds": `[{"event_name":"seen"},{}]`}, map[string]any{
			"anonymous_id": first, "user_id": id, "plan": "pro", "company": map[string]any{"id": 1}, "created_at": "yesterday", "role": "admin",
		}))
		answers[headersAndBody(w)] = true
	}
	if len(answers) != 1 {
		t.Errorf("the answers differ: %v", answers)
	}
	if p := l.owner(known.ID); p.LastSeenAt != 0 {
		t.Errorf("somebody known was seen: %+v", p)
	}
}

func headersAndBody(w *httptest.ResponseRecorder) string {
	h := w.Header()
	return strings.Join([]string{http.StatusText(w.Code), h.Get("Lobby-Identity"), h.Get("Retry-After"), w.Body.String()}, " ")
}

package messenger_test

import (
	"net/http"
	"testing"

	"lobby/internal/visit"
	"lobby/internal/workspace"
)

const (
	device      = "dddddddd-dddd-4ddd-8ddd-dddddddddddd"
	otherDevice = "eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee"
)

// signsIn signs the user 42 in on a device and returns its session token.
func (l *lobby) signsIn(fields map[string]string, more map[string]any) string {
	l.t.Helper()
	data := map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42")}
	for name, value := range more {
		data[name] = value
	}
	all := map[string]string{"device_identifier": device}
	for name, value := range fields {
		all[name] = value
	}
	return l.sends(http.StatusOK, call("/messenger/web/ping", all, data)).AnonymousSession
}

// isUser reports whether a ping that names nobody is the user 42's.
func (l *lobby) isUser(token, device string) bool {
	l.t.Helper()
	fields := map[string]string{"anonymous_session": token, "device_identifier": device}
	a := l.sends(http.StatusOK, call("/messenger/web/ping", fields, map[string]any{"anonymous_id": first}))
	if (a.User.Role == "user") != (a.AnonymousSession != "") {
		l.t.Errorf("the answer was %+v", a)
	}
	return a.User.Role == "user" && a.User.ID == l.user("42").ID
}

func TestASessionKeepsAProvenUserOnPagesThatNameNobody(t *testing.T) {
	t.Parallel()
	l := setup(t)
	token := l.signsIn(nil, nil)
	if len(token) < 26 {
		t.Fatalf("the session is %q", token)
	}
	l.clock.Add(60)
	fields := map[string]string{"anonymous_session": token, "device_identifier": device, "deeds": `[{"event_name":"seen"}]`}
	a := l.sends(http.StatusOK, call("/messenger/web/ping", fields, map[string]any{"anonymous_id": first, "name": "Ada"}))
	user := l.user("42")
	if a.User.Role != "user" || a.User.ID != user.ID || a.User.AnonymousID != first || a.AnonymousSession != token {
		t.Errorf("the answer was %+v", a)
	}
	if user.Name != "Ada" || user.LastSeenAt != begin+60 || len(l.events(user.ID)) != 1 {
		t.Errorf("the user is %+v", user)
	}
	if again := l.signsIn(map[string]string{"anonymous_session": token}, nil); again != token {
		t.Error("a session that is good is replaced")
	}
}

func TestASessionTokenIsWorthNothingElsewhere(t *testing.T) {
	t.Parallel()
	l := setup(t)
	token := l.signsIn(nil, nil)
	for name, with := range map[string][2]string{
		"another device": {token, otherDevice}, "no device": {token, ""}, "a device by another name": {token, "x"},
		"another session": {token[1:] + "a", device}, "no session": {"", device},
	} {
		if l.isUser(with[0], with[1]) {
			t.Errorf("%s is enough", name)
		}
	}
	if _, err := l.CreateWorkspace(t.Context(), workspace.Draft{ID: "rival", AccessToken: "another token of the test"}); err != nil {
		t.Fatal(err)
	}
	fields := map[string]string{"app_id": "rival", "anonymous_session": token, "device_identifier": device}
	if a := l.sends(http.StatusOK, call("/messenger/web/ping", fields, map[string]any{"anonymous_id": first})); a.User.Role != "visitor" {
		t.Errorf("in another app the answer was %+v", a.User)
	}
	fields = map[string]string{"anonymous_session": token, "device_identifier": device}
	if a := l.sends(http.StatusOK, call("/messenger/web/ping", fields, map[string]any{"anonymous_id": second})); a.User.Role != "visitor" || a.AnonymousSession != "" {
		t.Errorf("to a browser with a new visitor the answer was %+v", a)
	}
	if !l.isUser(token, device) {
		t.Error("the session itself is not good any more")
	}
}

func TestASessionLastsAWeekFromItsLastUse(t *testing.T) {
	t.Parallel()
	const day = 24 * 60 * 60
	l := setup(t)
	token := l.signsIn(nil, nil)
	for range 3 {
		l.clock.Add(5 * day)
		if !l.isUser(token, device) {
			t.Fatal("a session in use ended")
		}
	}
	l.clock.Add(7 * day)
	if l.isUser(token, device) {
		t.Error("a session lasts longer than a week")
	}
}

func TestAPageMayHaveShorterSessions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		duration any
		life     int64
	}{{300_000, 300}, {"300000", visit.MaxBrowserSession}, {-1, visit.MaxBrowserSession}, {int64(1) << 50, visit.MaxBrowserSession}} {
		l := setup(t)
		token := l.signsIn(nil, map[string]any{"session_duration": c.duration})
		l.clock.Add(c.life)
		if l.isUser(token, device) {
			t.Errorf("with %v a session lasts longer than %d s", c.duration, c.life)
		}
		l = setup(t)
		token = l.signsIn(nil, map[string]any{"session_duration": c.duration})
		l.clock.Add(c.life - 1)
		if !l.isUser(token, device) {
			t.Errorf("with %v a session lasts shorter than %d s", c.duration, c.life)
		}
	}
}

func TestShutdownEndsTheSession(t *testing.T) {
	t.Parallel()
	l := setup(t)
	token := l.signsIn(nil, nil)
	if last := l.signsIn(map[string]string{"source": "shutdown", "anonymous_session": token}, nil); last != "" {
		t.Errorf("the last ping gets the session %q", last)
	}
	if l.isUser(token, device) {
		t.Error("the session is still good")
	}
	token = l.signsIn(nil, nil)
	fields := map[string]string{"source": "shutdown", "anonymous_session": token, "device_identifier": device}
	l.sends(http.StatusOK, call("/messenger/web/ping", fields, map[string]any{"anonymous_id": first}))
	if l.isUser(token, device) {
		t.Error("the session is good after a last ping that named nobody")
	}
}

func TestOnlyProvenUsersGetSessions(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"identity_web": "accept"})
	for _, data := range []map[string]any{
		{"anonymous_id": first}, {"anonymous_id": first, "email": "ada@example.com"}, {"anonymous_id": second, "user_id": "42"},
	} {
		fields := map[string]string{"device_identifier": device}
		if a := l.sends(http.StatusOK, call("/messenger/web/ping", fields, data)); a.AnonymousSession != "" {
			t.Errorf("%v gets a session", data)
		}
	}
}

func TestTheSessionOfSomebodyHiddenOrGoneIsNoMore(t *testing.T) {
	t.Parallel()
	for name, hide := range map[string]func(*lobby, string) error{
		"archived": func(l *lobby, id string) error {
			_, err := l.ArchiveContact(t.Context(), workspace.Caller{Workspace: app}, id)
			return err
		},
		"deleted": func(l *lobby, id string) error {
			_, err := l.DeleteContact(t.Context(), workspace.Caller{Workspace: app}, id)
			return err
		},
	} {
		l := setup(t)
		token := l.signsIn(nil, nil)
		if err := hide(l, l.user("42").ID); err != nil {
			t.Fatal(err)
		}
		fields := map[string]string{"anonymous_session": token, "device_identifier": device}
		a := l.sends(http.StatusOK, call("/messenger/web/ping", fields, map[string]any{"anonymous_id": first}))
		if a.User.Role != "visitor" || a.AnonymousSession != "" {
			t.Errorf("%s: the answer was %+v", name, a)
		}
	}
}

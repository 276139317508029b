package messenger_test

import (
	"net/http"
	"testing"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

const appData = `{"application":"Shop","application_version":"4.2","model":"iPhone17,1","os_version":"19.1","sdk_version":"18.0.0"}`

// opens is a call of an app that somebody has just opened, or not.
func (l *lobby) opens(platform, source string, data map[string]any) answer {
	l.t.Helper()
	r := call("/messenger/web/ping", map[string]string{
		"platform": platform, "device_data": appData, "source": source, "device_identifier": device,
	}, data)
	r.Header.Set("User-Agent", "okhttp/5.0")
	r.Header.Del("Origin")
	return l.sends(http.StatusOK, r)
}

func TestAnAppFillsTheFieldsOfItsPlatform(t *testing.T) {
	t.Parallel()
	want := people.Device{
		AppName: "Shop", AppVersion: "4.2", Model: "iPhone17,1", OSVersion: "19.1", SDKVersion: "18.0.0", LastSeenAt: begin,
	}
	for _, platform := range []string{"ios", "android"} {
		l := setup(t)
		secret, err := l.CreateIdentitySecret(t.Context(), workspace.Caller{Workspace: app}, workspace.Platform(platform), "")
		if err != nil {
			t.Fatal(err)
		}
		web := l.secret
		l.secret = secret.Secret
		l.restart()
		a := l.opens(platform, "apiBoot", map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42")})
		user := l.user("42")
		got, other := user.IOS, user.Android
		if platform == "android" {
			got, other = other, got
		}
		if got != want || other != (people.Device{}) || user.Browser != "" || a.User.Role != "user" {
			t.Errorf("%s: the user is %+v", platform, user)
		}
		l.secret = web
		r := call("/messenger/web/ping", map[string]string{"platform": platform}, map[string]any{"user_id": "42", "user_hash": l.proof("42")})
		l.sends(http.StatusForbidden, r)
	}
}

func TestAnAppThatIsOpenedBeginsASessionButNotAtOnceAgain(t *testing.T) {
	t.Parallel()
	l := setup(t)
	data := map[string]any{"anonymous_id": first}
	count := int64(0)
	for i, c := range []struct {
		pass   int64
		source string
		isNew  bool
	}{
		{0, "apiBoot", true}, {19, "apiBoot", false}, {1, "apiUpdate", false}, {0, "apiBoot", true}, {100, "deeds", false}, {0, "apiBoot", true},
	} {
		l.clock.Add(c.pass)
		a := l.opens("ios", c.source, data)
		if c.isNew {
			count++
		}
		if p := l.owner(first); p.SessionCount != count || a.User.NewSession != c.isNew {
			t.Errorf("call %d: session %d, want %d", i, p.SessionCount, count)
		}
	}
}

func TestEachPlatformHasItsOwnRuleOfIdentity(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"identity_android": "accept"})
	l.opens("android", "apiBoot", map[string]any{"anonymous_id": first, "user_id": "42"})
	if user := l.user("42"); user == nil || !user.Unverified || user.Android.AppName != "Shop" {
		t.Errorf("the user is %+v", user)
	}
	for _, platform := range []string{"ios", "web", "android "} {
		l.sends(http.StatusForbidden, call("/messenger/web/ping", map[string]string{"platform": platform}, map[string]any{"user_id": "43"}))
	}
}

func TestAnAppThatTellsNothingOfItselfIsHeardAllTheSame(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "[]", "null", `{"model":{}}`, "{"} {
		l := setup(t)
		l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"platform": "ios", "device_data": text}, map[string]any{"anonymous_id": first}))
		if p := l.visitor(first); p.IOS != (people.Device{LastSeenAt: begin}) {
			t.Errorf("%s: the visitor is %+v", text, p)
		}
	}
}

package messenger_test

import (
	"net/http"
	"testing"
	"time"

	"lobby/internal/people"
)

func TestNobodyIsRememberedWithoutConsentWhereItIsAskedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mode, cc string
		visitors int
	}{
		{"always", "", 1},
		{"always", "1", 1},
		{"always", "0", 0},
		{"ask", "", 0},
		{"ask", "0", 0},
		{"ask", "1", 1},
		{"never", "0", 1},
		{"never", "", 1},
	} {
		l := setup(t)
		l.sets(map[string]string{"cookie_mode": c.mode})
		l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"cc": c.cc}, map[string]any{"anonymous_id": first}))
		l.hasVisitors(c.visitors)
	}
	l := setup(t)
	l.sets(map[string]string{"cookie_mode": "ask"})
	data := map[string]any{"user_id": "42", "user_hash": l.proof("42")}
	if a := l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"cc": "0"}, data)); a.User.Role != "user" {
		t.Errorf("a proven user is %+v", a.User)
	}
}

func TestABrowserThatKeepsNothingIsKnownForADay(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"cookie_mode": "never"})
	visit := func(address, agent string) string {
		t.Helper()
		r := call("/messenger/web/ping", map[string]string{"cc": "0"}, map[string]any{"anonymous_id": first})
		r.RemoteAddr = address
		r.Header.Set("User-Agent", agent)
		return l.sends(http.StatusOK, r).User.AnonymousID
	}
	other := "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
	id := visit("192.0.2.1:1", chrome)
	if id == first || id != visit("192.0.2.1:2", chrome) {
		t.Error("within a day it is not the same")
	}
	if id == visit("192.0.2.2:1", chrome) || id == visit("192.0.2.1:1", other) {
		t.Error("another address or browser is the same")
	}
	l.clock.Add(int64(24 * time.Hour / time.Second))
	if id == visit("192.0.2.1:1", chrome) {
		t.Error("the day after it is still the same")
	}
	l.hasVisitors(4)
	if err := l.SweepPages(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	l.restart()
	if id == visit("192.0.2.1:1", chrome) {
		t.Error("after a start it is the one of the day before")
	}
	l.hasVisitors(4)
	l.clock.Add(-int64(24 * time.Hour / time.Second))
	if id == visit("192.0.2.1:1", chrome) {
		t.Error("the salt of a day outlives it")
	}
}

func TestAProvenUserIsNotLinkedToABrowserThatKeepsNothing(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"cookie_mode": "never"})
	visitor := l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"cc": "0"}, nil)).User
	l.pings(http.StatusOK, map[string]any{"user_id": "42", "user_hash": l.proof("42")})
	again := l.pings(http.StatusOK, map[string]any{"user_id": "42", "user_hash": l.proof("42")})
	if again.User.ID == visitor.ID || again.User.AnonymousID != "" || l.visitor(visitor.AnonymousID) == nil {
		t.Errorf("the user is %+v", again.User)
	}
}

func TestASignalIsHeededAsTheWorkspaceSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		setting, mode string
		header        string // its value is 1
		form          bool
		want          string
	}{
		{"dnt_mode", "record", "DNT", false, "record"},
		{"dnt_mode", "minimal", "DNT", false, "minimal"},
		{"dnt_mode", "minimal", "", true, "minimal"},
		{"dnt_mode", "drop", "DNT", false, "drop"},
		{"dnt_mode", "drop", "", true, "drop"},
		{"dnt_mode", "drop", "Sec-GPC", true, "record"},
		{"gpc_mode", "drop", "Sec-GPC", true, "drop"},
		{"gpc_mode", "minimal", "Sec-GPC", false, "minimal"},
		{"gpc_mode", "drop", "DNT", true, "record"},
		{"gpc_mode", "drop", "", false, "none"},
	} {
		l := setup(t)
		l.sets(map[string]string{c.setting: c.mode})
		fields := map[string]string{
			"r": "https://search.example/", "referer": site + "/?utm_source=letter", "tz": "Europe/Berlin",
		}
		if c.form {
			fields["dnt"] = "1"
		}
		r := call("/messenger/web/ping", fields, map[string]any{"anonymous_id": first})
		if c.header != "" {
			r.Header.Set(c.header, "1")
		}
		a := l.sends(http.StatusOK, r)
		if a.Disabled != (c.want == "drop") {
			t.Errorf("%+v: disabled: %v", c, a.Disabled)
		}
		if c.want == "drop" {
			l.hasVisitors(0)
			continue
		}
		p := l.owner(a.User.AnonymousID)
		isMinimal := p.Referrer == "" && p.UTM == people.UTM{} && p.Location == people.Location{} && p.AnonymousID != first
		if isMinimal != (c.want == "minimal") {
			t.Errorf("%+v: recorded is %+v", c, p)
		}
		if want := people.MaybeOf(c.want != "none"); p.DoNotTrack != want {
			t.Errorf("%+v: do not track is %v", c, p.DoNotTrack)
		}
	}
}

func TestRobotsPrefetchedPagesAndDrivenBrowsersLeaveNoRecord(t *testing.T) {
	t.Parallel()
	for header, value := range map[string]string{"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch", "X-Moz": "prefetch"} {
		l := setup(t)
		r := call("/messenger/web/ping", nil, map[string]any{"anonymous_id": first})
		r.Header.Set(header, value)
		if a := l.sends(http.StatusOK, r); a.Disabled || a.User != nil {
			t.Errorf("%s: the answer was %+v", header, a)
		}
		l.hasVisitors(0)
	}
	for mode, visitors := range map[string]int{"record": 1, "drop": 0} {
		l := setup(t)
		l.sets(map[string]string{"automated_browsers": mode})
		a := l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"webdriver": "1"}, map[string]any{"anonymous_id": first}))
		if a.Disabled != (mode == "drop") {
			t.Errorf("%s: disabled: %v", mode, a.Disabled)
		}
		l.hasVisitors(visitors)
	}
}

func TestWhoObjectsIsForgottenWithEverythingUnlessItIsAContact(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.tells(http.StatusOK, first, `[{"event_name":"seen"}]`, nil)
	visitor := l.visitor(first)
	l.sends(http.StatusNoContent, call("/messenger/web/opt_out", nil, map[string]any{"anonymous_id": first}))
	if l.visitor(first) != nil {
		t.Error("the visitor is still there")
	}
	var events []*people.Event
	_ = l.Store.Read(t.Context(), func(r people.Reader) (err error) {
		events, err = r.Events(app, visitor.ID, people.EventSpan{}, 10)
		return err
	})
	if len(events) != 0 {
		t.Errorf("its events are still there: %v", events)
	}
	l.pings(http.StatusOK, map[string]any{"anonymous_id": second, "email": "ada@example.com"})
	l.sends(http.StatusNoContent, call("/messenger/web/opt_out", nil, map[string]any{"anonymous_id": second}))
	if lead := l.owner(second); lead.Role != people.Lead {
		t.Errorf("the lead is %+v", lead)
	}
}

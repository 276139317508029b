package messenger_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func TestAPingMakesAVisitorThatCarriesWhatThePageSaid(t *testing.T) {
	t.Parallel()
	l := setup(t)
	r := call("/messenger/web/ping", map[string]string{
		"referer": site + "/start?utm_source=letter&utm_campaign=spring",
		"r":       "https://ada:secret@search.example/?q=lobby",
		"lang":    "de-DE", "tz": "Europe/Berlin", "dnt": "1",
	}, map[string]any{
		"anonymous_id": first, "name": "Ada", "phone": 49301234, "language_override": "de",
		"avatar":                   map[string]any{"type": "avatar", "image_url": "https://shop.example/ada.png"},
		"unsubscribed_from_emails": true, "plan": "pro", "seats": 3, "rate": 0.5, "trial": false,
	})
	a := l.sends(http.StatusOK, r)
	if a.User.Role != "visitor" || a.User.AnonymousID != first || !a.User.NewSession {
		t.Errorf("the answer was %+v", a.User)
	}
	p := l.visitor(first)
	if p == nil {
		t.Fatal("there is no visitor")
	}
	for name, pair := range map[string][2]any{
		"name":       {p.Name, "Ada"},
		"phone":      {p.Phone, "49301234"},
		"override":   {p.LanguageOverride, "de"},
		"avatar":     {p.Avatar, "https://shop.example/ada.png"},
		"letters":    {p.UnsubscribedFromEmails, true},
		"referrer":   {p.Referrer, "https://search.example/?q=lobby"},
		"utm":        {p.UTM, people.UTM{Source: "letter", Campaign: "spring"}},
		"tracking":   {p.DoNotTrack, people.Yes},
		"browser":    {p.Browser + " " + p.BrowserVersion, "Chrome 140.0.0.0"},
		"os":         {p.OS, "Linux"},
		"language":   {p.BrowserLanguage, "de-DE"},
		"timezone":   {p.Location.Timezone, "Europe/Berlin"},
		"sessions":   {p.SessionCount, int64(1)},
		"seen":       {p.LastSeenAt, begin},
		"attributes": {len(p.CustomAttributes), 4},
		"plan":       {p.CustomAttributes["plan"], search.TextValue("pro")},
		"seats":      {p.CustomAttributes["seats"], search.IntValue(3)},
		"rate":       {p.CustomAttributes["rate"], search.FloatValue(0.5)},
		"trial":      {p.CustomAttributes["trial"], search.BoolValue(false)},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
}

func TestABrowserWithoutAnIDIsGivenOne(t *testing.T) {
	t.Parallel()
	l := setup(t)
	a := l.pings(http.StatusOK, nil)
	if l.visitor(a.User.AnonymousID) == nil {
		t.Errorf("nobody has the id %q", a.User.AnonymousID)
	}
}

func TestSettingsCredentialsAndStandardFieldsAreNoAttributes(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{
		"anonymous_id": first, "app_id": app, "appId": app, "api_base": "https://api.example", "hide_default_launcher": true,
		"z_index": 5, "user_hash": "0a", "created_at": begin, "last_request_at": begin,
		"utm_source": "by hand", "company": map[string]any{"id": "7"}, "companies": []any{}, "page_title": "Shop",
		"user_id": "undefined", "email": "", "installation_type": "npm-package",
	})
	if p := l.visitor(first); len(p.CustomAttributes) != 0 || p.UTM != (people.UTM{}) || p.Email != "" {
		t.Errorf("the visitor has %v, %v, %q", p.CustomAttributes, p.UTM, p.Email)
	}
}

func TestWhatCannotBeAnAttributeIsLeftOut(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{
		"anonymous_id": first, "empty": "", "none": "undefined", "null": "null", "list": []any{1}, "object": map[string]any{},
		"a.b": 1, "a$b": 1, `a"b`: 1, "": 1, strings.Repeat("k", 256): 1, "long": strings.Repeat("ä", 300), "nul": "a\x00b",
	})
	p := l.visitor(first)
	if len(p.CustomAttributes) != 2 {
		t.Errorf("the attributes are %v", p.CustomAttributes)
	}
	if got := p.CustomAttributes["long"].Text(); got != strings.Repeat("ä", 255) {
		t.Errorf("the long text was kept as %q", got)
	}
	if got := p.CustomAttributes["nul"].Text(); got != "ab" {
		t.Errorf("the text with a NUL was kept as %q", got)
	}
}

func TestAnAvatarIsAPictureOverTLS(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://shop.example/a.png": "https://shop.example/a.png", "http://shop.example/a.png": "",
		"javascript:alert(1)": "", "https:///a.png": "", "": "",
	} {
		l := setup(t)
		l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "avatar": map[string]any{"image_url": text}})
		if got := l.visitor(first).Avatar; got != want {
			t.Errorf("the avatar %q was kept as %q", text, got)
		}
	}
}

func TestUnknownLeavesAFieldAndNullClearsIt(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "name": "Ada", "plan": "pro"})
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "name": "undefined", "plan": ""})
	if p := l.visitor(first); p.Name != "Ada" || p.CustomAttributes["plan"] != search.TextValue("pro") {
		t.Errorf("unknown values left %q and %v", p.Name, p.CustomAttributes)
	}
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "name": nil, "plan": nil})
	if p := l.visitor(first); p.Name != "" || len(p.CustomAttributes) != 0 {
		t.Errorf("null left %q and %v", p.Name, p.CustomAttributes)
	}
}

func TestAnAttributeOfTheWrongTypeDoesNotCostTheVisit(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "seats": 3})
	l.pings(http.StatusOK, map[string]any{"anonymous_id": second, "seats": "three", "plan": "pro"})
	p := l.visitor(second)
	if p == nil {
		t.Fatal("there is no visitor")
	}
	if _, has := p.CustomAttributes["seats"]; has || p.CustomAttributes["plan"] != search.TextValue("pro") {
		t.Errorf("the attributes are %v", p.CustomAttributes)
	}
}

func TestOnlyAnotherSiteIsAReferrer(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://search.example/?q=1":                         "https://search.example/?q=1",
		"http://blog.shop.example/":                           "http://blog.shop.example/",
		"https://www.SHOP.example/cart":                       "",
		"https://shop.example:8443/":                          "",
		"android-app://com.example/":                          "",
		"javascript:alert(1)":                                 "",
		"//search.example/":                                   "",
		"https://search.example/" + strings.Repeat("a", 2048): "",
		"": "",
	} {
		l := setup(t)
		l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"r": text}, map[string]any{"anonymous_id": first}))
		if got := l.visitor(first).Referrer; got != want {
			t.Errorf("the referrer %q was kept as %q, want %q", text, got, want)
		}
	}
}

func TestATimeZoneHasToExist(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"America/St_Johns": "America/St_Johns", "UTC": "UTC", "Local": "", "Mars/Olympus": "", "../etc/passwd": "", "": "",
		"Asia/Calcutta": "Asia/Kolkata", "europe/kiev": "Europe/Kyiv", "localtime": "", "right/UTC": "", "posix/Europe/Dublin": "", "Factory": "",
	} {
		l := setup(t)
		l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"tz": name}, map[string]any{"anonymous_id": first}))
		if got := l.visitor(first).Location.Timezone; got != want {
			t.Errorf("the time zone %q was kept as %q", name, got)
		}
	}
}

func TestHeadersSayWhatTheFormLacks(t *testing.T) {
	t.Parallel()
	for header, value := range map[string]string{"DNT": "1", "Sec-GPC": "1"} {
		l := setup(t)
		r := call("/messenger/web/ping", nil, map[string]any{"anonymous_id": first})
		r.Header.Set(header, value)
		r.Header.Set("Accept-Language", "fr-CA,fr;q=0.8")
		l.sends(http.StatusOK, r)
		if p := l.visitor(first); p.DoNotTrack != people.Yes || p.BrowserLanguage != "fr-CA" {
			t.Errorf("with %s the visitor has %v and %q", header, p.DoNotTrack, p.BrowserLanguage)
		}
	}
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first})
	if got := l.visitor(first).DoNotTrack; got != people.No {
		t.Errorf("a browser that said nothing has %v", got)
	}
}

func TestABotIsToldToBeSilentAndLeavesNoRecord(t *testing.T) {
	t.Parallel()
	l := setup(t)
	for _, path := range []string{"/messenger/web/ping", "/messenger/web/opt_out"} {
		r := call(path, map[string]string{"deeds": `[{"event_name":"seen"}]`}, map[string]any{"anonymous_id": first})
		r.Header.Set("User-Agent", robot)
		w := l.does(r)
		if w.Code >= 300 || strings.HasSuffix(path, "ping") && !strings.Contains(w.Body.String(), `"disabled":true`) {
			t.Errorf("%s answered a bot %d %s", path, w.Code, w.Body)
		}
	}
	l.hasVisitors(0)
}

func TestAnAnswerTellsNothingThatIsKnown(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "name": "Ada Lovelace", "plan": "platinum"})
	w := l.does(call("/messenger/web/ping", nil, map[string]any{"anonymous_id": first}))
	for _, known := range []string{"Ada", "platinum", l.visitor(first).Pseudonym} {
		if strings.Contains(w.Body.String(), known) {
			t.Errorf("the answer tells %q: %s", known, w.Body)
		}
	}
}

func TestASpentIDIsReplacedAndItsOwnerLeftAlone(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first})
	_, err := l.ConvertVisitor(t.Context(), workspace.Caller{Workspace: app}, people.ConvertRequest{
		To: people.User, Visitor: people.VisitorRef{UserID: first}, User: people.UserRef{Email: "ada@example.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "name": "Mallory"})
	if a.User.AnonymousID == first || a.User.Role != "visitor" {
		t.Errorf("the answer was %+v", a.User)
	}
	if user := l.owner(first); user.Name != "" {
		t.Errorf("the user is now called %q", user.Name)
	}
}

func TestRefusalsComeWithTheirReasonAndForEveryOrigin(t *testing.T) {
	t.Parallel()
	ping := func(fields map[string]string, data map[string]any) *http.Request {
		return call("/messenger/web/ping", fields, data)
	}
	big := ping(map[string]string{"page_title": strings.Repeat("x", 70<<10)}, nil)
	get := ping(nil, nil)
	get.Method = http.MethodGet
	for name, test := range map[string]struct {
		request *http.Request
		status  int
		code    string
	}{
		"too large":    {big, http.StatusRequestEntityTooLarge, "payload_too_large"},
		"wrong method": {get, http.StatusMethodNotAllowed, "method_not_allowed"},
		"wrong path":   {call("/messenger/web/nothing", nil, nil), http.StatusNotFound, "not_found"},
		"unknown app":  {ping(map[string]string{"app_id": "nobody"}, nil), http.StatusNotFound, "not_found"},
		"no JSON":      {ping(map[string]string{"user_data": "{"}, nil), http.StatusBadRequest, "parameter_invalid"},
		"no object":    {ping(map[string]string{"user_data": "[1]"}, nil), http.StatusBadRequest, "parameter_invalid"},
		"no UUID":      {ping(nil, map[string]any{"anonymous_id": "42"}), http.StatusBadRequest, "parameter_invalid"},
		"no proof":     {ping(nil, map[string]any{"user_id": "42"}), http.StatusForbidden, "signature_mismatch"},
	} {
		l := setup(t)
		w := httptest.NewRecorder()
		w.Header().Set("X-Request-Id", "the-server-s-own")
		l.handler.ServeHTTP(w, test.request)
		var a answer
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			t.Errorf("%s: %v: %s", name, err, w.Body)
			continue
		}
		if w.Code != test.status || a.Type != "error.list" || a.RequestID != "the-server-s-own" || a.Errors[0].Code != test.code {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
		}
		h := w.Header()
		if h.Get("Access-Control-Allow-Origin") != site || h.Get("Access-Control-Expose-Headers") != "Retry-After" ||
			h.Get("Vary") != "Origin" || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: the headers were %v", name, h)
		}
		l.hasVisitors(0)
	}
}

func TestABrowserThatAsksFirstIsToldThatItMay(t *testing.T) {
	t.Parallel()
	l := setup(t)
	for _, path := range []string{"/messenger/web/ping", "/messenger/web/opt_out"} {
		r := httptest.NewRequest(http.MethodOptions, path, nil)
		r.Header.Set("Origin", site)
		w := l.does(r)
		if w.Code != http.StatusNoContent || w.Header().Get("Access-Control-Allow-Methods") != "POST" ||
			w.Header().Get("Access-Control-Allow-Origin") != site {
			t.Errorf("%s answered %d %v", path, w.Code, w.Header())
		}
	}
}

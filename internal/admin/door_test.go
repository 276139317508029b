package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lobby/internal/account"
	"lobby/internal/admin"
	"lobby/internal/config"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

func TestTheRootLeadsABrowserToThePages(t *testing.T) {
	t.Parallel()
	server := testkit.Start(t)
	b := newBrowser(t, server)
	b.header.Set("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
	if p := b.get("/"); p.status != http.StatusSeeOther || p.location != "/pages/" || p.header.Get("Vary") == "" {
		t.Errorf("a browser gets %d %q", p.status, p.location)
	}
	b.header.Set("Accept", "*/*")
	if p := b.get("/"); p.status != http.StatusNotFound || !strings.Contains(p.body, "error.list") {
		t.Errorf("a program gets %d %s", p.status, p.body)
	}
	b.must(b.get("/pages/"), http.StatusOK).shows(t, "Nobody can sign in yet", "lobby admin add")
}

func TestPagesCanBeOff(t *testing.T) {
	t.Parallel()
	server := testkit.Start(t, testkit.Configure(func(c *config.Config) { c.Pages = false }))
	b := newBrowser(t, server)
	for _, path := range []string{"/", "/pages/login", "/pages/setup"} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, http.NoBody)
		req.Header.Set("Accept", "text/html")
		res, err := b.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close() //nolint:errcheck // nothing is read
		if res.StatusCode != http.StatusNotFound && res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

func TestSetUpSignInAndOut(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		server := testkit.Start(t, on)
		b := newBrowser(t, server)
		link, err := server.App.Accounts.SetupLink(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		form := tokenField.FindStringSubmatch(b.must(b.get("/pages/setup?token="+link), http.StatusOK).body)[1]
		fields := url.Values{"token": {form}, "link": {link}, "name": {"Ada"}, "email": {owner}, "password": {"short"}}
		b.must(b.do("POST", "/pages/setup", fields), http.StatusUnprocessableEntity).shows(t, "Password must have at least 12 characters")
		fields.Set("password", password)
		b.must(b.do("POST", "/pages/setup", fields), http.StatusSeeOther)
		b.must(b.get("/pages/"), http.StatusSeeOther)
		b.must(b.get("/pages/"+string(server.Workspace)+"/people"), http.StatusOK).shows(t, "Nobody has come by yet", "Data Settings")
		newBrowser(t, server).get("/pages/setup?token="+link).shows(t, "does not work any more")

		b.must(b.post("/pages/logout", nil), http.StatusSeeOther)
		p := b.must(b.get("/pages/"+string(server.Workspace)+"/people?q=x"), http.StatusSeeOther)
		next, _ := url.Parse(p.location)
		if next.Path != "/pages/login" || !strings.HasSuffix(next.Query().Get("next"), "/people?q=x") {
			t.Errorf("who is signed out is led to %s", p.location)
		}
		b.must(b.post("/pages/login", url.Values{"email": {owner}, "password": {"wrong horse battery"}}), http.StatusUnauthorized).shows(t, "is wrong")
		p = b.must(b.post("/pages/login", url.Values{"email": {owner}, "password": {password}, "next": {next.Query().Get("next")}}), http.StatusSeeOther)
		if p.location != next.Query().Get("next") {
			t.Errorf("led to %s", p.location)
		}
	})
}

func TestNobodyIsLedElsewhere(t *testing.T) {
	t.Parallel()
	f := start(t)
	secret, err := f.server.App.Accounts.CreateLink(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	f.signIn(secret)
	f.must(f.post("/pages/account", url.Values{"password": {password}}), http.StatusSeeOther)
	for _, next := range []string{"https://evil.example/", "//evil.example", "/pages//evil.example", "/pages/\\evil.example", "/demo", "javascript:alert(1)"} {
		b := newBrowser(t, f.server)
		if p := b.post("/pages/login", url.Values{"email": {owner}, "password": {password}, "next": {next}}); p.location != "/pages/" {
			t.Errorf("%q leads to %q", next, p.location)
		}
	}
}

func TestCookiesAreOutOfReach(t *testing.T) {
	t.Parallel()
	f := fixture{T: t, server: testkit.Start(t, testkit.PublicURL("https://lobby.example/people-side"))}
	link := f.login(account.Owner, "eve@shop.example")
	form := newBrowser(t, f.server) // a jar would not send the cookies of HTTPS over HTTP
	form.client.Jar = nil
	p := form.get("/pages/login")
	cookie, _ := http.ParseSetCookie(p.header.Get("Set-Cookie"))
	form.header.Set("Cookie", cookie.Name+"="+cookie.Value)
	p = form.do("POST", "/pages/enter", url.Values{"link": {link}, "token": {tokenField.FindStringSubmatch(form.get("/pages/login").body)[1]}})
	session, err := http.ParseSetCookie(p.header.Values("Set-Cookie")[0])
	if err != nil {
		t.Fatal(err)
	}
	if session.Name != "__Secure-lobby-session" || !session.Secure || !session.HttpOnly || session.SameSite != http.SameSiteLaxMode || session.Path != "/people-side/pages/" {
		t.Errorf("the cookie is %s", session)
	}
	if p.location != "/people-side/pages/" {
		t.Errorf("led to %s", p.location)
	}
	if session.Value == cookie.Value {
		t.Error("the session has the secret that the browser had before")
	}
}

// Whoever makes a browser send a session of their own choice must not find its owner signed in by it.
func TestASessionCannotBeFixed(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.must(f.post("/pages/account", url.Values{"password": {password}}), http.StatusSeeOther)
	b := newBrowser(t, f.server)
	at, _ := url.Parse(f.server.URL + "/pages/")
	const fixed = "chosenbyanattackerchosenbyanattacker4567"
	b.client.Jar.SetCookies(at, []*http.Cookie{{Name: "lobby-session", Value: fixed, Path: "/pages/"}, {Name: "lobby-form", Value: fixed, Path: "/pages/"}})
	b.must(b.post("/pages/login", url.Values{"email": {owner}, "password": {password}}), http.StatusSeeOther)
	for _, c := range b.client.Jar.Cookies(at) {
		if c.Value == fixed {
			t.Errorf("%s is still the attacker's", c.Name)
		}
	}
	attacker := newBrowser(t, f.server)
	attacker.client.Jar.SetCookies(at, []*http.Cookie{{Name: "lobby-session", Value: fixed, Path: "/pages/"}})
	attacker.must(attacker.get(f.at("people")), http.StatusSeeOther)
}

func TestGuessingIsThrottled(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.must(f.post("/pages/account", url.Values{"password": {password}}), http.StatusSeeOther)
	b := newBrowser(t, f.server)
	for range 10 {
		b.must(b.post("/pages/login", url.Values{"email": {owner}, "password": {"wrong horse battery"}}), http.StatusUnauthorized)
	}
	p := b.must(b.post("/pages/login", url.Values{"email": {owner}, "password": {password}}), http.StatusTooManyRequests)
	if p.header.Get("Retry-After") == "" {
		t.Error("the answer does not say when to come again")
	}
	f.must(f.get(f.at("people")), http.StatusOK) // who is in stays in
	f.server.Clock.Pass(16 * time.Minute)
	b.must(b.post("/pages/login", url.Values{"email": {owner}, "password": {password}}), http.StatusSeeOther)
}

func TestARemovedMemberIsOutAtOnce(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		bob := f.as(account.Teammate, "bob@shop.example")
		bob.must(bob.get(bob.at("people")), http.StatusOK)
		all, err := f.server.App.Accounts.Members(f.Context(), workspace.Caller{Workspace: f.server.Workspace})
		if err != nil {
			f.Fatal(err)
		}
		f.must(f.post(f.at("team/remove"), url.Values{"login": {all[1].LoginID}}), http.StatusSeeOther)
		bob.must(bob.get(bob.at("people")), http.StatusSeeOther)

		eve := f.as(account.Owner, "eve@shop.example")
		all, err = f.server.App.Accounts.Members(f.Context(), workspace.Caller{Workspace: f.server.Workspace})
		if err != nil {
			f.Fatal(err)
		}
		if _, err := f.server.Lobby.DeleteAdmin(f.Context(), workspace.Caller{Workspace: f.server.Workspace}, all[1].AdminID); err != nil {
			f.Fatal(err)
		}
		eve.must(eve.get(eve.at("people")), http.StatusNotFound)
		eve.must(eve.post(eve.at("team"), url.Values{"email": {"mallory@shop.example"}, "role": {"owner"}}), http.StatusNotFound)
	})
}

func TestTheTeam(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.must(f.get(f.at("team")), http.StatusOK).shows(f.T, owner)
		f.must(f.post(f.at("team"), url.Values{"email": {"nobody"}, "role": {"teammate"}}), http.StatusUnprocessableEntity).shows(f.T, "is not an email address")
		f.must(f.post(f.at("team"), url.Values{"email": {owner}, "role": {"teammate"}}), http.StatusUnprocessableEntity).shows(f.T, "in the team already")
		p := f.must(f.post(f.at("team"), url.Values{"email": {"bob@shop.example"}, "name": {"Bob"}, "role": {"read-only"}}), http.StatusOK).shows(f.T, "Send this link to bob@shop.example")
		_, link, _ := strings.Cut(p.body, "/pages/enter?token=")
		link, _, _ = strings.Cut(link, `"`)
		bob := newBrowser(f.T, f.server)
		bob.must(bob.get("/pages/enter?token="+link), http.StatusOK).shows(f.T, "Sign in as bob@shop.example")
		bob.signIn(link)
		bob.must(bob.get("/pages/enter?token="+link), http.StatusGone)
		bob.must(bob.get(f.at("people")), http.StatusOK).shows(f.T, "!Data Settings")
		bob.must(bob.get(f.at("team")), http.StatusForbidden)
		all, err := f.server.App.Accounts.Members(f.Context(), workspace.Caller{Workspace: f.server.Workspace})
		if err != nil {
			f.Fatal(err)
		}
		f.must(f.post(f.at("team/role"), url.Values{"login": {all[0].LoginID}, "role": {"teammate"}}), http.StatusConflict).shows(f.T, "A workspace needs an owner")
		f.must(f.post(f.at("team/role"), url.Values{"login": {all[1].LoginID}, "role": {"owner"}}), http.StatusSeeOther)
		bob.must(bob.get(f.at("team")), http.StatusOK)
	})
}

func TestEveryTemplateCanBeParsed(t *testing.T) {
	t.Parallel()
	if admin.ParsePages() == 0 {
		t.Error("there is none")
	}
}

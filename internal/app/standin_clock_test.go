package app_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"testing"

	"lobby/internal/account"
	"lobby/internal/workspace"
)

func TestTheClockEndsATokenAndASessionOfTheTeam(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	s.control(t, "clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
	token, err := s.Lobby.CreateToken(t.Context(), workspace.Caller{Workspace: s.AppID}, workspace.TokenDraft{
		Name: "for a day", Scopes: workspace.AllScopes, ExpiresAt: 1769860800 + 24*60*60,
	})
	if err != nil {
		t.Fatal(err)
	}
	link, err := s.Accounts.SetupLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	session, err := s.Accounts.SetUp(t.Context(), link, account.Credentials{Name: "Ada", Email: "ada@shop.example", Password: "a long password of a test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		advance      string
		token, pages int
	}{{"1 second", 200, 200}, {"23 hours 59 minutes 58 seconds", 200, 200}, {"1 second", 401, 200}, {"30 days", 401, 303}} {
		s.control(t, "clock", `{"advance":"`+step.advance+`"}`)
		s.must(t, step.token, "GET", "/me", "", "Authorization", "Bearer "+token.Secret)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/pages/"+string(s.AppID)+"/people", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: "lobby-session", Value: session})
		response, err := fresh.Transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close() //nolint:errcheck // only the status counts
		if response.StatusCode != step.pages {
			t.Errorf("%s later a page answers %d, want %d", step.advance, response.StatusCode, step.pages)
		}
	}
}

func TestTheClockEndsASessionOfABrowser(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	s.control(t, "clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
	made := s.control(t, "workspaces", `{"id":"second"}`)
	sum := hmac.New(sha256.New, []byte(made.get("identity_secret").(string)))
	sum.Write([]byte("42"))
	device := "dddddddd-dddd-4ddd-8ddd-dddddddddddd"
	roleAt := func(pairs ...string) (role, session string) {
		t.Helper()
		response, err := fresh.Do(s.page(t, "second", "ping", append(pairs, "device_identifier", device)...))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close() //nolint:errcheck // it is read
		var answer struct {
			User             struct{ Role string }
			AnonymousSession string `json:"anonymous_session"`
		}
		if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
			t.Fatal(err)
		}
		return answer.User.Role, answer.AnonymousSession
	}
	_, session := roleAt("user_data", `{"anonymous_id":"11111111-1111-4111-8111-111111111111","user_id":"42","user_hash":"`+hex.EncodeToString(sum.Sum(nil))+`"}`)
	if session == "" {
		t.Fatal("nobody is signed in")
	}
	s.control(t, "clock", `{"advance":"6 days"}`)
	if role, _ := roleAt("anonymous_session", session); role != "user" {
		t.Errorf("after six days the browser has a %s", role)
	}
	s.control(t, "clock", `{"advance":"2 years"}`)
	if role, _ := roleAt("anonymous_session", session); role == "user" {
		t.Error("two years later the browser is still signed in")
	}
}

func TestTheClockSweepsPageViews(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	s.control(t, "clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
	s.must(t, 200, "PUT", "/lobby/v1/settings", `{"visitor_life":120}`)
	status(t, s.page(t, string(s.AppID), "ping", "deeds", `[{"url":"https://shop.example/","n":1}]`))
	for _, step := range []struct {
		advance string
		want    int
	}{{"1 second", 1}, {"89 days", 1}, {"2 days", 0}} {
		s.control(t, "clock", `{"advance":"`+step.advance+`"}`)
		rows, err := s.Store.Dump(t.Context(), s.AppID)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(rows["page_views"]); got != step.want {
			t.Errorf("%s later there are %d page views, want %d", step.advance, got, step.want)
		}
	}
}

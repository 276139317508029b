package api_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"lobby/internal/api"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

func basic(user, password string) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

const noToken = "unauthorized: Access Token Invalid"

func TestATokenIsFoundWhereverClientsPutIt(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, header := range []string{
		"Authorization: Bearer " + s.Token, "Authorization: bearer " + s.Token, "Authorization: BEARER   " + s.Token,
		basic(s.Token, ""), basic(s.Token, "anything"), basic("app", s.Token), basic("", s.Token),
	} {
		if r := s.Do(t, "GET", "/visitors?id=none", nil, header); r.Refusal() != noVisitor {
			t.Errorf("%q: %d %s", header, r.Status, r.Text)
		}
	}
}

func TestWithoutAValidTokenEveryRouteSaysTheSame(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, route := range api.Routes() {
		for _, header := range []string{
			"Authorization:", "Authorization: Bearer", "Authorization: Bearer x", "Authorization: " + s.Token,
			"Authorization: Token " + s.Token, "Authorization: Basic " + s.Token, "Authorization: Basic", basic("", ""), basic("x", "y"),
			"Authorization: Bearer " + s.Token + "x", "Authorization: Bearer " + s.TokenID,
		} {
			r := s.Do(t, route.Method, route.Path+"?access_token="+s.Token, "{", header, "Intercom-Version: none")
			if r.Status != 401 || r.Refusal() != noToken {
				t.Errorf("%s %s with %q: %d %s", route.Method, route.Path, header, r.Status, r.Text)
			}
			if r.Header.Get("X-RateLimit-Limit") != "" {
				t.Errorf("%s %s tells strangers of limits", route.Method, route.Path)
			}
		}
	}
}

func TestARevokedTokenIsWorthlessWithinASecond(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	other := s.NewToken(t, workspace.AllScopes...)
	if r := other.Do(t, "GET", "/lobby/v1/visitors", nil); r.Status != 200 {
		t.Fatal(r.Text)
	}
	if err := s.Lobby.RevokeToken(t.Context(), workspace.Caller{Workspace: s.Workspace}, other.TokenID); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	if r := other.Do(t, "GET", "/lobby/v1/visitors", nil); r.Refusal() != noToken {
		t.Errorf("1.1 s after it was revoked: %d %s", r.Status, r.Text)
	}
	if r := s.Do(t, "GET", "/lobby/v1/visitors", nil); r.Status != 200 {
		t.Errorf("the workspace's other token: %d %s", r.Status, r.Text)
	}
	fresh := s.NewToken(t, workspace.AllScopes...)
	if err := s.Lobby.RevokeToken(t.Context(), workspace.Caller{Workspace: s.Workspace}, fresh.TokenID); err != nil {
		t.Fatal(err)
	}
	if r := fresh.Do(t, "GET", "/lobby/v1/visitors", nil); r.Refusal() != noToken {
		t.Errorf("a token revoked before its first use: %d %s", r.Status, r.Text)
	}
}

func TestARouteIsOpenToItsScopesOnly(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	clients := map[workspace.Scope]*testkit.Client{"": s.NewToken(t)}
	for _, scope := range workspace.AllScopes {
		clients[scope] = s.NewToken(t, scope)
	}
	for _, route := range api.Routes() {
		for scope, client := range clients {
			r := succeeds(t, s, client, route, "Intercom-Version: Preview")
			want, refused := 200, ""
			if !slices.Contains(route.Scopes, scope) {
				want = 403
				refused = "forbidden: You do not have the required scope (" + string(route.Scopes[0]) + ") to access this resource"
			}
			if r.Status/100*100 != want && r.Status != want || r.Refusal() != refused {
				t.Errorf("%s %s with %q: %d %s", route.Method, route.Path, scope, r.Status, r.Text)
			}
		}
		shows := route.Method == "GET" && route.Path != "/lobby/v1/identity_secrets" && // even the end of a secret is nobody else's business
			!strings.HasPrefix(route.Path, "/lobby/v1/webhooks") ||
			strings.HasSuffix(route.Path, "/search") || strings.HasSuffix(route.Path, "/preview") || route.Path == "/companies/list"
		if reads := slices.Contains(route.Scopes, workspace.ReadUsers) || slices.Contains(route.Scopes, workspace.ReadConversations); reads != shows {
			t.Errorf("%s %s is open to a token that may only read: %v", route.Method, route.Path, reads)
		}
	}
}

func TestATokenThatMayOnlyReadChangesNothing(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	on.client = s.NewToken(t, workspace.ReadUsers)
	for _, do := range []string{
		"PUT /visitors", "POST /visitors", "PUT /visitors/$vera", "DELETE /visitors/$vera", convert, create,
		addContact, "PUT /contacts/$ada", "DELETE /contacts/$ada", "POST /contacts/$ada/archive", "POST /contacts/$archie/unarchive",
		merge, "POST /lobby/v1/changes/x/undo", "POST /lobby/v1/duplicates/merge", "POST /lobby/v1/duplicates/distinct",
		"POST /companies", "PUT /companies/$ada", "DELETE /companies/$ada", "POST /contacts/$ada/companies",
	} {
		forbidden := step{
			do: do, body: `{"id":"$vera","name":"X","type":"lead","visitor":{"id":"$vera"}}`, status: 403,
			refused: "forbidden: You do not have the required scope (read_write_users) to access this resource",
		}
		forbidden.run(t, on)
	}
}

func TestWritingDoesNotDecideWhoIsBelieved(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	writer := s.NewToken(t, workspace.ReadUsers, workspace.WriteUsers, workspace.ReadWriteUsers)
	keeper := s.NewToken(t, workspace.WriteSettings, workspace.WriteSecrets, workspace.WriteWebhooks)
	for _, c := range []struct{ method, path, body, scope string }{
		{"PUT", "/lobby/v1/settings", `{"identity_web":"off"}`, "lobby_settings"},
		{"GET", "/lobby/v1/identity_secrets", "", "lobby_secrets"},
		{"POST", "/lobby/v1/identity_secrets", `{"platform":"ios"}`, "lobby_secrets"},
		{"DELETE", "/lobby/v1/identity_secrets/1", "", "lobby_secrets"},
		{"POST", "/lobby/v1/webhooks", `{"url":"https://example.com","topics":["*"]}`, "lobby_webhooks"},
		{"GET", "/lobby/v1/webhooks", "", "lobby_webhooks"},
	} {
		var body any
		if c.body != "" {
			body = c.body
		}
		want := "forbidden: You do not have the required scope (" + c.scope + ") to access this resource"
		if r := writer.Do(t, c.method, c.path, body); r.Status != http.StatusForbidden || r.Refusal() != want {
			t.Errorf("%s %s by a writer: %d %s", c.method, c.path, r.Status, r.Text)
		}
		if r := keeper.Do(t, c.method, c.path, body); r.Status != http.StatusOK {
			t.Errorf("%s %s by its own scope: %d %s", c.method, c.path, r.Status, r.Text)
		}
	}
}

func TestAnExpiredTokenOpensNothing(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	token, err := s.Lobby.CreateToken(t.Context(), workspace.Caller{Workspace: s.Workspace},
		workspace.TokenDraft{Scopes: workspace.AllScopes, ExpiresAt: s.Clock.Now().Unix() + 60})
	if err != nil {
		t.Fatal(err)
	}
	client := *s.Client
	client.Token = token.Secret
	if r := client.Do(t, "GET", "/me", nil); r.Status != http.StatusOK {
		t.Errorf("before its end: %d %s", r.Status, r.Text)
	}
	s.Clock.Pass(time.Minute)
	if r := client.Do(t, "GET", "/me", nil); r.Refusal() != "unauthorized: Access Token Invalid" {
		t.Errorf("at its end, while it is remembered: %d %s", r.Status, r.Text)
	}
}

package messenger_test

import (
	"net/http"
	"strings"
	"testing"

	"lobby/internal/workspace"
)

func TestWhatThisServerChangesCountsAtOnce(t *testing.T) {
	t.Parallel()
	l := setup(t)
	c := workspace.Caller{Workspace: app}
	user := func(hash string) map[string]any {
		return map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": hash}
	}
	l.pings(http.StatusOK, user(l.proof("42")))

	// Settings, in pings and in the script.
	l.sets(map[string]string{"origins": "other.example", "cookie_mode": "ask"})
	l.pings(http.StatusForbidden, map[string]any{"anonymous_id": first})
	if body := l.gets("/widget/demo1234").Body.String(); !strings.Contains(body, `"cookies":"ask"`) {
		t.Errorf("the script begins %.80s", body)
	}
	l.sets(map[string]string{"origins": "", "cookie_mode": "always"})

	// Secrets that come and go.
	made, err := l.CreateIdentitySecret(t.Context(), c, workspace.Web, "")
	if err != nil {
		t.Fatal(err)
	}
	l.secret = made.Secret
	l.pings(http.StatusOK, user(l.proof("42")))
	if err := l.DeleteIdentitySecret(t.Context(), c, made.ID); err != nil {
		t.Fatal(err)
	}
	l.pings(http.StatusForbidden, user(l.proof("42")))

	// An app that did not exist when it was asked for.
	fresh := func() int {
		return l.does(call("/messenger/web/ping", map[string]string{"app_id": "fresh123"}, map[string]any{"anonymous_id": first})).Code
	}
	if status := fresh(); status != http.StatusNotFound {
		t.Fatalf("an app that does not exist got %d", status)
	}
	if _, err := l.CreateWorkspace(t.Context(), workspace.Draft{ID: "fresh123"}); err != nil {
		t.Fatal(err)
	}
	if status := fresh(); status != http.StatusOK {
		t.Errorf("a new app got %d", status)
	}
}

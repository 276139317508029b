package admin_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"lobby/internal/account"
	"lobby/internal/workspace"
)

// attempts counts what attackers have tried, by kind.
type attempts struct {
	mutex  sync.Mutex
	byKind map[string]int
}

var tried = &attempts{byKind: map[string]int{}}

func (a *attempts) add(kind string, n int) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.byKind[kind] += n
}

// tried counts an attempt, once for both databases.
func (f fixture) tried(kind string) {
	if !strings.HasSuffix(f.Name(), "postgres") {
		tried.add(kind, 1)
	}
}

// TestFiveHundredAttempts has attackers try everything on every page: none of it may work, and there are 500 attempts at least.
func TestFiveHundredAttempts(t *testing.T) {
	t.Run("by", func(t *testing.T) {
		for who, try := range map[string]func(*testing.T){
			"outsiders": outsidersWriteText, "foreign_forms": foreignForms, "readers": readers, "other_workspaces": otherWorkspaces, "removed_admins": removedMembers,
		} {
			t.Run(who, try)
		}
	})
	sum := 0
	for kind, n := range tried.byKind {
		t.Logf("%4d  %s", n, kind)
		sum += n
		if n < 20 {
			t.Errorf("only %d attempts of the kind %q", n, kind)
		}
	}
	if kinds := len(tried.byKind); sum < 500 || kinds < 7 {
		t.Errorf("%d attempts of %d kinds, want 500 of 7", sum, kinds)
	}
}

// removedMembers tries everything in the browser of an owner whom the team has removed meanwhile.
func removedMembers(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		ids := f.things()
		gone := f.as(account.Owner, "carol@shop.example")
		gone.must(gone.get(gone.at("people")), http.StatusOK)
		token := gone.token()
		members, err := f.server.App.Accounts.Members(f.Context(), workspace.Caller{Workspace: f.server.Workspace})
		if err != nil {
			f.Fatal(err)
		}
		i := slices.IndexFunc(members, func(m *account.Membership) bool { return m.LoginID != ids["login"] })
		f.must(f.post(f.at("team/remove"), url.Values{"login": {members[i].LoginID}}), http.StatusSeeOther)
		before := f.dump(f.server.Workspace)
		for _, path := range append(actions(), "live", "live/stream", "overview", "people", "people/"+ids["lead"], "bulk?act=export&whom=all", "team", "settings", "keys", "webhooks",
			"people/"+ids["lead"]+"/identity?to=lead", "people/"+ids["lead"]+"/remove/erase", "conversations", "conversations/changes", "conversations/"+ids["conversation"]) {
			to, form := filled(path, ids)
			form.Set("token", token)
			for _, p := range []page{gone.do(http.MethodPost, gone.at(to), form), gone.get(gone.at(to))} {
				f.tried("request of a removed admin")
				isOut := p.status == http.StatusNotFound || p.status == http.StatusMethodNotAllowed || p.status == http.StatusSeeOther && strings.HasPrefix(p.location, "/pages/login") || p.status == http.StatusForbidden
				if !isOut || strings.Contains(p.body, "Grace") {
					f.Errorf("%s: %d %s", to, p.status, p.location)
				}
			}
		}
		f.unchanged(f.server.Workspace, before, "a removed admin")
	})
}

package admin_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lobby/internal/account"
	"lobby/internal/admin"
	"lobby/internal/roster"
	"lobby/internal/workspace"
)

// log returns the activities of the workspace, newest first.
func (f fixture) log() []*workspace.Activity {
	f.Helper()
	found, err := f.server.Lobby.Activities(f.Context(), workspace.Caller{Workspace: f.server.Workspace}, workspace.ActivityFilter{Before: 1 << 40}, workspace.Page{Number: 1, Size: 150})
	if err != nil {
		f.Fatal(err)
	}
	return found.Activities
}

// A new action has a kind in the log, or stands among those that need none.
func TestEveryActionHasAKindInTheLog(t *testing.T) {
	t.Parallel()
	for _, path := range actions() {
		if _, isListed := admin.Kind(path); !isListed {
			t.Errorf("POST %s is neither in kinds nor in unlogged", path)
		}
	}
	for _, path := range admin.Logged() {
		if !slices.Contains(actions(), path) {
			t.Errorf("%s has a kind, and is no action", path)
		}
	}
}

var seen = regexp.MustCompile(`name="seen" value="([^"]+)"`)

// Each action that succeeds leaves an entry of the person who did it, and one that is refused leaves none.
func TestActionsLeaveAnEntryInTheLog(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		done := 0
		ids := f.things()
		for _, path := range actions() {
			kind, _ := admin.Kind(path)
			f.server.Clock.Pass(time.Minute)
			to, form, about := f.readyTo(path, ids)
			before := f.log()
			p := f.post(f.at(to), form)
			all := f.log()
			if p.status != http.StatusSeeOther && p.status != http.StatusOK {
				if len(all) != len(before) || path != "webhooks/{id}/redeliver" { // of which nothing was delivered
					f.Errorf("%s: %d, with %d entries: %s", to, p.status, len(all)-len(before), text(p.body))
				}
				continue
			}
			done++
			news := all[:len(all)-len(before)]
			at := slices.IndexFunc(news, func(did *workspace.Activity) bool { return did.Kind == kind })
			switch {
			case kind == "":
			case at < 0:
				f.Errorf("%s leaves %v", to, news)
			case news[at].AdminID != f.member().AdminID || about != "" && !strings.HasSuffix(news[at].Subject, "/"+about):
				f.Errorf("%s leaves %+v", to, news[at])
			}
		}
		if done < 40 {
			f.Errorf("only %d actions were done", done)
		}
		page := f.must(f.get(f.at("activity")), http.StatusOK).shows(f.T, "erased a person.", "changed settings: name, origins.", "365 days", "person ")
		if strings.Contains(page.body, "shop.example</a>") || strings.Contains(text(page.body), "Grace") {
			f.Error("a value of a person is in the log")
		}
		f.must(f.get(f.at("activity?page=2")), http.StatusOK)
		f.must(f.get(f.at("activity?page=x")), http.StatusNotFound)

		// What is old goes, as the setting says.
		f.server.Clock.Pass(366 * 24 * time.Hour)
		ws, err := f.server.Lobby.Workspace(f.Context(), f.server.Workspace)
		if err == nil {
			err = f.server.Lobby.SweepActivities(f.Context(), ws)
		}
		if left := f.log(); err != nil || len(left) > 0 {
			f.Errorf("%d entries are left, %v", len(left), err)
		}
	})
}

// member is the owner's membership.
func (f fixture) member() *account.Membership {
	f.Helper()
	all, err := f.server.App.Accounts.Members(f.Context(), workspace.Caller{Workspace: f.server.Workspace})
	if err != nil {
		f.Fatal(err)
	}
	return all[0]
}

// readyTo prepares what an action needs to succeed. It returns where to send which form, and the id of what it is about.
func (f fixture) readyTo(path string, ids map[string]string) (to string, form url.Values, about string) {
	f.Helper()
	ids["lead"] = f.create(map[string]any{"role": "lead", "name": "Grace"})
	f.api("/tags", map[string]any{"name": "VIP", "users": []map[string]any{{"id": ids["lead"]}}})
	to, form = filled(path, ids)
	switch path {
	case "people/{id}/identity":
		form.Set("to", "merge")
		form.Del("email")
		form.Set("into", f.create(map[string]any{"role": "user", "external_id": "other"})) // so that the change of the first can be undone
		preview := f.must(f.get(f.at(to)+"?to=merge&into="+form.Get("into")), http.StatusOK)
		form.Set("seen", seen.FindStringSubmatch(preview.body)[1])
	case "people/{id}/undo":
		to = strings.ReplaceAll(to, ids["lead"], ids["user"])
	case "people/{id}/remove/restore":
		f.must(f.post(f.at("people/"+ids["lead"]+"/remove/archive"), nil), http.StatusSeeOther)
	case "people/{id}/untag":
		form.Set("tag", ids["tag"])
	case "team":
		form.Set("role", string(account.Teammate))
		form.Set("email", ids["lead"]+"@shop.example")
	case "team/link", "team/role", "team/remove":
		all, err := f.server.App.Accounts.Members(f.Context(), workspace.Caller{Workspace: f.server.Workspace})
		if err != nil {
			f.Fatal(err)
		}
		form.Set("login", all[1].LoginID)
		form.Set("role", string(account.ReadOnly))
	case "admins":
		form.Set("email", "new@shop.example")
	case "tags/{id}":
		form.Set("name", "Gold")
	case "companies/{id}":
		form.Set("plan", "Gold")
	case "people":
		form.Set("list", "?role=lead&q=Grace")
	case "bulk":
		form.Set("ids", roster.PackIDs([]string{ids["lead"]}))
	case "people/{id}/messages":
		form.Set("text", "Hello")
	case "duplicates/merge":
		email := ids["lead"] + "@shop.example"
		from, into := f.create(map[string]any{"role": "lead", "email": email}), f.create(map[string]any{"role": "user", "email": email})
		compared := f.must(f.get(f.at("duplicates/"+into)), http.StatusOK)
		form.Set("into", into)
		form.Set("from", from)
		form.Set("seen", seen.FindStringSubmatch(compared.body)[1])
	case "duplicates/undo":
		changes, _, err := f.server.Lobby.Changes(f.Context(), workspace.Caller{Workspace: f.server.Workspace}, ids["user"], "", 1)
		if err != nil {
			f.Fatal(err)
		}
		form.Set("change", changes[0].ID)
	case "keys/secret":
		form.Set("platform", "android")
	}
	if parts := strings.Split(to, "/"); strings.Contains(path, "{id}") {
		about = parts[1]
	}
	return to, form, about
}

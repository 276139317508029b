package messenger_test

import (
	"net/http"
	"testing"

	"lobby/internal/people"
	"lobby/internal/search"
)

func TestAnOlderPingThatArrivesLaterChangesNothing(t *testing.T) {
	t.Parallel()
	l := setup(t)
	ping := func(session, n, plan string) {
		t.Helper()
		data := map[string]any{"anonymous_id": first, "plan": plan}
		l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"s": session, "n": n}, data))
	}
	has := func(want string) {
		t.Helper()
		if got := l.visitor(first).CustomAttributes["plan"]; got != search.TextValue(want) {
			t.Errorf("the plan is %v, want %s", got, want)
		}
	}
	ping(second, "2", "gold")
	ping(second, "1", "pro")
	ping(second, "2", "pro")
	has("gold")
	ping(second, "3", "free")
	has("free")
	ping(first, "1", "another page's")
	has("another page's")
	ping("", "", "a page that does not count")
	has("a page that does not count")
}

func TestAPingThatWasRefusedDoesNotCount(t *testing.T) {
	t.Parallel()
	l := setup(t)
	place := map[string]string{"s": second, "n": "7"}
	l.sends(http.StatusForbidden, call("/messenger/web/ping", place, map[string]any{"anonymous_id": first, "user_id": "42"}))
	place["n"] = "6"
	l.sends(http.StatusOK, call("/messenger/web/ping", place, map[string]any{"anonymous_id": first}))
	l.hasVisitors(1)
}

func TestAStrangerWhoMayNotBeRememberedIsNot(t *testing.T) {
	t.Parallel()
	l := setup(t)
	a := l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"cc": "0"}, map[string]any{"plan": "pro"}))
	if a.User != nil {
		t.Errorf("the answer was %+v", a.User)
	}
	l.hasVisitors(0)
	user := map[string]any{"user_id": "42", "user_hash": l.proof("42")}
	if a = l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"cc": "0"}, user)); a.User.Role != "user" {
		t.Errorf("a proven user became %+v", a.User)
	}
}

func TestOptingOutForgetsAVisitorAndNobodyElse(t *testing.T) {
	t.Parallel()
	l := setup(t)
	optsOut := func(id string) {
		t.Helper()
		if w := l.does(call("/messenger/web/opt_out", nil, map[string]any{"anonymous_id": id})); w.Code != http.StatusNoContent {
			t.Errorf("answered %d %s", w.Code, w.Body)
		}
	}
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first})
	l.pings(http.StatusOK, map[string]any{"anonymous_id": second, "user_id": "42", "user_hash": l.proof("42")})
	optsOut(first)
	optsOut(first)
	optsOut(second)
	optsOut("")
	l.hasVisitors(0)
	if p := l.owner(second); p.ExternalID != "42" {
		t.Errorf("the user is now %+v", p)
	}
}

func TestAVisitorWhoLeavesAnAddressIsALead(t *testing.T) {
	t.Parallel()
	l := setup(t)
	leaves := func(email string) answer {
		t.Helper()
		return l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "supplied_email": email})
	}
	if a := leaves("nobody"); len(a.Errors) != 1 || l.visitor(first) == nil {
		t.Errorf("what is no address gave %+v", a)
	}
	if a := leaves(" ada@example.com "); a.User.Role != "lead" || a.User.AnonymousID != first {
		t.Errorf("got %+v", a.User)
	}
	if p := l.owner(first); p.Role != people.Lead || p.Email != "ada@example.com" {
		t.Errorf("the lead is %s with %q", p.Role, p.Email)
	}
	leaves("lovelace@example.com")
	if p := l.owner(first); p.Email != "lovelace@example.com" {
		t.Errorf("the lead still has %q", p.Email)
	}
}

package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

const (
	visitorID = "11111111-1111-4111-8111-111111111111"
	pageID    = "22222222-2222-4222-8222-222222222222"
)

// servers starts some servers on one PostgreSQL database.
func servers(t *testing.T, count int, options ...testkit.Option) []*testkit.Instance {
	t.Helper()
	all := []*testkit.Instance{testkit.Start(t, append(options, testkit.OnPostgres())...)}
	for len(all) < count {
		all = append(all, all[0].Beside(t))
	}
	return all
}

// eachCount runs a test with two and with four servers.
func eachCount(t *testing.T, test func(t *testing.T, count int)) {
	t.Helper()
	for _, count := range []int{2, 4} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			t.Parallel()
			test(t, count)
		})
	}
}

// ping sends a ping to one server and returns the response, and the anonymous id in it.
func ping(t *testing.T, to *testkit.Instance, fields map[string]string, data map[string]any) (status int, anonymousID string) {
	t.Helper()
	text, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"app_id": {string(to.Workspace)}, "user_data": {string(text)}}
	for name, value := range fields {
		form.Set(name, value)
	}
	r := to.Do(t, "POST", "/messenger/web/ping", form.Encode(), "Content-Type: application/x-www-form-urlencoded", "Origin: https://shop.example",
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Authorization")
	anonymousID, _ = r.Get("user.anonymous_id").(string)
	return r.Status, anonymousID
}

// pingAsStranger sends the first ping of a new visitor to one server and returns the status.
func pingAsStranger(t *testing.T, to *testkit.Instance) (status int) {
	t.Helper()
	status, _ = ping(t, to, nil, map[string]any{"anonymous_id": workspace.RandomUUID()})
	return status
}

// refusals makes n requests and returns how many a limit refused.
func refusals(n int, request func() (status int)) (refused int) {
	for range n {
		if request() == http.StatusTooManyRequests {
			refused++
		}
	}
	return refused
}

// changeSetting changes a setting of the workspace on a server.
func changeSetting(t *testing.T, on *testkit.Instance, name, value string) {
	t.Helper()
	if _, err := on.Lobby.ChangeSettings(t.Context(), workspace.Caller{Workspace: on.Workspace}, map[string]string{name: value}); err != nil {
		t.Fatal(err)
	}
}

// visitor reads a visitor on a server.
func visitor(t *testing.T, on *testkit.Instance) *people.Person {
	t.Helper()
	p, err := on.Lobby.FindVisitor(t.Context(), workspace.Caller{Workspace: on.Workspace}, people.VisitorRef{UserID: visitorID})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAnOlderPingThatReachesAnotherServerLaterIsLate(t *testing.T) {
	t.Parallel()
	eachCount(t, func(t *testing.T, count int) {
		all := servers(t, count)
		send := func(i int, n, name, unanswered string) {
			t.Helper()
			fields := map[string]string{"s": pageID, "n": n, "u": unanswered}
			if status, _ := ping(t, all[i%count], fields, map[string]any{"anonymous_id": visitorID, "name": name}); status != http.StatusOK {
				t.Errorf("ping %s: %d", n, status)
			}
		}
		has := func(want string) {
			t.Helper()
			for i, on := range all {
				if got := visitor(t, on).Name; got != want {
					t.Errorf("server %d says %q, want %q", i, got, want)
				}
			}
		}
		send(0, "1", "Ada", "")
		send(1, "3", "Bob", "1")
		send(2, "2", "Ada", "")
		has("Bob")
		send(0, "5", "Bob", "1") // tells nothing new but that 4 is late
		send(1, "4", "Eve", "1")
		has("Bob")
		send(2, "6", "Cid", "")
		has("Cid")
	})
}

func TestAnEventThatComesAgainToAnotherServerIsStoredOnce(t *testing.T) {
	t.Parallel()
	eachCount(t, func(t *testing.T, count int) {
		all := servers(t, count)
		events := []string{`{"n":1,"event_name":"seen"}`, `{"n":2,"url":"https://shop.example/"}`, `{"n":4,"event_name":"bought"}`}
		for i := range 3 * count {
			fields := map[string]string{"s": pageID, "n": fmt.Sprint(10 + i), "deeds": "[" + strings.Join(events, ",") + "]", "u": "1"}
			ping(t, all[i%count], fields, map[string]any{"anonymous_id": visitorID})
			all[0].Clock.Pass(time.Second) // else the natural key of an event would hide the second one
		}
		found, err := all[0].Lobby.EventsOf(t.Context(), workspace.Caller{Workspace: all[0].Workspace}, visitor(t, all[0]).ID, "", 50)
		if err != nil || len(found.Events) != 2 {
			t.Errorf("%d events (%v), want 2", len(found.Events), err)
		}
	})
}

func TestABrowserThatKeepsNothingIsOneVisitorOnAllServers(t *testing.T) {
	t.Parallel()
	eachCount(t, func(t *testing.T, count int) {
		all := servers(t, count)
		ws := all[0].Workspace
		changeSetting(t, all[0], "cookie_mode", "never")
		ids := map[string]bool{}
		visit := func() {
			for _, to := range append(all, all[0].Beside(t)) { // the last has just been started
				_, id := ping(t, to, nil, map[string]any{})
				ids[id] = true
			}
		}
		visit()
		if len(ids) != 1 || ids[""] {
			t.Errorf("on one day the browser was %v", ids)
		}
		yesterday, err := all[0].Lobby.DailySalt(t.Context(), ws, workspace.DayOf(all[0].Clock.Now()))
		if err != nil {
			t.Fatal(err)
		}
		all[0].Clock.Pass(24 * time.Hour)
		visit()
		if len(ids) != 2 {
			t.Errorf("on two days the browser was %v", ids)
		}
		if err := all[1].Lobby.SweepPages(t.Context(), ws); err != nil {
			t.Fatal(err)
		}
		rows, err := all[0].Store.Dump(t.Context(), ws)
		if err != nil || len(rows["daily_salts"]) != 1 {
			t.Errorf("after the sweep there are %d salts (%v), want that of today", len(rows["daily_salts"]), err)
		}
		if strings.Contains(fmt.Sprint(rows), yesterday) {
			t.Error("the salt of yesterday is still there")
		}
	})
}

// exchange has all servers tell each other what they counted, and learn it.
func exchange(t *testing.T, all []*testkit.Instance) {
	t.Helper()
	for range 2 {
		for _, i := range all {
			if err := i.App.ExchangeCounts(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestServersLimitTheCallsOfATokenTogether(t *testing.T) {
	t.Parallel()
	eachCount(t, func(t *testing.T, count int) {
		all := servers(t, count, testkit.RateLimit(600)) // 100 a window
		calls := func(i, n int) (refused int) {
			return refusals(n, func() int { return all[i].Do(t, "GET", "/me", nil).Status })
		}
		exchange(t, all)
		for i := range all {
			if n := calls(i, 100/count); n != 0 {
				t.Errorf("server %d refuses %d calls below the limit", i, n)
			}
		}
		exchange(t, all)
		for i := range all {
			if n := calls(i, 3); n != 3 {
				t.Errorf("server %d refuses %d of 3 calls beyond the limit", i, n)
			}
		}
		all[0].Clock.Pass(10 * time.Second)
		exchange(t, all)
		if n := calls(count-1, 1); n != 0 {
			t.Error("the next window is refused, too")
		}
	})
}

func TestServersLimitAnAddressTogether(t *testing.T) {
	t.Parallel()
	eachCount(t, func(t *testing.T, count int) {
		all := servers(t, count, testkit.RateLimit(1_000_000))
		pings := func(i, n int) (refused int) {
			return refusals(n, func() int { return pingAsStranger(t, all[i]) })
		}
		changeSetting(t, all[0], "new_visitors_per_minute", "0")
		exchange(t, all)
		for i := range all {
			if n := pings(i, 60/count); n != 0 {
				t.Errorf("server %d refuses %d pings of an address below the limit", i, n)
			}
			exchange(t, all)
		}
		for i := range all {
			if n := pings(i, 3); n != 3 {
				t.Errorf("server %d refuses %d of 3 pings beyond the limit", i, n)
			}
		}
		late := all[0].Beside(t)
		exchange(t, append(all, late))
		all = append(all, late)
		if n := pings(count, 3); n < 2 {
			t.Errorf("a server that has just started refuses %d of 3", n)
		}
		all[0].Clock.Pass(7 * time.Second) // 70 tokens, of which the bucket holds 60
		if n := pings(0, 3); n != 0 {
			t.Errorf("after a pause %d of 3 are refused", n)
		}
	})
}

func TestServersLimitNewVisitorsTogether(t *testing.T) {
	t.Parallel()
	eachCount(t, func(t *testing.T, count int) {
		all := servers(t, count, testkit.RateLimit(1_000_000))
		exchange(t, all)
		const limit = 30 // new visitors a minute, the default
		admitted := 0
		for i := range limit + 10 {
			if pingAsStranger(t, all[i%count]) == http.StatusOK {
				admitted++
			}
			exchange(t, all)
		}
		// What a server keeps to itself is below two, and each may be one behind.
		if admitted < limit || admitted > limit+2*count {
			t.Errorf("%d new visitors of an address were admitted, want about %d", admitted, limit)
		}
	})
}

func TestRunningServersKnowEachOther(t *testing.T) {
	t.Parallel()
	dsn := testkit.MigratedPostgres(t)
	a, b := serve(t, "--database="+dsn), serve(t, "--database="+dsn)
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		others, err := a.Lobby.OtherNodes(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if len(others) == 2 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("there are %d servers", len(others))
		}
	}
	a.ends(t, nil)
	b.ends(t, nil)
}

// maxLag is how long a server may believe what it looked up; see the table in docs/scale.md.
const maxLag = time.Second

func TestARevokedTokenEndsOnAllServersWithinASecond(t *testing.T) {
	t.Parallel()
	eachCount(t, func(t *testing.T, count int) {
		all := servers(t, count)
		token := all[0].NewToken(t, workspace.ReadUsers)
		status := func(i int) int {
			client := *all[i].Client
			client.Token = token.Token
			return client.Do(t, "GET", "/me", nil).Status
		}
		for i := range all {
			if got := status(i); got != http.StatusOK {
				t.Errorf("server %d returned %d", i, got)
			}
		}
		if err := all[0].Lobby.RevokeToken(t.Context(), workspace.Caller{Workspace: all[0].Workspace}, token.TokenID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(maxLag)
		for i := range all {
			if got := status(i); got != http.StatusUnauthorized {
				t.Errorf("server %d returned %d a second after the token was revoked", i, got)
			}
		}
	})
}

func TestAChangedSettingCountsOnAllServersWithinASecond(t *testing.T) {
	t.Parallel()
	eachCount(t, func(t *testing.T, count int) {
		all := servers(t, count)
		keeps := func(i int) bool {
			_, id := ping(t, all[i], nil, map[string]any{"anonymous_id": visitorID})
			return id == visitorID
		}
		for i := range all {
			if !keeps(i) {
				t.Errorf("server %d changed the id", i)
			}
		}
		changeSetting(t, all[0], "cookie_mode", "never")
		time.Sleep(maxLag)
		for i := range all {
			if keeps(i) {
				t.Errorf("server %d kept the id a second after that was forbidden", i)
			}
		}
	})
}

func TestAChangedDefinitionCountsOnAllServersInTheNextSecond(t *testing.T) {
	t.Parallel()
	eachCount(t, func(t *testing.T, count int) {
		all := servers(t, count)
		c := workspace.Caller{Workspace: all[0].Workspace}
		plan := func(i int, value string) (stored bool) {
			ping(t, all[i], nil, map[string]any{"anonymous_id": visitorID, "plan": value})
			return visitor(t, all[i]).CustomAttributes["plan"] == search.TextValue(value)
		}
		for i := range all {
			if !plan(i, fmt.Sprint("gold", i)) {
				t.Errorf("server %d did not store an attribute", i)
			}
		}
		defined, err := all[0].Lobby.Attributes(t.Context(), c)
		if err != nil || len(defined) != 1 {
			t.Fatalf("%d attributes (%v)", len(defined), err)
		}
		isWritable := false
		if _, err := all[0].Lobby.UpdateAttribute(t.Context(), c, defined[0].ID, people.AttributeUpdate{MessengerWritable: &isWritable}); err != nil {
			t.Fatal(err)
		}
		all[0].Clock.Pass(time.Second)
		for i := range all {
			if plan(i, fmt.Sprint("free", i)) {
				t.Errorf("server %d stored an attribute that pages may not write", i)
			}
		}
	})
}

func TestWhenAVisitorWasSeenIsKnownElsewhereOnceItIsWritten(t *testing.T) {
	t.Parallel()
	eachCount(t, func(t *testing.T, count int) {
		all := servers(t, count)
		ping(t, all[0], nil, map[string]any{"anonymous_id": visitorID})
		all[0].Clock.Pass(time.Minute)
		now := all[0].Clock.Now().Unix()
		ping(t, all[1], nil, map[string]any{"anonymous_id": visitorID})
		if got := visitor(t, all[1]).LastSeenAt; got != now {
			t.Errorf("the server itself says %d, want %d", got, now)
		}
		if err := all[1].Store.Flush(t.Context()); err != nil { // which runs every five seconds
			t.Fatal(err)
		}
		for i, on := range all {
			if got := visitor(t, on).LastSeenAt; got != now {
				t.Errorf("server %d says %d, want %d", i, got, now)
			}
		}
	})
}

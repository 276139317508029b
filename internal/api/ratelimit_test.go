package api_test

import (
	"strconv"
	"testing"
	"time"

	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

func TestATokenMayCallSoOftenInTenSeconds(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t, testkit.RateLimit(20)) // a minute, which is 4 in ten seconds, rounded up
	other := s.NewToken(t, workspace.AllScopes...)
	s.Clock.Set(testkit.Began + 3)
	reset := strconv.FormatInt(testkit.Began+10, 10)
	limits := func(r *testkit.Response) string {
		h := r.Header
		return h.Get("X-RateLimit-Limit") + " " + h.Get("X-RateLimit-Remaining") + " " + h.Get("X-RateLimit-Reset") + " " + h.Get("Retry-After")
	}
	for i, path := range []string{"/lobby/v1/visitors", "/visitors?id=none", "/visitors", "/contacts/x"} { // refusals count as well
		if got, want := limits(s.Do(t, "GET", path, nil)), "4 "+strconv.Itoa(3-i)+" "+reset+" "; got != want {
			t.Errorf("call %d: limits are %q, want %q", i, got, want)
		}
	}
	for range 2 {
		r := s.Do(t, "POST", "/lobby/v1/visitors", `{}`)
		if got, want := limits(r), "4 0 "+reset+" 7"; got != want {
			t.Errorf("beyond the limit: limits are %q, want %q", got, want)
		}
		if want := "rate_limit_exceeded: Exceeded rate limit of 4 in 10_seconds"; r.Status != 429 || r.Refusal() != want {
			t.Errorf("beyond the limit: %d %s", r.Status, r.Text)
		}
	}
	if r := other.Do(t, "GET", "/lobby/v1/visitors", nil); r.Status != 200 || len(r.Get("data").([]any)) != 0 {
		t.Errorf("another token: %d %s", r.Status, r.Text)
	}
	s.Clock.Pass(7 * time.Second)
	if r := s.Do(t, "GET", "/lobby/v1/visitors", nil); r.Status != 200 || r.Header.Get("X-RateLimit-Remaining") != "3" {
		t.Errorf("in the next ten seconds: %d %s", r.Status, r.Text)
	}
}

func TestWithoutALimitNobodyIsToldOfOne(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	if r := s.Do(t, "GET", "/lobby/v1/visitors", nil); r.Header.Get("X-RateLimit-Limit") != "" {
		t.Errorf("the limit is %q", r.Header.Get("X-RateLimit-Limit"))
	}
}

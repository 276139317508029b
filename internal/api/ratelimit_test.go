package api_test

import (
	"strconv"
	"strings"
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

func TestWithoutALimitTheUsualOneIsToldAndNeverUsedUp(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	s.Clock.Set(testkit.Began + 3)
	for range 3 {
		for do, status := range map[string]int{
			"GET /lobby/v1/visitors": 200, "GET /visitors": 400, "GET /contacts/x": 404, "GET /nothing": 404, "PATCH /contacts": 405,
		} {
			method, path, _ := strings.Cut(do, " ")
			r := s.Do(t, method, path, nil)
			got := r.Header.Get("X-RateLimit-Limit") + " " + r.Header.Get("X-RateLimit-Remaining") + " " + r.Header.Get("X-RateLimit-Reset")
			if want := "1667 1667 " + strconv.FormatInt(testkit.Began+10, 10); r.Status != status || got != want {
				t.Errorf("%s: %d with %q, want %d with %q", do, r.Status, got, status, want)
			}
		}
	}
	if r := s.Do(t, "GET", "/contacts", nil, "Authorization:"); r.Status != 401 || r.Header.Get("X-RateLimit-Limit") != "" {
		t.Errorf("without a token: %d, the limit is %q", r.Status, r.Header.Get("X-RateLimit-Limit"))
	}
}

func TestUnknownPathsCountAgainstTheLimit(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t, testkit.RateLimit(6)) // one in ten seconds
	s.Clock.Set(testkit.Began)
	for i, want := range []int{404, 429, 429} {
		if r := s.Do(t, "GET", "/nothing", nil); r.Status != want {
			t.Errorf("call %d: %d, want %d", i, r.Status, want)
		}
	}
	if r := s.Do(t, "GET", "/nothing", nil, "Authorization:"); r.Status != 404 {
		t.Errorf("without a token: %d", r.Status)
	}
}

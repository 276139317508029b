package lobbytest_test

import (
	"net/http"
	"strings"
	"testing"

	"lobby/lobbytest"
)

// create makes a contact, and returns the status.
func create(t *testing.T, s *lobbytest.Server, externalID string) int {
	t.Helper()
	r, err := http.NewRequest("POST", s.URL+"/contacts", strings.NewReader(`{"role":"user","external_id":"`+externalID+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.Token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close() //nolint:errcheck // only the status counts
	return response.StatusCode
}

func TestAServerRunsWithinATest(t *testing.T) {
	t.Parallel()
	s := lobbytest.Start(t, "--app-id=shop", "--strict")
	if s.AppID != "shop" {
		t.Errorf("the app id is %q", s.AppID)
	}
	if status := create(t, s, "a"); status != 200 {
		t.Errorf("status %d", status)
	}
	if status := create(t, s, "a"); status != 409 {
		t.Errorf("status %d", status)
	}
	s.Reset(t)
	s.Advance(t, "10 months")
	if status := create(t, s, "a"); status != 200 {
		t.Errorf("after a reset: status %d", status)
	}
	t.Run("parallel", func(t *testing.T) {
		for range 3 {
			t.Run("workspace", func(t *testing.T) {
				t.Parallel()
				own := s.Workspace(t)
				for range 2 {
					if status := create(t, own, "a"); status != 200 {
						t.Errorf("status %d", status)
					}
					own.Reset(t)
				}
			})
		}
	})
	if status := create(t, s, "a"); status != 409 {
		t.Errorf("the first workspace was reset, too: status %d", status)
	}
}

// BenchmarkTests runs tests of ten calls each: in workspaces of their own, or in the one workspace.
func BenchmarkTests(b *testing.B) {
	for name, isOwn := range map[string]bool{"own workspaces": true, "one workspace": false} {
		b.Run(name, func(b *testing.B) {
			s := lobbytest.Start(b)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					oneTest(b, s, isOwn)
				}
			})
		})
	}
}

func oneTest(b *testing.B, s *lobbytest.Server, isOwn bool) {
	if isOwn {
		var made struct {
			ID          string `json:"id"`
			AccessToken string `json:"access_token"`
		}
		first := s
		first.Control(b, "POST", "workspaces", struct{}{}, &made)
		s = &lobbytest.Server{URL: s.URL, Token: made.AccessToken}
		defer first.Control(b, "DELETE", "workspaces/"+made.ID, nil, nil)
	}
	for range 10 {
		r, err := http.NewRequest("POST", s.URL+"/contacts", strings.NewReader(`{"role":"lead"}`))
		if err != nil {
			b.Error(err)
			return
		}
		r.Header.Set("Authorization", "Bearer "+s.Token)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Error(err)
			return
		}
		response.Body.Close() //nolint:errcheck // only the status counts
		if response.StatusCode != 200 {
			b.Errorf("status %d", response.StatusCode)
			return
		}
	}
}

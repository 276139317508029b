package lobbytest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"lobby/lobbytest"
)

// create makes a contact, and returns the status.
func create(t testing.TB, s *lobbytest.Server, contact string) int {
	t.Helper()
	r, err := http.NewRequest("POST", s.URL+"/contacts", strings.NewReader(contact))
	if err != nil {
		t.Error(err)
		return 0
	}
	r.Header.Set("Authorization", "Bearer "+s.Token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer response.Body.Close()                                   //nolint:errcheck // it is read to its end
	if _, err := io.Copy(io.Discard, response.Body); err != nil { // so that the connection is used again
		t.Error(err)
	}
	return response.StatusCode
}

// a is a user.
const a = `{"role":"user","external_id":"a"}`

func TestAServerRunsWithinATest(t *testing.T) {
	t.Parallel()
	s := lobbytest.Start(t, "--app-id=shop", "--strict")
	if s.AppID != "shop" {
		t.Errorf("the app id is %q", s.AppID)
	}
	if status := create(t, s, a); status != 200 {
		t.Errorf("status %d", status)
	}
	if status := create(t, s, a); status != 409 {
		t.Errorf("status %d", status)
	}
	s.Reset(t)
	s.Advance(t, "10 months")
	if status := create(t, s, a); status != 200 {
		t.Errorf("after a reset: status %d", status)
	}
	t.Run("parallel", func(t *testing.T) {
		for range 3 {
			t.Run("workspace", func(t *testing.T) {
				t.Parallel()
				own := s.Workspace(t)
				for range 2 {
					if status := create(t, own, a); status != 200 {
						t.Errorf("status %d", status)
					}
					own.Reset(t)
				}
			})
		}
	})
	if status := create(t, s, a); status != 409 {
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
		if status := create(b, s, `{"role":"lead"}`); status != 200 {
			b.Errorf("status %d", status)
			return
		}
	}
}

// Package lobbytest runs a Lobby within a Go test, as a stand-in for the API. It is the server that lobby serve --test starts.
// Tests call it and talk to the server over HTTP; see docs/testing.md for what its control door can do.
package lobbytest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"lobby/internal/app"
)

// Server is a server that runs until its test ends.
type Server struct {
	// URL is where the API is, and Token an access token of the workspace.
	URL, Token string
	// AppID is the id of the workspace.
	AppID string
	// door is the token that opens the control door, and own whether the server stands for one workspace of another.
	door string
	own  bool
}

// Start starts a server with the options of lobby serve, such as "--strict" or "--seed=people.ndjson". Data are in memory
// unless "--data" is given. It ends with t, and fails t when it cannot start.
func Start(t testing.TB, options ...string) *Server {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	running, err := app.StartTest(t.Context(), options, func(string) string { return "" }, "lobbytest", log)
	if err != nil {
		t.Fatalf("lobbytest: %v", err)
	}
	t.Cleanup(func() {
		if err := running.Stop(); err != nil {
			t.Errorf("lobbytest: %v", err)
		}
	})
	return &Server{URL: running.URL, Token: running.Token, AppID: string(running.AppID), door: running.Token}
}

// Workspace makes another workspace in the server, so that tests run in parallel. It is dropped when t ends.
func (s *Server) Workspace(t testing.TB) *Server {
	t.Helper()
	var made struct {
		ID          string `json:"id"`
		AccessToken string `json:"access_token"`
	}
	s.Control(t, "POST", "workspaces", struct{}{}, &made)
	t.Cleanup(func() { s.Control(t, "DELETE", "workspaces/"+made.ID, nil, nil) })
	return &Server{URL: s.URL, Token: made.AccessToken, AppID: made.ID, door: s.door, own: true}
}

// Reset puts everything back to what it was at the start; for a server that [Server.Workspace] returned, only its workspace.
func (s *Server) Reset(t testing.TB) {
	t.Helper()
	what := map[string]string{}
	if s.own {
		what["workspace"] = s.AppID
	}
	s.Control(t, "POST", "reset", what, nil)
}

// Advance freezes the clock, moves it by a length of time as "10 months", and waits for all that is due by then.
func (s *Server) Advance(t testing.TB, by string) {
	t.Helper()
	s.Control(t, "POST", "clock", map[string]any{"freeze": true, "advance": by}, nil)
}

// door keeps a connection for each of many tests that run in parallel.
var door = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}

// controlTimeout is how long a call of the control door may take, but for one that waits.
const controlTimeout = 2 * time.Minute

// Control calls an operation of the control door, whose path begins after /lobby/v1/test/. It reads the response into out, and
// fails t when it is an error. In and out may be nil.
func (s *Server) Control(t testing.TB, method, path string, in, out any) {
	t.Helper()
	if err := s.control(method, path, in, out); err != nil {
		t.Fatalf("lobbytest: %s %s: %v", method, path, err)
	}
}

func (s *Server) control(method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	if in == nil {
		body = nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, s.URL+"/lobby/v1/test/"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.door)
	response, err := door.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // it is read to its end
	text, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return err
	case response.StatusCode >= 300:
		return fmt.Errorf("%d %s", response.StatusCode, text)
	case out == nil:
		return nil
	}
	return json.Unmarshal(text, out)
}

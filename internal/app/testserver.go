package app

import (
	"context"
	"errors"
	"log/slog"
	"net"

	"lobby/internal/config"
	"lobby/internal/workspace"
)

// TestServer is a stand-in for tests that serves on a free port of this machine.
type TestServer struct {
	*App
	URL, Token string
	AppID      workspace.ID

	stop context.CancelFunc
	done chan error
}

// StartTest starts a stand-in with the arguments of lobby serve, to which it adds --test. It serves until [TestServer.Stop].
// Errors: mistakes in the arguments.
func StartTest(ctx context.Context, args []string, getenv func(string) string, version string, log *slog.Logger) (*TestServer, error) {
	cfg, words, err := config.Parse(config.Serve, append([]string{"--test", "--drain-delay=1ms"}, args...), getenv)
	if err == nil && len(words) > 0 {
		err = errors.New("the arguments have more than options")
	}
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &TestServer{URL: "http://" + listener.Addr().String(), done: make(chan error, 1)}
	if s.App, err = New(ctx, Options{Config: cfg, Version: version, Log: log}); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := s.begin(ctx, cfg); err != nil {
		return nil, errors.Join(err, s.Close(), listener.Close())
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	go func() { s.done <- s.Serve(serving, listener) }()
	return s, nil
}

// begin makes the first workspace, or a token for the one that is there.
func (s *TestServer) begin(ctx context.Context, cfg config.Config) error {
	all, created, err := s.Lobby.FirstWorkspace(ctx, workspace.Draft{ID: workspace.ID(cfg.AppID), AccessToken: cfg.AccessToken})
	if err != nil {
		return err
	}
	s.AppID = all[0].ID
	if created != nil {
		s.Token = created.Token.Secret
	} else {
		token, err := s.Lobby.CreateToken(ctx, all[0].Caller(), workspace.TokenDraft{Name: "lobby test", Scopes: workspace.AllScopes})
		if err != nil {
			return err
		}
		s.Token = token.Secret
	}
	return s.BeginTest(ctx, s.AppID)
}

// Stop ends the server. Nothing of it is left, but the data of --data.
func (s *TestServer) Stop() error {
	s.stop()
	return errors.Join(<-s.done, s.Close())
}

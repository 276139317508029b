package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"
	"time"

	"lobby/internal/cache"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// authenticate finds the token and the workspace of a request, or errToken.
func (a *API) authenticate(c *call) error {
	secrets := secretsOf(c.r)
	for _, secret := range secrets {
		token, ws, err := a.tokens.get(c.r.Context(), secret)
		if err == nil && !token.Works(a.lobby.Unix()) {
			continue // it has expired since it was looked up
		}
		if err == nil {
			c.token, c.workspace = token, ws
			c.r = c.r.WithContext(workspace.Within(c.r.Context(), ws.ID))
			return nil
		}
		if !errors.Is(err, workspace.ErrTokenNotFound) {
			return err
		}
	}
	return errToken
}

// WorkspaceOf returns the workspace of a request's token, and "" when there is no valid one.
func (a *API) WorkspaceOf(r *http.Request) workspace.ID {
	c := &call{r: r}
	if a.authenticate(c) != nil {
		return ""
	}
	return c.workspace.ID
}

// secretsOf returns what may be the access token: a Bearer token, or, as older clients send it, the user name or the
// password of Basic authentication.
func secretsOf(r *http.Request) []string {
	header := r.Header.Get("Authorization")
	if scheme, secret, ok := strings.Cut(header, " "); ok && strings.EqualFold(scheme, "Bearer") {
		if secret = strings.TrimSpace(secret); secret != "" {
			return []string{secret}
		}
		return nil
	}
	user, password, _ := r.BasicAuth()
	var secrets []string
	for _, s := range []string{user, password} {
		if s != "" {
			secrets = append(secrets, s)
		}
	}
	return secrets
}

// tokenLife is how long a token is believed without asking the store: how long a revoked one may still work.
const tokenLife = time.Second

// maxTokens bounds the memory that tokens in use may take.
const maxTokens = 10_000

// tokenCache remembers tokens for a moment, by their hash. Those that do not exist are not remembered, so guesses
// cannot fill it.
type tokenCache struct {
	lobby *people.Lobby
	known *cache.Cache[[sha256.Size]byte, knownToken]
}

type knownToken struct {
	token     *workspace.Token
	workspace *workspace.Workspace
}

func newTokenCache(lobby *people.Lobby) *tokenCache {
	known := cache.New[[sha256.Size]byte, knownToken](tokenLife, maxTokens)
	lobby.Watch(func(workspace.ID) { known.Clear() }) // tokens know their workspace
	return &tokenCache{lobby: lobby, known: known}
}

func (t *tokenCache) get(ctx context.Context, secret string) (*workspace.Token, *workspace.Workspace, error) {
	known, err := t.known.Get(sha256.Sum256([]byte(secret)), func() (found knownToken, err error) {
		found.token, found.workspace, err = t.lobby.Authenticate(ctx, secret)
		return found, err
	})
	return known.token, known.workspace, err
}

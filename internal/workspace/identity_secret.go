package workspace

import (
	"context"
	"errors"
	"slices"
)

// ErrIdentitySecretNotFound refuses an identity secret.
var ErrIdentitySecretNotFound = errors.New("no such identity secret")

// Platform says where a person is met: each has secrets of its own.
type Platform string

// The platforms.
const (
	Web     Platform = "web"
	IOS     Platform = "ios"
	Android Platform = "android"
)

// Platforms are all of them.
var Platforms = []Platform{Web, IOS, Android}

// IdentitySecret is a key by which a site or an app proves who its users are. All secrets of a platform are good at
// once, so that one can take the place of another without a moment in which nobody can sign in.
type IdentitySecret struct {
	Workspace ID
	ID        int64
	Platform  Platform
	Secret    string
	CreatedAt int64
}

// Masked returns the secret as it is shown once it is made: its last four characters tell it from others.
func (s *IdentitySecret) Masked() string {
	text := []rune(s.Secret)
	return "…" + string(text[max(0, len(text)-4):])
}

// SecretsOf returns the secrets of a platform.
func (ws *Workspace) SecretsOf(p Platform) []string {
	var all []string
	for _, s := range ws.IdentitySecrets {
		if s.Platform == p {
			all = append(all, s.Secret)
		}
	}
	return all
}

// A secret is as long as nobody can guess it, and no longer than anybody needs.
const shortestSecret, longestSecret = 16, 255

// CreateIdentitySecret adds a secret: the one given, which a site may have from elsewhere, or, when that is empty, a new
// one. InvalidError.
func (g *Registry) CreateIdentitySecret(ctx context.Context, c Caller, p Platform, secret string) (*IdentitySecret, error) {
	if !slices.Contains(Platforms, p) {
		return nil, Invalid("platform", "must be web, ios or android")
	}
	if secret == "" {
		secret = g.Secret(40)
	} else if len(secret) < shortestSecret || len(secret) > longestSecret {
		return nil, Invalid("secret", "must have 16 to 255 bytes")
	}
	defer g.written(c.Workspace)
	return Write(ctx, g.Store, func(w Writer) (created *IdentitySecret, err error) {
		if found, err := w.Workspace(c.Workspace); err != nil {
			return nil, err
		} else if found == nil {
			return nil, ErrWorkspaceNotFound
		}
		return g.createIdentitySecret(w, c.Workspace, p, secret)
	})
}

func (g *Registry) createIdentitySecret(w Writer, ws ID, p Platform, secret string) (*IdentitySecret, error) {
	id, err := w.NextNumber(ws, "identity secret")
	if err != nil {
		return nil, err
	}
	s := &IdentitySecret{Workspace: ws, ID: id, Platform: p, Secret: secret, CreatedAt: g.Unix()}
	return s, w.InsertIdentitySecret(s)
}

// DeleteIdentitySecret takes a secret away; what it proved so far stays proven. ErrIdentitySecretNotFound.
func (g *Registry) DeleteIdentitySecret(ctx context.Context, c Caller, id int64) error {
	defer g.written(c.Workspace)
	return g.Store.Write(ctx, func(w Writer) error {
		deleted, err := w.DeleteIdentitySecret(c.Workspace, id)
		if err == nil && !deleted {
			err = ErrIdentitySecretNotFound
		}
		return err
	})
}

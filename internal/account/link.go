package account

import (
	"context"
	"errors"

	"lobby/internal/workspace"
)

// ErrLinkNotFound refuses a link that was used, has expired, or never was.
var ErrLinkNotFound = errors.New("the link was used already, or has expired")

// How long links work, in seconds.
const (
	linkLife       = 60 * 60
	invitationLife = 3 * 24 * 60 * 60
)

// Link lets somebody in once, without a password. Its secret is not kept, only a hash.
type Link struct {
	Hash string
	// LoginID is who comes in by it; empty for the link that sets a server up.
	LoginID   string
	CreatedAt int64
	ExpiresAt int64
}

// SetupLink returns the secret of a link that sets the server up, and "" when somebody can sign in already. It works for
// an hour, and until there is a login.
func (a *Accounts) SetupLink(ctx context.Context) (string, error) {
	return workspace.Write(ctx, a.Store, func(w Writer) (string, error) {
		if has, err := w.HasLogins(); err != nil || has {
			return "", err
		}
		return a.createLink(w, "", linkLife)
	})
}

// CreateLink returns the secret of a link by which a login comes in once within an hour. Errors: ErrLoginNotFound.
func (a *Accounts) CreateLink(ctx context.Context, email string) (string, error) {
	return workspace.Write(ctx, a.Store, func(w Writer) (string, error) {
		login, err := w.LoginByEmail(email)
		if err != nil {
			return "", err
		}
		if login == nil {
			return "", ErrLoginNotFound
		}
		return a.createLink(w, login.ID, linkLife)
	})
}

func (a *Accounts) createLink(w Writer, loginID string, life int64) (string, error) {
	secret, now := a.Secret(secretLength), a.Unix()
	return secret, w.InsertLink(&Link{Hash: workspace.HashToken(secret), LoginID: loginID, CreatedAt: now, ExpiresAt: now + life})
}

// FindLink returns the login that a link lets in; nil when it sets the server up. The link can still be used. Errors:
// ErrLinkNotFound.
func (a *Accounts) FindLink(ctx context.Context, secret string) (*Login, error) {
	return workspace.Read(ctx, a.Store, func(r Reader) (*Login, error) {
		link, err := r.Link(workspace.HashToken(secret))
		if err != nil {
			return nil, err
		}
		if link == nil || link.ExpiresAt <= a.Unix() {
			return nil, ErrLinkNotFound
		}
		if link.LoginID == "" {
			if has, err := r.HasLogins(); err != nil || has {
				return nil, errors.Join(err, ErrLinkNotFound)
			}
			return nil, nil
		}
		login, err := r.Login(link.LoginID)
		if err == nil && login == nil {
			err = ErrLinkNotFound
		}
		return login, err
	})
}

// UseLink returns the secret of a new session for the login that a link lets in. The link is used up. Errors:
// ErrLinkNotFound.
func (a *Accounts) UseLink(ctx context.Context, secret string) (string, error) {
	login, err := a.FindLink(ctx, secret)
	if err != nil {
		return "", err
	}
	if login == nil {
		return "", ErrLinkNotFound
	}
	return workspace.Write(ctx, a.Store, func(w Writer) (string, error) {
		link, err := a.takeLink(w, secret, login.ID)
		if err != nil {
			return "", err
		}
		return a.beginSession(w, link.LoginID)
	})
}

// takeLink uses a link up, which must be for this login.
func (a *Accounts) takeLink(w Writer, secret, loginID string) (*Link, error) {
	hash := workspace.HashToken(secret)
	link, err := w.Link(hash)
	if err != nil {
		return nil, err
	}
	if link == nil || link.ExpiresAt <= a.Unix() || link.LoginID != loginID {
		return nil, ErrLinkNotFound
	}
	taken, err := w.DeleteLink(hash)
	if err == nil && !taken {
		err = ErrLinkNotFound
	}
	return link, err
}

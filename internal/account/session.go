package account

import (
	"context"
	"errors"

	"lobby/internal/workspace"
)

// ErrSignedOut says that a session has ended, or never was.
var ErrSignedOut = errors.New("nobody is signed in")

const (
	// sessionIdle and sessionLife are how many seconds a session lasts after its last use, and at most.
	sessionIdle = 3 * 24 * 60 * 60
	sessionLife = 30 * 24 * 60 * 60
	// touchPause is how many seconds pass until a use is written down again.
	touchPause = 5 * 60
	// secretLength is in letters and digits, of a little over five bits each.
	secretLength = 40
)

// Session is a browser in which somebody is signed in. Its secret is not kept, only a hash.
type Session struct {
	Hash      string
	LoginID   string
	CreatedAt int64
	UsedAt    int64 // true to five minutes
}

// Presence is somebody who is signed in.
type Presence struct {
	Login   *Login
	Session *Session
	// Memberships are what the login may enter now, the oldest workspace first.
	Memberships []*Membership
}

// Membership returns the presence's membership in a workspace; nil for none.
func (p *Presence) Membership(ws workspace.ID) *Membership {
	for _, m := range p.Memberships {
		if m.Workspace == ws {
			return m
		}
	}
	return nil
}

func (a *Accounts) beginSession(w Writer, loginID string) (secret string, err error) {
	secret = a.Secret(secretLength)
	now := a.Unix()
	return secret, w.InsertSession(&Session{Hash: workspace.HashToken(secret), LoginID: loginID, CreatedAt: now, UsedAt: now})
}

// Present returns who is signed in by the secret of a session, and notes that it was used. Errors: ErrSignedOut.
func (a *Accounts) Present(ctx context.Context, secret string) (*Presence, error) {
	now := a.Unix()
	p, err := workspace.Read(ctx, a.Store, func(r Reader) (*Presence, error) {
		s, err := r.Session(workspace.HashToken(secret))
		if err != nil {
			return nil, err
		}
		if s == nil || now >= s.UsedAt+sessionIdle || now >= s.CreatedAt+sessionLife {
			return nil, ErrSignedOut
		}
		p := &Presence{Session: s}
		if p.Login, err = r.Login(s.LoginID); err != nil {
			return nil, err
		}
		if p.Login == nil {
			return nil, ErrSignedOut
		}
		p.Memberships, err = r.Memberships(s.LoginID)
		return p, err
	})
	if err != nil || now-p.Session.UsedAt < touchPause {
		return p, err
	}
	return p, a.Store.Write(ctx, func(w Writer) error { return w.TouchSession(p.Session.Hash, now) })
}

// SignOut ends a session.
func (a *Accounts) SignOut(ctx context.Context, p *Presence) error {
	return a.Store.Write(ctx, func(w Writer) error { return w.DeleteSession(p.Session.Hash) })
}

// SignOutOthers ends the login's sessions in all other browsers.
func (a *Accounts) SignOutOthers(ctx context.Context, p *Presence) error {
	return a.Store.Write(ctx, func(w Writer) error { return w.DeleteSessions(p.Login.ID, p.Session.Hash) })
}

// Sessions returns the sessions of a login that have not ended, the last used first.
func (a *Accounts) Sessions(ctx context.Context, p *Presence) (open []*Session, err error) {
	now := a.Unix()
	all, err := workspace.Read(ctx, a.Store, func(r Reader) ([]*Session, error) { return r.Sessions(p.Login.ID) })
	for _, s := range all {
		if now < s.UsedAt+sessionIdle && now < s.CreatedAt+sessionLife {
			open = append(open, s)
		}
	}
	return open, err
}

// Sweep deletes the sessions, links and counts of attempts that have ended.
func (a *Accounts) Sweep(ctx context.Context) error {
	now := a.Unix()
	return a.Store.Write(ctx, func(w Writer) error {
		return w.DeleteEnded(now-sessionLife, now-sessionIdle, now, now-attemptWindow)
	})
}

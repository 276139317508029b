package account

import (
	"context"
	"errors"
	"strings"

	"lobby/internal/workspace"
)

// The errors of logins.
var (
	ErrLoginNotFound = errors.New("no login has that email address")
	ErrSetUp         = errors.New("somebody has set this server up already")
	// ErrRefused does not say whether it was the address or the password that is wrong.
	ErrRefused = errors.New("the email address or the password is wrong")
)

// Login is a human who may open the pages. It is known to the whole server; its memberships say what it may enter.
type Login struct {
	ID    string // 24 hexadecimal digits
	Email string // unique on the server by workspace.EmailKey
	// PasswordHash is in the form that argon2 programs share; empty for a login that enters by links only.
	PasswordHash string
	CreatedAt    int64
}

// Credentials are what somebody chooses who sets a server up.
type Credentials struct{ Name, Email, Password string }

// IsSetUp reports whether anybody can sign in.
func (a *Accounts) IsSetUp(ctx context.Context) (bool, error) {
	return workspace.Read(ctx, a.Store, func(r Reader) (bool, error) { return r.HasLogins() })
}

// SetUp makes the first login by the link of [Accounts.SetupLink], which is used up. The login owns every workspace, as
// the admin with its address or as the nameless first one. It returns the secret of a session. Errors: ErrLinkNotFound,
// ErrSetUp, workspace.InvalidError.
func (a *Accounts) SetUp(ctx context.Context, link string, c Credentials) (string, error) {
	c.Name, c.Email = strings.TrimSpace(c.Name), strings.TrimSpace(c.Email)
	if err := c.check(); err != nil {
		return "", err
	}
	hash, err := a.hashPassword(ctx, c.Password)
	if err != nil {
		return "", err
	}
	return workspace.Write(ctx, a.Store, func(w Writer) (string, error) {
		all, err := w.Workspaces() // setups on several servers take turns
		if err != nil {
			return "", err
		}
		if has, err := w.HasLogins(); err != nil || has {
			return "", errors.Join(err, ErrSetUp)
		}
		if _, err := a.takeLink(w, link, ""); err != nil {
			return "", err
		}
		login := &Login{ID: a.IDAt(a.Unix()), Email: c.Email, PasswordHash: hash, CreatedAt: a.Unix()}
		if err := w.InsertLogin(login); err != nil {
			return "", err
		}
		for _, ws := range all {
			caller := ws.Caller()
			if _, err := a.join(w, caller, login, c.Name, Owner); err != nil {
				return "", err
			}
		}
		return a.beginSession(w, login.ID)
	})
}

func (c *Credentials) check() error {
	if err := workspace.CheckName(c.Name); err != nil {
		return err
	}
	if err := checkAddress(c.Email); err != nil {
		return err
	}
	return checkPassword(c.Password, c.Email)
}

func checkAddress(email string) error {
	if email == "" {
		return workspace.Invalid("email", "is blank")
	}
	return workspace.CheckEmail("email", email)
}

// SignIn returns the secret of a new session for the right password. address is the network from which it is asked.
// Errors: ErrRefused, [ThrottledError].
func (a *Accounts) SignIn(ctx context.Context, email, password, address string) (string, error) {
	if !workspace.IsText(email) || len(email) > maxEmail || len(password) > maxPassword {
		return "", ErrRefused
	}
	if err := a.countAttempt(ctx, email, address); err != nil {
		return "", err
	}
	login, err := workspace.Read(ctx, a.Store, func(r Reader) (*Login, error) { return r.LoginByEmail(email) })
	if err != nil {
		return "", err
	}
	known := noPassword // hashed all the same, so that the time does not tell who has a login
	if login != nil && login.PasswordHash != "" {
		known = login.PasswordHash
	}
	if right, err := a.isPassword(ctx, password, known); err != nil || !right {
		return "", errors.Join(err, ErrRefused)
	}
	return workspace.Write(ctx, a.Store, func(w Writer) (string, error) {
		now, err := w.Login(login.ID)
		if err != nil {
			return "", err
		}
		if now == nil || now.PasswordHash != known { // changed meanwhile
			return "", ErrRefused
		}
		if err := w.DeleteAttempts(accountKey(email)); err != nil {
			return "", err
		}
		return a.beginSession(w, login.ID)
	})
}

// SetPassword gives a login another password and ends its other sessions. It asks for the old password where there is one.
// Errors: ErrRefused, [ThrottledError], workspace.InvalidError.
func (a *Accounts) SetPassword(ctx context.Context, p *Presence, old, password, address string) error {
	if err := checkPassword(password, p.Login.Email); err != nil {
		return err
	}
	if p.Login.PasswordHash != "" {
		if err := a.countAttempt(ctx, p.Login.Email, address); err != nil {
			return err
		}
		if right, err := a.isPassword(ctx, old, p.Login.PasswordHash); err != nil || !right {
			return errors.Join(err, ErrRefused)
		}
	}
	hash, err := a.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return a.Store.Write(ctx, func(w Writer) error {
		now, err := w.Login(p.Login.ID)
		if err != nil {
			return err
		}
		if now == nil || now.PasswordHash != p.Login.PasswordHash {
			return ErrRefused
		}
		if err := w.SetPasswordHash(now.ID, hash); err != nil {
			return err
		}
		if err := w.DeleteAttempts(accountKey(now.Email)); err != nil {
			return err
		}
		return w.DeleteSessions(now.ID, p.Session.Hash)
	})
}

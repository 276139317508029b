package visit

import (
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// MaxBrowserSession is the max life of a browser session in seconds, and its default.
const MaxBrowserSession = 7 * 24 * 60 * 60

// sessionTokenLength is the length of a session token in characters; it has over 128 bits of randomness.
const sessionTokenLength = 26

// heldSession returns the browser session of a token and a device. It is nil when there is none, when it has expired, or
// when it belongs to another device.
func (vs Visits) heldSession(r people.Reader, ws workspace.ID, token, device string) (*people.BrowserSession, error) {
	if token == "" || device == "" {
		return nil, nil
	}
	t, err := r.BrowserSession(ws, workspace.HashToken(token))
	if err != nil || t == nil || t.DeviceID != device || t.ExpiresAt <= vs.Unix() {
		return nil, err
	}
	return t, nil
}

// userOfSession returns the user of a browser session, or nil when that person cannot be signed in. That is one who is
// gone, archived, blocked, unverified, or not a user.
func userOfSession(r people.Reader, t *people.BrowserSession) (*people.Person, error) {
	p, err := r.Person(t.Workspace, t.PersonID)
	if err == nil && p != nil {
		p, err = people.Follow(r, p)
	}
	if err != nil || p == nil || p.Role != people.User || p.State != people.Active || p.Unverified {
		return nil, err
	}
	return p, nil
}

// renewSession returns the token with which a browser stays signed in: its own, extended, or a new one that replaces it. It
// is "" when the session ends, and for a browser without a device id.
func (vs Visits) renewSession(w people.Writer, s *SignIn, user *people.Person) (string, error) {
	if s.Ends {
		return "", w.DeleteBrowserSession(user.Workspace, workspace.HashToken(s.SessionToken))
	}
	held, err := vs.heldSession(w, user.Workspace, s.SessionToken, s.Device)
	if err != nil || s.Device == "" {
		return "", err
	}
	life := int64(MaxBrowserSession)
	if s.SessionLife > 0 {
		life = min(life, s.SessionLife)
	}
	if held != nil {
		whose, err := userOfSession(w, held)
		if err != nil {
			return "", err
		}
		if whose != nil && whose.ID == user.ID && held.Life == life {
			if left := held.ExpiresAt - vs.Unix(); left > life-life/8 {
				return s.SessionToken, nil
			}
			held.ExpiresAt = vs.Unix() + life
			return s.SessionToken, w.PutBrowserSession(held)
		}
		if err := w.DeleteBrowserSession(user.Workspace, held.Hash); err != nil {
			return "", err
		}
	}
	token := vs.Secret(sessionTokenLength)
	return token, w.PutBrowserSession(&people.BrowserSession{
		Workspace: user.Workspace, Hash: workspace.HashToken(token), PersonID: user.ID, DeviceID: s.Device, Life: life, ExpiresAt: vs.Unix() + life,
	})
}

package account

import (
	"context"
	"errors"
	"slices"
	"strings"

	"lobby/internal/workspace"
)

// The errors of memberships.
var (
	ErrMember         = errors.New("that address is in the team already")
	ErrMemberNotFound = errors.New("no such member of the team")
	ErrLastOwner      = errors.New("a workspace needs an owner")
)

// Role says what a member may do in a workspace.
type Role string

// The roles.
const (
	Owner    Role = "owner"     // everything, who else may enter included
	Teammate Role = "teammate"  // everything about people that can be undone
	ReadOnly Role = "read-only" // look
)

// Roles are all roles, the mightiest first.
var Roles = []Role{Owner, Teammate, ReadOnly}

// MayWrite reports whether the role may change people.
func (r Role) MayWrite() bool { return r == Owner || r == Teammate }

// MayManage reports whether the role may erase people, and decide who may enter.
func (r Role) MayManage() bool { return r == Owner }

// Membership lets a login into a workspace, as one of its admins.
type Membership struct {
	Workspace workspace.ID
	LoginID   string
	AdminID   int64
	Role      Role
	CreatedAt int64

	// A store fills these when it reads.
	WorkspaceName, AdminName, Email string
	// Alone says that the login may enter no other workspace.
	Alone bool
	// HasPassword says that the login has chosen a password.
	HasPassword bool
}

// Invitation is somebody who is to be let into a workspace.
type Invitation struct {
	Name, Email string
	Role        Role
}

// Invite lets somebody into a workspace, as the admin with that address or as a new one. It returns the secret of a link
// that works once within three days, and "" for an address that has a login already: who owns one workspace must not get
// into another by inviting one of its members. Errors: ErrMember, workspace.ErrWorkspaceNotFound, workspace.InvalidError.
func (a *Accounts) Invite(ctx context.Context, c workspace.Caller, i Invitation) (string, error) {
	i.Name, i.Email = strings.TrimSpace(i.Name), strings.TrimSpace(i.Email)
	if err := checkAddress(i.Email); err != nil {
		return "", err
	}
	if i.Name == "" {
		i.Name, _, _ = strings.Cut(i.Email, "@")
	}
	if err := workspace.CheckName(i.Name); err != nil {
		return "", err
	}
	if !slices.Contains(Roles, i.Role) {
		return "", workspace.Invalid("role", "must be owner, teammate or read-only")
	}
	return workspace.Write(ctx, a.Store, func(w Writer) (string, error) {
		if ws, err := w.Workspace(c.Workspace); err != nil || ws == nil {
			return "", errors.Join(err, workspace.ErrWorkspaceNotFound)
		}
		login, err := w.LoginByEmail(i.Email)
		if err != nil {
			return "", err
		}
		isNew := login == nil
		if isNew {
			login = &Login{ID: a.IDAt(a.Unix()), Email: i.Email, CreatedAt: a.Unix()}
			if err := w.InsertLogin(login); err != nil {
				return "", err
			}
		}
		if _, err := a.join(w, c, login, i.Name, i.Role); err != nil || !isNew {
			return "", err
		}
		return a.createLink(w, login.ID, invitationLife)
	})
}

// join makes a login a member: as the admin with its address, else the first owner as the admin that the workspace was
// created with and whom nobody has named, else as a new one.
func (a *Accounts) join(w Writer, c workspace.Caller, login *Login, name string, role Role) (*Membership, error) {
	members, err := w.Members(c.Workspace)
	if err != nil {
		return nil, err
	}
	taken := map[int64]bool{}
	for _, m := range members {
		if m.LoginID == login.ID {
			return nil, ErrMember
		}
		taken[m.AdminID] = true
	}
	admins, err := w.Admins(c.Workspace)
	if err != nil {
		return nil, err
	}
	key := workspace.EmailKey(login.Email)
	var admin *workspace.Admin
	for _, other := range admins {
		switch {
		case taken[other.ID]:
		case workspace.EmailKey(other.Email) == key:
			admin = other
		case role == Owner && len(members) == 0 && admin == nil && other.IsPlaceholder():
			admin = other
		}
	}
	switch {
	case admin == nil:
		if admin, err = a.AddAdmin(w, c, name, login.Email); err != nil {
			return nil, err
		}
	case admin.IsPlaceholder():
		admin.Name, admin.Email = name, login.Email
		if err := w.UpdateAdmin(admin); err != nil {
			return nil, err
		}
	}
	m := &Membership{Workspace: c.Workspace, LoginID: login.ID, AdminID: admin.ID, Role: role, CreatedAt: a.Unix()}
	return m, w.InsertMembership(m)
}

// Members returns who may enter a workspace, the oldest membership first.
func (a *Accounts) Members(ctx context.Context, c workspace.Caller) ([]*Membership, error) {
	return workspace.Read(ctx, a.Store, func(r Reader) ([]*Membership, error) { return r.Members(c.Workspace) })
}

// SetRole gives a member another role. Errors: ErrMemberNotFound, ErrLastOwner, workspace.InvalidError.
func (a *Accounts) SetRole(ctx context.Context, c workspace.Caller, loginID string, role Role) error {
	if !slices.Contains(Roles, role) {
		return workspace.Invalid("role", "must be owner, teammate or read-only")
	}
	return a.Store.Write(ctx, func(w Writer) error {
		m, err := memberAmong(w, c.Workspace, func(m *Membership) bool { return m.LoginID == loginID }, role == Owner)
		if err != nil {
			return err
		}
		return w.SetRole(c.Workspace, m.LoginID, role)
	})
}

// Remove ends a membership; the admin of the API stays. A login that may enter nothing else is deleted. Errors:
// ErrMemberNotFound, ErrLastOwner.
func (a *Accounts) Remove(ctx context.Context, c workspace.Caller, loginID string) error {
	return a.remove(ctx, c, false, func(m *Membership) bool { return m.LoginID == loginID })
}

// RemoveByEmail is Remove for the operator, who may remove the last owner too.
func (a *Accounts) RemoveByEmail(ctx context.Context, c workspace.Caller, email string) error {
	key := workspace.EmailKey(email)
	return a.remove(ctx, c, true, func(m *Membership) bool { return workspace.EmailKey(m.Email) == key })
}

func (a *Accounts) remove(ctx context.Context, c workspace.Caller, evenOwner bool, is func(*Membership) bool) error {
	return a.Store.Write(ctx, func(w Writer) error {
		m, err := memberAmong(w, c.Workspace, is, evenOwner)
		if err != nil {
			return err
		}
		if err := w.DeleteMembership(c.Workspace, m.LoginID); err != nil || !m.Alone {
			return err
		}
		return w.DeleteLogin(m.LoginID)
	})
}

// memberAmong returns the member of a workspace that is meant. Unless evenOwner is set, it must not be the last owner.
func memberAmong(w Writer, ws workspace.ID, is func(*Membership) bool, evenOwner bool) (*Membership, error) {
	if _, err := w.Admins(ws); err != nil { // changes of the team take turns
		return nil, err
	}
	all, err := w.Members(ws)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, is)
	if i < 0 {
		return nil, ErrMemberNotFound
	}
	isOther := func(m *Membership) bool { return m.Role == Owner && m.LoginID != all[i].LoginID }
	if !evenOwner && all[i].Role == Owner && !slices.ContainsFunc(all, isOther) {
		return nil, ErrLastOwner
	}
	return all[i], nil
}

// Reinvite returns the secret of another link for a member who has no password and may enter no other workspace. Errors:
// ErrMemberNotFound, which also stands for all other members.
func (a *Accounts) Reinvite(ctx context.Context, c workspace.Caller, loginID string) (string, error) {
	return workspace.Write(ctx, a.Store, func(w Writer) (string, error) {
		m, err := memberAmong(w, c.Workspace, func(m *Membership) bool { return m.LoginID == loginID }, true)
		if err != nil {
			return "", err
		}
		if !m.Alone || m.HasPassword {
			return "", ErrMemberNotFound
		}
		return a.createLink(w, loginID, invitationLife)
	})
}

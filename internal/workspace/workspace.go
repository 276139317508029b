package workspace

import (
	"context"
	"errors"
	"fmt"
)

// The errors of use cases on workspaces.
var (
	ErrWorkspaceNotFound = errors.New("no such workspace")
	ErrWorkspaceExists   = errors.New("that workspace exists already")
)

// ID is the id of a workspace: the app_id of the browser script and the workspace_id of the Contacts API.
type ID string

// Workspace is one owner's separate set of people and settings. No query sees two workspaces.
type Workspace struct {
	ID   ID
	Name string
	// APIVersion is the API version of requests that name none.
	APIVersion string
	// ResolveMerged makes the public API follow the forwarding address of a merged contact instead of returning an error.
	ResolveMerged bool
	// IdentitySecrets are the keys by which sites and apps prove their users, oldest first. Lists of workspaces leave them
	// out.
	IdentitySecrets []*IdentitySecret
	// Timezone is the IANA name of the time zone; empty for UTC.
	Timezone string
	// Settings are the values that differ from their defaults, by the names of the table [Settings]; see [Setting.Of].
	Settings  map[string]string
	CreatedAt int64 // Unix seconds
}

// Draft describes a new workspace. An empty id or token is generated, and the name defaults to "Lobby".
type Draft struct {
	ID          ID
	Name        string
	APIVersion  string
	AccessToken string
}

// Created is a new workspace with its first admin and its first token. The secret of the token is shown only here.
type Created struct {
	Workspace *Workspace
	Admin     *Admin
	Token     *NewToken
}

// CreateWorkspace creates a workspace with an admin and an access token with all scopes. Errors: ErrWorkspaceExists.
func (g *Registry) CreateWorkspace(ctx context.Context, n Draft) (*Created, error) {
	created, err := Write(ctx, g.Store, func(w Writer) (*Created, error) { return g.createWorkspace(w, n) })
	if created != nil {
		g.written(created.Workspace.ID)
	}
	return created, err
}

// FirstWorkspace returns all workspaces. In an empty store it creates one first and returns it as the second result, which
// is nil otherwise. Several servers may call it on one store at once.
func (g *Registry) FirstWorkspace(ctx context.Context, n Draft) ([]*Workspace, *Created, error) {
	var all []*Workspace
	var created *Created
	err := g.Store.Write(ctx, func(w Writer) (err error) {
		created = nil
		if all, err = w.Workspaces(); err != nil || len(all) > 0 {
			return err
		}
		created, err = g.createWorkspace(w, n)
		if err == nil {
			all = []*Workspace{created.Workspace}
		}
		return err
	})
	if created != nil {
		g.written(created.Workspace.ID)
	}
	return all, created, err
}

func (g *Registry) createWorkspace(w Writer, n Draft) (*Created, error) {
	if n.ID == "" {
		n.ID = ID(g.Secret(8))
	}
	if n.Name == "" {
		n.Name = "Lobby"
	}
	if old, err := w.Workspace(n.ID); err != nil {
		return nil, err
	} else if old != nil {
		return nil, fmt.Errorf("%w: %s", ErrWorkspaceExists, n.ID)
	}
	ws := &Workspace{ID: n.ID, Name: n.Name, APIVersion: n.APIVersion, CreatedAt: g.Unix()}
	if err := w.InsertWorkspace(ws); err != nil {
		return nil, err
	}
	secret, err := g.createIdentitySecret(w, ws.ID, Web, g.Secret(40))
	if err != nil {
		return nil, err
	}
	ws.IdentitySecrets = []*IdentitySecret{secret}
	admin := firstAdmin(ws)
	if err := w.InsertAdmin(admin); err != nil {
		return nil, err
	}
	if g.OnCreate != nil {
		if err := g.OnCreate(w, ws); err != nil {
			return nil, err
		}
	}
	token, err := g.createToken(w, admin, TokenDraft{Name: "first token", Scopes: AllScopes}, n.AccessToken)
	if err != nil {
		return nil, err
	}
	return &Created{ws, admin, token}, nil
}

// Workspaces returns all workspaces, oldest first, without their identity secrets.
func (g *Registry) Workspaces(ctx context.Context) ([]*Workspace, error) {
	return Read(ctx, g.Store, func(r Reader) ([]*Workspace, error) { return r.Workspaces() })
}

// Workspace returns one workspace. Errors: ErrWorkspaceNotFound.
func (g *Registry) Workspace(ctx context.Context, id ID) (*Workspace, error) {
	if !IsText(string(id)) { // strangers name it, too
		return nil, ErrWorkspaceNotFound
	}
	return Read(ctx, g.Store, func(r Reader) (found *Workspace, err error) {
		if found, err = r.Workspace(id); err == nil && found == nil {
			err = ErrWorkspaceNotFound
		}
		return found, err
	})
}

// DeleteWorkspace deletes a workspace with all of its people and everything else in it. There is no way back, and no older
// copy of the data brings the people back. Servers that use the workspace may take a second to notice. Errors:
// ErrWorkspaceNotFound.
func (g *Registry) DeleteWorkspace(ctx context.Context, id ID) error {
	if _, err := g.Workspace(ctx, id); err != nil {
		return err
	}
	defer g.written(id)
	return g.Store.DeleteWorkspace(ctx, id)
}

// ChangeWorkspace applies change to a workspace and writes it. Errors: ErrWorkspaceNotFound, and those of change.
func (g *Registry) ChangeWorkspace(ctx context.Context, c Caller, change func(*Workspace) error) (*Workspace, error) {
	defer g.written(c.Workspace)
	return Write(ctx, g.Store, func(w Writer) (*Workspace, error) {
		ws, err := w.Workspace(c.Workspace)
		if err != nil {
			return nil, err
		}
		if ws == nil {
			return nil, ErrWorkspaceNotFound
		}
		before := *ws
		if err := change(ws); err != nil {
			return nil, err
		}
		if err := w.UpdateWorkspace(ws); err != nil {
			return nil, err
		}
		return ws, g.logSettings(w, c, &before, ws)
	})
}

// logSettings logs the changed settings of a workspace that have a kind of activity.
func (g *Registry) logSettings(w Writer, c Caller, before, after *Workspace) error {
	for _, setting := range []Activity{
		{Kind: AppNameChanged, Before: before.Name, After: after.Name},
		{Kind: TimezoneChanged, Before: before.Timezone, After: after.Timezone},
	} {
		if setting.Before == setting.After {
			continue
		}
		if err := g.log(w, c, setting); err != nil {
			return err
		}
	}
	return nil
}

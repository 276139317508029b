package workspace

import (
	"context"
	"errors"
	"fmt"
)

// What use cases refuse of a workspace.
var (
	ErrWorkspaceNotFound = errors.New("no such workspace")
	ErrWorkspaceExists   = errors.New("that workspace exists already")
)

// ID names a workspace; it is the app_id of the browser side and the workspace_id of the Contacts API.
type ID string

// Workspace is one owner's separate world: no query sees two of them.
type Workspace struct {
	ID   ID
	Name string
	// APIVersion answers requests that name none.
	APIVersion string
	// ResolveMerged makes the public API follow the forwarding address of a merged contact instead of answering that it
	// is gone.
	ResolveMerged bool
	// IdentitySecrets prove what sites and apps say about their users, oldest first. A list of workspaces is without them.
	IdentitySecrets []*IdentitySecret
	// Timezone is its place by the name that the IANA database has for it; empty for UTC.
	Timezone string
	// Settings are the values that differ from their defaults, by the names of the table [Settings]; see [Setting.Of].
	Settings  map[string]string
	CreatedAt int64
}

// Draft is what a workspace begins with. Empty fields are filled: the id and the token are made up.
type Draft struct {
	ID          ID
	Name        string
	APIVersion  string
	AccessToken string
}

// Created is a new workspace, its first admin, and its first token: the only time that its secret is seen.
type Created struct {
	Workspace *Workspace
	Admin     *Admin
	Token     *NewToken
}

// CreateWorkspace makes a workspace with an admin and an access token that may do everything. ErrWorkspaceExists when
// the id is taken.
func (g *Registry) CreateWorkspace(ctx context.Context, n Draft) (*Created, error) {
	return Write(ctx, g.Store, func(w Writer) (*Created, error) { return g.createWorkspace(w, n) })
}

// FirstWorkspace returns the workspaces there are; in an empty store it creates one first, which is then the second
// result. Several servers may start on one store at once.
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
	admin := &Admin{Workspace: ws.ID, ID: 1, Name: "Lobby", Email: "admin@" + string(ws.ID) + ".invalid", CreatedAt: ws.CreatedAt}
	if err := w.InsertAdmin(admin); err != nil {
		return nil, err
	}
	if g.OnCreate != nil {
		if err := g.OnCreate(w, ws); err != nil {
			return nil, err
		}
	}
	token, err := g.createToken(w, admin, "first token", AllScopes, n.AccessToken)
	if err != nil {
		return nil, err
	}
	return &Created{ws, admin, token}, nil
}

// Workspaces lists all workspaces, oldest first.
func (g *Registry) Workspaces(ctx context.Context) ([]*Workspace, error) {
	return Read(ctx, g.Store, func(r Reader) ([]*Workspace, error) { return r.Workspaces() })
}

// Workspace returns one workspace; ErrWorkspaceNotFound.
func (g *Registry) Workspace(ctx context.Context, id ID) (*Workspace, error) {
	return Read(ctx, g.Store, func(r Reader) (found *Workspace, err error) {
		if found, err = r.Workspace(id); err == nil && found == nil {
			err = ErrWorkspaceNotFound
		}
		return found, err
	})
}

// ChangeWorkspace applies change to a workspace's settings; ErrWorkspaceNotFound.
func (g *Registry) ChangeWorkspace(ctx context.Context, c Caller, change func(*Workspace) error) (*Workspace, error) {
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

// logSettings enters what became otherwise of a workspace's settings, as far as there is a kind of activity for it.
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

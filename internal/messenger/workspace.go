package messenger

import (
	"context"
	"errors"

	"lobby/internal/cache"
	"lobby/internal/workspace"
)

// workspace returns the workspace of an app id; ErrWorkspaceNotFound. A change by this server, such as a new identity
// secret, counts at once, one by another server within a second.
func (m *messenger) workspace(ctx context.Context, id workspace.ID) (*workspace.Workspace, error) {
	found, err := m.workspaces.Get(cache.DigestOf(string(id)), func() (*workspace.Workspace, error) {
		ws, err := m.lobby.Workspace(ctx, id)
		if errors.Is(err, workspace.ErrWorkspaceNotFound) {
			return nil, nil
		}
		return ws, err
	})
	if err == nil && found == nil {
		err = workspace.ErrWorkspaceNotFound
	}
	return found, err
}

package messenger

import (
	"context"
	"errors"

	"lobby/internal/people"
)

// workspace returns the workspace of an app id; ErrWorkspaceNotFound. A change of its settings, such as a new identity
// secret, counts within a second.
func (m *messenger) workspace(ctx context.Context, id people.WorkspaceID) (*people.Workspace, error) {
	found, err := m.workspaces.Get(id, func() (*people.Workspace, error) {
		ws, err := m.lobby.Workspace(ctx, id)
		if errors.Is(err, people.ErrWorkspaceNotFound) {
			return nil, nil
		}
		return ws, err
	})
	if err == nil && found == nil {
		err = people.ErrWorkspaceNotFound
	}
	return found, err
}

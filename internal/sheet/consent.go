package sheet

import (
	"context"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// withConsents is what a reader of persons has that can count their choices.
type withConsents interface {
	// CountConsents counts the records that made a choice, by the id of the subscription type; types without any are left out.
	CountConsents(ws workspace.ID) (map[int64]int, error)
}

// consents returns how many people made a choice about each subscription type, by its id. A person and each record that was
// merged into it count by themselves.
func consents(ctx context.Context, l *people.Lobby, c workspace.Caller) (map[int64]int, error) {
	return workspace.Read(ctx, l.Store, func(r people.Reader) (map[int64]int, error) {
		if on, has := r.(withConsents); has {
			return on.CountConsents(c.Workspace)
		}
		return nil, nil
	})
}

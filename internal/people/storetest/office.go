package storetest

import (
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// office returns the same transaction for what belongs to workspaces, which every reader and writer of a store also serves.
func office(r people.Reader) workspace.Writer { return r.(workspace.Writer) }

// Package account says who may open the pages for people: logins, which workspaces they may enter and as what, their
// sessions, and links that let somebody in once.
// The front for people and cmd/lobby call it. It must not know HTTP, or how anything is stored.
package account

import (
	"lobby/internal/workspace"
)

// Accounts has the use cases on logins. It shares the clock and the randomness of a registry, and is safe for concurrent use.
type Accounts struct {
	*workspace.Registry
	Store Store

	hashing chan struct{} // one element for each password that is hashed at the moment
}

// New returns the use cases over a store.
func New(registry *workspace.Registry, store Store) *Accounts {
	return &Accounts{Registry: registry, Store: store, hashing: make(chan struct{}, maxHashing)}
}

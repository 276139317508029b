package workspace

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
)

const (
	// usePause is how many seconds pass until a use of a token is written down again: each token costs a write an hour.
	usePause = 60 * 60
	// maxUses is how many may wait to be written; further ones are noted at a later use.
	maxUses = 10_000
)

// tokenUses are the tokens that were used and whose use is yet to be written.
type tokenUses struct {
	mu      sync.Mutex
	waiting map[tokenKey]int64
}

type tokenKey struct {
	ws ID
	id string
}

func (u *tokenUses) note(t *Token, at int64) {
	if at-t.LastUsedAt < usePause {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.waiting == nil {
		u.waiting = map[tokenKey]int64{}
	}
	if len(u.waiting) < maxUses {
		u.waiting[tokenKey{t.Workspace, t.ID}] = at
	}
}

// FlushTokenUses writes down which tokens were used. What fails to be written stays for the next time.
func (g *Registry) FlushTokenUses(ctx context.Context) error {
	g.uses.mu.Lock()
	taken := g.uses.waiting
	g.uses.waiting = nil
	g.uses.mu.Unlock()
	if len(taken) == 0 {
		return nil
	}
	// In one order, so that servers on one database cannot wait for each other in a circle.
	keys := slices.SortedFunc(maps.Keys(taken), func(a, b tokenKey) int {
		return cmp.Or(cmp.Compare(a.ws, b.ws), cmp.Compare(a.id, b.id))
	})
	err := g.Store.Write(ctx, func(w Writer) error {
		for _, key := range keys {
			if err := w.TouchToken(key.ws, key.id, taken[key]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		g.uses.mu.Lock()
		defer g.uses.mu.Unlock()
		maps.Copy(taken, g.uses.waiting)
		g.uses.waiting = taken
	}
	return err
}

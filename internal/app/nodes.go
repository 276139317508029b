package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"lobby/internal/workspace"
)

const (
	// exchangePause is how often servers on one database exchange their counts. What one counts is known to the others
	// after at most two such pauses.
	exchangePause = 500 * time.Millisecond
	// announcePause is how many seconds a server without news stays silent.
	announcePause = 5
)

// exchange is what a server told the others last.
type exchange struct {
	node string

	mu          sync.Mutex
	told        string
	announcedAt int64
}

// ExchangeCounts tells the other servers on the database what this one counted for rate limits, and learns what they did.
// While it fails, each server limits by what it knows.
func (a *App) ExchangeCounts(ctx context.Context) error {
	x, now := &a.exchange, a.Lobby.Unix()
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := a.shareSalt(ctx); err != nil {
		return err
	}
	others, err := a.Lobby.OtherNodes(ctx, x.node)
	if err != nil {
		return err
	}
	reports := make([]string, len(others))
	for i, n := range others {
		reports[i] = n.Counts
	}
	if err := a.board.Learn(reports, now); err != nil {
		a.failures.BackgroundFailed("nodes", fmt.Errorf("counts: %w", err))
	}
	report := ""
	if len(others) > 0 {
		if report, err = a.board.Report(now); err != nil {
			return err
		}
	}
	if report == x.told && now-x.announcedAt < announcePause && now >= x.announcedAt {
		return nil
	}
	if err := a.Lobby.AnnounceNode(ctx, &workspace.Node{ID: x.node, SeenAt: now, Counts: report}); err != nil {
		return err
	}
	x.told, x.announcedAt = report, now
	return nil
}

// shareSalt gives the board the salt of today, under which servers share what they count by address.
func (a *App) shareSalt(ctx context.Context) error {
	day := workspace.DayOf(a.Lobby.Now())
	if a.board.Salt(day) != "" {
		return nil
	}
	salt, err := a.Lobby.DailySalt(ctx, workspace.OfServers, day)
	if err == nil {
		a.board.SetSalt(day, salt)
	}
	return err
}

// exchangeCounts is ExchangeCounts in the background.
func (a *App) exchangeCounts(ctx context.Context) {
	if err := a.ExchangeCounts(ctx); err != nil {
		a.failed(ctx, "nodes", err)
	}
}

package deliver

import (
	"context"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/webhook"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// Feed returns at most limit entries of a workspace's outbox after a cursor, in the shape of version v. base begins the
// URLs of pictures. Errors: those of [webhook.Entries].
func Feed(ctx context.Context, l *people.Lobby, ws workspace.ID, after int64, limit int, v apiversion.Version, base string) (page wire.Feed, err error) {
	err = read(ctx, l, func(on reader) error {
		entries, next, err := webhook.Entries(on, ws, after, limit)
		if err != nil {
			return err
		}
		has, err := loadRecords(on, ws, entries, l.Unix())
		if err != nil {
			return err
		}
		as := shape{version: v, base: base}
		page = wire.Feed{Cursor: next, More: len(entries) == limit}
		for _, e := range entries {
			page.Entries = append(page.Entries, wire.FeedEntry{Entry: e, Notifications: as.tell(e, has).notifications})
		}
		return nil
	})
	return page, err
}

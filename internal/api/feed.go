package api

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lobby/internal/jsonio"
	"lobby/internal/webhook"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// earliestHeader says where a feed may be read from when the cursor of a request is too old.
const earliestHeader = "Lobby-Earliest-Cursor"

const (
	// maxFeedWait is the max time for which a request waits for changes, in seconds.
	maxFeedWait = 60
	// feedPause is how often a request that waits looks again.
	feedPause = 250 * time.Millisecond
	// heartbeat is how often a stream without changes sends something, so that nobody believes it to be dead.
	heartbeat = 15 * time.Second
	// streamPatience is how long a client of a stream may take to take a piece of it.
	streamPatience = 30 * time.Second
)

// GET /lobby/v1/changes
func (a *API) listChanges(c *call) (encoder, error) {
	query := c.parameters()
	after := query.feedCursor("after")
	limit := query.pageSize(defaultPage)
	wait := query.whole("wait")
	if last := c.r.Header.Get("Last-Event-ID"); last != "" && query.err == nil {
		after, query.err = parseFeedCursor("Last-Event-ID", last)
	}
	if query.err == nil && (wait < 0 || wait > maxFeedWait) {
		query.err = workspace.Invalid("wait", "must be from 0 to 60 seconds")
	}
	if query.err != nil {
		return nil, query.err
	}
	if strings.Contains(c.r.Header.Get("Accept"), "text/event-stream") {
		return nil, a.streamChanges(c, after, limit)
	}
	page, err := a.readFeed(c, after, limit)
	if err != nil {
		return nil, err
	}
	if wait == 0 || len(page.Entries) > 0 {
		return page, nil
	}
	if !a.streams.begin(c.workspace.ID) {
		return nil, errTooManyStreams
	}
	defer a.streams.end(c.workspace.ID)
	until := time.Duration(wait) * time.Second
	c.mayTake(until + streamPatience)
	return a.awaitFeed(c, page.Cursor, limit, time.Now().Add(until))
}

// feedCursor reads a cursor of the feed.
func (q *queryReader) feedCursor(name string) int64 {
	text := q.values.read(name, jsonio.TextMember)
	if text == "" {
		return webhook.Earliest
	}
	n, err := parseFeedCursor(name, text)
	if err != nil && q.err == nil {
		q.err = err
	}
	return n
}

func parseFeedCursor(name, text string) (int64, error) {
	if text == "latest" {
		return webhook.Latest, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, workspace.Invalid(name, "must be a cursor of the feed, or latest")
	}
	return n, nil
}

func (a *API) readFeed(c *call, after int64, limit int) (wire.Feed, error) {
	return a.feed(c.r.Context(), a.lobby, c.workspace.ID, after, limit, c.version, a.base(c))
}

// awaitFeed returns the first page after a cursor that is not empty, or an empty one when there is none in time.
func (a *API) awaitFeed(c *call, after int64, limit int, until time.Time) (encoder, error) {
	tick := time.NewTicker(feedPause)
	defer tick.Stop()
	for {
		select {
		case <-c.r.Context().Done():
			return wire.Feed{Cursor: after}, nil
		case <-a.stopping:
			return wire.Feed{Cursor: after}, nil
		case <-tick.C:
		}
		page, err := a.readFeed(c, after, limit)
		if err != nil || len(page.Entries) > 0 || time.Now().After(until) {
			return page, err
		}
	}
}

// mayTake lets a request take longer than the server allows others.
func (c *call) mayTake(d time.Duration) {
	on := http.NewResponseController(c.w)
	// Where a deadline cannot be set there is none, as in tests.
	_ = on.SetReadDeadline(time.Time{})
	_ = on.SetWriteDeadline(time.Now().Add(d))
}

// streamChanges sends changes as server-sent events until the client goes, the server stops, or the token ends. What it
// returns came before the first byte.
func (a *API) streamChanges(c *call, after int64, limit int) error {
	page, err := a.readFeed(c, after, limit)
	if err != nil {
		return err
	}
	if !a.streams.begin(c.workspace.ID) {
		return errTooManyStreams
	}
	defer a.streams.end(c.workspace.ID)
	c.isStreamed = true
	header := c.w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would keep the events back
	c.w.WriteHeader(http.StatusOK)
	tick := time.NewTicker(feedPause)
	defer tick.Stop()
	out := bytes.NewBufferString("retry: 1000\n\n")
	for spoke := time.Now(); ; {
		for _, e := range page.Entries {
			out.WriteString("id: " + strconv.FormatInt(e.Entry.Sequence, 10) + "\nevent: change\ndata: ")
			out.Write(e.AppendJSON(nil))
			out.WriteString("\n\n")
		}
		if out.Len() == 0 && time.Since(spoke) > heartbeat {
			out.WriteString(":\n\n")
		}
		if out.Len() > 0 {
			spoke = time.Now()
			c.mayTake(streamPatience)
			if _, err := out.WriteTo(c.w); err != nil || http.NewResponseController(c.w).Flush() != nil {
				return nil
			}
		}
		if !page.More {
			select {
			case <-c.r.Context().Done():
				return nil
			case <-a.stopping:
				return nil
			case <-tick.C:
			}
		}
		if err := a.authenticate(c); err != nil && !errors.Is(err, workspace.ErrUnavailable) {
			return nil
		}
		if page, err = a.readFeed(c, page.Cursor, limit); err != nil {
			return nil // the client comes again with the last cursor, and is told
		}
	}
}

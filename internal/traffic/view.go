package traffic

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"lobby/internal/workspace"
)

// View says that a person was seen, and which page it looked at.
type View struct {
	Workspace workspace.ID
	// ID is that of the page view, unique in the workspace; "" for somebody who was seen without opening a page.
	ID       string
	PersonID string
	At       int64 // Unix seconds
	// URL and Title are those of the page, Referrer is the address on another site that led there; "" for unknown.
	URL, Title, Referrer string
	// Campaign is the utm_source of the page; Country is an English name.
	Campaign, Country, Browser string
}

// PageView is a page view that was kept.
type PageView struct {
	ID, PersonID         string
	CreatedAt            int64
	URL, Title, Referrer string
}

// maxWaiting is how many views may wait to be written. Those beyond are not recorded.
const maxWaiting = 20_000

// flushBatch is how many views one transaction writes.
const flushBatch = 200

// Recorder takes views, and writes them soon after, many at once. A crash loses those that wait, which is less than a
// second's. It is safe for concurrent use.
type Recorder struct {
	Store Store
	// Tell is called after the views of a workspace were written; nil for nobody.
	Tell func(workspace.ID)

	mu      sync.Mutex
	waiting map[workspace.ID][]*View
	count   int
	flush   sync.Mutex // held by the one flush that runs
}

// Record takes a view.
func (r *Recorder) Record(v *View) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count >= maxWaiting {
		return
	}
	if r.waiting == nil {
		r.waiting = map[workspace.ID][]*View{}
	}
	r.waiting[v.Workspace] = append(r.waiting[v.Workspace], v)
	r.count++
}

// Flush writes what waits. The views of a workspace that cannot be written are lost.
func (r *Recorder) Flush(ctx context.Context) error {
	r.flush.Lock()
	defer r.flush.Unlock()
	r.mu.Lock()
	waiting := r.waiting
	r.waiting, r.count = nil, 0
	r.mu.Unlock()
	var failed []error
	for _, ws := range slices.Sorted(maps.Keys(waiting)) {
		for batch := range slices.Chunk(waiting[ws], flushBatch) {
			err := r.Store.Write(workspace.Within(ctx, ws), func(w Writer) error { return record(w, ws, batch) })
			if err != nil {
				failed = append(failed, err)
				break
			}
		}
		if r.Tell != nil {
			r.Tell(ws)
		}
	}
	return errors.Join(failed...)
}

// record writes views of one workspace. Those of persons who are gone are left out.
func record(w Writer, id workspace.ID, views []*View) error {
	ws, err := w.Workspace(id)
	if err != nil || ws == nil {
		return err
	}
	ids := make([]string, 0, len(views))
	for _, v := range views {
		ids = append(ids, v.PersonID)
	}
	slices.Sort(ids)
	known, err := w.Known(id, slices.Compact(ids))
	if err != nil {
		return err
	}
	c := &counter{writer: w, workspace: id, zone: zoneOf(ws), counts: map[Count]int64{}}
	keeps := workspace.PageViewLife.Number(ws) > 0
	latest := map[string]*View{}
	for _, v := range views {
		who, exists := known[v.PersonID]
		if !exists {
			continue
		}
		if v.ID != "" {
			isNew := true
			if keeps && v.URL != "" {
				if isNew, err = w.InsertPageView(v); err != nil {
					return err
				}
			}
			if isNew {
				c.countView(v)
			}
		}
		if before := latest[v.PersonID]; before == nil || before.At <= v.At {
			seen := *v
			if before != nil && seen.URL == "" {
				seen.URL, seen.Referrer = before.URL, before.Referrer
			}
			latest[v.PersonID] = &seen
		}
		day := c.day(v.At)
		c.countVisitor(v, who, day)
		if day > who.Visited {
			who.Visited = day
			known[v.PersonID] = who
			if err := w.SetVisited(id, v.PersonID, day); err != nil {
				return err
			}
		}
	}
	for _, person := range slices.Sorted(maps.Keys(latest)) {
		if err := w.PutPresent(latest[person]); err != nil {
			return err
		}
	}
	return c.write()
}

// zoneOf returns the time zone of a workspace.
func zoneOf(ws *workspace.Workspace) *time.Location {
	if zone, err := time.LoadLocation(ws.Timezone); err == nil {
		return zone
	}
	return time.UTC
}

// sweepBatch is how many page views one transaction deletes.
const sweepBatch = 1000

// Sweep deletes what a workspace does not keep any longer. It returns the number of page views.
func Sweep(ctx context.Context, s Store, ws *workspace.Workspace, now int64) (int, error) {
	before := now - workspace.PageViewLife.Number(ws)*24*60*60
	for total := 0; ; {
		n := 0
		err := s.Write(ctx, func(w Writer) (err error) {
			n, err = w.Sweep(ws.ID, now-2*presence, (now-2*60*60)/60, before, sweepBatch)
			return err
		})
		if total += n; err != nil || n < sweepBatch {
			return total, err
		}
	}
}

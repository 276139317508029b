// Package standin makes a server the stand-in for tests of programs that use the API: it records requests and deliveries,
// lets faults happen, sets the clock, and puts the data back to what they were. Package app puts it around the fronts, and
// only with --test. It must not know what the fronts answer, or how data are kept.
package standin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"

	"lobby/internal/workspace"
)

// Options are what a [Standin] is made of. Unless said otherwise, all are required.
type Options struct {
	Registry *workspace.Registry
	Store    Store
	Clock    *Clock
	// IDs are those of the server; nil when they are random.
	IDs *IDs
	// WorkspaceOf returns the workspace of a request's token, and "" when there is no valid one.
	WorkspaceOf func(*http.Request) workspace.ID
	// IsRead reports whether a request reads people or conversations, and does nothing else.
	IsRead func(*http.Request) bool
	// Former copies what a workspace is, and returns what opens a server of the copy.
	Former func(context.Context, workspace.ID) (open func(context.Context) (Former, error), err error)
	// CheckDraft returns what is wrong with a new workspace: the field, and a reason; "" for nothing.
	CheckDraft func(workspace.Draft) (field, reason string)
	// Flush writes what the server has noted in memory only.
	Flush func(context.Context) error
	// Work does all background work that is due.
	Work func(context.Context) error
	// Seed adds the records of an export, or none. Those before any workspace go into the given one.
	Seed func(ctx context.Context, into workspace.ID, records io.Reader) (count int, err error)
}

// Store keeps images of what a server has.
type Store interface {
	// Image copies all data, and returns what puts them back. It fails where data are not in memory.
	Image(context.Context) (putBack func(context.Context) error, err error)
	// WorkspaceImage does so for the data of one workspace.
	WorkspaceImage(context.Context, workspace.ID) (putBack func(context.Context) error, err error)
	// WipeWorkspace deletes a workspace as if it had never been.
	WipeWorkspace(context.Context, workspace.ID) error
}

// Standin is the control of a server under test. It is safe for concurrent use.
type Standin struct {
	Options
	notes      sync.Map // by the id of the request
	requests   log[Request]
	deliveries log[Delivery]
	mails      log[Mail]
	faults     faults

	mu sync.Mutex
	// first is the workspace whose token opens the door.
	first workspace.ID
	// start puts everything back to what it was at the start, and snapshots to what it was when they got their names.
	start     putBack
	snapshots map[string]putBack
	// made has what makes each workspace what it was when it was made.
	made map[workspace.ID]putBack
}

type putBack = func(context.Context) error

// New returns a stand-in. Its door is closed before [Standin.Begin].
func New(o Options) *Standin {
	return &Standin{Options: o, snapshots: map[string]putBack{}, made: map[workspace.ID]putBack{}}
}

// Begin keeps what there is as that to which a reset goes back, and opens the door for tokens of the first workspace.
func (s *Standin) Begin(ctx context.Context, first workspace.ID) error {
	all, err := s.Registry.Workspaces(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ws := range all {
		if s.made[ws.ID], err = s.Store.WorkspaceImage(ctx, ws.ID); err != nil {
			return err
		}
	}
	if s.start, err = s.image(ctx); err != nil {
		s.start = s.eachAgain(all)
	}
	s.first = first
	return nil
}

// image returns what puts all data back, and with them the ids that come next and what is known of workspaces.
func (s *Standin) image(ctx context.Context) (putBack, error) {
	again, err := s.Store.Image(ctx)
	if err != nil {
		return nil, err
	}
	rewind, made := s.IDs.keep(), maps.Clone(s.made)
	return func(ctx context.Context) error {
		if err := again(ctx); err != nil {
			return err
		}
		rewind()
		s.made = maps.Clone(made)
		return nil
	}, nil
}

// eachAgain is image for data that are not in memory: workspaces that came later go, and the others are made again.
func (s *Standin) eachAgain(kept []*workspace.Workspace) putBack {
	rewind := s.IDs.keep()
	return func(ctx context.Context) error {
		all, err := s.Registry.Workspaces(ctx)
		if err != nil {
			return err
		}
		for _, ws := range all {
			if !slices.ContainsFunc(kept, func(k *workspace.Workspace) bool { return k.ID == ws.ID }) {
				if err := s.drop(ctx, ws.ID); err != nil {
					return err
				}
			}
		}
		for _, ws := range kept {
			if err := s.made[ws.ID](ctx); err != nil {
				return err
			}
		}
		rewind()
		return nil
	}
}

// The errors of the control.
var (
	errNoSnapshot  = errors.New("no such snapshot")
	errNoWorkspace = errors.New("no such workspace, or one that was not made here")
	errFirst       = errors.New("the first workspace cannot be dropped")
	errNoImages    = errors.New("snapshots need a database in memory, without --data and --database")
)

// Reset makes everything what it was at the start: data, clock, ids, faults and records.
func (s *Standin) Reset(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.goBack(ctx, s.start); err != nil {
		return err
	}
	s.Clock.Reset()
	s.faults.drop(func(*Fault) bool { return true })
	s.forgetRecords("")
	s.Registry.Replaced()
	return nil
}

// ResetWorkspace makes one workspace what it was when it was made, and drops its faults and records.
func (s *Standin) ResetWorkspace(ctx context.Context, ws workspace.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	again := s.made[ws]
	if again == nil {
		return errNoWorkspace
	}
	if err := s.goBack(ctx, again); err != nil {
		return err
	}
	s.forgetWorkspace(ws)
	return nil
}

// goBack puts data back. What is only noted in memory is written before, so that nothing of it comes later.
func (s *Standin) goBack(ctx context.Context, again putBack) error {
	if err := s.Flush(ctx); err != nil {
		return err
	}
	return again(ctx)
}

// forgetWorkspace drops what is known of a workspace besides its data.
func (s *Standin) forgetWorkspace(ws workspace.ID) {
	s.faults.drop(func(f *Fault) bool { return f.Workspace == string(ws) })
	s.forgetRecords(string(ws))
	s.Registry.Rewritten(ws)
}

// forgetRecords drops the records of a workspace; "" stands for all.
func (s *Standin) forgetRecords(ws string) {
	s.requests.drop(func(r *Request) bool { return ws == "" || r.Workspace == ws })
	s.deliveries.drop(func(d *Delivery) bool { return ws == "" || d.Workspace == ws })
	s.mails.drop(func(m *Mail) bool { return ws == "" || m.Workspace == ws })
}

// maxSnapshots is the max number of snapshots.
const maxSnapshots = 100

// Snapshot keeps all data under a name, in place of those that were kept under it. It reports false when there are too many.
func (s *Standin) Snapshot(ctx context.Context, name string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.snapshots[name]; !known && len(s.snapshots) >= maxSnapshots {
		return false, nil
	}
	if err := s.Flush(ctx); err != nil {
		return true, err
	}
	again, err := s.image(ctx)
	if err != nil {
		return true, fmt.Errorf("%w: %w", errNoImages, err)
	}
	s.snapshots[name] = again
	return true, nil
}

// Restore puts back the data of a snapshot. The clock stays as it is.
func (s *Standin) Restore(ctx context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	again := s.snapshots[name]
	if again == nil {
		return errNoSnapshot
	}
	if err := s.goBack(ctx, again); err != nil {
		return err
	}
	for _, p := range s.faults.pasts("") {
		p.clear()
	}
	s.Registry.Replaced()
	return nil
}

// Create makes a workspace with a token of its own.
func (s *Standin) Create(ctx context.Context, draft workspace.Draft) (*workspace.Created, error) {
	created, err := s.Registry.CreateWorkspace(ctx, draft)
	if err != nil {
		return nil, err
	}
	again, err := s.Store.WorkspaceImage(ctx, created.Workspace.ID)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made[created.Workspace.ID] = again
	return created, nil
}

// Drop deletes a workspace as if it had never been.
func (s *Standin) Drop(ctx context.Context, ws workspace.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case ws == s.first:
		return errFirst
	case s.made[ws] == nil:
		return errNoWorkspace
	}
	return s.drop(ctx, ws)
}

func (s *Standin) drop(ctx context.Context, ws workspace.ID) error {
	if err := s.Store.WipeWorkspace(ctx, ws); err != nil {
		return err
	}
	delete(s.made, ws)
	s.forgetWorkspace(ws)
	return nil
}

// Sow adds records, and keeps the workspaces that came with them as they are now.
func (s *Standin) Sow(ctx context.Context, into workspace.ID, records io.Reader) (count int, err error) {
	if err := s.keepPast(ctx, ""); err != nil {
		return 0, err
	}
	if count, err = s.Seed(ctx, into, records); err != nil {
		return 0, err
	}
	s.Registry.Replaced()
	all, err := s.Registry.Workspaces(ctx)
	if err != nil {
		return count, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ws := range all {
		if s.made[ws.ID] == nil {
			if s.made[ws.ID], err = s.Store.WorkspaceImage(ctx, ws.ID); err != nil {
				return count, err
			}
		}
	}
	return count, nil
}

// isFirst reports whether a workspace is the one whose token opens the door.
func (s *Standin) isFirst(ws workspace.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return ws != "" && ws == s.first
}

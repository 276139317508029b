package standin

import (
	"cmp"
	"context"
	"net/http"
	"sync"
	"time"

	"lobby/internal/workspace"
)

// Former is a server of what a workspace was. It takes the same tokens.
type Former interface {
	http.Handler
	Close() error
}

// past lets reads of one workspace be stale: it has what the workspace was before each request that may have written, back to
// the time when a fault was made. It is safe for concurrent use.
type past struct {
	workspace workspace.ID
	// lag is how old the state is that stale reads show.
	lag time.Duration
	// copied copies what the workspace is now, and returns what opens a server of the copy.
	copied func(context.Context, workspace.ID) (open func(context.Context) (Former, error), err error)

	mu     sync.Mutex
	states []*state // the oldest first
	closed bool
}

// state is what a workspace was until a time of the clock.
type state struct {
	until time.Time
	open  func(context.Context) (Former, error)
	of    Former // nil until somebody reads
}

// maxStates is how many states a lag has about: what was written in one of these parts of it shows at once.
const maxStates = 20

// keep keeps what the workspace is now, before somebody may write to it.
func (p *past) keep(ctx context.Context, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.forget(now); err != nil || p.closed {
		return err
	}
	if n := len(p.states); n > 0 && now.Sub(p.states[n-1].until) < p.lag/maxStates {
		return nil
	}
	open, err := p.copied(ctx, p.workspace)
	if err == nil {
		p.states = append(p.states, &state{until: now, open: open})
	}
	return err
}

// front returns what serves a read from the state of lag ago, or next when that is the state of now.
func (p *past) front(now time.Time, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		of, err := p.former(r.Context(), now)
		switch {
		case err != nil:
			refuse(w, err)
		case of == nil:
			next.ServeHTTP(w, r)
		default:
			of.ServeHTTP(w, r)
		}
	})
}

// former returns a server of the state of lag ago; nil when nothing was written since.
func (p *past) former(ctx context.Context, now time.Time) (of Former, err error) {
	if err := p.forget(now); err != nil || len(p.states) == 0 {
		return nil, err
	}
	then := p.states[0]
	if then.of == nil {
		then.of, err = then.open(ctx)
	}
	return then.of, err
}

// forget drops the states that are too old to be shown.
func (p *past) forget(now time.Time) error {
	for len(p.states) > 0 && !p.states[0].until.After(now.Add(-p.lag)) {
		if err := p.drop(); err != nil {
			return err
		}
	}
	return nil
}

// drop drops the oldest state.
func (p *past) drop() error {
	then := p.states[0]
	if p.states = p.states[1:]; then.of == nil {
		return nil
	}
	return then.of.Close()
}

// close drops all states. Reads are fresh from then on.
func (p *past) close() {
	p.clear()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
}

// clear has the past begin anew: the data were put back to another time.
func (p *past) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.states) > 0 {
		p.drop() //nolint:errcheck // it was in memory, and nobody reads it any more
	}
}

// beginPast gives a new fault the past of its workspace, which is the first one unless it says another.
func (s *Standin) beginPast(f *Fault) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	of := workspace.ID(cmp.Or(f.Workspace, string(s.first)))
	if s.made[of] == nil {
		return invalid("workspace", "does not exist")
	}
	f.Workspace, f.past.workspace, f.past.copied = string(of), of, s.Former
	return nil
}

// keepPast keeps what a workspace is now where reads of it are stale, before somebody may write to it; "" stands for all.
func (s *Standin) keepPast(ctx context.Context, workspace string) error {
	for _, p := range s.faults.pasts(workspace) {
		if err := p.keep(ctx, s.Clock.Now()); err != nil {
			return err
		}
	}
	return nil
}

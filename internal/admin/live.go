package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"sync"
	"time"

	"lobby/internal/account"
	"lobby/internal/chart"
	"lobby/internal/live"
	"lobby/internal/people"
	"lobby/internal/traffic"
	"lobby/internal/workspace"
)

// livePage is who is on the sites now.
type livePage struct {
	Count string
	Rows  []livePerson
	More  string // how many are not listed; empty for none
	Spark []chart.Bar
	Views string
}

type livePerson struct {
	human
	URL, Referrer, Country, First string
	At                            *moment
}

// board keeps, for a moment, who is there, so that any number of open pages costs one read.
type board struct {
	mu   sync.Mutex
	seen map[workspace.ID]*look
}

// look is what was read of one workspace.
type look struct {
	mu   sync.Mutex
	at   time.Time
	live *traffic.Live
}

// forget has a workspace looked at anew; "" stands for all.
func (b *board) forget(ws workspace.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.DeleteFunc(b.seen, func(seen workspace.ID, _ *look) bool { return ws == "" || seen == ws })
}

// lookPause is how long what was read is used again, and so how often a page changes at most.
const lookPause = 400 * time.Millisecond

// readLive returns who is there, as it was read a moment ago.
func (a *admin) readLive(ctx context.Context, ws workspace.ID) (*traffic.Live, error) {
	a.board.mu.Lock()
	if a.board.seen == nil {
		a.board.seen = map[workspace.ID]*look{}
	}
	l := a.board.seen[ws]
	if l == nil {
		l = new(look)
		a.board.seen[ws] = l
	}
	a.board.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.live != nil && time.Since(l.at) < lookPause {
		return l.live, nil
	}
	read, err := traffic.ReadLive(ctx, a.traffic, ws, a.lobby.Unix())
	if err != nil {
		return nil, err
	}
	l.live, l.at = read, time.Now()
	return read, nil
}

func (r *request) livePage() (*livePage, error) {
	l, err := r.admin.readLive(r.Context(), r.caller.Workspace)
	if err != nil {
		return nil, err
	}
	page := &livePage{Count: grouped(l.Count)}
	if l.Count >= traffic.MaxPresent {
		page.Count += " or more"
	}
	if rest := l.Count - len(l.People); rest > 0 {
		page.More = grouped(rest)
	}
	for _, p := range l.People {
		h := newHuman(&people.Person{
			ID: p.PersonID, Role: people.Role(p.Role), Name: p.Name, Email: p.Email, Pseudonym: p.Pseudonym, Phone: p.Phone, ExternalID: p.ExternalID,
		})
		first := "returning"
		if p.SessionCount <= 1 {
			first = "first visit"
		}
		page.Rows = append(page.Rows, livePerson{h, p.URL, p.Referrer, p.Country, first, r.moment(p.SeenAt)})
	}
	spark := &chart.Chart{Number: number}
	total := int64(0)
	for _, n := range l.Views {
		spark.Add(n, 0)
		total += n
	}
	spark.Scale(len(l.Views))
	page.Spark, page.Views = spark.Bars, counted(int(total), "page view")
	return page, nil
}

func (a *admin) showLive(r *request) error {
	page, err := r.livePage()
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "live", page)
}

const (
	// liveBeat is how often an open page is looked after without a change: who is signed in, and who has gone.
	liveBeat = 10 * time.Second
	// livePatience is how long a browser may take for a piece.
	livePatience = 30 * time.Second
)

// streamLive sends the list as server-sent events whenever it changes, until the browser goes, the server stops, or the login
// may not see it any more.
func (a *admin) streamLive(r *request) error {
	sub, err := a.hub.Subscribe(r.caller.Workspace, "login "+r.presence.Login.ID)
	if err != nil {
		r.w.Header().Set("Retry-After", "10")
		r.w.WriteHeader(http.StatusServiceUnavailable)
		return nil
	}
	defer sub.End()
	sub.Watch(live.VisitsKey)
	h := r.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
	r.w.WriteHeader(http.StatusOK)
	beat := time.NewTicker(liveBeat)
	defer beat.Stop()
	var sent []byte
	for {
		piece, err := r.livePiece()
		if err != nil || !r.send(piece, sent) {
			return nil
		}
		sent = piece
		if !r.await(lookPause, nil, nil) || !r.await(0, sub.Changed(), beat.C) {
			return nil
		}
	}
}

// livePiece returns the list as one event. It returns an error for somebody who may not see it any more.
func (r *request) livePiece() ([]byte, error) {
	p, err := r.admin.accounts.Present(r.Context(), r.cookie(sessionCookie))
	if err != nil {
		return nil, err
	}
	if p.Membership(r.member.Workspace) == nil {
		return nil, account.ErrSignedOut
	}
	page, err := r.livePage()
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	v := &view{Base: r.base, Member: r.member, Page: page, request: r}
	if err := pages["live"]().ExecuteTemplate(&body, "present", v); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false) // it is no HTML, and would be a quarter longer
	err = to.Encode(body.String())
	return bytes.TrimSpace(text.Bytes()), err
}

// send sends a piece, or a sign of life when it was sent last, and reports whether the browser took it.
func (r *request) send(piece, sent []byte) bool {
	text := []byte(":\n\n")
	if !bytes.Equal(piece, sent) {
		text = append(append([]byte("data: "), piece...), "\n\n"...)
	}
	on := http.NewResponseController(r.w)
	// Where a deadline cannot be set there is none, as in tests.
	_ = on.SetReadDeadline(time.Time{})
	_ = on.SetWriteDeadline(time.Now().Add(livePatience))
	_, err := r.w.Write(text)
	return err == nil && on.Flush() == nil
}

// await waits for a time, a change or a beat, whatever is given and comes first. It returns false when the stream is to end.
func (r *request) await(pause time.Duration, changed <-chan struct{}, beat <-chan time.Time) bool {
	var over <-chan time.Time
	if pause > 0 {
		over = time.After(pause)
	}
	select {
	case <-r.Context().Done():
		return false
	case <-r.admin.hub.Closed():
		return false
	case <-over:
	case <-changed:
	case <-beat:
	}
	return true
}

package messenger

import "sync"

// turns let a limited number of requests be handled at once. Others wait in a line for each app, and the apps take turns,
// so that a busy one keeps the others waiting for one request each time, not for all of its own.
type turns struct {
	mu sync.Mutex
	// free is how many more requests may be handled, and room how many more may wait. Nobody waits while any is free.
	free, room int
	lines      map[string][]turn // of the apps that have requests waiting
	order      []string          // these apps, the next one first
}

// turn is told whether the request that waits is handled or turned away.
type turn chan bool

// newTurns lets some requests be handled, and some wait.
func newTurns(handled, waiting int) *turns {
	return &turns{free: handled, room: waiting, lines: map[string][]turn{}}
}

// take waits until it is the turn of a request to an app; give must be called after. It reports false for a request that is
// turned away, because too many wait.
func (t *turns) take(app string) bool {
	t.mu.Lock()
	if t.free > 0 {
		t.free--
		t.mu.Unlock()
		return true
	}
	if t.room == 0 && !t.turnAwayFor(app) {
		t.mu.Unlock()
		return false
	}
	if len(t.lines[app]) == 0 {
		t.order = append(t.order, app)
	}
	mine := make(turn, 1)
	t.lines[app] = append(t.lines[app], mine)
	t.room--
	t.mu.Unlock()
	return <-mine
}

// give hands the turn of a request that was handled to the next one.
func (t *turns) give() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.order) == 0 {
		t.free++
		return
	}
	app := t.order[0]
	t.order = t.order[1:]
	line := t.lines[app]
	line[0] <- true
	t.room++
	if len(line) == 1 {
		delete(t.lines, app)
		return
	}
	t.lines[app] = line[1:]
	t.order = append(t.order, app)
}

// turnAwayFor makes room for a request to an app by turning away the last one of the longest line. It reports false when
// no line is longer than that of the app would be.
func (t *turns) turnAwayFor(app string) bool {
	longest := app
	for other, line := range t.lines {
		if len(line) > len(t.lines[longest]) {
			longest = other
		}
	}
	last := len(t.lines[longest]) - 1
	if last <= len(t.lines[app]) {
		return false
	}
	t.lines[longest][last] <- false
	t.lines[longest] = t.lines[longest][:last]
	t.room++
	return true
}

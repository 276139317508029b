package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

const (
	// barPause is how often the bar of a terminal moves, linePause how often a line is written elsewhere.
	barPause  = 100 * time.Millisecond
	linePause = 5 * time.Second
	barWidth  = 30
)

// progress says how far long work has come: as a bar on a terminal, and elsewhere as lines, of which short work writes
// none.
type progress struct {
	out      io.Writer
	now      func() time.Time
	what     string // is done, as in "visitors"
	terminal bool
	total    int // 0 when nobody knows

	done         int
	begun, shown time.Time
	hasBar       bool
}

// newProgress returns the progress of work on so many things; a total of 0 is not known.
func newProgress(out io.Writer, what string, total int) *progress {
	now := time.Now()
	return &progress{out: out, now: time.Now, what: what, total: total, terminal: isTerminal(out), begun: now, shown: now}
}

// isTerminal reports whether somebody looks at what is written.
func isTerminal(w io.Writer) bool {
	file, isFile := w.(*os.File)
	if !isFile || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0
}

// add says that n more are done.
func (p *progress) add(n int) { p.at(p.done + n) }

// at says how many are done in all.
func (p *progress) at(done int) {
	p.done = done
	now := p.now()
	pause := linePause
	if p.terminal {
		pause = barPause
	}
	if now.Sub(p.shown) < pause {
		return
	}
	p.shown = now
	if p.terminal {
		p.hasBar = true
		fmt.Fprintf(p.out, "\r\x1b[K%s%s", p.bar(), p.figures(now))
		return
	}
	fmt.Fprintln(p.out, p.figures(now))
}

// end takes the bar away.
func (p *progress) end() {
	if p.hasBar {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

func (p *progress) bar() string {
	if p.total == 0 {
		return ""
	}
	full := min(barWidth, barWidth*p.done/p.total)
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "] "
}

// figures are how many are done, how many a second, and how long the rest will take at that rate.
func (p *progress) figures(now time.Time) string {
	rate := float64(p.done) / max(now.Sub(p.begun).Seconds(), 0.001)
	if p.total == 0 {
		return fmt.Sprintf("%d %s, %.0f/s", p.done, p.what, rate)
	}
	text := fmt.Sprintf("%d of %d %s (%d%%), %.0f/s", p.done, p.total, p.what, min(100, 100*p.done/p.total), rate)
	if left := p.total - p.done; left > 0 && rate > 0 {
		text += ", " + (time.Duration(float64(left)/rate) * time.Second).String() + " left"
	}
	return text
}

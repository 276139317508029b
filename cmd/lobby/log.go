package main

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
	"time"

	"lobby/internal/config"
)

const (
	// maxLogBytes is how much of the log may wait to be written. A line that finds no room is dropped and counted.
	maxLogBytes = 1 << 20
	// maxLogWait is how long the end of the program waits for the log to be written.
	maxLogWait = time.Second
)

// newLog returns the log that the options ask for, and the end of it, which writes what still waits.
func newLog(out io.Writer, cfg config.Config) (log *slog.Logger, end func()) {
	w := newLogWriter(out, tellDropped(cfg))
	return slog.New(logHandler(w, cfg)), w.end
}

// tellDropped returns what says in the log that lines of it were dropped.
func tellDropped(cfg config.Config) func(io.Writer, int) {
	return func(to io.Writer, dropped int) {
		slog.New(logHandler(to, cfg)).Warn("log lines were dropped, since nobody read the log fast enough", "lines", dropped)
	}
}

func logHandler(w io.Writer, cfg config.Config) slog.Handler {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == "json" {
		return slog.NewJSONHandler(w, options)
	}
	return slog.NewTextHandler(w, options)
}

// logWriter writes lines in the background, so that no request waits for a reader of the log.
type logWriter struct {
	out io.Writer
	// tell writes a line that says how many were dropped.
	tell func(w io.Writer, dropped int)

	mu      sync.Mutex
	waiting bytes.Buffer
	dropped int
	ended   bool
	wake    chan struct{}
	done    chan struct{}
}

func newLogWriter(out io.Writer, tell func(io.Writer, int)) *logWriter {
	w := &logWriter{out: out, tell: tell, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go w.run()
	return w
}

// Write takes one line and never blocks. Its error is always nil, since a log has nobody to tell.
func (w *logWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	if w.waiting.Len()+len(line) > maxLogBytes {
		w.dropped++
	} else {
		w.waiting.Write(line)
	}
	w.mu.Unlock()
	w.wakeUp()
	return len(line), nil
}

func (w *logWriter) wakeUp() {
	select {
	case w.wake <- struct{}{}:
	default: // it is about to look
	}
}

func (w *logWriter) run() {
	defer close(w.done)
	var taken bytes.Buffer
	for range w.wake {
		w.mu.Lock()
		taken, w.waiting = w.waiting, taken
		dropped, ended := w.dropped, w.ended
		w.dropped = 0
		w.mu.Unlock()
		_, _ = w.out.Write(taken.Bytes())
		taken.Reset()
		if dropped > 0 {
			w.tell(w.out, dropped)
		}
		if ended {
			return
		}
	}
}

// end writes what waits, unless nobody takes it.
func (w *logWriter) end() {
	w.mu.Lock()
	w.ended = true
	w.mu.Unlock()
	w.wakeUp()
	select {
	case <-w.done:
	case <-time.After(maxLogWait):
	}
}

package main

import (
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	begun := time.Unix(1_700_000_000, 0)
	for name, c := range map[string]struct {
		terminal bool
		total    int
		pauses   []time.Duration // of a hundred each
		want     string
	}{
		"short work is silent":      {false, 300, []time.Duration{time.Second, time.Second, time.Second}, ""},
		"short work on a terminal":  {true, 300, []time.Duration{time.Millisecond, time.Millisecond}, ""},
		"long work is lines":        {false, 1000, []time.Duration{4 * time.Second, time.Second, 5 * time.Second}, "200 of 1000 visitors (20%), 40/s, 20s left\n300 of 1000 visitors (30%), 30/s, 23s left\n"},
		"long work of unknown size": {false, 0, []time.Duration{10 * time.Second}, "100 visitors, 10/s\n"},
		"more than was expected":    {false, 50, []time.Duration{10 * time.Second}, "100 of 50 visitors (100%), 10/s\n"},
		"a bar": {true, 200, []time.Duration{time.Second, time.Millisecond, time.Second}, "\r\x1b[K[###############...............] 100 of 200 visitors (50%), 100/s, 1s left" +
			"\r\x1b[K[##############################] 300 of 200 visitors (100%), 150/s\r\x1b[K"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			now := begun
			p := newProgress(&out, "visitors", c.total)
			p.now, p.begun, p.shown, p.terminal = func() time.Time { return now }, begun, begun, c.terminal
			for _, pause := range c.pauses {
				now = now.Add(pause)
				p.add(100)
			}
			p.end()
			if out.String() != c.want {
				t.Errorf("got %q, want %q", out.String(), c.want)
			}
		})
	}
}

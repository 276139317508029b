package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"

	"lobby/internal/config"
)

func TestNobodyWaitsForAReaderOfTheLog(t *testing.T) {
	t.Parallel()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	log, w := testLog(write, config.Config{LogFormat: "text"})
	const lines = 40_000 // more than a pipe and the buffer take
	for i := range lines {
		log.Info("request", "number", i)
	}

	text := make(chan string)
	go func() {
		all, _ := io.ReadAll(read)
		text <- string(all)
	}()
	w.end()
	<-w.done
	write.Close()
	got := <-text
	kept, dropped := strings.Count(got, "msg=request "), 0
	i := strings.Index(got, "msg=\"log lines were dropped")
	if i < 0 {
		t.Fatal("the log does not say that lines were dropped")
	}
	for line := range strings.Lines(got[i:]) {
		n := 0
		if _, counted, ok := strings.Cut(line, "lines="); ok {
			_, _ = fmt.Sscan(counted, &n)
		}
		dropped += n
	}
	if kept == 0 || dropped == 0 || kept+dropped != lines {
		t.Errorf("%d lines are there and %d are counted as dropped, want %d together", kept, dropped, lines)
	}
}

func TestALogIsWrittenInOrderAndWhole(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	log, w := testLog(&out, config.Config{LogFormat: "json"})
	for i := range 100 {
		log.Info("line", "number", i)
	}
	w.end()
	<-w.done
	all := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(all) != 100 || !strings.HasSuffix(all[99], `"number":99}`) || !strings.HasSuffix(all[0], `"number":0}`) {
		t.Errorf("%d lines:\n%s", len(all), out.String())
	}
}

// testLog is newLog with the writer itself, for tests that wait for its end however slow the machine is.
func testLog(out io.Writer, cfg config.Config) (*slog.Logger, *logWriter) {
	w := newLogWriter(out, tellDropped(cfg))
	return slog.New(logHandler(w, cfg)), w
}

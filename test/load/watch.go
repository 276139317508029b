package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// watchOptions describe busy sites, while pages of the team show who is there.
type watchOptions struct {
	server       string // path of the binary
	people       crowd
	rate         float64 // visitors a minute
	pages        int     // that show who is there
	rounds       int
	phase, warm  time.Duration
	eventsASec   float64 // max number of events a second to a page
	save, commit string
}

// runWatch sends pings of many visitors at an even pace, in turns without and with open pages that show who is there, and measures
// the CPU time of the server and what it sends to each page. It fails when that is not bounded.
func runWatch(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := parseWatch(args)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "lobby-bench-run-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what is left lies among the temporary files
	at, err := freshSQLite(ctx, o.server, o.people.population(), dir)
	if err != nil {
		return err
	}
	link, err := exec.CommandContext(ctx, o.server, append([]string{"admin", "add", appID, "owner@shop.example"}, at.served()...)...).Output()
	if err != nil {
		return fmt.Errorf("lobby admin add: %w", err)
	}
	server, address, err := serve(ctx, o.server, at.served())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	if err := errors.Join(prepare(ctx, address, o.people.data()), server.rest()); err != nil {
		return err
	}
	w := &watch{watchOptions: o, server: server, address: address}
	if w.browser, err = signIn(ctx, address, string(link)); err != nil {
		return err
	}
	if err := w.run(ctx); err != nil {
		return err
	}
	table := w.markdown()
	if _, err := io.WriteString(out, table); err != nil {
		return err
	}
	if o.save != "" {
		if err := errors.Join(os.MkdirAll(filepath.Dir(o.save), 0o777), os.WriteFile(o.save, []byte(table), 0o666)); err != nil {
			return err
		}
	}
	if got := w.figure(true, seenPhase.events); got > o.eventsASec {
		return fmt.Errorf("a page got %.1f events a second, max %g", got, o.eventsASec)
	}
	return nil
}

func parseWatch(args []string) (o watchOptions, err error) {
	flags := flag.NewFlagSet("load watch", flag.ContinueOnError)
	flags.StringVar(&o.server, "server", "bin/lobby", "the `binary` to measure")
	flags.IntVar((*int)(&o.people), "people", 100_000, "number of people in the database")
	flags.Float64Var(&o.rate, "rate", 10_000, "visitors a minute")
	flags.IntVar(&o.pages, "pages", 10, "number of open pages that show who is there")
	flags.IntVar(&o.rounds, "rounds", 3, "number of rounds; each has a phase without pages and one with")
	flags.DurationVar(&o.phase, "phase", 20*time.Second, "duration of a phase")
	flags.DurationVar(&o.warm, "warm", time.Minute, "duration of the pings before the first round")
	flags.Float64Var(&o.eventsASec, "max-events", 3, "how many events a second a page may get")
	flags.StringVar(&o.save, "save", "", "the `file` to write the table to, as Markdown")
	flags.StringVar(&o.commit, "commit", "", "the commit of the server, for the file")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.people < 10_000 || o.rate <= 0 || o.pages < 1 || o.rounds < 1 || o.phase <= 0 {
		return o, errors.New("give 10,000 people or more, and positive numbers")
	}
	return o, nil
}

var formToken = regexp.MustCompile(`name="token" value="([^"]+)"`)

// signIn uses a link that lets somebody in once, and returns the browser.
func signIn(ctx context.Context, address, link string) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	browser := &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	parsed, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return nil, err
	}
	secret := parsed.Query().Get("token")
	page := "http://" + address + "/pages/enter"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page+"?token="+url.QueryEscape(secret), http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := browser.Do(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close() //nolint:errcheck // it was only read
	found := formToken.FindSubmatch(body)
	if err != nil || found == nil {
		return nil, errors.Join(err, fmt.Errorf("the link was answered %s", answer.Status))
	}
	form := url.Values{"token": {string(found[1])}, "link": {secret}}
	request, err = http.NewRequestWithContext(ctx, http.MethodPost, page, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if answer, err = browser.Do(request); err != nil {
		return nil, err
	}
	answer.Body.Close() //nolint:errcheck // nothing is read
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("signing in was answered %s", answer.Status)
	}
	return browser, nil
}

// watch is one run.
type watch struct {
	watchOptions
	server  *process
	address string
	browser *http.Client
	phases  []seenPhase

	pings, events, bytes atomic.Int64
	largest              atomic.Int64 // event, in bytes
}

// seenPhase has the figures of a phase: CPU time in milliseconds a second, pings a second, and what a page got a second.
type seenPhase struct {
	isOpen                 bool // whether pages were open
	cpu, pings, got, bytes float64
}

func (p seenPhase) events() float64   { return p.got }
func (p seenPhase) load() float64     { return p.cpu }
func (p seenPhase) sent() float64     { return p.bytes }
func (p seenPhase) answered() float64 { return p.pings }

func (w *watch) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var callers sync.WaitGroup
	const many = 8
	failed := make([]error, many)
	for i := range many {
		callers.Go(func() {
			if failed[i] = w.visit(ctx, many); failed[i] != nil {
				cancel()
			}
		})
	}
	err := pause(ctx, w.warm)
	for range w.rounds {
		for _, isOpen := range []bool{false, true} {
			if err == nil {
				err = w.measure(ctx, isOpen)
			}
		}
	}
	cancel()
	callers.Wait()
	if all := errors.Join(failed...); all != nil {
		return all
	}
	return err
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// visit sends the pings of one caller of many: every third is of somebody new. Each tells of a page view.
func (w *watch) visit(ctx context.Context, callers int) error {
	c, err := dial(w.address, time.Hour)
	if err != nil {
		return err
	}
	defer c.conn.Close() //nolint:errcheck // nothing is under way any more
	data := w.people.data()
	arrive := visit("visit", permanent, func(v visitor, serial int64) visitor {
		if serial%3 == 0 {
			return data.newcomer(serial)
		}
		return v
	})
	text := arrive.text
	arrive.text = func(b []byte, v visitor, serial int64) []byte {
		b = append(text(b, v, serial), "&deeds=%5B%7B%22n%22%3A1%2C%22url%22%3A%22https%3A%2F%2Fshop.example%2Fshoes%2F"...)
		return append(strconv.AppendInt(b, serial%1000, 10), "%22%7D%5D"...)
	}
	write := arrive.writer(data, nil)
	pace := time.NewTicker(time.Duration(float64(callers) * 60 / w.rate * float64(time.Second)))
	defer pace.Stop()
	if err := pause(ctx, time.Duration(rand.Float64()*float64(callers)*60/w.rate*float64(time.Second))); err != nil {
		return nil //nolint:nilerr // the run is over
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-pace.C:
		}
		if err := errors.Join(write(c), c.send([]string{`"role":`})); err != nil {
			return err
		}
		w.pings.Add(1)
	}
}

// measure is one phase.
func (w *watch) measure(ctx context.Context, isOpen bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var pages sync.WaitGroup
	failed := make([]error, w.pages)
	if isOpen {
		for i := range w.pages {
			pages.Go(func() { failed[i] = w.look(ctx) })
		}
	}
	if err := pause(ctx, w.phase/10); err != nil {
		return err
	}
	begin, events, bytes, pings := time.Now(), w.events.Load(), w.bytes.Load(), w.pings.Load()
	before, err := cpuSeconds([]int{w.server.pid()})
	if err = errors.Join(err, pause(ctx, w.phase)); err != nil {
		return err
	}
	after, err := cpuSeconds([]int{w.server.pid()})
	seconds := time.Since(begin).Seconds()
	w.phases = append(w.phases, seenPhase{
		isOpen: isOpen, cpu: (after - before) * 1000 / seconds, pings: float64(w.pings.Load()-pings) / seconds,
		got: float64(w.events.Load()-events) / seconds / float64(w.pages), bytes: float64(w.bytes.Load()-bytes) / seconds / float64(w.pages),
	})
	cancel()
	pages.Wait()
	return errors.Join(append(failed, err)...)
}

// look opens a page that shows who is there and counts what it gets, until the phase is over.
func (w *watch) look(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+w.address+"/pages/"+appID+"/live/stream", http.NoBody)
	if err != nil {
		return err
	}
	answer, err := w.browser.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // it is read to its end
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the stream was answered %s", answer.Status)
	}
	lines := bufio.NewReaderSize(answer.Body, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the phase is over
		}
		if err != nil {
			return err
		}
		w.bytes.Add(int64(len(line)))
		if strings.HasPrefix(line, "data:") {
			w.events.Add(1)
			for size := int64(len(line)); ; {
				if old := w.largest.Load(); old >= size || w.largest.CompareAndSwap(old, size) {
					break
				}
			}
		}
	}
}

// figure returns the median of the phases with or without pages.
func (w *watch) figure(isOpen bool, of func(seenPhase) float64) float64 {
	var all []float64
	for _, p := range w.phases {
		if p.isOpen == isOpen {
			all = append(all, of(p))
		}
	}
	return median(all)
}

func (w *watch) markdown() string {
	var text strings.Builder
	fmt.Fprintf(&text, "# Live pages beside busy sites\n\n"+
		"Made by `make bench-live` on %s of %s: %s people on SQLite, %g visitors a minute, of whom every third is new, each with a page\n"+
		"view; medians of %d phases of %v without and with %d open pages that show who is there, in turns.\n\n"+
		"| | without pages | with %d pages |\n|---|---|---|\n",
		cmp.Or(w.commit, "a commit"), time.Now().Format(time.DateOnly), thousands(int(w.people)), w.rate, w.rounds, w.phase, w.pages, w.pages)
	for _, row := range []struct {
		name string
		of   func(seenPhase) float64
	}{
		{"pings answered a second", seenPhase.answered},
		{"CPU of the server, ms a second", seenPhase.load},
		{"events a second to a page", seenPhase.events},
		{"bytes a second to a page", seenPhase.sent},
	} {
		fmt.Fprintf(&text, "| %s | %.1f | %.1f |\n", row.name, w.figure(false, row.of), w.figure(true, row.of))
	}
	more := w.figure(true, seenPhase.load) - w.figure(false, seenPhase.load)
	fmt.Fprintf(&text, "\nThe largest event had %s bytes. A page costs %.1f ms of CPU a second.\n", thousands(int(w.largest.Load())), more/float64(w.pages))
	return text.String()
}

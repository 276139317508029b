package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// soakOptions describe a long mixed load.
type soakOptions struct {
	server   string // path of the binary
	people   crowd
	duration time.Duration
	pause    time.Duration // between two samples
	callers  int
	rate     float64 // requests a second
	heapMB   float64 // how much the live heap may grow in the second half, apart from who was added
	ownMB    float64 // the same for memory that the process owns
	save     string  // file for the table; empty for none
	commit   string
}

// bytesEach is what somebody who was added may take in the indexes.
const bytesEach = 400

// perMille has the share of each operation of the mixed load. People are added slowly: beside them, what is kept must not grow.
var perMille = map[string]int{
	"get": 150, "get contact": 100, "list contacts": 20, "search email": 60, "search plan": 20, "search half": 20, "search text": 10,
	fewParts: 40, listTalks: 20, searchTalks: 10, "put": 120, "ping": 250, "ping new session": 60, "tag contact": 40, replyTalk: 20,
	"convert-user": 15, "convert-lead": 15, "convert-merge": 10, "create contact": 10, "arrive": 10,
}

// runSoak keeps a server busy for a long time and samples its memory. It fails when the memory is not flat in the second half.
func runSoak(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := parseSoak(args)
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
	server, address, err := serve(ctx, o.server, at.served())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	if err := server.rest(); err != nil {
		return err
	}
	s := &soak{soakOptions: o, server: server, address: address}
	if err := s.run(ctx); err != nil {
		return err
	}
	table := s.markdown()
	if _, err := io.WriteString(out, table); err != nil {
		return err
	}
	if o.save != "" {
		if err := errors.Join(os.MkdirAll(filepath.Dir(o.save), 0o777), os.WriteFile(o.save, []byte(table), 0o666)); err != nil {
			return err
		}
	}
	return s.verdict()
}

func parseSoak(args []string) (o soakOptions, err error) {
	flags := flag.NewFlagSet("load soak", flag.ContinueOnError)
	flags.StringVar(&o.server, "server", "bin/lobby", "the `binary` to measure")
	flags.IntVar((*int)(&o.people), "people", 1_000_000, "number of people in the database")
	flags.DurationVar(&o.duration, "for", 20*time.Minute, "duration of the load")
	flags.DurationVar(&o.pause, "every", 10*time.Second, "time between two samples")
	flags.IntVar(&o.callers, "callers", 16, "number of concurrent requests")
	flags.Float64Var(&o.rate, "rate", 400, "requests a second")
	flags.Float64Var(&o.heapMB, "max-heap", 8, "how many megabytes the live heap may grow in the second half, apart from 400 bytes for each new person")
	flags.Float64Var(&o.ownMB, "max-owned", 16, "the same for the memory that the process owns")
	flags.StringVar(&o.save, "save", "", "the `file` to write the table to, as Markdown")
	flags.StringVar(&o.commit, "commit", "", "the commit of the server, for the file")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.people < 10_000 || o.callers < 1 || o.rate <= 0 || o.pause <= 0 || o.duration < 8*o.pause {
		return o, errors.New("give 10,000 people or more, positive numbers, and time for eight samples")
	}
	return o, nil
}

// soak is one run.
type soak struct {
	soakOptions
	server  *process
	address string
	idle    sample
	samples []sample
	// asked and added are the numbers of requests and of new people so far.
	asked, added atomic.Int64
	cpu          float64 // seconds of the whole load
}

func (s *soak) run(ctx context.Context) (err error) {
	time.Sleep(min(30*time.Second, 3*s.pause)) // what filling the indexes left is given back
	if s.idle, err = takeSample(ctx, s.server.pid(), s.address); err != nil {
		return err
	}
	if err := prepare(ctx, s.address, s.people.data()); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.duration)
	defer cancel()
	before, err := cpuSeconds([]int{s.server.pid()})
	if err != nil {
		return err
	}
	var callers sync.WaitGroup
	failed := make([]error, s.callers)
	draw := s.draw()
	for i := range s.callers {
		callers.Go(func() {
			if failed[i] = s.call(ctx, draw); failed[i] != nil {
				cancel()
			}
		})
	}
	err = s.watch(ctx)
	cancel()
	callers.Wait()
	after, cpuErr := cpuSeconds([]int{s.server.pid()})
	s.cpu = after - before
	return errors.Join(append(failed, err, cpuErr)...)
}

// watch takes samples until the time is over.
func (s *soak) watch(ctx context.Context) error {
	begin := time.Now()
	for tick := time.NewTicker(s.pause); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			now, err := takeSample(context.WithoutCancel(ctx), s.server.pid(), s.address)
			if err != nil {
				return err
			}
			now.after, now.asked, now.added = time.Since(begin), s.asked.Load(), s.added.Load()
			s.samples = append(s.samples, now)
		}
	}
}

// drawn is a scenario with the writer of its requests.
type drawn struct {
	scenario
	write func(*client) error
}

// draw returns a function that returns any scenario, as often as perMille says.
func (s *soak) draw() func() drawn {
	var urn []int
	var all []drawn
	wanted := s.people.scenarios()
	shares := (&bench{options: options{connections: []int{1}}}).allot(s.people.data(), wanted)
	for i, one := range wanted {
		all = append(all, drawn{one, one.writer(s.people.data(), shares[benchmark{one.name, 1}])})
		urn = append(urn, slices.Repeat([]int{i}, perMille[one.name])...)
	}
	return func() drawn { return all[urn[rand.IntN(len(urn))]] }
}

// call makes the requests of one caller at an even pace, until the time is over.
func (s *soak) call(ctx context.Context, draw func() drawn) error {
	c, err := dial(s.address, s.duration+5*time.Minute)
	if err != nil {
		return err
	}
	defer c.conn.Close() //nolint:errcheck // nothing is under way any more
	pace := time.NewTicker(time.Duration(float64(s.callers) / s.rate * float64(time.Second)))
	defer pace.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-pace.C:
		}
		d := draw()
		err := d.write(c)
		if errors.Is(err, errNoFreshVisitors) { // the rest of the mix goes on
			continue
		}
		if err = errors.Join(err, c.send(d.expected)); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		s.asked.Add(1)
		if d.name == "create contact" || d.name == "arrive" {
			s.added.Add(1)
		}
	}
}

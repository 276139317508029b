package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"
)

// hotOptions describe a simulation of one hot workspace among many.
type hotOptions struct {
	server     string // path of the binary
	servers    int
	workspaces int
	callers    int // that keep the hot workspace busy, one request each
	pace       float64
	phase      time.Duration
}

// runHot starts servers on one PostgreSQL and sends the first pings of new visitors to many quiet workspaces at an even
// pace: first alone, then while callers send as many as they can to one hot workspace. It prints how long the quiet ones
// waited in either phase.
func runHot(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := parseHot(args)
	if err != nil {
		return err
	}
	cluster, err := startCluster(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.stop()) }()
	if err := execPostgres(ctx, cluster.address("postgres"), "CREATE DATABASE hot"); err != nil {
		return err
	}
	sim := &hotSimulation{hotOptions: o, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1024}, Timeout: time.Minute}}
	defer sim.client.CloseIdleConnections()
	for i := range o.workspaces + 1 {
		create := exec.CommandContext(ctx, o.server, "workspace", "create", appOf(i), "--database", cluster.address("hot"))
		if said, err := create.CombinedOutput(); err != nil {
			return fmt.Errorf("create a workspace: %w: %s", err, said)
		}
	}
	for range o.servers {
		p, err := start(ctx, o.server, "serve", "--listen=127.0.0.1:0", "--rate-limit=1000000000", "--trusted-proxies=127.0.0.1/32", "--log-level=error",
			"--database="+cluster.address("hot"))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, p.stop()) }()
		address, err := p.address()
		if err != nil {
			return err
		}
		sim.addresses = append(sim.addresses, address)
	}
	if err := sim.run(ctx, out); err != nil {
		return err
	}
	return printSize(ctx, cluster.address("hot"), out)
}

// printSize prints what the people of a database take, with all that hangs on them and the indexes.
func printSize(ctx context.Context, address string, out io.Writer) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // read only
	var people, bytes, sessions int64
	err = conn.QueryRow(ctx, `SELECT (SELECT count(*) FROM people), (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
		WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace), pg_total_relation_size('page_sessions')`).Scan(&people, &bytes, &sessions)
	if err != nil {
		return err
	}
	people = max(people, 1)
	fmt.Fprintf(out, "%d people take %d bytes each, and their page sessions %d\n", people, (bytes-sessions)/people, sessions/people)
	return nil
}

func parseHot(args []string) (o hotOptions, err error) {
	flags := flag.NewFlagSet("load hot", flag.ContinueOnError)
	flags.StringVar(&o.server, "server", "bin/lobby", "the `binary` to measure")
	flags.IntVar(&o.servers, "servers", 2, "number of servers on the database")
	flags.IntVar(&o.workspaces, "workspaces", 20, "number of quiet workspaces")
	flags.IntVar(&o.callers, "callers", 64, "number of concurrent requests to the hot workspace")
	flags.Float64Var(&o.pace, "pace", 40, "pings a second to all quiet workspaces together")
	seconds := flags.Float64("seconds", 5, "duration of each of the two phases")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.phase = time.Duration(*seconds * float64(time.Second))
	if o.servers < 1 || o.workspaces < 1 || o.callers < 1 || o.pace <= 0 || o.phase <= 0 {
		return o, errors.New("every number must be positive")
	}
	return o, nil
}

// appOf returns the app id of a workspace; that of the hot one is the last.
func appOf(i int) string { return fmt.Sprintf("shop%d", i) }

type hotSimulation struct {
	hotOptions
	addresses []string
	client    *http.Client

	mu    sync.Mutex
	sent  int64
	quiet hotResult
	hot   hotResult
}

// hotResult has what became of the pings to some workspaces in one phase.
type hotResult struct {
	took                 []time.Duration // of those that were handled
	refused, failed, all int             // refused is for now
}

func (r *hotResult) add(status int, took time.Duration) {
	r.all++
	switch status {
	case http.StatusOK:
		r.took = append(r.took, took)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		r.refused++
	default:
		r.failed++
	}
}

// percentile returns the duration below which a part of the handled pings stayed.
func (r *hotResult) percentile(part float64) time.Duration {
	if len(r.took) == 0 {
		return 0
	}
	slices.Sort(r.took)
	return r.took[min(len(r.took)-1, int(part*float64(len(r.took))))]
}

func (s *hotSimulation) run(ctx context.Context, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "%d servers, %d quiet workspaces at %g pings/s, %d callers\n", s.servers, s.workspaces, s.pace, s.callers)
	fmt.Fprintln(table, "phase\tquiet pings\tp50 ms\tp99 ms\tmax ms\trefused\tfailed\thot pings/s\thot refused")
	for _, phase := range []struct {
		name    string
		callers int
	}{{"alone", 0}, {"beside a hot one", s.callers}} {
		s.quiet, s.hot = hotResult{}, hotResult{}
		s.runPhase(ctx, phase.callers)
		if err := ctx.Err(); err != nil {
			return err
		}
		ms := func(part float64) float64 { return float64(s.quiet.percentile(part).Microseconds()) / 1000 }
		fmt.Fprintf(table, "%s\t%d\t%.1f\t%.1f\t%.1f\t%d\t%d\t%.0f\t%d\n", phase.name, s.quiet.all, ms(0.5), ms(0.99), ms(1), s.quiet.refused, s.quiet.failed,
			float64(len(s.hot.took))/s.phase.Seconds(), s.hot.refused)
		if s.quiet.failed+s.hot.failed > 0 {
			return errors.Join(table.Flush(), fmt.Errorf("%d pings failed", s.quiet.failed+s.hot.failed))
		}
	}
	return table.Flush()
}

// runPhase sends pings for one phase, and returns when all have been answered.
func (s *hotSimulation) runPhase(ctx context.Context, callers int) {
	ctx, cancel := context.WithTimeout(ctx, s.phase)
	defer cancel()
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for ctx.Err() == nil {
				s.ping(&s.hot, s.workspaces, time.Now())
			}
		})
	}
	tick := time.NewTicker(time.Duration(float64(time.Second) / s.pace))
	defer tick.Stop()
	for i := 0; ctx.Err() == nil; i++ {
		select {
		case due := <-tick.C: // late pings count from when they were due
			all.Go(func() { s.ping(&s.quiet, i%s.workspaces, due) })
		case <-ctx.Done():
		}
	}
	all.Wait()
}

// ping sends the first ping of a new visitor to one server after the other.
func (s *hotSimulation) ping(into *hotResult, workspace int, due time.Time) {
	s.mu.Lock()
	s.sent++
	serial := s.sent
	s.mu.Unlock()
	id := string(visitor(serial).appendUUID(nil))
	form := url.Values{"app_id": {appOf(workspace)}, "s": {id}, "n": {"1"}, "user_data": {`{"anonymous_id":"` + id + `"}`}}
	address := "http://" + s.addresses[int(serial)%len(s.addresses)] + "/messenger/web/ping"
	status := 0
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err == nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", "https://shop.example")
		request.Header.Set("User-Agent", browser)
		// Every visitor has an address of its own, so that the limits of addresses refuse nobody.
		request.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", serial>>16&255, serial>>8&255, serial&255))
		var answer *http.Response
		if answer, err = s.client.Do(request); err == nil {
			status = answer.StatusCode
			_, copyErr := io.Copy(io.Discard, answer.Body)
			err = cmp.Or(copyErr, answer.Body.Close())
		}
	}
	if err != nil {
		status = 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	into.add(status, time.Since(due))
}

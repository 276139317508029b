package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// maxGrowth is how many times the CPU time of an operation with few people it may take with many.
const maxGrowth = 1.5

// runGrowth measures every operation with several numbers of people on SQLite: each number on a server of its own, in the same
// rounds, each operation with one number directly after the other.
func runGrowth(ctx context.Context, args []string, out io.Writer) error {
	b, err := parseGrowth(args)
	if err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp("", "lobby-bench-run-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir) //nolint:errcheck // what is left lies among the temporary files
	r, err := b.growthReport(ctx)
	if err != nil {
		return err
	}
	if err := r.print(out); err != nil || b.save == "" {
		return err
	}
	if err := b.figures([]*report{r.report}).save(b.save); err != nil {
		return err
	}
	stem := strings.TrimSuffix(b.save, filepath.Ext(b.save))
	return errors.Join(os.WriteFile(stem+".svg", []byte(r.drawing()), 0o666), os.WriteFile(stem+".md", []byte(r.markdown(filepath.Base(stem))), 0o666))
}

// growthBench is a bench with several crowds, the smallest first.
type growthBench struct {
	bench
	crowds []crowd
}

func parseGrowth(args []string) (*growthBench, error) {
	b := &growthBench{}
	flags := flag.NewFlagSet("load growth", flag.ContinueOnError)
	flags.StringVar(&b.server, "server", "bin/lobby", "the `binary` to measure")
	people := flags.String("people", "10000,100000,1000000", "numbers of people in the databases")
	flags.IntVar(&b.rounds, "rounds", 5, "number of rounds; each measures everything once")
	seconds := flags.Float64("seconds", 1, "duration of one measurement")
	connections := flags.Int("connections", 64, "number of concurrent requests")
	known := namesOf(crowd(0).scenarios())
	names := flags.String("scenarios", strings.Join(known, ","), "what to measure, of these")
	flags.StringVar(&b.save, "save", "", "the `file` to write the figures to, as JSON; the chart and its table go beside it, as .svg and .md")
	flags.StringVar(&b.commit, "commit", "", "the commit of the server, for the files")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	sizes, err := numbers("people", *people, 10_000, 1<<24)
	if err != nil {
		return nil, err
	}
	for _, n := range slices.Sorted(slices.Values(sizes)) {
		b.crowds = append(b.crowds, crowd(n))
	}
	if b.scenarios, err = words("scenarios", *names, known); err != nil {
		return nil, err
	}
	b.window, b.connections = time.Duration(*seconds*float64(time.Second)), []int{*connections}
	if len(b.crowds) < 2 || b.rounds < 1 || b.window <= 0 || *connections < 1 {
		return nil, errors.New("give two numbers of people or more, and positive -rounds, -seconds and -connections")
	}
	return b, nil
}

// growthReport has the measurements of several crowds.
type growthReport struct {
	*report
	crowds     []crowd
	operations []string
	commit     string
}

func (b *growthBench) growthReport(ctx context.Context) (*growthReport, error) {
	operations := namesOf(withNames(crowd(0).scenarios(), b.scenarios))
	r := &growthReport{&report{title: "people on SQLite", options: b.options}, b.crowds, operations, b.commit}
	hosts := make([]host, len(b.crowds))
	for i, c := range b.crowds {
		seed, err := seeded(ctx, b.server, c.population())
		if err != nil {
			return nil, err
		}
		hosts[i] = sqliteHost{seed, filepath.Join(b.dir, fmt.Sprint("crowd", int(c))), false}
	}
	for _, name := range operations {
		for _, c := range b.crowds {
			r.names = append(r.names, ofSize(name, int(c)))
		}
		r.ratios = append(r.ratios, costs(r.benchmark(name, b.crowds[len(b.crowds)-1]), r.benchmark(name, b.crowds[0]), maxGrowth))
	}
	for range b.rounds {
		measured, err := b.growthRound(ctx, hosts)
		if err != nil {
			return nil, err
		}
		r.rounds = append(r.rounds, measured)
	}
	return r, nil
}

func (b *growthBench) growthRound(ctx context.Context, hosts []host) (measured round, err error) {
	callers := b.connections[0]
	targets, wanted := make([]target, len(hosts)), make([][]scenario, len(hosts))
	for i, h := range hosts {
		if _, err := h.fresh(ctx); err != nil {
			return nil, err
		}
		server, address, err := serve(ctx, b.server, h.served())
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, server.stop()) }()
		data := b.crowds[i].data()
		if err := errors.Join(prepare(ctx, address, data), server.rest()); err != nil {
			return nil, err
		}
		wanted[i] = withNames(b.crowds[i].scenarios(), b.scenarios)
		targets[i] = target{server, address, h.database(), data, b.allot(data, wanted[i])}
	}
	var trials []trial
	for n := range wanted[0] {
		for i, t := range targets {
			s := wanted[i][n]
			made := t.trial(benchmark{s.name, callers}, s, true)
			made.name = ofSize(s.name, int(b.crowds[i]))
			trials = append(trials, made)
		}
	}
	return measure(trials, b.window)
}

func (r *growthReport) benchmark(operation string, c crowd) benchmark {
	return benchmark{ofSize(operation, int(c)), r.connections[0]}
}

// costs returns the CPU time of an operation in microseconds, for each crowd.
func (r *growthReport) costs(operation string) (all []float64) {
	for _, c := range r.crowds {
		all = append(all, r.median(r.benchmark(operation, c), measurement.cost))
	}
	return all
}

// growth returns how many times the CPU time with the fewest people an operation takes with the most: the median of the rounds.
func (r *growthReport) growth(operation string) float64 {
	return median(r.within(costs(r.benchmark(operation, r.crowds[len(r.crowds)-1]), r.benchmark(operation, r.crowds[0]), 0)))
}

// markdown returns the table of the growth, with the drawing of that name above it.
func (r *growthReport) markdown(drawing string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "# CPU time a request as people grow in number\n\n"+
		"Made by `make bench-growth` on %s of %s: SQLite, %d connections, medians of %d rounds of %v, each number of people on a server\n"+
		"of its own. Half of the people are visitors, the others users; a tenth as many conversations have five parts each. *Growth* is the\n"+
		"median of the ratios within a round; beyond %g it is marked.\n\n![CPU time a request by number of people](%s.svg)\n\n",
		cmp.Or(r.commit, "a commit"), time.Now().Format(time.DateOnly), r.connections[0], len(r.rounds), r.window, maxGrowth, drawing)
	fmt.Fprint(&text, "| µs of CPU a request |")
	for _, c := range r.crowds {
		fmt.Fprintf(&text, " %s |", thousands(int(c)))
	}
	fmt.Fprintf(&text, " growth | |\n|---|%s---|---|\n", strings.Repeat("---|", len(r.crowds)))
	for _, name := range r.operations {
		fmt.Fprintf(&text, "| %s |", name)
		for _, cost := range r.costs(name) {
			fmt.Fprintf(&text, " %.0f |", cost)
		}
		mark := ""
		if r.growth(name) > maxGrowth {
			mark = "grows"
		}
		fmt.Fprintf(&text, " %.2f × | %s |\n", r.growth(name), mark)
	}
	return text.String()
}

// thousands writes a number with commas.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

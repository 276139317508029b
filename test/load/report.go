package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
)

// labelWidth is the width of the first column.
const labelWidth = 46

// report has the measurements on one database.
type report struct {
	options
	title  string
	names  []string // of scenarios and baselines, in the order of the rows
	ratios []ratio
	rounds []round
	notes  string
}

// ratio compares two benchmarks of the same round.
type ratio struct {
	above, below benchmark
	unit         string
	of           func(measurement) float64
	// less, if any, is taken off above.
	less benchmark
	// aim is the target: a max when the ratio compares costs, otherwise a min. Zero means no target.
	aim   float64
	isMax bool
}

// cpu is the unit of ratios of CPU time.
const cpu = "CPU"

func rates(above, below benchmark, aim float64) ratio {
	return ratio{above: above, below: below, unit: "req/s", of: measurement.rate, aim: aim}
}

func costs(above, below benchmark, aim float64) ratio {
	return ratio{above: above, below: below, unit: cpu, of: measurement.cost, aim: aim, isMax: true}
}

// visitorRatios returns the comparisons of scenarios with visitors.
func visitorRatios(connections []int) []ratio {
	var all []ratio
	for _, n := range connections {
		all = append(all, costs(benchmark{"get", n}, benchmark{bareHandler, n}, 2.2))
	}
	maxCallers := slices.Max(connections)
	put := benchmark{"put", maxCallers}
	durable := costs(put, benchmark{grouped, maxCallers}, 1.6)
	durable.less = benchmark{bareHandler, maxCallers}
	all = append(all, durable, rates(put, benchmark{grouped, maxCallers}, 0.6), rates(put, benchmark{oneByOne, 1}, 3))
	for _, c := range []struct {
		name string
		aim  float64
	}{{"convert-user", 2}, {"convert-lead", 2}, {"convert-merge", 2.5}} {
		for _, n := range connections {
			all = append(all, costs(benchmark{c.name, n}, benchmark{"put", n}, c.aim))
		}
	}
	for _, n := range connections {
		form := benchmark{bareForm, n}
		all = append(all, costs(benchmark{"ping", n}, form, 2.5), costs(benchmark{"ping new session", n}, form, 4))
	}
	arrive := benchmark{"arrive", maxCallers}
	return append(all, rates(arrive, benchmark{groupedInserts, maxCallers}, 0), costs(arrive, benchmark{groupedInserts, maxCallers}, 0))
}

// contactAims are the targets for the CPU time of scenarios with contacts, as multiples of plain SQL's.
var contactAims = map[string]float64{"create contact": 4, "tag contact": 5}

// contactRatios compares each scenario with the same work done by SQL alone.
func contactRatios(names []string, connections []int) []ratio {
	var all []ratio
	for _, name := range names {
		for _, n := range connections {
			by, plain := benchmark{name, n}, benchmark{bySQL(name), n}
			all = append(all, rates(by, plain, 0), costs(by, plain, contactAims[name]))
		}
	}
	return all
}

func (r *report) has(c benchmark) bool {
	_, measured := r.rounds[0][c]
	return measured
}

func (c benchmark) String() string { return fmt.Sprintf("%s (%d)", c.name, c.callers) }

// verdict returns the target and whether a value meets it, both as text; "" without a target.
func (x ratio) verdict(value float64) (string, string) {
	words := map[bool]string{true: "met", false: "missed"}
	switch {
	case x.aim == 0:
		return "", ""
	case x.isMax:
		return fmt.Sprintf("≤ %g", x.aim), words[value <= x.aim]
	}
	return fmt.Sprintf("≥ %g", x.aim), words[value >= x.aim]
}

func (r *report) print(out io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s; %d rounds of %v; %d CPUs, %s, %s/%s\n\n", r.title, len(r.rounds), r.window, runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	r.printMeasurements(&text)
	r.printRatios(&text)
	text.WriteString(r.notes)
	_, err := io.WriteString(out, text.String())
	return err
}

func (r *report) printMeasurements(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%-*s\tconnections\treq/s\tCPU µs/req\tp50 ms\tp99 ms\tMB\t\n", labelWidth, "medians")
	for _, c := range r.benchmarks() {
		fmt.Fprintf(table, "%-*s\t%d\t%.0f\t%.0f\t%.2f\t%.2f\t%.0f\t\n", labelWidth, c.name, c.callers,
			r.median(c, measurement.rate), r.median(c, measurement.cost),
			r.median(c, func(m measurement) float64 { return m.P50 * 1000 }),
			r.median(c, func(m measurement) float64 { return m.P99 * 1000 }),
			r.median(c, func(m measurement) float64 { return m.Memory }))
	}
	table.Flush() //nolint:errcheck // a strings.Builder takes everything
	var short []string
	for _, c := range r.benchmarks() {
		if seconds := r.median(c, func(m measurement) float64 { return m.Seconds }); seconds < r.window.Seconds()*0.9 {
			short = append(short, fmt.Sprintf("%v in %.1f s", c, seconds))
		}
	}
	if short != nil {
		fmt.Fprintf(out, "\nran out of fresh visitors (more -people give more): %s\n", strings.Join(short, "; "))
	}
	fmt.Fprintln(out)
}

// printRatios prints the distribution of each ratio within rounds.
func (r *report) printRatios(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%-*s\tmin\tmedian\tmax\taim\t\t\n", labelWidth, "ratio")
	for _, x := range r.ratios {
		all := r.within(x)
		if all == nil {
			continue
		}
		aim, verdict := x.verdict(median(all))
		fmt.Fprintf(table, "%-*s\t%.2f\t%.2f\t%.2f\t%s\t%s\t\n", labelWidth, x.unit+" of "+x.String(),
			slices.Min(all), median(all), slices.Max(all), aim, verdict)
	}
	table.Flush() //nolint:errcheck // a strings.Builder takes everything
	fmt.Fprintln(out)
}

// within returns the ratio in each round; nil when one of its parts was not measured.
func (r *report) within(x ratio) (all []float64) {
	if !r.has(x.above) || !r.has(x.below) || x.less.name != "" && !r.has(x.less) {
		return nil
	}
	for _, round := range r.rounds {
		above := x.of(round[x.above])
		if x.less.name != "" {
			above -= x.of(round[x.less])
		}
		all = append(all, above/x.of(round[x.below]))
	}
	return all
}

func (x ratio) String() string {
	if x.less.name != "" {
		return fmt.Sprintf("(%v − %v) / %v", x.above, x.less, x.below)
	}
	return fmt.Sprintf("%v / %v", x.above, x.below)
}

// benchmarks returns the measured benchmarks in the order of names, then of callers.
func (r *report) benchmarks() []benchmark {
	var all []benchmark
	for _, name := range r.names {
		for _, callers := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(r.connections, []int{1})))) {
			if r.has(benchmark{name, callers}) {
				all = append(all, benchmark{name, callers})
			}
		}
	}
	return all
}

func (r *report) median(c benchmark, of func(measurement) float64) float64 {
	var all []float64
	for _, round := range r.rounds {
		all = append(all, of(round[c]))
	}
	return median(all)
}

func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}

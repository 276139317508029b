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
	// aim is the target: a max when the ratio compares costs, otherwise a min. Zero means no target.
	aim   float64
	isMax bool
}

func rates(above, below benchmark, aim float64) ratio {
	return ratio{above, below, "req/s", measurement.rate, aim, false}
}

func costs(above, below benchmark, aim float64) ratio {
	return ratio{above, below, "CPU", measurement.cost, aim, true}
}

// visitorRatios returns the comparisons of scenarios with visitors.
func visitorRatios(connections []int) []ratio {
	var all []ratio
	for _, n := range connections {
		all = append(all, costs(benchmark{"get", n}, benchmark{bareHandler, n}, 2))
	}
	maxCallers := slices.Max(connections)
	put := benchmark{"put", maxCallers}
	all = append(all, costs(put, benchmark{grouped, maxCallers}, 0), rates(put, benchmark{grouped, maxCallers}, 0.6), rates(put, benchmark{oneByOne, 1}, 3))
	for _, name := range []string{"convert-user", "convert-lead", "convert-merge"} {
		for _, n := range connections {
			all = append(all, rates(benchmark{name, n}, benchmark{"put", n}, 0.4))
		}
	}
	for _, n := range connections {
		ping, form := benchmark{"ping", n}, benchmark{bareForm, n}
		all = append(all, rates(ping, form, 0), costs(ping, form, 0))
	}
	arrive := benchmark{"arrive", maxCallers}
	return append(all, rates(arrive, benchmark{groupedInserts, maxCallers}, 0), costs(arrive, benchmark{groupedInserts, maxCallers}, 0))
}

// contactRatios compares each scenario with the same work done by SQL alone.
func contactRatios(names []string, connections []int) []ratio {
	var all []ratio
	for _, name := range names {
		for _, n := range connections {
			by, plain := benchmark{name, n}, benchmark{bySQL(name), n}
			all = append(all, rates(by, plain, 0), costs(by, plain, 0))
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

// printRatios prints each ratio of the medians, and the distribution of the ratios within rounds.
func (r *report) printRatios(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%-*s\tof medians\tmin\tmedian\tmax\taim\t\t\n", labelWidth, "ratio")
	for _, x := range r.ratios {
		if !r.has(x.above) || !r.has(x.below) {
			continue
		}
		var all []float64
		for _, round := range r.rounds {
			all = append(all, x.of(round[x.above])/x.of(round[x.below]))
		}
		aim, verdict := x.verdict(median(all))
		label := fmt.Sprintf("%s of %v / %v", x.unit, x.above, x.below)
		fmt.Fprintf(table, "%-*s\t%.2f\t%.2f\t%.2f\t%.2f\t%s\t%s\t\n", labelWidth, label,
			r.median(x.above, x.of)/r.median(x.below, x.of), slices.Min(all), median(all), slices.Max(all), aim, verdict)
	}
	table.Flush() //nolint:errcheck // a strings.Builder takes everything
	fmt.Fprintln(out)
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

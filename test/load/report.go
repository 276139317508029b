package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
)

// labels is how wide the first column is.
const labels = 46

// report is what was measured on one database.
type report struct {
	options
	title  string
	names  []string // of what was measured, in the order of the rows
	ratios []ratio
	rounds []round
	notes  string
}

// ratio compares two contests of the same round.
type ratio struct {
	above, below contest
	says         string
	of           func(measurement) float64
	// aim is what the ratio should be at most, when it compares costs, or at least; zero is no aim.
	aim    float64
	atMost bool
}

func rates(above, below contest, aim float64) ratio {
	return ratio{above, below, "req/s", measurement.rate, aim, false}
}

func costs(above, below contest, aim float64) ratio {
	return ratio{above, below, "CPU", measurement.cost, aim, true}
}

// visitorRatios answers the comparisons that count.
func visitorRatios(connections []int) []ratio {
	var all []ratio
	for _, n := range connections {
		all = append(all, costs(contest{"get", n}, contest{bareHandler, n}, 2))
	}
	most := slices.Max(connections)
	put := contest{"put", most}
	all = append(all, costs(put, contest{grouped, most}, 0), rates(put, contest{grouped, most}, 0.6), rates(put, contest{oneByOne, 1}, 3))
	for _, name := range []string{"convert-user", "convert-lead", "convert-merge"} {
		for _, n := range connections {
			all = append(all, rates(contest{name, n}, contest{"put", n}, 0.4))
		}
	}
	for _, n := range connections {
		ping, form := contest{"ping", n}, contest{bareForm, n}
		all = append(all, rates(ping, form, 0), costs(ping, form, 0))
	}
	arrive := contest{"arrive", most}
	return append(all, rates(arrive, contest{groupedInserts, most}, 0), costs(arrive, contest{groupedInserts, most}, 0))
}

// contactRatios compares each scenario with the same work done by SQL alone.
func contactRatios(names []string, connections []int) []ratio {
	var all []ratio
	for _, name := range names {
		for _, n := range connections {
			by, plain := contest{name, n}, contest{bySQL(name), n}
			all = append(all, rates(by, plain, 0), costs(by, plain, 0))
		}
	}
	return all
}

func (r *report) has(c contest) bool {
	_, measured := r.rounds[0][c]
	return measured
}

func (c contest) String() string { return fmt.Sprintf("%s (%d)", c.name, c.callers) }

// verdict answers the aim, and whether x meets it.
func (x ratio) verdict(value float64) (string, string) {
	words := map[bool]string{true: "met", false: "missed"}
	switch {
	case x.aim == 0:
		return "", ""
	case x.atMost:
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
	fmt.Fprintf(table, "%-*s\tconnections\treq/s\tCPU µs/req\tp50 ms\tp99 ms\tMB\t\n", labels, "medians")
	for _, c := range r.contests() {
		fmt.Fprintf(table, "%-*s\t%d\t%.0f\t%.0f\t%.2f\t%.2f\t%.0f\t\n", labels, c.name, c.callers,
			r.median(c, measurement.rate), r.median(c, measurement.cost),
			r.median(c, func(m measurement) float64 { return m.P50 * 1000 }),
			r.median(c, func(m measurement) float64 { return m.P99 * 1000 }),
			r.median(c, func(m measurement) float64 { return m.Memory }))
	}
	table.Flush() //nolint:errcheck // a strings.Builder takes everything
	var short []string
	for _, c := range r.contests() {
		if seconds := r.median(c, func(m measurement) float64 { return m.Seconds }); seconds < r.window.Seconds()*0.9 {
			short = append(short, fmt.Sprintf("%v in %.1f s", c, seconds))
		}
	}
	if short != nil {
		fmt.Fprintf(out, "\nran out of fresh visitors (more -people give more): %s\n", strings.Join(short, "; "))
	}
	fmt.Fprintln(out)
}

// printRatios shows each ratio of the medians, and how the ratios within the rounds spread.
func (r *report) printRatios(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%-*s\tof medians\tmin\tmedian\tmax\taim\t\t\n", labels, "ratio")
	for _, x := range r.ratios {
		if !r.has(x.above) || !r.has(x.below) {
			continue
		}
		var all []float64
		for _, round := range r.rounds {
			all = append(all, x.of(round[x.above])/x.of(round[x.below]))
		}
		aim, verdict := x.verdict(median(all))
		label := fmt.Sprintf("%s of %v / %v", x.says, x.above, x.below)
		fmt.Fprintf(table, "%-*s\t%.2f\t%.2f\t%.2f\t%.2f\t%s\t%s\t\n", labels, label,
			r.median(x.above, x.of)/r.median(x.below, x.of), slices.Min(all), median(all), slices.Max(all), aim, verdict)
	}
	table.Flush() //nolint:errcheck // a strings.Builder takes everything
	fmt.Fprintln(out)
}

// contests answers what was measured, in the order of measuring but with the numbers of callers of one name together.
func (r *report) contests() []contest {
	var all []contest
	for _, name := range r.names {
		for _, callers := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(r.connections, []int{1})))) {
			if r.has(contest{name, callers}) {
				all = append(all, contest{name, callers})
			}
		}
	}
	return all
}

func (r *report) median(c contest, of func(measurement) float64) float64 {
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

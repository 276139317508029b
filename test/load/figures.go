package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// figures are the results of a run that are kept, so that a later run can be compared with them.
type figures struct {
	Day    string `json:"day"`
	Commit string `json:"commit,omitempty"`
	Base   string `json:"base,omitempty"`
	Rounds int    `json:"rounds"`
	// Seconds is the duration of one measurement.
	Seconds float64 `json:"seconds"`
	// Databases has the figures by what was in the database, then by scenario or baseline with the number of connections.
	Databases map[string]map[string]figure `json:"databases"`
}

// figure is about one scenario or baseline. Its numbers are medians of the rounds, with three digits.
type figure struct {
	CPU float64 `json:"cpu_us"` // CPU time a request, in microseconds
	// Ratios compare CPU times within a round.
	Ratios map[string]float64 `json:"ratios,omitempty"`
}

func (b *bench) figures(reports []*report) figures {
	f := figures{
		Day: time.Now().Format(time.DateOnly), Commit: b.commit, Base: b.baseCommit, Rounds: b.rounds,
		Seconds: b.window.Seconds(), Databases: map[string]map[string]figure{},
	}
	for _, r := range reports {
		f.Databases[r.title] = r.figures()
	}
	return f
}

func (r *report) figures() map[string]figure {
	all := map[string]figure{}
	for _, c := range r.benchmarks() {
		f := figure{CPU: short(r.median(c, measurement.cost))}
		for _, x := range r.ratios {
			if within := r.within(x); x.above == c && x.unit == cpu && within != nil {
				if f.Ratios == nil {
					f.Ratios = map[string]float64{}
				}
				f.Ratios[x.String()] = short(median(within))
			}
		}
		all[c.String()] = f
	}
	return all
}

// short returns a number with three digits.
func short(v float64) float64 {
	text := strconv.FormatFloat(v, 'g', 3, 64)
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) { // JSON has no such numbers
		return 0
	}
	return v
}

// save writes figures to a file, if one is named.
func (f figures) save(file string) error {
	if file == "" {
		return nil
	}
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o666)
}

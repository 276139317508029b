package traffic

import (
	"cmp"
	"context"
	"slices"
	"time"

	"lobby/internal/workspace"
)

// MaxPeriods is how many periods an overview may have, which bounds its page and what it costs.
const MaxPeriods = 120

// Span is a range of whole periods.
type Span struct {
	Unit Unit
	// From and To are the first and the last period.
	From, To int64
}

// SpanOf returns the periods with the days from one date to another, of which only year, month and day count. A longer
// unit is taken where there would be too many; what even months cannot show is cut off at the beginning.
func SpanOf(unit Unit, from, to time.Time) Span {
	first, last := dayOf(from.Unix(), from.Location()), dayOf(to.Unix(), to.Location())
	if first > last {
		first, last = last, first
	}
	for unit != Month && (last-first)/map[Unit]int64{Day: 1, Week: 7}[unit] >= MaxPeriods {
		unit = map[Unit]Unit{Day: Week, Week: Month}[unit]
	}
	return Span{unit, unit.Of(max(first, last-MaxPeriods*30)), unit.Of(last)}
}

// Date returns the midnight in UTC of the first day of a period.
func Date(period int64) time.Time { return dateOf(period) }

// Overview is what happened in a span.
type Overview struct {
	Span
	Periods []Period
	// Totals are of all periods. Of visitors and new ones, who may be in several periods, there is none.
	Totals map[Kind]int64
	// Named are the counts by kind, largest first.
	Named map[Kind][]Count
}

// Period is one period and its counts; those that are missing are 0.
type Period struct {
	Start  int64
	Counts map[Kind]int64
}

// ReadOverview reads an overview. What it costs depends on the number of periods, not on that of people.
func ReadOverview(ctx context.Context, s Store, ws workspace.ID, span Span) (*Overview, error) {
	o := &Overview{Span: span}
	err := s.Read(ctx, func(r Reader) error {
		o.Periods, o.Totals, o.Named = nil, map[Kind]int64{}, map[Kind][]Count{}
		counts, err := r.Counts(ws, span.Unit, span.From, span.To)
		if err != nil {
			return err
		}
		of := map[int64]map[Kind]int64{}
		for period := span.From; period <= span.To; period = span.Unit.next(period) {
			of[period] = map[Kind]int64{}
			o.Periods = append(o.Periods, Period{period, of[period]})
		}
		for _, c := range counts {
			if of[c.Period] == nil {
				continue
			}
			of[c.Period][c.Kind] = c.Count
			if c.Kind != Visitors && c.Kind != New {
				o.Totals[c.Kind] += c.Count
			}
		}
		named, err := r.Named(ws, span.Unit, span.From, span.To)
		for _, c := range named {
			o.Named[c.Kind] = append(o.Named[c.Kind], c)
		}
		return err
	})
	for _, counts := range o.Named {
		slices.SortFunc(counts, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name)) })
	}
	return o, err
}

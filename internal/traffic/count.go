package traffic

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"lobby/internal/workspace"
)

// Unit is the length of the periods that are counted.
type Unit string

// The units. Periods of a minute are numbered by Unix minutes. All others are numbered by their first day, counted from
// 1 January 1970 in the time zone that the workspace had.
const (
	Minute Unit = "minute"
	Day    Unit = "day"
	Week   Unit = "week" // from Monday
	Month  Unit = "month"
)

var units = []Unit{Day, Week, Month}

// Kind is what is counted.
type Kind string

// The kinds without a name.
const (
	Views    Kind = "views"    // page views
	Visitors Kind = "visitors" // different persons
	New      Kind = "new"      // of these, persons that Lobby knows since the same period
	Leads    Kind = "leads"    // who became a lead, or began as one
	Users    Kind = "users"    // who became a user, or began as one
	// The conversions, in place or by a merge. An undo does not take them back.
	VisitorToLead Kind = "visitor_lead"
	VisitorToUser Kind = "visitor_user"
	LeadToUser    Kind = "lead_user"
)

// The kinds with a name, which count the different persons by what was known when each came first in a period.
const (
	Referrers Kind = "referrer" // host names
	Campaigns Kind = "campaign" // utm_source
	Countries Kind = "country"
	Browsers  Kind = "browser"
)

// The names that stand for no name, and for all beyond maxNames.
const (
	Unknown = "(unknown)"
	Other   = "(other)"
)

// maxNames is how many names a kind may have in one period, since anybody can make them up. maxName is their length in bytes.
const (
	maxNames = 50
	maxName  = 80
)

// Count is how often something happened in a period.
type Count struct {
	Unit   Unit
	Period int64
	Kind   Kind
	Name   string // "" for kinds without names
	Count  int64
}

// dayOf returns the number of the day of a Unix second in a time zone.
func dayOf(at int64, zone *time.Location) int64 {
	y, m, d := time.Unix(at, 0).In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
}

// dateOf returns the midnight in UTC that begins a day.
func dateOf(day int64) time.Time { return time.Unix(day*24*60*60, 0).UTC() }

// Of returns the period in which a day is.
func (u Unit) Of(day int64) int64 {
	switch date := dateOf(day); u {
	case Week:
		return day - int64(date.Weekday()+6)%7
	case Month:
		return day - int64(date.Day()-1)
	}
	return day
}

// next returns the period after one.
func (u Unit) next(period int64) int64 {
	switch u {
	case Week:
		return period + 7
	case Month:
		return dateOf(period).AddDate(0, 1, 0).Unix() / (24 * 60 * 60)
	}
	return period + 1
}

// counter adds up what one transaction counts, so that each count is written once.
type counter struct {
	writer    Writer
	workspace workspace.ID
	zone      *time.Location
	counts    map[Count]int64 // by counts of 0
}

func (c *counter) day(at int64) int64 { return dayOf(at, c.zone) }

func (c *counter) add(kind Kind, day int64) {
	for _, u := range units {
		c.counts[Count{Unit: u, Period: u.Of(day), Kind: kind}]++
	}
}

func (c *counter) countView(v *View) {
	c.add(Views, c.day(v.At))
	c.counts[Count{Unit: Minute, Period: v.At / 60, Kind: Views}]++
}

// countVisitor counts a person in the periods of a day in which it was not counted yet.
func (c *counter) countVisitor(v *View, who Known, day int64) {
	names := map[Kind]string{Referrers: hostOf(v.Referrer), Campaigns: v.Campaign, Countries: v.Country, Browsers: v.Browser}
	for _, u := range units {
		period := u.Of(day)
		if who.Visited != 0 && u.Of(who.Visited) >= period {
			continue
		}
		c.counts[Count{Unit: u, Period: period, Kind: Visitors}]++
		if c.day(who.CreatedAt) >= period {
			c.counts[Count{Unit: u, Period: period, Kind: New}]++
		}
		for kind, name := range names {
			c.counts[Count{Unit: u, Period: period, Kind: kind, Name: clip(cmp.Or(name, Unknown))}]++
		}
	}
}

// hostOf returns the host of an address without a leading www; "" for none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

func clip(name string) string {
	if len(name) > maxName {
		return strings.ToValidUTF8(name[:maxName], "")
	}
	return name
}

// write adds what was counted, in one order everywhere, so that servers cannot wait for each other in a circle.
func (c *counter) write() error {
	type place struct {
		unit   Unit
		period int64
		kind   Kind
	}
	names := map[place]map[string]bool{}
	totals := map[Count]int64{}
	for _, count := range slices.SortedFunc(maps.Keys(c.counts), compareCounts) {
		n := c.counts[count]
		if count.Name != "" {
			at := place{count.Unit, count.Period, count.Kind}
			if names[at] == nil {
				all, err := c.writer.Names(c.workspace, at.unit, at.period, at.kind)
				if err != nil {
					return err
				}
				names[at] = map[string]bool{}
				for _, name := range all {
					names[at][name] = true
				}
			}
			if !names[at][count.Name] && len(names[at]) >= maxNames && count.Name != Unknown {
				count.Name = Other
			}
			names[at][count.Name] = true
		}
		totals[count] += n
	}
	for _, count := range slices.SortedFunc(maps.Keys(totals), compareCounts) {
		count.Count = totals[count]
		if err := c.writer.Add(c.workspace, count); err != nil {
			return err
		}
	}
	return nil
}

func compareCounts(a, b Count) int {
	return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Period, b.Period), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
}

// The max number of workspaces and of entries of the outbox that are counted at once.
const (
	maxCounted = 20
	stepBatch  = 500
)

// CountSteps counts who became a lead or a user since it was called last, by the outbox. Servers on one database may call
// it side by side.
func CountSteps(ctx context.Context, s Store) error {
	var waiting []workspace.ID
	err := s.Read(ctx, func(r Reader) (err error) {
		waiting, err = r.Uncounted(maxCounted)
		return err
	})
	for _, id := range waiting {
		err = errors.Join(err, s.Write(workspace.Within(ctx, id), func(w Writer) error { return countSteps(w, id) }))
	}
	return err
}

func countSteps(w Writer, id workspace.ID) error {
	ws, err := w.Workspace(id)
	if err != nil || ws == nil {
		return err
	}
	last, err := w.LastSequence(id)
	if err != nil {
		return err
	}
	steps, cursor, err := w.Steps(id, stepBatch)
	if err != nil {
		return err
	}
	if len(steps) > 0 {
		last = steps[len(steps)-1].Sequence
	}
	isMine, err := w.Advance(id, cursor, last) // without steps, they were deleted
	if err != nil || !isMine {
		return err
	}
	c := &counter{writer: w, workspace: id, zone: zoneOf(ws), counts: map[Count]int64{}}
	for _, s := range steps {
		for _, kind := range s.counted() {
			c.add(kind, c.day(s.CreatedAt))
		}
	}
	return c.write()
}

// counted returns what a step counts as.
func (s *Step) counted() (kinds []Kind) {
	began := map[string]Kind{"lead": Leads, "user": Users}
	switch s.Topic {
	case "contact.created":
		if kind := began[s.Role]; kind != "" {
			kinds = append(kinds, kind)
		}
	case "visitor.converted", "contact.converted", "contact.merged":
		if kind := conversions[s.From+" "+s.To]; kind != "" {
			kinds = append(kinds, kind)
			if s.Kind == "converted" {
				kinds = append(kinds, began[s.To])
			}
		}
	}
	return kinds
}

var conversions = map[string]Kind{"visitor lead": VisitorToLead, "visitor user": VisitorToUser, "lead user": LeadToUser}

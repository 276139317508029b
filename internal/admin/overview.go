package admin

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"lobby/internal/traffic"
)

// overviewPage is what the page overview shows.
type overviewPage struct {
	From, To string
	Units    []option
	Problem  string
	IsEmpty  bool
	Figures  []fact
	Charts   []chart
}

// chart is a drawing with a table behind it. A bar has a lower part, and an upper one in another colour.
type chart struct {
	Title, Hint string
	// Legend names the parts; empty where there is one.
	Legend []string
	Lying  bool // bars lie, each beside its name
	Bars   []bar
	Heads  []string
	Rows   [][]string
}

// bar has the places of its parts within a drawing of drawnWidth by drawnHeight; for one that lies, its length in percent.
type bar struct {
	X, Width, Y, Height, UpperY, UpperHeight int64
	Name, Value                              string
}

const (
	drawnWidth  = 1000
	drawnHeight = 200
	shownNames  = 10
)

// option is an entry of a list of choices.
type option struct {
	Value, Word string
	Chosen      bool
}

const dateForm = "2006-01-02"

func (a *admin) showOverview(r *request) error {
	q := r.URL.Query()
	today := a.lobby.Now().In(r.zone)
	page := &overviewPage{}
	day := func(name string, otherwise time.Time) time.Time {
		text := q.Get(name)
		if text == "" {
			return otherwise
		}
		at, err := time.ParseInLocation(dateForm, text, r.zone)
		if err != nil || at.Year() < 1970 || at.After(today.AddDate(1, 0, 0)) {
			page.Problem = "A day is written as in 2026-11-29, and is not in a far future."
			return otherwise
		}
		return at
	}
	from, to := day("from", today.AddDate(0, 0, -29)), day("to", today)
	span := traffic.SpanOf(unitOf(q.Get("unit")), from, to)
	o, err := traffic.ReadOverview(r.Context(), a.traffic, r.caller.Workspace, span)
	if err != nil {
		return err
	}
	page.From, page.To = from.Format(dateForm), to.Format(dateForm)
	for _, u := range []traffic.Unit{traffic.Day, traffic.Week, traffic.Month} {
		page.Units = append(page.Units, option{string(u), "by " + string(u), u == span.Unit})
	}
	page.fill(o)
	status := http.StatusOK
	if page.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return r.show(status, "overview", page)
}

func unitOf(text string) traffic.Unit {
	switch u := traffic.Unit(text); u {
	case traffic.Week, traffic.Month:
		return u
	}
	return traffic.Day
}

func (page *overviewPage) fill(o *traffic.Overview) {
	visitors := chart{Title: "Visitors by " + string(o.Unit), Legend: []string{"returning", "new"}, Heads: []string{"From", "Visitors", "New", "Returning", "Page views"}}
	gained := chart{Title: "Leads and users by " + string(o.Unit), Legend: []string{"users", "leads"}, Heads: []string{"From", "New leads", "New users"}}
	var fresh int64
	for _, p := range o.Periods {
		start := traffic.Date(p.Start).Format("2 Jan 2006")
		c := p.Counts
		returning := c[traffic.Visitors] - c[traffic.New]
		fresh += c[traffic.New]
		visitors.add(returning, c[traffic.New])
		visitors.row(start, c[traffic.Visitors], c[traffic.New], returning, c[traffic.Views])
		gained.add(c[traffic.Users], c[traffic.Leads])
		gained.row(start, c[traffic.Leads], c[traffic.Users])
	}
	visitors.scale(len(o.Periods))
	gained.scale(len(o.Periods))
	t := o.Totals
	for _, f := range []struct {
		label string
		n     int64
	}{
		{"New visitors", fresh},
		{"Page views", t[traffic.Views]},
		{"New leads", t[traffic.Leads]},
		{"New users", t[traffic.Users]},
		{"Conversions", t[traffic.VisitorToLead] + t[traffic.VisitorToUser] + t[traffic.LeadToUser]},
	} {
		page.Figures = append(page.Figures, fact{Label: f.label, Value: value{Text: grouped(int(f.n))}})
	}
	page.IsEmpty = fresh+t[traffic.Views]+t[traffic.Leads]+t[traffic.Users] == 0
	funnel := lying("From visitor to user", "What happened in this time, whenever each of them came first. An undo is not taken off.", []named{
		{"Came as a visitor", fresh},
		{"Visitor became a lead", t[traffic.VisitorToLead]},
		{"Visitor became a user", t[traffic.VisitorToUser]},
		{"Lead became a user", t[traffic.LeadToUser]},
	})
	page.Charts = []chart{visitors, gained, funnel}
	for _, k := range []struct {
		kind        traffic.Kind
		title, hint string
	}{
		{traffic.Referrers, "Sites that led here", ""},
		{traffic.Campaigns, "Campaigns", "utm_source of the first page"},
		{traffic.Countries, "Countries", ""},
		{traffic.Browsers, "Browsers", ""},
	} {
		var all []named
		for _, c := range o.Named[k.kind] {
			all = append(all, named{c.Name, c.Count})
		}
		hint := "Visitors of each " + string(o.Unit) + ", added up. " + k.hint
		page.Charts = append(page.Charts, lying(k.title, hint, all))
	}
}

// add adds a bar that stands, with its parts in numbers.
func (c *chart) add(lower, upper int64) {
	c.Bars = append(c.Bars, bar{Height: max(lower, 0), UpperHeight: max(upper, 0)})
}

func (c *chart) row(name string, numbers ...int64) {
	row := []string{name}
	for _, n := range numbers {
		row = append(row, grouped(int(n)))
	}
	c.Rows = append(c.Rows, row)
}

// scale turns the numbers of all bars into places.
func (c *chart) scale(n int) {
	most := int64(1)
	for _, b := range c.Bars {
		most = max(most, b.Height+b.UpperHeight)
	}
	step := int64(drawnWidth / max(n, 1))
	for i := range c.Bars {
		b := &c.Bars[i]
		b.X, b.Width = int64(i)*drawnWidth/int64(n), max(step*4/5, 1)
		b.Height, b.UpperHeight = b.Height*drawnHeight/most, b.UpperHeight*drawnHeight/most
		b.Y = drawnHeight - b.Height
		b.UpperY = b.Y - b.UpperHeight
	}
	c.Hint = fmt.Sprintf("At most %s.", grouped(int(most)))
}

// named is a number with a name.
type named struct {
	name string
	n    int64
}

// lying returns a chart of bars that lie. Beyond the first shownNames there are only rows of the table.
func lying(title, hint string, all []named) chart {
	c := chart{Title: title, Hint: hint, Lying: true, Heads: []string{"Name", "Count"}}
	most := int64(1)
	for _, a := range all {
		most = max(most, a.n)
	}
	for i, a := range all {
		name := cmp.Or(nameWords[a.name], a.name)
		if i < shownNames {
			c.Bars = append(c.Bars, bar{Name: name, Value: grouped(int(a.n)), Width: a.n * 100 / most})
		}
		c.row(name, a.n)
	}
	return c
}

var nameWords = map[string]string{traffic.Unknown: "none, or not known", traffic.Other: "all others"}

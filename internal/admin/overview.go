package admin

import (
	"cmp"
	"net/http"
	"time"

	"lobby/internal/chart"
	"lobby/internal/traffic"
)

// overviewPage is what the page overview shows.
type overviewPage struct {
	From, To string
	Units    []option
	Problem  string
	IsEmpty  bool
	Figures  []fact
	Charts   []*chart.Chart
}

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
	visitors := &chart.Chart{Number: number, Title: "Visitors by " + string(o.Unit), Legend: []string{"returning", "new"}, Heads: []string{"From", "Visitors", "New", "Returning", "Page views"}}
	gained := &chart.Chart{Number: number, Title: "Leads and users by " + string(o.Unit), Legend: []string{"users", "leads"}, Heads: []string{"From", "New leads", "New users"}}
	var fresh int64
	for _, p := range o.Periods {
		start := traffic.Date(p.Start).Format("2 Jan 2006")
		c := p.Counts
		returning := c[traffic.Visitors] - c[traffic.New]
		fresh += c[traffic.New]
		visitors.Add(returning, c[traffic.New])
		visitors.Row(start, c[traffic.Visitors], c[traffic.New], returning, c[traffic.Views])
		gained.Add(c[traffic.Users], c[traffic.Leads])
		gained.Row(start, c[traffic.Leads], c[traffic.Users])
	}
	visitors.Scale(len(o.Periods))
	gained.Scale(len(o.Periods))
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
	funnel := chart.Lying(number, "From visitor to user", "What happened in this time, whenever each of them came first. An undo is not taken off.", []chart.Named{
		{Name: "Came as a visitor", Count: fresh},
		{Name: "Visitor became a lead", Count: t[traffic.VisitorToLead]},
		{Name: "Visitor became a user", Count: t[traffic.VisitorToUser]},
		{Name: "Lead became a user", Count: t[traffic.LeadToUser]},
	})
	page.Charts = []*chart.Chart{visitors, gained, funnel}
	for _, k := range []struct {
		kind        traffic.Kind
		title, hint string
	}{
		{traffic.Referrers, "Sites that led here", ""},
		{traffic.Campaigns, "Campaigns", "utm_source of the first page"},
		{traffic.Countries, "Countries", ""},
		{traffic.Browsers, "Browsers", ""},
	} {
		var all []chart.Named
		for _, c := range o.Named[k.kind] {
			all = append(all, chart.Named{Name: nameOfSource(c.Name), Count: c.Count})
		}
		hint := "Visitors of each " + string(o.Unit) + ", added up. " + k.hint
		page.Charts = append(page.Charts, chart.Lying(number, k.title, hint, all))
	}
}

// number writes a number of a chart.
func number(n int64) string { return grouped(int(n)) }

// nameOfSource is a name in a chart: of a site, a country, a browser.
func nameOfSource(name string) string { return cmp.Or(nameWords[name], name) }

var nameWords = map[string]string{traffic.Unknown: "none, or not known", traffic.Other: "all others"}

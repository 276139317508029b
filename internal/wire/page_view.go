package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/traffic"
)

// PageViews is one page of the page views of a person, newest first.
type PageViews struct {
	Views   []*traffic.PageView
	More    bool
	PerPage int
}

// AppendJSON appends the page.
func (l PageViews) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, v := range l.Views {
		writePageView(&o, v)
	}
	o.CloseList()
	next := ""
	if l.More {
		next = l.Views[len(l.Views)-1].ID
	}
	writePages(&o, l.PerPage, next)
	return o.End()
}

// writePageView writes one page view of a list.
func writePageView(o *jsonio.Writer, v *traffic.PageView) {
	o.Item()
	o.Text("type", "page_view")
	o.Text("id", v.ID)
	o.Int("created_at", v.CreatedAt)
	o.Text("url", v.URL)
	o.TextOrNull("title", v.Title)
	o.TextOrNull("referrer", v.Referrer)
	o.Close()
}

// pageViewSamples have a page view with all of it, and one with as little as can be.
func pageViewSamples(apiversion.Version) []Shape {
	return []Shape{
		PageViews{Views: []*traffic.PageView{{ID: "*", CreatedAt: 1, URL: "*", Title: "*", Referrer: "*"}}, More: true},
		PageViews{Views: []*traffic.PageView{{ID: "*", CreatedAt: 1, URL: "*"}}},
	}
}

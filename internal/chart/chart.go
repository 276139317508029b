// Package chart makes the drawings of the pages: bars with their places, and the table behind them. It knows no templates.
package chart

import (
	"fmt"
)

// Chart is a drawing with a table behind it. A bar has a lower part, and an upper one in another colour.
type Chart struct {
	// Number writes a number.
	Number      func(int64) string
	Title, Hint string
	// Legend names the parts; empty where there is one.
	Legend []string
	Lying  bool // bars lie, each beside its name
	Bars   []Bar
	Heads  []string
	Rows   [][]string
}

// Bar has the places of its parts within a drawing of drawnWidth by drawnHeight; for one that lies, its length in percent.
type Bar struct {
	X, Width, Y, Height, UpperY, UpperHeight int64
	Name, Value                              string
}

const (
	drawnWidth  = 1000
	drawnHeight = 200
	shownNames  = 10
)

// Add adds a bar that stands, with its parts in numbers.
func (c *Chart) Add(lower, upper int64) {
	c.Bars = append(c.Bars, Bar{Height: max(lower, 0), UpperHeight: max(upper, 0)})
}

// Row adds a row to the table behind the drawing.
func (c *Chart) Row(name string, numbers ...int64) {
	row := []string{name}
	for _, n := range numbers {
		row = append(row, c.Number(n))
	}
	c.Rows = append(c.Rows, row)
}

// Scale turns the numbers of all bars into places.
func (c *Chart) Scale(n int) {
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
	c.Hint = fmt.Sprintf("At most %s.", c.Number(most))
}

// Named is a number with a name.
type Named struct {
	Name  string
	Count int64
}

// Lying returns a chart of bars that lie. Beyond the first shownNames there are only rows of the table.
func Lying(number func(int64) string, title, hint string, all []Named) *Chart {
	c := &Chart{Number: number, Title: title, Hint: hint, Lying: true, Heads: []string{"Name", "Count"}}
	most := int64(1)
	for _, a := range all {
		most = max(most, a.Count)
	}
	for i, a := range all {
		if i < shownNames {
			c.Bars = append(c.Bars, Bar{Name: a.Name, Value: number(a.Count), Width: a.Count * 100 / most})
		}
		c.Row(a.Name, a.Count)
	}
	return c
}

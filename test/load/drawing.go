package main

import (
	"fmt"
	"strings"
)

// The places of a drawing: fields side by side, each with the bars of one operation.
const (
	fieldsInRow             = 5
	fieldWidth, fieldHeight = 150, 110
	barHeight               = 56
)

// drawing returns an SVG of all operations: for each, a bar for every number of people, as high as its CPU time is beside the
// highest of that operation. It is legible on light and on dark ground.
func (r *growthReport) drawing() string {
	rows := (len(r.operations) + fieldsInRow - 1) / fieldsInRow
	width, height := fieldsInRow*fieldWidth, rows*fieldHeight+24
	var text strings.Builder
	fmt.Fprintf(&text, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="sans-serif" font-size="11">`+"\n",
		width, height, width, height)
	fmt.Fprintf(&text, "<title>CPU time a request in µs, with %s people</title>\n", r.crowdNames())
	fmt.Fprintf(&text, `<text x="8" y="14" fill="#777">µs of CPU a request, with %s people</text>`+"\n", r.crowdNames())
	for i, name := range r.operations {
		r.drawField(&text, name, i%fieldsInRow*fieldWidth+8, i/fieldsInRow*fieldHeight+24)
	}
	return text.String() + "</svg>\n"
}

func (r *growthReport) crowdNames() string {
	var names []string
	for _, c := range r.crowds {
		names = append(names, thousands(int(c)))
	}
	return strings.Join(names, ", ")
}

func (r *growthReport) drawField(into *strings.Builder, name string, x, y int) {
	colour := "#4a7fb5"
	if r.growth(name) > maxGrowth {
		colour = "#c9652f"
	}
	fmt.Fprintf(into, `<text x="%d" y="%d" fill="#777">%s, %.2f ×</text>`+"\n", x, y+12, name, r.growth(name))
	all := r.costs(name)
	highest := max(all[0], all[len(all)-1])
	for _, cost := range all {
		highest = max(highest, cost)
	}
	step := (fieldWidth - 20) / len(all)
	for i, cost := range all {
		tall := max(int(cost/highest*barHeight), 1)
		left, bottom := x+i*step, y+fieldHeight-12
		fmt.Fprintf(into, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`, left, bottom-tall, step-6, tall, colour)
		fmt.Fprintf(into, `<text x="%d" y="%d" fill="#777" text-anchor="middle">%.0f</text>`+"\n", left+(step-6)/2, bottom-tall-4, cost)
	}
}

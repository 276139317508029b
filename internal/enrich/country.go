package enrich

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed countries.txt
var countryTable string

// country is what the table says of a country.
type country struct{ alpha3, continent, name string }

// countries are by the two letters and by the three that ISO 3166-1 has for them. The table is read when it is first needed.
var countries = sync.OnceValue(func() map[string]country {
	all := map[string]country{}
	for line := range strings.Lines(countryTable) {
		part := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 4)
		c := country{part[1], part[2], part[3]}
		all[part[0]], all[part[1]] = c, c
	}
	// What the standard keeps free for these, since they are written in its place.
	all["UK"], all["EL"] = all["GB"], all["GR"]
	return all
})

// Country returns the place that a code of ISO 3166-1 stands for, of two letters or three, in either case: an edge in
// front of the server may tell a visitor's country by it. UK and EL, as the European Union writes them, are GB and GR.
// Nothing is known of XX, T1 and other letters that are no country.
func Country(code string) Place {
	c := countries()[strings.ToUpper(strings.TrimSpace(code))]
	return Place{Country: c.name, CountryCode: c.alpha3, ContinentCode: c.continent}
}

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

// countries are by the two letters that ISO 3166-1 has for them. The table is read when it is first needed.
var countries = sync.OnceValue(func() map[string]country {
	all := map[string]country{}
	for line := range strings.Lines(countryTable) {
		part := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 4)
		all[part[0]] = country{part[1], part[2], part[3]}
	}
	return all
})

// Country answers the place that two letters of ISO 3166-1 stand for, in either case: an edge in front of the server may
// tell a visitor's country by them. Nothing is known of XX, T1 and other letters that are no country.
func Country(alpha2 string) Place {
	c := countries()[strings.ToUpper(alpha2)]
	return Place{Country: c.name, CountryCode: c.alpha3, ContinentCode: c.continent}
}

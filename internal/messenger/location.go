package messenger

import (
	"net/http"
	"net/netip"
	"net/url"

	"lobby/internal/enrich"
	"lobby/internal/people"
)

// edges are the headers in which content networks in front of a site say where a request comes from.
var edges = []struct{ country, region, city, postal, timezone string }{
	{"CF-IPCountry", "CF-Region", "CF-IPCity", "CF-Postal-Code", "CF-Timezone"},
	{"X-Vercel-IP-Country", "X-Vercel-IP-Country-Region", "X-Vercel-IP-City", "X-Vercel-IP-Postal-Code", "X-Vercel-IP-Timezone"},
	{
		"CloudFront-Viewer-Country", "CloudFront-Viewer-Country-Region-Name", "CloudFront-Viewer-City",
		"CloudFront-Viewer-Postal-Code", "CloudFront-Viewer-Time-Zone",
	},
}

// locate returns where a request comes from: what a trusted proxy says, or else what is known of its address.
func (m *messenger) locate(r *http.Request, addr netip.Addr) people.Location {
	place := enrich.Place{}
	if m.proxies.Trusts(r) {
		place = edgePlace(r.Header)
	}
	if place.CountryCode == "" && m.places != nil && addr.IsValid() {
		place = m.places.Find(addr)
	}
	return people.Location{
		City: clean(place.City), Region: clean(place.Region), Country: place.Country, CountryCode: place.CountryCode,
		ContinentCode: place.ContinentCode, PostalCode: clean(place.PostalCode), Timezone: timezone(place.Timezone),
	}
}

// edgePlace returns what a content network says in the headers of a request.
func edgePlace(h http.Header) enrich.Place {
	for _, edge := range edges {
		place := enrich.Country(h.Get(edge.country))
		if place.CountryCode == "" {
			continue
		}
		// Names with letters beyond ASCII come percent-encoded.
		text := func(header string) string {
			value := h.Get(header)
			if plain, err := url.PathUnescape(value); err == nil {
				value = plain
			}
			return value
		}
		place.City, place.Region, place.PostalCode = text(edge.city), text(edge.region), text(edge.postal)
		place.Timezone = h.Get(edge.timezone)
		return place
	}
	return enrich.Place{}
}

// countryOf returns no more of a location than its country.
func countryOf(l people.Location) people.Location {
	return people.Location{Country: l.Country, CountryCode: l.CountryCode, ContinentCode: l.ContinentCode}
}

package enrich

import (
	"net/netip"
	"os"
	"sync/atomic"

	"github.com/oschwald/maxminddb-golang/v2"
)

// Place is where an address is, as far as it is known. What is unknown is empty.
type Place struct {
	City          string
	Region        string
	Country       string // English name
	CountryCode   string // ISO 3166-1 alpha-3
	ContinentCode string // two letters
	PostalCode    string
	Timezone      string // IANA name
}

// Places looks addresses up in a file that the operator brings: an .mmdb of MaxMind's layout (GeoLite2, GeoIP2, DB-IP)
// or of the flat one that copies on npm have. The whole file is in memory. It is safe for concurrent use.
type Places struct {
	path   string
	loaded os.FileInfo // of the file that was last tried
	file   atomic.Pointer[maxminddb.Reader]
}

// OpenPlaces opens a file.
func OpenPlaces(path string) (*Places, error) {
	p := &Places{path: path}
	return p, p.Reload()
}

// Reload opens the file when it is not the one that was last tried: another may be in its place. When it cannot be read,
// the present one stays, and the error is returned once for each such file. Calls of Reload must not overlap.
func (p *Places) Reload() error {
	info, err := os.Stat(p.path)
	if err != nil {
		return err
	}
	if old := p.loaded; old != nil && os.SameFile(old, info) && old.ModTime().Equal(info.ModTime()) && old.Size() == info.Size() {
		return nil
	}
	p.loaded = info
	// Mapped into memory, a file that somebody overwrites in its place would bring the process down.
	data, err := os.ReadFile(p.path)
	if err != nil {
		return err
	}
	file, err := maxminddb.OpenBytes(data)
	if err == nil {
		p.file.Store(file)
	}
	return err
}

// Find returns where an address is. Nothing is known of private addresses.
func (p *Places) Find(addr netip.Addr) Place {
	if addr = addr.Unmap(); !addr.IsGlobalUnicast() || addr.IsPrivate() {
		return Place{}
	}
	found := p.file.Load().Lookup(addr)
	if !found.Found() {
		return Place{}
	}
	at := func(path ...any) string {
		var text string
		if err := found.DecodePath(&text, path...); err != nil {
			return "" // something else stands there in the other layout
		}
		return text
	}
	place := Country(at("country", "iso_code"))
	if place.CountryCode == "" {
		place = Country(at("country_code"))
		place.City, place.Region = at("city"), at("state1")
		place.PostalCode, place.Timezone = at("postcode"), at("timezone")
		return place
	}
	place.City, place.Region = at("city", "names", "en"), at("subdivisions", 0, "names", "en")
	place.PostalCode, place.Timezone = at("postal", "code"), at("location", "time_zone")
	return place
}

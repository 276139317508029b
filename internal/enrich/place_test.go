package enrich

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"
)

// writePlaces makes a file in which one network has a record.
func writePlaces(t *testing.T, path, network string, record mmdbtype.Map) {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "test", RecordSize: 24})
	if err != nil {
		t.Fatal(err)
	}
	_, block, err := net.ParseCIDR(network)
	if err != nil {
		t.Fatal(err)
	}
	if err := tree.Insert(block, record); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path + ".new")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tree.WriteTo(file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func openPlaces(t *testing.T, path string) *Places {
	t.Helper()
	places, err := OpenPlaces(path)
	if err != nil {
		t.Fatal(err)
	}
	return places
}

func english(name string) mmdbtype.Map {
	return mmdbtype.Map{"names": mmdbtype.Map{"de": mmdbtype.String("falsch"), "en": mmdbtype.String(name)}}
}

var (
	nested = mmdbtype.Map{
		"city":         english("Dublin"),
		"country":      mmdbtype.Map{"iso_code": mmdbtype.String("IE"), "names": mmdbtype.Map{"en": mmdbtype.String("Eire")}},
		"subdivisions": mmdbtype.Slice{english("Leinster"), english("Dublin City")},
		"postal":       mmdbtype.Map{"code": mmdbtype.String("D02")},
		"location":     mmdbtype.Map{"time_zone": mmdbtype.String("Europe/Dublin"), "latitude": mmdbtype.Float64(53)},
	}
	flat = mmdbtype.Map{
		"city": mmdbtype.String("Berlin"), "country_code": mmdbtype.String("DE"), "state1": mmdbtype.String("Land Berlin"),
		"postcode": mmdbtype.String(""), "timezone": mmdbtype.String(""), "latitude": mmdbtype.Float32(52),
	}
)

func TestBothLayoutsOfAFileAreRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		record mmdbtype.Map
		want   Place
	}{
		"nested": {nested, Place{"Dublin", "Leinster", "Ireland", "IRL", "EU", "D02", "Europe/Dublin"}},
		"flat":   {flat, Place{City: "Berlin", Region: "Land Berlin", Country: "Germany", CountryCode: "DEU", ContinentCode: "EU"}},
		"country only": {
			mmdbtype.Map{"country": mmdbtype.Map{"iso_code": mmdbtype.String("JP")}},
			Place{Country: "Japan", CountryCode: "JPN", ContinentCode: "AS"},
		},
		"another kind": {mmdbtype.Map{"autonomous_system_number": mmdbtype.Uint32(64496)}, Place{}},
	} {
		path := filepath.Join(t.TempDir(), "places.mmdb")
		writePlaces(t, path, "81.0.0.0/8", c.record)
		places := openPlaces(t, path)
		for _, address := range []string{"81.2.3.4", "::ffff:81.2.3.4"} {
			if got := places.Find(netip.MustParseAddr(address)); got != c.want {
				t.Errorf("%s, %s: %+v, want %+v", name, address, got, c.want)
			}
		}
	}
}

func TestNothingIsKnownOfAddressesThatAreNowhere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "places.mmdb")
	writePlaces(t, path, "81.0.0.0/8", nested)
	places := openPlaces(t, path)
	for _, address := range []string{"82.1.2.3", "127.0.0.1", "10.1.2.3", "192.168.0.1", "::1", "fe80::1%eth0", "fd00::1", "0.0.0.0", "2001:db8::1"} {
		if got := places.Find(netip.MustParseAddr(address)); got != (Place{}) {
			t.Errorf("%s is in %+v", address, got)
		}
	}
	if got := places.Find(netip.Addr{}); got != (Place{}) {
		t.Errorf("no address is in %+v", got)
	}
}

func TestAnotherFileIsTakenWhilePlacesAreLookedUp(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "places.mmdb")
	writePlaces(t, path, "81.0.0.0/8", nested)
	places := openPlaces(t, path)
	var told sync.Map
	go func() {
		for ; t.Context().Err() == nil; time.Sleep(time.Millisecond) {
			if err := places.Reload(); err != nil {
				told.Store(err.Error(), true)
			}
		}
	}()

	address := netip.MustParseAddr("81.2.3.4")
	until := func(what string, reached func() bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !reached(); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("never: " + what)
			}
		}
	}
	writePlaces(t, path, "81.0.0.0/8", flat)
	until("the new file", func() bool { return places.Find(address).City == "Berlin" })
	if err := os.WriteFile(path, []byte("no such file"), 0o600); err != nil {
		t.Fatal(err)
	}
	until("a complaint about a broken file", func() (complained bool) {
		told.Range(func(_, _ any) bool { complained = true; return false })
		return complained
	})
	if got := places.Find(address).City; got != "Berlin" {
		t.Errorf("with a broken file the address is in %q", got)
	}
}

func TestEveryCountryHasItsCodesAndAName(t *testing.T) {
	t.Parallel()
	if n := len(countries()); n < 2*249 {
		t.Errorf("only %d codes of countries", n)
	}
	for code, c := range countries() {
		if len(code) != 2 && code != c.alpha3 || len(c.alpha3) != 3 || len(c.continent) != 2 || c.name == "" {
			t.Errorf("%s: %+v", code, c)
		}
	}
	if got, want := Country("ie"), (Place{Country: "Ireland", CountryCode: "IRL", ContinentCode: "EU"}); got != want {
		t.Errorf("ie is %+v, want %+v", got, want)
	}
	for _, same := range [][]string{{"GB", "UK", "uk", "gb", "GBR", "gbr", " GB "}, {"GR", "EL", "grc"}, {"IE", "IRL", "Irl"}} {
		for _, code := range same {
			if got := Country(code); got != Country(same[0]) || got == (Place{}) {
				t.Errorf("%s is %+v", code, got)
			}
		}
	}
	if got := Country("XX"); got != (Place{}) {
		t.Errorf("XX is %+v", got)
	}
}

func BenchmarkFind(b *testing.B) {
	path := filepath.Join(b.TempDir(), "places.mmdb")
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "test"})
	if err != nil {
		b.Fatal(err)
	}
	_, block, _ := net.ParseCIDR("81.0.0.0/8")
	if err := tree.Insert(block, nested); err != nil {
		b.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := tree.WriteTo(file); err != nil {
		b.Fatal(err)
	}
	file.Close()
	places, err := OpenPlaces(path)
	if err != nil {
		b.Fatal(err)
	}
	address := netip.MustParseAddr("81.2.3.4")
	for b.Loop() {
		places.Find(address)
	}
}

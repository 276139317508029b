package messenger_test

import (
	"bytes"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"

	"lobby/internal/enrich"
	"lobby/internal/messenger"
	"lobby/internal/people"
	"lobby/internal/proxy"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

var dublin = people.Location{
	City: "Dublin", Region: "Leinster", Country: "Ireland", CountryCode: "IRL", ContinentCode: "EU", PostalCode: "D01",
	Timezone: "Europe/Dublin",
}

// placesOf has Dublin at 198.51.100.0/24.
func placesOf(t *testing.T) *enrich.Places {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "test", RecordSize: 24, IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	_, network, _ := net.ParseCIDR("198.51.100.0/24")
	err = tree.Insert(network, mmdbtype.Map{
		"country_code": mmdbtype.String("IE"), "city": mmdbtype.String("Dublin"), "state1": mmdbtype.String("Leinster"),
		"postcode": mmdbtype.String("D01"), "timezone": mmdbtype.String("Europe/Dublin"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if _, err := tree.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "city.mmdb")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	places, err := enrich.OpenPlaces(path)
	if err != nil {
		t.Fatal(err)
	}
	return places
}

// located is a browser side that knows places, behind a proxy at 10.0.0.1.
func located(t *testing.T) *lobby {
	return setupWith(t, messenger.Options{
		Unlimited: true, Places: placesOf(t), Proxies: proxy.Proxies{Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}},
	})
}

func (l *lobby) visitsFrom(address string, headers map[string]string) people.Location {
	l.t.Helper()
	r := from(address, map[string]any{"anonymous_id": first})
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	return l.owner(l.sends(http.StatusOK, r).User.AnonymousID).Location
}

func TestAVisitorIsWhereItsAddressIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		address string
		headers map[string]string
		want    people.Location
	}{
		"its own address":               {"198.51.100.7:1", nil, dublin},
		"what the proxy says":           {"10.0.0.1:1", map[string]string{"X-Forwarded-For": "203.0.113.1, 198.51.100.7"}, dublin},
		"a header of nobody trusted":    {"203.0.113.1:1", map[string]string{"X-Forwarded-For": "198.51.100.7"}, people.Location{}},
		"a country of nobody trusted":   {"203.0.113.1:1", map[string]string{"CF-IPCountry": "IE"}, people.Location{}},
		"somewhere unknown":             {"203.0.113.1:1", nil, people.Location{}},
		"a country that is none":        {"10.0.0.1:1", map[string]string{"CF-IPCountry": "XX"}, people.Location{}},
		"the country that an edge says": {"10.0.0.1:1", map[string]string{"CF-IPCountry": "CA"}, people.Location{Country: "Canada", CountryCode: "CAN", ContinentCode: "NA"}},
		"the city that an edge says": {"10.0.0.1:1", map[string]string{
			"X-Vercel-IP-Country": "CA", "X-Vercel-IP-City": "Montr%C3%A9al", "X-Vercel-IP-Timezone": "America/Toronto",
		}, people.Location{City: "Montréal", Country: "Canada", CountryCode: "CAN", ContinentCode: "NA", Timezone: "America/Toronto"}},
		"a country by the letters of its sites": {"10.0.0.1:1", map[string]string{"CF-IPCountry": "UK", "CF-Timezone": "Asia/Calcutta"}, people.Location{
			Country: "United Kingdom", CountryCode: "GBR", ContinentCode: "EU", Timezone: "Asia/Kolkata",
		}},
		"the region that an edge says": {"10.0.0.1:1", map[string]string{
			"CloudFront-Viewer-Country": "IE", "CloudFront-Viewer-Country-Region-Name": "Leinster", "CloudFront-Viewer-City": "Dublin",
			"CloudFront-Viewer-Postal-Code": "D01", "CloudFront-Viewer-Time-Zone": "Europe/Dublin",
		}, dublin},
		"a city without end": {"10.0.0.1:1", map[string]string{"CF-IPCountry": "IE", "CF-IPCity": "a%00b%zz\xff"}, people.Location{
			City: "a%00b%zz", Country: "Ireland", CountryCode: "IRL", ContinentCode: "EU",
		}},
	} {
		if got := located(t).visitsFrom(c.address, c.headers); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestAPlaceIsThatOfTheSession(t *testing.T) {
	t.Parallel()
	l := located(t)
	toronto := map[string]string{"CF-IPCountry": "CA"}
	if got := l.visitsFrom("198.51.100.7:1", nil); got != dublin {
		t.Errorf("at first it is %+v", got)
	}
	l.clock.Add(60)
	if got := l.visitsFrom("10.0.0.1:1", toronto); got != dublin {
		t.Errorf("within the session it became %+v", got)
	}
	l.clock.Add(7200)
	if got := l.visitsFrom("10.0.0.1:1", toronto); got.CountryCode != "CAN" || got.City != "" {
		t.Errorf("in the next session it is %+v", got)
	}
	l.clock.Add(7200)
	if got := l.visitsFrom("203.0.113.1:1", nil); got.CountryCode != "CAN" {
		t.Errorf("where nothing is known it became %+v", got)
	}
}

func TestThePseudonymHasTheCityAndMinimalHasTheCountryOnly(t *testing.T) {
	t.Parallel()
	l := located(t)
	l.visitsFrom("198.51.100.7:1", nil)
	if got := l.owner(first).Pseudonym; len(got) < 12 || got[len(got)-12:] != " from Dublin" {
		t.Errorf("the pseudonym is %q", got)
	}
	l = located(t)
	l.sets(map[string]string{"dnt_mode": "minimal"})
	want := people.Location{Country: "Ireland", CountryCode: "IRL", ContinentCode: "EU"}
	if got := l.visitsFrom("198.51.100.7:1", map[string]string{"DNT": "1"}); got != want {
		t.Errorf("minimal is %+v", got)
	}
}

func TestNoAddressIsEverKeptOrLogged(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, err := sqlstore.OpenSQLite(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	l := people.New(store, enrich.PseudonymFrom)
	if _, err := l.CreateWorkspace(t.Context(), workspace.Draft{ID: app, AccessToken: "a token of the test"}); err != nil {
		t.Fatal(err)
	}
	handler := messenger.New(messenger.Options{
		Lobby: l, Places: placesOf(t), Proxies: proxy.Proxies{Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}},
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	world := &lobby{Lobby: l, t: t, handler: handler}
	for i := range 100 { // some of them refused
		r := from("10.0.0.1:1", map[string]any{"anonymous_id": newUUID(i), "email": "ada@example.com"})
		r.Header.Set("X-Forwarded-For", "198.51.100.77")
		world.does(r)
	}
	_ = store.Close()
	found := map[string][]byte{"the log": log.Bytes()}
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found[path], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil || len(found) < 2 {
		t.Fatal(err, len(found))
	}
	kept := false
	for where, data := range found {
		kept = kept || bytes.Contains(data, []byte(newUUID(1)))
		for _, address := range [][]byte{[]byte("198.51.100.77"), []byte("10.0.0.1"), {198, 51, 100, 77}} {
			if bytes.Contains(data, address) {
				t.Errorf("%s has the address %q", where, address)
			}
		}
	}
	if !kept {
		t.Error("nothing was looked at")
	}
}

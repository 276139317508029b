package wire_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/testkit"
	"lobby/internal/wire"
)

func TestAVisitorIsWrittenAsInTheReference(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]*people.Person{"visitor_empty.json": unknown(people.Visitor), "visitor_full.json": known(people.Visitor)} {
		v := wire.Visitor{Person: p, Base: "https://lobby.example"}
		testkit.Golden(t, name, indented(t, v.AppendJSON(nil)))
	}
}

func TestAVisitorsOwnPictureComesFirst(t *testing.T) {
	t.Parallel()
	for picture, p := range map[string]people.Person{
		`"image_url":null`:                                   {},
		`"image_url":"https://a.example/x.png"`:              {Avatar: "https://a.example/x.png", Pseudonym: "Red Duck"},
		`"image_url":"B/avatars/pseudonym/red-duck.png"`:     {Pseudonym: "Red Duck"},
		`"image_url":"B/avatars/pseudonym/jade-pelican.png"`: {Pseudonym: "Jade Pelican from Ulan Bator"},
	} {
		v := wire.Visitor{Person: &p, Base: "B"}
		if got := string(v.AppendJSON(nil)); !strings.Contains(got, `"avatar":{"type":"avatar",`+picture+`}`) {
			t.Errorf("there is no %s in %s", picture, got)
		}
	}
}

func TestAPlaceShowsOnlyWhatIsKnownOfIt(t *testing.T) {
	t.Parallel()
	p := unknown(people.Visitor)
	p.Location.Timezone = "Europe/Dublin"
	got := string(wire.Visitor{Person: p}.AppendJSON(nil))
	if want := `"location_data":{"type":"location_data","timezone":"Europe/Dublin"}`; !strings.Contains(got, want) {
		t.Errorf("there is no %s in %s", want, got)
	}
}

func TestAPageSaysWhetherThereIsANextOne(t *testing.T) {
	t.Parallel()
	v := unknown(people.Visitor)
	one := string(wire.Visitor{Person: v}.AppendJSON(nil))
	for want, list := range map[string]wire.VisitorList{
		`{"type":"list","data":[],"pages":{"type":"pages","per_page":50,"next":null}}`: {PerPage: 50},
		`{"type":"list","data":[` + one + `,` + one + `],"pages":{"type":"pages","per_page":2,"next":{"per_page":2,"starting_after":"x"}}}`: {
			Visitors: []*people.Person{v, v}, PerPage: 2, Next: "x",
		},
	} {
		if got := string(list.AppendJSON(nil)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// unknown is a person of whom nothing is known but that it exists.
func unknown(role people.Role) *people.Person {
	p := &people.Person{
		Workspace: "hfi1bx4l", ID: "6657a9246abd0160d35d1f68", Role: role, CreatedAt: 1717020964, UpdatedAt: 1717020965,
	}
	if role == people.Visitor {
		p.AnonymousID = "3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3"
	}
	return p
}

// known is a person of whom all is known.
func known(role people.Role) *people.Person {
	p := unknown(role)
	p.AnonymousID = "3ecf64d0-9ed1-4e9f-88e1-da7d6e6782f3"
	p.ExternalID, p.Email, p.Phone, p.Name = "gareth-11", "gareth@example.com", "+353 (1) 234-5678", `Gareth "<Bale>" & Söhne`
	p.FormattedPhone = "+35312345678" // as a store would have it
	p.Pseudonym, p.Avatar, p.OwnerID = "Charcoal Balloon from Dublin", "https://example.com/gareth.png", 5169261
	p.UnsubscribedFromEmails, p.MarkedEmailAsSpam, p.HasHardBounced, p.EnabledPushMessaging = true, true, true, people.Yes
	p.SignedUpAt, p.LastSeenAt, p.LastRepliedAt, p.LastContactedAt = 1717020966, 1717020967, 1717020968, 1717020969
	p.LastEmailOpenedAt, p.LastEmailClickedAt = 1717020970, 1717020971
	p.LanguageOverride, p.Browser, p.BrowserVersion, p.BrowserLanguage, p.OS = "cy", "Chrome", "80.0.3987.132", "en-US", "Mac OS X"
	p.Location = people.Location{
		City: "Dublin", Region: "Leinster", Country: "Ireland", CountryCode: "IRL", ContinentCode: "EU",
		PostalCode: "D02 N960", Timezone: "Europe/Dublin",
	}
	p.Android = people.Device{AppName: "Lobby", AppVersion: "5.0.0", Model: "Pixel 3", OSVersion: "10", SDKVersion: "28", LastSeenAt: 1717020972}
	p.IOS = people.Device{AppName: "Foyer", AppVersion: "6.0.0", Model: "iPhone 11", OSVersion: "13.3.1", SDKVersion: "13.3", LastSeenAt: 1717020973}
	p.Referrer = "https://www.google.com/"
	p.UTM = people.UTM{Campaign: "spring", Content: "banner", Medium: "email", Source: "Intercom", Term: "messenger"}
	p.DoNotTrack, p.SessionCount, p.SessionStartedAt = people.No, 7, 1717020974
	p.CustomAttributes = search.Attributes{
		"paid_subscriber": search.BoolValue(true), "monthly_spend": search.FloatValue(155.5),
		"team_mates": search.IntValue(9), "plan": search.TextValue("pro"),
	}
	return p
}

// indented is JSON with a line for each member, in its own order.
func indented(t *testing.T, document []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, document, "", "  "); err != nil {
		t.Fatalf("%v: %s", err, document)
	}
	out.WriteByte('\n')
	return out.Bytes()
}

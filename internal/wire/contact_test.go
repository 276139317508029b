package wire_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/wire"
)

// A golden stands where a shape begins: contact_full_2.12.json is how contacts look from 2.12 until the next of them.
func TestContactsFollowTheReference(t *testing.T) {
	t.Parallel()
	var files []string
	for _, c := range []struct {
		name   string
		person *people.Person
	}{{"contact_empty", unknown(people.Lead)}, {"contact_full", known(people.User)}} {
		var before []byte
		for _, version := range apiversion.All() {
			now := indented(t, wire.NewContact(c.person, version).AppendJSON(nil))
			if !bytes.Equal(now, before) {
				files = append(files, c.name+"_"+version.String()+".json")
				testkit.Golden(t, files[len(files)-1], now)
			}
			before = now
		}
	}
	there, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range there {
		if name := file.Name(); strings.HasPrefix(name, "contact_") && !slices.Contains(files, name) {
			t.Errorf("no shape begins with testdata/%s", name)
		}
	}
}

func TestAPhoneNumberIsShownAsSentAndFormatted(t *testing.T) {
	t.Parallel()
	for phone, want := range map[string]string{
		"+353 (1) 234-5678": `"phone":"+353 (1) 234-5678","formatted_phone":"+35312345678"`,
		"555-555-5555":      `"phone":"555-555-5555","formatted_phone":null`,
		"":                  `"phone":null,"formatted_phone":null`,
	} {
		p := unknown(people.Lead)
		p.Phone = phone
		if strings.HasPrefix(phone, "+") { // as a store would have it
			p.FormattedPhone = "+35312345678"
		}
		if got := string(wire.NewContact(p, apiversion.Preview).AppendJSON(nil)); !strings.Contains(got, want) {
			t.Errorf("%q is shown in %s", phone, got)
		}
	}
}

func TestEncodingLeavesThePersonAsItWas(t *testing.T) {
	t.Parallel()
	p := known(people.User)
	before := wire.NewContact(p, apiversion.Preview).AppendJSON(nil)
	wire.NewContact(p, apiversion.V2_0).AppendJSON(nil)
	if after := wire.NewContact(p, apiversion.Preview).AppendJSON(nil); !bytes.Equal(before, after) {
		t.Errorf("a contact of an old version changed those of new ones:\n%s\n%s", before, after)
	}
}

package wire_test

import (
	"bytes"
	"slices"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/wire"
)

// stateShapes are the versions in which what answers a deed got another shape.
var stateShapes = []apiversion.Version{apiversion.V2_0, apiversion.V2_10}

func TestContactStatesFollowTheReference(t *testing.T) {
	t.Parallel()
	for name, deed := range map[string]struct {
		person *people.Person
		flag   string
		on     bool
	}{
		"state_deleted": {known(people.User), "deleted", true}, "state_archived": {known(people.User), "archived", true},
		"state_unarchived": {unknown(people.Lead), "archived", false},
	} {
		var before []byte
		for _, version := range apiversion.All() {
			now := indented(t, wire.NewContactState(deed.person, deed.flag, deed.on, version).AppendJSON(nil))
			if begins := !bytes.Equal(now, before); begins != slices.Contains(stateShapes, version) {
				t.Errorf("%s begins a shape at %v: %v", name, version, begins)
			} else if begins {
				testkit.Golden(t, name+"_"+version.String()+".json", now)
			}
			before = now
		}
	}
	blocked := indented(t, wire.NewContactState(known(people.User), "blocked", true, apiversion.V2_13).AppendJSON(nil))
	testkit.Golden(t, "state_blocked.json", blocked)
}

func TestAPageOfContactsSaysWhichItIs(t *testing.T) {
	t.Parallel()
	lead := unknown(people.Lead)
	one := string(wire.NewContact(lead, apiversion.V2_0).AppendJSON(nil))
	for want, page := range map[string]people.ContactPage{
		`{"type":"list","data":[],"total_count":0,"pages":{"type":"pages","page":1,"per_page":2,"total_pages":0}}`: {},
		`{"type":"list","data":[` + one + `],"total_count":1,"pages":{"type":"pages","page":1,"per_page":2,"total_pages":1}}`: {
			Contacts: []*people.Person{lead}, Total: 1,
		},
		`{"type":"list","data":[` + one + `,` + one + `],"total_count":5,"pages":{"type":"pages","page":2,"per_page":2,"total_pages":3,` +
			`"next":{"page":3,"per_page":2,"starting_after":"` + lead.ID + `"}}}`: {
			Contacts: []*people.Person{lead, lead}, Total: 5, Newer: 2,
		},
		`{"type":"list","data":[` + one + `],"total_count":5,"pages":{"type":"pages","page":3,"per_page":2,"total_pages":3}}`: {
			Contacts: []*people.Person{lead}, Total: 5, Newer: 4,
		},
	} {
		if got := string(wire.ContactList{Page: &page, PerPage: 2, Version: apiversion.V2_0}.AppendJSON(nil)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAPictureIsAURLOrAnObjectWithOne(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]jsonio.Opt[string]{
		`{}`: {}, `{"p":{}}`: {}, `{"p":[]}`: {}, `{"p":null}`: jsonio.Null[string](), `{"p":"u"}`: jsonio.Some("u"),
		`{"p":{"image_url":"u"}}`: jsonio.Some("u"), `{"p":{"type":"avatar","image_url":null}}`: jsonio.Null[string](),
	} {
		in, err := jsonio.Read([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := in.Picture("p"); got != want || in.Err() != nil {
			t.Errorf("%s is read as %v, %v, want %v", body, got, in.Err(), want)
		}
	}
	for body, refused := range map[string]string{
		`{"p":7}`: "p must be a string", `{"p":[1]}`: "p must be a string", `{"p":{"image_url":7}}`: "p.image_url must be a string",
	} {
		in, err := jsonio.Read([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if in.Picture("p"); in.Err() == nil || in.Err().Error() != refused {
			t.Errorf("%s is refused with %v, want %s", body, in.Err(), refused)
		}
	}
}

package wire_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/wire"
)

// What each version shows of a contact otherwise than the one before; an empty value is a member that is gone.
var changed = map[apiversion.Version]map[string]string{
	apiversion.V2_12:   {"enabled_push_messaging": "true"},
	apiversion.V2_16:   {"owner_id": `"5169261"`},
	apiversion.Preview: {"formatted_phone": `"+35312345678"`},
}

func TestEachVersionChangesWhatItsReferenceSays(t *testing.T) {
	t.Parallel()
	contact := func(v apiversion.Version) map[string]json.RawMessage {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(wire.NewContact(known(people.User), v).AppendJSON(nil), &members); err != nil {
			t.Fatal(err)
		}
		return members
	}
	before := contact(apiversion.V2_0)
	for _, version := range apiversion.All()[1:] {
		now, got := contact(version), map[string]string{}
		for _, name := range slices.Concat(slices.Collect(maps.Keys(now)), slices.Collect(maps.Keys(before))) {
			if string(now[name]) != string(before[name]) {
				got[name] = string(now[name])
			}
		}
		if want := changed[version]; !maps.Equal(got, want) {
			t.Errorf("%v changes %v, want %v", version, got, want)
		}
		before = now
	}
}

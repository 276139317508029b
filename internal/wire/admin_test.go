package wire_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/testkit"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

var (
	ciaran = &workspace.Admin{
		Workspace: "hfi1bx4l", ID: 991266214, Name: `Ciaran "<Lee>" & Söhne`, Email: "ciaran@example.com", TeamIDs: []int64{2, 991266633},
		Away: workspace.Away{On: true, Reassign: true, ReasonID: 12345}, CreatedAt: 1717020620,
	}
	foyer = &workspace.Workspace{ID: "hfi1bx4l", Name: "Foyer", Timezone: "Europe/Dublin", CreatedAt: 1717020620}
)

// As with contacts, a golden stands where a shape begins.
func TestAdminsAndTeamsFollowTheReference(t *testing.T) {
	t.Parallel()
	sales := &workspace.Team{Workspace: "hfi1bx4l", ID: 991266633, Name: "Sales", AdminIDs: []int64{1, 991266214}, CreatedAt: 1717020620}
	var files []string
	for _, c := range []struct {
		name  string
		shape func(apiversion.Version) []byte
	}{
		{"admin_new", func(v apiversion.Version) []byte {
			return wire.NewAdmin(&workspace.Admin{ID: 1, Name: "Lobby"}, v).AppendJSON(nil)
		}},
		{"admin_away", func(v apiversion.Version) []byte { return wire.NewAdmin(ciaran, v).AppendJSON(nil) }},
		{"admin_me", func(v apiversion.Version) []byte { return wire.NewMe(ciaran, foyer, v).AppendJSON(nil) }},
		{"admin_team", func(v apiversion.Version) []byte { return wire.NewTeam(sales, v).AppendJSON(nil) }},
	} {
		var before []byte
		for _, version := range apiversion.All() {
			now := indented(t, c.shape(version))
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
		if name := file.Name(); strings.HasPrefix(name, "admin_") && !slices.Contains(files, name) {
			t.Errorf("no shape begins with testdata/%s", name)
		}
	}
}

func TestAListOfAdminsShowsPicturesWhenItIsTold(t *testing.T) {
	t.Parallel()
	one := string(wire.NewAdmin(ciaran, apiversion.V2_7).AppendJSON(nil))
	for want, list := range map[string]wire.AdminList{
		`{"type":"admin.list","admins":[]}`:                        {Version: apiversion.V2_7},
		`{"type":"admin.list","admins":[` + one + `,` + one + `]}`: {Admins: []*workspace.Admin{ciaran, ciaran}, Version: apiversion.V2_7},
		`{"type":"admin.list","admins":[` + strings.TrimSuffix(one, "}") + `,"avatar":{"type":"avatar","image_url":null}}]}`: {
			Admins: []*workspace.Admin{ciaran}, Version: apiversion.V2_7, Avatars: true,
		},
	} {
		if got := string(list.AppendJSON(nil)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAWorkspaceWithoutATimeZoneIsInUTC(t *testing.T) {
	t.Parallel()
	me := string(wire.NewMe(ciaran, &workspace.Workspace{}, apiversion.V2_7).AppendJSON(nil))
	if !strings.Contains(me, `"timezone":"UTC"`) {
		t.Errorf("there is no UTC in %s", me)
	}
}

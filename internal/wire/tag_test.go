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
	"lobby/internal/workspace"
)

// vip is a tag as an admin applied it, and beta one that nobody knows who applied.
var (
	vip = &people.AppliedTag{
		Tag: people.Tag{Workspace: "hfi1bx4l", ID: 34, Name: `VIP "<1>" & more`, CreatedAt: 1717020900}, AppliedAt: 1717020901, AdminID: 456,
	}
	beta = &people.AppliedTag{Tag: people.Tag{Workspace: "hfi1bx4l", ID: 35, Name: "Beta"}, AppliedAt: 1717020902}
)

// noted is a note about a person.
func noted(about *people.Person) *people.Note {
	return &people.Note{
		Workspace: "hfi1bx4l", ID: 8, PersonID: about.ID, AdminID: ciaran.ID, Body: "<p>Hello &amp; <b>bye</b></p>", CreatedAt: 1717020704,
		Person: about, Author: ciaran,
	}
}

// As with contacts, a golden stands where a shape begins.
func TestTagsAndNotesFollowTheReference(t *testing.T) {
	t.Parallel()
	result := &people.TaggingResult{Tag: &vip.Tag, Users: []people.Tagged{{ID: "6657a9246abd0160d35d1f68", On: true}, {ID: "6657a9276abd0160d35d1f75"}}}
	result.Companies = []people.Tagged{{ID: "6657a8016abd0160d35d1e55", On: true}}
	pages := wire.NumberedPages{Page: workspace.Page{Number: 1, Size: 2}, Total: 3, Next: "https://lobby.example/contacts/1/notes?page=2&per_page=2"}
	var files []string
	for _, c := range []struct {
		name  string
		shape func(apiversion.Version) []byte
	}{
		{"tag", func(apiversion.Version) []byte { return wire.Tag{Tag: &vip.Tag}.AppendJSON(nil) }},
		{"tag_applied", func(apiversion.Version) []byte { return wire.AppliedTag{AppliedTag: vip}.AppendJSON(nil) }},
		{"tag_list", func(apiversion.Version) []byte { return wire.TagList{&vip.Tag, &beta.Tag}.AppendJSON(nil) }},
		{"tag_list_applied", func(apiversion.Version) []byte { return wire.AppliedTagList{vip, beta}.AppendJSON(nil) }},
		{"tag_order", func(v apiversion.Version) []byte { return wire.NewTagging(result, v).AppendJSON(nil) }},
		{"note_contact", func(v apiversion.Version) []byte { return wire.NewNote(noted(unknown(people.User)), v).AppendJSON(nil) }},
		{"note_visitor", func(v apiversion.Version) []byte {
			return wire.NewNote(noted(unknown(people.Visitor)), v).AppendJSON(nil)
		}},
		{"note_list", func(v apiversion.Version) []byte {
			n := noted(unknown(people.Lead))
			return wire.NoteList{Notes: []*people.Note{n, n}, Pages: pages, Version: v}.AppendJSON(nil)
		}},
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
		name := file.Name()
		if (strings.HasPrefix(name, "tag_") || strings.HasPrefix(name, "note_")) && !slices.Contains(files, name) {
			t.Errorf("no shape begins with testdata/%s", name)
		}
	}
}

func TestListsOfNoneAreLists(t *testing.T) {
	t.Parallel()
	for want, list := range map[string]interface{ AppendJSON([]byte) []byte }{
		`{"type":"list","data":[]}`: wire.TagList(nil),
		`{"type":"list","data":[],"total_count":0,"pages":{"type":"pages","next":null,"page":7,"per_page":50,"total_pages":0}}`: wire.NoteList{
			Pages: wire.NumberedPages{Page: workspace.Page{Number: 7, Size: 50}},
		},
	} {
		if got := string(list.AppendJSON(nil)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAVisitorShowsTheTagsThatItCarries(t *testing.T) {
	t.Parallel()
	p := unknown(people.Visitor)
	p.Associations = &people.Associations{VisitorTags: []*people.AppliedTag{vip, beta}}
	got := string(wire.Visitor{Person: p}.AppendJSON(nil))
	want := `"tags":{"type":"tag.list","tags":[{"type":"tag","id":"34","name":"VIP \"<1>\" & more"},{"type":"tag","id":"35","name":"Beta"}]}`
	if !strings.Contains(got, want) {
		t.Errorf("there is no %s in %s", want, got)
	}
}

package api_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"lobby/internal/apiversion"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// The ways in which documents and texts name the versions that there are.
var (
	range2      = regexp.MustCompile(`\b2\.0 (?:up )?(?:to|until|through|–|-) (2\.\d+)`)
	unlessGiven = regexp.MustCompile(`\b(2\.\d+) unless `)
)

// mustSay are the documents that have to say which versions there are, and which one is the default.
var mustSay = map[string]*regexp.Regexp{"README.md": range2, "docs/settings.md": range2}

func TestDocumentsNameTheVersionsThatThereAre(t *testing.T) {
	t.Parallel()
	const root = "../.."
	var files []string
	for _, pattern := range []string{"*.md", "docs/*.md", "internal/reference/*.go", "internal/config/*.go", "internal/people/*.go", "cmd/lobby/*.go"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %d files", pattern, err, len(found))
		}
		files = append(files, found...)
	}
	said := map[string]bool{}
	for _, file := range files {
		name, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		if name == "CHANGELOG.md" {
			continue // it says what was true at its time
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for pattern, want := range map[*regexp.Regexp]string{range2: newest.String(), unlessGiven: apiversion.Default.String()} {
			for _, found := range pattern.FindAllSubmatch(text, -1) {
				said[name] = said[name] || pattern == mustSay[name]
				if string(found[1]) != want {
					t.Errorf("%s says %q, but the version is %s", name, found[0], want)
				}
			}
		}
	}
	for name := range mustSay {
		if !said[name] {
			t.Errorf("%s does not say which versions there are", name)
		}
	}
}

func TestAVersionThatIsNotServedIsNamedAsSuch(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for refused, versions := range map[string][]string{
		"intercom_version_invalid: The requested version could not be found": {
			"2.99", "3.0", "1.5", "0", "2", "2.", "2.07", "v2.7", "2.7.0", "preview", "UNSTABLE", "latest", "2.7, 2.7", "2,7", "'2.7'", "é",
		},
		notInVersion: {"1.0", "1.1", "1.2", "1.3", "1.4"},
	} {
		for _, version := range versions {
			r := s.Do(t, "GET", "/visitors?id=none", nil, "Intercom-Version: "+version)
			if r.Status != 400 || r.Refusal() != refused {
				t.Errorf("%q: %d %s, want %q", version, r.Status, r.Text, refused)
			}
		}
	}
}

func TestWithoutAVersionTheWorkspacesOwnCounts(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for own, want := range map[string]struct{ push, phone bool }{
		"": {}, "2.0": {}, "2.11": {}, "2.12": {push: true}, "2.16": {push: true}, "Preview": {true, true}, "Unstable": {true, true}, "nonsense": {},
	} {
		ws := s.NewWorkspace(t)
		_, err := s.Lobby.ChangeWorkspace(t.Context(), workspace.Caller{Workspace: ws.Workspace}, func(w *workspace.Workspace) error {
			w.APIVersion = own
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		id := ws.Do(t, "POST", "/lobby/v1/visitors", `{}`).Get("id").(string)
		ws.Do(t, "POST", "/visitors/convert", `{"type":"lead","visitor":{"id":"`+id+`"}}`)
		for _, header := range []string{"X-None: x", "Intercom-Version:   "} {
			contact := ws.Do(t, "GET", "/contacts/"+id, nil, header).JSON.(map[string]any)
			_, push := contact["enabled_push_messaging"]
			_, phone := contact["formatted_phone"]
			if push != want.push || phone != want.phone {
				t.Errorf("a workspace of %q answers %v", own, contact)
			}
		}
		named := ws.Do(t, "GET", "/contacts/"+id, nil, "Intercom-Version: Unstable").JSON.(map[string]any)
		if _, is := named["formatted_phone"]; !is {
			t.Errorf("a workspace of %q does not answer in the version that a request names: %v", own, named)
		}
	}
}

package wire_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
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

// versionFile is what the source of a version's changes says.
type versionFile struct {
	lists []string // the variables that hold changes
	in    []string // the versions that the changes name
}

// readVersionFiles returns all files that hold changes, and the variables that NewChanges gets.
func readVersionFiles(t *testing.T) (files map[string]versionFile, registered []string) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]versionFile{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		var found versionFile
		ast.Inspect(source, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, value := range n.Values {
					if list, is := value.(*ast.CompositeLit); is && isChanges(list.Type) {
						found.lists = append(found.lists, n.Names[i].Name)
					}
				}
			case *ast.KeyValueExpr:
				key, is := n.Key.(*ast.Ident)
				if version, names := n.Value.(*ast.SelectorExpr); is && names && key.Name == "In" {
					found.in = append(found.in, version.Sel.Name)
				}
			case *ast.CallExpr:
				if f, is := n.Fun.(*ast.SelectorExpr); is && f.Sel.Name == "NewChanges" {
					for _, list := range n.Args {
						if list, is := list.(*ast.Ident); is {
							registered = append(registered, list.Name)
						}
					}
				}
			}
			return true
		})
		stem := strings.TrimSuffix(name, ".go")
		if found.lists != nil || strings.HasPrefix(stem, "v2") || stem == "preview" {
			files[stem] = found
		}
	}
	return files, registered
}

// isChanges reports whether a type is []apiversion.Change.
func isChanges(e ast.Expr) bool {
	list, is := e.(*ast.ArrayType)
	if !is {
		return false
	}
	of, is := list.Elt.(*ast.SelectorExpr)
	return is && of.Sel.Name == "Change"
}

func TestTheChangesOfEveryFileAreRegistered(t *testing.T) {
	t.Parallel()
	files, registered := readVersionFiles(t)
	if len(files) < 6 {
		t.Fatalf("only %d files have changes", len(files))
	}
	for stem, file := range files {
		version := "V" + strings.TrimPrefix(stem, "v")
		name := strings.ReplaceAll(strings.TrimPrefix(version, "V"), "_", ".")
		if stem == "preview" {
			version, name = "Preview", "Preview"
		}
		if _, err := apiversion.Parse(name); err != nil {
			t.Errorf("%s.go is named after no version: %v", stem, err)
		}
		if !slices.Equal(file.lists, []string{stem}) {
			t.Errorf("%s.go has the lists of changes %v, want one called %s", stem, file.lists, stem)
		}
		for _, in := range file.in {
			if in != version {
				t.Errorf("%s.go has a change in %s, want %s", stem, in, version)
			}
		}
		for _, list := range file.lists {
			if !slices.Contains(registered, list) {
				t.Errorf("%s.go is not registered: version.go does not hand %s to NewChanges", stem, list)
			}
		}
	}
}

package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const recipes = "## How to add …"

var (
	quoted      = regexp.MustCompile("`([^`]+)`")
	placeholder = regexp.MustCompile(`<[a-z]+>`)
	qualified   = regexp.MustCompile(`^([a-z]+)\.([A-Za-z]\w*)$`)
)

// staleRecipes says which paths and names in the recipes of CONTRIBUTING.md the tree does not have. Every quoted word of a
// table there must be one of the two.
func staleRecipes(root fs.FS) (wrong []string) {
	text, err := fs.ReadFile(root, "CONTRIBUTING.md")
	if err != nil {
		return []string{err.Error()}
	}
	_, section, _ := strings.Cut(string(text), recipes)
	section, _, _ = strings.Cut(section, "\n## ")
	rows := 0
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		rows++
		for _, found := range quoted.FindAllStringSubmatch(line, -1) {
			if !hasPath(root, found[1]) && !declares(root, found[1]) {
				wrong = append(wrong, "CONTRIBUTING.md names "+found[1]+", which is not there")
			}
		}
	}
	if rows < 8 {
		wrong = append(wrong, "CONTRIBUTING.md has no table of recipes")
	}
	return wrong
}

// hasPath reports whether a path exists, from the top or from internal. What is left open in it stands for anything.
func hasPath(root fs.FS, name string) bool {
	if !strings.Contains(name, "/") && path.Ext(name) != ".md" {
		return false
	}
	pattern := placeholder.ReplaceAllString(name, "*")
	return slices.ContainsFunc([]string{pattern, path.Join("internal", pattern)}, func(pattern string) bool {
		found, err := fs.Glob(root, pattern)
		return err == nil && len(found) > 0
	})
}

// declares reports whether a name like people.Person is declared by the product files of that package.
func declares(root fs.FS, name string) bool {
	parts := qualified.FindStringSubmatch(name)
	if parts == nil {
		return false
	}
	files, err := fs.Glob(root, "internal/"+parts[1]+"/*.go")
	if err != nil {
		return false
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := fs.ReadFile(root, file)
		if err != nil || strings.HasSuffix(file, "_test.go") {
			return false
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, 0)
		return err == nil && slices.ContainsFunc(parsed.Decls, func(d ast.Decl) bool { return slices.Contains(namesOf(d), parts[2]) })
	})
}

// namesOf returns what a declaration declares.
func namesOf(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

func TestTheRecipesNameWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, wrong := range staleRecipes(os.DirFS("../..")) {
		t.Error(wrong)
	}
}

func TestWhereAChangeGoesNamesWhatIsThere(t *testing.T) {
	t.Parallel()
	const decision = "docs/decisions/0010-where-a-change-goes.md"
	text, err := os.ReadFile("../../" + decision)
	if err != nil {
		t.Fatal(err)
	}
	paths := 0
	for line := range strings.Lines(string(text)) {
		for _, found := range quoted.FindAllStringSubmatch(line, -1) {
			if !strings.HasPrefix(line, "| ") || !strings.Contains(found[1], "/") {
				continue
			}
			if paths++; !hasPath(os.DirFS("../.."), found[1]) {
				t.Errorf("%s names %s, which is not there", decision, found[1])
			}
		}
	}
	if paths < 20 {
		t.Errorf("%s names %d paths", decision, paths)
	}
}

func TestAStaleRecipeIsNoticed(t *testing.T) {
	t.Parallel()
	const rest = "| a | b |\n| c | d |\n| e | f |\n| g | h |\n| i | j |\n| k | l |\n| m | n |\n"
	for row, want := range map[string]string{
		"| x | `api/<noun>.go`, `wire/v2_<minor>.go`, `README.md`, `people.Person`, `people.limit`, `people.New` |": "",
		"| x | `api/<noun>.sql` |":    "CONTRIBUTING.md names api/<noun>.sql, which is not there",
		"| x | `wire/tag.go` |":       "CONTRIBUTING.md names wire/tag.go, which is not there",
		"| x | `MISSING.md` |":        "CONTRIBUTING.md names MISSING.md, which is not there",
		"| x | `people.Visitor` |":    "CONTRIBUTING.md names people.Visitor, which is not there",
		"| x | `people.Test` |":       "CONTRIBUTING.md names people.Test, which is not there",
		"| x | `people.Lobby.Read` |": "CONTRIBUTING.md names people.Lobby.Read, which is not there",
		"| x | `attachments` |":       "CONTRIBUTING.md names attachments, which is not there",
	} {
		text := recipes + "\n\n" + row + "\n" + rest + "\n## Next\n\n| x | `later` |\n"
		got := staleRecipes(fstest.MapFS{
			"CONTRIBUTING.md":                {Data: []byte(text)},
			"README.md":                      {},
			"internal/api/tag.go":            {Data: []byte("package api\n")},
			"internal/wire/v2_8.go":          {Data: []byte("package wire\n")},
			"internal/people/person.go":      {Data: []byte("package people\n\ntype Person struct{}\n\nconst limit = 1\n\nfunc New() {}\n\nfunc (Person) Read() {}\n")},
			"internal/people/person_test.go": {Data: []byte("package people\n\nfunc Test() {}\n")},
		})
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: %q, want %q", row, got, want)
		}
	}
	if got := staleRecipes(fstest.MapFS{"CONTRIBUTING.md": {Data: []byte("# Nothing\n")}}); len(got) != 1 {
		t.Errorf("without a table: %q", got)
	}
}

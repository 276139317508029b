package arch

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// ours begins every import path of this module.
const ours = "lobby/"

// tree is what the rules look at: the source tree, with slashes and relative to its root.
type tree struct {
	files      []file
	migrations map[string][]string // dialect → names of its files, sorted
	required   []string            // modules that go.mod requires directly
	picture    string              // ARCHITECTURE.md
}

// file is one Go file.
type file struct {
	path, folder string
	name         string // of the package clause
	comment      string // on the package; empty if there is none
	imports      []string
	interfaces   []*ast.TypeSpec // that the file declares at top level
	lines        int
	test         bool
	generated    bool
}

const migrations = "internal/sqlstore/migrations"

// read takes in the Go files, the migrations and go.mod. It passes over hidden folders, test data and what npm installed.
func read(root fs.FS) (tree, error) {
	read := tree{migrations: map[string][]string{}}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() {
			if name != "." && (base[0] == '.' || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		switch dialect, up := path.Base(path.Dir(name)), path.Dir(path.Dir(name)); {
		case path.Ext(name) == ".go":
			file, err := readFile(root, name)
			read.files = append(read.files, file)
			return err
		case up == migrations:
			read.migrations[dialect] = append(read.migrations[dialect], base)
		case name == "go.mod":
			read.required, err = readRequired(root, name)
		case name == "ARCHITECTURE.md":
			var text []byte
			text, err = fs.ReadFile(root, name)
			read.picture = string(text)
		}
		return err
	})
	return read, err
}

func readFile(root fs.FS, name string) (file, error) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return file{}, err
	}
	mode := parser.ImportsOnly | parser.ParseComments
	if bytes.Contains(text, []byte(" interface {")) {
		mode = parser.ParseComments | parser.SkipObjectResolution
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), name, text, mode)
	if err != nil {
		return file{}, err
	}
	f := file{
		path:      name,
		folder:    path.Dir(name),
		name:      parsed.Name.Name,
		comment:   parsed.Doc.Text(),
		lines:     bytes.Count(text, []byte("\n")),
		test:      strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(parsed),
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return file{}, err
		}
		f.imports = append(f.imports, imported)
	}
	for _, d := range parsed.Decls {
		of, is := d.(*ast.GenDecl)
		if !is || of.Tok != token.TYPE {
			continue
		}
		for _, spec := range of.Specs {
			if spec := spec.(*ast.TypeSpec); isInterface(spec) {
				f.interfaces = append(f.interfaces, spec)
			}
		}
	}
	return f, nil
}

func isInterface(spec *ast.TypeSpec) bool {
	_, is := spec.Type.(*ast.InterfaceType)
	return is
}

// readRequired returns the modules in go.mod that are not marked indirect.
func readRequired(root fs.FS, name string) ([]string, error) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	var modules []string
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(strings.TrimPrefix(line, "require "))
		if len(fields) == 2 && strings.HasPrefix(fields[1], "v") {
			modules = append(modules, fields[0])
		}
	}
	return modules, nil
}

// product returns the files that end up in the binary.
func (t tree) product() []file {
	return slices.DeleteFunc(slices.Clone(t.files), func(f file) bool {
		return f.test || isForTests(f.folder) || strings.HasPrefix(f.folder, "test/")
	})
}

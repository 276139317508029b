package arch

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// maxPackageLines is how long a package may be before it should be two.
const maxPackageLines = 6000

// maxStoreLines is the same for internal/sqlstore, which has the rows of every domain: one file a noun, none of which calls
// another. Two stores over one transaction would not be shorter. See docs/decisions/0019-the-rows-of-all-domains.md.
const maxStoreLines = 10_000

// packagesStayShort counts the packages of tests too, but no test files.
func packagesStayShort(t tree) (wrong []string) {
	lines := map[string]int{}
	for _, f := range t.files {
		if !f.test && !f.generated {
			lines[f.folder] += f.lines
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(lines)) {
		limit := maxPackageLines
		if folder == "internal/sqlstore" {
			limit = maxStoreLines
		}
		if lines[folder] > limit {
			wrong = append(wrong, fmt.Sprintf("%s has %d lines", folder, lines[folder]))
		}
	}
	return wrong
}

// storeNames are what the interfaces to a database are called in every package of the domain.
var storeNames = []string{"Store", "Reader", "Writer"}

// maxStoreMethods is how many methods a store may have before its package should be two.
const maxStoreMethods = 85

func storesStayNarrow(t tree) (wrong []string) {
	declared := map[string]declaration{} // by folder and name
	for _, f := range t.product() {
		for _, spec := range f.interfaces {
			declared[path.Join(f.folder, spec.Name.Name)] = declaration{f, spec.Type.(*ast.InterfaceType)}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if !slices.Contains(storeNames, path.Base(name)) {
			continue
		}
		methods := map[string]bool{}
		collectMethods(declared, name, methods)
		if len(methods) > maxStoreMethods {
			wrong = append(wrong, fmt.Sprintf("%s has %d methods", name, len(methods)))
		}
	}
	return wrong
}

// declaration is an interface, with the file whose imports its embedded names speak of.
type declaration struct {
	in file
	*ast.InterfaceType
}

// collectMethods adds the methods of an interface, and of those that it embeds as far as they are ours.
func collectMethods(declared map[string]declaration, name string, methods map[string]bool) {
	d, known := declared[name]
	if !known {
		return
	}
	for _, field := range d.Methods.List {
		for _, method := range field.Names {
			methods[method.Name] = true
		}
		switch embedded := field.Type.(type) {
		case *ast.Ident:
			collectMethods(declared, path.Join(d.in.folder, embedded.Name), methods)
		case *ast.SelectorExpr:
			from, _ := embedded.X.(*ast.Ident)
			for _, imported := range d.in.imports {
				if folder, own := strings.CutPrefix(imported, ours); own && path.Base(folder) == from.Name {
					collectMethods(declared, path.Join(folder, embedded.Sel.Name), methods)
				}
			}
		}
	}
}

func importsStayFew(t tree) []string {
	packages, edges := 0, 0
	for folder, of := range t.imports() {
		if slices.Contains(rows[strings.TrimPrefix(folder, ours)], anything) {
			continue // the wiring joins everything, and nothing imports it but the wiring
		}
		packages++
		edges += len(of)
	}
	if edges <= 3*packages {
		return nil
	}
	each := strconv.FormatFloat(float64(edges)/float64(packages), 'f', 2, 64)
	return []string{fmt.Sprintf("%d packages have %d imports of ours, %s each", packages, edges, each)}
}

// imports returns what each package of the product imports of ours, sorted.
func (t tree) imports() map[string][]string {
	imports := map[string][]string{}
	for _, f := range t.product() {
		of := imports[ours+f.folder]
		for _, imported := range f.imports {
			if strings.HasPrefix(imported, ours) && !slices.Contains(of, imported) {
				of = append(of, imported)
			}
		}
		slices.Sort(of)
		imports[ours+f.folder] = of
	}
	return imports
}

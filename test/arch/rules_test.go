package arch

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// rule is one thing the tree promises. check returns what is wrong, one sentence each.
type rule struct {
	says  string
	check func(tree) []string
}

var rules = []rule{
	{"a package imports only what its row allows", importsKeepToTheirRow},
	{"the domain and the shapes stay away from the outside world", innerPackagesStayPure},
	{"only test files import testkit and storetest", testPackagesStayInTests},
	{"black-box tests import nothing of ours", blackBoxTestsStayOutside},
	{"the longest chain of imports is six packages", chainsStayShort},
	{"third-party modules are those listed, where they are listed", modulesAreListed},
	{"names say what a package is about", namesSaySomething},
	{"every package has a comment", packagesAreExplained},
	{"migrations come in pairs, numbered without a gap", migrationsComeInPairs},
	{"no file is longer than 800 lines", filesStayShort},
	{"no package is longer than 6,000 lines", packagesStayShort},
	{"no store of the domain has more than 85 methods", storesStayNarrow},
	{"a package imports at most three of ours on average", importsStayFew},
	{"the picture in ARCHITECTURE.md equals the imports", pictureIsTrue},
}

// rows has what each package may import of ours. Imports point down, level by level, never between the fronts, and never between people
// and inbox. A row may be there before its package.
var rows = map[string][]string{
	// Level 1 imports nothing of ours.
	"internal/workspace":   {},
	"internal/search":      {},
	"internal/sqlengine":   {},
	"internal/apiversion":  {},
	"internal/cache":       {},
	"internal/ticker":      {},
	"internal/tally":       {},
	"internal/touch":       {},
	"internal/census":      {},
	"internal/invariant":   {},
	"internal/rowcache":    {},
	"internal/enrich":      {},
	"internal/metrics":     {},
	"internal/proxy":       {},
	"internal/remnant":     {},
	"internal/spelling":    {},
	"internal/chart":       {},
	"internal/provenance":  {},
	"internal/spreadsheet": {},
	"web":                  {},
	// Level 2.
	"internal/account":     {"internal/workspace"},
	"internal/people":      {"internal/workspace", "internal/search", "internal/provenance"},
	"internal/jsonio":      {"internal/search", "internal/spelling"},
	"internal/config":      {"internal/spelling"},
	"internal/inbox":       {"internal/workspace", "internal/search", "internal/ticker"},
	"internal/personindex": {"internal/search"},
	"internal/searchsql":   {"internal/search", "internal/workspace"},
	"internal/display":     {"internal/workspace", "internal/search"},
	"internal/erasure":     {"internal/sqlengine", "internal/workspace"},
	"internal/datafolder":  {"internal/sqlengine"},
	"internal/live":        {"internal/workspace"},
	"internal/traffic":     {"internal/workspace"},
	"internal/webhook":     {"internal/workspace", "internal/apiversion", "internal/ticker"},
	"internal/reference":   {"internal/workspace", "internal/apiversion"},
	"internal/httpserver":  {"internal/metrics", "internal/proxy"},
	// Level 3.
	"internal/visit":     {"internal/people", "internal/workspace", "internal/search"},
	"internal/duplicate": {"internal/people", "internal/workspace"},
	"internal/roster":    {"internal/display", "internal/people", "internal/workspace", "internal/search"},
	"internal/sheet":     {"internal/display", "internal/account", "internal/people", "internal/inbox", "internal/workspace", "internal/search"},
	"internal/profile":   {"internal/people", "internal/inbox", "internal/traffic", "internal/workspace"},
	"internal/wire":      {"internal/people", "internal/inbox", "internal/traffic", "internal/webhook", "internal/workspace", "internal/search", "internal/jsonio", "internal/apiversion"},
	"internal/apidoc":    {"internal/reference", "internal/jsonio", "internal/apiversion"},
	"internal/sqlstore": {
		"internal/people", "internal/inbox", "internal/webhook", "internal/account", "internal/workspace", "internal/search", "internal/jsonio",
		"internal/personindex", "internal/searchsql", "internal/sqlengine", "internal/traffic", "internal/erasure", "internal/datafolder",
		"internal/touch", "internal/census", "internal/invariant", "internal/rowcache",
	},
	// Level 4: the fronts, and what leaves.
	"internal/api": {
		"internal/wire", "internal/apidoc", "internal/jsonio", "internal/apiversion", "internal/profile", "internal/duplicate", "internal/people", "internal/inbox",
		"internal/webhook", "internal/workspace", "internal/search", "internal/cache", "internal/tally", "internal/proxy", "internal/live",
		"internal/spelling",
	},
	"internal/messenger": {
		"internal/visit", "internal/people", "internal/inbox", "internal/workspace", "internal/search", "internal/cache", "internal/tally",
		"internal/enrich", "internal/proxy", "internal/live", "internal/traffic", "web",
	},
	"internal/admin": {
		"internal/account", "internal/profile", "internal/roster", "internal/duplicate", "internal/people", "internal/inbox", "internal/webhook", "internal/workspace", "internal/search",
		"internal/proxy", "internal/live", "internal/traffic", "internal/sheet", "internal/display", "internal/chart", "internal/spreadsheet", "web",
	},
	"internal/deliver":     {"internal/wire", "internal/apiversion", "internal/people", "internal/inbox", "internal/webhook", "internal/workspace", "internal/ticker"},
	"internal/mail":        {"internal/wire", "internal/inbox", "internal/workspace", "internal/ticker"},
	"internal/intercom":    {"internal/sqlstore", "internal/people", "internal/inbox", "internal/workspace", "internal/wire", "internal/jsonio"},
	"internal/transfer":    {"internal/sqlstore", "internal/sqlengine", "internal/people", "internal/workspace", "internal/search", "internal/jsonio"},
	"internal/standin":     {"internal/wire", "internal/jsonio", "internal/workspace"},
	"internal/conformance": {"internal/reference", "internal/apiversion"},
	// Level 5: the wiring, shared by the program and the tests.
	"internal/app": {anything},
	"lobbytest":    {anything},
	"cmd/lobby":    {anything},
}

const anything = "*"

// forTests may import what they need, as may the packages below them, and only test files may import any of these.
var forTests = []string{"internal/testkit", "internal/people/storetest", "internal/inbox/storetest"}

func isForTests(folder string) bool {
	return slices.ContainsFunc(forTests, func(parent string) bool { return within(folder, parent) })
}

func importsKeepToTheirRow(t tree) (wrong []string) {
	unknown := map[string]bool{}
	for _, f := range t.product() {
		row, known := rows[f.folder]
		if !known && !unknown[f.folder] {
			unknown[f.folder] = true
			wrong = append(wrong, f.folder+" has no row")
		}
		for _, imported := range f.imports {
			folder, own := strings.CutPrefix(imported, ours)
			if known && own && !slices.Contains(row, folder) && !slices.Contains(row, anything) {
				wrong = append(wrong, f.path+" imports "+imported)
			}
		}
	}
	return wrong
}

// outside has the standard packages that would let I/O, or one encoding, into the inner packages.
var outside = map[string][]string{
	"internal/people": {"net/http", "database/sql", "encoding/json"},
	"internal/apidoc": {"net", "database/sql", "os", "os/exec", "syscall", "log", "log/slog"},
	"internal/wire":   {"net", "net/http", "database/sql", "os", "os/exec", "syscall", "log", "log/slog"},
}

// alone may import the standard library only, and the tables of Unicode that belong to it.
var alone = []string{"internal/people", "internal/inbox", "internal/visit", "internal/workspace", "internal/search", "internal/apiversion"}

func innerPackagesStayPure(t tree) (wrong []string) {
	for _, f := range t.product() {
		for _, imported := range f.imports {
			if slices.Contains(outside[f.folder], imported) || slices.Contains(alone, f.folder) && thirdParty(imported) && !isUnicode(imported) {
				wrong = append(wrong, f.path+" imports "+imported)
			}
		}
	}
	return wrong
}

// isUnicode reports whether a package has nothing but tables of Unicode, kept by the Go project.
func isUnicode(imported string) bool {
	return strings.HasPrefix(imported, "golang.org/x/text/unicode/") || imported == "golang.org/x/net/idna"
}

func testPackagesStayInTests(t tree) (wrong []string) {
	for _, f := range t.product() {
		for _, imported := range f.imports {
			if isForTests(strings.TrimPrefix(imported, ours)) {
				wrong = append(wrong, f.path+" imports "+imported)
			}
		}
	}
	return wrong
}

func blackBoxTestsStayOutside(t tree) (wrong []string) {
	for _, f := range t.files {
		for _, imported := range f.imports {
			if strings.HasPrefix(f.folder, "test/") && strings.HasPrefix(imported, ours) {
				wrong = append(wrong, f.path+" imports "+imported)
			}
		}
	}
	return wrong
}

func chainsStayShort(t tree) []string {
	imports := t.imports()
	chains := map[string][]string{} // package → the longest chain that begins with it
	var longest func(from string) []string
	longest = func(from string) []string {
		if chain, known := chains[from]; known {
			return chain
		}
		var below []string
		for _, imported := range imports[from] {
			if chain := longest(imported); len(chain) > len(below) {
				below = chain
			}
		}
		chains[from] = append([]string{from}, below...)
		return chains[from]
	}
	var worst []string
	for _, from := range slices.Sorted(maps.Keys(imports)) {
		if chain := longest(from); len(chain) > len(worst) {
			worst = chain
		}
	}
	if len(worst) <= 6 {
		return nil
	}
	return []string{fmt.Sprintf("%d packages: %s", len(worst), strings.Join(worst, " → "))}
}

// productModules are all that the binary may depend on directly, with the files that may name them; without any, every file may.
var productModules = map[string][]string{
	"github.com/go-chi/chi/v5":                {"internal/api/router.go"},
	"zombiezen.com/go/sqlite":                 {"internal/sqlengine/sqlite*.go"},
	"modernc.org/sqlite":                      {"internal/sqlengine/sqlite*.go"},
	"github.com/jackc/pgx/v5":                 {"internal/sqlengine/postgres*.go"},
	"github.com/prometheus/client_golang":     {"internal/metrics/*.go"},
	"github.com/mileusna/useragent":           {"internal/enrich/*.go"},
	"github.com/dunglas/httpsfv":              {"internal/enrich/hints.go"},
	"github.com/microcosm-cc/bluemonday":      {"internal/wire/html.go"},
	"golang.org/x/crypto":                     {"internal/httpserver/acme.go", "internal/account/password.go"},
	"golang.org/x/net":                        {"internal/wire/html_scan.go", "internal/workspace/email.go", "internal/mail/letter.go"},
	"github.com/wneessen/go-mail":             {"internal/mail/*.go"},
	"github.com/golang-jwt/jwt/v5":            {"internal/messenger/*.go"},
	"github.com/nyaruka/phonenumbers":         {"internal/enrich/phone.go"},
	"github.com/oschwald/maxminddb-golang/v2": {"internal/enrich/*.go"},
	"github.com/go-json-experiment/json":      {"internal/jsonio/*.go", "internal/apidoc/*.go"},
	"github.com/hashicorp/golang-lru/v2":      nil,
	"github.com/klauspost/compress":           {"internal/transfer/*.go"},
	"golang.org/x/time":                       nil,
	"golang.org/x/text":                       nil,
}

// testModules are what tests may use besides.
var testModules = []string{
	"github.com/anishathalye/porcupine",
	"github.com/emersion/go-smtp",
	"github.com/emersion/go-sasl",
	"github.com/getkin/kin-openapi",
	"github.com/google/go-cmp",
	"github.com/maxmind/mmdbwriter",
	"github.com/pocketbase/dbx",
	"github.com/pocketbase/pocketbase",
	"github.com/rogpeppe/go-internal",
	"pgregory.net/rapid",
}

func modulesAreListed(t tree) (wrong []string) {
	product := map[string]bool{}
	for _, f := range t.product() {
		product[f.path] = true
	}
	for _, f := range t.files {
		for _, imported := range f.imports {
			if !thirdParty(imported) {
				continue
			}
			module := moduleOf(imported)
			places, known := productModules[module]
			fits := slices.ContainsFunc(places, func(place string) bool {
				matches, _ := path.Match(place, f.path)
				return matches
			})
			switch {
			case module == "":
				wrong = append(wrong, f.path+" imports "+imported+", which is no listed module")
			case !product[f.path]:
			case !known:
				wrong = append(wrong, f.path+" imports "+imported+", which is for tests")
			case len(places) > 0 && !fits:
				wrong = append(wrong, f.path+" imports "+imported+", which belongs in "+strings.Join(places, " and "))
			}
		}
	}
	for _, module := range t.required {
		if moduleOf(module) != module {
			wrong = append(wrong, "go.mod requires "+module+", which is no listed module")
		}
	}
	return wrong
}

// moduleOf returns the listed module that has the package, or nothing.
func moduleOf(imported string) string {
	for _, module := range slices.Concat(slices.Collect(maps.Keys(productModules)), testModules) {
		if within(imported, module) {
			return module
		}
	}
	return ""
}

// emptyNames could hold anything, and in the end do.
var emptyNames = []string{"util", "common", "helpers", "base", "types", "models", "misc"}

func namesSaySomething(t tree) (wrong []string) {
	for _, f := range t.files {
		for _, name := range []string{path.Base(f.folder), strings.TrimSuffix(f.name, "_test")} {
			complaint := f.folder + " is called " + name
			if slices.Contains(emptyNames, name) && !slices.Contains(wrong, complaint) {
				wrong = append(wrong, complaint)
			}
		}
	}
	return wrong
}

func packagesAreExplained(t tree) (wrong []string) {
	explained, tested := map[string]bool{}, map[string]bool{}
	for _, f := range t.files {
		if !f.test {
			tested[f.folder] = false
		} else if _, seen := tested[f.folder]; !seen {
			tested[f.folder] = true
		}
	}
	for _, f := range t.files {
		if f.comment == "" || f.test && !tested[f.folder] {
			continue
		}
		explained[f.folder] = true
		if begin := "Package " + f.name + " "; f.name != "main" && !strings.HasPrefix(f.comment, begin) {
			wrong = append(wrong, fmt.Sprintf("%s: the package comment does not begin with %q", f.path, begin))
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(tested)) {
		if !explained[folder] {
			wrong = append(wrong, folder+" has no package comment")
		}
	}
	return wrong
}

func migrationsComeInPairs(t tree) (wrong []string) {
	names := slices.Concat(t.migrations["sqlite"], t.migrations["postgres"])
	slices.Sort(names)
	for i, name := range slices.Compact(names) {
		for _, dialect := range []string{"sqlite", "postgres"} {
			if !slices.Contains(t.migrations[dialect], name) {
				wrong = append(wrong, path.Join(migrations, dialect, name)+" is missing")
			}
		}
		if number := fmt.Sprintf("%04d", i+1); !strings.HasPrefix(name, number+"_") {
			wrong = append(wrong, path.Join(migrations, "sqlite", name)+" should be number "+number)
		}
	}
	return wrong
}

func filesStayShort(t tree) (wrong []string) {
	for _, f := range t.files {
		if f.lines > 800 && !f.generated {
			wrong = append(wrong, fmt.Sprintf("%s has %d lines", f.path, f.lines))
		}
	}
	return wrong
}

// within reports whether a package is the parent or lies below it.
func within(imported, parent string) bool {
	return imported == parent || strings.HasPrefix(imported, parent+"/")
}

func thirdParty(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return strings.Contains(first, ".")
}

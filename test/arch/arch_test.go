// Package arch states the architecture as tests: who may import whom, what may be depended on, what things are called.
// go test runs it over the source tree, and on trees with planted violations to prove that each rule still bites.
// It reads files only and must not import, build or run what it judges.
package arch

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestTheSourceTreeKeepsEveryRule(t *testing.T) {
	t.Parallel()
	source, err := read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range rules {
		t.Run(rule.says, func(t *testing.T) {
			t.Parallel()
			for _, complaint := range rule.check(source) {
				t.Error(complaint)
			}
		})
	}
}

// violation is a tree that breaks one rule, and what that rule must say about it.
type violation struct {
	rule, complaint string
	files           map[string]string
}

var planted = []violation{
	{
		rule:      "a package imports only what its row allows",
		complaint: "internal/api/visitor.go imports lobby/internal/sqlstore",
		files:     map[string]string{"internal/api/visitor.go": source("api", "lobby/internal/sqlstore", "lobby/internal/people")},
	},
	{
		rule:      "a package imports only what its row allows",
		complaint: "internal/postbox has no row",
		files:     map[string]string{"internal/postbox/letter.go": source("postbox")},
	},
	{
		rule:      "a package imports only what its row allows",
		complaint: "internal/live/stream.go imports lobby/cmd/lobby",
		files:     map[string]string{"internal/live/stream.go": source("live", "lobby/cmd/lobby")},
	},
	{
		rule:      "the domain and the shapes stay away from the outside world",
		complaint: "internal/people/person.go imports encoding/json",
		files:     map[string]string{"internal/people/person.go": source("people", "encoding/json", "strings")},
	},
	{
		rule:      "the domain and the shapes stay away from the outside world",
		complaint: "internal/people/person.go imports github.com/jackc/pgx/v5",
		files:     map[string]string{"internal/people/person.go": source("people", "github.com/jackc/pgx/v5")},
	},
	{
		rule:      "the domain and the shapes stay away from the outside world",
		complaint: "internal/wire/visitor.go imports os/exec",
		files:     map[string]string{"internal/wire/visitor.go": source("wire", "os/exec", "io", "net/url")},
	},
	{
		rule:      "only test files import testkit and storetest",
		complaint: "cmd/lobby/main.go imports lobby/internal/testkit",
		files: map[string]string{
			"cmd/lobby/main.go":                      source("main", "lobby/internal/testkit"),
			"cmd/lobby/main_test.go":                 source("main", "lobby/internal/testkit"),
			"internal/people/storetest/storetest.go": source("storetest", "lobby/internal/testkit"),
		},
	},
	{
		rule:      "only test files import testkit and storetest",
		complaint: "cmd/lobby/main.go imports lobby/internal/people/storetest/nouns",
		files: map[string]string{
			"cmd/lobby/main.go":                      source("main", "lobby/internal/people/storetest/nouns"),
			"internal/people/storetest/storetest.go": source("storetest", "lobby/internal/people/storetest/nouns"),
			"internal/people/storetest/nouns/tag.go": source("nouns", "lobby/internal/testkit"),
		},
	},
	{
		rule:      "black-box tests import nothing of ours",
		complaint: "test/scripts/scripts_test.go imports lobby/internal/config",
		files:     map[string]string{"test/scripts/scripts_test.go": source("scripts", "lobby/internal/config")},
	},
	{
		rule:      "the longest chain of imports is six packages",
		complaint: "7 packages: lobby/cmd/lobby → lobby/internal/a → lobby/internal/b → lobby/internal/c → lobby/internal/d → lobby/internal/e → lobby/internal/f",
		files: map[string]string{
			"cmd/lobby/main.go": source("main", "lobby/internal/a"),
			"internal/a/a.go":   source("a", "lobby/internal/b", "lobby/internal/e"),
			"internal/b/b.go":   source("b", "lobby/internal/c"),
			"internal/c/c.go":   source("c", "lobby/internal/d"),
			"internal/d/d.go":   source("d", "lobby/internal/e"),
			"internal/e/e.go":   source("e", "lobby/internal/f"),
			"internal/f/f.go":   source("f"),
		},
	},
	{
		rule:      "third-party modules are those listed, where they are listed",
		complaint: "internal/api/visitor.go imports github.com/pkg/errors, which is no listed module",
		files:     map[string]string{"internal/api/visitor.go": source("api", "github.com/pkg/errors")},
	},
	{
		rule:      "third-party modules are those listed, where they are listed",
		complaint: "internal/api/visitor.go imports pgregory.net/rapid, which is for tests",
		files:     map[string]string{"internal/api/visitor.go": source("api", "pgregory.net/rapid")},
	},
	{
		rule:      "third-party modules are those listed, where they are listed",
		complaint: "internal/sqlstore/visitor.go imports zombiezen.com/go/sqlite/sqlitex, which belongs in internal/sqlengine/sqlite*.go",
		files: map[string]string{
			"internal/sqlstore/visitor.go":     source("sqlstore", "zombiezen.com/go/sqlite/sqlitex"),
			"internal/sqlengine/sqlite_row.go": source("sqlengine", "zombiezen.com/go/sqlite/sqlitex"),
			"internal/testkit/postgres.go":     source("testkit", "github.com/jackc/pgx/v5"),
		},
	},
	{
		rule:      "third-party modules are those listed, where they are listed",
		complaint: "internal/api/visitor.go imports github.com/go-chi/chi/v5, which belongs in internal/api/router.go",
		files:     map[string]string{"internal/api/visitor.go": source("api", "github.com/go-chi/chi/v5")},
	},
	{
		rule:      "third-party modules are those listed, where they are listed",
		complaint: "internal/sqlstore/json.go imports github.com/go-json-experiment/json/jsontext, which belongs in internal/jsonio/*.go and internal/apidoc/*.go",
		files: map[string]string{
			"internal/sqlstore/json.go":  source("sqlstore", "github.com/go-json-experiment/json/jsontext"),
			"internal/apidoc/tree.go":    source("apidoc", "github.com/go-json-experiment/json/jsontext"),
			"internal/jsonio/object.go":  source("jsonio", "github.com/go-json-experiment/json/jsontext"),
			"internal/wire/page_test.go": source("wire", "github.com/go-json-experiment/json/jsontext"),
		},
	},
	{
		rule:      "third-party modules are those listed, where they are listed",
		complaint: "go.mod requires github.com/pkg/errors, which is no listed module",
		files:     map[string]string{"go.mod": "module lobby\n\nrequire (\n\tgithub.com/pkg/errors v0.9.1\n\texample.com/x v1.0.0 // indirect\n)\n"},
	},
	{
		rule:      "names say what a package is about",
		complaint: "internal/util is called util",
		files:     map[string]string{"internal/util/text.go": source("util")},
	},
	{
		rule:      "names say what a package is about",
		complaint: "internal/text is called helpers",
		files:     map[string]string{"internal/text/text.go": source("helpers")},
	},
	{
		rule:      "every package has a comment",
		complaint: "internal/live has no package comment",
		files: map[string]string{
			"internal/live/stream.go":      "package live\n",
			"internal/live/stream_test.go": source("live"),
		},
	},
	{
		rule:      "every package has a comment",
		complaint: `internal/live/stream.go: the package comment does not begin with "Package live "`,
		files:     map[string]string{"internal/live/stream.go": "// This package streams.\npackage live\n"},
	},
	{
		rule:      "migrations come in pairs, numbered without a gap",
		complaint: "internal/sqlstore/migrations/postgres/0002_tag.sql is missing",
		files: map[string]string{
			"internal/sqlstore/migrations/sqlite/0001_start.sql":   "",
			"internal/sqlstore/migrations/sqlite/0002_tag.sql":     "",
			"internal/sqlstore/migrations/postgres/0001_start.sql": "",
		},
	},
	{
		rule:      "migrations come in pairs, numbered without a gap",
		complaint: "internal/sqlstore/migrations/sqlite/0003_tag.sql should be number 0002",
		files: map[string]string{
			"internal/sqlstore/migrations/sqlite/0001_start.sql":   "",
			"internal/sqlstore/migrations/sqlite/0003_tag.sql":     "",
			"internal/sqlstore/migrations/postgres/0001_start.sql": "",
			"internal/sqlstore/migrations/postgres/0003_tag.sql":   "",
		},
	},
	{
		rule:      "no file is longer than 800 lines",
		complaint: "internal/live/stream.go has 802 lines",
		files: map[string]string{
			"internal/live/stream.go": source("live") + strings.Repeat("\n", 800),
			"internal/live/table.go":  "// Code generated by hand. DO NOT EDIT.\n\n" + source("live") + strings.Repeat("\n", 900),
		},
	},
	{
		rule:      "no package is longer than 6,000 lines",
		complaint: "internal/people has 6004 lines",
		files: map[string]string{
			"internal/people/person.go":     source("people") + strings.Repeat("\n", 3000),
			"internal/people/tag.go":        source("people") + strings.Repeat("\n", 3000),
			"internal/search/value.go":      source("search") + strings.Repeat("\n", 3000),
			"internal/search/value_test.go": source("search") + strings.Repeat("\n", 3000),
		},
	},
	{
		rule:      "no package is longer than 6,000 lines",
		complaint: "internal/people/storetest has 6004 lines",
		files: map[string]string{
			"internal/people/storetest/person.go":    source("storetest") + strings.Repeat("\n", 3000),
			"internal/people/storetest/tag.go":       source("storetest") + strings.Repeat("\n", 3000),
			"internal/people/storetest/nouns/tag.go": source("nouns") + strings.Repeat("\n", 3000),
		},
	},
	{
		rule:      "no store of the domain has more than 85 methods",
		complaint: "internal/people/Writer has 86 methods",
		files: map[string]string{
			"internal/people/store.go": source("people") + "import \"lobby/internal/workspace\"\n" +
				"type Reader interface {\n" + methods("Find", 40) + "}\ntype Writer interface {\n\tReader\n\tworkspace.Emitter\n\tTagWriter\n}\n",
			"internal/people/tag.go": source("people") + "type TagWriter interface {\n\tReader\n" + methods("Tag", 30) + "}\n",
			"internal/workspace/outbox.go": source("workspace") + "type Emitter interface {\n" + methods("Emit", 16) + "}\n" +
				"type Everything interface {\n" + methods("Any", 90) + "}\n",
		},
	},
	{
		rule:      "a package imports at most three of ours on average",
		complaint: "8 packages have 25 imports of ours, 3.12 each",
		files: map[string]string{
			"internal/a/a.go": source("a"),
			"internal/b/b.go": source("b", "lobby/internal/a"),
			"internal/c/c.go": source("c", "lobby/internal/a", "lobby/internal/b"),
			"internal/d/d.go": source("d", "lobby/internal/a", "lobby/internal/b", "lobby/internal/c", "strings"),
			"internal/e/e.go": source("e", "lobby/internal/a", "lobby/internal/b", "lobby/internal/c", "lobby/internal/d"),
			"internal/f/f.go": source("f", "lobby/internal/a", "lobby/internal/b", "lobby/internal/c", "lobby/internal/d", "lobby/internal/e"),
			"internal/f/g.go": source("f", "lobby/internal/a", "lobby/internal/b", "lobby/internal/c", "lobby/internal/d", "lobby/internal/e"),
			"internal/g/g.go": source("g", "lobby/internal/a", "lobby/internal/b", "lobby/internal/c", "lobby/internal/d", "lobby/internal/e"),
			"internal/h/h.go": source("h", "lobby/internal/a", "lobby/internal/b", "lobby/internal/c", "lobby/internal/d", "lobby/internal/e"),
		},
	},
	{
		rule:      picture,
		complaint: "ARCHITECTURE.md lacks the line 3  wire       → jsonio search",
		files:     drawn("2  jsonio     → search\n1  search\n", "wire jsonio search"),
	},
	{
		rule:      picture,
		complaint: "ARCHITECTURE.md has the line 2  people     → search",
		files:     drawn("3  wire       → jsonio search\n2  jsonio     → search\n2  people     → search\n1  search\n", "wire jsonio search"),
	},
	{
		rule:      picture,
		complaint: "ARCHITECTURE.md has the lines in another order",
		files:     drawn("1  search\n2  jsonio     → search\n3  wire       → jsonio search\n", "wire jsonio search"),
	},
	{
		rule:      picture,
		complaint: "ARCHITECTURE.md has no list of imports",
		files:     map[string]string{"internal/search/value.go": source("search"), "ARCHITECTURE.md": "# Nothing\n"},
	},
	{
		rule:      picture,
		complaint: "the picture does not show search",
		files:     drawn("3  wire       → jsonio search\n2  jsonio     → search\n1  search\n", "wire jsonio research"),
	},
}

const picture = "the picture in ARCHITECTURE.md equals the imports"

// drawn is a tree of three packages with a list of their imports and a picture.
func drawn(list, picture string) map[string]string {
	return map[string]string{
		"ARCHITECTURE.md":             drawing + picture + "\n" + fence + list + "```\n",
		"internal/search/value.go":    source("search"),
		"internal/jsonio/object.go":   source("jsonio", "lobby/internal/search", "strings"),
		"internal/wire/person.go":     source("wire", "lobby/internal/search"),
		"internal/wire/tag.go":        source("wire", "lobby/internal/search", "lobby/internal/jsonio"),
		"internal/wire/wire_test.go":  source("wire", "lobby/internal/api"),
		"internal/testkit/testkit.go": source("testkit", "lobby/internal/wire"),
	}
}

// methods returns so many methods of an interface.
func methods(name string, n int) (text string) {
	for i := range n {
		text += fmt.Sprintf("\t%s%d()\n", name, i)
	}
	return text
}

// source returns a Go file of two lines and its imports.
func source(name string, imports ...string) string {
	text := "// Package " + name + " is planted.\npackage " + name + "\n"
	for _, path := range imports {
		text += "import _ \"" + path + "\"\n"
	}
	return text
}

func TestEachRuleNoticesAPlantedViolation(t *testing.T) {
	t.Parallel()
	for _, plant := range planted {
		t.Run(plant.complaint, func(t *testing.T) {
			t.Parallel()
			files := fstest.MapFS{}
			for path, text := range plant.files {
				files[path] = &fstest.MapFile{Data: []byte(text)}
			}
			tree, err := read(files)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(rules, func(r rule) bool { return r.says == plant.rule })
			if i < 0 {
				t.Fatalf("there is no rule %q", plant.rule)
			}
			if got := rules[i].check(tree); !slices.Equal(got, []string{plant.complaint}) {
				t.Errorf("the rule says %q, want %q alone", got, plant.complaint)
			}
		})
	}
	for _, rule := range rules {
		if !slices.ContainsFunc(planted, func(v violation) bool { return v.rule == rule.says }) {
			t.Errorf("nothing is planted for the rule %q", rule.says)
		}
	}
}

package arch

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// fence begins the list in ARCHITECTURE.md that equals the imports, and drawing the picture above it.
const (
	fence   = "```imports\n"
	drawing = "## The picture\n"
)

func pictureIsTrue(t tree) (wrong []string) {
	_, rest, found := strings.Cut(t.picture, fence)
	listed, _, ends := strings.Cut(rest, "```\n")
	if !found || !ends {
		return []string{"ARCHITECTURE.md has no list of imports"}
	}
	want := importList(t.imports())
	for _, line := range missing(want, listed) {
		wrong = append(wrong, "ARCHITECTURE.md lacks the line "+line)
	}
	for _, line := range missing(listed, want) {
		wrong = append(wrong, "ARCHITECTURE.md has the line "+line)
	}
	if len(wrong) == 0 && listed != want {
		wrong = append(wrong, "ARCHITECTURE.md has the lines in another order")
	}
	if len(wrong) > 0 && len(t.imports()) > 10 {
		wrong = append(wrong, "the list should be:\n"+want)
	}
	_, drawn, _ := strings.Cut(t.picture, drawing)
	drawn, _, _ = strings.Cut(drawn, fence)
	for _, folder := range slices.Sorted(maps.Keys(t.imports())) {
		if name := shortName(folder); !regexp.MustCompile(`(^|[^\w/])` + name + `($|\W)`).MatchString(drawn) {
			wrong = append(wrong, "the picture does not show "+name)
		}
	}
	return wrong
}

// missing returns the lines of one text that another does not have.
func missing(from, in string) (lines []string) {
	has := strings.Split(in, "\n")
	for line := range strings.Lines(from) {
		if line = strings.TrimSuffix(line, "\n"); !slices.Contains(has, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// importList writes the packages by level, the highest first: a package is one level above the highest that it imports.
// Those of the first level share a line.
func importList(imports map[string][]string) string {
	levels := map[int][]string{}
	for of := range imports {
		n := level(imports, of)
		levels[n] = append(levels[n], of)
	}
	var list strings.Builder
	for _, n := range slices.Backward(slices.Sorted(maps.Keys(levels))) {
		slices.Sort(levels[n])
		if n == 1 {
			fmt.Fprintln(&list, "1 ", shortNames(levels[n]))
			continue
		}
		for _, of := range levels[n] {
			fmt.Fprintf(&list, "%d  %-10s → %s\n", n, shortName(of), shortNames(imports[of]))
		}
	}
	return list.String()
}

func level(imports map[string][]string, of string) int {
	highest := 0
	for _, imported := range imports[of] {
		highest = max(highest, level(imports, imported))
	}
	return highest + 1
}

func shortName(folder string) string {
	return strings.TrimPrefix(strings.TrimPrefix(folder, ours), "internal/")
}

func shortNames(folders []string) string {
	names := make([]string, len(folders))
	for i, folder := range folders {
		names[i] = shortName(folder)
	}
	return strings.Join(names, " ")
}

package apiversion_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"lobby/internal/apiversion"
)

func TestParseReadsEveryNameAClientMaySend(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		header string
		want   apiversion.Version
		err    error
	}{
		{"2.0", apiversion.V2_0, nil},
		{"2.1", apiversion.V2_1, nil},
		{"2.7", apiversion.V2_7, nil},
		{"2.9", apiversion.V2_9, nil},
		{"2.10", apiversion.V2_10, nil},
		{"2.11", apiversion.V2_11, nil},
		{"2.16", apiversion.V2_16, nil},
		{"Preview", apiversion.Preview, nil},
		{"Unstable", apiversion.Preview, nil},
		{"  2.14 \t", apiversion.V2_14, nil},

		{"", 0, apiversion.ErrMissing},
		{" \t ", 0, apiversion.ErrMissing},

		{"1.0", 0, apiversion.ErrRetired},
		{" 1.4", 0, apiversion.ErrRetired},

		{"1.5", 0, apiversion.ErrUnknown},
		{"2", 0, apiversion.ErrUnknown},
		{"2.", 0, apiversion.ErrUnknown},
		{"2.00", 0, apiversion.ErrUnknown},
		{"2.07", 0, apiversion.ErrUnknown},
		{"2.99", 0, apiversion.ErrUnknown},
		{"2.7.0", 0, apiversion.ErrUnknown},
		{"2.7, 2.8", 0, apiversion.ErrUnknown},
		{"v2.7", 0, apiversion.ErrUnknown},
		{"preview", 0, apiversion.ErrUnknown},
		{"UNSTABLE", 0, apiversion.ErrUnknown},
		{"2.7\n", 0, apiversion.ErrUnknown},
		{"２.７", 0, apiversion.ErrUnknown},
		{"Version(0)", 0, apiversion.ErrUnknown},
	} {
		got, err := apiversion.Parse(c.header)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("Parse(%q) = %v, %v; want %v, %v", c.header, got, err, c.want, c.err)
		}
	}
}

func TestEveryVersionIsReadBackFromItsOwnName(t *testing.T) {
	t.Parallel()
	for _, v := range apiversion.All() {
		if got, err := apiversion.Parse(v.String()); got != v || err != nil {
			t.Errorf("Parse(%q) = %v, %v", v, got, err)
		}
	}
}

func TestAllRunsFromTheOldestVersionToPreview(t *testing.T) {
	t.Parallel()
	all := apiversion.All()
	if len(all) != int(apiversion.Preview) || all[0] != apiversion.V2_0 || all[len(all)-1] != apiversion.Preview || !slices.IsSorted(all) {
		t.Errorf("All() = %v, want all from 2.0 to Preview in order", all)
	}
}

func TestEachConstantIsNamedAsItsVersion(t *testing.T) {
	t.Parallel()
	source, err := parser.ParseFile(token.NewFileSet(), "version.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var constants []string
	ast.Inspect(source, func(n ast.Node) bool {
		if spec, is := n.(*ast.ValueSpec); is && (strings.HasPrefix(spec.Names[0].Name, "V2_") || spec.Names[0].Name == "Preview") {
			constants = append(constants, spec.Names[0].Name)
		}
		return true
	})
	var want []string
	for _, v := range apiversion.All() {
		name := v.String()
		if minor, numbered := strings.CutPrefix(name, "2."); numbered {
			name = "V2_" + minor
		}
		want = append(want, name)
	}
	if !slices.Equal(constants, want) {
		t.Errorf("version.go declares %v\nand serves           %v", constants, want)
	}
}

func TestVersionsCompareByAgeNotByName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v, w apiversion.Version
		want bool
	}{
		{apiversion.V2_10, apiversion.V2_9, true},
		{apiversion.V2_9, apiversion.V2_10, false},
		{apiversion.V2_7, apiversion.V2_7, true},
		{apiversion.Preview, apiversion.V2_16, true},
		{apiversion.V2_16, apiversion.Preview, false},
		{0, apiversion.V2_0, false},
	} {
		if got := c.v.AtLeast(c.w); got != c.want {
			t.Errorf("%v.AtLeast(%v) = %v", c.v, c.w, got)
		}
	}
}

func TestAValueThatIsNoVersionSaysSo(t *testing.T) {
	t.Parallel()
	for v, want := range map[apiversion.Version]string{0: "Version(0)", -1: "Version(-1)", apiversion.Preview + 1: fmt.Sprintf("Version(%d)", int(apiversion.Preview)+1)} {
		if got := v.String(); got != want {
			t.Errorf("String() = %q, want %q", got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, header := range []string{"", "2.7", " 2.16\t", "Preview", "Unstable", "1.3", "2.07", "2.7, 2.8"} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		v, err := apiversion.Parse(header)
		if err != nil {
			if v != 0 {
				t.Fatalf("Parse(%q) failed and still returned %v", header, v)
			}
			return
		}
		name := strings.Trim(header, " \t")
		if name != v.String() && name != "Unstable" {
			t.Fatalf("Parse(%q) took it for %v", header, v)
		}
	})
}

// Not parallel: allocations are counted for the whole process.
func TestParseDoesNotAllocate(t *testing.T) {
	for _, header := range []string{"2.0", " 2.16 ", "Preview", "Unstable"} {
		if n := testing.AllocsPerRun(100, func() { apiversion.Parse(header) }); n != 0 {
			t.Errorf("Parse(%q) allocates %v times", header, n)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for _, header := range []string{"2.0", "2.7", "2.16", "Unstable"} {
		b.Run(header, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				apiversion.Parse(header)
			}
		})
	}
}

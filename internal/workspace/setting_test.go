package workspace

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// reference is the table of all settings as docs/settings.md shows it.
func reference() string {
	var b strings.Builder
	b.WriteString("| setting | default | values | meaning |\n|---|---|---|---|\n")
	for _, s := range Settings {
		otherwise := "`" + s.Default + "`"
		if s.Default == "" {
			otherwise = "–"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.Name, otherwise, s.Values, s.Meaning)
	}
	return b.String()
}

func TestTheDocumentedSettingsAreTheSettings(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), reference()) {
		t.Errorf("docs/settings.md does not have this table:\n%s", reference())
	}
}

func TestASettingIsKeptOnlyWhereItDiffersFromItsDefault(t *testing.T) {
	t.Parallel()
	ws := &Workspace{}
	for _, s := range Settings {
		if err := s.Set(ws, s.Default); err != nil {
			t.Errorf("%s refuses its own default %q: %v", s.Name, s.Default, err)
		}
		if got := s.Of(ws); got != s.Default {
			t.Errorf("%s is %q after it was set to its default %q", s.Name, got, s.Default)
		}
	}
	if len(ws.Settings) > 0 {
		t.Errorf("defaults are kept: %v", ws.Settings)
	}
	before := ws.Settings
	if err := CookieMode.Set(ws, "never"); err != nil || CookieMode.Of(ws) != "never" || len(before) != 0 {
		t.Errorf("%v, %q, and in the map before %v", err, CookieMode.Of(ws), before)
	}
	if err := CookieMode.Set(ws, ""); err != nil || CookieMode.Of(ws) != "always" {
		t.Errorf("an empty value is %q, %v", CookieMode.Of(ws), err)
	}
}

func TestAListHasOneForm(t *testing.T) {
	t.Parallel()
	ws := &Workspace{}
	if err := Origins.Set(ws, " b.example.com,, a.example.com ,b.example.com"); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(Origins.List(ws), " "); got != "a.example.com b.example.com" {
		t.Errorf("the list is %q", got)
	}
	if err := Origins.Set(ws, ""); err != nil || Origins.List(ws) != nil {
		t.Errorf("emptied, it is %q, %v", Origins.List(ws), err)
	}
}

package main

import (
	"runtime/debug"
	"testing"
)

func TestTheVersionIsTrueHoweverLobbyWasBuilt(t *testing.T) {
	t.Parallel()
	built := func(version string) *debug.BuildInfo { return &debug.BuildInfo{Main: debug.Module{Version: version}} }
	for name, c := range map[string]struct {
		release string
		info    *debug.BuildInfo
		want    string
	}{
		"make release":                {"v0.2.0", built("(devel)"), "v0.2.0"},
		"make release, changed files": {"v0.2.0-dirty", built("v0.2.0+dirty"), "v0.2.0-dirty"},
		"go install at a version":     {"", built("v0.2.0"), "v0.2.0"},
		"go build at a tag":           {"", built("v0.2.0"), "v0.2.0"},
		"go build after it":           {"", built("v0.2.1-0.20261128101112-ee91cf7abcde"), "v0.2.1-0.20261128101112-ee91cf7abcde"},
		"go build, changed files":     {"", built("v0.2.0+dirty"), "v0.2.0+dirty"},
		"go run":                      {"", built("(devel)"), "devel"},
		"without Git":                 {"", built(""), "devel"},
		"without modules":             {"", nil, "devel"},
	} {
		if got := versionOf(c.release, c.info); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

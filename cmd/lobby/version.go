package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"

	"lobby/internal/config"
)

const versionCommand = "version"

// release is the version that make release links into its binaries; empty in all others.
var release string

// version prints which Lobby this is.
func (p *program) version(context.Context) error {
	if slices.ContainsFunc(p.args, isHelp) {
		return config.ErrHelp
	}
	if len(p.args) > 0 {
		return usage("there are more words than this command takes")
	}
	_, err := fmt.Fprintf(p.stdout, "lobby %s %s %s/%s\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// buildVersion is the version of this binary.
func buildVersion() string {
	info, _ := debug.ReadBuildInfo()
	return versionOf(release, info)
}

// versionOf returns the version of a release, or else what the Go tool wrote into the binary: the version of the module
// that go install was asked for, or one that names the commit, with +dirty where files differed from it. It is "devel"
// where the Go tool knew no commit: go run never looks for one, and go build finds none without Git or in a linked worktree.
func versionOf(release string, info *debug.BuildInfo) string {
	switch {
	case release != "":
		return release
	case info == nil || info.Main.Version == "" || info.Main.Version == "(devel)":
		return "devel"
	}
	return info.Main.Version
}

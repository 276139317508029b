package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version prints which Lobby this is.
func (p *program) version(context.Context) error {
	if len(p.args) > 0 {
		return usage("there are more words than this command takes")
	}
	_, err := fmt.Fprintf(p.stdout, "lobby %s %s %s/%s\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// buildVersion is the version that the Go tool wrote into the binary, or "devel".
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}
